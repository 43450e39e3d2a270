//! A daemon that is killed again and again, at random moments and right after each single
//! thing it does: the epoch completes all the same, with every message applied once.

use std::os::unix::process::ExitStatusExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Map, Value, json};

use crate::course::{Course, words};
use crate::evidence::{check_log, check_numbers};
use crate::server::Server;
use crate::slices;
use crate::support::daemon::Daemon;
use crate::support::random::{Random, from_environment};
use crate::support::wait::eventually;
use crate::temporal::{Workflow, count, is, server_of_short_runs};
use crate::world::World;

/// One message may have to wait for a dead daemon's task, and for several daemons.
const STEP_LIMIT: Duration = Duration::from_mins(2);
/// A random kill comes within this time after a message began to be sent: long enough to
/// hit the sending, the task, the audit write, the confirmation, and what comes next.
const SPREAD_MS: u64 = 150;

#[test]
fn killed_at_random_moments_it_loses_nothing_and_does_nothing_twice() {
    let Some(server) = Server::shared() else {
        return;
    };
    let _ = die_at_random(server, &World::on(&server.address()), Daemon::restart);
}

#[test]
fn killed_at_random_moments_of_many_runs_it_loses_nothing_and_does_nothing_twice() {
    let Some(server) = server_of_short_runs() else {
        return;
    };
    let _ = die_at_random(&server, &World::on(&server.address()), Daemon::restart);
}

/// Goes a course while this kills and starts again the daemon, or whatever else it has to do
/// with, at random moments. Answers with the daemon that is there in the end.
pub fn die_at_random(
    server: &Server,
    world: &World,
    mut strike: impl FnMut(&mut Daemon),
) -> Daemon {
    let mut random = Random::seeded();
    let kills = from_environment("AURA_TEST_KILLS").unwrap_or(10);
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
            course.go(world, epoch, |step| begun.store(step, Ordering::SeqCst));
        });
        for (step, delay) in moments {
            eventually("the driver gets on", STEP_LIMIT, || {
                let reached = begun.load(Ordering::SeqCst) >= step;
                (reached || driver.is_finished()).then_some(())
            });
            // Not for anything to happen: this is the random moment.
            thread::sleep(delay);
            strike(&mut daemon);
        }
    });
    epoch.wait_status("COMPLETED", STEP_LIMIT);
    course.check(world);
    check_log(&daemon);
    daemon
}

#[test]
fn killed_after_each_effect_it_completes_the_epoch() {
    die_after_each("effect", &EFFECTS);
}

#[test]
fn killed_after_each_audit_commit_it_writes_no_row_twice() {
    die_after_each("audit_written", &[MARKER]);
}

