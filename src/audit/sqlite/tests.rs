//! What the file promises beyond what every trail does: that it stays readable across
//! versions, restarts and writers. What can go wrong has its own files.

mod locks;
mod looks;
mod manipulations;
mod moves;
mod obstacles;
mod processes;

use std::cell::Cell;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::audit::conformance::{self, all, event, events, written};
use crate::contract::time::WireTime;
use crate::protocol::effect::EventType;
use crate::protocol::{PhaseId, RoleId};

/// Long enough for a machine that has other things to do.
const LONG: Duration = Duration::from_secs(30);

/// The file in a directory of its own.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("audit.db")
    }

    /// A trail that is patient.
    fn trail(&self) -> Sqlite {
        Sqlite::new(self.path()).with_patience(LONG)
    }

    /// The file without our code.
    fn raw(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    /// The file as the earlier implementation makes it.
    fn earlier(&self) -> Connection {
        let earlier = self.raw();
        earlier
            .execute_batch(
                "CREATE TABLE audit_events (
                    id INTEGER PRIMARY KEY AUTOINCREMENT, epoch_id TEXT NOT NULL,
                    phase TEXT NOT NULL, role TEXT NOT NULL, event_type TEXT NOT NULL,
                    payload TEXT NOT NULL, timestamp TEXT NOT NULL);
                 CREATE INDEX idx_epoch_id ON audit_events(epoch_id);
                 CREATE INDEX idx_phase ON audit_events(phase);
                 CREATE INDEX idx_role ON audit_events(role);",
            )
            .unwrap();
        earlier
    }
}

/// What the earlier writer does.
fn append_earlier(connection: &Connection, epoch_id: &str, phase: &str, payload: &str) {
    let columns = "epoch_id, phase, role, event_type, payload, timestamp";
    let sql = format!("INSERT INTO audit_events ({columns}) VALUES (?, ?, ?, ?, ?, ?)");
    let at = "2025-06-01T12:00:00.123456+00:00";
    let values = [epoch_id, phase, "worker", "phase_transition", payload, at];
    connection.execute(&sql, values).unwrap();
}

/// What is read of such a row.
fn earlier_event(epoch_id: &str, phase: PhaseId, payload: &str) -> AuditEvent {
    AuditEvent {
        epoch_id: epoch_id.to_owned(),
        event_type: EventType::PhaseTransition,
        phase,
        role: RoleId::Worker,
        payload: serde_json::from_str(payload).unwrap(),
        event_id: None,
        occurred_at: None,
        actor: None,
        workflow_id: None,
        run_id: None,
    }
}

#[test]
fn conforms() {
    let directory = tempfile::tempdir().unwrap();
    let number = Cell::new(0);
    conformance::suite(|| {
        number.set(number.get() + 1);
        let path = directory.path().join(format!("{}/audit.db", number.get()));
        let trail = Sqlite::new(path).with_patience(LONG);
        trail.check().unwrap();
        Box::new(trail)
    });
}

#[test]
fn the_file_outlives_the_trail() {
    let place = Place::new();
    for n in 0..5 {
        let trail = place.trail();
        trail.record(&events("a", 0..n + 1)).unwrap();
        assert_eq!(all(&trail), events("a", 0..n + 1));
    }
    // Closed in order, it is one file, which may be copied as such.
    let files = std::fs::read_dir(place.directory.path()).unwrap().count();
    assert_eq!(files, 1);
    assert_eq!(place.trail().verify().unwrap(), []);
}

