//! An `aurad --embedded` with a file and a port that outlive its processes, as they do
//! where it is killed and started again.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::support::clock::FalseClock;
use crate::support::daemon::Daemon;
use crate::support::ports;
use crate::support::sandbox::Sandbox;

/// What a daemon must never have to say: a panic, a worker that ended, an event that was
/// made twice and differently.
const BAD: [&str; 3] = ["panicked", "building another", "another content"];

/// Where processes of `aurad` come and go.
pub struct Host {
    pub sandbox: Sandbox,
    port: u16,
}

impl Host {
    /// A new file, and a port that nobody else has.
    pub fn new() -> Self {
        Self {
            sandbox: Sandbox::new(),
            port: ports::free(),
        }
    }

    /// Host and port of the engine.
    pub fn address(&self) -> String {
        format!("{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The engine's file.
    pub fn database(&self) -> PathBuf {
        self.sandbox.path().join("engine").join("engine.db")
    }

    /// The audit trail's file.
    pub fn trail(&self) -> PathBuf {
        self.sandbox.path().join("trail").join("audit.db")
    }

    /// A process of its own, which need not be ready yet.
    pub fn start(&self) -> Daemon {
        self.start_through(&[])
    }

    /// The same, started by another program, which becomes it.
    pub fn start_through(&self, prefix: &[String]) -> Daemon {
        let database = self.database();
        let database = database.to_str().expect("the sandbox has a plain path");
        let listen = self.address();
        let engine = ["--embedded", "--db", database, "--listen", &listen];
        self.launch(prefix, &[&engine[..], &["--retention", "0"]].concat())
    }

    /// A process under this clock, which need not be ready yet.
    pub fn start_under(&self, clock: &FalseClock) -> Daemon {
        let mut prefix = vec!["/usr/bin/env".to_owned()];
        let variables = clock.environment();
        prefix.extend(variables.map(|(name, value)| format!("{name}={value}")));
        self.start_through(&prefix)
    }

    /// A worker on the server of this address, started by another program.
    pub fn start_worker(&self, prefix: &[String], address: &str) -> Daemon {
        self.launch(prefix, &["--address", address])
    }

    fn launch(&self, prefix: &[String], args: &[&str]) -> Daemon {
        let trail = format!("sqlite:{}", self.trail().display());
        let aurad = env!("CARGO_BIN_EXE_aurad").to_owned();
        let mut words = prefix.iter().chain([&aurad]);
        let program = words.next().expect("there is at least aurad");
        Daemon::start(&self.sandbox, program, |command| {
            command
                .args(words)
                .args(args)
                .args(["--task-queue", self.sandbox.task_queue()])
                .args(["--audit-trail", &trail])
        })
    }

    /// A process that is ready.
    pub fn start_ready(&self) -> Daemon {
        let daemon = self.start();
        daemon.wait_ready();
        daemon
    }

    /// What `SQLite` finds wrong with the engine's file: "ok" if nothing.
    pub fn integrity(&self) -> String {
        integrity(&self.database())
    }
}

/// What `SQLite` finds wrong with a file: "ok" if nothing.
pub fn integrity(file: &Path) -> String {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(file, flags).expect("the file opens");
    database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("a file can be checked")
}

/// The memory that a daemon has, in megabytes.
pub fn resident(daemon: &Daemon) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", daemon.pid()));
    let status = status.expect("a process that runs has a status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes: u64 = kilobytes.expect("it has memory").parse().unwrap();
    kilobytes / 1024
}

/// How many files and connections a daemon has open.
pub fn open_files(daemon: &Daemon) -> usize {
    let files = fs::read_dir(format!("/proc/{}/fd", daemon.pid()));
    files.expect("a process that runs has files").count()
}

/// Checks that a daemon met nothing that it should not meet.
#[track_caller]
pub fn check_log(daemon: &Daemon) {
    let logs = daemon.logs();
    let is_bad = |line: &&String| BAD.iter().any(|bad| line.contains(bad));
    let bad: Vec<&String> = logs.iter().filter(is_bad).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}
