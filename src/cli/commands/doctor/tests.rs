//! What each check says of each finding: facts go in, lines come out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use temporalio_client::tonic::Status as Answer;

use super::here::Here;
use super::line::{Line, Lines, Status};
use super::workers::{Asked, Queue};
use super::{epochs, local, server, workers};
use crate::audit;
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

#[test]
fn a_server_answers_or_does_not() {
    let seen = answering("1.2");
    check(
        &server::server(&here(), &Ok(seen.clone())),
        Status::Ok,
        "localhost:7233 answers in 3 ms; version 1.2",
        None,
    );
    let slow = ServerSeen {
        latency: Duration::from_secs(2),
        ..seen
    };
    check(
        &server::server(&here(), &Ok(slow)),
        Status::Warn,
        "localhost:7233 answers in 2000 ms; version 1.2; that is slow",
        Some("see whether the server or the network to it is overloaded"),
    );
    let lines = server::dead(&here(), &Err(refused()));
    let (first, rest) = lines.split_first().unwrap();
    assert_eq!(first.status, Status::Fail);
    assert_eq!(first.what, "localhost:7233 cannot be reached: refused");
    assert!(rest.iter().all(|line| line.status == Status::Skip));
    let line = server::server(&here(), &Err(denied()));
    assert_eq!(line.status, Status::Fail);
    assert!(line.what.contains("refuses access"), "{}", line.what);
}

#[test]
fn a_namespace_is_there_or_not_or_not_to_be_asked_for() {
    let seen = |days: u64| {
        Ok(NamespaceSeen {
            retention: Some(Duration::from_secs(days * 86_400)),
        })
    };
    check(
        &server::namespace(&here(), &seen(3)),
        Status::Ok,
        "'default' exists; closed epochs are kept for 3d",
        None,
    );
    let line = server::namespace(&here(), &seen(0));
    assert!(line.what.contains("does not say"), "{}", line.what);
    let unknown = Err(Error::UnknownNamespace {
        namespace: "a team's".to_owned(),
        address: "far:1".to_owned(),
    });
    assert!(server::is_lost(&unknown));
    check(
        &server::namespace(&elsewhere(), &unknown),
        Status::Fail,
        "'a team's' does not exist",
        Some(
            "name another with --namespace, or run: temporal operator namespace create \
             --namespace 'a team'\\''s' --address far:1",
        ),
    );
    let line = server::namespace(&here(), &Err(denied()));
    assert_eq!(line.status, Status::Warn);
}

fn attributes(found: impl Fn(&str, Kind) -> Option<String>) -> Vec<AttributeSeen> {
    ALL.into_iter()
        .map(|(name, wanted)| AttributeSeen {
            name,
            wanted,
            found: found(name, wanted),
        })
        .collect()
}

