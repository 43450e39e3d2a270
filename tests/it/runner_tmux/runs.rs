//! Windows and what was asked for in them: one is adopted, and its end reported, for the
//! same run alone.

use std::fs::{self, File};

use aura::runner::{HowEnded, Job, Reason, Stop};
use rustix::fs::{FlockOperation, flock};
use tokio::sync::watch;

use super::{Desk, LIMIT, await_gone, waiting};
use crate::support::wait::eventually;

/// The same key, asked for something else.
fn another(job: &Job, script: &str) -> Job {
    let mut job = job.clone();
    "e/2".clone_into(&mut job.run);
    script.clone_into(&mut job.argv[2]);
    job
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_another_run_is_ended_and_the_command_begins_anew() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("true"));
    let pid = desk.leave(&job).await;

    let script = "[ -d /proc/$(cat started) ] && echo both; cat > got; echo new; exit 4";
    let mut other = another(&job, script);
    other.input = b"another prompt\n".to_vec();
    let ended = desk.run(&other).await.unwrap();
    assert_eq!(
        (ended.how, ended.output.as_str()),
        (HowEnded::Exited(4), "new\n")
    );
    assert_eq!(desk.await_file("got"), "another prompt\n");
    await_gone(&pid);
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_nobody_was_told_of_is_not_another_runs() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("echo old; exit 6"));
    let pid = desk.leave(&job).await;
    desk.touch("go");
    desk.await_no_window();
    await_gone(&pid);

    let ended = desk.run(&another(&job, "echo new; exit 4")).await.unwrap();
    assert_eq!(
        (ended.how, ended.output.as_str()),
        (HowEnded::Exited(4), "new\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_run_in_this_process_ends_the_earlier_ones_window() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.host();
    let job = desk.job("a", &waiting("true"));
    let first = Desk::start(&host, &job);
    let pid = desk.await_file("started");
    let second = Desk::start(&host, &another(&job, "exit 4"));
    assert_eq!(
        first.end().await.unwrap().how,
        HowEnded::Stopped(Reason::Superseded)
    );
    await_gone(&pid);
    assert_eq!(second.end().await.unwrap().how, HowEnded::Exited(4));
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_run_ends_a_window_that_another_daemon_watches() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("true"));
    let first = Desk::start(&desk.host(), &job);
    let pid = desk.await_file("started");
    let ended = desk.run(&another(&job, "exit 4")).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(4));
    assert_eq!(first.end().await.unwrap().how, HowEnded::Signalled(15));
    await_gone(&pid);
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_window_was_ended_for_another_run_is_nobodys_result() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("exit 9"));
    let pid = desk.leave(&job).await;
    // It comes too late to begin, and early enough to be in the way.
    let (_stop, stopped) = watch::channel(Some(Stop::Cancel));
    let other = another(&job, "echo > other");
    let ended = desk.host().run(&other, stopped).await.unwrap();
    assert_eq!(ended.how, HowEnded::Stopped(Reason::Cancelled));
    await_gone(&pid);
    assert!(!desk.path("other").exists());

    fs::remove_file(desk.path("started")).unwrap();
    desk.touch("go");
    let ended = desk.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(9));
    assert_ne!(desk.await_file("started"), pid, "it began anew");
}

/// Has the lock of the only key.
fn held(desk: &Desk) -> File {
    let mut places = fs::read_dir(desk.path("runs")).unwrap();
    let lock = places.next().unwrap().unwrap().path().join("lock");
    let lock = File::open(lock).unwrap();
    eventually("the lock is free", LIMIT, || {
        flock(&lock, FlockOperation::NonBlockingLockExclusive).ok()
    });
    lock
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_window_was_ended_by_who_waits_for_the_lock_is_nobodys_result() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("exit 9"));
    let pid = desk.leave(&job).await;
    // As a process has it that is just being started.
    let held = held(&desk);
    let other = Desk::start(&desk.host(), &another(&job, "echo > other"));
    await_gone(&pid);
    other.stop.send(Some(Stop::Cancel)).expect("it listens");
    drop(held);
    assert_eq!(
        other.end().await.unwrap().how,
        HowEnded::Stopped(Reason::Cancelled)
    );

    fs::remove_file(desk.path("started")).unwrap();
    desk.touch("go");
    let ended = desk.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(9));
    assert!(!desk.path("other").exists());
}
