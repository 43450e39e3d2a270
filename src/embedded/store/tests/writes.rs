//! Every write, after the file was closed and opened again.

use crate::embedded::store::load::OpenRun;
use std::collections::BTreeMap;

use super::*;

type Columns = (Option<String>, Option<i64>, Option<f64>);

#[test]
fn everything_is_found_again() {
    let place = Place::new();
    let (store, loaded) = place.open();
    assert_eq!(
        loaded,
        Loaded {
            next_key: 1,
            ..Loaded::default()
        }
    );
    let full = RunRow {
        parent_workflow_id: Some("parent".to_owned()),
        parent_run_id: Some("parent-run".to_owned()),
        history_length: 5,
        history_size: 99,
        ..row(3, RUNNING)
    };
    let item = |kind, id, data: Option<&[u8]>| Write::Item {
        run: 3,
        kind,
        id,
        data: data.map(<[u8]>::to_vec),
    };
    let update = |id: &str, completed_id| Write::Update {
        run: 3,
        id: id.to_owned(),
        accepted_id: 4,
        completed_id,
    };
    let dedup = |run, id: &str| Write::Dedup {
        run,
        kind: 1,
        id: id.to_owned(),
    };
    store.write(vec![
        Write::Namespace {
            name: "default".to_owned(),
            id: "id".to_owned(),
            data: vec![9],
        },
        Write::SearchAttribute {
            namespace: "default".to_owned(),
            name: "Gone".to_owned(),
            kind: Some(3),
        },
        Write::SearchAttribute {
            namespace: "default".to_owned(),
            name: "Phase".to_owned(),
            kind: Some(2),
        },
        Write::Run(row(3, RUNNING)),
        batch(3, 1, 3),
        batch(3, 4, 5),
        item(1, 5, Some(b"old")),
        item(1, 6, Some(b"gone")),
        item(2, 5, Some(b"")),
        dedup(3, "signal"),
        dedup(3, "signal"),
        update("accepted", None),
        update("completed", None),
        // Closed runs are not loaded.
        Write::Run(row(2, COMPLETED)),
        update("other", None),
    ]);
    store.write(vec![
        Write::Run(full.clone()),
        item(1, 5, Some(b"new")),
        item(1, 6, None),
        update("completed", Some(5)),
        Write::SearchAttribute {
            namespace: "default".to_owned(),
            name: "Gone".to_owned(),
            kind: None,
        },
        Write::Namespace {
            name: "default".to_owned(),
            id: "id".to_owned(),
            data: vec![10],
        },
    ]);
    store.close().unwrap();

    let (store, loaded) = place.open();
    let expected = Loaded {
        namespaces: vec![("default".to_owned(), "id".to_owned(), vec![10])],
        search_attributes: vec![("default".to_owned(), "Phase".to_owned(), 2)],
        open: vec![OpenRun {
            row: full.clone(),
            items: vec![(1, 5, b"new".to_vec()), (2, 5, Vec::new())],
            dedup: vec![(1, "signal".to_owned())],
            updates: vec![
                ("accepted".to_owned(), 4, None),
                ("completed".to_owned(), 4, Some(5)),
                ("other".to_owned(), 4, None),
            ],
        }],
        next_key: 4,
    };
    assert_eq!(loaded, expected);
    assert_eq!(
        store.run("default", "workflow-3", "run-3").unwrap(),
        Some(full)
    );
    assert_eq!(store.run("default", "workflow-3", "run-2").unwrap(), None);
    assert_eq!(
        store.update(3, "completed").unwrap(),
        Some(Update {
            accepted_id: 4,
            completed_id: Some(5)
        })
    );
    assert_eq!(store.update(3, "never").unwrap(), None);

    // A run that closes keeps its history and its updates.
    store.write(vec![
        Write::Run(row(3, COMPLETED)),
        Write::Closed(3),
        dedup(2, "other run"),
    ]);
    assert_eq!(count(&store, "item"), 0);
    assert_eq!(count(&store, "dedup"), 1);
    assert_eq!(count(&store, "event"), 2);
    assert_eq!(count(&store, "workflow_update"), 3);
    assert!(store.update(3, "completed").unwrap().is_some());
}

