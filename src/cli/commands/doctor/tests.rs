//! What each check says of each finding: facts go in, lines come out.

mod epochs;
mod local;
mod server;
mod workers;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use temporalio_client::tonic::Status as Answer;

use super::here::Here;
use super::line::{Line, Lines, Status};
use crate::audit;
use crate::cli::commands::doctor::workers::{Asked, Queue};
use crate::cli::paint::Paint;
use crate::client::{
    AttributeSeen, Clock, Error, Late, Left, Lefts, NamespaceSeen, Open, OpenEpochs, Poller,
    ServerSeen, Wedged,
};
use crate::config::{AuditBackend, Format, Setting, Source, aura_msg, aurad};
use crate::contract::attributes::{ALL, Kind};
use crate::contract::time::WireTime;
use crate::protocol::Timestamp;

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

type Variables = BTreeMap<&'static str, String>;

fn settings(flags: aura_msg::Flags) -> aura_msg::Settings {
    aura_msg::Settings::resolve(flags, &Variables::new()).unwrap()
}

/// Where nobody said anything.
fn here() -> Here {
    Here::new(&settings(aura_msg::Flags::default()))
}

fn elsewhere() -> Here {
    Here::new(&settings(aura_msg::Flags {
        address: Some("far:1".to_owned()),
        namespace: Some("a team's".to_owned()),
        task_queue: Some("q 1".to_owned()),
        ..aura_msg::Flags::default()
    }))
}

#[track_caller]
fn check(line: &Line, status: Status, what: &str, remedy: Option<&str>) {
    assert_eq!(
        (line.status, line.what.as_str(), line.remedy.as_deref()),
        (status, what, remedy)
    );
}

fn refused() -> Error {
    Error::Unreachable {
        address: "localhost:7233".to_owned(),
        why: "refused".to_owned(),
    }
}

fn denied() -> Error {
    Error::Denied {
        address: "localhost:7233".to_owned(),
        why: "no".to_owned(),
    }
}

fn ago(seconds: i64) -> WireTime {
    WireTime(Timestamp::from_micros(
        NOW.as_micros() - seconds * 1_000_000,
    ))
}

fn answering(version: &str) -> ServerSeen {
    ServerSeen {
        version: version.to_owned(),
        latency: Duration::from_millis(3),
        clock: None,
    }
}

fn poller(seconds: i64, build: &str) -> Poller {
    Poller {
        identity: "aurad-1@h".to_owned(),
        asked_at: Some(ago(seconds)),
        build_id: Some(build.to_owned()),
    }
}

fn queue(workflow: Vec<Poller>, activity: Vec<Poller>, epochs: usize) -> Queue {
    Queue {
        name: "aura".to_owned(),
        epochs,
        workflow: Ok(workflow),
        activity: Ok(activity),
        asked: None,
    }
}

/// The daemon's settings with a file of this text.
fn daemon(toml: &str) -> aurad::Settings {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config.toml");
    std::fs::write(&file, toml).unwrap();
    let env = Variables::from([
        ("AURA_CONFIG", file.display().to_string()),
        ("HOME", directory.path().display().to_string()),
    ]);
    aurad::Settings::resolve(aurad::Flags::default(), &env).unwrap()
}

#[test]
fn only_a_fail_fails() {
    let well = Lines(vec![
        Line::ok("a", "fine"),
        Line::warn("bcd", "so so", "do\nthis"),
        Line::skip("e", "no"),
    ]);
    let report = well.answer(Format::Text, Paint::PLAIN).unwrap();
    assert_eq!(
        report.text,
        "ok    a    fine\nwarn  bcd  so so\n      fix: do\n           this\nskip  e    no\n\
         1 ok, 1 warn, 0 fail, 1 skipped"
    );
    let painted = well.answer(Format::Text, Paint::COLOURED).unwrap();
    assert!(painted.text.starts_with("\x1b[32mok  \x1b[0m  a    fine\n"));
    assert_eq!(painted.json, report.json);
    let told: serde_json::Value = serde_json::from_str(&report.json).unwrap();
    assert_eq!(told["ok"], true);
    assert_eq!(told["checks"][1]["remedy"], "do\nthis");
    let ill = Lines(vec![
        Line::ok("a", "fine"),
        Line::fail("b", "bad", "mend it"),
    ]);
    let failure = ill.answer(Format::Json, Paint::PLAIN).unwrap_err();
    assert_eq!(failure.kind.exit_code(), 3);
    assert_eq!((&*failure.why, &*failure.fix), ("b: bad", "mend it"));
    let lines = ill
        .answer(Format::Jsonl, Paint::PLAIN)
        .unwrap_err()
        .report
        .unwrap()
        .json;
    let told: serde_json::Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(told[1]["status"], "fail");
}
