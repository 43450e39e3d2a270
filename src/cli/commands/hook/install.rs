//! `aura-msg hook install` and `uninstall`: our hooks in an agent's settings file, shown as
//! a difference. Installing again replaces ours and changes nothing else.

use std::path::PathBuf;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use similar::TextDiff;

use super::Agent;
use super::agent::Event;
use super::event::OnUnreachable;
use super::settings_file::SettingsFile;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output::Report;
use crate::protocol::Word;

/// What an agent gives a hook; the hook itself is done in two.
const TIMEOUT_SECONDS: u32 = 5;

#[derive(Debug, Args)]
pub struct Target {
    /// The agent: claude-code, codex or gemini
    #[arg(long, value_name = "NAME")]
    agent: String,

    /// In the settings of the current folder's project (the default)
    #[arg(long, conflicts_with = "user")]
    project: bool,

    /// In the user's settings, for all projects
    #[arg(long)]
    user: bool,

    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Install {
    #[command(flatten)]
    target: Target,

    /// Block what the protocol forbids, instead of only saying so
    #[arg(long)]
    enforce: bool,

    /// Where the epoch's state cannot be known: allow or block
    #[arg(long, value_name = "POLICY", default_value = "allow")]
    on_unreachable: String,
}

/// What became of a settings file.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli::commands) struct Output {
    /// The file.
    file: String,
    /// Whether it was changed.
    changed: bool,
    /// What was, or would be, different in it; empty where nothing is.
    diff: String,
}

pub(in crate::cli) async fn install(context: &Context<'_>, args: Install) -> Answer {
    let policy: OnUnreachable = input::word("--on-unreachable", &args.on_unreachable)?;
    let (agent, path) = args.target.place(context)?;
    let mut file = SettingsFile::open(&path)?;
    file.remove_ours();
    for event in Event::ALL {
        if let Some(name) = agent.event_name(*event) {
            file.add(name, group(agent, *event, args.enforce, policy))?;
        }
    }
    args.target.finish(&path, &file)
}

pub(in crate::cli) async fn uninstall(context: &Context<'_>, args: Target) -> Answer {
    let (_, path) = args.place(context)?;
    let mut file = SettingsFile::open(&path)?;
    file.remove_ours();
    args.finish(&path, &file)
}

impl Target {
    fn place(&self, context: &Context<'_>) -> Result<(Agent, PathBuf), Failure> {
        let agent: Agent = input::word("--agent", &self.agent)?;
        Ok((agent, agent.settings_file(self.user, context.env())?))
    }

    /// Writes the file, and says what is different in it.
    fn finish(&self, path: &std::path::Path, file: &SettingsFile) -> Answer {
        let before = file.before.as_deref().unwrap_or_default();
        let after = file.after()?.unwrap_or_default();
        let changed = before != after;
        if changed && !self.dry_run {
            file.write()?;
        }
        let name = path.display().to_string();
        let diff = TextDiff::from_lines(before, &after);
        let diff = diff.unified_diff().header(&name, &name).to_string();
        let text = match (changed, self.dry_run) {
            (false, _) => format!("{name} is as it should be"),
            (true, false) => format!("{diff}changed {name}"),
            (true, true) => format!("{diff}would change {name}"),
        };
        let output = Output {
            file: name,
            changed: changed && !self.dry_run,
            diff,
        };
        Ok(Report {
            text,
            json: serde_json::to_string_pretty(&output).map_err(Failure::internal)?,
            notices: Vec::new(),
        })
    }
}

/// One event's hook, as all three agents write it.
fn group(agent: Agent, event: Event, enforce: bool, policy: OnUnreachable) -> Value {
    let mut command = format!("aura-msg hook {event} --agent {agent}");
    if enforce {
        command.push_str(" --enforce");
    }
    if policy == OnUnreachable::Block {
        command.push_str(" --on-unreachable block");
    }
    let mut hook = json!({ "type": "command", "command": command });
    if agent == Agent::Gemini {
        hook["name"] = json!(format!("aura-{event}"));
    }
    hook["timeout"] = json!(TIMEOUT_SECONDS * agent.per_second());
    let mut group = json!({});
    if event == Event::PreToolUse {
        group["matcher"] = json!(agent.tool_pattern());
    }
    group["hooks"] = json!([hook]);
    group
}
