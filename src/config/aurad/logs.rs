//! In which form the daemon logs. It leaves out what is logged, and how a form is written.

use std::ffi::OsString;

use crate::config::env;
use crate::config::invalid::Invalid;
use crate::config::spec::{Context, Shape, Spec};
use crate::config::value;
use crate::protocol::words::words;

words! {
    /// A form of the log.
    LogFormat as "form of the log" {
        /// Lines for people.
        Text = "text",
        /// One JSON object per line.
        Json = "json",
        /// Entries of the journal, by its own protocol.
        Journald = "journald",
        /// Entries of the journal where standard error leads there, lines elsewhere.
        Auto = "auto",
    }
}

pub(super) static LOG_FORMAT: Spec<LogFormat> = Spec {
    key: "log_format",
    alias: None,
    flag: "--log-format",
    env: &[env::AURAD_LOG_FORMAT],
    shape: Shape::Text,
    parse: log_format,
    default: |_| LogFormat::Auto,
};

fn log_format(words: &[OsString], _: Context<'_>) -> Result<LogFormat, Invalid> {
    value::one_of(
        value::text(words)?,
        "; auto is journald where standard error is the journal",
        "use json for programs, text for people, or leave it out",
    )
}
