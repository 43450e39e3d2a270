//! Orders about slices: from which states and phases each is taken, and what it means.

use super::*;
use crate::protocol::effect::Field;
use crate::protocol::words::Word;
use SliceState::{Blocked, Cancelled, Failed, Running, Succeeded, Waiting, Waived};

/// A scene in p9 in which the slice `s` is in `state`; `x` is the one it depends on.
fn with_slice(state: SliceState) -> Scene {
    let settings = Settings {
        parallel_slices: 1,
        ..Settings::default()
    };
    let mut scene = Scene::with(settings).moved_to(P9);
    scene.ok(plan(&["x", "s<x"]));
    let events = match state {
        Waiting => vec![],
        Blocked => vec![report("x", 1, false)],
        Cancelled => vec![cancel_slice("s"), report("x", 1, true)],
        Waived => vec![waive("s"), report("x", 1, true)],
        Running => vec![report("x", 1, true)],
        Succeeded => vec![report("x", 1, true), report("s", 1, true)],
        Failed => vec![report("x", 1, true), report("s", 1, false)],
    };
    for event in events {
        scene.ok(event);
    }
    assert_eq!(scene.slice("s"), state);
    scene
}

/// Checks an order in every state: the state it leads to, or `None` where it is refused.
fn check(order: fn(&str) -> Event, wanted: impl Fn(SliceState) -> Option<SliceState>) {
    for state in SliceState::ALL.iter().copied() {
        let mut scene = with_slice(state);
        if let Some(next) = wanted(state) {
            scene.ok(order("s"));
            assert_eq!(scene.slice("s"), next, "from {state}");
        } else {
            let refusal = scene.refused(order("s"));
            assert_eq!(refusal.code, RefusalCode::SliceState, "from {state}");
            assert!(refusal.why.contains(state.word()), "{refusal}");
        }
    }
}

#[test]
fn cancelling_stops_what_has_not_ended() {
    check(cancel_slice, |state| match state {
        Waiting | Blocked => Some(Cancelled),
        Running => Some(Running),
        _ => None,
    });
}

#[test]
fn waiving_lets_go_of_what_stands_in_the_way() {
    check(waive, |state| match state {
        Waiting | Blocked | Failed | Cancelled => Some(Waived),
        _ => None,
    });
}

#[test]
fn retrying_is_for_what_has_ended() {
    check(retry, |state| match state {
        Failed | Cancelled | Succeeded => Some(Running),
        _ => None,
    });
}

#[test]
fn orders_need_a_declared_slice() {
    for order in [cancel_slice, waive, retry] {
        for phase in [P1, P8, P9, P10] {
            let refusal = Scene::at(phase).refused(order("nobody"));
            assert_eq!(refusal.code, RefusalCode::SliceUnknown);
            assert!(refusal.what.contains("nobody"), "{refusal}");
        }
    }
}

#[test]
fn a_cancelled_running_slice_runs_until_it_says_so() {
    let mut scene = with_slice(Running);
    assert_eq!(
        brief(&scene.ok(cancel_slice("s"))),
        ["slice_progress", "stop s"]
    );
    assert!(scene.state().slices.find("s").unwrap().stopping);
    assert_eq!(scene.available(), [], "it is not over");
    // It is told once.
    assert_eq!(scene.ok(cancel_slice("s")), []);
    assert!(scene.note(cancel_slice("s")).unwrap().contains("already"));
    let mut well = scene.clone();
    well.ok(report("s", 1, true));
    assert_eq!(well.slice("s"), Succeeded, "it ended before it heard");
    scene.ok(report("s", 1, false));
    assert_eq!(scene.slice("s"), Cancelled);
    assert!(!scene.state().slices.find("s").unwrap().stopping);
    scene.ok(retry("s"));
    assert_eq!(scene.slice("s"), Running);
    assert!(!scene.state().slices.find("s").unwrap().stopping);
}

#[test]
fn a_cancelled_slice_blocks_what_depends_on_it() {
    let mut scene = Scene::at(P9);
    scene.ok(plan(&["a", "b<a", "c<b"]));
    scene.ok(cancel_slice("b"));
    assert_eq!(scene.slices(), "a:running b:cancelled c:blocked");
    scene.ok(report("a", 1, true));
    assert_eq!(scene.slices(), "a:succeeded b:cancelled c:blocked");
    scene.ok(retry("b"));
    assert_eq!(scene.slices(), "a:succeeded b:running c:waiting");
}

#[test]
fn a_retried_slice_waits_for_its_dependencies_again() {
    let mut scene = Scene::at(P9);
    scene.ok(plan(&["a", "b<a"]));
    scene.ok(cancel_slice("b"));
    scene.ok(retry("b"));
    assert_eq!(scene.slices(), "a:running b:waiting");
    scene.ok(cancel_slice("b"));
    scene.ok(report("a", 1, false));
    scene.ok(retry("b"));
    assert_eq!(scene.slices(), "a:failed b:blocked");
}

