//! An `aurad --embedded` with a file and a port that outlive its processes, as they do
//! where it is killed and started again.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Command;

use rusqlite::{Connection, OpenFlags};

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
        self.start_as(|command| command)
    }

    /// The same, started in some special way.
    pub fn start_as(&self, special: impl FnOnce(&mut Command) -> &mut Command) -> Daemon {
        let trail = format!("sqlite:{}", self.trail().display());
        Daemon::start(&self.sandbox, env!("CARGO_BIN_EXE_aurad"), |command| {
            command
                .arg("--embedded")
                .arg("--db")
                .arg(self.database())
                .args(["--listen", &self.address(), "--retention", "0"])
                .args(["--task-queue", self.sandbox.task_queue()])
                .args(["--audit-trail", &trail]);
            special(command)
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
        let database = Connection::open_with_flags(
            self.database(),
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        );
        let database = database.expect("the engine's file opens");
        database
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .expect("a file can be checked")
    }
}

/// Checks that a daemon met nothing that it should not meet.
#[track_caller]
pub fn check_log(daemon: &Daemon) {
    let logs = daemon.logs();
    let is_bad = |line: &&String| BAD.iter().any(|bad| line.contains(bad));
    let bad: Vec<&String> = logs.iter().filter(is_bad).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}
