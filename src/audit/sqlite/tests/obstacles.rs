//! Everything that can be in the way of a write. Each time the error says what it is, the
//! trail works again once it is gone, without a restart, and nothing that was
//! acknowledged is missing.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::audit::sqlite::store::Store;

/// Records twice in vain and once with success.
pub(super) fn fails_until_removed(
    trail: &Sqlite,
    remove: impl FnOnce(),
    is_expected: fn(&Error) -> bool,
) {
    let batch = events("later", 0..3);
    for _ in 0..2 {
        for error in [
            trail.record(&batch).unwrap_err(),
            trail.check().unwrap_err(),
        ] {
            assert!(is_expected(&error), "{error:?}");
            let named = trail.path().parent().unwrap().display().to_string();
            assert!(error.to_string().contains(&named), "{error}");
        }
    }
    remove();
    assert_eq!(trail.record(&batch).unwrap(), written(3));
    trail.check().unwrap();
}

#[test]
fn a_directory_in_place_of_the_file() {
    let place = Place::new();
    let path = place.path();
    fs::create_dir(&path).unwrap();
    let error = Sqlite::open(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the audit trail {} is a directory, not a file; move it away, or name another file",
            path.display()
        )
    );
    let trail = place.trail();
    assert!(matches!(
        trail.query(&AuditFilter::default()),
        Err(Error::NotAFile { .. })
    ));
    fails_until_removed(
        &trail,
        || fs::remove_dir(&path).unwrap(),
        |error| matches!(error, Error::NotAFile { .. }),
    );
    assert_eq!(all(&trail), events("later", 0..3));
}

#[test]
fn a_file_in_place_of_the_directory() {
    let place = Place::new();
    let directory = place.directory.path().join("aura");
    fs::write(&directory, "").unwrap();
    let trail = Sqlite::new(directory.join("audit.db")).with_patience(LONG);
    fails_until_removed(
        &trail,
        || fs::remove_file(&directory).unwrap(),
        |error| matches!(error, Error::Directory { .. }),
    );
}

#[test]
fn a_file_that_is_no_database() {
    let place = Place::new();
    fs::write(place.path(), "audit: sqlite\n".repeat(1000)).unwrap();
    let trail = place.trail();
    assert!(matches!(
        trail.query(&AuditFilter::default()),
        Err(Error::Damaged { .. })
    ));
    fails_until_removed(
        &trail,
        || fs::remove_file(place.path()).unwrap(),
        |error| matches!(error, Error::Damaged { .. }),
    );
}

#[test]
fn a_file_that_got_damaged() {
    let place = Place::new();
    let trail = place.trail();
    trail.record(&events("a", 0..200)).unwrap();
    drop(trail);
    let good = fs::read(place.path()).unwrap();
    let mut bad = good.clone();
    bad[4096..].fill(0xa5);
    fs::write(place.path(), bad).unwrap();

    let trail = place.trail();
    let is_damage: fn(&Error) -> bool = |error| matches!(error, Error::Damaged { .. });
    assert!(is_damage(
        &trail.query(&AuditFilter::default()).unwrap_err()
    ));
    // The backup is put in its place by renaming, as one should.
    let backup = place.directory.path().join("backup.db");
    fs::write(&backup, good).unwrap();
    fails_until_removed(
        &trail,
        || fs::rename(&backup, place.path()).unwrap(),
        is_damage,
    );
    assert_eq!(
        all(&trail),
        [events("a", 0..200), events("later", 0..3)].concat()
    );
    assert_eq!(trail.verify().unwrap(), []);
}

#[test]
fn a_database_of_something_else() {
    let place = Place::new();
    place
        .raw()
        .execute_batch("CREATE TABLE history (id); CREATE TABLE tasks (id)")
        .unwrap();
    let trail = place.trail();
    let is_foreign: fn(&Error) -> bool = |error| matches!(error, Error::Foreign { detail, .. } if detail == "its tables are history, tasks");
    assert!(is_foreign(
        &trail.query(&AuditFilter::default()).unwrap_err()
    ));
    fails_until_removed(
        &trail,
        || fs::remove_file(place.path()).unwrap(),
        is_foreign,
    );

    let place = Place::new();
    place
        .raw()
        .execute_batch("CREATE TABLE audit_events (id, what)")
        .unwrap();
    let error = Sqlite::open(place.path()).unwrap_err();
    assert!(matches!(error, Error::Foreign { .. }), "{error}");
    // It was looked at and not touched.
    let mode: String = place
        .raw()
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "delete");
}

