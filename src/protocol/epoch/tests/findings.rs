//! Findings: recorded once, resolved once.

use super::*;
use crate::protocol::finding::SeverityLevel::{Blocker, Important, Minor};

#[test]
fn a_finding_is_kept_as_it_was_reported() {
    let mut scene = Scene::at(P10);
    scene.ok(Event::RecordFinding(NewFinding {
        finding_id: "f1".to_owned(),
        severity: Important,
        summary: "hm".to_owned(),
        slice_id: Some("s1".to_owned()),
        reported_by: "reviewer".to_owned(),
    }));
    let kept = &scene.state().findings["f1"];
    assert_eq!(
        (&*kept.id, kept.severity, &*kept.summary),
        ("f1", Important, "hm")
    );
    assert_eq!(kept.slice_id.as_deref(), Some("s1"));
    assert_eq!((&*kept.reported_by, kept.at), ("reviewer", scene.now()));
    assert!(kept.resolution.is_none());
    scene.ok(resolve("f1"));
    let resolution = scene.state().findings["f1"].resolution.clone().unwrap();
    assert_eq!(
        (&*resolution.text, &*resolution.resolved_by),
        ("fixed", "worker")
    );
    assert_eq!(resolution.at, scene.now());
}

#[test]
fn blockers_are_audited_by_another_name_than_lesser_findings() {
    let names = [
        (Blocker, "blocker_recorded", "blocker_resolved"),
        (Important, "finding_recorded", "finding_resolved"),
        (Minor, "finding_recorded", "finding_resolved"),
    ];
    for (severity, recorded, resolved) in names {
        let mut scene = Scene::new();
        assert_eq!(brief(&scene.ok(finding("f", severity))), [recorded]);
        assert_eq!(brief(&scene.ok(resolve("f"))), [resolved]);
    }
}

#[test]
fn the_blocker_count_is_that_of_open_blockers() {
    let mut scene = Scene::new();
    let mut counts = Vec::new();
    for event in [
        blocker("b1"),
        blocker("b2"),
        finding("i1", Important),
        resolve("i1"),
        resolve("b1"),
        resolve("b2"),
    ] {
        scene.ok(event);
        counts.push(scene.state().blocker_count());
    }
    assert_eq!(counts, [1, 2, 2, 2, 1, 0]);
}

#[test]
fn a_finding_is_recorded_once_and_resolved_once() {
    let mut scene = Scene::new();
    scene.ok(blocker("b1"));
    for severity in [Blocker, Minor] {
        let refusal = scene.refused(finding("b1", severity));
        assert_eq!(refusal.code, RefusalCode::FindingExists);
    }
    assert_eq!(
        scene.refused(resolve("b2")).code,
        RefusalCode::FindingUnknown
    );
    scene.ok(resolve("b1"));
    assert_eq!(
        scene.refused(resolve("b1")).code,
        RefusalCode::FindingResolved
    );
    assert_eq!(
        scene.refused(blocker("b1")).code,
        RefusalCode::FindingExists
    );
}

#[test]
fn a_findings_id_is_printable_and_bounded() {
    let long = "i".repeat(1_001);
    for id in ["", "a\nb", "\u{7f}", "\u{85}", &long] {
        let refusal = Scene::new().refused(blocker(id));
        assert_eq!(refusal.code, RefusalCode::InvalidId, "{id:?}");
    }
    let longest = "i".repeat(1_000);
    for id in ["a b", "ü🦀", " ", &longest] {
        Scene::new().ok(blocker(id));
    }
}

#[test]
fn a_full_epoch_refuses_findings_and_still_resolves_them() {
    let mut scene = Scene::at(P10);
    let long = |id: usize| {
        Event::RecordFinding(NewFinding {
            finding_id: format!("b{id}"),
            severity: Blocker,
            summary: "\u{1}".repeat(4_096),
            slice_id: None,
            reported_by: String::new(),
        })
    };
    let recorded = (0..1_000).take_while(|id| scene.send(Message::internal(long(*id))).is_ok());
    let recorded = recorded.count();
    assert!((2..50).contains(&recorded), "{recorded}");
    assert_eq!(
        scene.refused(long(recorded + 1)).code,
        RefusalCode::EpochFull
    );
    for id in 0..recorded {
        scene.ok(Event::ResolveFinding(FindingResolved {
            finding_id: format!("b{id}"),
            resolution: "\u{1}".repeat(4_096),
            resolved_by: "\u{1}".repeat(4_096),
        }));
    }
    assert_eq!(scene.state().blocker_count(), 0);
    scene.accept_all();
    scene.ok(advance(P11));
}
