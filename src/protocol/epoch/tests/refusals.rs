//! What a refusal says and what is recorded of it.

use super::*;
use crate::protocol::slice::SliceRequest;

/// A refusal of every code that `apply` can give, as a scene and the event it refuses.
fn refused_events() -> Vec<(RefusalCode, Scene, Event)> {
    use RefusalCode as Code;
    let malformed = Event::Malformed {
        message: "submit_vote".to_owned(),
        why: "no axis".to_owned(),
    };
    let with_slice = || {
        let mut scene = Scene::at(P9);
        scene.ok(plan(&["a"]));
        scene
    };
    let mut resolved = Scene::new();
    resolved.ok(blocker("b1"));
    let mut capped = Scene::with(Settings {
        max_rounds: Some(0),
        ..Settings::default()
    });
    capped.ok(advance(P2));
    capped.ok(advance(P3));
    let mut cancelling = Scene::new();
    cancelling.ok(cancel());
    let mut blocked = Scene::at(P10);
    blocked.accept_all();
    blocked.ok(blocker("b1"));
    let named = |id: &str| Event::StartSlice(SliceRequest { ..request(id, &[]) });
    let mut twice = resolved.clone();
    twice.ok(resolve("b1"));
    vec![
        (Code::Malformed, Scene::new(), malformed),
        (Code::TooLong, Scene::new(), blocker(&"x".repeat(5_000))),
        (Code::InvalidId, Scene::at(P8), named("a-slice-b")),
        (Code::Complete, Scene::at(Complete), vote(Elegance, Accept)),
        (Code::Cancelling, cancelling, vote(Elegance, Accept)),
        (Code::TransitionNotAllowed, Scene::new(), advance(P9)),
        (Code::ConsensusMissing, Scene::at(P4), advance(P5)),
        (Code::BlockersOpen, blocked, advance(P11)),
        (Code::SlicesUnfinished, with_slice(), advance(P10)),
        (Code::MaxRounds, capped, advance(P4)),
        (
            Code::RoundClosed,
            Scene::new(),
            cast(Elegance, Accept, Some(1)),
        ),
        (Code::FindingUnknown, Scene::new(), resolve("b1")),
        (Code::FindingExists, resolved, blocker("b1")),
        (Code::FindingResolved, twice, resolve("b1")),
        (Code::WrongPhase, Scene::new(), plan(&["a"])),
        (Code::SliceExists, with_slice(), plan(&["a"])),
        (Code::SliceUnknown, with_slice(), waive("z")),
        (Code::SliceState, with_slice(), waive("a")),
        (Code::DependencyUnknown, with_slice(), plan(&["b<z"])),
        (Code::DependencyCycle, with_slice(), plan(&["b<c", "c<b"])),
    ]
}

#[test]
fn every_refusal_has_its_code_and_four_sentences() {
    for (code, mut scene, event) in refused_events() {
        let refusal = scene.refused(event);
        assert_eq!(refusal.code, code, "{refusal}");
        let sentences = [&refusal.what, &refusal.why, &refusal.impact, &refusal.fix];
        for sentence in sentences {
            assert!(
                !sentence.is_empty() && !sentence.contains("  "),
                "{code}: {sentence:?}"
            );
        }
        assert_eq!(
            refusal.to_string(),
            format!("{}: {}", refusal.what, refusal.why)
        );
    }
}

#[test]
fn every_refusal_is_recorded_with_its_time_and_actor() {
    for (code, mut scene, event) in refused_events() {
        let before = scene.state().inbox.refusals.total();
        let refused = scene.send(by("somebody", event)).unwrap_err();
        let record = scene.state().inbox.refusals.last().unwrap();
        assert_eq!(
            (record.at, record.actor.as_deref()),
            (scene.now(), Some("somebody"))
        );
        assert_eq!(record.refusal, refused.refusal);
        assert_eq!(scene.state().inbox.refusals.total(), before + 1, "{code}");
    }
}

#[test]
fn the_last_100_refusals_are_kept() {
    let mut scene = Scene::new();
    for n in 0..150 {
        scene.refused(resolve(&format!("finding-{n}")));
    }
    assert_eq!(scene.state().inbox.refusals.iter().len(), 100);
    assert_eq!(scene.state().inbox.refusals.total(), 150);
    assert!(
        scene
            .state()
            .inbox
            .refusals
            .last()
            .unwrap()
            .refusal
            .what
            .contains("finding-149")
    );
}

#[test]
fn a_refusal_from_outside_the_rules_is_recorded_alike_and_keeps_the_first_outcome() {
    let mut scene = Scene::new();
    let message = |id: &str| identified(id, "f", vote(Elegance, Accept));
    let fault = Refusal::internal("submit_vote");
    let before = scene.state().clone();
    scene.epoch.refuse(moment(1), message("r1"), fault.clone());
    assert_eq!(
        *scene.state(),
        State {
            inbox: scene.state().inbox.clone(),
            ..before
        }
    );
    assert_eq!(scene.outcome("r1").unwrap().refusal, Some(fault.clone()));
    assert_eq!(scene.state().inbox.refusals.last().unwrap().refusal, fault);
    scene.send(message("r2")).unwrap();
    scene.epoch.refuse(moment(2), message("r2"), fault);
    assert_eq!(
        scene.outcome("r2").unwrap().refusal,
        None,
        "the first outcome stands"
    );
}

#[test]
fn what_people_wrote_is_quoted_but_not_at_length() {
    let long = "é".repeat(4_000);
    let mut scene = Scene::new();
    let events = [
        Event::Malformed {
            message: long.clone(),
            why: long.clone(),
        },
        resolve(&long[..4_000]),
        waive(&long[..4_000]),
        blocker(&long[..4_000]),
        Event::LoseSlice(crate::protocol::event::SliceLost {
            slice_id: long.clone(),
            attempt: 1,
            why: long.clone(),
        }),
    ];
    for event in events {
        let _ = scene.send(by(&long, event));
    }
    for record in scene.state().inbox.refusals.iter() {
        let refusal = &record.refusal;
        for text in [&refusal.what, &refusal.why, &refusal.impact, &refusal.fix] {
            assert!(text.len() < 1_100, "{} bytes", text.len());
        }
        assert!(record.actor.as_ref().unwrap().len() <= 256);
    }
    assert_eq!(scene.state().inbox.refusals.total(), 4);
}
