//! `aurad --embedded` as its user meets it: one process and one file, what it says first,
//! how it stops, dies and goes on, and what it refuses. What the engine does for epochs is
//! tested in `tests/e2e`.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::programs::{AURA_MSG, AURAD, Told};
use crate::support::cli::AuraMsg;
use crate::support::daemon::Daemon;
use crate::support::output::{Output, run_limited};
use crate::support::sandbox::Sandbox;

const LIMIT: Duration = Duration::from_secs(30);
/// What is printed with each command that is shown.
const SHOWN: &str = "  aura-msg ";

/// A daemon with an engine on a free port.
pub fn start(sandbox: &Sandbox, args: &[&str]) -> Daemon {
    Daemon::start(sandbox, AURAD, |command| {
        command
            .args(["--embedded", "--listen", "127.0.0.1:0"])
            .args(args)
    })
}

/// Its address, once it is ready.
#[track_caller]
pub fn address(daemon: &Daemon) -> String {
    let ready = daemon.wait_ready();
    let (_, rest) = ready.split_once(" at ").expect("it says where it listens");
    let (address, _) = rest.split_once(',').expect("and where it keeps its file");
    address.to_owned()
}

#[track_caller]
fn aura_msg(sandbox: &Sandbox, address: &str, line: &str) -> Output {
    AuraMsg::new(sandbox, AURA_MSG)
        .env("TEMPORAL_ADDRESS", address)
        .env("AURA_EPOCH_ID", "an-epoch")
        .run(line.split(' '))
}

/// The commands that it shows, run by a shell as they are printed.
#[track_caller]
fn run_what_is_shown(sandbox: &Sandbox, daemon: &Daemon) -> Vec<Output> {
    daemon.wait_ready();
    daemon.wait_for_line("aura-msg query state", LIMIT);
    let logs = daemon.logs();
    let shown: Vec<_> = logs.iter().filter(|line| line.starts_with(SHOWN)).collect();
    assert_eq!(shown.len(), 3, "{shown:?}");
    let folder = std::path::Path::new(AURA_MSG).parent().unwrap().display();
    shown
        .into_iter()
        .map(|line| {
            let mut shell: Command = sandbox.command("sh");
            shell.args(["-c", &format!("PATH='{folder}':$PATH; {line}")]);
            run_limited(&mut shell, "", LIMIT)
                .expect("there is a shell")
                .ok()
        })
        .collect()
}

#[test]
fn what_it_shows_works_as_it_is_printed() {
    let sandbox = Sandbox::new();
    let daemon = start(&sandbox, &[]);
    let said = run_what_is_shown(&sandbox, &daemon);
    assert!(said[0].stdout.starts_with("Epoch started: "), "{}", said[0]);
    assert!(said[2].stdout.starts_with("Phase: p2\n"), "{}", said[2]);
    assert_eq!(daemon.stdout(), [""; 0], "logs are no data");
}

#[test]
fn what_it_shows_works_in_another_namespace_and_on_another_queue() {
    let sandbox = Sandbox::new();
    let daemon = start(
        &sandbox,
        &["--namespace", "it's mine", "--task-queue", "a queue"],
    );
    let said = run_what_is_shown(&sandbox, &daemon);
    assert!(said[2].stdout.starts_with("Phase: p2\n"), "{}", said[2]);
}

#[test]
fn it_stops_when_it_is_asked_to_and_goes_on_where_it_was() {
    let sandbox = Sandbox::new();
    let mut daemon = start(&sandbox, &[]);
    let at = address(&daemon);
    let _ = aura_msg(&sandbox, &at, "epoch start").ok();
    let _ = aura_msg(&sandbox, &at, "phase advance --to-phase p2").ok();
    daemon.terminate();
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
    daemon.wait_for_line("aurad stopped", LIMIT);
    daemon.restart();
    let at = address(&daemon);
    let shown = aura_msg(&sandbox, &at, "query state").ok().stdout;
    assert!(shown.starts_with("Phase: p2\n"), "{shown}");
    // The audit trail is in a file without being asked for.
    let trail = sandbox.folder("XDG_DATA_HOME").join("aura/plugin/audit.db");
    assert!(trail.is_file());
}

#[test]
fn killed_it_loses_nothing_and_answers_at_once() {
    let sandbox = Sandbox::new();
    let mut daemon = start(&sandbox, &[]);
    let mut at = address(&daemon);
    let _ = aura_msg(&sandbox, &at, "epoch start").ok();
    let mut waits = Vec::new();
    for phase in ["p2", "p3", "p4"] {
        let advance = format!("phase advance --to-phase {phase}");
        let _ = aura_msg(&sandbox, &at, &advance).ok();
        daemon.restart();
        at = address(&daemon);
        let begun = Instant::now();
        let shown = aura_msg(&sandbox, &at, "query state").ok().stdout;
        assert!(shown.starts_with(&format!("Phase: {phase}\n")), "{shown}");
        waits.push(begun.elapsed());
    }
    // Nothing waits for the tasks of a dead worker, which would take seconds each time.
    let shortest = waits.iter().min().unwrap();
    assert!(*shortest < Duration::from_secs(2), "{waits:?}");
}

#[test]
fn a_second_one_on_the_same_file_is_refused_with_the_first_ones_pid() {
    let sandbox = Sandbox::new();
    let first = start(&sandbox, &[]);
    let at = address(&first);
    let mut second = start(&sandbox, &[]);
    assert_eq!(second.wait_exit(LIMIT).code(), Some(1));
    let line = second.wait_for_line("ERROR", LIMIT);
    let holder = format!("in use by process {}", first.pid());
    assert!(line.contains(&holder) && line.contains("--db"), "{line}");

    // Its port is taken first, and its holder named as well.
    let mut third = Daemon::start(&sandbox, AURAD, |command| {
        command.args(["--embedded", "--db", "other.db", "--listen", &at])
    });
    assert_eq!(third.wait_exit(LIMIT).code(), Some(1));
    let line = third.wait_for_line("ERROR", LIMIT);
    assert!(line.contains(&format!("{at} is in use by")), "{line}");
    assert!(line.contains("--listen"), "{line}");
    if cfg!(target_os = "linux") {
        assert!(line.contains(&format!("(pid {})", first.pid())), "{line}");
    }
}

