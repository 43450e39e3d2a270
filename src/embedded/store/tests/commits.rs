//! When something counts as written, and what happens when it can't be.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

fn dedup(id: impl Into<String>) -> Vec<Write> {
    vec![Write::Dedup {
        run: 1,
        kind: 1,
        id: id.into(),
    }]
}

/// Stops the writer between two commits, until the sender is used or dropped.
fn hold(store: &Store) -> std::sync::mpsc::Sender<()> {
    let (go, wait) = channel();
    let (arrived, here) = channel();
    store.submit(Vec::new(), move || {
        arrived.send(()).unwrap();
        let _ = wait.recv_timeout(LONG);
    });
    here.recv_timeout(LONG).unwrap();
    go
}

#[test]
fn what_waits_shares_a_commit() {
    const THREADS: usize = 20;
    const EACH: usize = 5;
    let place = Place::new();
    let store = place.store();
    let go = hold(&store);
    let (acknowledged, wait) = channel();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (store, acknowledged) = (&store, acknowledged.clone());
            scope.spawn(move || {
                for n in 0..EACH {
                    let acknowledged = acknowledged.clone();
                    // How far the writer was when it ran: a value for each commit.
                    let committed = store.committed();
                    store.submit(dedup(format!("{thread} {n}")), move || {
                        acknowledged.send((thread, n, *committed.borrow())).unwrap();
                    });
                }
            });
        }
    });
    drop((go, acknowledged));
    let mut next = [0; THREADS];
    let mut commits = Vec::new();
    for _ in 0..THREADS * EACH {
        let (thread, n, committed) = wait.recv_timeout(LONG).unwrap();
        assert_eq!(n, next[thread], "in the order of calls");
        next[thread] += 1;
        commits.push(committed);
    }
    assert!(commits.is_sorted());
    commits.dedup();
    assert_eq!(commits.len(), 1, "{commits:?}");
    assert_eq!(count(&store, "dedup"), 100);
}

#[test]
fn a_group_has_a_limit_of_transactions_and_of_bytes() {
    let place = Place::new();
    let store = place.store();
    let commits = |writes: Vec<Vec<Write>>| {
        let go = hold(&store);
        let (acknowledged, wait) = channel();
        let number = writes.len();
        for writes in writes {
            let (committed, acknowledged) = (store.committed(), acknowledged.clone());
            store.submit(writes, move || {
                acknowledged.send(*committed.borrow()).unwrap();
            });
        }
        drop(go);
        let mut seen: Vec<Seq> = (0..number)
            .map(|_| wait.recv_timeout(LONG).unwrap())
            .collect();
        seen.dedup();
        seen.len()
    };
    let many = (0..1_000).map(|n| dedup(n.to_string())).collect();
    assert_eq!(commits(many), 4);
    let large = |id| {
        vec![Write::Item {
            run: 1,
            kind: 1,
            id,
            data: Some(vec![0; 1 << 20]),
        }]
    };
    assert_eq!(commits((0..12).map(large).collect()), 3);
}

#[test]
fn it_is_on_the_disk_when_it_is_acknowledged() {
    let place = Place::new();
    let store = place.store();
    let raw = place.raw();
    let (send, receive) = channel();
    for n in 0..50_i64 {
        let path = place.path();
        let send = send.clone();
        store.submit(dedup(n.to_string()), move || {
            let raw = Connection::open(path).unwrap();
            let rows: i64 = raw
                .query_row("SELECT count(*) FROM dedup", [], |row| row.get(0))
                .unwrap();
            send.send((n, rows)).unwrap();
        });
    }
    for expected in 0..50 {
        let (n, rows) = receive.recv_timeout(LONG).unwrap();
        assert_eq!(n, expected);
        assert!(rows > n, "{rows} rows after {n}");
    }
    // While the disk is not to be had, nothing is.
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    let early = Arc::new(AtomicBool::new(true));
    let (seen, send) = (Arc::clone(&early), send.clone());
    let seq = store.submit(dedup("late"), move || {
        send.send((50, i64::from(seen.load(Ordering::SeqCst))))
            .unwrap();
    });
    assert!(*store.committed().borrow() < seq);
    assert!(receive.try_recv().is_err());
    early.store(false, Ordering::SeqCst);
    raw.execute_batch("ROLLBACK").unwrap();
    assert_eq!(receive.recv_timeout(LONG).unwrap(), (50, 0));
}

#[tokio::test]
async fn waiting_is_for_all_that_came_before() {
    let place = Place::new();
    let store = place.store();
    let first = store.submit(dedup("a"), || ());
    let barrier = store.submit(Vec::new(), || ());
    assert!(first < barrier);
    store.wait(barrier).await.unwrap();
    assert_eq!(count(&store, "dedup"), 1);
    store.wait(first).await.unwrap();
    store.close().unwrap();
    // What is written stays written; what comes after the end never is.
    store.wait(barrier).await.unwrap();
    let late = store.submit(dedup("b"), || panic!("it was not written"));
    assert_eq!(store.wait(late).await, Err(Closed));
    drop(store);
    assert_eq!(count(&place.store(), "dedup"), 1);
}

