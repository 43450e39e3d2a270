//! `aura-msg config show`: every setting of both programs, with its value and where that
//! comes from. Secrets are not among what it is given.

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::output::{Report, listed};
use crate::config::{Layer, aurad};

/// What it cannot know.
const AFTER_HELP: &str = "\
The daemon's settings are those that an aurad would have which is started here, in this
environment and without flags; aurad --verbose prints those of a running one.

Examples:
  aura-msg config show --origin
  aura-msg config show --format jsonl";

/// The words of `aura-msg config show`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ShowArgs {
    /// Say where each value comes from; JSON always does
    #[arg(long)]
    origin: bool,
}

/// Every setting.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli::commands) struct Output {
    /// Those of `aura-msg` first.
    settings: Vec<Item>,
}

/// A setting.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Setting")]
pub(in crate::cli::commands) struct Item {
    /// Its section and its key.
    name: String,
    /// What it is; `(set)` for a secret.
    value: String,
    /// Where that comes from.
    origin: String,
}

pub(in crate::cli) async fn run(context: &Context<'_>, own: ShowArgs) -> Answer {
    let client = &context.settings;
    let flags = aurad::Flags {
        config: client
            .config
            .value
            .clone()
            .filter(|_| client.config.source.layer() == Layer::Flag),
        ..aurad::Flags::default()
    };
    let daemon = aurad::Settings::resolve(flags, context.env())?;
    let rows = client
        .describe()
        .into_iter()
        .map(|(name, value, origin)| match name.as_str() {
            // Both programs have it in common.
            "config" => (name, value, origin),
            _ => (format!("aura-msg.{name}"), value, origin),
        })
        .chain(daemon.describe().into_iter().filter_map(named));
    let (mut lines, mut settings) = (Vec::new(), Vec::new());
    for (name, value, origin) in rows {
        lines.push(if own.origin {
            format!("{name} = {value} ({origin})")
        } else {
            format!("{name} = {value}")
        });
        settings.push(Item {
            name,
            value,
            origin,
        });
    }
    let whole = Output { settings };
    Ok(Report {
        text: lines.join("\n"),
        json: listed(client.format.value, &whole, "settings")?,
        notices: daemon.notices,
    })
}

/// A setting of the daemon with the section that it belongs to.
fn named((name, value, origin): (String, String, String)) -> Option<(String, String, String)> {
    if name == "config" {
        return None;
    }
    let has_section = name.starts_with("review.") || name.starts_with("runner.");
    let name = if has_section {
        name
    } else {
        format!("aurad.{name}")
    };
    Some((name, value, origin))
}
