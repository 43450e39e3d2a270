//! Pythons with what the programs of `tests/compat` and `tests/mcp` need, made once per
//! version of their requirements and kept in the target folder. It deliberately leaves the machine's own Python as it
//! is, and what the programs do to the tests.

use std::{
    env,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    thread,
    time::Duration,
};

use aura::contract::fingerprint;
use sha2::{Digest, Sha256};

use super::{
    binary::{say, target_folder},
    output::run_limited,
};

/// A cold download of some thirty packages.
const INSTALL_LIMIT: Duration = Duration::from_mins(10);

/// Says that an environment is whole.
const STAMP: &str = "whole";

/// Clients and workers of the earlier implementation.
pub static COMPAT: Programs = Programs::of("compat");
/// A client of the Model Context Protocol.
pub static MCP: Programs = Programs::of("mcp");

/// Runs a client to its end, which has to be a good one, and says how many checks it made.
#[track_caller]
pub fn count_checks(client: &mut Command, limit: Duration) -> u32 {
    // The sources' folder is no place for what Python compiles.
    client.env("PYTHONDONTWRITEBYTECODE", "1");
    let output = run_limited(client, "", limit).expect("the client can be run");
    assert!(!output.timed_out, "{output}");
    let output = output.ok();
    let checks = output
        .stdout
        .trim()
        .strip_prefix("ok: ")
        .and_then(|rest| rest.split(' ').next())
        .and_then(|count| count.parse().ok());
    checks.unwrap_or_else(|| panic!("it counts its checks: {output}"))
}

/// The programs of one folder of `tests`, which share their requirements.
pub struct Programs {
    folder: &'static str,
    // Once per process: what failed would fail again for every test.
    located: OnceLock<Result<PathBuf, String>>,
}

impl Programs {
    const fn of(folder: &'static str) -> Self {
        Self {
            folder,
            located: OnceLock::new(),
        }
    }

    /// The path of one of them.
    pub fn script(&self, name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests")
            .join(self.folder)
            .join(name)
    }

    /// The path of a `python` that can run them, or `None` after reporting that the calling
    /// test is skipped; on a build server there is no skipping.
    #[track_caller]
    pub fn locate_or_skip(&self) -> Option<PathBuf> {
        let why = match self.located.get_or_init(|| locate(self)) {
            Ok(python) => return Some(python.clone()),
            Err(why) => why,
        };
        let current = thread::current();
        let test = current.name().unwrap_or("a test");
        assert!(
            env::var("CI").as_deref() != Ok("true"),
            "{test} needs Python: {why}"
        );
        say(&format!("SKIPPED: {test} needs Python: {why}"));
        None
    }
}

fn locate(programs: &Programs) -> Result<PathBuf, String> {
    let requirements = programs.script("requirements.txt");
    let text = fs::read(&requirements)
        .map_err(|error| format!("{} can't be read: {error}", requirements.display()))?;
    let key = fingerprint::hex(&Sha256::digest(text));
    let shelf = target_folder().join(format!("{}-venv", programs.folder));
    let folder = shelf.join(key.get(..12).expect("a digest is longer"));
    let python = folder.join("bin/python");
    if folder.join(STAMP).is_file() {
        return Ok(python);
    }
    let unusable = |error: io::Error| format!("{} can't be used: {error}", shelf.display());
    fs::create_dir_all(&shelf).map_err(unusable)?;
    let lock = File::create(shelf.join("install.lock")).map_err(unusable)?;
    lock.lock().map_err(unusable)?;
    if !folder.join(STAMP).is_file() {
        install(&folder, &python, &requirements)?;
        fs::write(folder.join(STAMP), "").map_err(unusable)?;
    }
    Ok(python)
}

fn install(folder: &Path, python: &Path, requirements: &Path) -> Result<(), String> {
    let new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
    run(Command::new("python3").args(["-c", new_enough]))
        .map_err(|why| format!("Python 3.11 or newer is not there: {why}"))?;
    say("making a Python environment, once; this takes a minute");
    // What an interrupted attempt left may be anything.
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(folder))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ];
    run(Command::new(python).args(pip).arg(requirements))
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = run_limited(command, "", INSTALL_LIMIT)
        .map_err(|error| format!("{command:?} can't be run: {error}"))?;
    if output.timed_out || output.code != 0 {
        return Err(format!("{command:?} failed: {}", output.stderr.trim()));
    }
    Ok(())
}