#[test]
fn slices_are_run_again_in_p9_alone() {
    for phase in [P10, P11, P12] {
        let mut scene = with_slice(Succeeded).moved_to(phase);
        assert_eq!(
            scene.refused(retry("s")).code,
            RefusalCode::WrongPhase,
            "{phase}"
        );
    }
    let mut scene = Scene::at(P8);
    scene.ok(plan(&["a"]));
    scene.ok(cancel_slice("a"));
    assert_eq!(scene.refused(retry("a")).code, RefusalCode::WrongPhase);
    scene.ok(advance(P9));
    let effects = brief(&scene.ok(retry("a")));
    assert!(effects.contains(&"start a #1".to_owned()), "{effects:?}");
}

#[test]
fn after_a_way_back_a_succeeded_slice_runs_again_and_gates_again() {
    for from in [P10, P11] {
        let mut scene = with_slice(Succeeded).moved_to(from);
        scene.ok(advance(P9));
        assert_eq!(scene.available(), [P10]);
        let effects = scene.ok(retry("s"));
        let asked = ["slice_started", "slice_started", "start s #2"];
        assert_eq!(brief(&effects), asked, "it is to run again, and does");
        assert_eq!(scene.available(), []);
        assert_eq!(
            scene.refused(advance(P10)).code,
            RefusalCode::SlicesUnfinished
        );
        scene.ok(report("s", 2, true));
        assert_eq!(scene.available(), [P10]);
    }
}

#[test]
fn slices_of_p8_may_be_cancelled_and_waived_before_they_run() {
    let mut scene = Scene::at(P8);
    scene.ok(plan(&["a", "b<a", "c"]));
    scene.ok(cancel_slice("a"));
    scene.ok(waive("c"));
    assert_eq!(scene.slices(), "a:cancelled b:blocked c:waived");
    scene.ok(waive("a"));
    assert_eq!(scene.slices(), "a:waived b:waiting c:waived");
    scene.ok(advance(P9));
    assert_eq!(scene.slices(), "a:waived b:running c:waived");
}

#[test]
fn every_order_that_is_carried_out_has_a_row_that_says_who_gave_it_and_why() {
    use EventType::{SliceFinished, SliceProgress, SliceStarted};
    type Case = (
        &'static str,
        fn(&str) -> Event,
        SliceState,
        EventType,
        SliceState,
    );
    let cases: [Case; 10] = [
        ("cancel", cancel_slice, Waiting, SliceFinished, Cancelled),
        ("cancel", cancel_slice, Blocked, SliceFinished, Cancelled),
        ("cancel", cancel_slice, Running, SliceProgress, Running),
        ("waive", waive, Waiting, SliceFinished, Waived),
        ("waive", waive, Blocked, SliceFinished, Waived),
        ("waive", waive, Failed, SliceFinished, Waived),
        ("waive", waive, Cancelled, SliceFinished, Waived),
        ("retry", retry, Failed, SliceStarted, Waiting),
        ("retry", retry, Cancelled, SliceStarted, Waiting),
        ("retry", retry, Succeeded, SliceStarted, Waiting),
    ];
    for (name, order, from, event_type, to) in cases {
        let mut scene = with_slice(from);
        let effects = scene.send(by("ann", order("s"))).unwrap();
        let entry = audits(&effects)[0];
        let case = format!("{name} from {from}");
        assert_eq!(entry.event_type, event_type, "{case}");
        assert_eq!(entry.actor.as_deref(), Some("ann"), "{case}");
        for (field, wanted) in [
            ("order", name),
            ("slice_id", "s"),
            ("state", to.word()),
            ("reason", "about s"),
        ] {
            let wanted = Field::Text(wanted.to_owned());
            assert_eq!(*effects::field(entry, field), wanted, "{case}");
        }
    }
}

#[test]
fn a_plan_has_a_row_for_each_slice_or_for_its_setting() {
    let mut scene = Scene::at(P8);
    let effects = scene.send(by("ann", plan(&["a", "b<a"]))).unwrap();
    assert_eq!(brief(&effects), ["slice_started", "slice_started"]);
    for entry in audits(&effects) {
        let wanted = Field::Text("plan".to_owned());
        assert_eq!(*effects::field(entry, "order"), wanted);
        assert_eq!(entry.actor.as_deref(), Some("ann"));
    }
    let setting = |fail_fast| {
        Event::PlanSlices(SlicePlan {
            slices: Vec::new(),
            fail_fast,
        })
    };
    let effects = scene.ok(setting(Some(true)));
    let entry = audits(&effects)[0];
    assert_eq!(*effects::field(entry, "fail_fast"), Field::Bool(true));
    assert_eq!(scene.ok(setting(None)), [], "it asks for nothing");
}

#[test]
fn the_reason_of_an_order_is_kept() {
    for (state, order) in [
        (Waiting, cancel_slice as fn(&str) -> Event),
        (Running, cancel_slice),
        (Failed, waive),
    ] {
        let mut scene = with_slice(state);
        scene.ok(order("s"));
        let slice = scene.state().slices.find("s").unwrap();
        assert_eq!(slice.reason.as_deref(), Some("about s"), "from {state}");
        assert_eq!(slice.changed_at, scene.now());
    }
}
