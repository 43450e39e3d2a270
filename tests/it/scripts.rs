//! The scripts of the repository, read by a strict reader.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::support::output::run_limited;
use crate::support::shells::is_here;

/// Files whose first line says that a shell runs them.
fn scripts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("it can be listed").path();
        let is_ours = !path.ends_with("target") && !path.ends_with(".git") && !path.is_symlink();
        if path.is_dir() && is_ours {
            scripts(&path, found);
        } else if path.is_file() && is_ours {
            let text = fs::read(&path).unwrap_or_default();
            let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
            if first.starts_with(b"#!") && first.ends_with(b"sh") {
                found.push(path);
            }
        }
    }
}

#[test]
fn scripts_have_no_fault_that_can_be_seen() {
    let mut found = Vec::new();
    scripts(Path::new(env!("CARGO_MANIFEST_DIR")), &mut found);
    for known in [".ci/run", "dist/container/build", "dist/container/try"] {
        let is_it = |path: &PathBuf| path.ends_with(known);
        assert!(found.iter().any(is_it), "{known} is not among {found:?}");
    }
    if !is_here("shellcheck") {
        return;
    }
    let output = run_limited(
        Command::new("shellcheck").args(&found),
        "",
        Duration::from_mins(1),
    );
    let output = output.expect("it can be run");
    assert_eq!(output.code, 0, "{output}");
}
