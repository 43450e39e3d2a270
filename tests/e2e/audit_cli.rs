//! The trail, listed, exported and verified against the epochs themselves: what somebody
//! did to the file without leaving a broken chain, what is not written yet, and what cannot
//! be compared; and epochs that are the trail themselves.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aura::audit::{Rows, Sqlite, chain};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::course::{register, words};
use crate::evidence::{check_log, check_trail};
use crate::raw::{Raw, payload};
use crate::support::output::Output;
use crate::temporal::{Workflow, server_of_short_runs};
use crate::trail::Fault;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(1);

/// `aura-msg audit …` on a file.
#[track_caller]
fn audit(world: &World, db: &Path, line: &str) -> Output {
    let db = db.to_str().expect("the sandbox has a plain path");
    let mut args = vec!["audit"];
    args.extend(line.split_whitespace());
    args.extend(["--db", db]);
    world.run(&args)
}

/// What a verification against the world's epoch says, and its exit code.
#[track_caller]
fn verify(world: &World, db: &Path, code: i32) -> Value {
    let line = format!("verify --format json --epoch-id {}", world.epoch);
    audit(world, db, &line).code(code).json()
}

/// Kinds of findings, and what shows each.
fn kinds(verdict: &Value) -> Vec<String> {
    let findings = verdict["findings"].as_array().expect("findings are a list");
    let told = findings.iter().map(|found| {
        let part = |key: &str| found[key].as_str().expect("it is a text");
        format!("{} by {}", part("kind"), part("found_by"))
    });
    told.collect()
}

/// A world whose epoch is in p5, with a whole trail.
#[track_caller]
fn begun() -> Option<(World, crate::support::daemon::Daemon)> {
    let world = World::shared()?;
    let daemon = world.ready_daemon();
    world.start_in("p5");
    check_trail(&world);
    Some((world, daemon))
}

/// A copy of a trail, for something to be done to it.
fn copy(world: &World, name: &str) -> PathBuf {
    let path = world.sandbox.path().join(format!("{name}.db"));
    let db = Connection::open(world.audit_db()).unwrap();
    db.execute("VACUUM INTO ?", [path.to_str().unwrap()])
        .unwrap();
    path
}

/// Makes the chain of a file anew, so that no hash betrays what was done to it.
fn forge_chain(path: &Path) {
    let mut rows = Vec::new();
    Sqlite::new(path)
        .rows(&Rows::default(), |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })
        .unwrap();
    let db = Connection::open(path).unwrap();
    let mut prev: Option<String> = None;
    for row in rows {
        let hash = chain::hash(prev.as_deref(), &row.content);
        db.execute(
            "UPDATE audit_events SET prev_hash = ?, hash = ? WHERE id = ?",
            (&prev, &hash, row.id),
        )
        .unwrap();
        prev = Some(hash);
    }
    db.execute(
        "UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM audit_events)",
        [],
    )
    .unwrap();
}

#[test]
fn a_live_epoch_is_listed_and_exported_from_its_file_and_by_itself() {
    let Some((world, daemon)) = begun() else {
        return;
    };
    let db = world.audit_db();
    let ids = |output: Output| -> Vec<Value> {
        let lines = output.ok().stdout;
        let lines = lines.lines().map(serde_json::from_str::<Value>);
        lines
            .map(|line| line.expect("a line is JSON")["event_id"].clone())
            .collect()
    };
    let written = world.audit_rows();
    let expected: Vec<Value> = written.iter().map(|row| json!(row.event_id)).collect();
    assert!(expected.len() >= 9, "{expected:?}");
    let of_it = format!("--epoch-id {}", world.epoch);
    let listed = audit(&world, &db, &format!("list {of_it} --format jsonl"));
    assert_eq!(ids(listed), expected);
    assert_eq!(
        ids(audit(&world, &db, &format!("export {of_it}"))),
        expected
    );
    // The environment names the epoch.
    let told = world.say("audit list --from-epoch --format jsonl");
    assert_eq!(ids(told), expected);
    assert_eq!(ids(world.say("audit export --from-epoch")), expected);
    let votes = "audit list --from-epoch --type vote_recorded --limit 2 --format json";
    let votes = world.say(votes).ok();
    assert_eq!(votes.json().as_array().map(Vec::len), Some(2));
    assert!(votes.stderr.contains("more than these 2"), "{votes}");
    let csv = world.say("audit export --from-epoch --format csv").ok();
    let mut rows = csv::Reader::from_reader(csv.stdout.as_bytes());
    assert_eq!(rows.records().count(), expected.len());
    let table = audit(&world, &db, &format!("list {of_it}")).ok().stdout;
    assert!(table.contains("vote_recorded"), "{table}");
    check_log(&daemon);
}

/// How a trail is falsified, and how that is found out.
type Forgery = (&'static str, &'static str, &'static [&'static str]);

