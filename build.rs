//! Has the linker lay next to each other what the programs run every day (`link/hot.ld`; how
//! that list is made says `link/hot.py`).
//!
//! The kernel maps a program in pieces of 64 KB around each one that is touched. A daemon runs
//! 4 MB of its 26 MB of functions, but they lie about in all of it, so nearly all of it was
//! resident as soon as it was ready.
//!
//! That is done in optimised builds for Linux, if a trial shows that the linker takes such a
//! script. The programs are the same without it, only larger in memory.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const SCRIPT: &str = "link/hot.ld";

fn main() {
    println!("cargo::rerun-if-changed={SCRIPT}");
    if let Some(argument) = argument().filter(|argument| is_taken(argument).unwrap_or(false)) {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
}

/// The linker's argument, where it can matter.
fn argument() -> Option<String> {
    let is_set = |name, value: &str| env::var(name).is_ok_and(|set| set == value);
    if !is_set("PROFILE", "release") || !is_set("CARGO_CFG_TARGET_OS", "linux") {
        return None;
    }
    let root = env::var("CARGO_MANIFEST_DIR").ok()?;
    Some(format!("-T{root}/{SCRIPT}"))
}

/// Whether a program can be linked with it, as this build links its programs.
fn is_taken(argument: &str) -> Option<bool> {
    let folder = env::var_os("OUT_DIR")?;
    let folder = Path::new(&folder);
    let source = folder.join("trial.rs");
    fs::write(&source, "fn main() {}").ok()?;
    let mut rustc = Command::new(env::var_os("RUSTC")?);
    rustc
        .arg(&source)
        .arg("--target")
        .arg(env::var_os("TARGET")?);
    rustc.arg("--out-dir").arg(folder);
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        rustc.arg("-C").arg(format!("linker={}", linker.to_str()?));
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    rustc.arg("-C").arg(format!("link-arg={argument}"));
    Some(rustc.output().ok()?.status.success())
}
