//! What a daemon does at its start about the runs of those before it.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use aura::runner::Hunted;
use serde_json::json;

use super::found::Orphan;
use super::{Bench, assert_exited, host_in, lives};

const SLEEP: &str = r#"echo $$ > "$DIR/orphan"; exec sleep 1000"#;

#[tokio::test]
async fn with_nothing_there_there_is_nothing_to_do() {
    let bench = Bench::new();
    assert_eq!(bench.host.hunt().await, Hunted::default());
}

#[tokio::test]
async fn orphans_are_ended_and_their_logs_kept() {
    let bench = Bench::new();
    let _orphan = Orphan::start(&bench, "lost", SLEEP);
    let pid = bench.pid("orphan").await;
    let mut done = bench.job("echo done");
    done.key = "done".to_owned();
    assert_exited(&bench.run(&done).await.unwrap(), 0);
    let hunted = bench.host.hunt().await;
    assert!(!lives(pid));
    let expected = Hunted {
        ended: vec!["lost".to_owned()],
        ..Hunted::default()
    };
    assert_eq!(hunted, expected);
    assert!(bench.host.log("done").exists());
    assert_eq!(bench.host.hunt().await, Hunted::default());
}

#[tokio::test]
async fn what_another_daemon_runs_is_its_own_business() {
    let bench = Bench::new();
    let script = r#"echo > "$DIR/ready"; until [ -e "$DIR/go" ]; do sleep 0.02; done"#;
    let run = bench.start(bench.job(script));
    bench.line("ready").await;
    let other = host_in(bench.folder.path());
    assert_eq!(other.hunt().await, Hunted::default());
    fs::write(bench.file("go"), "").unwrap();
    assert_exited(&run.end().await.unwrap(), 0);
}

#[tokio::test]
async fn a_window_is_left_for_whoever_adopts_it() {
    let bench = Bench::new();
    let _orphan = Orphan::start(&bench, "window", SLEEP);
    let pid = bench.pid("orphan").await;
    Orphan::edit(&bench, "window", |record| {
        record["how"] = json!({"tmux": {"session": "aura", "window": "w"}});
    });
    let hunted = bench.host.hunt().await;
    assert_eq!(hunted.left, ["window"]);
    assert!(lives(pid));
}

#[tokio::test]
async fn old_runs_are_cleared_away_and_what_is_not_ours_is_not_touched() {
    let bench = Bench::new();
    let mut job = bench.job("echo out");
    for key in ["old", "new"] {
        job.key = key.to_owned();
        bench.run(&job).await.unwrap();
    }
    let old = Orphan::directory(&bench, "old");
    let long_ago = SystemTime::now() - Duration::from_hours(8 * 24);
    for name in ["request", "log"] {
        let file = File::options().write(true).open(old.join(name)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let foreign = old.with_file_name("foreign");
    fs::create_dir(&foreign).unwrap();
    assert_eq!(
        bench.host.hunt().await,
        Hunted {
            removed: 1,
            ..Hunted::default()
        }
    );
    assert!(!old.exists());
    assert!(foreign.exists() && bench.host.log("new").exists());
    assert_eq!(bench.host.clear().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lives_is_never_cleared_away_however_old_it_is() {
    let bench = Bench::new();
    let orphan = Orphan::start(&bench, "window", SLEEP);
    let pid = bench.pid("orphan").await;
    let old = Orphan::directory(&bench, "window");
    let file = File::options()
        .write(true)
        .open(old.join("request"))
        .unwrap();
    file.set_modified(SystemTime::now() - Duration::from_hours(8 * 24))
        .unwrap();
    Orphan::edit(&bench, "window", |record| {
        record["how"] = json!({"tmux": {"session": "aura", "window": "w"}});
    });
    assert_eq!(bench.host.clear().await, 0);
    assert_eq!(bench.host.hunt().await.left, ["window"]);
    assert!(lives(pid) && old.exists());
    drop(orphan);
    let host = bench.host.clone();
    super::eventually("it is cleared away", move || {
        (futures::executor::block_on(host.clear()) == 1).then_some(())
    })
    .await;
    assert!(!old.exists());
}

#[tokio::test]
async fn an_order_that_no_launcher_came_for_is_taken_away_with_its_secrets() {
    let bench = Bench::new();
    bench.script("exit 0").await;
    let order = Orphan::directory(&bench, "epoch/slice").join("order.json");
    fs::write(&order, "{}").unwrap();
    bench.host.hunt().await;
    assert!(!order.exists());
}