#[test]
fn attributes_are_there_with_their_types() {
    let right = |_: &str, kind: Kind| Some(format!("{kind:?}"));
    check(
        &server::attributes(&here(), &Ok(attributes(right))),
        Status::Ok,
        "all 6 search attributes are there",
        None,
    );
    let missing = attributes(|name, kind| (name != "AuraRole").then(|| format!("{kind:?}")));
    check(
        &server::attributes(&here(), &Ok(missing)),
        Status::Warn,
        "1 of 6 are missing, so epochs cannot be searched by them: AuraRole",
        Some(
            "start aurad, which registers them if it may, or run: temporal operator \
             search-attribute create --name AuraRole --type Keyword",
        ),
    );
    let wrong = attributes(|_, _| Some("Keyword".to_owned()));
    check(
        &server::attributes(&here(), &Ok(wrong)),
        Status::Fail,
        "of another type than epochs need: AuraEpochId is Keyword, not Text",
        Some(
            "temporal operator search-attribute remove --name AuraEpochId --yes\nand start \
             aurad again, which registers them",
        ),
    );
    let line = server::attributes(&here(), &Err(denied()));
    assert_eq!(line.status, Status::Warn);
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

#[test]
fn somebody_works_or_nobody_does() {
    const FIX: Option<&str> = Some("aurad --task-queue aura");
    let told = |queue: &Queue| workers::queue(&here(), queue, NOW);
    let mut busy = queue(
        vec![poller(5, "b"), poller(70, "b")],
        vec![poller(61, "b")],
        2,
    );
    let what = "task queue 'aura': 2 workers for workflows, heard of 5s ago; 1 worker for \
                activities, heard of 1m ago";
    check(&told(&busy), Status::Ok, what, None);
    let asked = |has_answered| {
        Some(Asked {
            epoch_id: "e".to_owned(),
            has_answered,
        })
    };
    busy.asked = asked(None);
    check(&told(&busy), Status::Ok, what, None);
    busy.asked = asked(Some(true));
    check(
        &told(&busy),
        Status::Ok,
        &format!("{what}; epoch 'e' answers"),
        None,
    );
    busy.asked = asked(Some(false));
    check(
        &told(&busy),
        Status::Warn,
        &format!("{what}; but for epoch 'e' nobody answers"),
        Some("they are busy, or have ended since; if they have: aurad --task-queue aura"),
    );
    for (seen, what) in [
        (
            queue(vec![], vec![], 0),
            "nobody works on task queue 'aura'",
        ),
        (
            queue(vec![], vec![], 1),
            "nobody works on task queue 'aura'; 1 open epoch waits there",
        ),
        (
            queue(vec![poller(200, "b")], vec![poller(190, "b")], 2),
            "nobody works on task queue 'aura' any more, for 3m; 2 open epochs wait there",
        ),
        (
            queue(vec![poller(1, "b")], vec![], 0),
            "task queue 'aura' has no worker for activities",
        ),
        (
            queue(vec![], vec![poller(1, "b")], 0),
            "task queue 'aura' has no worker for workflows",
        ),
        (
            queue(vec![poller(1, "b")], vec![poller(100, "b")], 0),
            "task queue 'aura' has no worker for activities",
        ),
    ] {
        check(&told(&seen), Status::Fail, what, FIX);
    }
    let mut unknown = queue(vec![], vec![], 0);
    unknown.activity = Err(denied());
    assert_eq!(told(&unknown).status, Status::Warn);
    let line = workers::queue(&elsewhere(), &queue(vec![], vec![], 0), NOW);
    let remedy = "aurad --task-queue aura --address far:1 --namespace 'a team'\\''s'";
    assert_eq!(line.remedy.as_deref(), Some(remedy));
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
fn commands_have_a_place_or_need_none() {
    let none = daemon("");
    let some = daemon("[runner.sleep]\nargv = [\"sleep\"]\n");
    let host = |pollers| vec![("aura-host-h".to_owned(), pollers)];
    let told = |aurad, hosts: Vec<_>| {
        let line = workers::commands(aurad, &hosts, NOW);
        (line.status, line.what)
    };
    let nothing = "none may run on this machine: no runner is configured, and no shell";
    assert_eq!(told(&none, vec![]), (Status::Ok, nothing.to_owned()));
    assert_eq!(told(&none, host(Ok(vec![]))).0, Status::Ok);
    let (status, what) = told(&some, host(Ok(vec![poller(1, "b")])));
    assert_eq!(
        (status, &*what),
        (Status::Ok, "this machine runs them ('aura-host-h')")
    );
    assert_eq!(
        told(&some, host(Ok(vec![poller(100, "b")]))).0,
        Status::Warn
    );
    assert_eq!(told(&some, host(Ok(vec![]))).0, Status::Warn);
    assert_eq!(told(&some, host(Err(denied()))).0, Status::Warn);
    assert_eq!(told(&some, vec![]).0, Status::Warn);
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "checks take what was asked for, and perhaps was not answered"
)]
fn open(count: usize, has_more: bool) -> Result<OpenEpochs, Error> {
    let epoch = |n: usize| Open {
        epoch_id: format!("e{n}"),
        task_queue: "aura".to_owned(),
    };
    Ok(OpenEpochs {
        epochs: (0..count).map(epoch).collect(),
        has_more,
    })
}

fn late(id: &str, is_failing: Option<bool>) -> Late {
    Late {
        epoch_id: id.to_owned(),
        attempt: 4,
        is_failing,
    }
}

#[test]
fn an_epoch_goes_on_or_is_wedged_or_was_unlucky() {
    let seen = |looked_at, late: &[Late]| Wedged {
        late: late.to_vec(),
        looked_at,
    };
    let told = |open, seen| epochs::wedged(&here(), &open, Some(&seen));
    check(
        &told(open(2, false), seen(2, &[])),
        Status::Ok,
        "2 epochs open, none wedged",
        None,
    );
    check(
        &told(open(300, false), seen(250, &[])),
        Status::Ok,
        "300 epochs open, none wedged; only 250 of 300 were looked at",
        None,
    );
    let line = told(open(1_000, true), seen(250, &[]));
    assert!(
        line.what
            .ends_with("only 250 of more than 1000 were looked at")
    );
    check(
        &told(
            open(3, false),
            seen(
                3,
                &[
                    late("a b", Some(true)),
                    late("c", None),
                    late("d", Some(false)),
                ],
            ),
        ),
        Status::Fail,
        "2 epochs cannot go on, since their workflow task fails again and again: a b \
         (attempt 4), c (attempt 4)",
        Some(
            "aurad's log tells why, and: temporal workflow show --workflow-id 'a b'\nif they \
             are newer than aurad, start a newer aurad",
        ),
    );
    let line = told(open(1, false), seen(1, &[late("d", Some(false))]));
    assert_eq!(line.status, Status::Warn);
    assert!(line.what.contains("lost with its worker"), "{}", line.what);
    let line = epochs::wedged(&here(), &Err(refused()), None);
    assert_eq!(line.status, Status::Warn);
}

#[test]
fn what_ended_epochs_left_is_named() {
    let left = |n: usize| Left {
        workflow_id: format!("e-slice-{n}"),
        kind: "SliceWorkflow".to_owned(),
        epoch_id: "e".to_owned(),
        epoch_status: "terminated".to_owned(),
    };
    let told = |count: usize, looked_at, has_more| {
        let seen = Ok(Lefts {
            left: (1..=count).map(left).collect(),
            looked_at,
            has_more,
        });
        epochs::left(&here(), &open(1, false), Some(&seen))
    };
    check(
        &told(0, 0, false),
        Status::Ok,
        "no slices or reviews are open",
        None,
    );
    check(
        &told(0, 3, true),
        Status::Ok,
        "3 slices and reviews are open, all of open epochs; there are more than were looked at",
        None,
    );
    check(
        &told(1, 3, false),
        Status::Warn,
        "1 slice or review is still open although its epoch has ended: e-slice-1 (epoch \
         terminated)",
        Some("temporal workflow terminate --workflow-id e-slice-1 --reason 'left behind'"),
    );
    let line = told(7, 7, false);
    assert!(line.what.ends_with("and 2 more"), "{}", line.what);
    assert_eq!(line.detail["left"].as_array().map(Vec::len), Some(7));
    let line = epochs::left(&here(), &open(1, false), Some(&Err(refused())));
    assert_eq!(line.status, Status::Warn);
}

#[test]
fn releases_that_differ_are_told() {
    let builds = |of: &[&str]| {
        let pollers = of.iter().map(|build| poller(1, build)).collect();
        [queue(pollers, vec![], 0)]
    };
    let told = |version: &str, of: &[&str]| server::versions(&answering(version), &builds(of));
    let own = env!("CARGO_PKG_VERSION");
    check(
        &told("1.2", &["b", "b"]),
        Status::Ok,
        &format!("aura-msg {own}; server 1.2; aurad's is not known, its build is b"),
        None,
    );
    assert_eq!(told("1.2", &["b", "c"]).status, Status::Warn);
    assert_eq!(
        told(&format!("1.2-embedded.{own}"), &["b"]).status,
        Status::Ok
    );
    assert_eq!(told("1.2-embedded.9.9.9", &["b"]).status, Status::Warn);
}

#[test]
fn clocks_agree_or_not_or_nothing_is_known() {
    let clock = |ahead: i64| {
        let clock = Clock {
            server: ago(ahead),
            here: ago(0),
        };
        server::clock(Some(clock), None, NOW)
    };
    assert_eq!(clock(2).status, Status::Ok);
    assert_eq!(clock(-3).status, Status::Ok);
    let line = clock(600);
    assert_eq!(line.status, Status::Warn);
    let what = "this machine's clock is 9 min ahead of the server's, give or take a second";
    assert_eq!(line.what, what);
    assert!(
        clock(-60).what.contains("60 s behind"),
        "{}",
        clock(-60).what
    );

    let guess = |seconds| server::clock(None, Some(ago(seconds)), NOW);
    for seconds in [3_600, 0, -4] {
        let line = guess(seconds);
        assert_eq!(line.status, Status::Skip);
        assert!(line.what.starts_with("unknown"), "{}", line.what);
    }
    let line = guess(-90);
    assert_eq!(line.status, Status::Warn);
    assert_eq!(
        line.what,
        "this machine's clock is at least 90 s behind the server's"
    );
    assert_eq!(server::clock(None, None, NOW).status, Status::Skip);
}

fn trail(value: AuditBackend) -> Setting<AuditBackend> {
    Setting {
        value,
        source: Source::Env("AURA_AUDIT_TRAIL"),
    }
}

#[test]
fn a_trail_is_whole_or_not_or_not_there() {
    let path = PathBuf::from("/t/audit.db");
    let file = trail(AuditBackend::Sqlite(path.clone()));
    let whole = audit::Look {
        schema: audit::Schema::Version(1),
        last: 9,
        looked_at: 5,
        findings: vec![audit::Finding::Unchained { id: 6 }],
    };
    let told = |look, not_writable: &[PathBuf]| {
        let line = local::audit(&file, Some(&(look, not_writable.to_vec())));
        (line.status, line.what)
    };
    let what = "sqlite:/t/audit.db: version 1, 9 rows; the newest 5 are whole, 1 of them an \
                earlier implementation's, with no hash";
    assert_eq!(told(Ok(whole.clone()), &[]), (Status::Ok, what.to_owned()));
    let what = "sqlite:/t/audit.db: this user may not write to /t";
    let not_writable = told(Ok(whole.clone()), &[PathBuf::from("/t")]);
    assert_eq!(not_writable, (Status::Warn, what.to_owned()));
    let altered = audit::Look {
        findings: vec![
            audit::Finding::Altered { id: 7 },
            audit::Finding::Altered { id: 8 },
        ],
        ..whole
    };
    let (status, what) = told(Ok(altered), &[]);
    assert_eq!(status, Status::Fail);
    assert!(what.ends_with("(and 1 more)"), "{what}");
    let of = |error| told(Err(error), &[]).0;
    assert_eq!(
        of(audit::Error::Missing { path: path.clone() }),
        Status::Warn
    );
    assert_eq!(
        of(audit::Error::NotAFile { path: path.clone() }),
        Status::Fail
    );
    let waited = Duration::from_secs(1);
    assert_eq!(of(audit::Error::Busy { path, waited }), Status::Warn);
    let memory = local::audit(&trail(AuditBackend::Memory), None);
    assert_eq!(memory.status, Status::Ok);
    assert!(
        memory.what.contains("env AURA_AUDIT_TRAIL"),
        "{}",
        memory.what
    );
    assert_eq!(local::no_look(&file, "late").status, Status::Warn);
}

#[test]
fn settings_are_told_with_their_sources() {
    let own = settings(aura_msg::Flags {
        timeout: Some("3s".to_owned()),
        ..aura_msg::Flags::default()
    });
    let daemon = daemon("[aurad]\ntask_queue = \"q\"\n");
    let line = local::configuration(&own, Ok(&daemon));
    assert_eq!(line.status, Status::Ok);
    let told = line.notes.join("\n");
    assert!(told.contains("aura-msg  timeout     3s"), "{told}");
    assert!(told.contains("CLI --timeout"), "{told}");
    assert!(told.contains("config.toml"), "{told}");
    assert!(!told.contains("grace_period"), "{told}");
    let all = line.detail["settings"].as_array().unwrap();
    assert!(
        all.iter()
            .any(|of| of["name"] == "grace_period" && of["source"] == "default")
    );
    let shell = self::daemon("[aurad]\nallow_shell = true\n");
    assert_eq!(local::configuration(&own, Ok(&shell)).status, Status::Warn);
    let homeless = aurad::Settings::resolve(
        aurad::Flags {
            audit_trail: Some("sqlite".to_owned()),
            ..aurad::Flags::default()
        },
        &Variables::new(),
    );
    let line = local::configuration(&own, homeless.as_ref());
    assert_eq!(line.status, Status::Fail);
    assert!(line.remedy.is_some());
}

#[test]
fn a_file_that_nobody_reads_is_named() {
    assert_eq!(local::files(&[]).status, Status::Ok);
    let notice = "/h/aurad.config.yaml is not read: the configuration is TOML now; write this \
                  to /h/config.toml, then move it away:\n[aurad]\nnamespace = \"n\"";
    let line = local::files(&[notice.to_owned()]);
    check(
        &line,
        Status::Warn,
        "/h/aurad.config.yaml is not read: the configuration is TOML now",
        Some("write this to /h/config.toml, then move it away:\n[aurad]\nnamespace = \"n\""),
    );
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

#[test]
fn a_foreign_refusal_is_no_verdict() {
    let refusal = Error::Server(Answer::unimplemented("not here"));
    let line = server::attributes(&here(), &Err(refusal));
    assert_eq!(line.status, Status::Warn);
    assert!(line.what.contains("not here"), "{}", line.what);
}
