//! Servers that are not there, stay silent or talk nonsense: every command ends within its
//! `--timeout`, and says which server it was and what happened.

use std::io::Write;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use crate::commands::{COMMANDS, LIST};
use crate::programs::{AURA_MSG, Shell, Told, error_object};
use crate::support::daemon::Daemon;
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::output::Output;
use crate::support::sandbox::Sandbox;
use crate::support::wait::eventually;

/// What a loaded machine may add to the time that a command was given.
const GENEROUS: Duration = Duration::from_secs(10);

/// Runs every command at once, with more flags, and hands on what each did.
fn every_command(address: &str, more: &[&str], check: impl Fn(&Output) + Sync) {
    let run = |command: &'static [&'static str]| {
        check(&Shell::at(address).aura_msg(command.iter().chain(more)));
    };
    thread::scope(|scope| {
        for command in COMMANDS.into_iter().chain([LIST]) {
            scope.spawn(|| run(command));
        }
    });
}

fn assert_unreachable(output: &Output, told: &Told, address: &str, why: &str) {
    assert_eq!(output.code, 2, "{output}");
    assert!(output.elapsed < GENEROUS, "{output}");
    assert_eq!(told.category, "connection error", "{output}");
    assert_eq!(
        told.what,
        format!("cannot reach the Temporal server at {address}"),
        "{output}"
    );
    assert!(told.why.contains(why), "{output}");
    assert!(told.impact.contains("nothing was changed"), "{output}");
    assert!(told.fix.contains("--address"), "{output}");
}

fn assert_unreachable_in_json(output: &Output, address: &str, why: &str) {
    let error = error_object(output);
    assert_eq!(error["code"], "unreachable", "{output}");
    assert_eq!(error["retryable"], true, "{output}");
    assert_unreachable(output, &Told::in_json(output), address, why);
}

#[test]
fn a_server_that_is_down() {
    let refused = Refused::reserve();
    let address = refused.address();
    every_command(&address, &[], |output| {
        assert_unreachable(output, &Told::in_text(output), &address, "refused");
    });
    every_command(&address, &["--format=json"], |output| {
        assert_unreachable_in_json(output, &address, "refused");
    });
}

#[test]
fn a_server_that_accepts_and_never_answers() {
    let hole = BlackHole::open();
    let address = hole.address();
    let why = "did not answer within ";
    every_command(&address, &["--timeout=400ms"], |output| {
        assert_unreachable(output, &Told::in_text(output), &address, why);
    });
    every_command(&address, &["--timeout=400ms", "--format=json"], |output| {
        assert_unreachable_in_json(output, &address, why);
    });
    assert!(hole.visits() > 0, "nobody came");
}

#[test]
fn the_time_limit_of_the_file_is_kept() {
    let hole = BlackHole::open();
    let shell = Shell::at(&hole.address());
    let _ = shell
        .sandbox
        .write_config("[aura-msg]\ntimeout = '300ms'\n");
    let output = shell.aura_msg(["query", "state"]);
    let told = Told::in_text(&output);
    assert_unreachable(&output, &told, &hole.address(), "did not answer within ");
}

#[test]
fn something_that_is_no_temporal_server() {
    for answer in [
        &b""[..],
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        &[0; 4096],
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        // It ends with the test process.
        thread::spawn(move || {
            for mut visitor in listener.incoming().flatten() {
                let _ = visitor.write_all(answer);
            }
        });
        every_command(&address, &["--timeout=2s"], |output| {
            assert_unreachable(output, &Told::in_text(output), &address, "");
        });
    }
}

#[test]
fn a_name_that_does_not_resolve() {
    // The name is reserved for this; how long its resolver takes is each machine's affair.
    let address = "aura.invalid:7233";
    let output = Shell::at(address).aura_msg(["query", "state", "--timeout=2s"]);
    assert_unreachable(&output, &Told::in_text(&output), address, "");
}

#[test]
fn forms_of_an_address() {
    let refused = Refused::reserve();
    let (_, port) = refused
        .address()
        .split_once(':')
        .map(|(h, p)| (h.to_owned(), p.to_owned()))
        .unwrap();
    for (given, shown) in [
        (
            format!("http://127.0.0.1:{port}"),
            format!("127.0.0.1:{port}"),
        ),
        (
            format!("http://127.0.0.1:{port}/"),
            format!("127.0.0.1:{port}"),
        ),
        (format!("localhost:{port}"), format!("localhost:{port}")),
        (format!("[::1]:{port}"), format!("[::1]:{port}")),
    ] {
        let output = Shell::at(&given).aura_msg(["query", "state", "--timeout=5s"]);
        assert_unreachable(&output, &Told::in_text(&output), &shown, "");
    }
}

/// A flag that is wrong is wrong usage; a variable or file that is wrong is configuration.
#[test]
fn what_is_no_address_is_told_by_where_it_stands() {
    for (address, fault) in [
        ("here", "has no port"),
        ("ftp://h:1", "has an unknown scheme"),
        ("h:99999", "has an invalid port"),
        ("h h:1", "has an invalid host"),
        ("h:1/path", "has a path"),
    ] {
        let query = ["query", "state", "--epoch-id=e"];
        let flag = format!("--address={address}");
        let output = Shell::new()
            .aura_msg(query.into_iter().chain([flag.as_str()]))
            .code(1);
        let told = Told::in_text(&output);
        assert_eq!(told.category, "validation error", "{output}");
        assert_eq!(
            told.what,
            format!("--address '{address}' {fault}"),
            "{output}"
        );

        let output = Shell::at(address).aura_msg(query).code(4);
        let told = Told::in_text(&output);
        assert_eq!(told.category, "configuration error", "{output}");
        assert_eq!(
            told.what,
            format!("TEMPORAL_ADDRESS '{address}' {fault}"),
            "{output}"
        );

        let shell = Shell::new();
        let file = shell
            .sandbox
            .write_config(&format!("[aura-msg]\naddress = '{address}'\n"));
        let output = shell.aura_msg(query).code(4);
        let place = format!(
            "{}:2: address in [aura-msg] '{address}' {fault}",
            file.display()
        );
        assert_eq!(Told::in_text(&output).what, place, "{output}");
    }
}

#[test]
fn an_interrupt_ends_the_waiting() {
    for (format, first) in [
        ("text", "interrupted: "),
        ("json", "{\"error\":{\"code\":\"interrupted\""),
    ] {
        let hole = BlackHole::open();
        let sandbox = Sandbox::new();
        let mut waiting = Daemon::start(&sandbox, AURA_MSG, |command| {
            command
                .args([
                    "query",
                    "state",
                    "--epoch-id=e",
                    "--timeout=60s",
                    "--format",
                    format,
                ])
                .args(["--address", &hole.address()])
        });
        eventually("a connection", GENEROUS, || {
            (hole.visits() > 0).then_some(())
        });
        waiting.interrupt();
        let status = waiting.wait_exit(GENEROUS);
        assert_eq!(status.code(), Some(130), "{:?}", waiting.logs());
        let logs = waiting.logs();
        assert!(
            logs.first().is_some_and(|line| line.starts_with(first)),
            "{logs:?}"
        );
        assert_eq!(logs.len(), if format == "text" { 4 } else { 1 }, "{logs:?}");
        assert!(waiting.stdout().is_empty());
    }
}
