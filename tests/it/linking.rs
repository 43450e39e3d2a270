//! The list of functions that the linker lays next to each other in optimised builds
//! (`link/hot.ld`): it names what the programs have, a linker takes it, and a build whose linker
//! does not goes without. What it gains is measured by `benches/embedded.py`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::generated::repository;
use crate::programs::{AURA_MSG, AURAD};
use crate::support::output::run_limited;
use crate::support::sandbox::Sandbox;

const LIMIT: Duration = Duration::from_mins(1);

const LIST: &str = "link/hot.ld";
const RUSTC: &str = "rustc";

/// How many of a hundred lines may name nothing: what the optimiser makes of one function is
/// not in these programs, and an upgrade need not mend the list.
const STALE: usize = 5;
/// Sections of functions are called so, before the function's name.
const TEXT: &str = ".text.";

/// The beginnings of names that the list has, without those of the standard library, which
/// have a hash in their midst.
fn beginnings() -> Vec<String> {
    let script = fs::read_to_string(repository(LIST)).unwrap();
    let lines = script.lines().filter_map(|line| {
        let pattern = line.trim().strip_prefix(TEXT)?.strip_suffix('*')?;
        (!pattern.contains('*')).then(|| pattern.to_owned())
    });
    lines.collect()
}

/// What a command printed, which has to succeed.
fn printed(command: &mut Command) -> String {
    run_limited(command, "", LIMIT).unwrap().ok().stdout
}

/// The compiler, which makes a program of a file.
fn rustc(source: &Path, program: &Path) -> Command {
    let mut rustc = Command::new(RUSTC);
    rustc
        .arg(source)
        .arg("-o")
        .arg(program)
        .arg("--edition=2024");
    rustc
}

/// The names of all functions of a program.
fn functions(program: &str) -> Vec<String> {
    let listed = printed(Command::new("nm").arg(program));
    let names = listed.lines().filter_map(|line| line.split(' ').nth(2));
    names.map(str::to_owned).collect()
}

#[test]
fn the_list_of_functions_names_those_that_there_are() {
    let mut names = [AURAD, AURA_MSG].map(functions).concat();
    names.sort_unstable();
    let is_there = |beginning: &str| {
        let at = names.partition_point(|name| name.as_str() < beginning);
        names.get(at).is_some_and(|it| it.starts_with(beginning))
    };
    let listed = beginnings();
    assert!(listed.len() > 1000, "only {} lines", listed.len());
    let missing: Vec<_> = listed.iter().filter(|line| !is_there(line)).collect();
    assert!(
        missing.len() * 100 <= listed.len() * STALE,
        "{} of {} lines name nothing; `link/hot.py` makes them anew: {missing:#?}",
        missing.len(),
        listed.len(),
    );
}

#[test]
fn a_linker_takes_the_list_and_the_program_runs() {
    let sandbox = Sandbox::new();
    let [source, program] = ["main.rs", "main"].map(|name| sandbox.path().join(name));
    fs::write(&source, "fn main() { println!(\"linked\") }").unwrap();
    let script = repository(LIST);
    let script = format!("-Clink-arg=-T{}", script.display());
    printed(rustc(&source, &program).arg(script));
    assert_eq!(printed(&mut Command::new(&program)), "linked\n");
    let sections = printed(Command::new("readelf").arg("-SW").arg(&program));
    assert!(sections.contains(".text.hot"), "{sections}");
}

#[test]
fn a_build_asks_for_the_list_where_it_can_be_had() {
    let sandbox = Sandbox::new();
    let script = sandbox.path().join("build");
    printed(&mut rustc(&repository("build.rs"), &script));
    let version = printed(Command::new(RUSTC).arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.expect("the compiler says what it is on");
    let asked = |profile: &str, system: &str, linker: Option<&str>| {
        let mut build = Command::new(&script);
        build.env("CARGO_MANIFEST_DIR", repository(""));
        build.env("OUT_DIR", sandbox.path()).env("RUSTC", RUSTC);
        build.env("TARGET", host).env("CARGO_CFG_TARGET_OS", system);
        build.env("PROFILE", profile);
        build.env_remove("RUSTC_LINKER");
        build.env_remove("CARGO_ENCODED_RUSTFLAGS");
        build.envs(linker.map(|linker| ("RUSTC_LINKER", linker)));
        printed(&mut build).contains("cargo::rustc-link-arg-bins=-T")
    };
    assert!(asked("release", "linux", None));
    assert!(!asked("release", "linux", Some("no-linker")));
    assert!(!asked("release", "macos", None));
    assert!(!asked("debug", "linux", None));
}
