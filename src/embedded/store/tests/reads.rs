//! Histories in parts, and runs by name.

use proptest::prelude::*;
use rusqlite::StatementStatus;

use super::*;

const ALL: Limit = Limit {
    events: usize::MAX,
    bytes: usize::MAX,
};

fn ids(events: &[HistoryEvent]) -> Vec<i64> {
    events.iter().map(|event| event.event_id).collect()
}

/// A limit of events alone.
fn at_most(events: usize) -> Limit {
    Limit { events, ..ALL }
}

#[test]
fn a_history_is_read_from_any_event_in_both_directions() {
    let place = Place::new();
    let store = place.store();
    store.write(vec![
        // Others beside it.
        batch(6, 1, 9),
        batch(8, 1, 9),
        batch(7, 1, 3),
        batch(7, 4, 4),
        batch(7, 5, 9),
    ]);
    let forwards = |from, limit| store.events(7, from, limit).unwrap();
    assert_eq!(forwards(1, ALL), (1..=9).map(event).collect::<Vec<_>>());
    assert_eq!(ids(&forwards(2, at_most(4))), [2, 3, 4, 5]);
    assert_eq!(ids(&forwards(9, ALL)), [9]);
    assert_eq!(ids(&forwards(10, ALL)), [0; 0]);
    assert_eq!(ids(&forwards(0, at_most(1))), [1]);

    let backwards = |from, limit| ids(&store.events_backwards(7, from, limit).unwrap());
    assert_eq!(backwards(i64::MAX, ALL), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(backwards(6, at_most(4)), [6, 5, 4, 3]);
    assert_eq!(backwards(1, ALL), [1]);
    assert_eq!(backwards(0, ALL), [0; 0]);

    let one = event(4).encoded_len();
    let bytes = |bytes| Limit { bytes, ..ALL };
    assert_eq!(ids(&forwards(1, bytes(3 * one))), [1, 2, 3]);
    assert_eq!(ids(&forwards(1, bytes(3 * one - 1))), [1, 2]);
    // Whoever asks for one page after the other gets to the end.
    assert_eq!(ids(&forwards(4, bytes(0))), [4]);
    assert_eq!(ids(&forwards(4, at_most(0))), [4]);
    assert_eq!(backwards(4, bytes(0)), [4]);

    for id in 1..=9 {
        assert_eq!(store.event(7, id).unwrap(), Some(event(id)));
    }
    assert_eq!(store.event(7, 0).unwrap(), None);
    assert_eq!(store.event(7, 10).unwrap(), None);
    assert_eq!(store.event(9, 1).unwrap(), None);
}

#[test]
fn the_current_run_is_the_open_one_else_the_newest() {
    let place = Place::new();
    let store = place.store();
    let run = |key, status| {
        Write::Run(RunRow {
            workflow_id: "same".to_owned(),
            ..row(key, status)
        })
    };
    let current = || store.current("default", "same").unwrap().map(|row| row.key);
    assert_eq!(current(), None);
    store.write(vec![
        run(1, COMPLETED),
        run(3, COMPLETED),
        run(2, COMPLETED),
    ]);
    assert_eq!(current(), Some(3));
    store.write(vec![run(2, RUNNING)]);
    assert_eq!(current(), Some(2));
    assert_eq!(store.current("other", "same").unwrap(), None);
    assert_eq!(store.current("default", "sam").unwrap(), None);
}

#[test]
fn what_is_read_often_is_found_by_an_index() {
    let place = Place::new();
    let store = place.store();
    let plan = |sql: &str| -> String {
        let sql = format!("EXPLAIN QUERY PLAN {}", sql.replace('?', "'x' || "));
        let steps = |file: &Connection| {
            file.prepare(&sql)?
                .query_map([], |row| row.get::<_, String>(3))?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        store.with_reader(steps).unwrap().join("; ")
    };
    let current = plan(&format!("SELECT {}", read::CURRENT_KEY));
    assert!(
        current.contains("USING COVERING INDEX run_open"),
        "{current}"
    );
    assert!(
        current.contains("USING COVERING INDEX run_by_id"),
        "{current}"
    );
    let open = plan(&format!("SELECT {RUN_COLUMNS} {}", load::OPEN_RUNS));
    assert!(open.contains("USING INDEX run_open"), "{open}");
    let expired = plan(read::EXPIRED);
    assert!(expired.contains("INDEX run_by_close"), "{expired}");
    assert!(!expired.contains("B-TREE"), "{expired}");
}

#[test]
fn more_readers_than_connections_take_turns() {
    let place = Place::new();
    let store = place.store();
    store.write(vec![batch(1, 1, 5)]);
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(ids(&store.events(1, 4, ALL).unwrap()), [4, 5]);
                    // One that fails takes no turn away.
                    assert!(store.with_reader(|file| file.execute("bad", [])).is_err());
                }
            });
        }
    });
    let written = store.with_reader(|file| file.execute("DELETE FROM event", []));
    assert!(
        matches!(written, Err(Error::ReadOnly { .. })),
        "{written:?}"
    );
    assert_eq!(count(&store, "event"), 1);
    store.close().unwrap();
    assert!(matches!(store.event(1, 1), Err(Error::Closed { .. })));
}

