//! Other processes on the file, and a process that is killed. They are this test program
//! again, started with a variable that names the file.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::*;

const FILE: &str = "AURA_TEST_STORE_FILE";

/// What a process does: appends to two runs in one transaction after the other, several on
/// their way at once, and says which are acknowledged.
#[test]
fn writer() {
    let Ok(path) = std::env::var(FILE) else {
        return;
    };
    let on_failure = |error| panic!("{error}");
    let (store, _) = Store::open(Path::new(&path), options(on_failure)).unwrap();
    println!("open");
    for n in 1.. {
        store.submit(transaction(n), move || println!("acknowledged {n}"));
        if n % 50 == 0 {
            store.write(Vec::new());
        }
    }
}

/// Event n of two runs.
pub(super) fn transaction(n: i64) -> Vec<Write> {
    let of = |run| [with_history(run, RUNNING, n), batch(run, n, n)];
    [of(1), of(2)].concat()
}

/// How many of those transactions are in the file, which must be the first ones and whole.
pub(super) fn transactions(place: &Place) -> i64 {
    let report = tools::check(&place.path()).unwrap();
    assert_eq!(report.problems, []);
    let (_, loaded) = place.open();
    let lengths: Vec<i64> = loaded
        .open
        .iter()
        .map(|run| run.row.history_length)
        .collect();
    let [one, two] = lengths[..] else {
        assert_eq!(lengths, [0; 0]);
        return 0;
    };
    assert_eq!(one, two);
    one
}

struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(place: &Place) -> Self {
        let (_, module) = module_path!().split_once("::").unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([&format!("{module}::writer"), "--exact", "--nocapture"])
            .env(FILE, place.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut process = Self { child, lines };
        process
            .lines
            .find(|line| line.as_ref().unwrap().ends_with("open"))
            .unwrap()
            .unwrap();
        process
    }

    /// The next transaction that was acknowledged.
    fn next(&mut self) -> Option<i64> {
        self.lines
            .find_map(|line| line.unwrap().strip_prefix("acknowledged ")?.parse().ok())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_second_process_is_refused_with_the_first_ones_number() {
    let place = Place::new();
    let mut process = Process::start(&place);
    let error = place.refusal();
    let path = place.path().canonicalize().unwrap();
    let pid = process.child.id();
    assert_eq!(
        error,
        Error::Locked {
            path,
            pid: Some(pid)
        }
    );
    assert!(error.to_string().contains(&pid.to_string()), "{error}");
    assert!(matches!(
        tools::compact(&place.path()),
        Err(Error::Locked { .. })
    ));
    // The first one was not disturbed, and its lock goes with it.
    process.next().unwrap();
    process.child.kill().unwrap();
    process.child.wait().unwrap();
    assert!(place.directory.path().join("engine.db.lock").exists());
    place.open();
}

#[test]
fn a_process_that_is_killed_loses_nothing_it_has_acknowledged() {
    for kill_after in [1, 30, 170, 400] {
        let place = Place::new();
        let mut process = Process::start(&place);
        while process.next().unwrap() < kill_after {}
        process.child.kill().unwrap();
        let last = std::iter::from_fn(|| process.next()).last();
        let acknowledged = last.unwrap_or(kill_after);
        process.child.wait().unwrap();
        let kept = transactions(&place);
        assert!(
            kept >= acknowledged,
            "{kept} kept, {acknowledged} acknowledged"
        );
    }
}