#[test]
fn closing_writes_what_waits_and_leaves_one_file() {
    let place = Place::new();
    let store = place.store();
    let acknowledged = Arc::new(Mutex::new(0));
    let go = hold(&store);
    for n in 0..1_000 {
        let acknowledged = Arc::clone(&acknowledged);
        store.submit(dedup(n.to_string()), move || {
            *acknowledged.lock().unwrap() += 1;
        });
    }
    drop(go);
    store.close().unwrap();
    store.close().unwrap();
    assert_eq!(*acknowledged.lock().unwrap(), 1_000);
    let files: Vec<_> = std::fs::read_dir(place.directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(files, ["engine.db"]);
    assert_eq!(count(&place.store(), "dedup"), 1_000);
}

#[test]
fn the_last_owner_may_be_what_the_writer_drops() {
    let place = Place::new();
    let store = Arc::new(place.store());
    let (done, wait) = channel();
    let owner = Arc::clone(&store);
    let go = hold(&store);
    store.submit(dedup("a"), move || {
        drop(owner);
        done.send(()).unwrap();
    });
    let late = dedup("written by a store that is gone");
    store.submit(late, || ());
    drop(store);
    drop(go);
    wait.recv_timeout(LONG).unwrap();
    // The lock was held for as long as the thread wrote.
    let store = loop {
        match Store::open(&place.path(), options(|_| ())) {
            Ok((store, _)) => break store,
            Err(error) => assert!(matches!(error, Error::Locked { .. }), "{error}"),
        }
        std::thread::yield_now();
    };
    assert_eq!(count(&store, "dedup"), 2);
}

/// A store whose failure is told to the test.
fn failing(place: &Place) -> (Store, Receiver<Error>) {
    let (tell, told) = channel();
    let on_failure = move |error| tell.send(error).unwrap();
    let (store, _) = Store::open(&place.path(), options(on_failure)).unwrap();
    (store, told)
}

/// Submits something that must not be acknowledged.
fn never(store: &Store, writes: Vec<Write>) -> Seq {
    store.submit(writes, || panic!("it was not written"))
}

#[tokio::test]
async fn after_a_failure_nothing_is_acknowledged() {
    let place = Place::new();
    let (store, told) = failing(&place);
    place
        .raw()
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON dedup WHEN NEW.id = 'bad'
             BEGIN SELECT RAISE(ABORT, 'refused by a test'); END",
        )
        .unwrap();
    store.write(dedup("good"));
    let go = hold(&store);
    // Together, so that they share what was to be their commit.
    let numbers = [
        never(&store, dedup("before")),
        never(&store, [dedup("with"), dedup("bad")].concat()),
        never(&store, dedup("after")),
        never(&store, Vec::new()),
    ];
    drop(go);
    for number in numbers {
        assert_eq!(store.wait(number).await, Err(Closed));
    }
    let error = told.recv_timeout(LONG).unwrap();
    assert!(error.to_string().contains("refused by a test"), "{error}");
    assert!(matches!(error, Error::Fatal { .. }), "{error:?}");
    assert_eq!(store.failure(), Some(error.clone()));

    let late = never(&store, dedup("late"));
    assert_eq!(store.wait(late).await, Err(Closed));
    assert!(told.try_recv().is_err(), "it is told once");
    // What was written before is still read.
    assert_eq!(count(&store, "dedup"), 1);
    assert_eq!(store.close(), Err(error));

    place.raw().execute_batch("DROP TRIGGER refuse").unwrap();
    let (store, _) = place.open();
    let kept: String = store
        .with_reader(|file| file.query_row("SELECT id FROM dedup", [], |row| row.get(0)))
        .unwrap();
    assert_eq!(kept, "good");
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let place = Place::new();
    drop(place.store());
    // The disk is a limit of the writer's connection.
    let lock = Lock::take(&place.path()).unwrap();
    let connection = file::open_to_write(&place.path(), Synchronous::Full).unwrap();
    let limit = "PRAGMA max_page_count = 200";
    connection.query_row(limit, [], |_| Ok(())).unwrap();
    let (tell, told) = channel();
    let on_failure = Box::new(move |error| tell.send(error).unwrap());
    let writer = Writer::start(place.path(), connection, lock, on_failure).unwrap();
    let (done, acknowledged) = channel();
    for id in 1..=1_000 {
        let done = done.clone();
        let item = Write::Item {
            run: 1,
            kind: 1,
            id,
            data: Some(vec![0; 3_000]),
        };
        writer.submit(vec![item], Box::new(move || done.send(id).unwrap()));
    }
    let error = told.recv_timeout(LONG).unwrap();
    let Error::Fatal { cause } = &error else {
        panic!("{error}")
    };
    let path = place.path();
    assert_eq!(**cause, Error::Full { path });
    writer.close();
    let last = acknowledged.try_iter().last().unwrap_or(0);

    let store = place.store();
    assert_eq!(count(&store, "item"), last);
    store.write(dedup("there is room again"));
}

#[test]
fn a_file_that_was_replaced_takes_no_more_writes() {
    let place = Place::new();
    let (store, told) = failing(&place);
    let elsewhere = place.directory.path().join("elsewhere.db");
    std::fs::rename(place.path(), &elsewhere).unwrap();
    never(&store, dedup("where is it?"));
    let error = told.recv_timeout(LONG).unwrap();
    let Error::Fatal { cause } = &error else {
        panic!("{error}")
    };
    let path = place.path();
    assert_eq!(**cause, Error::Moved { path });
}

#[test]
fn a_panic_of_a_callback_is_a_failure() {
    let place = Place::new();
    let (store, told) = failing(&place);
    store.submit(dedup("a"), || panic!("the test's own"));
    let error = told.recv_timeout(LONG).unwrap();
    assert!(error.to_string().contains("panicked"), "{error}");
    drop(store);
    assert_eq!(count(&place.store(), "dedup"), 1);
}
