//! Declaring slices: when, which ids, and all or nothing.

use super::*;
use crate::protocol::id::SliceId;

/// A scene in p9 with slices `a` and `b<a`, `a` running.
fn started() -> Scene {
    let mut scene = Scene::at(P9);
    scene.ok(plan(&["a", "b<a"]));
    scene
}

#[test]
fn slices_are_declared_in_p8_and_p9_alone() {
    for phase in PHASES.into_iter().filter(|phase| *phase != Complete) {
        for event in [plan(&["a"]), Event::StartSlice(request("a", &[]))] {
            let mut scene = Scene::at(phase);
            if matches!(phase, P8 | P9) {
                scene.ok(event);
                assert_eq!(scene.state().slices.0.len(), 1);
            } else {
                assert_eq!(
                    scene.refused(event).code,
                    RefusalCode::WrongPhase,
                    "{phase}"
                );
            }
        }
    }
}

#[test]
fn slices_declared_in_p8_run_from_p9_on() {
    let mut scene = Scene::at(P8);
    let declared = scene.ok(plan(&["a", "b"]));
    assert_eq!(brief(&declared), ["slice_started", "slice_started"]);
    assert_eq!(scene.slices(), "a:waiting b:waiting");
    assert_eq!(scene.state().slices.find("a").unwrap().attempt, 0);
    let entered = brief(&scene.ok(advance(P9)));
    assert_eq!(scene.slices(), "a:running b:running");
    assert!(
        entered.contains(&"start a #1".to_owned()) && entered.contains(&"start b #1".to_owned())
    );
}

#[test]
fn slices_declared_in_p9_run_at_once() {
    let mut scene = Scene::at(P9);
    let effects = brief(&scene.ok(Event::StartSlice(request("a", &[]))));
    assert_eq!(effects, ["slice_started", "slice_started", "start a #1"]);
    assert_eq!(scene.slices(), "a:running");
}

#[test]
fn a_slice_is_kept_as_it_was_asked_for() {
    let mut asked = request("a", &["c", "b", "b"]);
    asked.config.mode = SliceMode::Subprocess;
    asked.config.runner = Some("claude".to_owned());
    asked.config.prompt = Some("do it".to_owned());
    asked.phase_spec = "spec".to_owned();
    asked.leaf_task_ids = vec!["t2".to_owned(), "t1".to_owned()];
    let mut scene = Scene::at(P8);
    scene.ok(plan(&["b", "c"]));
    scene.ok(Event::StartSlice(asked.clone()));
    let kept = scene.state().slices.find("a").unwrap();
    assert_eq!(kept.config, asked.config);
    assert_eq!(
        (&kept.phase_spec, &kept.leaf_task_ids),
        (&asked.phase_spec, &asked.leaf_task_ids)
    );
    let dependencies: Vec<&str> = kept.dependencies.iter().map(SliceId::as_str).collect();
    assert_eq!(dependencies, ["b", "c"], "a set");
    assert_eq!((kept.attempt, kept.declared_at), (0, scene.now()));
}

#[test]
fn a_wrong_plan_is_refused_whole_and_says_which_slice() {
    use RefusalCode as Code;
    let cases: [(&[&str], RefusalCode, &[&str]); 11] = [
        (&["c", "c"], Code::SliceExists, &["'c'"]),
        (&["c", "a"], Code::SliceExists, &["'a'"]),
        (&["c", "b<a"], Code::SliceExists, &["'b'"]),
        (&["c", "d<z"], Code::DependencyUnknown, &["'d'", "'z'"]),
        (&["c<a,z"], Code::DependencyUnknown, &["'c'", "'z'"]),
        (&["c<c"], Code::DependencyCycle, &["c → c"]),
        (&["c<d", "d<c"], Code::DependencyCycle, &["c → d → c"]),
        (
            &["x", "c<a,d", "d<e", "e<c,b"],
            Code::DependencyCycle,
            &["c → d → e → c"],
        ),
        (
            &["y<c", "c<d", "d<c"],
            Code::DependencyCycle,
            &["c → d → c"],
        ),
        (&["c", "d-slice-e"], Code::InvalidId, &["-slice-"]),
        (&["c", "d<x-review-y"], Code::InvalidId, &["-review-"]),
    ];
    for (slices, code, named) in cases {
        let mut scene = started();
        let refusal = scene.refused(plan(slices));
        assert_eq!(refusal.code, code, "{slices:?}: {refusal}");
        for name in named {
            assert!(refusal.to_string().contains(name), "{slices:?}: {refusal}");
        }
        assert_eq!(scene.slices(), "a:running b:waiting");
    }
}