#[test]
fn a_file_of_a_newer_version() {
    let place = Place::new();
    let trail = place.trail();
    trail.record(&events("a", 0..1)).unwrap();
    drop(trail);
    place
        .raw()
        .execute("INSERT INTO aura_schema VALUES (7, '')", [])
        .unwrap();

    let trail = place.trail();
    let error = trail.query(&AuditFilter::default()).unwrap_err();
    let text = "has schema version 7, and this aura knows versions up to 1; upgrade aura";
    assert!(error.to_string().contains(text), "{error}");
    fails_until_removed(
        &trail,
        || {
            let remove = "DELETE FROM aura_schema WHERE version = 7";
            place.raw().execute_batch(remove).unwrap();
        },
        |error| {
            matches!(
                error,
                Error::Newer {
                    found: 7,
                    known: 1,
                    ..
                }
            )
        },
    );
    assert_eq!(
        all(&trail),
        [events("a", 0..1), events("later", 0..3)].concat()
    );
}

#[test]
fn a_full_disk() {
    let place = Place::new();
    let mut store = Store::open(&place.path()).unwrap();
    store.write(&[&row::contents(&events("a", 0..20))]).unwrap();
    let pages: i64 = place
        .raw()
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    let limit = |store: &Store, pages: i64| {
        store
            .connection()
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
    };
    limit(&store, pages + 2);

    let mut acknowledged = 20;
    let mut refused = 0;
    while refused < 3 {
        let numbers = acknowledged..acknowledged + 20;
        match store.write(&[&row::contents(&events("a", numbers))]) {
            Ok(_) => acknowledged += 20,
            Err(error) => {
                assert!(matches!(error, Error::Full { .. }), "{error}");
                refused += 1;
            }
        }
    }
    assert_eq!(all(&place.trail()), events("a", 0..acknowledged));
    limit(&store, i64::from(u32::MAX - 1));
    let numbers = acknowledged..acknowledged + 20;
    store
        .write(&[&row::contents(&events("a", numbers))])
        .unwrap();
    assert_eq!(all(&place.trail()), events("a", 0..acknowledged + 20));
    assert_eq!(place.trail().verify().unwrap(), []);
}

#[test]
fn a_file_and_a_directory_that_may_only_be_read() {
    let place = Place::new();
    let directory = place.directory.path().join("aura");
    let trail = |name: &str| Sqlite::new(directory.join(name)).with_patience(LONG);
    let allow =
        |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    for name in ["one.db", "two.db"] {
        trail(name).record(&events("a", 0..3)).unwrap();
    }

    let one = trail("one.db");
    allow(one.path(), 0o400);
    if fs::OpenOptions::new().write(true).open(one.path()).is_ok() {
        // Root may write wherever it likes, so there is nothing to test.
        eprintln!("skipped: file permissions don't bind this user");
        return;
    }
    assert_eq!(all(&one), events("a", 0..3));
    fails_until_removed(
        &one,
        || allow(one.path(), 0o600),
        |error| matches!(error, Error::ReadOnly { .. }),
    );
    assert_eq!(
        all(&one),
        [events("a", 0..3), events("later", 0..3)].concat()
    );

    let two = trail("two.db");
    allow(&directory, 0o500);
    fails_until_removed(
        &two,
        || allow(&directory, 0o700),
        |error| matches!(error, Error::Open { .. } | Error::ReadOnly { .. }),
    );
    assert_eq!(
        all(&two),
        [events("a", 0..3), events("later", 0..3)].concat()
    );

    // No directory can be made, and no file.
    let inner = trail("inner/audit.db");
    allow(&directory, 0o500);
    fails_until_removed(
        &inner,
        || allow(&directory, 0o700),
        |error| matches!(error, Error::Directory { .. }),
    );
    let three = trail("three.db");
    allow(&directory, 0o500);
    fails_until_removed(
        &three,
        || allow(&directory, 0o700),
        |error| matches!(error, Error::Open { .. }),
    );
}
