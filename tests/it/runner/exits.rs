//! An exit that does not wait for runs to stop.

use aura::runner::{HowEnded, Reason};

use super::{Bench, host_in, lives};

/// Ignores what asks it to end, and has a part with a process group of its own.
const STUBBORN: &str = r#"trap '' TERM HUP INT; set -m
    sh -c 'echo $$ > "$DIR/$NAME-part"; exec sleep 1000' &
    echo $$ > "$DIR/$NAME"; while :; do sleep 1; done"#;

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_killed_at_once_and_nothing_begins_any_more() {
    let bench = Bench::new();
    let mut runs = Vec::new();
    for name in ["one", "two"] {
        let mut job = bench.job(STUBBORN);
        job.key = name.to_owned();
        job.env.insert("NAME".to_owned(), name.to_owned());
        runs.push(bench.start(job));
    }
    let mut pids = Vec::new();
    for file in ["one", "one-part", "two", "two-part"] {
        pids.push(bench.pid(file).await);
    }
    assert!(pids.iter().all(|pid| lives(*pid)));
    bench.host.clone().kill_all();
    assert!(!pids.iter().any(|pid| lives(*pid)), "it does not wait");
    for run in runs {
        let ended = run.end().await.unwrap();
        assert_eq!(ended.how, HowEnded::Stopped(Reason::Shutdown));
    }

    let late = bench.script(r#"echo > "$DIR/late""#).await;
    assert_eq!(late.how, HowEnded::Stopped(Reason::Shutdown));
    assert!(!bench.file("late").exists());
    let order = late.log.with_file_name("order.json");
    assert!(late.log.exists() && !order.exists());
}

#[tokio::test]
async fn what_another_daemon_runs_is_not_killed() {
    let bench = Bench::new();
    let script = r#"echo $$ > "$DIR/pid"; until [ -e "$DIR/go" ]; do sleep 0.02; done"#;
    let run = bench.start(bench.job(script));
    let pid = bench.pid("pid").await;
    host_in(bench.folder.path()).kill_all();
    assert!(lives(pid));
    std::fs::write(bench.file("go"), "").unwrap();
    super::assert_exited(&run.end().await.unwrap(), 0);
    // What has ended is not looked for any more.
    bench.host.kill_all();
}
