//! Files that are not to be used, and how that is said.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use super::*;

#[test]
fn the_file_and_its_directory_are_private() {
    let place = Place::new();
    let inner = place.directory.path().join("share/aura");
    let path = inner.join("engine.db");
    let (store, _) = Store::open(&path, options(|_| ())).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().mode() & 0o777;
    assert_eq!(mode(inner.parent().unwrap()), 0o700);
    assert_eq!(mode(&inner), 0o700);
    store.write(vec![batch(1, 1, 1)]);
    for name in ["engine.db", "engine.db-wal", "engine.db.lock"] {
        assert_eq!(mode(&inner.join(name)), 0o600, "{name}");
    }
}

#[test]
fn the_file_is_set_up_as_it_must_be() {
    let place = Place::new();
    drop(place.store());
    let number = |file: &Connection, name: &str| -> i64 {
        file.pragma_query_value(None, name, |row| row.get(0))
            .unwrap()
    };
    for (synchronous, level) in [(Synchronous::Full, 2), (Synchronous::Normal, 1)] {
        let file = file::open_to_write(&place.path(), synchronous).unwrap();
        assert_eq!(number(&file, "synchronous"), level);
        assert_eq!(number(&file, "auto_vacuum"), 2);
        assert_eq!(number(&file, "journal_size_limit"), 16 << 20);
        assert_eq!(number(&file, "user_version"), schema::VERSION);
        let mode: String = file
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
    }
}

#[test]
fn a_newer_file_is_refused() {
    let place = Place::new();
    drop(place.store());
    let newer = schema::VERSION + 1;
    place
        .raw()
        .pragma_update(None, "user_version", newer)
        .unwrap();
    let before = fs::read(place.path()).unwrap();
    let error = place.refusal();
    let path = place.path();
    let known = schema::VERSION;
    assert_eq!(
        error,
        Error::Newer {
            path,
            found: newer,
            known
        }
    );
    assert_eq!(
        fs::read(place.path()).unwrap(),
        before,
        "it was not touched"
    );
    // It isn't locked either, for the program that can read it.
    assert!(!place.directory.path().join("engine.db.lock").exists());
}

#[test]
fn a_file_of_something_else_is_refused() {
    let place = Place::new();
    place
        .raw()
        .execute_batch("CREATE TABLE notes (text)")
        .unwrap();
    let before = fs::read(place.path()).unwrap();
    let error = place.refusal();
    assert!(matches!(error, Error::Foreign { .. }), "{error:?}");
    assert!(error.to_string().contains("notes"), "{error}");
    assert_eq!(
        fs::read(place.path()).unwrap(),
        before,
        "it was not touched"
    );

    let place = Place::new();
    let raw = place.raw();
    raw.pragma_update(None, "application_id", 5).unwrap();
    raw.close().unwrap();
    assert!(matches!(place.refusal(), Error::Foreign { .. }));
}

#[test]
fn garbage_is_refused() {
    let texts = ["short".to_owned(), "no database ".repeat(1_000)];
    for text in texts {
        let place = Place::new();
        fs::write(place.path(), &text).unwrap();
        let error = place.refusal();
        assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
        assert_eq!(fs::read_to_string(place.path()).unwrap(), text);
        assert_eq!(fs::read_dir(place.directory.path()).unwrap().count(), 1);
    }
}

#[test]
fn an_empty_file_is_a_new_one() {
    let place = Place::new();
    fs::write(place.path(), "").unwrap();
    assert_eq!(place.open().1.next_key, 1);
}

#[test]
fn what_is_not_a_file_is_refused() {
    let place = Place::new();
    fs::create_dir(place.path()).unwrap();
    let path = place.path().canonicalize().unwrap();
    assert_eq!(place.refusal(), Error::NotAFile { path });
    let device = PathBuf::from("/dev/null");
    assert_eq!(
        refusal(&device),
        Error::NotAFile {
            path: device.clone()
        }
    );

    let place = Place::new();
    fs::write(place.path(), "").unwrap();
    let error = refusal(&place.path().join("inner/engine.db"));
    assert!(matches!(error, Error::Directory { .. }), "{error:?}");
    std::os::unix::fs::symlink("nowhere", place.directory.path().join("link")).unwrap();
    let error = refusal(&place.directory.path().join("link"));
    assert!(matches!(error, Error::Missing { .. }), "{error:?}");
}

#[test]
fn paths_that_mean_something_to_sqlite_are_files_all_the_same() {
    for name in [":memory:", "file:x?mode=memory", "Größe 🦀.db", "it's.db"] {
        let place = Place::new();
        let path = place.directory.path().join(name);
        let (store, _) = Store::open(&path, options(|_| ())).unwrap();
        store.write(vec![batch(1, 1, 1)]);
        assert_eq!(count(&store, "event"), 1);
        assert!(path.is_file(), "{name}");
    }
}

#[test]
fn what_may_only_be_read_is_refused() {
    let place = Place::new();
    drop(place.store());
    let directory = place.directory.path().to_owned();
    let path = place.path();
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    set(&directory, 0o777);
    set(&path, 0o444);
    let error = as_somebody_else(|| refusal(&path));
    assert!(matches!(error, Error::ReadOnly { .. }), "{error:?}");
    set(&path, 0o000);
    let error = as_somebody_else(|| refusal(&path));
    assert!(matches!(error, Error::Open { .. }), "{error:?}");
    set(&path, 0o666);
    set(&directory, 0o555);
    let error = as_somebody_else(|| refusal(&path));
    assert!(matches!(error, Error::Lock { .. }), "{error:?}");
    let error = as_somebody_else(|| refusal(&directory.join("new.db")));
    assert!(matches!(error, Error::Open { .. }), "{error:?}");
    assert!(error.to_string().contains("denied"), "{error}");
    set(&directory, 0o755);
}

/// Permissions don't bind root. On Linux a thread can have a user of its own.
fn as_somebody_else<T: Send>(act: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            #[cfg(target_os = "linux")]
            if rustix::process::geteuid().is_root() {
                let nobody = rustix::process::Uid::from_raw(65_534);
                rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
            }
            act()
        });
        thread.join().unwrap()
    })
}

#[test]
fn the_lock_is_the_same_for_every_name_of_a_file() {
    let place = Place::new();
    let store = place.store();
    let link = place.directory.path().join("link");
    std::os::unix::fs::symlink(place.path(), &link).unwrap();
    let pid = Some(std::process::id());
    let path = store.path().to_owned();
    assert_eq!(refusal(&link), Error::Locked { path, pid });
    store.close().unwrap();
    Store::open(&link, options(|_| ())).unwrap();
}