#[test]
fn a_batch_that_is_no_history_is_a_damage() {
    let place = Place::new();
    let store = place.store();
    store.write(vec![Write::Events(Batch {
        run: 1,
        first_id: 1,
        last_id: 1,
        data: vec![0xff; 9],
    })]);
    let read = store.events(1, 1, ALL);
    assert!(matches!(read, Err(Error::Damaged { .. })), "{read:?}");
}

proptest! {
    #![proptest_config(model::cases(4))]

    #[test]
    fn pages_are_parts_of_the_history(
        sizes in prop::collection::vec(1_i64..5, 1..12),
        from in 0_i64..50,
        events in 1_usize..10,
        bytes in 0_usize..60,
    ) {
        let place = Place::new();
        let (store, _) = place.open_quickly();
        let mut length = 0;
        let batches = sizes.iter().map(|size| {
            length += size;
            batch(1, length - size + 1, length)
        });
        store.write(batches.collect());
        let all: Vec<i64> = (1..=length).collect();
        let cut = |ids: Vec<i64>| {
            let mut used = 0;
            let fits = |(n, id): &(usize, i64)| {
                used += event(*id).encoded_len();
                *n == 0 || (*n < events && used <= bytes)
            };
            ids.into_iter().enumerate().take_while(fits).map(|(_, id)| id).collect::<Vec<_>>()
        };
        let limit = Limit { events, bytes };
        let forwards = cut(all.iter().copied().filter(|id| *id >= from).collect());
        prop_assert_eq!(ids(&store.events(1, from, limit).unwrap()), forwards);
        let backwards = cut(all.iter().rev().copied().filter(|id| *id <= from).collect());
        prop_assert_eq!(ids(&store.events_backwards(1, from, limit).unwrap()), backwards);
    }
}

#[test]
fn no_statement_is_compiled_anew_for_other_values() {
    let place = Place::new();
    let store = place.store();
    store.write((1..=9).map(|id| batch(7, id, id)).collect());
    let file = file::open_to_read(&place.path()).unwrap();
    for number in 1..=9_u8 {
        let from_id = i64::from(number);
        let read = read::events(&file, 7, from_id, ALL).unwrap();
        assert_eq!(read.len(), 10 - usize::from(number));
        assert_eq!(
            read::expired(&file, from_id, number.into()).unwrap(),
            [0; 0]
        );
    }
    for sql in [read::EVENTS, read::EXPIRED] {
        let statement = file.prepare_cached(sql).unwrap();
        assert_eq!(statement.get_status(StatementStatus::Run), 9, "{sql}");
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{sql}");
    }
}
