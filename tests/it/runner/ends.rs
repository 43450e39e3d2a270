//! How commands are ended: all of them, and for good.

use std::fs;
use std::time::Duration;

use aura::runner::{HowEnded, Reason, Stop};

use super::{Bench, LIMIT, assert_exited, eventually, lives, state};

/// Says its own process id and that of a child, and then does nothing for a long time.
const FAMILY: &str = r#"sleep 1000 & echo $! > "$DIR/child"; echo $$ > "$DIR/parent"; wait"#;

#[tokio::test]
async fn a_stop_ends_the_whole_group_and_says_why() {
    for (stop, reason) in [
        (Stop::Cancel, Reason::Cancelled),
        (Stop::Shutdown, Reason::Shutdown),
    ] {
        let bench = Bench::new();
        let run = bench.start(bench.job(FAMILY));
        let pids = [bench.pid("child").await, bench.pid("parent").await];
        assert!(pids.iter().all(|pid| lives(*pid)));
        run.stop(stop);
        let ended = run.end().await.unwrap();
        assert_eq!(ended.how, HowEnded::Stopped(reason));
        assert!(!pids.iter().any(|pid| lives(*pid)));
    }
}

#[tokio::test]
async fn a_command_may_put_its_things_in_order_when_it_is_stopped() {
    let bench = Bench::new();
    let script = r#"trap 'echo tidied; exit 0' TERM; echo > "$DIR/ready"
        while :; do sleep 0.02; done"#;
    let run = bench.start(bench.job(script));
    bench.line("ready").await;
    run.stop(Stop::Cancel);
    let ended = run.end().await.unwrap();
    assert_eq!(ended.how, HowEnded::Stopped(Reason::Cancelled));
    assert!(ended.output.ends_with("tidied\n"), "{}", ended.output);
}

#[tokio::test]
async fn a_command_that_ignores_sigterm_is_killed() {
    let bench = Bench::new();
    let script = r#"trap '' TERM; sleep 1000 & echo $! > "$DIR/child"; echo $$ > "$DIR/parent"
        while :; do sleep 1000; done"#;
    let mut job = bench.job(script);
    job.kill_after = Duration::from_millis(100);
    let run = bench.start(job);
    let pids = [bench.pid("child").await, bench.pid("parent").await];
    run.stop(Stop::Cancel);
    assert_eq!(
        run.end().await.unwrap().how,
        HowEnded::Stopped(Reason::Cancelled)
    );
    assert!(!pids.iter().any(|pid| lives(*pid)));
}

