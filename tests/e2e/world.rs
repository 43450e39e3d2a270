//! One scenario's world: a sandbox, a server, a daemon, and commands in the words of
//! the field. What is checked is the scenario's business.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::TARGET;
use crate::server::{Server, Target};
use crate::support::binary;
use crate::support::cli::AuraMsg;
use crate::support::daemon::Daemon;
use crate::support::output::Output;
use crate::support::ports;
use crate::support::sandbox::Sandbox;
use crate::support::wait::eventually;

/// The three axes, in the contract's words.
pub const AXES: [&str; 3] = ["correctness", "test_quality", "elegance"];

/// How long a command waits that is not told; less than the harness waits for it.
const PATIENCE: &str = "50s";

/// How long audit rows may take that could not be written at once.
const AUDIT_LIMIT: Duration = Duration::from_mins(1);

/// A sandbox with the address of a server, and perhaps a daemon.
pub struct World {
    pub sandbox: Arc<Sandbox>,
    pub address: String,
    pub epoch: String,
    /// Whether its daemon is its server, too.
    is_alone: bool,
}

impl World {
    /// A world on the server that all tests share; none where there is no server.
    pub fn shared() -> Option<Self> {
        Self::with_server().map(|(world, _)| world)
    }

    /// The same, and that server.
    pub fn with_server() -> Option<(Self, &'static Server)> {
        let server = Server::shared()?;
        Some((Self::on(&server.address()), server))
    }

    /// A world on a given server.
    pub fn on(address: &str) -> Self {
        let sandbox = Arc::new(Sandbox::new());
        // On a loaded machine everything takes its time; what is said about time is said
        // by the tests that are about it.
        sandbox.write_config(&format!("[aura-msg]\ntimeout = \"{PATIENCE}\"\n"));
        let epoch = sandbox.epoch_id();
        Self {
            sandbox,
            address: address.to_owned(),
            epoch,
            is_alone: false,
        }
    }

    /// A world whose daemon has an engine inside, so that it is its server as well; none on
    /// Temporal's server, and none where there is nothing to look into it with.
    pub fn alone() -> Option<Self> {
        if TARGET == Target::Temporal {
            return None;
        }
        binary::locate_or_skip()?;
        let address = format!("{}:{}", Ipv4Addr::LOCALHOST, ports::free());
        Some(Self {
            is_alone: true,
            ..Self::on(&address)
        })
    }

    /// The same world with another epoch in mind.
    pub fn beside(&self, epoch: &str) -> Self {
        let (sandbox, address) = (Arc::clone(&self.sandbox), self.address.clone());
        Self {
            sandbox,
            address,
            epoch: epoch.to_owned(),
            is_alone: self.is_alone,
        }
    }

    /// The same world and epoch, with the server reached at another address.
    pub fn through(&self, address: String) -> Self {
        Self {
            address,
            ..self.beside(&self.epoch)
        }
    }

    /// Where the daemon of this world keeps its audit trail, in a folder of its own.
    pub fn audit_db(&self) -> PathBuf {
        self.sandbox.path().join("trail").join("audit.db")
    }

    /// A daemon that keeps its audit trail in `audit_db`; it need not be ready yet.
    pub fn daemon(&self) -> Daemon {
        self.daemon_with(&[], &[])
    }

    /// The same with more arguments and environment.
    pub fn daemon_with(&self, args: &[&str], env: &[(&str, &str)]) -> Daemon {
        let audit = format!("sqlite:{}", self.audit_db().display());
        Daemon::start(&self.sandbox, env!("CARGO_BIN_EXE_aurad"), |command| {
            if self.is_alone {
                command.args(["--embedded", "--db", "engine.db", "--listen"]);
            } else {
                command.arg("--address");
            }
            command
                .args([&self.address, "--task-queue", self.sandbox.task_queue()])
                .args(["--audit-trail", &audit])
                .args(args)
                .envs(env.iter().copied())
        })
    }

    /// A daemon that is ready.
    pub fn ready_daemon(&self) -> Daemon {
        let daemon = self.daemon();
        daemon.wait_ready();
        daemon
    }

