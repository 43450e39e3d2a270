//! The tools, on a file that an engine has open and on damaged ones.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use temporalio_common::protos::temporal::api::history::v1::History;

use super::*;
use crate::embedded::store::tools::{Problem, Report, backup, check, compact, export_history};

/// Three runs, one of them open.
fn filled(place: &Place) -> Store {
    let store = place.store();
    for (key, status) in [(1, COMPLETED), (2, COMPLETED), (3, RUNNING)] {
        store.write(vec![
            with_history(key, status, 5),
            batch(key, 1, 2),
            batch(key, 3, 5),
        ]);
    }
    store
}

/// What is wrong after that, each in its own words.
fn problems_after(sql: &str) -> Vec<String> {
    let place = Place::new();
    drop(filled(&place));
    place.raw().execute_batch(sql).unwrap();
    let report = check(&place.path()).unwrap();
    report.problems.iter().map(Problem::to_string).collect()
}

#[test]
fn a_whole_file_has_no_problems() {
    let place = Place::new();
    let store = filled(&place);
    let expected = Report {
        schema: 1,
        runs: 3,
        open: 1,
        events: 15,
        problems: Vec::new(),
    };
    assert_eq!(check(&place.path()).unwrap(), expected, "while it is open");
    store.close().unwrap();
    assert_eq!(check(&place.path()).unwrap(), expected);
}

#[test]
fn what_is_wrong_with_histories_is_found() {
    let run = r#"workflow "workflow-2", run "run-2", namespace "default""#;
    assert_eq!(
        problems_after("DELETE FROM event WHERE run = 2 AND first_id = 1"),
        [format!(
            "the history of {run} goes on with event 3 where event 1 should be"
        )]
    );
    assert_eq!(
        problems_after("DELETE FROM event WHERE run = 2 AND first_id = 3"),
        [format!(
            "the history of {run} has 2 events, and its run says 5"
        )]
    );
    assert_eq!(
        problems_after(
            "UPDATE event SET first_id = 4 WHERE run = 2 AND first_id = 3;
             UPDATE run SET history_length = 6 WHERE key = 2"
        ),
        [
            format!("the history of {run} goes on with event 4 where event 3 should be"),
            format!(
                "the events of {run} from 4 on cannot be read: \
                 they should be 4 to 5, and are [3, 4, 5]"
            ),
            format!("the history of {run} has 5 events, and its run says 6"),
        ]
    );
    let unreadable =
        problems_after("UPDATE event SET batch = x'ffff' WHERE run = 2 AND first_id = 1");
    assert_eq!(unreadable.len(), 1, "{unreadable:?}");
    assert!(
        unreadable[0].contains("from 1 on cannot be read"),
        "{unreadable:?}"
    );
    let huge = problems_after(
        "UPDATE event SET last_id = 9223372036854775807 WHERE run = 2 AND first_id = 3",
    );
    assert_eq!(huge.len(), 2, "{huge:?}");
}

