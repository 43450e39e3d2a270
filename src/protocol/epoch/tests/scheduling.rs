//! Which slices run: dependencies, the parallel limit, failures and what they block.

use super::*;

fn scene(settings: Settings, slices: &[&str]) -> Scene {
    let mut scene = Scene::with(settings).moved_to(P9);
    scene.ok(plan(slices));
    scene
}

/// Applies each step and checks where the slices are afterwards. A step is `+id` or
/// `-id` for the end of the present run, well or badly; `!id` cancels, `~id` waives,
/// `^id` runs again.
fn play(scene: &mut Scene, steps: &[(&str, &str)]) {
    for (step, wanted) in steps {
        let (sign, id) = step.split_at(1);
        let attempt = scene.state().slices.find(id).unwrap().attempt;
        scene.ok(match sign {
            "+" => report(id, attempt, true),
            "-" => report(id, attempt, false),
            "!" => cancel_slice(id),
            "~" => waive(id),
            "^" => retry(id),
            other => panic!("no step begins with {other}"),
        });
        assert_eq!(scene.slices(), *wanted, "after {step}");
    }
}

#[test]
fn a_diamond_runs_its_sides_together() {
    let mut scene = scene(Settings::default(), &["d<b,c", "b<a", "c<a", "a"]);
    assert_eq!(scene.slices(), "d:waiting b:waiting c:waiting a:running");
    play(
        &mut scene,
        &[
            ("+a", "d:waiting b:running c:running a:succeeded"),
            ("+c", "d:waiting b:running c:succeeded a:succeeded"),
            ("+b", "d:running b:succeeded c:succeeded a:succeeded"),
            ("+d", "d:succeeded b:succeeded c:succeeded a:succeeded"),
        ],
    );
    scene.ok(advance(P10));
}

#[test]
fn no_more_run_than_the_limit_allows() {
    let slices = ["a", "b", "c", "d", "e", "f"];
    for (limit, running) in [(0, 1), (1, 1), (2, 2), (4, 4), (6, 6), (u32::MAX, 6)] {
        let settings = Settings {
            parallel_slices: limit,
            ..Settings::default()
        };
        let mut scene = scene(settings, &slices);
        assert_eq!(
            scene.state().slices.in_state(SliceState::Running).count(),
            running
        );
        for _ in 0..6 {
            let next = scene.state().slices.in_state(SliceState::Running).next();
            let id = next.unwrap().id.to_string();
            scene.ok(report(&id, 1, true));
            assert!(scene.state().slices.in_state(SliceState::Running).count() <= running);
        }
        scene.ok(advance(P10));
    }
    assert_eq!(Settings::default().parallel_slices, 4);
}

#[test]
fn the_order_of_declaration_is_the_order_of_starting() {
    let settings = Settings {
        parallel_slices: 1,
        ..Settings::default()
    };
    let mut scene = scene(settings, &["c", "a<c", "b"]);
    play(
        &mut scene,
        &[
            ("+c", "c:succeeded a:running b:waiting"),
            ("-a", "c:succeeded a:failed b:running"),
        ],
    );
}

#[test]
fn a_failure_blocks_what_depends_on_it_and_what_depends_on_that() {
    let mut scene = scene(Settings::default(), &["d<c", "c<b", "b<a", "a", "x"]);
    play(
        &mut scene,
        &[("-a", "d:blocked c:blocked b:blocked a:failed x:running")],
    );
    let blocked = scene.state().slices.find("b").unwrap();
    assert!(
        blocked.reason.as_ref().unwrap().contains('a'),
        "{:?}",
        blocked.reason
    );
    play(
        &mut scene,
        &[
            ("^a", "d:waiting c:waiting b:waiting a:running x:running"),
            ("-a", "d:blocked c:blocked b:blocked a:failed x:running"),
            ("~a", "d:waiting c:waiting b:running a:waived x:running"),
            ("+b", "d:waiting c:running b:succeeded a:waived x:running"),
        ],
    );
}

#[test]
fn a_slice_with_two_failed_dependencies_waits_for_both() {
    let mut scene = scene(Settings::default(), &["c<a,b", "a", "b"]);
    play(
        &mut scene,
        &[
            ("-a", "c:blocked a:failed b:running"),
            ("-b", "c:blocked a:failed b:failed"),
            ("^a", "c:blocked a:running b:failed"),
            ("+a", "c:blocked a:succeeded b:failed"),
            ("~b", "c:running a:succeeded b:waived"),
        ],
    );
}

#[test]
fn the_others_go_on_after_a_failure() {
    let mut scene = scene(Settings::default(), &["a", "b", "c<b"]);
    play(
        &mut scene,
        &[
            ("-a", "a:failed b:running c:waiting"),
            ("+b", "a:failed b:succeeded c:running"),
        ],
    );
}

