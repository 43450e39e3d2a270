//! An audit trail that cannot be written: epochs go on as if nothing were wrong, their
//! end waits for it, and every row arrives once it is mended, in order and once.

use std::time::{Duration, Instant};

use crate::course::Course;
use crate::endings::check_refused;
use crate::evidence::{check_log, count_inline_writes};
use crate::server::Server;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::trail::{Broken, FAULTS, Fault};
use crate::world::World;

/// What a step may take on a machine that is busy. That steps do not wait for the trail
/// is seen in the history, however long they take.
const SLOWEST_STEP: Duration = Duration::from_secs(20);
const USUAL_STEP: Duration = Duration::from_secs(2);
/// A failed write is tried again after ten seconds at the latest.
const MENDED_LIMIT: Duration = Duration::from_mins(1);
/// The step before which the trail breaks.
const BREAK_AT: usize = 2;

#[test]
fn an_unwritable_folder_holds_up_rows_and_nothing_else() {
    whole_epoch_under(Fault::UnwritableFolder);
}

#[test]
fn a_file_in_place_of_the_folder_holds_up_rows_and_nothing_else() {
    whole_epoch_under(Fault::FileForFolder);
}

#[test]
fn a_folder_in_place_of_the_file_holds_up_rows_and_nothing_else() {
    whole_epoch_under(Fault::FolderForFile);
}

#[test]
fn garbage_in_place_of_the_file_holds_up_rows_and_nothing_else() {
    whole_epoch_under(Fault::Garbage);
}

#[test]
fn a_lock_that_another_process_holds_holds_up_rows_and_nothing_else() {
    whole_epoch_under(Fault::Locked);
}

#[test]
fn a_trail_that_breaks_again_and_again_gets_every_row_once() {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = World::on(&server.address());
    let epoch = Workflow::new(server, &world.epoch);
    let mut daemon = world.ready_daemon();
    let _ = world.start();
    let course = Course::whole();
    let mut faults = FAULTS.into_iter();
    let (mut broken, mut restarted): (Option<Broken>, _) = (None, false);
    // Three steps broken, three whole; no fault waits for the rows of the one before.
    course.go(&world, epoch, |step| match step % 6 {
        2 => broken = faults.next().map(|fault| fault.inflict(&world.audit_db())),
        // Once it starts with a trail that is broken.
        4 if step > course.steps.len() / 2 && !restarted => {
            daemon.restart();
            restarted = true;
        }
        5 => broken.take().into_iter().for_each(Broken::mend),
        _ => {}
    });
    assert_eq!(
        faults.next(),
        None,
        "the course is long enough for all of them"
    );
    broken.into_iter().for_each(Broken::mend);
    epoch.wait_status("COMPLETED", MENDED_LIMIT);
    course.check(&world);
    assert_eq!(daemon.exit_status(), None);
    check_log(&daemon);
}

/// Breaks the trail early in an epoch and mends it after the epoch's last message.
fn whole_epoch_under(fault: Fault) {
    let Some(server) = Server::shared() else {
        return;
    };
    let world = World::on(&server.address());
    let epoch = Workflow::new(server, &world.epoch);
    let mut daemon = world.ready_daemon();
    let _ = world.start();

    let course = Course::whole();
    let mut begun = Vec::new();
    let (mut broken, mut writes) = (None, 0);
    course.go(&world, epoch, |step| {
        if step == BREAK_AT {
            wait_rows(&world, 1 + BREAK_AT);
            // The last of them is there before the task that waits for it is done.
            eventually("the epoch is idle", MENDED_LIMIT, || epoch.is_idle());
            writes = count_inline_writes(&epoch.history(None));
            broken = Some(fault.inflict(&world.audit_db()));
        }
        begun.push(Instant::now());
    });
    begun.push(Instant::now());
    check_pace(&begun[BREAK_AT..]);
    // The first message after the fault waited for the one write that failed inside its
    // task, half a second; no other waited at all. Nor did that one, if a write before the
    // fault had been slow.
    assert!(count_inline_writes(&epoch.history(None)) <= writes + 1);

    assert_eq!(
        world.state()["status"],
        "complete",
        "the epoch says so at once"
    );
    assert_eq!(epoch.status(), "RUNNING", "but waits for its trail");
    check_refused(&world, "complete");
    broken.expect("the course is longer than that").mend();
    epoch.wait_status("COMPLETED", MENDED_LIMIT);
    course.check_with(&world, 1);
    assert_eq!(
        daemon.exit_status(),
        None,
        "nothing of this takes a restart"
    );
    check_log(&daemon);
}

#[track_caller]
fn wait_rows(world: &World, count: usize) {
    let what = format!("{count} rows");
    eventually(&what, MENDED_LIMIT, || {
        (world.audit_rows().len() == count).then_some(())
    });
}

/// Steps take as long as ever: each from its beginning to the next one's.
#[track_caller]
fn check_pace(begun: &[Instant]) {
    let mut took: Vec<Duration> = begun.windows(2).map(|pair| pair[1] - pair[0]).collect();
    took.sort_unstable();
    let (usual, slowest) = (took[took.len() / 2], took[took.len() - 1]);
    assert!(usual < USUAL_STEP && slowest < SLOWEST_STEP, "{took:?}");
}