#[tokio::test]
async fn a_command_that_stands_still_is_ended_too() {
    let bench = Bench::new();
    let run = bench.start(bench.job(r#"echo $$ > "$DIR/parent"; kill -STOP $$"#));
    let pid = bench.pid("parent").await;
    eventually("it stands still", move || {
        (state(pid) == Some('T')).then_some(())
    })
    .await;
    run.stop(Stop::Cancel);
    // SIGKILL would come after the limit, and so be too late.
    assert_eq!(
        run.end().await.unwrap().how,
        HowEnded::Stopped(Reason::Cancelled)
    );
    assert!(!lives(pid));
}

#[tokio::test]
async fn what_takes_too_long_is_ended_and_its_output_kept() {
    let bench = Bench::new();
    let mut job = bench.job(&format!("echo begun; {FAMILY}"));
    // The time counts from before it is started, and that takes a part of it.
    job.timeout = Some(Duration::from_secs(5));
    let ended = bench.run(&job).await.unwrap();
    assert_eq!(ended.how, HowEnded::TimedOut);
    assert_eq!(ended.output, "begun\n");
    assert!(!lives(bench.pid("child").await));
}

#[tokio::test]
async fn what_a_command_leaves_behind_is_ended_with_it() {
    let bench = Bench::new();
    let script = r#"sleep 1000 & echo $! > "$DIR/child"; echo done; exit 5"#;
    let ended = bench.script(script).await;
    assert_exited(&ended, 5);
    assert_eq!(ended.output, "done\n");
    assert!(!lives(bench.pid("child").await));
}

#[tokio::test]
async fn a_part_with_a_group_of_its_own_is_still_found_by_its_session() {
    let bench = Bench::new();
    // With job control each part has its own group, as in an interactive shell.
    let script = r#"set -m; sleep 1000 & echo $! > "$DIR/child"; echo $$ > "$DIR/parent"; wait"#;
    let run = bench.start(bench.job(script));
    let pids = [bench.pid("child").await, bench.pid("parent").await];
    run.stop(Stop::Cancel);
    run.end().await.unwrap();
    assert!(!pids.iter().any(|pid| lives(*pid)));
}

#[tokio::test]
async fn a_daemon_that_a_command_starts_is_let_go_and_not_waited_for() {
    let bench = Bench::new();
    let script = r#"setsid sh -c 'echo $$ > "$DIR/daemon"; exec sleep 1000' &
        until [ -s "$DIR/daemon" ]; do sleep 0.02; done; echo done"#;
    let ended = bench.script(script).await;
    assert_exited(&ended, 0);
    assert_eq!(ended.output, "done\n");
    let daemon = bench.pid("daemon").await;
    let _doomed = super::Doomed(daemon);
    assert!(lives(daemon));
}

#[tokio::test]
async fn a_run_that_nobody_waits_for_any_more_is_killed() {
    let bench = Bench::new();
    let run = bench.start(bench.job(FAMILY));
    let pids = [bench.pid("child").await, bench.pid("parent").await];
    run.run.abort();
    eventually("the end of the group", move || {
        (!pids.iter().any(|pid| lives(*pid))).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_later_run_of_a_key_ends_the_earlier_first() {
    let bench = Bench::new();
    let script = r#"trap 'sleep 0.2; echo end >> "$DIR/order"; exit 0' TERM
        echo begin >> "$DIR/order"; echo > "$DIR/ready"; while :; do sleep 0.02; done"#;
    let first = bench.start(bench.job(script));
    bench.line("ready").await;
    assert_exited(&bench.script(r#"echo second >> "$DIR/order""#).await, 0);
    assert_eq!(
        first.end().await.unwrap().how,
        HowEnded::Stopped(Reason::Superseded)
    );
    let order = fs::read_to_string(bench.file("order")).unwrap();
    assert_eq!(order, "begin\nend\nsecond\n");
}

#[tokio::test]
async fn of_many_runs_of_a_key_the_last_wins_and_no_two_are_side_by_side() {
    let bench = Bench::new();
    // Whoever finds another one's mark says so.
    let script = r#"trap 'sleep 0.05; rmdir "$DIR/mark"; exit 0' TERM
        mkdir "$DIR/mark" || { echo > "$DIR/both"; exit 1; }
        echo $$ > "$DIR/ready"; while :; do sleep 0.02; done"#;
    let mut runs = Vec::new();
    // Some begin while the one before is at work, the others all at once.
    for _ in 0..4 {
        runs.push(bench.start(bench.job(script)));
        bench.line("ready").await;
        fs::remove_file(bench.file("ready")).unwrap();
    }
    for _ in 0..4 {
        runs.push(bench.start(bench.job(script)));
        tokio::task::yield_now().await;
    }
    bench.line("ready").await;
    let last = runs.pop().unwrap();
    for run in runs {
        assert_eq!(
            run.end().await.unwrap().how,
            HowEnded::Stopped(Reason::Superseded)
        );
    }
    last.stop(Stop::Cancel);
    assert_eq!(
        last.end().await.unwrap().how,
        HowEnded::Stopped(Reason::Cancelled)
    );
    assert!(!bench.file("both").exists());
}

#[tokio::test]
async fn runs_of_other_keys_are_not_touched() {
    let bench = Bench::new();
    let first = bench
        .start(bench.job(r#"echo > "$DIR/one"; until [ -e "$DIR/two" ]; do sleep 0.02; done"#));
    bench.line("one").await;
    let mut other = bench.job(r#"echo > "$DIR/two""#);
    other.key = "epoch/other".to_owned();
    assert_exited(&bench.run(&other).await.unwrap(), 0);
    assert_exited(&first.end().await.unwrap(), 0);
}

#[tokio::test]
async fn a_key_can_be_ended_from_outside() {
    let bench = Bench::new();
    let run = bench.start(bench.job(FAMILY));
    let pids = [bench.pid("child").await, bench.pid("parent").await];
    bench.host.end("epoch/slice", LIMIT).await.unwrap();
    assert!(!pids.iter().any(|pid| lives(*pid)));
    assert_eq!(
        run.end().await.unwrap().how,
        HowEnded::Stopped(Reason::Superseded)
    );
    bench.host.end("epoch/slice", LIMIT).await.unwrap();
    bench.host.end("never heard of", LIMIT).await.unwrap();
}
