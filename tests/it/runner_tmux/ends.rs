//! How commands in windows end, by themselves and otherwise, and what is left then.

use std::fs;
use std::process::Command;
use std::time::Duration;

use aura::runner::{Error, Host, HowEnded, OnShutdown, Reason, Stop};

use super::{Desk, await_gone, parent, waiting};

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_command_ends_with_all_of_its_group_whatever_it_ignores() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job(
        "a",
        "trap '' TERM HUP INT; sh -c 'echo $$ > child; while :; do sleep 1; done' & \
         echo $$ > started; while :; do sleep 1; done",
    );
    job.kill_after = Duration::from_millis(200);
    let running = Desk::start(&desk.host(), &job);
    let (shell, child) = (desk.await_file("started"), desk.await_file("child"));
    let ended = running.stop(Stop::Cancel).await.unwrap();
    assert_eq!(ended.how, HowEnded::Stopped(Reason::Cancelled));
    await_gone(&shell);
    await_gone(&child);
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_command_leaves_behind_ends_with_it() {
    let Some(desk) = Desk::new() else { return };
    let job = desk.job(
        "a",
        "sh -c 'trap \"\" HUP TERM; echo $$ > child; while :; do sleep 1; done' & \
         until [ -s child ]; do sleep 0.02; done; exit 4",
    );
    let ended = desk.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(4));
    await_gone(&desk.await_file("child"));
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_that_kills_kills() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job("a", &waiting("true"));
    job.on_shutdown = OnShutdown::Kill;
    let running = Desk::start(&desk.host(), &job);
    let pid = desk.await_file("started");
    let ended = running.stop(Stop::Shutdown).await.unwrap();
    assert_eq!(ended.how, HowEnded::Stopped(Reason::Shutdown));
    await_gone(&pid);
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launcher_that_is_killed_takes_its_command_with_it() {
    let Some(desk) = Desk::new() else { return };
    let running = Desk::start(&desk.host(), &desk.job("a", &waiting("true")));
    let pid = desk.await_file("started");
    let killed = Command::new("kill")
        .args(["-KILL", &parent(pid.trim())])
        .status();
    assert!(killed.unwrap().success());
    let ended = running.end().await.unwrap();
    assert_eq!(ended.how, HowEnded::Signalled(9));
    await_gone(&pid);
}

#[tokio::test(flavor = "multi_thread")]
async fn much_output_is_bounded_and_its_end_is_kept() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job(
        "a",
        "head -c 20000000 /dev/zero | tr '\\0' x; echo; echo the end",
    );
    job.log_limit = 100_000;
    let ended = desk.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::Exited(0));
    // A newline is sent to a terminal as two bytes.
    let sent = 20_000_000 + 2 + "the end".len() as u64 + 2;
    assert_eq!(ended.bytes, sent);
    assert!(ended.output.len() < 20_000, "{}", ended.output.len());
    assert!(ended.output.ends_with("x\nthe end\n"), "{}", ended.output);
    let log = fs::metadata(&ended.log).unwrap().len();
    assert!((100_000..101_000).contains(&log), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_words_of_a_command_are_never_lost() {
    let Some(desk) = Desk::new() else { return };
    // It leaves its session, and holds the terminal open.
    let script = r"setsid sleep 30 & printf 'first\n\033]0;no end'; printf '\033[mlast\n'";
    for _ in 0..20 {
        let ended = desk.run(&desk.job("a", script)).await.unwrap();
        assert_eq!(ended.how, HowEnded::Exited(0));
        assert!(ended.output.starts_with("first\n"), "{}", ended.output);
        let log = fs::read_to_string(&ended.log).unwrap();
        assert_eq!(log, "first\r\n\x1b]0;no end\x1b[mlast\r\n");
        assert_eq!(ended.log_problem, None);
    }
    desk.await_no_window();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_cannot_start_says_why_and_leaves_no_window() {
    let Some(desk) = Desk::new() else { return };
    let mut job = desk.job("a", "");
    job.argv = vec!["no-such-program".to_owned()];
    let error = desk.run(&job).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    assert!(error.is_permanent());
    desk.await_no_window();

    let mut job = desk.job("a", "true");
    job.directory = Some(desk.path("missing"));
    let error = desk.run(&job).await.unwrap_err();
    assert!(matches!(error, Error::Directory { .. }), "{error:?}");
    desk.await_no_window();

    let host = Host::new(desk.path("runs"), desk.path("no-launcher"))
        .with_tmux_sockets(desk.path("sockets"));
    let error = Desk::start(&host, &desk.job("a", "true"))
        .end()
        .await
        .unwrap_err();
    assert!(!error.is_permanent(), "{error:?}");
}
