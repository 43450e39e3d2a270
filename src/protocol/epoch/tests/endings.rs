//! How an epoch ends: it completes, or it is cancelled and settles.

use super::*;
use crate::protocol::effect::Ending;
use crate::protocol::event::{Progress, RegisterSession, SessionNote};
use crate::protocol::session::Registration;

/// One message of each kind that people and agents send.
fn messages() -> Vec<Event> {
    let note = || SessionNote {
        session_id: "s1".to_owned(),
        reason: String::new(),
    };
    let registration = Registration {
        epoch_id: EPOCH.to_owned(),
        session_id: "s1".to_owned(),
        role: None,
        model_harness: String::new(),
        model: String::new(),
    };
    vec![
        advance(P2),
        overriding(P4, "because"),
        vote(Correctness, Accept),
        cast(Correctness, Revise, Some(1)),
        Event::ReportProgress(Progress {
            slice_id: "a".to_owned(),
            leaf_task_id: "t".to_owned(),
            stage_name: "execute".to_owned(),
            completed: true,
        }),
        Event::RegisterSession(RegisterSession(registration)),
        Event::HeartbeatSession(note()),
        Event::EndSession(note()),
        blocker("b1"),
        resolve("b1"),
        Event::StartSlice(request("a", &[])),
        plan(&["a"]),
        cancel_slice("a"),
        waive("a"),
        retry("a"),
    ]
}

#[test]
fn a_complete_epoch_refuses_every_further_message() {
    let scene = Scene::at(Complete);
    for event in messages().into_iter().chain([cancel()]) {
        let name = event.name().to_owned();
        let refusal = scene.clone().refused(event);
        assert_eq!(refusal.code, RefusalCode::Complete, "{name}");
    }
    let unread = Event::Malformed {
        message: "submit_vote".to_owned(),
        why: "?".to_owned(),
    };
    assert_eq!(scene.clone().refused(unread).code, RefusalCode::Malformed);
}

#[test]
fn completion_shows_at_once_and_closes_last() {
    let mut scene = Scene::at(P12);
    let effects = scene.ok(advance(Complete));
    assert_eq!(
        brief(&effects),
        [
            "publish",
            "phase_transition",
            "epoch_completed",
            "finish completed"
        ]
    );
    assert_eq!(
        (scene.state().phase, scene.state().status),
        (Complete, EpochStatus::Complete)
    );
}

#[test]
fn a_cancel_tells_the_children_and_then_settles() {
    let mut scene = Scene::at(P9);
    scene.ok(plan(&["a", "b", "c<a"]));
    scene.ok(cancel_slice("b"));
    assert_eq!(
        brief(&scene.ok(cancel())),
        ["stop a"],
        "b has been told already"
    );
    assert_eq!(scene.state().status, EpochStatus::Cancelling);
    assert_eq!(scene.state().phase, P9);
    assert_eq!(scene.available(), []);
    // Their reports are still taken, and start nothing.
    scene.ok(report("a", 1, true));
    assert_eq!(scene.slices(), "a:succeeded b:running c:waiting");
    let effects = scene.ok(Event::SettleCancel);
    assert_eq!(
        brief(&effects),
        ["publish", "epoch_cancelled", "finish cancelled"]
    );
    assert_eq!(scene.state().status, EpochStatus::Cancelled);
    assert_eq!(scene.state().phase, P9);
}

#[test]
fn a_cancel_closes_the_open_review() {
    for phase in [P4, P10] {
        let mut scene = Scene::at(phase);
        assert_eq!(
            brief(&scene.ok(cancel())),
            ["review_closed".to_owned(), format!("close {phase} r1")]
        );
        let mut scene = Scene::at(phase);
        scene.ok(vote(Elegance, Revise));
        assert_eq!(scene.ok(cancel()), [], "it has been told");
    }
}

#[test]
fn while_it_is_cancelled_every_message_is_refused() {
    let mut scene = Scene::at(P9);
    scene.ok(plan(&["a"]));
    scene.ok(cancel());
    let mut settled = scene.clone();
    settled.ok(Event::SettleCancel);
    for scene in [scene, settled] {
        for event in messages() {
            let name = event.name().to_owned();
            let refusal = scene.clone().refused(event);
            assert_eq!(refusal.code, RefusalCode::Cancelling, "{name}");
        }
    }
}

#[test]
fn a_cancel_is_asked_for_and_settled_once() {
    let mut scene = Scene::at(P3);
    assert_eq!(
        scene.ok(Event::SettleCancel),
        [],
        "nothing is to be settled"
    );
    assert_eq!(scene.state().status, EpochStatus::Running);
    scene.ok(cancel());
    let before = scene.state().clone();
    assert_eq!(scene.ok(cancel()), []);
    assert_eq!(*scene.state(), before);
    let effects = scene.ok(Event::SettleCancel);
    assert!(effects.contains(&Effect::Finish(Ending::Cancelled)));
    let before = scene.state().clone();
    assert_eq!(scene.ok(Event::SettleCancel), []);
    assert_eq!(*scene.state(), before);
    assert_eq!(scene.refused(cancel()).code, RefusalCode::Cancelling);
}

#[test]
fn a_cancel_can_come_in_every_phase() {
    for phase in PHASES.into_iter().filter(|phase| *phase != Complete) {
        let mut scene = Scene::at(phase);
        scene.ok(cancel());
        let effects = scene.ok(Event::SettleCancel);
        let [entry] = audits(&effects)[..] else {
            panic!("{effects:?}")
        };
        assert_eq!(
            (entry.event_type, entry.phase),
            (EventType::EpochCancelled, phase)
        );
        assert_eq!(scene.state().cancel_reason.as_deref(), Some("enough"));
    }
}