#[test]
fn a_deleted_run_leaves_nothing_and_its_key_is_not_used_again() {
    let place = Place::new();
    let store = place.store();
    let attributes = BTreeMap::from([("Any".to_owned(), payload("Keyword", r#""x""#))]);
    for key in [1, 2] {
        store.write(vec![
            with_history(key, RUNNING, 1),
            batch(key, 1, 1),
            Write::Item {
                run: key,
                kind: 1,
                id: 1,
                data: Some(vec![1]),
            },
            Write::Dedup {
                run: key,
                kind: 1,
                id: "x".to_owned(),
            },
            Write::Update {
                run: key,
                id: "x".to_owned(),
                accepted_id: 1,
                completed_id: None,
            },
            Write::Attributes {
                run: key,
                attributes: attributes.clone(),
            },
        ]);
    }
    store.write(vec![Write::Delete(2)]);
    let tables = [
        "run",
        "event",
        "item",
        "dedup",
        "workflow_update",
        "attribute",
    ];
    for table in tables {
        assert_eq!(count(&store, table), 1, "{table}");
    }
    store.write(vec![Write::Delete(1)]);
    for table in tables {
        assert_eq!(count(&store, table), 0, "{table}");
    }
    store.close().unwrap();
    assert_eq!(place.open().1.next_key, 3);
}

#[test]
fn a_search_attribute_has_a_column_for_its_type() {
    let place = Place::new();
    let store = place.store();
    let text = |text: &str| vec![(Some(text.to_owned()), None, None)];
    let whole = |whole| vec![(None, Some(whole), None)];
    let real = |real| vec![(None, None, Some(real))];
    let cases = [
        ("Text", r#""some words""#, text("some words")),
        ("Keyword", r#""Größe""#, text("Größe")),
        ("Int", "-5", whole(-5)),
        ("Double", "2", real(2.0)),
        ("Double", "2.5", real(2.5)),
        ("Bool", "true", whole(1)),
        (
            "Datetime",
            r#""1970-01-01T01:00:01.5+01:00""#,
            whole(1_500_000_000),
        ),
        (
            "KeywordList",
            r#"["a","b"]"#,
            [text("a"), text("b")].concat(),
        ),
        ("KeywordList", "[]", vec![]),
        // Types that this version doesn't know.
        ("Later", r#""x""#, text("x")),
        ("Later", "5", whole(5)),
        ("Later", "5.5", real(5.5)),
        ("", "false", whole(0)),
        ("", "null", vec![]),
        // What isn't what it says.
        ("Int", r#""5""#, vec![]),
        ("Datetime", r#""yesterday""#, vec![]),
        ("Keyword", "not json", vec![]),
        ("Keyword", "", vec![]),
        ("KeywordList", r#"["a",5]"#, vec![]),
        ("Later", "{}", vec![]),
    ];
    for (kind, json, expected) in cases {
        store.write(vec![Write::Attributes {
            run: 1,
            attributes: BTreeMap::from([("Name".to_owned(), payload(kind, json))]),
        }]);
        let found = store
            .with_reader(|file| {
                file.prepare("SELECT text, whole, real, n FROM attribute WHERE run = 1 ORDER BY n")?
                    .query_map([], |row| {
                        Ok((
                            (row.get(0)?, row.get(1)?, row.get(2)?),
                            row.get::<_, i64>(3)?,
                        ))
                    })?
                    .collect::<rusqlite::Result<Vec<_>>>()
            })
            .unwrap();
        let expected: Vec<(Columns, i64)> = expected.into_iter().zip(0..).collect();
        assert_eq!(found, expected, "{kind} {json}");
    }
    // All that it had are replaced, those of others are not.
    store.write(vec![Write::Attributes {
        run: 2,
        attributes: BTreeMap::from([("Name".to_owned(), payload("Int", "1"))]),
    }]);
    store.write(vec![Write::Attributes {
        run: 1,
        attributes: BTreeMap::new(),
    }]);
    assert_eq!(count(&store, "attribute"), 1);
}

#[test]
fn retention_names_the_longest_closed_first_and_room_is_given_back() {
    let place = Place::new();
    let store = place.store();
    for key in 1..=200 {
        let data = vec![7; 50_000];
        store.write(vec![
            // Closed in the other order.
            Write::Run(RunRow {
                close_time: (key % 2 == 0).then_some(10_000 - key),
                ..row(key, if key % 2 == 0 { COMPLETED } else { RUNNING })
            }),
            Write::Events(Batch {
                run: key,
                first_id: 1,
                last_id: 1,
                data,
            }),
        ]);
    }
    assert_eq!(store.expired(10_000, 3).unwrap(), [200, 198, 196]);
    assert_eq!(store.expired(9_802, 10).unwrap(), [200]);
    assert_eq!(store.expired(9_800, 10).unwrap(), [0; 0]);
    let pages = |store: &Store| -> i64 {
        let read =
            |file: &Connection| file.pragma_query_value(None, "page_count", |row| row.get(0));
        store.with_reader(read).unwrap()
    };
    let before = pages(&store);
    loop {
        let expired = store.expired(i64::MAX, 10).unwrap();
        if expired.is_empty() {
            break;
        }
        store.write(expired.into_iter().map(Write::Delete).collect());
    }
    assert_eq!(count(&store, "run"), 100);
    let after = pages(&store);
    assert!(after < before * 6 / 10, "{before} pages, then {after}");
    store.close().unwrap();
    let bytes = place.path().metadata().unwrap().len();
    assert!(bytes < 6_500_000, "{bytes}");
}

#[test]
fn a_run_that_only_becomes_longer_leaves_its_indices_alone() {
    let place = Place::new();
    let store = place.store();
    store.write(vec![Write::Run(row(3, RUNNING))]);
    let raw = place.raw();
    // What is in the log by now goes into the file, and the next write begins it anew.
    let pages_since = || -> i64 {
        raw.query_row("PRAGMA wal_checkpoint", [], |row| row.get(1))
            .unwrap()
    };
    pages_since();
    let longer = RunRow {
        history_length: 7,
        history_size: 700,
        state: vec![7; 70],
        ..row(3, RUNNING)
    };
    store.write(vec![Write::Run(longer.clone())]);
    assert_eq!(pages_since(), 1);
    let closed = RunRow {
        status: COMPLETED,
        close_time: Some(8),
        ..longer
    };
    store.write(vec![Write::Run(closed.clone())]);
    assert!(pages_since() > 1);
    assert_eq!(
        store
            .run("default", &closed.workflow_id, &closed.run_id)
            .unwrap(),
        Some(closed)
    );
}

#[test]
fn joined_writes_leave_a_row_and_a_batch_for_each_run() {
    let closed = || Write::Closed(8);
    let mut writes = vec![
        batch(7, 1, 2),
        with_history(7, RUNNING, 2),
        batch(8, 1, 1),
        with_history(8, COMPLETED, 1),
        closed(),
    ];
    join(
        &mut writes,
        vec![batch(7, 3, 3), with_history(7, RUNNING, 3)],
    );
    join(
        &mut writes,
        vec![batch(9, 1, 4), with_history(9, RUNNING, 4)],
    );
    join(
        &mut writes,
        vec![batch(7, 4, 6), with_history(7, RUNNING, 6)],
    );
    assert_eq!(
        writes,
        [
            batch(7, 1, 6),
            batch(8, 1, 1),
            with_history(8, COMPLETED, 1),
            closed(),
            batch(9, 1, 4),
            with_history(9, RUNNING, 4),
            with_history(7, RUNNING, 6),
        ]
    );
    // What does not follow is nothing that an engine sends, and is kept apart.
    join(&mut writes, vec![batch(7, 8, 8)]);
    assert_eq!(writes.last(), Some(&batch(7, 8, 8)));
}