#[test]
fn what_is_wrong_with_rows_is_found() {
    assert_eq!(
        problems_after("DELETE FROM run WHERE key = 2; INSERT INTO dedup VALUES (9, 1, 'x')"),
        [
            "the table event has 2 rows of run number 2, which is not there",
            "the table dedup has 1 rows of run number 9, which is not there",
        ]
    );
    assert_eq!(
        problems_after("UPDATE run SET workflow_id = 'same', status = 1"),
        [r#"3 runs of workflow "same" in the namespace "default" are open, where only one can be"#]
    );
}

#[test]
fn a_damaged_page_is_found() {
    let place = Place::new();
    let store = filled(&place);
    let page: i64 = store
        .with_reader(|file| {
            let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'run_by_id'";
            file.query_row(sql, [], |row| row.get(0))
        })
        .unwrap();
    store.close().unwrap();
    let mut bytes = fs::read(place.path()).unwrap();
    let at = usize::try_from(page - 1).unwrap() * 4_096;
    bytes[at..at + 4_096].fill(0xa5);
    fs::write(place.path(), bytes).unwrap();
    let report = check(&place.path()).unwrap();
    assert!(
        matches!(report.problems.first(), Some(Problem::Page(_))),
        "{report:?}"
    );
    assert_eq!(report.runs, 0, "nothing else was looked at");
}

#[test]
fn tools_want_a_file_of_this_version() {
    let place = Place::new();
    let path = place.path();
    let to = place.directory.path().join("copy.db");
    let refusals = || {
        [
            check(&path).unwrap_err(),
            backup(&path, &to).unwrap_err(),
            compact(&path).unwrap_err(),
            export_history(&path, "default", "workflow-1", None).unwrap_err(),
        ]
    };
    for error in refusals() {
        assert!(matches!(error, Error::Missing { .. }), "{error:?}");
    }
    assert!(!path.exists(), "a tool makes no file");
    fs::write(&path, "").unwrap();
    for error in refusals() {
        assert!(matches!(error, Error::Missing { .. }), "{error:?}");
    }
    fs::write(&path, "x".repeat(5_000)).unwrap();
    for error in refusals() {
        assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
    }
    fs::remove_file(&path).unwrap();
    drop(place.store());
    place
        .raw()
        .pragma_update(None, "user_version", schema::VERSION + 1)
        .unwrap();
    for error in refusals() {
        assert!(matches!(error, Error::Newer { .. }), "{error:?}");
    }
    place
        .raw()
        .pragma_update(None, "user_version", schema::VERSION - 1)
        .unwrap();
    for error in refusals() {
        assert!(matches!(error, Error::Older { .. }), "{error:?}");
    }
    assert!(!to.exists());
    assert!(!place.directory.path().join("engine.db.lock").exists());
}

#[test]
fn a_backup_is_a_whole_file_of_one_moment() {
    let place = Place::new();
    let store = filled(&place);
    let copy = Place::new();
    let bytes = std::thread::scope(|scope| {
        // The engine goes on.
        scope.spawn(|| {
            for n in 6..200 {
                store.write(vec![with_history(3, RUNNING, n), batch(3, n, n)]);
            }
        });
        backup(&place.path(), &copy.path()).unwrap()
    });
    let metadata = copy.path().metadata().unwrap();
    assert_eq!(metadata.len(), bytes);
    assert_eq!(metadata.mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(copy.directory.path()).unwrap().count(), 1);
    assert_eq!(check(&copy.path()).unwrap().problems, []);
    let (_, loaded) = copy.open();
    assert_eq!(loaded.open.len(), 1);
    assert_eq!(loaded.next_key, 4);

    let there = fs::read(copy.path()).unwrap();
    let error = backup(&place.path(), &copy.path()).unwrap_err();
    let path = copy.path();
    assert_eq!(error, Error::Exists { path });
    assert_eq!(fs::read(copy.path()).unwrap(), there);
    let nowhere = place.directory.path().join("no/such/copy.db");
    let error = backup(&place.path(), &nowhere).unwrap_err();
    assert!(matches!(error, Error::Open { .. }), "{error:?}");
}

#[test]
fn compacting_gives_room_back() {
    let place = Place::new();
    let store = filled(&place);
    for run in 1..=100 {
        store.write(vec![Write::Item {
            run: 3,
            kind: 1,
            id: run,
            data: Some(vec![0; 20_000]),
        }]);
    }
    store.write(vec![Write::Closed(3)]);
    assert!(matches!(compact(&place.path()), Err(Error::Locked { .. })));
    store.close().unwrap();
    let sizes = compact(&place.path()).unwrap();
    assert!(sizes.before > 2_000_000, "{sizes:?}");
    assert!(sizes.after < 200_000, "{sizes:?}");
    assert_eq!(place.path().metadata().unwrap().len(), sizes.after);
    assert_eq!(fs::read_dir(place.directory.path()).unwrap().count(), 1);
    let report = check(&place.path()).unwrap();
    assert_eq!((report.events, report.problems), (15, vec![]));
    assert_eq!(place.open().1.next_key, 4);
}

#[test]
fn a_history_is_exported_whole() {
    let place = Place::new();
    let store = filled(&place);
    let export = |run_id| export_history(&place.path(), "default", "workflow-2", run_id);
    let events: Vec<_> = (1..=5).map(event).collect();
    let expected = History { events };
    assert_eq!(export(None).unwrap(), expected);
    assert_eq!(export(Some("run-2")).unwrap(), expected);
    let error = export(Some("run-3")).unwrap_err();
    assert!(matches!(error, Error::NoSuchRun { .. }), "{error:?}");
    assert!(error.to_string().contains(r#"no run "run-3""#), "{error}");
    drop(store);
}
