//! What every trail must do, in one suite that each backend runs. It knows no backend;
//! what only one of them promises is tested beside it.

pub(super) mod reading;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use super::{AuditTrail, Recorded};
use crate::contract::audit::{AuditEvent, AuditFilter};
use crate::contract::time::WireTime;
use crate::protocol::effect::EventType;
use crate::protocol::{PhaseId, RoleId, Timestamp, Word};

/// An ordinary event, the `n`th of an epoch.
pub(super) fn event(epoch_id: &str, n: usize) -> AuditEvent {
    AuditEvent {
        epoch_id: epoch_id.to_owned(),
        event_type: EventType::ALL[n % EventType::ALL.len()],
        phase: PhaseId::ALL[n % PhaseId::ALL.len()],
        role: RoleId::ALL[n % RoleId::ALL.len()],
        payload: serde_json::from_value(json!({ "n": n, "why": "tests pass" })).unwrap(),
        event_id: Some(format!("run-of-{epoch_id}:{n}")),
        occurred_at: Some(at(n)),
        actor: Some("reviewer-1".to_owned()),
        workflow_id: Some(epoch_id.to_owned()),
        run_id: Some(format!("run-of-{epoch_id}")),
    }
}

/// The `n`th microsecond of a year.
fn at(n: usize) -> WireTime {
    let micros = 1_767_225_600_000_000 + i64::try_from(n).unwrap();
    WireTime(Timestamp::from_micros(micros))
}

/// Several of them.
pub(super) fn events(epoch_id: &str, numbers: std::ops::Range<usize>) -> Vec<AuditEvent> {
    numbers.map(|n| event(epoch_id, n)).collect()
}

/// All that a trail holds.
pub(super) fn all(trail: &dyn AuditTrail) -> Vec<AuditEvent> {
    trail.query(&AuditFilter::default()).unwrap()
}

/// The answer to a batch of new events.
pub(super) fn written(written: usize) -> Recorded {
    Recorded {
        written,
        ..Recorded::default()
    }
}

/// Runs everything, each time on a new, empty trail.
pub(super) fn suite(make: impl Fn() -> Box<dyn AuditTrail>) {
    let behaviours: [fn(&dyn AuditTrail); 14] = [
        begins_empty,
        keeps_the_order,
        filters_by_all_that_is_named,
        skips_what_is_repeated,
        reports_conflicts_and_writes_the_rest,
        keeps_the_first_time,
        knows_ids_within_a_batch,
        takes_events_without_an_id_again,
        keeps_every_text,
        keeps_every_payload,
        keeps_what_is_absent,
        keeps_every_word,
        holds_many_rows,
        serves_many_at_once,
    ];
    for behaviour in behaviours {
        behaviour(&*make());
    }
}

fn begins_empty(trail: &dyn AuditTrail) {
    trail.check().unwrap();
    assert_eq!(all(trail), []);
    assert_eq!(trail.record(&[]).unwrap(), Recorded::default());
    assert_eq!(all(trail), []);
}

fn keeps_the_order(trail: &dyn AuditTrail) {
    // Of several epochs, in batches, and neither by id nor by time.
    let first = vec![event("b", 7), event("a", 3), event("b", 1)];
    let second = vec![event("a", 0), event("c", 9), event("b", 0)];
    assert_eq!(trail.record(&first).unwrap(), written(3));
    assert_eq!(trail.record(&second).unwrap(), written(3));
    assert_eq!(all(trail), [first, second].concat());

    let of_b = AuditFilter {
        epoch_id: Some("b".to_owned()),
        ..AuditFilter::default()
    };
    assert_eq!(
        trail.query(&of_b).unwrap(),
        [event("b", 7), event("b", 1), event("b", 0)]
    );
}

fn filters_by_all_that_is_named(trail: &dyn AuditTrail) {
    let there = [events("a", 0..80), events("b", 0..80)].concat();
    trail.record(&there).unwrap();
    let epochs = [
        None,
        Some("a".to_owned()),
        Some("nowhere".to_owned()),
        Some(String::new()),
    ];
    reading::filters(trail, &there, &epochs);
}

fn skips_what_is_repeated(trail: &dyn AuditTrail) {
    let batch = events("a", 0..3);
    trail.record(&batch).unwrap();
    let repeated = Recorded {
        repeated: 3,
        ..Recorded::default()
    };
    assert_eq!(trail.record(&batch).unwrap(), repeated);

    // A batch that overlaps what is there: only the rest is written.
    let overlapping = trail.record(&events("a", 1..5)).unwrap();
    assert_eq!(
        overlapping,
        Recorded {
            written: 2,
            repeated: 2,
            ..Recorded::default()
        }
    );
    assert_eq!(all(trail), events("a", 0..5));
}

