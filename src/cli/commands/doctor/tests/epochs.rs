//! Epochs that cannot go on, and what ended ones have left.

use super::*;
use crate::cli::commands::doctor::epochs;

#[expect(
    clippy::unnecessary_wraps,
    reason = "checks take what was asked for, and perhaps was not answered"
)]
fn open(count: usize, has_more: bool) -> Result<OpenEpochs, Error> {
    let epoch = |n: usize| Open {
        epoch_id: format!("e{n}"),
        task_queue: "aura".to_owned(),
    };
    Ok(OpenEpochs {
        epochs: (0..count).map(epoch).collect(),
        has_more,
    })
}

fn late(id: &str, is_failing: Option<bool>) -> Late {
    Late {
        epoch_id: id.to_owned(),
        attempt: 4,
        is_failing,
    }
}

#[test]
fn an_epoch_goes_on_or_is_wedged_or_was_unlucky() {
    let seen = |looked_at, late: &[Late]| Wedged {
        late: late.to_vec(),
        looked_at,
    };
    let told = |open, seen| epochs::wedged(&here(), &open, Some(&seen));
    check(
        &told(open(2, false), seen(2, &[])),
        Status::Ok,
        "2 epochs open, none wedged",
        None,
    );
    check(
        &told(open(300, false), seen(250, &[])),
        Status::Ok,
        "300 epochs open, none wedged; only 250 of 300 were looked at",
        None,
    );
    let line = told(open(1_000, true), seen(250, &[]));
    assert!(
        line.what
            .ends_with("only 250 of more than 1000 were looked at")
    );
    check(
        &told(
            open(3, false),
            seen(
                3,
                &[
                    late("a b", Some(true)),
                    late("c", None),
                    late("d", Some(false)),
                ],
            ),
        ),
        Status::Fail,
        "2 epochs cannot go on, since their workflow task fails again and again: a b \
         (attempt 4), c (attempt 4)",
        Some(
            "aurad's log tells why, and: temporal workflow show --workflow-id 'a b'\nif they \
             are newer than aurad, start a newer aurad",
        ),
    );
    let line = told(open(1, false), seen(1, &[late("d", Some(false))]));
    assert_eq!(line.status, Status::Warn);
    assert!(line.what.contains("lost with its worker"), "{}", line.what);
    let line = epochs::wedged(&here(), &Err(refused()), None);
    assert_eq!(line.status, Status::Warn);
}

#[test]
fn what_ended_epochs_left_is_named() {
    let left = |n: usize| Left {
        workflow_id: format!("e-slice-{n}"),
        kind: "SliceWorkflow".to_owned(),
        epoch_id: "e".to_owned(),
        epoch_status: "terminated".to_owned(),
    };
    let told = |count: usize, looked_at, has_more| {
        let seen = Ok(Lefts {
            left: (1..=count).map(left).collect(),
            looked_at,
            has_more,
        });
        epochs::left(&here(), &open(1, false), Some(&seen))
    };
    check(
        &told(0, 0, false),
        Status::Ok,
        "no slices or reviews are open",
        None,
    );
    check(
        &told(0, 3, true),
        Status::Ok,
        "3 slices and reviews are open, all of open epochs; there are more than were looked at",
        None,
    );
    check(
        &told(1, 3, false),
        Status::Warn,
        "1 slice or review is still open although its epoch has ended: e-slice-1 (epoch \
         terminated)",
        Some("temporal workflow terminate --workflow-id e-slice-1 --reason 'left behind'"),
    );
    let line = told(7, 7, false);
    assert!(line.what.ends_with("and 2 more"), "{}", line.what);
    assert_eq!(line.detail["left"].as_array().map(Vec::len), Some(7));
    let line = epochs::left(&here(), &open(1, false), Some(&Err(refused())));
    assert_eq!(line.status, Status::Warn);
}
