//! What a daemon that is gone has left behind.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aura::runner::{HowEnded, Reason, Stop};
use rustix::fs::{FlockOperation, flock};
use serde_json::{Value, json};

use super::{AURAD, Bench, Doomed, LIMIT, assert_exited, host_in, lives};

/// A command as it is after its daemon was killed: started by the launcher, recorded, and
/// nobody has its lock.
pub(super) struct Orphan {
    child: Child,
    _doomed: Doomed,
}

impl Orphan {
    /// Starts a script under a key, and waits for nothing.
    pub(super) fn start(bench: &Bench, key: &str, script: &str) -> Self {
        let directory = Self::directory(bench, key);
        fs::create_dir_all(directory.join("work")).unwrap();
        fs::write(
            directory.join("order.json"),
            Self::order(bench, key, script),
        )
        .unwrap();
        fs::write(directory.join("request"), "").unwrap();
        Self::launch(bench, key)
    }

    /// The launcher alone, as its daemon starts it; it holds the lock.
    fn launch(bench: &Bench, key: &str) -> Self {
        let directory = Self::directory(bench, key);
        let lock = File::create(directory.join("lock")).unwrap();
        flock(&lock, FlockOperation::NonBlockingLockExclusive).unwrap();
        let child = Command::new(AURAD)
            .arg("--aura-launch")
            .arg(&directory)
            .stdin(Stdio::from(lock))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let doomed = Doomed(i32::try_from(child.id()).unwrap());
        Self {
            child,
            _doomed: doomed,
        }
    }

    fn order(bench: &Bench, key: &str, script: &str) -> String {
        let job = bench.job(script);
        json!({
            "key": key,
            "argv": job.argv,
            "env": job.env,
            "directory": null,
            "how": "subprocess",
            "kill_after_ms": 30_000,
        })
        .to_string()
    }

    pub(super) fn directory(bench: &Bench, key: &str) -> PathBuf {
        bench.host.log(key).parent().unwrap().to_owned()
    }

    /// Changes something in the record.
    pub(super) fn edit(bench: &Bench, key: &str, change: impl FnOnce(&mut Value)) {
        let path = Self::directory(bench, key).join("record.json");
        let mut record = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut record);
        fs::write(path, record.to_string()).unwrap();
    }
}

