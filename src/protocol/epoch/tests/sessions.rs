//! Sessions: the first registration wins, the last ones are kept.

use super::*;
use crate::protocol::event::{RegisterSession, SessionNote};
use crate::protocol::phase::RoleId;
use crate::protocol::session::Registration;

fn registration(id: &str, model: &str) -> Registration {
    Registration {
        epoch_id: EPOCH.to_owned(),
        session_id: id.to_owned(),
        role: Some(RoleId::Worker),
        model_harness: "claude-code".to_owned(),
        model: model.to_owned(),
    }
}

fn register(id: &str) -> Event {
    Event::RegisterSession(RegisterSession(registration(id, "m")))
}

fn note(id: &str) -> SessionNote {
    SessionNote {
        session_id: id.to_owned(),
        reason: "done".to_owned(),
    }
}

fn active(scene: &Scene) -> Vec<&str> {
    scene
        .state()
        .sessions
        .active
        .iter()
        .map(|s| &*s.registration.session_id)
        .collect()
}

#[test]
fn sessions_are_kept_in_order_of_arrival() {
    let mut scene = Scene::new();
    for id in ["s2", "s1", "s3"] {
        assert_eq!(brief(&scene.ok(register(id))), ["session_registered"]);
    }
    assert_eq!(active(&scene), ["s2", "s1", "s3"]);
    let first = &scene.state().sessions.active[0];
    assert_eq!(first.registration, registration("s2", "m"));
    assert_eq!(
        (first.registered_at, first.last_seen),
        (moment(1), moment(1))
    );
}

#[test]
fn the_first_registration_wins() {
    let mut scene = Scene::new();
    scene.ok(register("s1"));
    let again = Event::RegisterSession(RegisterSession(registration("s1", "another")));
    let noted = scene.note(again.clone()).unwrap();
    assert!(noted.contains("first"), "{noted}");
    assert_eq!(scene.ok(again), [], "it is not audited twice");
    assert_eq!(scene.state().sessions.active.len(), 1);
    assert_eq!(scene.state().sessions.total, 1);
    assert_eq!(scene.state().sessions.active[0].registration.model, "m");
    assert_eq!(scene.state().sessions.active[0].registered_at, moment(1));
}

#[test]
fn a_session_of_another_epoch_is_refused() {
    for other in ["", "e2", "E1", "e1 "] {
        let said = Registration {
            epoch_id: other.to_owned(),
            ..registration("s1", "m")
        };
        let refusal = Scene::new().refused(Event::RegisterSession(RegisterSession(said)));
        assert_eq!(refusal.code, RefusalCode::EpochMismatch, "{other:?}");
    }
}

#[test]
fn a_session_id_has_a_length_and_no_control_characters() {
    let longest = "s".repeat(1_000);
    for (id, why) in [
        ("", "empty"),
        (&*format!("{longest}s"), "1001 bytes"),
        ("s\u{1b}[2J", "U+001B at byte 1"),
        ("s\n", "U+000A"),
    ] {
        let refusal = Scene::new().refused(register(id));
        assert_eq!(refusal.code, RefusalCode::InvalidId, "{id:?}");
        assert!(refusal.why.contains(why), "{refusal}");
    }
    for id in ["s", " ", "é", &*longest] {
        Scene::new().ok(register(id));
    }
}

#[test]
fn a_role_may_be_unspecified() {
    let mut scene = Scene::new();
    let said = Registration {
        role: None,
        ..registration("s1", "m")
    };
    scene.ok(Event::RegisterSession(RegisterSession(said)));
    assert_eq!(scene.state().sessions.active[0].registration.role, None);
}

#[test]
fn a_session_lives_until_it_ends() {
    let mut scene = Scene::new();
    scene.ok(register("s1"));
    scene.ok(register("s2"));
    assert_eq!(
        scene.ok(Event::HeartbeatSession(note("s1"))),
        [],
        "heartbeats are not audited"
    );
    assert_eq!(
        scene.state().sessions.find("s1").unwrap().last_seen,
        scene.now()
    );
    assert_eq!(
        brief(&scene.ok(Event::EndSession(note("s1")))),
        ["session_ended"]
    );
    assert_eq!(active(&scene), ["s2"]);
    for event in [
        Event::HeartbeatSession(note("s1")),
        Event::EndSession(note("s1")),
    ] {
        assert_eq!(scene.refused(event).code, RefusalCode::SessionUnknown);
    }
    scene.ok(register("s1"));
    assert_eq!(active(&scene), ["s2", "s1"]);
    assert_eq!(scene.state().sessions.total, 3);
}

#[test]
fn the_last_200_are_kept_and_the_stalest_makes_room() {
    let mut scene = Scene::new();
    // As long as what agents really send.
    let id = |n: usize| format!("3f2b8c1e-7d44-4a55-9b0a-{n:012}");
    for n in 0..200 {
        scene.ok(register(&id(n)));
    }
    assert_eq!(active(&scene).len(), 200);
    scene.ok(Event::HeartbeatSession(note(&id(0))));
    scene.ok(register(&id(200)));
    let kept = active(&scene);
    assert_eq!(kept.len(), 200);
    assert!(kept.contains(&&*id(0)), "it gave a sign of life");
    assert!(!kept.contains(&&*id(1)), "the stalest");
    assert_eq!(kept.last(), Some(&&*id(200)));
    assert_eq!(scene.state().sessions.total, 201);
    assert_eq!(
        scene.refused(Event::HeartbeatSession(note(&id(1)))).code,
        RefusalCode::SessionUnknown
    );
}
