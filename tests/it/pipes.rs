//! Readers that go away, and disks that are full: whoever reads only the first line of an
//! answer has not made it fail, and whoever gets none has to learn of it.

use std::fs::OpenOptions;
use std::io::pipe;
use std::process::Stdio;

use crate::programs::{AURA_MSG, AURAD, Shell};

/// Runs a program that nobody listens to, and hands on its exit code and standard error.
#[track_caller]
fn unheard(program: &str, args: &[&str]) -> (Option<i32>, String) {
    let shell = Shell::new();
    let (reader, writer) = pipe().expect("a pipe can be made");
    drop(reader);
    let output = shell
        .sandbox
        .command(program)
        .args(args)
        .stdout(writer)
        .output();
    let output = output.expect("the program can be run");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn a_closed_pipe_is_no_failure() {
    for (program, args) in [
        (AURA_MSG, &[][..]),
        (AURA_MSG, &["--help"]),
        (AURA_MSG, &["--version"]),
        (AURA_MSG, &["help", "signal", "vote"]),
        (AURA_MSG, &["query"]),
        (AURAD, &["--help"]),
        (AURAD, &["--version"]),
    ] {
        assert_eq!(
            unheard(program, args),
            (Some(0), String::new()),
            "{program} {args:?}"
        );
    }
}

#[test]
fn a_failure_keeps_its_exit_code_though_nobody_reads_it() {
    for (program, args, code) in [
        (AURA_MSG, &["foo"][..], 1),
        (AURA_MSG, &["query", "state", "--format=json"], 1),
        (AURAD, &["--foo"], 64),
        (AURAD, &["--address=here"], 64),
    ] {
        let shell = Shell::new();
        let (reader, writer) = pipe().expect("a pipe can be made");
        drop(reader);
        let mut command = shell.sandbox.command(program);
        let status = command
            .args(args)
            .stdout(Stdio::null())
            .stderr(writer)
            .status();
        assert_eq!(
            status.expect("it can be run").code(),
            Some(code),
            "{program} {args:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_a_failure() {
    let shell = Shell::new();
    let full = OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it");
    let output = shell
        .sandbox
        .command(AURA_MSG)
        .arg("--help")
        .stdout(full)
        .output();
    let output = output.expect("it can be run");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(70), "{stderr}");
    assert!(stderr.starts_with("internal error: "), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
}
