//! What the state keeps of a slice's result: the end of what it said, and names and paths
//! whole or not at all.

use super::*;

#[test]
fn a_result_is_kept_by_its_end() {
    let mut scene = Scene::at(P9);
    scene.ok(plan(&["known"]));
    let output = format!("{}the end", "x".repeat(16_000));
    let outcome = SliceOutcome {
        output,
        ..SliceOutcome::failed("🦀".repeat(4_096))
    };
    let report = SliceReport {
        slice_id: "known".to_owned(),
        attempt: 1,
        outcome,
    };
    let effects = scene.ok(Event::FinishSlice(report.clone()));
    let kept = scene
        .state()
        .slices
        .find("known")
        .unwrap()
        .outcome
        .clone()
        .unwrap();
    assert!(kept.output.ends_with("the end") && kept.output.len() <= 1_024);
    assert_eq!(kept.error.unwrap(), "🦀".repeat(256));
    let trail = format!("{:?}", audits(&effects)[0].payload);
    assert!(
        trail.contains(&report.outcome.output),
        "the trail has all of it"
    );
}

/// What is kept of a result of the slice "known".
fn kept(outcome: SliceOutcome) -> SliceOutcome {
    let mut scene = Scene::at(P9);
    scene.ok(plan(&["known"]));
    scene.ok(Event::FinishSlice(SliceReport {
        slice_id: "known".to_owned(),
        attempt: 1,
        outcome,
    }));
    let slice = scene.state().slices.find("known").unwrap();
    slice.outcome.clone().unwrap()
}

#[test]
fn names_and_paths_of_a_result_are_kept_at_the_expense_of_its_output() {
    let said = SliceOutcome {
        code: Some("exit_status".to_owned()),
        log: Some(format!("/{}", "l".repeat(199))),
        worktree: Some(format!("/{}", "w".repeat(199))),
        host: Some("box".to_owned()),
        ..SliceOutcome::succeeded(format!("{}end", "x".repeat(16_000)))
    };
    let whole = kept(said.clone());
    assert!(whole.output.ends_with("xend") && whole.output.len() < 600);
    assert!(whole.output.len() >= 256);
    assert_eq!(
        SliceOutcome {
            output: said.output.clone(),
            ..whole
        },
        said
    );
}

#[test]
fn a_path_that_there_is_no_room_for_is_not_kept_in_part() {
    let said = SliceOutcome {
        code: Some("exit_status".to_owned()),
        log: Some("/".repeat(800)),
        worktree: Some("/w".to_owned()),
        host: Some("box".to_owned()),
        ..SliceOutcome::failed("no".to_owned())
    };
    let expected = SliceOutcome {
        log: None,
        ..said.clone()
    };
    assert_eq!(kept(said), expected);
}