#[test]
fn a_file_that_can_no_longer_be_written_ends_it() {
    let sandbox = Sandbox::new();
    let mut daemon = start(&sandbox, &["--db", "engine.db"]);
    let at = address(&daemon);
    let _ = aura_msg(&sandbox, &at, "epoch start").ok();
    let file = sandbox.path().join("work/engine.db");
    fs::rename(&file, sandbox.path().join("work/moved.db")).unwrap();
    // It is not acknowledged, so it fails in whatever way.
    let _ = aura_msg(&sandbox, &at, "phase advance --to-phase p2 --timeout 5s");
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(1));
    let line = daemon.wait_for_line("the embedded engine cannot go on", LIMIT);
    for part in ["engine.db", "acknowledged", "start the engine again"] {
        assert!(line.contains(part), "{line}");
    }
    // What was acknowledged is kept.
    fs::rename(sandbox.path().join("work/moved.db"), &file).unwrap();
    daemon.restart();
    let at = address(&daemon);
    let _ = aura_msg(&sandbox, &at, "query state").ok();
}

#[test]
fn an_address_beside_it_is_ignored_with_a_warning() {
    let sandbox = Sandbox::new();
    let daemon = start(&sandbox, &["--address", "elsewhere:7233"]);
    daemon.wait_ready();
    let line = daemon.wait_for_line("address elsewhere:7233 (CLI --address) is ignored", LIMIT);
    assert!(line.contains("WARN"), "{line}");
}

#[test]
fn a_folder_for_a_file_is_told_in_full() {
    let sandbox = Sandbox::new();
    let mut daemon = start(&sandbox, &["--db", "."]);
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(1));
    let line = daemon.wait_for_line("ERROR", LIMIT);
    assert!(
        line.contains("not a regular file") && line.contains("--db"),
        "{line}"
    );
}

#[test]
fn the_files_tools_check_copy_compact_and_export() {
    let sandbox = Sandbox::new();
    let mut daemon = start(&sandbox, &["--db", "engine.db"]);
    let at = address(&daemon);
    let _ = aura_msg(&sandbox, &at, "epoch start").ok();
    let _ = aura_msg(&sandbox, &at, "phase advance --to-phase p2").ok();

    let db = |args: &str| {
        let args = format!("db {args} --db engine.db");
        AuraMsg::new(&sandbox, AURAD).run(args.split(' '))
    };
    let checked = db("check").ok();
    assert!(
        checked.stdout.starts_with("ok; runs: 1, open: 1, "),
        "{checked}"
    );
    let copied = db("backup copy.db").ok();
    assert!(copied.stdout.ends_with(" bytes in copy.db\n"), "{copied}");
    let exported = db("export-history --workflow-id an-epoch").ok().json();
    let events = exported["events"].as_array().expect("a list of events");
    assert!(events.len() > 5, "{exported}");

    let told = Told::in_text(&db("backup copy.db").code(1));
    assert_eq!(told.category, "database error");
    assert!(told.why.contains("copy.db exists already"), "{told:?}");
    let told = Told::in_text(&db("export-history --workflow-id nobody").code(1));
    assert!(
        told.why.contains("no run of a workflow \"nobody\""),
        "{told:?}"
    );
    // The daemon has the file for itself.
    let told = Told::in_text(&db("compact").code(1));
    let holder = format!("in use by process {}", daemon.pid());
    assert!(told.why.contains(&holder), "{told:?}");
    daemon.terminate();
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
    let compacted = db("compact").ok();
    assert!(compacted.stdout.contains(" bytes before, "), "{compacted}");

    // A copy is as good as the file.
    let mut on_copy = start(&sandbox, &["--db", "copy.db"]);
    let at = address(&on_copy);
    let shown = aura_msg(&sandbox, &at, "query state").ok().stdout;
    assert!(shown.starts_with("Phase: p2\n"), "{shown}");
    on_copy.kill();
}

#[test]
fn a_damaged_file_is_found_out() {
    let sandbox = Sandbox::new();
    let mut daemon = start(&sandbox, &["--db", "engine.db"]);
    let at = address(&daemon);
    let _ = aura_msg(&sandbox, &at, "epoch start").ok();
    // Its first task is done, so that its history has more than one batch.
    let _ = aura_msg(&sandbox, &at, "query state").ok();
    daemon.terminate();
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
    let db = |args: &[&str]| {
        AuraMsg::new(&sandbox, AURAD).run(["db"].iter().chain(args).chain(&["--db", "engine.db"]))
    };
    let file = rusqlite::Connection::open(sandbox.path().join("work/engine.db")).unwrap();
    file.execute("DELETE FROM event WHERE first_id = 1", [])
        .unwrap();
    file.close().unwrap();
    let found = db(&["check"]).code(1);
    assert!(found.stdout.contains("where event 1 should be"), "{found}");
    assert!(found.stdout.contains("problem"), "{found}");
    let missing = AuraMsg::new(&sandbox, AURAD).run(["db", "check", "--db", "none.db"]);
    let told = Told::in_text(&missing.code(1));
    assert!(told.why.contains("there is no database at"), "{told:?}");
    assert!(
        !sandbox.path().join("work/none.db").exists(),
        "nothing is made"
    );
}
