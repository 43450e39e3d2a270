//! The commands that read an audit trail in a file, without a server: what each prints, on
//! both outputs, and its exit code are snapshots in both formats; and what was done to a
//! file is found.

use std::io::pipe;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aura::audit::{AuditTrail, Sqlite};
use aura::contract::audit::AuditEvent;
use aura::contract::time::WireTime;
use aura::protocol::effect::EventType;
use aura::protocol::{PhaseId, RoleId};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::programs::{AURA_MSG, Shell, Told};
use crate::support::output::Output;

/// The `n`th event of an epoch. It happens when no clock has come to yet, so that it is no
/// time ago whenever this runs.
fn event(epoch: &str, n: u64) -> AuditEvent {
    let kinds = [
        (EventType::EpochStarted, PhaseId::P1, RoleId::Epoch),
        (EventType::PhaseTransition, PhaseId::P4, RoleId::Reviewer),
        (EventType::VoteRecorded, PhaseId::P4, RoleId::Reviewer),
    ];
    let (event_type, phase, role) = kinds[usize::try_from(n - 1).unwrap() % kinds.len()];
    let at = WireTime::parse(&format!("2099-01-0{n}T12:00:00.5Z")).unwrap();
    let payload = json!({ "n": n, "comment": "so, \"so\"\n=1+1", "axis": null });
    AuditEvent {
        epoch_id: epoch.to_owned(),
        event_type,
        phase,
        role,
        payload: serde_json::from_value(payload).unwrap(),
        event_id: Some(format!("run-of-{epoch}:{n}")),
        occurred_at: Some(at),
        actor: (n > 1).then(|| "ann".to_owned()),
        workflow_id: Some(epoch.to_owned()),
        run_id: Some(format!("run-of-{epoch}")),
    }
}

/// A trail that is patient: the machine may have other things to do.
fn trail(path: &Path) -> Sqlite {
    Sqlite::new(path).with_patience(Duration::from_secs(30))
}

/// A shell with a trail of two epochs in its working directory, and the file.
fn shell() -> (Shell, PathBuf) {
    let shell = Shell::new();
    let path = shell.sandbox.write("work/audit.db", "");
    let trail = trail(&path);
    for n in 1..=3 {
        trail.record(&[event("a", n), event("b", n)]).unwrap();
    }
    (shell, path)
}

/// What the earlier implementation does: it fills its six columns.
fn append_earlier(path: &Path) {
    let db = Connection::open(path).unwrap();
    db.execute(
        "INSERT INTO audit_events (epoch_id, phase, role, event_type, payload, timestamp) VALUES \
         ('a', 'p4', 'reviewer', 'their_own', '{}', '2099-02-01T00:00:00+00:00')",
        [],
    )
    .unwrap();
}

/// All that a command shows.
fn transcript(args: &[&str], output: &Output) -> String {
    format!(
        "$ aura-msg {}\nexit code: {}\n--- stdout\n{}--- stderr\n{}",
        args.join(" "),
        output.code,
        output.stdout,
        output.stderr
    )
}

#[test]
fn every_command_in_text_and_json() {
    let list = ["audit", "list", "--db", "audit.db"];
    let verify = ["audit", "verify", "--offline", "--db", "audit.db"];
    let (sound, path) = shell();
    append_earlier(&path);
    let (altered, path) = shell();
    let db = Connection::open(path).unwrap();
    db.execute("UPDATE audit_events SET actor = 'bob' WHERE id = 4", [])
        .unwrap();
    let of_a = [&list[..], &["--epoch-id", "a", "--limit", "2"]].concat();
    let none = [&list[..], &["--type", "epoch_cancelled"]].concat();
    for (name, shell, args, code) in [
        ("list", &sound, &list[..], 0),
        ("list_of_one", &sound, &of_a, 0),
        ("list_of_none", &sound, &none, 0),
        ("verify_sound", &sound, &verify, 0),
        ("verify_altered", &altered, &verify, 3),
    ] {
        for format in ["text", "json"] {
            let args = [args, &["--format", format]].concat();
            let output = shell.aura_msg(&args).code(code);
            if format == "json" {
                let _ = output.json();
            }
            insta::assert_snapshot!(format!("{name}_{format}"), transcript(&args, &output));
        }
    }
}