#[test]
fn the_file_is_as_the_contract_says() {
    let place = Place::new();
    let mut untimed = event("a", 1);
    untimed.occurred_at = None;
    place.trail().record(&[event("a", 0), untimed]).unwrap();

    let raw = place.raw();
    let row: [String; 7] = raw
        .query_row(
            "SELECT typeof(id) || id, epoch_id, phase, role, event_type, payload, timestamp \
             FROM audit_events WHERE id = 1",
            [],
            |row| Ok(std::array::from_fn(|at| row.get(at).unwrap())),
        )
        .unwrap();
    let payload = r#"{"n":0,"why":"tests pass"}"#;
    let at = "2026-01-01T00:00:00+00:00";
    assert_eq!(
        row,
        [
            "integer1",
            "a",
            "p1",
            "epoch",
            "phase_transition",
            payload,
            at
        ]
    );

    // An event that doesn't know when it was gets the time of writing, and keeps not knowing.
    let (timestamp, occurred_at): (String, Option<String>) = raw
        .query_row(
            "SELECT timestamp, occurred_at FROM audit_events WHERE id = 2",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let age = row::now().0.since(WireTime::parse(&timestamp).unwrap().0);
    assert!(age < Duration::from_mins(1), "{timestamp}");
    assert_eq!(occurred_at, None);

    let user_version: i64 = raw
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    assert_eq!(user_version, 0);
    // What makes an answered write outlast a power cut; 2 is FULL.
    let store = store::Store::open(&place.path()).unwrap();
    let synchronous: i64 = store
        .connection()
        .query_row("PRAGMA synchronous", [], |row| row.get(0))
        .unwrap();
    assert_eq!(synchronous, 2);
    let mode: String = raw
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn the_directory_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let inner = place.directory.path().join("share/aura");
    Sqlite::open(inner.join("audit.db")).unwrap();
    for directory in [inner.parent().unwrap(), &inner] {
        let mode = directory.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn a_file_of_the_earlier_implementation_is_taken_over() {
    let place = Place::new();
    let earlier = place.earlier();
    append_earlier(&earlier, "old", "p1", r#"{"from": "p1"}"#);
    append_earlier(&earlier, "old", "p2", r#"{ "b": 1, "a": [] }"#);
    let old = [
        earlier_event("old", PhaseId::P1, r#"{"from":"p1"}"#),
        earlier_event("old", PhaseId::P2, r#"{"b":1,"a":[]}"#),
    ];

    // Reading changes nothing.
    let trail = place.trail();
    assert_eq!(all(&trail), old);
    let columns = "SELECT count(*) FROM pragma_table_info('audit_events')";
    let count: i64 = earlier.query_row(columns, [], |row| row.get(0)).unwrap();
    assert_eq!(count, 7);

    // Writing takes it over; the earlier writer has the file open all the while, and goes on.
    trail.record(&events("new", 0..2)).unwrap();
    append_earlier(&earlier, "old", "p3", "{}");
    trail.record(&events("new", 2..3)).unwrap();
    let late = earlier_event("old", PhaseId::P3, "{}");
    assert_eq!(
        all(&trail),
        [
            &old[..],
            &events("new", 0..2),
            &[late],
            &events("new", 2..3)
        ]
        .concat()
    );

    // Its rows are there as they were, and its own query still works.
    let payload: String = earlier
        .query_row(
            "SELECT payload FROM audit_events WHERE epoch_id = 'old' AND phase = 'p2' ORDER BY id",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(payload, r#"{ "b": 1, "a": [] }"#);
    assert_eq!(
        trail.verify().unwrap(),
        [1, 2, 5].map(|id| Finding::Unchained { id }),
        "the chain passes over the rows of the earlier writer"
    );
}

#[test]
fn rows_that_are_no_events_hide_no_others() {
    let place = Place::new();
    let trail = place.trail();
    trail.record(&events("a", 0..1)).unwrap();
    let raw = place.raw();
    append_earlier(&raw, "a", "p99", "{}");
    append_earlier(&raw, "a", "p1", "[1]");
    append_earlier(&raw, "a", "p1", "{");
    raw.execute_batch(
        "INSERT INTO audit_events (epoch_id, phase, role, event_type, payload, timestamp)
         VALUES ('a', 'p1', 'nobody', 'phase_transition', '{}', ''),
                ('a', 'p1', 'worker', 'unheard_of', '{}', ''),
                ('a', 'p1', 'worker', 'phase_transition', x'ff00', ''),
                (x'ff', 5, 7.5, '', '', '');
         INSERT INTO audit_events
            (epoch_id, phase, role, event_type, payload, timestamp, occurred_at)
         VALUES ('a', 'p1', 'worker', 'phase_transition', '{}', '', 'yesterday')",
    )
    .unwrap();
    trail.record(&events("a", 1..2)).unwrap();
    assert_eq!(all(&trail), events("a", 0..2));
    let mut rows = 0;
    trail.verify_rows(|_| rows += 1).unwrap();
    assert_eq!(rows, 10);
}

#[test]
fn an_epoch_is_found_by_its_index() {
    let place = Place::new();
    place.trail().record(&events("a", 0..1)).unwrap();
    let raw = place.raw();
    let plan = |sql: &str| -> String {
        let sql = format!(
            "EXPLAIN QUERY PLAN {}",
            sql.replace("?1", "?").replace('?', "'x'")
        );
        raw.query_row(&sql, [], |row| row.get(3)).unwrap()
    };
    let select = row::SELECT;
    let by_epoch = plan(&format!(
        "{select} WHERE epoch_id = ? AND +phase = ? ORDER BY id"
    ));
    assert!(by_epoch.contains("idx_epoch_id"), "{by_epoch}");
    let by_phase = plan(&format!("{select} WHERE phase = ? ORDER BY id"));
    assert!(by_phase.contains("idx_phase"), "{by_phase}");
    let by_id = plan(row::BY_EVENT_ID);
    assert!(by_id.contains("aura_event_id"), "{by_id}");
}

#[test]
fn a_batch_that_fails_leaves_nothing_and_harms_no_other() {
    let place = Place::new();
    let trail = place.trail();
    trail.check().unwrap();
    let raw = place.raw();
    raw.execute_batch(
        "CREATE TRIGGER refuse BEFORE INSERT ON audit_events WHEN NEW.actor = 'bad'
         BEGIN SELECT RAISE(ABORT, 'refused by a test'); END",
    )
    .unwrap();
    let bad = AuditEvent {
        actor: Some("bad".to_owned()),
        ..event("bad", 1)
    };
    let batch = [event("bad", 0), bad, event("bad", 2)];

    let error = trail.record(&batch).unwrap_err();
    assert!(matches!(error, Error::Storage { .. }), "{error}");
    assert!(error.to_string().contains("refused by a test"), "{error}");
    assert_eq!(all(&trail), []);

    // The same among others, all of which wait and then share a commit.
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    thread::scope(|scope| {
        let trail = &trail;
        let failing = scope.spawn(|| trail.record(&batch));
        let others: Vec<_> = (0..6)
            .map(|n| scope.spawn(move || trail.record(&events(&format!("good-{n}"), 0..3))))
            .collect();
        thread::sleep(Duration::from_millis(50));
        raw.execute_batch("ROLLBACK").unwrap();
        assert!(failing.join().unwrap().is_err());
        for other in others {
            assert_eq!(other.join().unwrap().unwrap(), written(3));
        }
    });
    let there = all(&trail);
    assert_eq!(there.len(), 18);
    assert!(
        there
            .iter()
            .all(|event| event.epoch_id.starts_with("good-"))
    );
    assert_eq!(trail.verify().unwrap(), []);
}

#[test]
fn migrations_are_numbered() {
    let place = Place::new();
    place.trail().check().unwrap();
    let raw = place.raw();
    let applied: Vec<i64> = raw
        .prepare("SELECT version FROM aura_schema ORDER BY version")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(applied, (1..=schema::VERSION).collect::<Vec<_>>());
}

#[test]
fn paths_that_mean_something_to_sqlite_are_files_all_the_same() {
    for name in [":memory:", "file:x?mode=memory", "Größe 🦀.db", "it's.db"] {
        let place = Place::new();
        let path = place.directory.path().join(name);
        let trail = Sqlite::new(&path).with_patience(LONG);
        trail.record(&events("a", 0..1)).unwrap();
        drop(trail);
        assert!(path.is_file(), "{name}");
        assert_eq!(all(&Sqlite::new(&path)), events("a", 0..1));
    }
    assert!(Sqlite::new(":memory:").path().is_absolute());
}
