//! Scripts of the repository, found by their first line, which names a shell: shellcheck
//! has nothing to say of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::generated::repository;
use crate::support::output::run_limited;
use crate::support::shells::is_here;

const LIMIT: Duration = Duration::from_mins(2);

/// What shellcheck reads.
const SHELLS: [&str; 4] = ["sh", "bash", "dash", "ksh"];

/// Scripts that there are at least; were fewer found, they would not be looked for well.
const FEWEST: usize = 4;

/// Every script below a folder, but for what is built and what Git keeps.
fn scripts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        let name = entry.file_name();
        if kind.is_dir() && name != "target" && name != ".git" {
            scripts(&path, found);
        } else if kind.is_file() && is_script(&fs::read(&path).unwrap()) {
            found.push(path);
        }
    }
}

/// Whether a file begins with `#!` and a shell, be it by way of `env`.
fn is_script(content: &[u8]) -> bool {
    let line = content.split(|byte| *byte == b'\n').next();
    let line = String::from_utf8_lossy(line.unwrap_or_default());
    let Some(interpreter) = line.strip_prefix("#!") else {
        return false;
    };
    let mut names = interpreter
        .split_whitespace()
        .map(|word| word.rsplit('/').next().unwrap_or_default())
        .filter(|name| *name != "env" && !name.starts_with('-'));
    names.next().is_some_and(|name| SHELLS.contains(&name))
}

#[test]
fn shellcheck_finds_nothing_in_any_script() {
    let mut found = Vec::new();
    scripts(&repository(""), &mut found);
    found.sort();
    assert!(found.len() >= FEWEST, "few scripts were found: {found:?}");
    if !is_here("shellcheck") {
        return;
    }
    let mut shellcheck = Command::new("shellcheck");
    shellcheck.arg("--norc").args(&found);
    let output = run_limited(&mut shellcheck, "", LIMIT).unwrap().ok();
    assert_eq!(output.stdout, "", "{output}");
}

#[test]
fn a_script_is_known_by_its_first_line() {
    for script in ["#!/bin/sh\n", "#!/usr/bin/env -S bash -e\n", "#! /bin/dash"] {
        assert!(is_script(script.as_bytes()), "{script}");
    }
    for other in ["", "echo\n#!/bin/sh\n", "#!/usr/bin/env python3\n", "#!\n"] {
        assert!(!is_script(other.as_bytes()), "{other}");
    }
}