#[test]
fn an_export_in_each_format() {
    let (shell, path) = shell();
    append_earlier(&path);
    for format in ["jsonl", "csv"] {
        let args = [
            "audit", "export", "--db", "audit.db", "--phase", "p4", "--format", format,
        ];
        let output = shell.aura_msg(args).ok();
        insta::assert_snapshot!(format!("export_{format}"), transcript(&args, &output));
    }
    // What has commas, quotes and line ends in it is one value all the same.
    let csv = shell
        .aura_msg(["audit", "export", "--db", "audit.db", "--format", "csv"])
        .ok();
    let mut rows = csv::Reader::from_reader(csv.stdout.as_bytes());
    let payloads: Vec<String> = rows
        .records()
        .map(|row| row.unwrap().get(7).unwrap().to_owned())
        .collect();
    assert_eq!(payloads.len(), 7);
    let first: Value = serde_json::from_str(&payloads[0]).unwrap();
    assert_eq!(first["comment"], "so, \"so\"\n=1+1");
    let empty = shell
        .aura_msg(["audit", "export", "--db", "audit.db", "--epoch-id", "none"])
        .ok();
    assert_eq!((empty.stdout.as_str(), empty.stderr.as_str()), ("", ""));
}

#[test]
fn events_are_chosen_by_all_that_is_said() {
    let (shell, _) = shell();
    let ids = |words: &[&str]| -> Vec<String> {
        let args = ["audit", "list", "--db", "audit.db", "--format", "json"];
        let output = shell.aura_msg([&args[..], words].concat()).ok();
        let list = output.json();
        let ids = list.as_array().unwrap().iter();
        ids.map(|entry| entry["event_id"].as_str().unwrap().replace("run-of-", ""))
            .collect()
    };
    assert_eq!(
        ids(&["--phase", "review", "--epoch-id", "b"]),
        ["b:2", "b:3"]
    );
    assert_eq!(ids(&["--type", "VOTE_RECORDED"]), ["a:3", "b:3"]);
    assert_eq!(ids(&["--role", "epoch", "--epoch-id", "a"]), ["a:1"]);
    assert_eq!(ids(&["--since", "2099-01-03"]), ["a:3", "b:3"]);
    assert_eq!(
        ids(&["--since", "2099-01-02T12:00:00.6Z", "--epoch-id", "a"]),
        ["a:3"]
    );
    assert_eq!(ids(&["--limit", "3"]), ["b:2", "a:3", "b:3"]);
}

