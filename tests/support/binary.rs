//! Where the real Temporal server's program comes from: named by the developer,
//! or built once from its published source, as `tests/temporal/go.mod` pins it,
//! and kept in the target folder. It
//! deliberately downloads no ready-made program, and never makes a test fail on
//! a developer's machine for want of a network: it says why instead.

use std::{
    env,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    thread,
    time::Duration,
};

use super::output::run_limited;

/// Names a program to use instead of building one.
const PROGRAM_VARIABLE: &str = "AURA_TEST_TEMPORAL";

/// The module that pins its source, below the package.
const MODULE: &str = "tests/temporal";

const SOURCE: &str = "github.com/temporalio/cli/cmd/temporal";

/// A cold build of several hundred packages on two slow cores.
const BUILD_LIMIT: Duration = Duration::from_mins(30);

/// The path of a `temporal` program, or `None` after reporting that the
/// calling test is skipped: a missing server never passes in silence, and on a
/// build server not at all.
#[track_caller]
pub fn locate_or_skip() -> Option<PathBuf> {
    // Once per process: a build that fails would fail again for every test.
    static LOCATED: OnceLock<Result<PathBuf, String>> = OnceLock::new();

    let why = match LOCATED.get_or_init(locate) {
        Ok(binary) => return Some(binary.clone()),
        Err(why) => why,
    };
    let current = thread::current();
    let test = current.name().unwrap_or("a test");
    assert!(
        env::var("CI").as_deref() != Ok("true"),
        "{test} needs a real Temporal server: {why}"
    );
    say(&format!(
        "SKIPPED: {test} needs a real Temporal server: {why}"
    ));
    None
}

/// The path of a `temporal` program, or why there is none.
fn locate() -> Result<PathBuf, String> {
    if let Some(named) = env::var_os(PROGRAM_VARIABLE).filter(|value| !value.is_empty()) {
        return fs::canonicalize(&named)
            .map_err(|error| format!("{PROGRAM_VARIABLE} names {}: {error}", named.display()));
    }
    let folder = target_folder().join("temporal-server").join("bin");
    let program = folder.join("temporal");
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join(MODULE);
    if is_built(&program, &module) {
        return Ok(program);
    }
    build(&folder, &program, &module).map(|()| program)
}

/// Whether the program is there, and no older than what pins its source.
fn is_built(program: &Path, module: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified());
    let newer = |built| changed(&module.join("go.mod")).is_ok_and(|pinned| pinned <= built);
    changed(program).is_ok_and(newer)
}

/// Where Cargo builds, and keeps what tests build.
pub(super) fn target_folder() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Joining an absolute path replaces the package's, as it should.
    package.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

fn build(folder: &Path, program: &Path, module: &Path) -> Result<(), String> {
    let unusable = |error: io::Error| format!("{} can't be used: {error}", folder.display());

    // Built elsewhere and moved into place, so that the program is there as a
    // whole or not at all, and whoever finds it needs no lock.
    let staging = folder.join("building");
    fs::create_dir_all(&staging).map_err(unusable)?;
    let lock = File::create(folder.join("install.lock")).map_err(unusable)?;
    lock.lock().map_err(unusable)?;
    if is_built(program, module) {
        return Ok(());
    }
    say(&format!("building {SOURCE}, once; this takes minutes"));
    let built = staging.join("temporal");
    let mut go = Command::new("go");
    go.args(["build", "-mod=readonly", "-o"])
        .arg(&built)
        .arg(SOURCE)
        .current_dir(module);
    let output = run_limited(&mut go, "", BUILD_LIMIT)
        .map_err(|error| format!("`go`, which would build it, can't be run: {error}"))?;
    if output.timed_out || output.code != 0 {
        return Err(format!(
            "`go build {SOURCE}` in {MODULE} failed: {}",
            output.stderr.trim()
        ));
    }
    fs::rename(built, program).map_err(unusable)
}

/// Prints a line that the test runner doesn't capture: it keeps back what the
/// print macros write in a test that passes, and nobody would ever see it.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
