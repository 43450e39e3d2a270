//! `aurad` under a service manager: what it tells one, and the units that come with it.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::programs::AURAD;
use crate::support::binary::say;
use crate::support::daemon::Daemon;
use crate::support::dead_ends::Refused;
use crate::support::sandbox::Sandbox;

const LIMIT: Duration = Duration::from_secs(30);

/// A manager's end of the socket.
struct Manager {
    socket: UnixDatagram,
    address: String,
}

impl Manager {
    fn listen(sandbox: &Sandbox) -> Self {
        let path = sandbox.path().join("notify");
        let socket = UnixDatagram::bind(&path).expect("a socket can be made");
        socket
            .set_read_timeout(Some(Duration::from_millis(100)))
            .expect("it can time out");
        Self {
            socket,
            address: path.display().to_string(),
        }
    }

    /// Listens until a message has this line, and hands on that message's lines.
    #[track_caller]
    fn wait_for(&self, wanted: &str) -> Vec<String> {
        let began = Instant::now();
        let mut heard = Vec::new();
        while began.elapsed() < LIMIT {
            let mut buffer = [0; 4096];
            let length = match self.socket.recv(&mut buffer) {
                Ok(length) => length,
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock) => continue,
                Err(error) => panic!("the socket broke: {error}"),
            };
            let text = std::str::from_utf8(&buffer[..length]).expect("messages are text");
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if lines.iter().any(|line| line.starts_with(wanted)) {
                return lines;
            }
            heard.push(lines);
        }
        panic!("no {wanted} among {heard:?}");
    }
}

#[test]
fn a_manager_is_told_when_it_is_ready_that_it_lives_and_that_it_stops() {
    let sandbox = Sandbox::new();
    let manager = Manager::listen(&sandbox);
    let mut daemon = Daemon::start(&sandbox, AURAD, |command| {
        command
            .args(["--embedded", "--listen", "127.0.0.1:0"])
            .env("NOTIFY_SOCKET", &manager.address)
            .env("WATCHDOG_USEC", "200000")
    });
    let ready = manager.wait_for("READY=1");
    assert!(
        ready[1].starts_with("STATUS=aurad ready: polling "),
        "{ready:?}"
    );
    daemon.wait_ready();
    for _ in 0..3 {
        assert_eq!(manager.wait_for("WATCHDOG="), ["WATCHDOG=1"]);
    }
    daemon.terminate();
    let stopping = manager.wait_for("STOPPING=1");
    // The grace period of 30 s, what commands have to end in, and a margin.
    assert_eq!(stopping[1], "EXTEND_TIMEOUT_USEC=50000000", "{stopping:?}");
    assert_eq!(stopping[2], "STATUS=SIGTERM: draining", "{stopping:?}");
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(0));
}

#[test]
fn a_manager_is_told_what_it_waits_for() {
    let sandbox = Sandbox::new();
    let manager = Manager::listen(&sandbox);
    let refused = Refused::reserve();
    let _daemon = Daemon::start(&sandbox, AURAD, |command| {
        command
            .args(["--address", &refused.address()])
            .env("NOTIFY_SOCKET", &manager.address)
    });
    let waits = manager.wait_for("STATUS=");
    let wanted = format!("STATUS=waiting for a server at {}: ", refused.address());
    assert!(waits[0].starts_with(&wanted), "{waits:?}");
}

/// The units, as systemd itself reads them; where it is not installed, in CI it is missing.
#[test]
fn units_are_what_systemd_expects() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist/systemd");
    if Command::new("systemd-analyze")
        .arg("--version")
        .output()
        .is_err()
    {
        assert!(
            std::env::var_os("CI").is_none(),
            "systemd-analyze is missing"
        );
        say("SKIPPED: systemd-analyze is not installed, so the units were not verified");
        return;
    }
    for scope in ["system", "user"] {
        let unit = fs::read_to_string(folder.join(scope).join("aurad.service"))
            .expect("the unit is there");
        let sandbox = Sandbox::new();
        // Where it will be installed is not here.
        let unit: String = unit
            .lines()
            .map(|line| match line.strip_prefix("ExecStart=") {
                Some(command) => {
                    let (_, args) = command.split_once(' ').expect("it has arguments");
                    format!("ExecStart={AURAD} {args}\n")
                }
                None => format!("{line}\n"),
            })
            .collect();
        let path = sandbox.write("aurad.service", &unit);
        let output = Command::new("systemd-analyze")
            .args(["verify", "--man=no", &format!("--{scope}")])
            .arg(path)
            .env("XDG_RUNTIME_DIR", sandbox.path())
            .output()
            .expect("it can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{scope}: {said}");
        let about_ours: Vec<&str> = said.lines().filter(|line| line.contains("aurad")).collect();
        assert_eq!(about_ours, [""; 0], "{scope}");
    }
}

/// A unit that starts again what cannot start is a loop.
#[test]
fn wrong_settings_end_with_the_code_that_units_do_not_start_again() {
    let sandbox = Sandbox::new();
    let mut daemon = Daemon::start(&sandbox, AURAD, |command| command.arg("--no-such-flag"));
    assert_eq!(daemon.wait_exit(LIMIT).code(), Some(64));
    for scope in ["system", "user"] {
        let unit = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("dist/systemd")
            .join(scope)
            .join("aurad.service");
        let unit = fs::read_to_string(unit).expect("the unit is there");
        assert!(unit.contains("\nRestartPreventExitStatus=64\n"), "{scope}");
    }
}
