//! A reader who has left, as `head` does: not an error of the writer.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use crate::support::wait::within;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);

#[test]
fn help_for_nobody_succeeds() {
    let world = World::on("127.0.0.1:1");
    for words in [
        &[][..],
        &["--help"],
        &["epoch"],
        &["epoch", "start", "--help"],
        &["--version"],
    ] {
        assert_eq!(code(&world, words), Some(0), "{words:?}");
    }
}

#[test]
fn a_command_whose_answer_nobody_reads_succeeds_and_one_that_fails_fails() {
    let Some(world) = World::shared() else { return };
    let _daemon = world.ready_daemon();
    assert_eq!(code(&world, &["epoch", "start"]), Some(0));
    for format in ["text", "json"] {
        assert_eq!(
            code(&world, &["query", "state", "--format", format]),
            Some(0)
        );
    }
    assert_eq!(
        code(&world, &["phase", "advance", "--to-phase", "p2"]),
        Some(0)
    );
    assert_eq!(
        code(&world, &["phase", "advance", "--to-phase", "p9"]),
        Some(3)
    );
    assert_eq!(
        code(&world, &["phase", "advance", "--to-phase", "p99"]),
        Some(1)
    );
    assert_eq!(world.state()["current_phase"], "p2");
}

/// Runs `aura-msg` with a standard output that is closed at its other end.
#[track_caller]
fn code(world: &World, words: &[&str]) -> Option<i32> {
    let (reader, writer) = io::pipe().expect("there are pipes");
    drop(reader);
    let mut command = world.sandbox.command(env!("CARGO_BIN_EXE_aura-msg"));
    command
        .args(words)
        .env("AURA_EPOCH_ID", &world.epoch)
        .env("TEMPORAL_ADDRESS", &world.address)
        .env("TEMPORAL_TASK_QUEUE", world.sandbox.task_queue())
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("aura-msg can be run");
    let ended = within(LIMIT, || {
        child.try_wait().expect("our own child can be waited for")
    });
    if ended.is_none() {
        child.kill().expect("our own child can be killed");
    }
    ended?.code()
}
