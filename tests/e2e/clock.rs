//! A clock that jumps an hour ahead and back again, under a worker, under the daemon that has
//! its engine inside, and under a command that waits: epochs go their course with every
//! message applied once and audited once, and a deadline is as long as it was.

use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

use crate::course::Course;
use crate::evidence::check_log;
use crate::server::Server;
use crate::support::clock::FalseClock;
use crate::support::daemon::Daemon;
use crate::support::dead_ends::BlackHole;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);
/// From one jump to the next, in steps of the course.
const STEPS: usize = 4;
/// Of the whole course, on a machine that is busy: what waited for a clock would be late by
/// half an hour.
const WHOLE: Duration = Duration::from_mins(5);
const AHEAD: &str = "+1h";
const BEHIND: &str = "-1h";
/// Somewhere between a right clock and one that is an hour ahead.
const WRONG_S: i64 = 1_800;

/// How long a command waits whose clock jumps meanwhile.
const PATIENCE: Duration = Duration::from_secs(4);

#[test]
fn a_worker_whose_clock_jumps_loses_nothing_and_does_nothing_twice() {
    let Some(server) = Server::shared() else {
        return;
    };
    jump_about(server, &World::on(&server.address()));
}

#[test]
fn an_engine_whose_clock_jumps_loses_nothing_and_does_nothing_twice() {
    let Some(world) = World::alone() else { return };
    jump_about(&Server::at(&world.address), &world);
}

/// Goes a course while the daemon's clock jumps; sometimes the daemon is killed and starts by
/// another clock than it ended by.
fn jump_about(server: &Server, world: &World) {
    let Some(clock) = FalseClock::right(world.sandbox.path()) else {
        return;
    };
    let mut daemon = world.daemon_with(&[], &clock.environment());
    daemon.wait_ready();
    let _ = world.start();
    let course = Course::whole();
    let epoch = Workflow::new(server, &world.epoch);
    // What the clock shows from then on, and whether the daemon is then killed and starts.
    let mut jumps = [
        (AHEAD, false),
        (AHEAD, true),
        ("+0", false),
        (AHEAD, false),
        ("+0", true),
        (BEHIND, true),
        ("+0", true),
    ]
    .into_iter();
    let begun = Instant::now();
    course.go(world, epoch, |step| {
        if step % STEPS != 1 {
            return;
        }
        let Some((by, dies)) = jumps.next() else {
            return;
        };
        clock.jump(by);
        if dies {
            daemon.restart();
        }
    });
    assert_eq!(jumps.next(), None, "the course is long enough");
    epoch.wait_status("COMPLETED", LIMIT);
    assert!(begun.elapsed() < WHOLE, "it took {:?}", begun.elapsed());
    course.check(world);
    check_seen(&daemon);
    check_log(&daemon);
    assert_alive(&mut daemon);
}

/// The daemon did see the jumps: its log's lines have the time.
#[track_caller]
fn check_seen(daemon: &Daemon) {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.expect("it is later than 1970").as_secs();
    let now = i64::try_from(now).expect("a time of today");
    let logs = daemon.logs();
    let written = logs.iter().filter_map(|line| {
        let first = line.split_whitespace().next()?;
        first.parse::<Timestamp>().ok()
    });
    let off: Vec<i64> = written.map(|at| at.as_second() - now).collect();
    for wrong in [WRONG_S..i64::MAX, i64::MIN..-WRONG_S] {
        assert!(off.iter().any(|off| wrong.contains(off)), "{off:?}");
    }
}

#[track_caller]
fn assert_alive(daemon: &mut Daemon) {
    assert_eq!(daemon.exit_status(), None);
    daemon.terminate();
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
}

#[test]
fn a_command_waits_as_long_as_it_was_told_whatever_the_clock_says() {
    let silent = BlackHole::open();
    let world = World::on(&silent.address());
    for by in [AHEAD, BEHIND] {
        let Some(clock) = FalseClock::right(world.sandbox.path()) else {
            return;
        };
        let output = thread::scope(|scope| {
            let visits = silent.visits();
            let waiting = scope.spawn(|| {
                let mut command = world.cli().env("AURA_EPOCH_ID", &world.epoch);
                for (name, value) in clock.environment() {
                    command = command.env(name, value);
                }
                let patience = format!("{}s", PATIENCE.as_secs());
                command.run(["query", "state", "--timeout", &patience])
            });
            eventually("it has called the server", LIMIT, || {
                (silent.visits() > visits).then_some(())
            });
            clock.jump(by);
            waiting.join().expect("the command ends").code(2)
        });
        let late = PATIENCE + super::dead_ends::LATE;
        assert!((PATIENCE..late).contains(&output.elapsed), "{output}");
    }
}