impl Drop for Orphan {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const KEY: &str = "epoch/slice";
const FAMILY: &str =
    r#"sleep 1000 & echo $! > "$DIR/orphans-child"; echo $$ > "$DIR/orphan"; wait"#;

#[tokio::test]
async fn an_attempt_that_lost_its_daemon_is_ended_before_the_next_begins() {
    let bench = Bench::new();
    let script = r#"trap 'sleep 0.2; echo end >> "$DIR/order"; exit 0' TERM
        echo begin >> "$DIR/order"; echo $$ > "$DIR/orphan"; while :; do sleep 0.02; done"#;
    let _orphan = Orphan::start(&bench, KEY, script);
    let pid = bench.pid("orphan").await;
    assert!(lives(pid));
    assert_exited(&bench.script(r#"echo second >> "$DIR/order""#).await, 0);
    assert!(!lives(pid));
    let order = fs::read_to_string(bench.file("order")).unwrap();
    assert_eq!(order, "begin\nend\nsecond\n");
}

#[tokio::test]
async fn what_outlived_the_first_process_is_found_by_its_mark() {
    let bench = Bench::new();
    let script = r#"sleep 1000 & echo $! > "$DIR/orphans-child""#;
    let mut orphan = Orphan::start(&bench, KEY, script);
    let child = bench.pid("orphans-child").await;
    // Reaped: nothing of the leader is left to be looked at.
    assert!(orphan.child.wait().unwrap().success());
    assert!(lives(child));
    bench.host.end(KEY, LIMIT).await.unwrap();
    assert!(!lives(child));
}

#[tokio::test]
async fn what_hides_its_mark_is_rather_left_than_a_stranger_killed() {
    let bench = Bench::new();
    let script = r#"env -i sleep 1000 & echo $! > "$DIR/orphans-child""#;
    let mut orphan = Orphan::start(&bench, KEY, script);
    let child = bench.pid("orphans-child").await;
    assert!(orphan.child.wait().unwrap().success());
    let environment = format!("/proc/{child}/environ");
    super::eventually("an empty environment", move || {
        fs::read(&environment).ok()?.is_empty().then_some(())
    })
    .await;
    bench.host.end(KEY, LIMIT).await.unwrap();
    assert!(lives(child));
}

#[tokio::test]
async fn a_record_that_does_not_match_signals_nobody() {
    for (what, value) in [
        ("started", json!(1)),
        ("boot", json!("00000000-0000-0000-0000-000000000000")),
        ("namespace", json!("pid:[1]")),
    ] {
        let bench = Bench::new();
        let _orphan = Orphan::start(&bench, KEY, FAMILY);
        let pids = [bench.pid("orphans-child").await, bench.pid("orphan").await];
        Orphan::edit(&bench, KEY, |record| record["identity"][what] = value);
        bench.host.end(KEY, LIMIT).await.unwrap();
        assert!(pids.iter().all(|pid| lives(*pid)), "{what}");
    }
}

#[tokio::test]
async fn a_record_that_makes_no_sense_signals_nobody_and_stops_nobody() {
    for group in [json!(0), json!(1), json!(-1), json!("all"), json!(null)] {
        let bench = Bench::new();
        let _orphan = Orphan::start(&bench, KEY, FAMILY);
        let pids = [bench.pid("orphans-child").await, bench.pid("orphan").await];
        Orphan::edit(&bench, KEY, |record| record["identity"]["group"] = group);
        assert_exited(&bench.script("exit 0").await, 0);
        assert!(pids.iter().all(|pid| lives(*pid)));
    }
}

#[tokio::test]
async fn a_launcher_whose_daemon_died_before_the_record_keeps_others_out() {
    let bench = Bench::new();
    let directory = Orphan::directory(&bench, KEY);
    fs::create_dir_all(directory.join("work")).unwrap();
    fs::write(directory.join("request"), "").unwrap();
    // The launcher waits for its order, which comes by a pipe with a name.
    let order = directory.join("order.json");
    assert!(
        Command::new("mkfifo")
            .arg(&order)
            .status()
            .unwrap()
            .success()
    );
    let mut orphan = Orphan::launch(&bench, KEY);
    let mut run = bench.start(bench.job("echo second"));
    // Time for somebody who does not wait to be found out; nothing rests on its length.
    tokio::time::timeout(Duration::from_millis(300), &mut run.run)
        .await
        .expect_err("two would have been side by side");
    fs::write(&order, Orphan::order(&bench, KEY, FAMILY)).unwrap();
    assert_exited(&run.end().await.unwrap(), 0);
    let ended = orphan.child.wait().unwrap();
    assert!(!ended.success(), "{ended:?}");
}

#[tokio::test]
async fn another_daemons_command_is_ended_before_the_next_begins() {
    let bench = Bench::new();
    let other = host_in(bench.folder.path());
    let script = r#"trap 'sleep 0.2; echo end >> "$DIR/order"; exit 0' TERM
        echo begin >> "$DIR/order"; echo > "$DIR/ready"; while :; do sleep 0.02; done"#;
    let first = bench.start(bench.job(script));
    bench.line("ready").await;
    let (_stop, never) = tokio::sync::watch::channel(None);
    let job = bench.job(r#"echo second >> "$DIR/order""#);
    assert_exited(&other.run(&job, never).await.unwrap(), 0);
    assert_exited(&first.end().await.unwrap(), 0);
    let order = fs::read_to_string(bench.file("order")).unwrap();
    assert_eq!(order, "begin\nend\nsecond\n");
}

#[tokio::test]
async fn who_waits_for_a_key_can_be_stopped() {
    let bench = Bench::new();
    let directory = Orphan::directory(&bench, KEY);
    fs::create_dir_all(&directory).unwrap();
    let held = File::create(directory.join("lock")).unwrap();
    flock(&held, FlockOperation::NonBlockingLockExclusive).unwrap();
    let run = bench.start(bench.job("exit 0"));
    run.stop(Stop::Shutdown);
    assert_eq!(
        run.end().await.unwrap().how,
        HowEnded::Stopped(Reason::Shutdown)
    );
}