fn reports_conflicts_and_writes_the_rest(trail: &dyn AuditTrail) {
    trail.record(&events("a", 0..2)).unwrap();
    // Each of an event's parts but its time makes it another event.
    let changes: [fn(&mut AuditEvent); 8] = [
        |event| event.epoch_id.push('x'),
        |event| event.event_type = EventType::EpochCompleted,
        |event| event.phase = PhaseId::P12,
        |event| event.role = RoleId::Worker,
        |event| drop(event.payload.insert("why".to_owned(), json!("tests fail"))),
        |event| event.actor = Some(String::new()),
        |event| event.workflow_id = None,
        |event| event.run_id = Some("another".to_owned()),
    ];
    for (n, change) in changes.iter().enumerate() {
        let mut other = event("a", 0);
        change(&mut other);
        let recorded = trail.record(&[other, event("b", n)]).unwrap();
        let conflicting = vec!["run-of-a:0".to_owned()];
        assert_eq!(
            recorded,
            Recorded {
                written: 1,
                repeated: 0,
                conflicting
            },
            "change {n}"
        );
    }
    assert_eq!(all(trail), [events("a", 0..2), events("b", 0..8)].concat());
}

fn keeps_the_first_time(trail: &dyn AuditTrail) {
    trail.record(&events("a", 0..1)).unwrap();
    for time in [None, Some(at(7))] {
        let mut again = event("a", 0);
        again.occurred_at = time;
        let repeated = Recorded {
            repeated: 1,
            ..Recorded::default()
        };
        assert_eq!(trail.record(&[again]).unwrap(), repeated);
    }
    assert_eq!(all(trail), events("a", 0..1));
}

fn knows_ids_within_a_batch(trail: &dyn AuditTrail) {
    let mut other = event("a", 0);
    other.actor = None;
    let recorded = trail
        .record(&[event("a", 0), event("a", 0), other, event("a", 1)])
        .unwrap();
    let conflicting = vec!["run-of-a:0".to_owned()];
    assert_eq!(
        recorded,
        Recorded {
            written: 2,
            repeated: 1,
            conflicting
        }
    );
    assert_eq!(all(trail), events("a", 0..2));
}

fn takes_events_without_an_id_again(trail: &dyn AuditTrail) {
    let mut nameless = event("a", 0);
    nameless.event_id = None;
    assert_eq!(
        trail.record(&[nameless.clone(), nameless.clone()]).unwrap(),
        written(2)
    );
    assert_eq!(trail.record(&[nameless.clone()]).unwrap(), written(1));
    assert_eq!(all(trail), vec![nameless; 3]);
}

fn keeps_every_text(trail: &dyn AuditTrail) {
    let texts = [
        "",
        " ",
        "O'Reilly \"quoted\" `ticked` \\ back",
        "'); DROP TABLE audit_events; --",
        "Größe 名前 🦀 e\u{301} \u{202e}",
        "line\nline\r\n\ttab",
        "a\0b",
        "\u{1}\u{7f}\u{feff}\u{ffff}",
        "NULL",
        "%_*?",
        "123",
    ];
    let there: Vec<AuditEvent> = (0..)
        .zip(texts)
        .map(|(n, text)| {
            let mut event = event(text, n);
            event.event_id = Some(format!("{text}:{n}"));
            event.payload = serde_json::from_value(json!({ text: [text, { "": text }] })).unwrap();
            event.actor = Some(text.to_owned());
            event.workflow_id = Some(text.to_owned());
            event.run_id = Some(text.to_owned());
            event
        })
        .collect();
    assert_eq!(trail.record(&there).unwrap(), written(texts.len()));
    assert_eq!(trail.record(&there).unwrap().repeated, texts.len());
    assert_eq!(all(trail), there);
    for (n, text) in texts.into_iter().enumerate() {
        let filter = AuditFilter {
            epoch_id: Some(text.to_owned()),
            ..AuditFilter::default()
        };
        assert_eq!(
            trail.query(&filter).unwrap(),
            [there[n].clone()],
            "{text:?}"
        );
    }
}

