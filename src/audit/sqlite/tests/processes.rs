//! Several processes on one file, and a process that is killed. The processes are this
//! test program again, started with a variable that names the file.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::*;

const FILE: &str = "AURA_TEST_AUDIT_FILE";
const EPOCH: &str = "AURA_TEST_AUDIT_EPOCH";
const BATCHES: &str = "AURA_TEST_AUDIT_BATCHES";
const BATCH: usize = 4;

/// What a process does: writes batch after batch and says so after each.
#[test]
fn writer() {
    let Ok(path) = std::env::var(FILE) else {
        return;
    };
    let epoch = std::env::var(EPOCH).unwrap();
    let batches: usize = std::env::var(BATCHES).unwrap().parse().unwrap();
    let trail = Sqlite::new(path).with_patience(LONG);
    for batch in 0..batches {
        record(&trail, &events(&epoch, batch * BATCH..(batch + 1) * BATCH));
        println!("acknowledged {}", batch + 1);
    }
}

/// As callers do it: another may hold the file for long.
fn record(trail: &Sqlite, batch: &[AuditEvent]) {
    while let Err(error) = trail.record(batch) {
        assert!(matches!(error, Error::Busy { .. }), "{error}");
    }
}

struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(place: &Place, epoch: &str, batches: usize) -> Self {
        let (_, module) = module_path!().split_once("::").unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([&format!("{module}::writer"), "--exact", "--nocapture"])
            .env(FILE, place.path())
            .env(EPOCH, epoch)
            .env(BATCHES, batches.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next batch that was acknowledged.
    fn next(&mut self) -> Option<usize> {
        self.lines
            .find_map(|line| line.unwrap().strip_prefix("acknowledged ")?.parse().ok())
    }

    /// All that were acknowledged until its end.
    fn rest(&mut self) -> usize {
        std::iter::from_fn(|| self.next()).last().unwrap_or(0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_process_that_is_killed_loses_nothing_it_was_told_was_kept() {
    for kill_after in [1, 7, 23] {
        let place = Place::new();
        let mut process = Process::start(&place, "a", 1_000_000);
        let mut acknowledged = 0;
        while acknowledged < kill_after {
            acknowledged = process.next().unwrap();
        }
        process.child.kill().unwrap();
        acknowledged = acknowledged.max(process.rest());

        let trail = place.trail();
        let kept = all(&trail);
        // One more can have been written and not yet acknowledged, but not a part of one.
        assert!([acknowledged, acknowledged + 1].contains(&(kept.len() / BATCH)));
        assert_eq!(kept, events("a", 0..kept.len() / BATCH * BATCH));
        // Whoever comes after repeats the last one and goes on.
        let next = acknowledged * BATCH..(acknowledged + 2) * BATCH;
        trail.record(&events("a", next.clone())).unwrap();
        assert_eq!(all(&trail), events("a", 0..next.end));
        assert_eq!(trail.verify().unwrap(), []);
    }
}

#[test]
fn several_processes_share_one_file_and_one_chain() {
    const PROCESSES: usize = 3;
    const EACH: usize = 40;
    // They begin on a file that isn't there yet.
    let place = Place::new();
    let mut processes: Vec<Process> = (0..PROCESSES)
        .map(|n| Process::start(&place, &format!("e{n}"), EACH))
        .collect();
    let earlier_rows = 25;
    for process in &mut processes {
        process.next().unwrap();
    }
    // And the earlier writer is one of them.
    let earlier = place.raw();
    earlier.busy_timeout(LONG).unwrap();
    for _ in 0..earlier_rows {
        append_earlier(&earlier, "old", "p1", "{}");
    }
    for process in &mut processes {
        assert_eq!(process.rest(), EACH);
        assert!(process.child.wait().unwrap().success());
    }

    let trail = place.trail();
    assert_eq!(all(&trail).len(), PROCESSES * EACH * BATCH + earlier_rows);
    for n in 0..PROCESSES {
        let epoch_id = Some(format!("e{n}"));
        let of_one = trail
            .query(&AuditFilter {
                epoch_id,
                ..AuditFilter::default()
            })
            .unwrap();
        assert_eq!(of_one, events(&format!("e{n}"), 0..EACH * BATCH));
    }
    let findings = trail.verify().unwrap();
    assert_eq!(findings.len(), earlier_rows);
    assert!(findings.iter().all(Finding::is_warning), "{findings:?}");
}

#[test]
fn what_a_transaction_had_not_committed_is_not_there() {
    let place = Place::new();
    let trail = place.trail();
    trail.record(&events("a", 0..2)).unwrap();
    let raw = place.raw();
    // So little cache that its rows go to the disk before it ends.
    raw.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE")
        .unwrap();
    for _ in 0..500 {
        append_earlier(
            &raw,
            "half",
            "p1",
            &format!(r#"{{"x":"{}"}}"#, "x".repeat(500)),
        );
    }
    // What the disk holds now is what a power cut would leave.
    let copy = Place::new();
    for file in ["audit.db", "audit.db-wal"] {
        let from = place.directory.path().join(file);
        std::fs::copy(from, copy.directory.path().join(file)).unwrap();
    }
    let log = copy
        .directory
        .path()
        .join("audit.db-wal")
        .metadata()
        .unwrap()
        .len();
    assert!(log > 200_000, "the rows are on the disk: {log}");
    let after = copy.trail();
    assert_eq!(all(&after), events("a", 0..2));
    after.record(&events("a", 2..3)).unwrap();
    assert_eq!(all(&after), events("a", 0..3));
    drop(raw);
    assert_eq!(all(&trail), events("a", 0..2));
}

#[test]
fn several_make_the_file_at_once() {
    for _ in 0..20 {
        let place = Place::new();
        thread::scope(|scope| {
            let trails: Vec<_> = (0..6)
                .map(|n| {
                    let place = &place;
                    scope.spawn(move || {
                        record(&place.trail(), &[event("a", n)]);
                    })
                })
                .collect();
            for trail in trails {
                trail.join().unwrap();
            }
        });
        assert_eq!(all(&place.trail()).len(), 6);
        assert_eq!(place.trail().verify().unwrap(), []);
    }
}