#[test]
fn a_plan_may_name_later_and_earlier_slices() {
    let mut scene = started();
    scene.ok(plan(&["d<c,a", "c"]));
    assert_eq!(scene.slices(), "a:running b:waiting d:waiting c:running");
}

#[test]
fn a_plan_of_nothing_is_a_plan() {
    let mut scene = Scene::at(P8);
    assert_eq!(scene.ok(plan(&[])), []);
    assert_eq!(scene.available(), [P9]);
}

#[test]
fn a_slice_id_is_printable_short_and_without_the_separators() {
    let (longest, long) = ("s".repeat(100), "s".repeat(101));
    for id in ["", "a\tb", "\u{7f}", "x-slice-y", "-review-", &long] {
        let mut scene = Scene::at(P8);
        let refusal = scene.refused(Event::StartSlice(request(id, &[])));
        assert_eq!(refusal.code, RefusalCode::InvalidId, "{id:?}");
    }
    for id in [
        "a b", "ü🦀", "slice", "-slice", "review-1", "a-slices", &longest,
    ] {
        Scene::at(P8).ok(Event::StartSlice(request(id, &[])));
    }
}

#[test]
fn a_childs_workflow_id_has_at_most_1000_bytes() {
    // `-slice-` are seven bytes.
    let mut scene = Scene::named(&"e".repeat(900), Settings::default()).moved_to(P8);
    scene.ok(Event::StartSlice(request(&"s".repeat(93), &[])));
    let refusal = scene.refused(Event::StartSlice(request(&"s".repeat(94), &[])));
    assert_eq!(refusal.code, RefusalCode::InvalidId);
    assert!(refusal.why.contains("1001"), "{refusal}");
}

#[test]
fn what_depends_on_a_failed_slice_is_blocked_from_the_start() {
    let mut scene = started();
    scene.ok(report("a", 1, false));
    scene.ok(plan(&["c<b", "d<a", "e"]));
    assert_eq!(
        scene.slices(),
        "a:failed b:blocked c:blocked d:blocked e:running"
    );
}

#[test]
fn a_plan_that_does_not_fit_is_refused_whole() {
    let mut scene = Scene::at(P8);
    let many: Vec<String> = (0..1_000).map(|n| format!("s{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(scene.refused(plan(&many)).code, RefusalCode::EpochFull);
    scene.ok(plan(&many[..20]));
}

/// A plan as large as a message can be must be answered at once, whatever it says: a
/// rule that takes long holds up the workflow's task, and with it the epoch.
#[test]
fn a_huge_plan_is_refused_without_looking_at_every_pair() {
    let ids: Vec<String> = (0..10_000).map(|n| format!("s{n}")).collect();
    let mut chain: Vec<SliceRequest> = ids
        .windows(2)
        .map(|pair| request(&pair[0], &[&pair[1]]))
        .collect();
    chain.push(request(&ids[9_999], &[]));
    let mut scene = Scene::at(P8);
    let event = Event::PlanSlices(SlicePlan {
        slices: chain,
        fail_fast: None,
    });
    assert_eq!(scene.refused(event).code, RefusalCode::EpochFull);
}