fn keeps_every_payload(trail: &dyn AuditTrail) {
    let payloads = [
        json!({}),
        json!({ "null": null, "yes": true, "list": [], "deep": { "er": { "": [[{}]] } } }),
        json!({ "numbers": [0, -1, u64::MAX, i64::MIN, 0.1, -0.0, 1e300, 1.0] }),
        json!({ "z": 1, "a": 2, "Z": 3, "ä": 4 }),
        json!({ "long": "x".repeat(200_000) }),
    ];
    let there: Vec<AuditEvent> = (0..)
        .zip(payloads)
        .map(|(n, payload)| AuditEvent {
            payload: serde_json::from_value(payload).unwrap(),
            ..event("a", n)
        })
        .collect();
    trail.record(&there).unwrap();
    assert_eq!(trail.record(&there).unwrap().repeated, there.len());
    assert_eq!(all(trail), there);
}

fn keeps_what_is_absent(trail: &dyn AuditTrail) {
    let bare = AuditEvent {
        event_id: None,
        occurred_at: None,
        actor: None,
        workflow_id: None,
        run_id: None,
        ..event("a", 0)
    };
    // Absent and empty are two things, and so are no time and the first moment there is.
    let empty = AuditEvent {
        event_id: Some(String::new()),
        occurred_at: Some(WireTime::default()),
        actor: Some(String::new()),
        workflow_id: Some(String::new()),
        run_id: Some(String::new()),
        ..event("a", 1)
    };
    let with_id = AuditEvent {
        event_id: Some("x".to_owned()),
        ..bare.clone()
    };
    let there = [bare, empty, with_id.clone()];
    trail.record(&there).unwrap();
    assert_eq!(all(trail), there);
    // The time of writing, which stands in for an absent one, is no content.
    assert_eq!(trail.record(&[with_id]).unwrap().repeated, 1);
}

fn keeps_every_word(trail: &dyn AuditTrail) {
    let mut there = Vec::new();
    for (n, &event_type) in EventType::ALL.iter().enumerate() {
        there.push(AuditEvent {
            event_type,
            ..event("a", n)
        });
    }
    for (n, &phase) in PhaseId::ALL.iter().enumerate() {
        there.push(AuditEvent {
            phase,
            ..event("b", n)
        });
    }
    for (n, &role) in RoleId::ALL.iter().enumerate() {
        there.push(AuditEvent {
            role,
            ..event("c", n)
        });
    }
    trail.record(&there).unwrap();
    assert_eq!(all(trail), there);
}

fn holds_many_rows(trail: &dyn AuditTrail) {
    let there = events("a", 0..10_000);
    for batch in there.chunks(250) {
        assert_eq!(trail.record(batch).unwrap(), written(250));
    }
    assert_eq!(trail.record(&there[5_000..5_010]).unwrap().repeated, 10);
    assert!(all(trail) == there);
}

fn serves_many_at_once(trail: &dyn AuditTrail) {
    const WRITERS: usize = 8;
    const BATCHES: usize = 20;
    const BATCH: usize = 5;
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                // A batch is there whole or not at all.
                assert_eq!(all(trail).len() % BATCH, 0);
            }
        });
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn(move || {
                    let epoch = format!("epoch-{writer}");
                    for batch in 0..BATCHES {
                        let numbers = batch * BATCH..(batch + 1) * BATCH;
                        assert_eq!(
                            trail.record(&events(&epoch, numbers)).unwrap(),
                            written(BATCH)
                        );
                        // Two may write the same: one of them is the repetition.
                        trail
                            .record(&events("shared", batch * BATCH..(batch + 1) * BATCH))
                            .unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap();
    });

    let there = all(trail);
    let epochs: BTreeSet<&str> = there.iter().map(|event| event.epoch_id.as_str()).collect();
    assert_eq!(epochs.len(), WRITERS + 1);
    for epoch in epochs {
        let of_epoch: Vec<&AuditEvent> = there.iter().filter(|e| e.epoch_id == epoch).collect();
        let mut expected = events(epoch, 0..BATCHES * BATCH);
        // Each epoch's own writer keeps its order; the shared one's batches can overtake.
        let mut found: Vec<AuditEvent> = of_epoch.into_iter().cloned().collect();
        if epoch == "shared" {
            expected.sort_by(|a, b| a.event_id.cmp(&b.event_id));
            found.sort_by(|a, b| a.event_id.cmp(&b.event_id));
        }
        assert_eq!(found, expected);
    }
    // And a batch's rows stand together.
    for rows in there.chunks(BATCH) {
        assert!(rows.iter().all(|row| row.epoch_id == rows[0].epoch_id));
    }
}
