//! What a comparison shows of each manipulation, the chain left out of it.

use super::*;
use crate::audit::conformance;

const RUN: &str = "run-of-e";

fn event(n: usize) -> AuditEvent {
    conformance::event("e", n)
}

/// A row with an event, as a trail has it.
fn row(id: i64, event: &AuditEvent) -> Row {
    let at = event.occurred_at.map(|at| at.to_string());
    Row {
        id,
        content: Content {
            event_id: event.event_id.clone(),
            epoch_id: event.epoch_id.clone(),
            phase: event.phase.word().to_owned(),
            role: event.role.word().to_owned(),
            event_type: event.event_type.word().to_owned(),
            payload: Value::Object(event.payload.clone()).to_string(),
            timestamp: at.clone().unwrap_or_default(),
            occurred_at: at,
            actor: event.actor.clone(),
            workflow_id: event.workflow_id.clone(),
            run_id: event.run_id.clone(),
        },
        prev_hash: None,
        hash: Some(String::new()),
    }
}

/// The rows of the events with these numbers.
fn rows(numbers: impl IntoIterator<Item = usize>) -> Vec<Row> {
    (1..)
        .zip(numbers)
        .map(|(id, n)| row(id, &event(n)))
        .collect()
}

/// An epoch of one run with so many events.
fn told(count: usize) -> Told {
    let run = Run {
        run_id: RUN.to_owned(),
        events: Ok((0..count).map(event).collect()),
    };
    Told {
        runs: vec![run],
        ..Told::default()
    }
}

fn id(n: usize) -> String {
    format!("{RUN}:{n}")
}

#[test]
fn a_trail_that_has_all_is_sound_whatever_its_times_are() {
    let mut rows = rows(0..4);
    rows[2].content.occurred_at = Some("2020-01-01T00:00:00+00:00".to_owned());
    rows[2].content.timestamp = "2020-01-01T00:00:00+00:00".to_owned();
    let found = compare(&rows, &told(4));
    let sound = Comparison {
        matching: 4,
        ..Comparison::default()
    };
    assert_eq!(found, sound);
}

#[test]
fn removed_rows_are_missing_those_at_the_end_too() {
    let found = compare(&rows([0, 2, 3]), &told(6));
    let missing: Vec<&str> = found
        .differences
        .iter()
        .filter(|found| found.kind() == "missing")
        .map(Difference::event_id)
        .collect();
    assert_eq!(missing, [id(1), id(4), id(5)]);
    assert_eq!(found.differences.len(), 3);
    assert_eq!(found.matching, 3);
}

#[test]
fn what_the_epoch_has_not_written_yet_is_not_missing() {
    let mut told = told(5);
    told.unwritten = [id(2), id(3), id(4)].into();
    // One of them has come meanwhile.
    let found = compare(&rows([0, 1, 2]), &told);
    assert_eq!(found.differences, []);
    assert_eq!((found.matching, found.unwritten), (3, 2));
}

#[test]
fn each_column_but_the_times_counts() {
    type Change = fn(&mut Content);
    let changes: [(&str, Change); 7] = [
        ("event_type", |row| row.event_type = "nonsense".to_owned()),
        ("phase", |row| row.phase = "complete".to_owned()),
        ("role", |row| row.role.clear()),
        ("payload", |row| {
            row.payload = r#"{"n":1,"why":"tests fail"}"#.to_owned();
        }),
        ("actor", |row| row.actor = None),
        ("workflow_id", |row| row.workflow_id = Some("f".to_owned())),
        ("run_id", |row| row.run_id = Some("r".to_owned())),
    ];
    for (column, change) in changes {
        let mut rows = rows(0..3);
        change(&mut rows[1].content);
        let altered = Difference::Altered {
            row: 2,
            event_id: id(1),
            columns: vec![column],
        };
        let found = compare(&rows, &told(3));
        assert_eq!(found.differences, [altered]);
    }
    // How a payload is spelled is no difference.
    let mut rows = rows(0..1);
    rows[0].content.payload = r#"{ "why": "tests pass", "n": 0 }"#.to_owned();
    assert_eq!(compare(&rows, &told(1)).differences, []);
}

#[test]
fn a_doubled_row_and_one_from_nowhere_are_found_and_no_other_blamed() {
    let mut rows = rows([0, 1, 1, 7]);
    rows.push(Row {
        id: 9,
        content: Content {
            event_id: Some("another-run:3".to_owned()),
            ..rows[0].content.clone()
        },
        ..rows[0].clone()
    });
    let found = compare(&rows, &told(2));
    let expected = [
        Difference::Doubled {
            row: 3,
            of: 2,
            event_id: id(1),
        },
        Difference::FromNowhere {
            row: 4,
            event_id: id(7),
        },
        Difference::FromNowhere {
            row: 9,
            event_id: "another-run:3".to_owned(),
        },
    ];
    assert_eq!(found.differences, expected);
    assert_eq!(found.matching, 2);
}

#[test]
fn a_run_that_does_not_tell_is_said_to_be_silent() {
    let mut told = told(2);
    told.runs.push(Run {
        run_id: "gone".to_owned(),
        events: Err("the server has forgotten it".to_owned()),
    });
    let mut there = rows(0..2);
    let mut old = event(5);
    old.event_id = Some("gone:1".to_owned());
    there.insert(0, row(7, &old));
    let found = compare(&there, &told);
    assert_eq!(found.differences, []);
    let silent = Silent {
        run_id: "gone".to_owned(),
        rows: 1,
        why: "the server has forgotten it".to_owned(),
    };
    assert_eq!(found.silent, [silent]);
}

#[test]
fn rows_of_others_are_counted_apart() {
    let mut there = rows(0..1);
    for event_id in [None, Some("run:5:digest"), Some("run"), Some(":1")] {
        let mut other = event(1);
        other.event_id = event_id.map(ToOwned::to_owned);
        there.push(row(9, &other));
    }
    let found = compare(&there, &told(1));
    assert_eq!((found.differences.len(), found.foreign), (0, 4));
}
