//! Others that use the file at the same time: nobody waits beyond its patience, and what
//! was said to be written is.

use std::time::Instant;

use super::obstacles::fails_until_removed;
use super::*;

#[test]
fn a_lock_that_is_held() {
    let place = Place::new();
    let trail = Sqlite::open(place.path()).unwrap();
    trail.record(&events("a", 0..1)).unwrap();
    let raw = place.raw();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();

    // The caller is a local activity with 500 ms in all.
    let took = (0..3).map(|_| {
        let begun = Instant::now();
        let error = trail.record(&events("later", 0..3)).unwrap_err();
        assert!(matches!(error, Error::Busy { .. }), "{error}");
        begun.elapsed()
    });
    // The best of three, since the machine may have other things to do.
    let best = took.min().unwrap();
    assert!(best < Duration::from_millis(450), "{best:?}");
    // Readers don't notice.
    assert_eq!(all(&trail), events("a", 0..1));

    let trail = trail.with_patience(LONG);
    fails_until_removed(
        &trail,
        || raw.execute_batch("ROLLBACK").unwrap(),
        |error| matches!(error, Error::Busy { .. }),
    );
}

#[test]
fn many_that_wait_for_a_lock_all_get_their_answer_in_time() {
    let place = Place::new();
    let trail = Sqlite::open(place.path()).unwrap();
    let raw = place.raw();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    thread::scope(|scope| {
        let calls: Vec<_> = (0..40_u16)
            .map(|n| {
                let trail = &trail;
                scope.spawn(move || {
                    thread::sleep(Duration::from_millis(u64::from(n) * 10));
                    let begun = Instant::now();
                    trail.record(&[event("a", usize::from(n))]).unwrap_err();
                    begun.elapsed()
                })
            })
            .collect();
        let mut took: Vec<_> = calls.into_iter().map(|call| call.join().unwrap()).collect();
        took.sort();
        assert!(took[20] < Duration::from_millis(450), "{took:?}");
    });
}

#[test]
fn a_backlog() {
    let place = Place::new();
    place.trail().check().unwrap();
    let raw = place.raw();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    let writer = Writer::start(&place.path()).unwrap();
    let mut submit = (0..10_000).map(|n| writer.submit(row::contents(&[event("a", n)]), LONG));
    let mut waiting = Vec::new();
    let error = loop {
        match submit.next().unwrap() {
            Ok(answer) => waiting.push(answer),
            Err(error) => break error,
        }
    };
    assert!(
        matches!(error, Error::Backlog { waiting: 256, .. }),
        "{error}"
    );
    raw.execute_batch("ROLLBACK").unwrap();
    // All the others have an answer, whichever it is.
    let kept = waiting
        .into_iter()
        .filter_map(|answer| answer.wait().ok())
        .count();
    assert_eq!(all(&place.trail()).len(), kept);
}

#[test]
fn what_nobody_waits_for_any_more_is_not_written() {
    let place = Place::new();
    place.trail().check().unwrap();
    let raw = place.raw();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    let writer = Writer::start(&place.path()).unwrap();
    let submit = |n, patience| {
        writer
            .submit(row::contents(&[event("a", n)]), patience)
            .unwrap()
    };
    // The first one keeps the writer busy until the second one's caller has gone.
    let first = submit(1, LONG);
    thread::sleep(Duration::from_millis(100));
    assert!(submit(2, Duration::from_millis(10)).wait().is_err());
    assert!(matches!(first.wait(), Err(Error::Busy { .. })));
    raw.execute_batch("ROLLBACK").unwrap();
    assert_eq!(submit(3, LONG).wait().unwrap(), written(1));
    assert_eq!(all(&place.trail()), [event("a", 3)]);
}

#[test]
fn an_answer_that_comes_too_late() {
    let place = Place::new();
    let trail = place.trail();
    trail.check().unwrap();
    let raw = place.raw();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    let trail = trail.with_patience(Duration::from_millis(20));
    let error = trail.record(&events("a", 0..3)).unwrap_err();
    assert_eq!(
        error,
        Error::Busy {
            path: place.path(),
            waited: Duration::from_millis(20)
        },
        "the caller is told, though the writer still tries"
    );
    raw.execute_batch("ROLLBACK").unwrap();
    // Whether it succeeded or not, the repetition makes it right.
    let trail = trail.with_patience(LONG);
    let recorded = trail.record(&events("a", 0..3)).unwrap();
    assert_eq!(recorded.written + recorded.repeated, 3);
    assert_eq!(all(&trail), events("a", 0..3));
}

#[test]
fn a_reader_that_stays() {
    let place = Place::new();
    let trail = place.trail();
    trail.record(&events("a", 0..1)).unwrap();
    let raw = place.raw();
    raw.execute_batch("BEGIN").unwrap();
    let count = || -> i64 {
        raw.query_row("SELECT count(*) FROM audit_events", [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(count(), 1);
    for n in 1..50 {
        assert_eq!(trail.record(&[event("a", n)]).unwrap(), written(1));
    }
    assert_eq!(count(), 1);
    assert_eq!(all(&trail).len(), 50);
}
