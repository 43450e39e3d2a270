//! A file that is deleted, moved or replaced while the trail has it open: no row goes to a
//! file that nobody can find, and no log gets into a file it isn't of.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::*;

#[test]
fn a_file_that_is_deleted() {
    let place = Place::new();
    let trail = place.trail();
    trail.record(&events("a", 0..3)).unwrap();
    fs::remove_file(place.path()).unwrap();
    assert!(matches!(
        trail.query(&AuditFilter::default()),
        Err(Error::Missing { .. })
    ));
    // What was in it is gone by somebody's will; what comes now is kept in a new one.
    assert_eq!(trail.record(&events("b", 0..3)).unwrap(), written(3));
    assert_eq!(all(&trail), events("b", 0..3));
    drop(trail);
    assert_eq!(all(&place.trail()), events("b", 0..3));
    assert_eq!(place.trail().verify().unwrap(), []);
}

#[test]
fn a_directory_that_is_deleted() {
    let place = Place::new();
    let directory = place.directory.path().join("aura");
    let trail = Sqlite::new(directory.join("audit.db")).with_patience(LONG);
    trail.record(&events("a", 0..3)).unwrap();
    fs::remove_dir_all(&directory).unwrap();
    assert_eq!(trail.record(&events("b", 0..3)).unwrap(), written(3));
    assert_eq!(all(&trail), events("b", 0..3));
}

#[test]
fn a_file_that_is_replaced() {
    let place = Place::new();
    let path = place.path();
    let trail = place.trail();
    trail.record(&events("a", 0..3)).unwrap();
    drop(trail);
    let backup = place.directory.path().join("backup.db");
    fs::copy(&path, &backup).unwrap();

    // While rows are in its log alone, the file is moved away and the backup put there.
    let trail = place.trail();
    trail.record(&events("a", 3..6)).unwrap();
    let moved = place.directory.path().join("moved.db");
    fs::rename(&path, &moved).unwrap();
    fs::rename(&backup, &path).unwrap();
    assert_eq!(trail.record(&events("b", 0..3)).unwrap(), written(3));
    assert_eq!(all(&trail), [events("a", 0..3), events("b", 0..3)].concat());
    assert_eq!(trail.verify().unwrap(), []);
    drop(trail);

    // Both files are whole: the log of the one didn't get into the other.
    assert_eq!(
        all(&place.trail()),
        [events("a", 0..3), events("b", 0..3)].concat()
    );
    let moved = Sqlite::new(moved);
    assert_eq!(all(&moved), events("a", 0..6));
    assert_eq!(moved.verify().unwrap(), []);
}

#[test]
fn a_file_that_is_moved_away_again_and_again() {
    const MOVES: usize = 30;
    let place = Place::new();
    let path = place.path();
    let trail = place.trail();
    let acknowledged = AtomicUsize::new(0);
    let mut away = Vec::new();
    thread::scope(|scope| {
        let mover = scope.spawn(|| {
            let mut away = Vec::new();
            let begun = Instant::now();
            let mut written = 0;
            while away.len() < MOVES && begun.elapsed() < LONG {
                // At ever other moments of opening and writing.
                thread::sleep(Duration::from_micros(137) * (begun.elapsed().subsec_nanos() % 30));
                let now = acknowledged.load(Ordering::Relaxed);
                if away.len() % 3 == 0 && now == written {
                    // Every third file gets something.
                    continue;
                }
                let to = place.directory.path().join(format!("{}.db", away.len()));
                if fs::rename(&path, &to).is_ok() {
                    away.push(to);
                    written = now;
                }
            }
            away
        });
        while !mover.is_finished() {
            // The rows are somewhere, or the caller knows.
            let done = acknowledged.load(Ordering::Relaxed);
            if trail.record(&events("a", done..done + 3)).is_ok() {
                acknowledged.store(done + 3, Ordering::Relaxed);
            }
        }
        away = mover.join().unwrap();
    });
    drop(trail);
    assert_eq!(away.len(), MOVES);

    away.push(path);
    let mut kept = Vec::new();
    for file in away.iter().filter(|file| file.exists()) {
        let trail = Sqlite::new(file);
        assert_eq!(trail.verify().unwrap(), [], "{}", file.display());
        kept.extend(all(&trail));
    }
    for expected in events("a", 0..acknowledged.into_inner()) {
        assert!(kept.contains(&expected), "{:?}", expected.event_id);
    }
}
