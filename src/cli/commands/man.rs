//! `aura-msg man`: the manual pages of both programs and all their commands. It reads no
//! settings.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Answer;
use crate::cli::failure::Failure;
use crate::cli::manual;
use crate::cli::output::Report;
use crate::cli::programs::Programs;
use crate::config::suggest;

/// How to read and keep them.
const AFTER_HELP: &str = "\
Examples:
  aura-msg man | man -l -
  aura-msg man epoch start | man -l -
  aura-msg man aurad | man -l -
  aura-msg man --dir ~/.local/share/man/man1";

/// The words of `aura-msg man`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ManArgs {
    /// Write all pages into this directory, over earlier ones
    #[arg(long, value_name = "DIR", conflicts_with = "page")]
    dir: Option<PathBuf>,

    /// The command whose page is printed: epoch start, or aurad [default: aura-msg]
    #[arg(value_name = "COMMAND")]
    page: Vec<String>,
}

pub(in crate::cli) fn run(args: &ManArgs, programs: Programs) -> Answer {
    let mut pages = manual::pages(programs.aura_msg()).map_err(Failure::internal)?;
    pages.extend(manual::pages(programs.aurad()).map_err(Failure::internal)?);
    let text = match &args.dir {
        Some(dir) => written(dir, &pages)?,
        None => page(&args.page, &pages)?,
    };
    Ok(Report {
        json: text.clone(),
        text,
        notices: Vec::new(),
    })
}

fn page(words: &[String], pages: &[(String, String)]) -> Result<String, Failure> {
    let words: Vec<&str> = match words.first().map(String::as_str) {
        Some("aura-msg" | "aurad") => words.iter().map(String::as_str).collect(),
        _ => ["aura-msg"]
            .into_iter()
            .chain(words.iter().map(String::as_str))
            .collect(),
    };
    let wanted = words.join("-");
    let names = || pages.iter().filter_map(|(file, _)| file.strip_suffix(".1"));
    let found = pages
        .iter()
        .find(|(file, _)| file.strip_suffix(".1") == Some(wanted.as_str()));
    found.map(|(_, text)| text.clone()).ok_or_else(|| {
        let fix = match suggest::nearest(&wanted, names()) {
            Some(name) => format!("did you mean {name}?"),
            None => "see aura-msg --help".to_owned(),
        };
        Failure::invalid(
            "usage",
            format!("there is no page '{wanted}'"),
            "each command of aura-msg and aurad has a page, and nothing else",
            fix,
        )
    })
}

/// Writes all pages.
fn written(dir: &Path, pages: &[(String, String)]) -> Result<String, Failure> {
    let unwritable = |path: &Path, error: std::io::Error| {
        Failure::invalid(
            "unwritable",
            format!("--dir: {} cannot be written", path.display()),
            error.to_string(),
            "name a directory that can be written",
        )
    };
    fs::create_dir_all(dir).map_err(|error| unwritable(dir, error))?;
    for (file, text) in pages {
        let path = dir.join(file);
        fs::write(&path, text).map_err(|error| unwritable(&path, error))?;
    }
    Ok(format!("Wrote {} pages to {}", pages.len(), dir.display()))
}