#[test]
fn what_was_done_to_a_file_is_found() {
    for (kind, sql) in [
        ("missing", "DELETE FROM audit_events WHERE id = 3"),
        (
            "altered",
            "UPDATE audit_events SET payload = '{}' WHERE id = 3",
        ),
        (
            "doubled",
            "DROP INDEX aura_event_id; INSERT INTO audit_events (epoch_id, phase, role, \
             event_type, payload, timestamp, event_id, occurred_at, actor, workflow_id, run_id, \
             prev_hash, hash) SELECT epoch_id, phase, role, event_type, payload, timestamp, \
             event_id, occurred_at, actor, workflow_id, run_id, prev_hash, hash FROM audit_events \
             WHERE id = 3",
        ),
        (
            "from_nowhere",
            "INSERT INTO audit_events (epoch_id, phase, role, event_type, payload, timestamp, \
             event_id, prev_hash, hash) VALUES ('a', 'p1', 'epoch', 'vote_recorded', '{}', \
             '2099-01-01T00:00:00+00:00', 'x:1', (SELECT hash FROM audit_events WHERE id = 2), \
             'ff')",
        ),
        ("cut_tail", "DELETE FROM audit_events WHERE id > 4"),
    ] {
        let (shell, path) = shell();
        Connection::open(path).unwrap().execute_batch(sql).unwrap();
        let args = ["audit", "verify", "--offline", "--db", "audit.db"];
        let output = shell
            .aura_msg([&args[..], &["--format", "json"]].concat())
            .code(3);
        let kinds: Vec<Value> = output.json()["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| found["kind"].clone())
            .collect();
        assert_eq!(kinds, [kind], "{output}");
        assert!(output.stderr.contains("audit_findings"), "{output}");
    }
}

#[test]
fn a_trail_that_is_not_there_is_said_to_be_so() {
    let shell = Shell::new();
    for command in ["list", "export", "verify"] {
        let args = ["audit", command, "--db", "no.db"];
        let told = Told::in_text(&shell.aura_msg(args).code(4));
        assert!(told.why.contains("no.db"), "{told:?}");
        assert!(told.fix.contains("--db"), "{told:?}");
        // The usual place, where nobody says anything.
        let told = Told::in_text(&shell.aura_msg(["audit", command]).code(4));
        assert!(told.why.contains("plugin/audit.db"), "{told:?}");
    }
    shell
        .sandbox
        .write_config("[aurad]\naudit_trail = \"memory\"\n");
    let told = Told::in_text(&shell.aura_msg(["audit", "list"]).code(4));
    assert!(told.why.contains("in memory"), "{told:?}");
    shell
        .sandbox
        .write_config("[aurad]\naudit_trail = \"temporal\"\n");
    let told = Told::in_text(&shell.aura_msg(["audit", "verify"]).code(4));
    assert!(told.why.contains("the epochs themselves"), "{told:?}");
    let told = Told::in_text(&shell.aura_msg(["audit", "list"]).code(1));
    assert!(told.what.contains("--epoch-id"), "{told:?}");
}

#[test]
fn the_configured_trail_is_read() {
    let (shell, path) = shell();
    let config = format!("[aurad]\naudit_trail = \"sqlite:{}\"\n", path.display());
    shell.sandbox.write_config(&config);
    let listed = shell.aura_msg(["audit", "list", "--format", "jsonl"]).ok();
    assert_eq!(listed.stdout.lines().count(), 6);
}

#[test]
fn words_that_are_none_are_told() {
    let (shell, _) = shell();
    for (words, what) in [
        (["--phase", "p13"], "phase"),
        (["--role", "boss"], "role"),
        (["--type", "votes"], "event type"),
        (["--since", "yesterday"], "--since"),
        (["--limit", "0"], "--limit"),
        (["--epoch-id", ""], "--epoch-id"),
    ] {
        let args = ["audit", "list", "--db", "audit.db", words[0], words[1]];
        let told = Told::in_text(&shell.aura_msg(args).code(1));
        assert!(told.what.contains(what), "{told:?}");
    }
    let args = ["audit", "export", "--db", "audit.db", "--format", "xml"];
    let told = Told::in_text(&shell.aura_msg(args).code(1));
    assert!(told.why.contains("jsonl, csv"), "{told:?}");
    let args = ["audit", "list", "--db", "audit.db", "--from-epoch"];
    let _ = shell.aura_msg(args).code(1);
}

#[test]
fn a_reader_that_goes_away_ends_an_export() {
    let (shell, path) = shell();
    let trail = trail(&path);
    // More than a pipe holds.
    let many: Vec<AuditEvent> = (0..2_000)
        .map(|n| AuditEvent {
            event_id: Some(format!("run-of-c:{n}")),
            ..event("c", 1)
        })
        .collect();
    trail.record(&many).unwrap();
    for format in ["jsonl", "csv"] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let output = shell
            .sandbox
            .command(AURA_MSG)
            .args(["audit", "export", "--db"])
            .arg(&path)
            .args(["--format", format])
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn a_server_that_is_not_there_is_no_comparison() {
    let (shell, _) = shell();
    let args = ["audit", "verify", "--db", "audit.db", "--address"];
    let words = [&args[..], &["127.0.0.1:1", "--format", "json"]].concat();
    let output = shell.aura_msg(words).code(2);
    let report = output.json();
    assert_eq!(report["compared"], false);
    assert_eq!(report["rows"], 6);
    assert!(output.stderr.contains("unreachable"), "{output}");
}
