//! What the story of an epoch has in it, and in which order.

use serde_json::json;

use super::{forgotten, story, text};
use crate::cli::commands::epoch::scene::Scene;
use crate::contract::signal::EpochSignal;

#[test]
fn everything_is_told_in_its_order_with_who_and_why() {
    let mut scene = Scene::new("Fix it");
    scene.advance_through(&["p2", "p3", "p4"]);
    assert!(!scene.advance("p5"));
    assert!(scene.vote("elegance", "REVISE"));
    scene.advance_through(&["p3"]);
    let unknown = json!({ "finding_id": "f", "resolution": "x", "actor": "eve" });
    assert!(!scene.send(EpochSignal::ResolveFinding, &unknown));
    let finding = json!({
        "finding_id": "f", "severity": "MINOR", "summary": "ugly", "reported_by": "bob",
    });
    assert!(scene.send(EpochSignal::RecordFinding, &finding));
    let resolved = json!({ "finding_id": "f", "resolution": "nicer", "resolved_by": "ann" });
    assert!(scene.send(EpochSignal::ResolveFinding, &resolved));

    let state = scene.state();
    let told: Vec<String> = story(&state)
        .into_iter()
        .map(|happened| {
            let minute = happened.at.to_string()[14..16].to_owned();
            format!(
                "{minute} {} | {} | {} | {}",
                happened.kind, happened.what, happened.actor, happened.reason
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "00 epoch_started | epoch fix-login started |  | Fix it",
            "01 phase_transition | p1 → p2 | ann | it is so",
            "02 phase_transition | p2 → p3 | ann | it is so",
            "03 phase_transition | p3 → p4 | ann | it is so",
            "03 review_opened | review p4 round 1 opened |  | ",
            "04 advance_refused | p4 → p5 refused | ann | p4 → p5 was refused: consensus is \
             missing; no vote on correctness, test_quality, elegance",
            "05 vote_recorded | REVISE on elegance in p4 round 1 | bob | so\nso",
            "06 phase_transition | p4 → p3 | ann | it is so",
            "06 review_closed | review p4 round 1 closed |  | revise",
            "07 refused | finding 'f' was not resolved | eve | no finding has that id",
            "08 finding_recorded | MINOR f found | bob | ugly",
            "09 finding_resolved | MINOR f resolved | ann | nicer",
        ]
    );
    assert_eq!(forgotten(&state), None);
    let lines = text(&story(&state));
    assert!(lines.starts_with("AT (UTC)             WHAT"), "{lines}");
    assert!(
        lines.contains("\n2026-01-01T00:05:00  REVISE on elegance"),
        "{lines}"
    );
    assert!(lines.contains(r"so\nso"), "{lines}");
    let first = serde_json::to_value(&story(&state)[0]).unwrap();
    assert_eq!(first["at"], "2026-01-01T00:00:00+00:00");
}

#[test]
fn slices_and_sessions_have_their_part() {
    let mut scene = Scene::new("");
    scene.advance_through(&["p2"]);
    let session = json!({ "epoch_id": "fix-login", "session_id": "s-1", "role": "worker" });
    assert!(scene.send(EpochSignal::RegisterSession, &session));
    let told: Vec<String> = story(&scene.state())
        .into_iter()
        .map(|happened| happened.what)
        .collect();
    assert_eq!(told.last().unwrap(), "session s-1 registered as worker");
}

#[test]
fn what_the_state_has_forgotten_is_said() {
    let mut scene = Scene::new("");
    for _ in 0..120 {
        let unknown = json!({ "finding_id": "f", "resolution": "x" });
        assert!(!scene.send(EpochSignal::ResolveFinding, &unknown));
    }
    let said = forgotten(&scene.state()).expect("20 refusals are gone");
    assert!(
        said.contains("0 tries to move on and 20 refusals"),
        "{said}"
    );
}