#[test]
fn what_no_hash_betrays_the_epoch_does() {
    let Some((world, _daemon)) = begun() else {
        return;
    };
    let (first, last) = (
        "(SELECT min(id) FROM audit_events)",
        "(SELECT max(id) FROM audit_events)",
    );
    let again = "epoch_id, phase, role, event_type, payload, timestamp, occurred_at, actor, \
                 workflow_id, run_id";
    let forgeries: [Forgery; 6] = [
        ("nothing", "", &[]),
        (
            "cut",
            "DELETE FROM audit_events WHERE id = LAST",
            &["missing by epoch"],
        ),
        (
            "gap",
            "DELETE FROM audit_events WHERE id = FIRST + 2",
            &["missing by epoch"],
        ),
        (
            "altered",
            "UPDATE audit_events SET actor = 'nobody' WHERE id = FIRST + 1",
            &["altered by epoch"],
        ),
        (
            "doubled",
            "DROP INDEX aura_event_id; INSERT INTO audit_events (event_id, AGAIN) SELECT event_id, \
             AGAIN FROM audit_events WHERE id = LAST",
            &["doubled by epoch"],
        ),
        (
            "nowhere",
            "INSERT INTO audit_events (event_id, AGAIN) SELECT run_id || ':999', AGAIN FROM \
             audit_events WHERE id = LAST",
            &["from_nowhere by epoch"],
        ),
    ];
    for (name, sql, expected) in forgeries {
        let path = copy(&world, name);
        let sql = sql
            .replace("FIRST", first)
            .replace("LAST", last)
            .replace("AGAIN", again);
        Connection::open(&path)
            .unwrap()
            .execute_batch(&sql)
            .unwrap();
        forge_chain(&path);
        let offline = audit(&world, &path, "verify --offline --format json").ok();
        assert_eq!(kinds(&offline.json()), Vec::<String>::new(), "{name}");
        let verdict = verify(&world, &path, if expected.is_empty() { 0 } else { 3 });
        assert_eq!(kinds(&verdict), expected, "{name}: {verdict:#}");
    }
    // All rows of the epoch, without a word about it.
    let path = copy(&world, "all");
    let gone = "DELETE FROM audit_events";
    let gone = Connection::open(&path).unwrap().execute(gone, []).unwrap();
    forge_chain(&path);
    let verdict = verify(&world, &path, 3);
    assert_eq!(kinds(&verdict), vec!["missing by epoch"; gone]);
}

#[test]
fn an_epoch_of_many_runs_is_compared_over_all_of_them() {
    let Some(server) = server_of_short_runs() else {
        return;
    };
    let world = World::on(&server.address());
    let daemon = world.ready_daemon();
    let _ = world.start();
    let epoch = Workflow::new(&server, &world.epoch);
    for run in 0..3 {
        epoch.wait_new_run(|n| {
            let _ = world.run(&words(&register(&format!("{run}-{n}")))).ok();
        });
    }
    check_trail(&world);
    let told = world.say("audit list --from-epoch --limit 1000 --format json");
    let told = told.ok().json();
    let count = told.as_array().map(Vec::len);
    assert_eq!(count, Some(world.audit_rows().len()));
    // All epochs of the server; this one is the only one.
    let verdict = audit(&world, &world.audit_db(), "verify --format json").ok();
    assert_eq!(verdict.json()["compared"], true, "{verdict}");
    // A row of an earlier run is missed as well.
    let path = copy(&world, "gap");
    let db = Connection::open(&path).unwrap();
    db.execute("DELETE FROM audit_events WHERE id = 3", [])
        .unwrap();
    forge_chain(&path);
    assert_eq!(kinds(&verify(&world, &path, 3)), ["missing by epoch"]);
    check_log(&daemon);
}

#[test]
fn an_epoch_that_replaced_another_of_its_id_hides_none_of_the_events() {
    let Some((world, _daemon)) = begun() else {
        return;
    };
    let before = world.audit_rows().len();
    let restart = [
        "epoch",
        "start",
        "--description",
        "again",
        "--if-exists",
        "restart",
        "--yes",
    ];
    let _ = world.run(&restart).ok();
    world.advance_through(&["p2"]);
    check_trail(&world);
    let rows = world.audit_rows().len();
    assert!(rows >= before + 2, "{before} and then {rows}");
}

#[test]
fn what_is_not_written_yet_is_said_to_be_so_and_never_missing() {
    let Some((world, server)) = World::with_server() else {
        return;
    };
    let daemon = world.ready_daemon();
    world.start_in("p4");
    check_trail(&world);
    let broken = Fault::Locked.inflict(&world.audit_db());
    world.accept();
    let verdict = verify(&world, &world.audit_db(), 0);
    let waiting = verdict["epochs"][0]["not_written_yet"].as_u64();
    assert!(waiting.is_some_and(|waiting| waiting >= 3), "{verdict:#}");
    assert_eq!(kinds(&verdict), Vec::<String>::new());
    broken.mend();
    check_trail(&world);

    // An epoch that is ended by force takes them with it.
    let broken = Fault::Locked.inflict(&world.audit_db());
    world.advance_through(&["p5"]);
    Workflow::new(server, &world.epoch).terminate();
    let verdict = verify(&world, &world.audit_db(), 0);
    let epoch = &verdict["epochs"][0];
    assert!(epoch["never_written"].as_u64() > Some(0), "{verdict:#}");
    broken.mend();
    check_log(&daemon);
}

