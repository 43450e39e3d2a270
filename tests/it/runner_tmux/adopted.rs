//! Windows that outlive their daemon, and the daemons that come after it.

use std::fs;
use std::time::Duration;

use aura::runner::{HowEnded, Reason, Stop};
use tokio::sync::watch;

use super::{Desk, LIMIT, await_gone, waiting};
use crate::support::wait::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_stops_leaves_the_window_and_the_next_adopts_it() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("echo late; exit 5"));
    let running = Desk::start(&desk.host(), &job);
    let pid = desk.await_file("started");
    let ended = running.stop(Stop::Shutdown).await.unwrap();
    assert_eq!(ended.how, HowEnded::Left(Reason::Shutdown));
    assert_eq!(desk.windows(), ["aura-e:slice-a"]);
    desk.await_hunted(&["a"]).await;

    let adopted = Desk::start(&desk.host(), &job);
    desk.touch("go");
    let ended = adopted.end().await.unwrap();
    assert_eq!(
        (ended.how, ended.output.as_str()),
        (HowEnded::Exited(5), "late\n")
    );
    assert_eq!(desk.await_file("started"), pid, "it was started once");

    // What has been reported is not reported again: the next attempt is a new one.
    let ended = desk.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(5));
    assert_eq!(desk.await_file("started").lines().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_ends_while_no_daemon_is_there_is_reported_to_the_next() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("echo alone; exit 6"));
    let running = Desk::start(&desk.host(), &job);
    let pid = desk.await_file("started");
    // As a daemon that is killed: nothing of it runs to its end.
    running.task.abort();
    let _ = running.task.await;
    desk.touch("go");
    desk.await_no_window();
    await_gone(&pid);

    let ended = desk.run(&job).await.unwrap();
    assert_eq!(
        (ended.how, ended.output.as_str()),
        (HowEnded::Exited(6), "alone\n")
    );
    assert_eq!(desk.await_file("started"), pid, "it was started once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_dies_at_any_moment_of_the_beginning_does_not_make_it_begin_twice() {
    let Some(desk) = Desk::new() else { return };
    // From before the window is opened until after the command has begun.
    for step in 0..25_u64 {
        let key = format!("k{step}");
        let script =
            format!("echo $$ >> began-{key}; until [ -e go-{key} ]; do sleep 0.02; done; exit 5");
        let job = desk.job(&key, &script);
        let running = Desk::start(&desk.host(), &job);
        tokio::time::sleep(Duration::from_millis(step * 4)).await;
        running.task.abort();
        let _ = running.task.await;

        let next = Desk::start(&desk.host(), &job);
        let began = desk.path(&format!("began-{key}"));
        eventually("it begins, or fails", LIMIT, || {
            (began.exists() || next.task.is_finished()).then_some(())
        });
        desk.touch(&format!("go-{key}"));
        let ended = next.end().await.unwrap();
        assert_eq!(ended.how, HowEnded::Exited(5), "{step}");
        let began = desk.await_file(&format!("began-{key}"));
        assert_eq!(began.lines().count(), 1, "{step}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_came_before_the_daemon_did_reaches_the_window() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("true"));
    let pid = desk.leave(&job).await;

    let (_stop, stopped) = watch::channel(Some(Stop::Cancel));
    let ended = desk.host().run(&job, stopped).await.unwrap();
    assert_eq!(ended.how, HowEnded::Stopped(Reason::Cancelled));
    await_gone(&pid);
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_a_command_may_take_counts_from_its_beginning() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job("a", &waiting("true"));
    let pid = desk.leave(&job).await;

    let begun = fs::metadata(desk.path("started"))
        .unwrap()
        .modified()
        .unwrap();
    eventually("a second passes", LIMIT, || {
        begun
            .elapsed()
            .is_ok_and(|age| age > Duration::from_secs(1))
            .then_some(())
    });
    let mut shorter = job.clone();
    shorter.timeout = Some(Duration::from_secs(1));
    let ended = desk.run(&shorter).await.unwrap();
    assert_eq!(ended.how, HowEnded::TimedOut);
    await_gone(&pid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_run_of_a_key_takes_the_window_over() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.host();
    let job = desk.job("a", &waiting("exit 8"));
    let first = Desk::start(&host, &job);
    desk.await_file("started");
    let second = Desk::start(&host, &job);
    let ended = first.end().await.unwrap();
    assert_eq!(ended.how, HowEnded::Left(Reason::Superseded));
    desk.touch("go");
    let ended = second.end().await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(8));
    assert_eq!(desk.await_file("started").lines().count(), 1);

    // An end by the key ends it.
    fs::remove_file(desk.path("go")).unwrap();
    fs::remove_file(desk.path("started")).unwrap();
    let third = Desk::start(&host, &job);
    let pid = desk.await_file("started");
    host.end("a", Duration::from_secs(5)).await.unwrap();
    assert_eq!(
        third.end().await.unwrap().how,
        HowEnded::Left(Reason::Superseded)
    );
    await_gone(&pid);
    desk.await_no_window();
}
