//! The commands of `aura-msg config`.

use std::path::PathBuf;

use super::Answer;
use crate::cli::args::Common;
use crate::cli::failure::{Failure, Kind};
use crate::cli::input;
use crate::config::aura_msg::Settings;
use crate::config::{Env, Format, Setting, Source, config_file};
use crate::protocol::words::Word;

pub(in crate::cli) mod init;
pub(in crate::cli) mod path;
pub(in crate::cli) mod show;

/// The format that a command answers in which does not read the file: the one that was
/// asked for, or else the file's if it can be had.
pub(in crate::cli) fn format(common: &Common, env: &dyn Env) -> Result<Format, Failure> {
    match &common.format {
        Some(word) => {
            Format::from_word(word).map_err(|unknown| input::unknown("--format", &unknown))
        }
        None => Ok(Settings::default_format(env)),
    }
}

/// The file that is meant, be it there or not.
fn meant(common: Common, env: &dyn Env) -> Result<(PathBuf, Source), Failure> {
    let Setting { value, source } = config_file(common.config, env)?;
    match value {
        Some(path) => Ok((path, source)),
        None => Err(Failure::new(
            Kind::Configuration,
            "configuration",
            "there is no place for the configuration file",
            "neither XDG_CONFIG_HOME nor HOME is set to an absolute path, and no file is named",
            "there is no configuration file",
            "name it with --config, or set HOME",
        )),
    }
}
