//! How an epoch is drawn, and told to programs.

use serde_json::{Value, json};

use super::Seen;
use crate::cli::commands::epoch::scene::Scene;
use crate::contract::query::QueryStateResult;
use crate::contract::signal::EpochSignal;

fn seen<'a>(scene: &Scene, state: &'a QueryStateResult) -> Seen<'a> {
    Seen {
        epoch_id: "fix-login",
        state,
        ending: None,
        now: scene.now(),
    }
}

fn json_of(seen: &Seen<'_>) -> Value {
    serde_json::to_value(seen.output()).unwrap()
}

fn drawn(scene: &Scene) -> String {
    let state = scene.state();
    seen(scene, &state).lines().join("\n")
}

#[test]
fn a_new_epoch_is_drawn_with_its_only_step() {
    let scene = Scene::new("Fix the login page.\nIt is slow.");
    assert_eq!(
        drawn(&scene),
        "Epoch:    fix-login\n\
         Request:  Fix the login page. …\n\
         Status:   running, started 0s ago\n\
         Phases:   ▶p1 ·p2 ·p3 ·p4 ·p5 ·p6 ·p7 ·p8 ·p9 ·p10 ·p11 ·p12\n\
         Phase:    p1 Request (user)\n\
         Role:     epoch\n\
         Findings: none\n\
         Slices:   none\n\
         Sessions: none\n\
         Moves:    0 of 0 tries; 0 constraint violations noted\n\
         Next:     epoch: move on, once this is so: classification confirmed, research and \
         explore complete\n  \
         aura-msg phase advance --epoch-id fix-login --to-phase p2 --triggered-by epoch \
         --condition 'classification confirmed, research and explore complete'"
    );
}

#[test]
fn a_review_is_drawn_with_all_that_is_in_it() {
    let mut scene = Scene::new("");
    scene.go_to_code_review();
    let session = json!({
        "epoch_id": "fix-login", "session_id": "s-1", "role": "reviewer",
        "model_harness": "claude-code", "model": "m",
    });
    assert!(scene.send(EpochSignal::RegisterSession, &session));
    let finding = json!({
        "finding_id": "f", "severity": "BLOCKER", "summary": "leaks\nPhase: complete",
        "reported_by": "bob",
    });
    assert!(scene.send(EpochSignal::RecordFinding, &finding));
    assert!(scene.vote("correctness", "ACCEPT"));
    assert!(!scene.advance("p11"));
    let text = drawn(&scene);
    for part in [
        "\nPhases:   ✓p1 ✓p2 ✓p3 ✓p4 ✓p5 ✓p6 ✓p7 ✓p8 ✓p9 ▶p10 ·p11 ·p12\n\
         Phase:    p10 Code Review (impl), review round 1\n",
        "\nVotes:\n  correctness   ACCEPT by bob, 1m ago\n  test_quality  missing\n  \
         elegance      missing\n",
        "\nFindings: 1, 1 open, 1 of them BLOCKER\n  \
         FINDING  SEVERITY  STATE  SINCE  SLICE  BY   SUMMARY\n  \
         f        BLOCKER   open   2m     -      bob  leaks\\nPhase: complete\n",
        "\nSessions: 1, 0 stale\n  SESSION  ROLE      SEEN  BY             NOTE\n  \
         s-1      reviewer  3m    claude-code m\n",
        "\nRefused:  0s ago by ann: p10 → p11 was refused\n  why: consensus is missing; no vote on \
         test_quality, elegance; 1 BLOCKER is open: f\n",
        "\nNext:     reviewer: vote on test_quality, elegance, and resolve the BLOCKERs\n  \
         aura-msg signal vote --epoch-id fix-login --axis test_quality --vote ACCEPT|REVISE \
         --reviewer-id NAME\n  \
         aura-msg signal vote --epoch-id fix-login --axis elegance --vote ACCEPT|REVISE \
         --reviewer-id NAME\n  \
         aura-msg finding resolve --epoch-id fix-login --finding-id f --resolution TEXT",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn a_session_is_stale_after_half_an_hour() {
    let mut scene = Scene::new("");
    let session = json!({ "epoch_id": "fix-login", "session_id": "s-1", "role": "worker" });
    assert!(scene.send(EpochSignal::RegisterSession, &session));
    let state = scene.state();
    for (minutes, stale) in [(30, false), (31, true)] {
        let seen = Seen {
            now: scene.later(minutes),
            ..seen(&scene, &state)
        };
        let lines = seen.lines().join("\n");
        let counted = format!("Sessions: 1, {} stale", u8::from(stale));
        assert!(lines.contains(&counted), "{lines}");
        assert_eq!(json_of(&seen)["sessions"][0]["stale"], json!(stale));
    }
}

#[test]
fn phases_that_come_again_are_drawn_so() {
    let mut scene = Scene::new("");
    scene.advance_through(&["p2", "p3", "p4"]);
    assert!(scene.vote("elegance", "REVISE"));
    let text = drawn(&scene);
    assert!(
        text.contains("Next:     architect: go back, and revise: elegance wants it\n"),
        "{text}"
    );
    scene.advance_through(&["p3"]);
    let text = drawn(&scene);
    assert!(text.contains("Phases:   ✓p1 ✓p2 ▶p3 ↻p4 ·p5 "), "{text}");
    let state = scene.state();
    let phases = json_of(&seen(&scene, &state))["phases"].clone();
    let place = |n: usize| phases[n]["place"].as_str().unwrap().to_owned();
    assert_eq!(
        [1, 2, 3, 4].map(place),
        ["done", "current", "again", "to_come"]
    );
}

#[test]
fn how_it_stands_is_the_servers_word_once_it_is_closed() {
    let scene = Scene::new("");
    let state = scene.state();
    for (ending, status) in [
        (None, "running"),
        (Some("terminated"), "terminated"),
        (Some("completed"), "complete"),
    ] {
        let seen = Seen {
            ending,
            ..seen(&scene, &state)
        };
        assert_eq!(seen.status(), status);
    }
}

#[test]
fn what_an_earlier_worker_tells_is_shown_as_far_as_it_goes() {
    let state: QueryStateResult = serde_json::from_value(json!({
        "current_phase": "p4", "current_role": "reviewer", "transition_history": [],
        "votes": { "elegance": "ACCEPT" }, "last_error": "no",
        "available_transitions": [
            { "to_phase": "p3", "condition": "any reviewer votes REVISE", "action": null },
        ],
        "active_session_count": 2,
    }))
    .unwrap();
    let scene = Scene::new("");
    let lines = seen(&scene, &state).lines().join("\n");
    for part in [
        "Status:   running\n",
        "  elegance      ACCEPT\n",
        "Sessions: 2\nRefused:  no\nNext:     reviewer: vote on correctness, test_quality\n",
    ] {
        assert!(lines.contains(part), "no {part:?} in\n{lines}");
    }
}
