//! `aura-msg hook test`: sample events of an agent, and what each would be answered now.
//! It asks the epoch, and tells it nothing: no session is announced or ended.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::Agent;
use super::agent::{Event, Tool};
use super::event::EventArgs;
use super::rehearsal::Rehearsal;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::table;
use crate::protocol::Word;

/// One event, and its answer.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli::commands) struct Item {
    /// The event.
    event: &'static str,
    /// What the agent would say of it.
    input: Value,
    /// 0 goes on, 2 blocks.
    exit_code: u8,
    /// What the agent would be told.
    answer: String,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: EventArgs) -> Answer {
    let rehearsal = Rehearsal::new(context, &args).await?;
    let agent = rehearsal.agent;
    let mut rows = Vec::new();
    let mut list = Vec::new();
    for (event, sample) in samples(agent) {
        let (exit_code, said) = match rehearsal.reply(event, &sample).answer(agent, event) {
            Ok(report) => (0, report.text),
            Err(failure) => (failure.kind.exit_code(), failure.line()),
        };
        let what = sample["tool_input"]["command"]
            .as_str()
            .or_else(|| sample["tool_name"].as_str())
            .unwrap_or_default();
        let row = [event.word(), what, &exit_code.to_string(), &said];
        rows.push(row.map(str::to_owned).to_vec());
        list.push(Item {
            event: event.word(),
            exit_code,
            answer: said,
            input: sample,
        });
    }
    Ok(Report {
        text: table::lines(&["EVENT", "TOOL", "EXIT", "ANSWER"], rows).join("\n"),
        json: serde_json::to_string_pretty(&list).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}

/// One event of each kind, and each kind of tool, as the agent says them.
fn samples(agent: Agent) -> Vec<(Event, Value)> {
    let mut samples = Vec::new();
    for event in Event::ALL {
        let Some(name) = agent.event_name(*event) else {
            continue;
        };
        let base = json!({
            "session_id": "aura-hook-test",
            "cwd": ".",
            "hook_event_name": name,
        });
        if *event != Event::PreToolUse {
            samples.push((*event, base));
            continue;
        }
        for tool in [Tool::Edit, Tool::Shell, Tool::Ask] {
            let mut sample = base.clone();
            sample["tool_name"] = json!(agent.a_tool(tool));
            if tool == Tool::Shell {
                sample["tool_input"] = json!({ "command": "git commit -m sample" });
            }
            samples.push((*event, sample));
        }
    }
    samples
}
