//! Request ids: a repeated message is harmless, a reused id is refused.

use super::*;

/// An applied message, a refused one, and an advance that was refused.
fn messages() -> [Message; 4] {
    [
        identified("vote", "v", vote(Correctness, Accept)),
        identified("unknown", "u", resolve("b9")),
        identified("early", "e", advance(P9)),
        identified("next", "n", advance(P2)),
    ]
}

#[test]
fn the_outcome_is_stored_under_the_id() {
    let mut scene = Scene::new();
    for message in messages() {
        let answer = scene.send(message.clone());
        let id = message.envelope.request_id.unwrap();
        let kept = scene.outcome(&id).unwrap().clone();
        let wanted = OutcomeRecord {
            request_id: id.clone(),
            fingerprint: message.envelope.fingerprint,
            refusal: answer.err().map(|refused| refused.refusal),
            note: kept.note.clone(),
            phase: scene.state().phase,
        };
        assert_eq!(kept, wanted);
        assert_eq!(kept.note.is_some(), id == "vote");
    }
    assert_eq!(scene.state().inbox.outcomes.total(), 4);
    assert!(scene.outcome("never").is_none());
}

#[test]
fn the_same_message_again_gets_the_first_outcome_and_changes_nothing() {
    let mut scene = Scene::new();
    let mut first = Vec::new();
    for message in messages() {
        first.push(
            scene
                .send(message)
                .map(|_| ())
                .map_err(|refused| refused.refusal),
        );
    }
    let after = scene.state().clone();
    for _ in 0..3 {
        for (message, first) in messages().into_iter().zip(&first) {
            match (scene.send(message), first) {
                (Ok(effects), Ok(())) => assert_eq!(effects, []),
                (Err(again), Err(first)) => {
                    assert_eq!(again.refusal, *first);
                    assert_eq!(again.effects, []);
                }
                (again, first) => panic!("{again:?} after {first:?}"),
            }
        }
    }
    assert_eq!(*scene.state(), after);
}

#[test]
fn a_refusal_stands_even_when_the_message_would_be_accepted_by_now() {
    let mut scene = Scene::at(P4);
    let early = identified("r1", "f", advance(P5));
    scene.send(early.clone()).unwrap_err();
    scene.accept_all();
    assert_eq!(scene.available(), [P5, P3]);
    let again = scene.send(early).unwrap_err();
    assert_eq!(again.refusal.code, RefusalCode::ConsensusMissing);
    assert_eq!(scene.state().phase, P4);
    scene.send(identified("r2", "f", advance(P5))).unwrap();
}

#[test]
fn an_acceptance_stands_even_when_the_message_would_be_refused_by_now() {
    let mut scene = Scene::new();
    scene.send(identified("r1", "f", advance(P2))).unwrap();
    scene.ok(advance(P3));
    assert_eq!(scene.send(identified("r1", "f", advance(P2))), Ok(vec![]));
    assert_eq!(scene.state().phase, P3);
}

#[test]
fn another_content_under_a_used_id_is_refused_and_the_first_outcome_stands() {
    let mut scene = Scene::new();
    for message in messages() {
        let answer = scene.send(message.clone());
        let id = message.envelope.request_id.clone().unwrap();
        let kept = scene.outcome(&id).cloned();
        let before = scene.state().clone();
        let other = identified(&id, "other", message.event.clone());
        let reused = scene.send(other.clone()).unwrap_err();
        assert_eq!(reused.refusal.code, RefusalCode::RequestIdReused);
        assert_only_the_refusal(&before, scene.state(), &other, &reused);
        assert_eq!(scene.state().inbox.outcomes, before.inbox.outcomes);
        assert_eq!(scene.outcome(&id).cloned(), kept);
        // The first message is still answered as before.
        let again = scene
            .send(message)
            .map(|_| ())
            .map_err(|refused| refused.refusal);
        assert_eq!(again, answer.map(|_| ()).map_err(|refused| refused.refusal));
    }
}

#[test]
fn messages_without_an_id_are_each_their_own() {
    for message in [
        by("ann", vote(Elegance, Accept)),
        identified("", "f", vote(Elegance, Accept)),
    ] {
        let mut scene = Scene::new();
        for _ in 0..2 {
            scene.send(message.clone()).unwrap();
        }
        assert_eq!(scene.state().audit_entries, 3);
        assert_eq!(scene.state().inbox.outcomes.total(), 0);
    }
}

#[test]
fn a_request_id_has_at_most_200_bytes() {
    let mut scene = Scene::new();
    scene
        .send(identified(&"i".repeat(200), "f", vote(Elegance, Accept)))
        .unwrap();
    assert_eq!(scene.state().inbox.outcomes.total(), 1);
    let before = scene.state().clone();
    let long = identified(&"i".repeat(201), "f", advance(P2));
    let refused = scene.send(long.clone()).unwrap_err();
    assert_eq!(refused.refusal.code, RefusalCode::TooLong);
    assert!(refused.refusal.why.contains("201"), "{}", refused.refusal);
    assert_only_the_refusal(&before, scene.state(), &long, &refused);
    assert_eq!(
        scene.state().inbox.outcomes,
        before.inbox.outcomes,
        "there is no id to keep it under"
    );
}

#[test]
fn a_repeat_is_answered_after_the_end_too() {
    let mut scene = Scene::at(P12);
    let last = identified("last", "f", advance(Complete));
    scene.send(last.clone()).unwrap();
    assert_eq!(scene.send(last), Ok(vec![]));
    let vote = identified("late", "f", vote(Correctness, Accept));
    let first = scene.send(vote.clone()).unwrap_err();
    assert_eq!(first.refusal.code, RefusalCode::Complete);
    assert_eq!(scene.send(vote).unwrap_err().refusal, first.refusal);
}

#[test]
fn an_id_is_known_through_511_other_messages() {
    let mut scene = Scene::new();
    let first = identified("first", "f", blocker("b1"));
    scene.send(first.clone()).unwrap();
    for n in 0..511 {
        let id = format!("3f2b8c1e-7d44-4a55-9b0a-{n:012}");
        scene
            .send(identified(
                &id,
                "0123456789abcdef0123456789abcdef",
                vote(Elegance, Accept),
            ))
            .unwrap();
    }
    assert_eq!(scene.send(first.clone()), Ok(vec![]));
    scene
        .send(identified("one more", "f", vote(Elegance, Accept)))
        .unwrap();
    assert_eq!(scene.state().inbox.outcomes.iter().len(), 512);
    assert_eq!(scene.state().inbox.outcomes.total(), 513);
    assert!(scene.outcome("first").is_none());
}
