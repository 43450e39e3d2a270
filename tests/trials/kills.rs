//! `kill -9` at random moments under load, with one check at the end: what was
//! acknowledged is there, and nothing is there twice. `AURA_TEST_KILLS_EMBEDDED` says how
//! often, and `AURA_TEST_SEED` when.

pub mod epochs;
pub mod evidence;
pub mod load;
pub mod plain;

use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::host::{Host, check_log};
use crate::support::daemon::{Daemon, READY_MARKER};
use crate::support::random::{Random, from_environment};
use load::Load;

/// A share of a run that is meant to be long, for every day.
const KILLS: u64 = 60;
/// A kill comes within this time after the start of a process, every fourth time, or else
/// after it is ready.
const SPREAD_MS: u64 = 300;
const STARTING: u64 = 4;
const READY_LIMIT: Duration = Duration::from_secs(30);

#[test]
fn killed_at_random_moments_under_load_it_loses_nothing_and_does_nothing_twice() {
    let mut random = Random::seeded();
    let kills = from_environment("AURA_TEST_KILLS_EMBEDDED").unwrap_or(KILLS);
    let host = Host::new();
    let mut daemon = host.start_ready();
    let load = Load::begin(&host);
    for kill in 0..kills {
        if random.below(STARTING) != 0 {
            let ready = daemon.has_line(READY_MARKER, READY_LIMIT);
            assert!(ready, "it is ready after {kill} kills");
        }
        // Not for anything to happen: this is the random moment.
        thread::sleep(Duration::from_millis(random.below(SPREAD_MS)));
        assert!(!load.is_over(), "a driver failed after {kill} kills");
        check_log(&daemon);
        kill_alive(&mut daemon);
        daemon = host.start();
    }
    daemon.wait_ready();
    load.end(daemon, &format!("{kills} kills"));
}

/// Kills a daemon that lives.
#[track_caller]
pub fn kill_alive(daemon: &mut Daemon) {
    let status = daemon.kill();
    assert_eq!(
        status.signal(),
        Some(Signal::KILL.as_raw()),
        "it lived until it was killed: {:#?}",
        daemon.logs()
    );
}