    /// `aura-msg`, on this world's server and task queue.
    pub fn cli(&self) -> AuraMsg<'_> {
        AuraMsg::new(&self.sandbox, env!("CARGO_BIN_EXE_aura-msg")).connected_to(&self.address)
    }

    /// `aura-msg` about this world's epoch.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Output {
        self.cli().env("AURA_EPOCH_ID", &self.epoch).run(args)
    }

    /// The same in one line, for words without spaces of their own.
    #[track_caller]
    pub fn say(&self, line: &str) -> Output {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Starts the epoch.
    #[track_caller]
    pub fn start(&self) -> Output {
        self.run(&["epoch", "start", "--description", "what is asked for"])
            .ok()
    }

    /// Asks to move on, saying who and why.
    #[track_caller]
    pub fn advance(&self, to: &str) -> Output {
        self.run(&[
            "phase",
            "advance",
            "--to-phase",
            to,
            "--triggered-by",
            "test",
            "--condition",
            "met",
        ])
    }

    /// Moves on through these phases.
    #[track_caller]
    pub fn advance_through(&self, phases: &[&str]) {
        for phase in phases {
            let _ = self.advance(phase).ok();
        }
    }

    /// Starts the epoch and takes it the straight way to this phase.
    #[track_caller]
    pub fn start_in(&self, phase: &str) {
        let _ = self.start();
        let number = phase
            .trim_start_matches('p')
            .parse()
            .expect("a phase has a number");
        for next in 2..=number {
            if matches!(next, 5 | 11) {
                self.accept();
            }
            self.advance_through(&[&format!("p{next}")]);
        }
    }

    /// Votes on one axis.
    #[track_caller]
    pub fn vote(&self, axis: &str, vote: &str) -> Output {
        let reviewer = format!("reviewer-{axis}");
        self.run(&[
            "signal",
            "vote",
            "--axis",
            axis,
            "--vote",
            vote,
            "--reviewer-id",
            &reviewer,
        ])
    }

    /// Three reviewers accept.
    #[track_caller]
    pub fn accept(&self) {
        for axis in AXES {
            let _ = self.vote(axis, "ACCEPT").ok();
        }
    }

    /// The epoch's state, as JSON.
    #[track_caller]
    pub fn state(&self) -> Value {
        self.run(&["query", "state", "--format", "json"])
            .ok()
            .json()
    }

    /// The audit rows of the epoch, once there are so many of this type: on a loaded machine
    /// they are written a little later.
    #[track_caller]
    pub fn audit_rows_with(&self, event_type: &str, count: usize) -> Vec<AuditRow> {
        let what = format!("{count} audit rows of type {event_type}");
        eventually(&what, AUDIT_LIMIT, || {
            let rows = self.audit_rows();
            let of_type = rows.iter().filter(|row| row.event_type == event_type);
            (of_type.count() >= count).then_some(rows)
        })
    }

    /// The audit rows of the epoch, in order: id, event type, phase, payload.
    pub fn audit_rows(&self) -> Vec<AuditRow> {
        self.audit_rows_of(&self.epoch)
    }

    /// The same of another epoch.
    pub fn audit_rows_of(&self, epoch: &str) -> Vec<AuditRow> {
        let db = rusqlite::Connection::open(self.audit_db()).expect("the audit trail opens");
        let mut select = db
            .prepare(
                "SELECT event_id, event_type, phase, role, payload FROM audit_events \
                 WHERE epoch_id = ? ORDER BY id",
            )
            .expect("the table has the contract's columns");
        let rows = select
            .query_map([epoch], |row| {
                Ok(AuditRow {
                    event_id: row.get(0)?,
                    event_type: row.get(1)?,
                    phase: row.get(2)?,
                    role: row.get(3)?,
                    payload: row.get(4)?,
                })
            })
            .expect("the rows can be read");
        rows.collect::<Result<_, _>>()
            .expect("the rows are as the contract says")
    }
}

/// One row of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub event_id: Option<String>,
    pub event_type: String,
    pub phase: String,
    pub role: String,
    pub payload: String,
}

impl AuditRow {
    /// The event's number in the epoch.
    pub fn ordinal(&self) -> u64 {
        let id = self.event_id.as_deref().expect("our own rows have an id");
        let (_, ordinal) = id.rsplit_once(':').expect("an id is run:ordinal");
        ordinal.parse().expect("the ordinal is a number")
    }

    /// The details.
    pub fn details(&self) -> Value {
        serde_json::from_str(&self.payload).expect("a payload is JSON")
    }
}
