//! Daemons come and go, epochs go on: after a kill, with several task queues in one
//! daemon, and with several daemons on one queue.

use crate::world::{AuditRow, World};

#[test]
fn an_epoch_goes_on_after_its_daemon_was_killed() {
    let Some(world) = World::shared() else { return };
    let mut daemon = world.ready_daemon();
    world.start_in("p4");
    let _ = world.vote("correctness", "ACCEPT").ok();
    let before = world.state();
    daemon.kill();
    daemon.restart();
    // Not even ready yet: the first answer comes when there can be one.
    let shown = world
        .say("query state --format json --timeout 50s")
        .ok()
        .json();
    assert_eq!(shown, before);
    world.accept();
    world.advance_through(&["p5"]);
    let rows = world.audit_rows_with("phase_transition", 4);
    let votes = rows.iter().filter(|row| row.event_type == "vote_recorded");
    assert_eq!(votes.count(), 4);
}

#[test]
fn a_message_that_was_sent_to_a_killed_daemon_is_applied_by_the_next() {
    let Some(world) = World::shared() else { return };
    let mut daemon = world.ready_daemon();
    world.start_in("p3");
    daemon.kill();
    let _ = world
        .say("phase advance --to-phase p4 --timeout 5s")
        .code(5);
    daemon.restart();
    let _ = world.say("epoch wait --until p4 --timeout 50s").ok();
    assert_eq!(world.state()["transition_count"], 3);
}

#[test]
fn one_daemon_serves_several_task_queues() {
    let Some(world) = World::shared() else { return };
    let other = format!("{}-other", world.sandbox.task_queue());
    let daemon = world.daemon_with(&["--task-queue", &other], &[]);
    let ready = daemon.wait_ready();
    assert!(
        ready.contains(&format!("{}, {other}", world.sandbox.task_queue())),
        "{ready}"
    );
    let there = world.beside(&format!("{}-there", world.epoch));
    let _ = there.say(&format!("epoch start --task-queue {other}")).ok();
    world.start_in("p4");
    // A message goes to its epoch wherever that is served.
    there.advance_through(&["p2", "p3", "p4"]);
    for world in [&world, &there] {
        world.accept();
        world.advance_through(&["p5"]);
    }
}

#[test]
fn two_daemons_share_a_task_queue_and_one_may_go() {
    let Some(world) = World::shared() else { return };
    let (first, second) = (world.ready_daemon(), world.ready_daemon());
    world.start_in("p4");
    world.accept();
    drop(first);
    world.say("phase advance --to-phase p5 --timeout 50s").ok();
    drop(second);
    let _third = world.ready_daemon();
    let shown = world.say("query state --timeout 50s").ok().stdout;
    assert!(shown.starts_with("Phase: p5\n"), "{shown}");
    let rows = world.audit_rows_with("phase_transition", 4);
    let ordinals: Vec<_> = rows.iter().map(AuditRow::ordinal).collect();
    assert!(
        ordinals.iter().copied().eq(1..=ordinals.len() as u64),
        "{ordinals:?}"
    );
}
