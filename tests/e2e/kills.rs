//! A daemon that is killed again and again, at random moments and right after each single
//! thing it does: the epoch completes all the same, with every message applied once.

use std::env;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::process::Signal;
use serde_json::json;

use crate::course::Course;
use crate::evidence::check_log;
use crate::support::daemon::Daemon;
use crate::support::server::TemporalServer;
use crate::support::wait::eventually;
use crate::temporal::{Workflow, count, server_of_short_runs};
use crate::world::World;

/// One message may have to wait for a dead daemon's task, and for several daemons.
const STEP_LIMIT: Duration = Duration::from_mins(2);
/// A random kill comes within this time after a message began to be sent: long enough to
/// hit the sending, the task, the audit write, the confirmation, and what comes next.
const SPREAD_MS: u64 = 150;

#[test]
fn killed_at_random_moments_it_loses_nothing_and_does_nothing_twice() {
    let Some(server) = TemporalServer::shared() else {
        return;
    };
    die_at_random(server);
}

#[test]
fn killed_at_random_moments_of_many_runs_it_loses_nothing_and_does_nothing_twice() {
    let Some(server) = server_of_short_runs() else {
        return;
    };
    die_at_random(&server);
}

/// Goes a course with a daemon that is killed and started again, whatever it does.
fn die_at_random(server: &TemporalServer) {
    let mut random = Random::seeded();
    let kills = from_environment("AURA_TEST_KILLS").unwrap_or(10);
    let world = World::on(&server.address());
    let course = Course::whole();
    let mut moments: Vec<(usize, Duration)> = (0..kills)
        .map(|_| {
            let step = random.below(course.steps.len() as u64);
            let delay = Duration::from_millis(random.below(SPREAD_MS));
            (
                usize::try_from(step).expect("a step is a small number"),
                delay,
            )
        })
        .collect();
    moments.sort_unstable();

    let mut daemon = world.ready_daemon();
    let _ = world.start();
    let epoch = Workflow::new(server, &world.epoch);
    let begun = AtomicUsize::new(0);
    thread::scope(|scope| {
        let driver = scope.spawn(|| {
            course.go(&world, epoch, |step| begun.store(step, Ordering::SeqCst));
        });
        for (step, delay) in moments {
            eventually("the driver gets on", STEP_LIMIT, || {
                let reached = begun.load(Ordering::SeqCst) >= step;
                (reached || driver.is_finished()).then_some(())
            });
            // Not for anything to happen: this is the random moment.
            thread::sleep(delay);
            daemon.restart();
        }
    });
    epoch.wait_status("COMPLETED", Duration::from_secs(30));
    course.check(&world);
    check_log(&daemon);
}

#[test]
fn killed_after_each_effect_it_completes_the_epoch() {
    die_after_each("effect", &EFFECTS);
}

#[test]
fn killed_after_each_audit_commit_it_writes_no_row_twice() {
    die_after_each("audit_written", &[MARKER]);
}

/// Goes a course with daemons that die at a fail-point. Each is allowed one hit more than
/// the one before it, until the server has recorded something it did: so there is a death
/// after every single hit, of which events of these `kinds` are what stays recorded.
fn die_after_each(failpoint: &str, kinds: &[&str]) {
    // Only a debug build has fail-points.
    if !cfg!(debug_assertions) {
        return;
    }
    let Some(server) = TemporalServer::shared() else {
        return;
    };
    let (world, course) = (&World::on(&server.address()), &Course::whole());
    let epoch = Workflow::new(server, &world.epoch);
    let input = json!({ "epoch_id": world.epoch, "request_description": "what is asked for" });
    // Every death costs a task's timeout.
    let queue = world.sandbox.task_queue();
    epoch.start("EpochWorkflow", queue, &input, &["--task-timeout", "1s"]);

    let mut deaths = 0;
    thread::scope(|scope| {
        // A message is confirmed before its effects are performed; those of one message
        // shall not be mixed with those of the next.
        let settle = move |_| eventually("the epoch is idle", STEP_LIMIT, || epoch.is_idle());
        let driver = scope.spawn(move || course.go(world, epoch, settle));
        let (mut hits, mut tasks) = (1, 0);
        loop {
            let allowed = format!("{failpoint}:{hits}");
            let mut daemon = world.daemon_with(&[], &[("AURA_FAILPOINT", &allowed)]);
            let is_over = || driver.is_finished() && epoch.status() != "RUNNING";
            let died = death(&mut daemon, is_over);
            check_log(&daemon);
            let Some(status) = died else { break };
            assert_eq!(
                status.signal(),
                Some(Signal::ABORT.as_raw()),
                "it died of the fail-point"
            );
            deaths += 1;
            let done = epoch.count("WORKFLOW_TASK_COMPLETED");
            // The first hit of the next daemon will be the one that this one died of.
            hits = if done > tasks { 2 } else { hits + 1 };
            tasks = done;
        }
    });
    let history = epoch.history(None);
    let survived: usize = kinds.iter().map(|kind| count(&history, kind)).sum();
    assert!(
        deaths + 1 >= survived,
        "only {deaths} deaths for {survived} effects"
    );
    let _daemon = world.ready_daemon();
    course.check(world);
}

/// Inline audit writes and the probe for attributes, which precedes the first effect.
const MARKER: &str = "MARKER_RECORDED";
const EFFECTS: [&str; 4] = [
    MARKER,
    "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES",
    "START_CHILD_WORKFLOW_EXECUTION_INITIATED",
    "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED",
];

/// How the daemon died; none if it lived until all was over.
fn death(daemon: &mut Daemon, is_over: impl Fn() -> bool) -> Option<ExitStatus> {
    eventually("the daemon dies, or the epoch is over", STEP_LIMIT, || {
        daemon
            .exit_status()
            .map(Some)
            .or_else(|| is_over().then_some(None))
    })
}

/// `SplitMix64`: small, and the same everywhere.
struct Random(u64);

impl Random {
    /// From `AURA_TEST_SEED`, or from the clock; a failing test shows which seed it was.
    #[expect(
        clippy::print_stderr,
        reason = "the test runner shows it under a failing test"
    )]
    fn seeded() -> Self {
        let clock = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let seed =
            from_environment("AURA_TEST_SEED").unwrap_or_else(|| clock.subsec_nanos().into());
        eprintln!("the seed is AURA_TEST_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

fn from_environment(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number")),
    )
}
