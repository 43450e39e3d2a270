//! The machine stops at any moment. What the disk has then is a copy of the file and its
//! log, made while the writer writes.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use super::processes::{transaction, transactions};
use super::*;

/// What a stop would leave now. The open snapshot keeps the log from being begun anew
/// between the two copies, which at a real stop are of one moment; whatever else the
/// writer does to either goes on.
fn copy(place: &Place) -> Place {
    let raw = place.raw();
    raw.execute_batch("BEGIN; SELECT count(*) FROM run;")
        .unwrap();
    let copy = Place::new();
    for name in ["engine.db", "engine.db-wal"] {
        let from = place.directory.path().join(name);
        fs::copy(from, copy.directory.path().join(name)).unwrap();
    }
    raw.execute_batch("COMMIT").unwrap();
    copy
}

#[test]
fn a_stop_at_any_moment_leaves_all_that_was_acknowledged() {
    const COPIES: usize = 25;
    let place = Place::new();
    let store = place.store();
    let go_on = AtomicBool::new(true);
    let acknowledged = Arc::new(AtomicI64::new(0));
    let mut kept = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in (1..).take_while(|_| go_on.load(Ordering::SeqCst)) {
                let mut writes = transaction(n);
                // Enough for the log to be emptied into the file now and then.
                writes.push(Write::Item {
                    run: 1,
                    kind: 1,
                    id: n % 10,
                    data: Some(vec![0; 40_000]),
                });
                let acknowledged = Arc::clone(&acknowledged);
                store.submit(writes, move || acknowledged.store(n, Ordering::SeqCst));
                if n % 20 == 0 {
                    store.write(Vec::new());
                }
            }
        });
        for _ in 0..COPIES {
            let before = acknowledged.load(Ordering::SeqCst);
            let copy = copy(&place);
            let after = transactions(&copy);
            assert!(after >= before, "{after} kept, {before} acknowledged");
            kept.push(after);
        }
        go_on.store(false, Ordering::SeqCst);
    });
    assert!(kept.is_sorted(), "{kept:?}");
    assert!(
        kept.last() > kept.first(),
        "it wrote all the while: {kept:?}"
    );
}

#[test]
fn a_torn_end_of_the_log_costs_only_what_it_held() {
    let place = Place::new();
    let store = place.store();
    let mut ends = Vec::new();
    for n in 1..=6 {
        store.write(transaction(n));
        let log = place.directory.path().join("engine.db-wal");
        ends.push(log.metadata().unwrap().len());
    }
    let copy = copy(&place);
    let log = fs::read(copy.directory.path().join("engine.db-wal")).unwrap();
    // Cut at every half page: what a commit needs whole is there or is not.
    let last = usize::try_from(*ends.last().unwrap()).unwrap();
    for cut in (usize::try_from(ends[0]).unwrap()..=last).step_by(2_000) {
        let torn = Place::new();
        fs::copy(copy.path(), torn.path()).unwrap();
        let mut bytes = log[..cut].to_vec();
        // And what a disk may have put there instead.
        bytes.resize(last, 0xa5);
        fs::write(torn.directory.path().join("engine.db-wal"), bytes).unwrap();
        let whole = ends.iter().filter(|end| **end <= cut as u64).count();
        assert_eq!(
            transactions(&torn),
            i64::try_from(whole).unwrap(),
            "cut at {cut}"
        );
    }
}
