//! In which form `aurad` logs: to the journal where standard error is one, as JSON where
//! that is wanted, and as text where there is no journal. The journal is a socket of the
//! test's, in a mount namespace of its own; where the system lets its users have none, the
//! tests say that they were skipped.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::programs::AURAD;
use crate::support::binary::say;
use crate::support::daemon::Daemon;
use crate::support::sandbox::Sandbox;

const LIMIT: Duration = Duration::from_secs(30);
const UNSHARE: &str = "/usr/bin/unshare";

/// Runs its arguments where `/run` has nothing but a link to the folder `$JOURNAL`.
const ELSEWHERE: &str = "mount -t tmpfs none /run && mkdir /run/systemd && \
    ln -s \"$JOURNAL\" /run/systemd/journal && exec \"$@\"";
/// The same, where standard error is the journal by the variable's word.
const UNDER_SYSTEMD: &str = "mount -t tmpfs none /run && mkdir /run/systemd && \
    ln -s \"$JOURNAL\" /run/systemd/journal && \
    JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec \"$@\"";

/// The folder of the journal, and its socket if there is one.
struct Journal {
    folder: PathBuf,
    socket: Option<UnixDatagram>,
}

impl Journal {
    /// None where there are no namespaces for users.
    fn new(sandbox: &Sandbox, has_socket: bool) -> Option<Self> {
        let mut probe = Command::new(UNSHARE);
        probe.args(["--user", "--map-root-user", "--mount", "true"]);
        if !probe.status().is_ok_and(|status| status.success()) {
            say("SKIPPED: a journal of the test's own needs user namespaces");
            return None;
        }
        let folder = sandbox.path().join("journal");
        fs::create_dir(&folder).unwrap();
        let socket = has_socket.then(|| {
            let socket = UnixDatagram::bind(folder.join("socket")).unwrap();
            let short = Duration::from_millis(100);
            socket.set_read_timeout(Some(short)).unwrap();
            socket
        });
        Some(Self { folder, socket })
    }

    fn start(&self, sandbox: &Sandbox, script: &str, args: &[&str]) -> Daemon {
        Daemon::start(sandbox, UNSHARE, |command| {
            command
                .args([
                    "--user",
                    "--map-root-user",
                    "--mount",
                    "sh",
                    "-c",
                    script,
                    "sh",
                ])
                .args([AURAD, "--embedded", "--listen", "127.0.0.1:0"])
                .args(args)
                .env("JOURNAL", &self.folder)
        })
    }

    /// Waits for an entry with this in its message; every entry has to be well formed.
    #[track_caller]
    fn wait_for(&self, what: &str) -> Vec<(String, String)> {
        let socket = self.socket.as_ref().expect("this one has a socket");
        let began = Instant::now();
        while began.elapsed() < LIMIT {
            let mut buffer = vec![0; 65_536];
            let Ok(length) = socket.recv(&mut buffer) else {
                continue;
            };
            let entry = fields(&buffer[..length]);
            let is_it =
                |(name, value): &(String, String)| name == "MESSAGE" && value.contains(what);
            if entry.iter().any(is_it) {
                return entry;
            }
        }
        panic!("no entry with {what}");
    }
}

/// Reads an entry as the journal's protocol has it: `NAME=value`, or a name by itself, the
/// value's length, and the value.
fn fields(mut bytes: &[u8]) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let end = bytes
            .iter()
            .position(|b| *b == b'\n')
            .expect("a field ends");
        let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
        if let Some(at) = line.iter().position(|b| *b == b'=') {
            fields.push((text(&line[..at]), text(&line[at + 1..])));
            bytes = rest;
        } else {
            let length = u64::from_le_bytes(rest[..8].try_into().unwrap());
            let length = usize::try_from(length).unwrap();
            fields.push((text(line), text(&rest[8..8 + length])));
            bytes = &rest[8 + length + 1..];
        }
    }
    for (name, _) in &fields {
        let is_fine = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        assert!(name.chars().all(is_fine), "{name}");
    }
    fields
}

#[track_caller]
fn value<'a>(entry: &'a [(String, String)], name: &str) -> &'a str {
    let found = entry.iter().find(|(n, _)| n == name);
    &found.unwrap_or_else(|| panic!("no {name} in {entry:?}")).1
}

#[test]
fn where_standard_error_is_the_journal_it_gets_entries() {
    let sandbox = Sandbox::new();
    let Some(journal) = Journal::new(&sandbox, true) else {
        return;
    };
    let mut daemon = journal.start(&sandbox, UNDER_SYSTEMD, &[]);
    let opened = journal.wait_for("the audit trail is open");
    assert!(value(&opened, "PATH").ends_with("audit.db"), "{opened:?}");
    let ready = journal.wait_for("aurad ready");
    assert_eq!(value(&ready, "PRIORITY"), "6");
    assert_eq!(value(&ready, "SYSLOG_IDENTIFIER"), "aurad");
    assert_eq!(value(&ready, "TARGET"), "aura::daemon::app");
    daemon.terminate();
    journal.wait_for("aurad stopped");
    daemon.wait_exit(LIMIT);
    assert_eq!(daemon.logs(), [""; 0], "the journal would have it twice");
}

#[test]
fn another_standard_error_gets_text() {
    let sandbox = Sandbox::new();
    let Some(journal) = Journal::new(&sandbox, true) else {
        return;
    };
    let daemon = journal.start(&sandbox, ELSEWHERE, &[]);
    daemon.wait_ready();
}

#[test]
fn without_a_journal_it_says_so_once_and_logs_as_text() {
    let sandbox = Sandbox::new();
    let Some(journal) = Journal::new(&sandbox, false) else {
        return;
    };
    for (script, args) in [
        (ELSEWHERE, &["--log-format", "journald"][..]),
        (UNDER_SYSTEMD, &[]),
    ] {
        let daemon = journal.start(&sandbox, script, args);
        daemon.wait_ready();
        let logs = daemon.logs();
        let said = logs
            .iter()
            .filter(|l| l.contains("the journal takes no entries"));
        assert_eq!(said.count(), 1, "{logs:?}");
    }
}

#[test]
fn all_of_it_is_json_where_that_is_wanted() {
    let sandbox = Sandbox::new();
    let mut daemon = Daemon::start(&sandbox, AURAD, |command| {
        command
            .args([
                "--embedded",
                "--listen",
                "127.0.0.1:0",
                "--verbose",
                "--retention",
                "0",
            ])
            // A setting without effect, of which a line says so.
            .args(["--address", "elsewhere:1"])
            .env("AURAD_LOG_FORMAT", "json")
    });
    daemon.wait_ready();
    daemon.terminate();
    assert!(daemon.wait_exit(LIMIT).success());
    let lines: Vec<Value> = daemon
        .logs()
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let setting = |name: &str| {
        let is_it = |line: &&Value| line["message"] == "setting" && line["name"] == name;
        lines
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("no {name}"))
    };
    assert_eq!(setting("log_format")["value"], "json");
    assert_eq!(setting("log_format")["source"], "env AURAD_LOG_FORMAT");
    assert_eq!(setting("retention")["value"], "unlimited");
    let ignored =
        |line: &Value| line["level"] == "WARN" && line.to_string().contains("elsewhere:1");
    assert!(lines.iter().any(ignored), "{lines:?}");
    assert_eq!(lines.last().unwrap()["message"], "aurad stopped");
}
