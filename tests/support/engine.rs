//! The embedded engine as a server: an `aurad --embedded` whose own task queue nobody
//! uses, so that it works on nothing itself. It deliberately knows no more of `aurad` than
//! the flags of its engine; who works and who asks connects to it as to any server.

use std::net::Ipv4Addr;
use std::time::Duration;

use super::daemon::{Daemon, READY_MARKER};
use super::ports;
use super::sandbox::Sandbox;

/// Lost races for a port are tried again so often.
const ATTEMPTS: usize = 5;
const READY_LIMIT: Duration = Duration::from_secs(30);

/// A running engine; it is killed on drop, and when the test process ends in whatever way.
pub struct EngineServer {
    daemon: Daemon,
    address: String,
    /// Holds its file.
    _sandbox: Sandbox,
}

impl EngineServer {
    /// Starts this `aurad` on a free port and a new file, with this environment.
    #[track_caller]
    pub fn start(aurad: &str, env: &[(&str, &str)]) -> Self {
        let mut attempt = 1;
        loop {
            let started = Self::launch(aurad, env);
            if started.daemon.has_line(READY_MARKER, READY_LIMIT) {
                return started;
            }
            assert!(
                attempt < ATTEMPTS,
                "the embedded engine did not start:\n{}",
                started.daemon.logs().join("\n")
            );
            attempt += 1;
        }
    }

    /// Host and port of its frontend.
    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// The process.
    pub fn daemon(&mut self) -> &mut Daemon {
        &mut self.daemon
    }

    /// Starts it again on the same port and file, after killing it if it still runs; returns
    /// when it answers.
    #[track_caller]
    pub fn restart(&mut self) {
        self.daemon.restart();
        self.daemon.wait_ready();
    }

    fn launch(aurad: &str, env: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::new();
        let address = format!("{}:{}", Ipv4Addr::LOCALHOST, ports::free());
        let daemon = Daemon::start(&sandbox, aurad, |command| {
            command
                .args(["--embedded", "--db", "engine.db", "--listen", &address])
                .args(["--task-queue", "nobody's", "--audit-trail", "memory"])
                .envs(env.iter().copied())
        });
        Self {
            daemon,
            address,
            _sandbox: sandbox,
        }
    }
}