#[test]
fn what_cannot_be_compared_is_said_to_be_so() {
    let Some((world, mut daemon)) = begun() else {
        return;
    };
    let db = world.audit_db();
    // An epoch that the server knows nothing of.
    let beside = copy(&world, "beside");
    let elsewhere = "UPDATE audit_events SET epoch_id = 'elsewhere'";
    Connection::open(&beside)
        .unwrap()
        .execute(elsewhere, [])
        .unwrap();
    forge_chain(&beside);
    let output = audit(&world, &beside, "verify --format json --epoch-id elsewhere").ok();
    let verdict = output.json();
    assert_eq!(verdict["compared"], false, "{verdict:#}");
    assert_eq!(verdict["epochs"][0]["matching"], 0, "{verdict:#}");
    assert!(output.stderr.contains("could not be compared"), "{output}");

    daemon.terminate();
    daemon.wait_exit(LIMIT);
    let line = format!("verify --timeout 5s --epoch-id {}", world.epoch);
    let output = audit(&world, &db, &line).code(5);
    assert!(output.stdout.contains("no worker answered"), "{output}");
    assert!(output.stderr.contains("could not be compared"), "{output}");
    let _ = audit(&world, &db, &format!("{line} --offline")).ok();
}

#[test]
fn epochs_keep_their_own_trail_for_daemons_on_many_machines() {
    let Some(world) = World::shared() else {
        return;
    };
    let own = ["--audit-trail", "temporal"];
    let mut first = world.daemon_with(&own, &[]);
    first.wait_ready();
    world.start_in("p3");
    let second = world.daemon_with(&own, &[]);
    second.wait_ready();
    first.terminate();
    world.advance_through(&["p4"]);
    world.accept();
    world.advance_through(&["p5"]);
    assert!(!world.audit_db().exists(), "nobody writes a file");

    world
        .sandbox
        .write_config("[aurad]\naudit_trail = \"temporal\"\n");
    let told = world.say("audit list --format json").ok().json();
    let told = told.as_array().expect("a list").clone();
    assert!(told.len() >= 9, "{told:#?}");
    assert_eq!(told[0]["event_type"], "epoch_started");
    let raw = Raw::connect(&world);
    let ask = |name: &str, arguments: &[Value]| {
        let caller = world.sandbox.epoch_id();
        raw.activity(&caller, name, payload::list(arguments))
    };
    let all = ask("query_audit_events", &[json!(world.epoch)]).expect("it answers");
    assert_eq!(all.as_array().map(Vec::len), Some(told.len()), "{all:#}");
    let reviewer = [json!(world.epoch), json!("p4"), json!("reviewer")];
    let some = ask("query_audit_events", &reviewer).expect("it answers");
    let expected = told
        .iter()
        .filter(|event| event["phase"] == "p4" && event["role"] == "reviewer");
    assert_eq!(some.as_array().map(Vec::len), Some(expected.count()));
    assert_eq!(ask("query_audit_events", &[json!("nobody")]), Ok(json!([])));
    // What others want kept has no place, and they hear of it at once.
    let event = json!({
        "epoch_id": world.epoch, "event_type": "vote_recorded", "phase": "p4",
        "role": "reviewer", "payload": {},
    });
    let why = ask("record_audit_event", &[event]).expect_err("it has no place");
    assert!(why.contains("temporal"), "{why}");
    check_log(&second);
}

#[test]
fn an_epoch_goes_on_when_its_daemon_is_given_another_trail() {
    let Some((world, mut daemon)) = begun() else {
        return;
    };
    let before = world.audit_rows().len();
    daemon.terminate();
    daemon.wait_exit(LIMIT);
    let own = world.daemon_with(&["--audit-trail", "temporal"], &[]);
    own.wait_ready();
    world.advance_through(&["p6", "p7"]);
    assert_eq!(world.audit_rows().len(), before);
    let told = world
        .say("audit list --from-epoch --format json")
        .ok()
        .json();
    let told = told.as_array().map_or(0, Vec::len);
    assert!(told >= before + 2, "{told} told, {before} written");
    // What nobody wrote to the file is missing there.
    let verdict = verify(&world, &world.audit_db(), 3);
    assert_eq!(kinds(&verdict), vec!["missing by epoch"; told - before]);
    drop(own);
    let back = world.ready_daemon();
    world.advance_through(&["p8"]);
    check_log(&back);
}