/// Goes a course with daemons that die at a fail-point; events of these `kinds` are what
/// stays recorded of its hits.
fn die_after_each(failpoint: &str, kinds: &[&str]) {
    // Only a debug build has fail-points.
    if !cfg!(debug_assertions) {
        return;
    }
    let Some(server) = Server::shared() else {
        return;
    };
    let (world, course) = (&World::on(&server.address()), &Course::whole());
    let epoch = Workflow::new(server, &world.epoch);
    let input = json!({ "epoch_id": world.epoch, "request_description": "what is asked for" });
    // Every death costs a task's timeout.
    let queue = world.sandbox.task_queue();
    epoch.start("EpochWorkflow", queue, &input, &["--task-timeout", "1s"]);

    let deaths = thread::scope(|scope| {
        // A message is confirmed before its effects are performed; those of one message
        // shall not be mixed with those of the next.
        let settle = move |_| eventually("the epoch is idle", STEP_LIMIT, || epoch.is_idle());
        let driver = scope.spawn(move || course.go(world, epoch, settle));
        keep_dying(world, epoch, failpoint, || driver.is_finished())
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

#[test]
fn killed_after_each_effect_of_a_cancellation_it_ends_the_epoch_and_its_slice() {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = World::on(&server.address());
    let epoch = Workflow::new(server, &world.epoch);
    let slice = format!("{}-slice-s", world.epoch);
    let slice = Workflow::new(server, &slice);
    let mut daemon = slices::run_for_ever(server, &world, "s");
    eventually("the epoch is idle", STEP_LIMIT, || epoch.is_idle());
    daemon.kill();
    // The server has it; there is nobody to do it.
    let _ = world.run(&words("epoch cancel --timeout 5s")).code(5);
    let deaths = keep_dying(&world, epoch, "effect", || true);
    // The slice is told, the attributes are shown, the rows are handed over.
    assert!(deaths >= 3, "only {deaths} deaths");
    let _daemon = world.ready_daemon();
    epoch.wait_status("CANCELED", STEP_LIMIT);
    slice.wait_status("CANCELED", STEP_LIMIT);
    let rows = world.audit_rows();
    check_numbers(&rows);
    let cancelled = rows
        .iter()
        .filter(|row| row.event_type == "epoch_cancelled");
    assert_eq!(cancelled.count(), 1, "{rows:#?}");
}

/// Has daemons work on an epoch that die at a fail-point, until one of them lives to see
/// the epoch closed and `is_driven` true. Each is allowed one hit more than the one before
/// it, until the server has recorded something it did; so there is a death after every
/// single hit. Answers with how many died.
fn keep_dying(
    world: &World,
    epoch: Workflow<'_>,
    failpoint: &str,
    is_driven: impl Fn() -> bool,
) -> usize {
    let (mut deaths, mut hits, mut tasks) = (0, 1, epoch.count(TASK));
    loop {
        let allowed = format!("{failpoint}:{hits}");
        let mut daemon = world.daemon_with(&[], &[("AURA_FAILPOINT", &allowed)]);
        let died = eventually("the daemon dies, or the epoch is over", STEP_LIMIT, || {
            let is_over = || is_driven() && epoch.status() != "RUNNING";
            let died = daemon.exit_status().map(Some);
            died.or_else(|| is_over().then_some(None))
        });
        check_log(&daemon);
        let Some(status) = died else { return deaths };
        let abort = Some(Signal::ABORT.as_raw());
        assert_eq!(status.signal(), abort, "it died of the fail-point");
        deaths += 1;
        let history = epoch.history(None);
        let done = count(&history, TASK);
        hits = if done == tasks {
            hits + 1
        } else if is_perhaps_recorded(&history) {
            1
        } else {
            // The first hit of the next daemon will be the one that this one died of.
            2
        };
        tasks = done;
    }
}

/// Whether the last effect may be recorded that a daemon died of in its last task. Where a
/// query was answered during an audit write, the task is completed with the write, and only
/// the next one, which follows at once, tells the workflow of it.
fn is_perhaps_recorded(history: &[Value]) -> bool {
    let completed = history.iter().rposition(|event| is(event, TASK));
    let Some((completed, after)) = completed.and_then(|n| history[n..].split_first()) else {
        return false;
    };
    // Any other task would be for something that happened meanwhile.
    let is_of_task = |event: &&Value| {
        let fields = event.as_object().into_iter().flat_map(Map::values);
        let mut of = fields.filter_map(|field| field.get("workflowTaskCompletedEventId"));
        of.any(|id| *id == completed["eventId"])
    };
    let written: Vec<&Value> = after.iter().take_while(is_of_task).collect();
    let next = after.get(written.len());
    written.iter().any(|event| is(event, MARKER))
        && next.is_some_and(|event| is(event, "WORKFLOW_TASK_SCHEDULED"))
}

const TASK: &str = "WORKFLOW_TASK_COMPLETED";
/// Inline audit writes and the probe for attributes, which precedes the first effect.
const MARKER: &str = "MARKER_RECORDED";
const EFFECTS: [&str; 4] = [
    MARKER,
    "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES",
    "START_CHILD_WORKFLOW_EXECUTION_INITIATED",
    "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED",
];
