//! `aura-msg config path`: which file is read. It does not read it, so that it answers
//! however broken the file is.

use schemars::JsonSchema;
use serde::Serialize;

use super::Answer;
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::config::Env;

/// The file that is read.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli::commands) struct Output {
    /// Where it is.
    path: String,
    /// Whether it is there.
    exists: bool,
    /// What names it.
    origin: String,
}

pub(in crate::cli) fn run(common: Common, env: &dyn Env) -> Answer {
    let (path, source) = super::meant(common, env)?;
    let exists = path.exists();
    let output = Output {
        path: path.to_string_lossy().into_owned(),
        exists,
        origin: source.to_string(),
    };
    let notices = if exists {
        Vec::new()
    } else {
        vec!["the file does not exist; `aura-msg config init` writes one".to_owned()]
    };
    Ok(Report {
        text: path.display().to_string(),
        json: serde_json::to_string_pretty(&output).map_err(Failure::internal)?,
        notices,
    })
}