#[test]
fn with_fail_fast_a_failure_stops_the_running_ones_and_starts_no_others() {
    let settings = Settings {
        fail_fast: true,
        parallel_slices: 2,
        ..Settings::default()
    };
    let mut scene = scene(settings, &["a", "b", "c", "d<a"]);
    let effects = scene.ok(report("a", 1, false));
    assert_eq!(brief(&effects), ["slice_finished", "stop b"]);
    assert_eq!(scene.slices(), "a:failed b:running c:waiting d:blocked");
    assert!(scene.state().slices.find("b").unwrap().stopping);
    play(
        &mut scene,
        &[
            ("-b", "a:failed b:cancelled c:waiting d:blocked"),
            ("^b", "a:failed b:waiting c:waiting d:blocked"),
            ("^a", "a:running b:running c:waiting d:waiting"),
            ("+a", "a:succeeded b:running c:running d:waiting"),
        ],
    );
}

#[test]
fn a_plan_may_turn_fail_fast_on_and_off_or_leave_it() {
    for (before, said, wanted) in [
        (false, None, false),
        (true, None, true),
        (false, Some(true), true),
        (true, Some(false), false),
    ] {
        let settings = Settings {
            fail_fast: before,
            ..Settings::default()
        };
        let mut scene = Scene::with(settings).moved_to(P9);
        let slices = requests(&["a", "b"]);
        scene.ok(Event::PlanSlices(SlicePlan {
            slices,
            fail_fast: said,
        }));
        scene.ok(report("a", 1, false));
        assert_eq!(scene.state().slices.find("b").unwrap().stopping, wanted);
        // A refused plan doesn't change it either.
        let slices = requests(&["a"]);
        scene.refused(Event::PlanSlices(SlicePlan {
            slices,
            fail_fast: Some(!wanted),
        }));
    }
}

#[test]
fn a_report_of_another_attempt_is_ignored() {
    let mut scene = scene(Settings::default(), &["a", "b<a"]);
    scene.ok(report("a", 1, false));
    scene.ok(retry("a"));
    assert_eq!(scene.state().slices.find("a").unwrap().attempt, 2);
    let before = scene.state().clone();
    for attempt in [0, 1, 3, u32::MAX] {
        for success in [true, false] {
            assert_eq!(scene.ok(report("a", attempt, success)), []);
        }
    }
    assert_eq!(*scene.state(), before);
    scene.ok(report("a", 2, true));
    assert_eq!(scene.slices(), "a:succeeded b:running");
    // Nor does a second report of the same attempt change anything.
    let before = scene.state().clone();
    assert_eq!(scene.ok(report("a", 2, false)), []);
    assert_eq!(*scene.state(), before);
    let note = scene.note(report("a", 2, false)).unwrap();
    assert!(note.contains("ended already"), "{note}");
}

#[test]
fn a_report_of_an_unknown_slice_is_refused() {
    let mut scene = scene(Settings::default(), &["a"]);
    assert_eq!(
        scene.refused(report("z", 1, true)).code,
        RefusalCode::SliceUnknown
    );
}

#[test]
fn a_run_that_was_lost_has_failed() {
    use crate::protocol::event::SliceLost;
    let lost = |id: &str, attempt| {
        let why = "its workflow could not be started".to_owned();
        Event::LoseSlice(SliceLost {
            slice_id: id.to_owned(),
            attempt,
            why,
        })
    };
    let mut scene = scene(Settings::default(), &["a", "b<a"]);
    assert_eq!(scene.ok(lost("a", 7)), []);
    assert_eq!(brief(&scene.ok(lost("a", 1))), ["slice_finished"]);
    assert_eq!(scene.slices(), "a:failed b:blocked");
    let outcome = scene
        .state()
        .slices
        .find("a")
        .unwrap()
        .outcome
        .clone()
        .unwrap();
    assert_eq!(
        outcome.error.as_deref(),
        Some("its workflow could not be started")
    );
    assert_eq!(scene.ok(lost("z", 1)), [], "nobody waits for an answer");
}

#[test]
fn how_a_run_ended_is_kept_until_the_next() {
    let mut scene = scene(Settings::default(), &["a"]);
    scene.ok(report("a", 1, false));
    let slice = scene.state().slices.find("a").unwrap();
    let outcome = slice.outcome.as_ref().unwrap();
    assert_eq!((outcome.success, &*outcome.output), (false, "said"));
    assert_eq!(outcome.error.as_deref(), Some("exit 1"));
    assert_eq!(slice.changed_at, scene.now());
    scene.ok(retry("a"));
    assert!(scene.state().slices.find("a").unwrap().outcome.is_none());
}

#[test]
fn nothing_runs_while_the_epoch_is_elsewhere() {
    // All that was declared is settled when p9 is left, so nothing can run later.
    let mut scene = Scene::at(P8);
    scene.ok(plan(&["a", "b<a"]));
    scene.ok(waive("a"));
    assert_eq!(scene.slices(), "a:waived b:waiting");
    scene.ok(advance(P9));
    assert_eq!(scene.slices(), "a:waived b:running");
    scene.ok(report("b", 1, true));
    let mut scene = scene.moved_to(P11);
    let entered = brief(&scene.ok(advance(P9)));
    assert!(
        !entered.iter().any(|line| line.starts_with("start")),
        "{entered:?}"
    );
}
