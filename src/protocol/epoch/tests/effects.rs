//! What the outside is asked to do: in which order, and what the trail gets.

use super::*;
use crate::protocol::effect::Field;
use crate::protocol::phase::RoleId;

pub(super) fn field<'a>(entry: &'a AuditEntry, name: &str) -> &'a Field {
    let found = entry.payload.0.iter().find(|(key, _)| *key == name);
    &found
        .unwrap_or_else(|| panic!("no {name} in {:?}", entry.payload))
        .1
}

fn text(text: &str) -> Field {
    Field::Text(text.to_owned())
}

#[test]
fn a_start_publishes_and_is_audited() {
    let scene = Scene::new();
    assert_eq!(brief(&scene.effects), ["publish", "epoch_started"]);
    let entry = audits(&scene.effects)[0];
    assert_eq!(
        (entry.ordinal, entry.at, entry.phase, entry.role),
        (1, moment(0), P1, RoleId::Epoch)
    );
    assert_eq!(*field(entry, "request_description"), text("do it"));
}

#[test]
fn effects_come_in_the_order_to_perform_them() {
    // Attributes, audit, ends of children, their starts, the end.
    let mut scene = Scene::at(P8);
    scene.ok(plan(&["a"]));
    let cases = [
        (
            advance(P9),
            "publish, phase_transition, slice_started, start a #1",
        ),
        (report("a", 1, true), "slice_finished"),
        (
            advance(P10),
            "publish, constraint_check, phase_transition, review_opened, open p10 r1",
        ),
        (vote(Correctness, Accept), "vote_recorded"),
        (
            vote(TestQuality, Revise),
            "vote_recorded, review_closed, close p10 r1",
        ),
        (advance(P9), "publish, phase_transition"),
        (
            advance(P10),
            "publish, constraint_check, phase_transition, review_opened, open p10 r2",
        ),
        (vote(Correctness, Accept), "vote_recorded"),
        (
            advance(P9),
            "publish, phase_transition, review_closed, close p10 r2",
        ),
    ];
    for (event, wanted) in cases {
        let name = event.name().to_owned();
        assert_eq!(brief(&scene.ok(event)).join(", "), wanted, "{name}");
    }
}

#[test]
fn a_refused_advance_is_audited_and_nothing_else_is_asked() {
    let mut scene = Scene::at(P10);
    let refused = scene.send(Message::internal(advance(P11))).unwrap_err();
    assert_eq!(
        brief(&refused.effects),
        ["constraint_check", "advance_refused"]
    );
    let entry = audits(&refused.effects)[1];
    assert_eq!(entry.phase, P10);
    assert_eq!(*field(entry, "from_phase"), text("p10"));
    assert_eq!(*field(entry, "to_phase"), text("p11"));
    assert_eq!(*field(entry, "code"), text("consensus_missing"));
    assert_eq!(*field(entry, "error"), text(&refused.refusal.to_string()));
    let refused = scene.send(Message::internal(advance(P1))).unwrap_err();
    assert_eq!(brief(&refused.effects), ["advance_refused"]);
    let refused = scene.send(Message::internal(resolve("b1"))).unwrap_err();
    assert_eq!(refused.effects, []);
}

#[test]
fn a_transition_is_audited_with_the_phase_and_role_after_it() {
    let mut scene = Scene::at(P3);
    let effects = scene.send(by("ann", advance(P4))).unwrap();
    let entries = audits(&effects);
    let entry = entries[0];
    assert_eq!(entry.event_type, EventType::PhaseTransition);
    assert_eq!(
        (entry.phase, entry.role, entry.at),
        (P4, RoleId::Reviewer, scene.now())
    );
    assert_eq!(entry.actor.as_deref(), Some("ann"));
    for (name, wanted) in [
        ("from_phase", text("p3")),
        ("to_phase", text("p4")),
        ("triggered_by", text("tester")),
        ("condition_met", text("it is time")),
        ("override", Field::Null),
    ] {
        assert_eq!(*field(entry, name), wanted, "{name}");
    }
}

#[test]
fn an_override_is_recorded_with_its_reason() {
    let capped = Settings {
        max_rounds: Some(0),
        ..Settings::default()
    };
    let mut scene = Scene::with(capped).moved_to(P3);
    let effects = scene.ok(overriding(P4, "people agreed"));
    assert_eq!(
        *field(audits(&effects)[0], "override"),
        text("people agreed")
    );
}

#[test]
fn a_vote_is_audited_with_its_round_and_whether_it_counts() {
    for (phase, round, counted) in [(P4, Field::Number(1), true), (P5, Field::Null, false)] {
        let mut scene = Scene::at(phase);
        let effects = scene.ok(vote(Elegance, Revise));
        let entry = audits(&effects)[0];
        assert_eq!(*field(entry, "axis"), text("elegance"));
        assert_eq!(*field(entry, "vote"), text("REVISE"));
        assert_eq!(*field(entry, "reviewer_id"), text("elegance-reviewer"));
        assert_eq!(
            (field(entry, "round"), field(entry, "counted")),
            (&round, &Field::Bool(counted))
        );
    }
}

#[test]
fn a_constraint_check_names_each_violation() {
    let mut scene = Scene::at(P10);
    scene.ok(blocker("b1"));
    let refused = scene.send(Message::internal(advance(P11))).unwrap_err();
    let ids = ["C-review-consensus", "C-worker-gates"].map(str::to_owned);
    assert_eq!(
        *field(audits(&refused.effects)[0], "constraint_ids"),
        Field::List(ids.into())
    );
}

#[test]
fn audit_entries_are_numbered_without_gaps_through_refusals_too() {
    let mut scene = Scene::at(P4);
    for event in [
        advance(P5),
        advance(P9),
        resolve("none"),
        vote(Correctness, Revise),
        blocker("b1"),
        Event::Malformed {
            message: "x".to_owned(),
            why: "y".to_owned(),
        },
        advance(P3),
        advance(P4),
        cancel(),
        Event::SettleCancel,
    ] {
        let _ = scene.send(Message::internal(event));
    }
    let ordinals: Vec<u64> = audits(&scene.effects)
        .iter()
        .map(|entry| entry.ordinal)
        .collect();
    let wanted: Vec<u64> = (1..=ordinals.len() as u64).collect();
    assert_eq!(ordinals, wanted);
    assert_eq!(scene.state().audit_entries, ordinals.len() as u64);
    let last = audits(&scene.effects).last().unwrap().event_type;
    assert_eq!(scene.state().last_event_type, Some(last));
}

#[test]
fn attributes_are_published_by_advances_and_ends_alone() {
    let mut scene = Scene::at(P9);
    for event in [
        plan(&["a"]),
        vote(Elegance, Accept),
        blocker("b1"),
        report("a", 1, true),
    ] {
        assert!(!scene.ok(event).contains(&Effect::PublishAttributes));
    }
    assert!(scene.ok(advance(P10)).contains(&Effect::PublishAttributes));
    let refused = scene.send(Message::internal(advance(P11))).unwrap_err();
    assert!(!refused.effects.contains(&Effect::PublishAttributes));
}
