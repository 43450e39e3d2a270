//! How a script's path is printed, and what is said where it is not as expected.

use std::time::Duration;

use serde_json::{Value, json};

use super::play::{Played, PlayedStep, Unmet};
use super::script::Script;
use crate::cli::commands::Answer;
use crate::cli::failure::Failure;
use crate::cli::output::{Report, one_line};
use crate::cli::{input, table};

/// The answer, with the exit code that the expectations make.
pub(super) fn answer(title: &str, script: &Script, played: &Played) -> Answer {
    let json = json(title, script, played);
    let report = Report {
        text: text(title, script, played),
        json: serde_json::to_string_pretty(&json).map_err(Failure::internal)?,
        notices: Vec::new(),
    };
    let Some(first) = played.unmet().next() else {
        return Ok(report);
    };
    let more = match played.unmet().count() - 1 {
        0 => String::new(),
        1 => " (and one more expectation failed)".to_owned(),
        more => format!(" (and {more} more expectations failed)"),
    };
    Err(Failure::unmet(
        "expectation_failed",
        format!(
            "{}:{}: expected {}",
            input::cut(title),
            first.line,
            first.expectation()
        ),
        format!("found {}{more}", first.found),
        "correct the script, or the process that it describes",
        report,
    ))
}

fn json(title: &str, script: &Script, played: &Played) -> Value {
    let state = played.epoch.state();
    let events: Vec<Value> = played.steps.iter().map(step_json).collect();
    let unmet: Vec<Value> = played.unmet().map(unmet_json).collect();
    json!({
        "script": title,
        "description": script.description,
        "events": events,
        "end": {
            "phase": state.phase,
            "role": state.role,
            "status": state.status,
            "violations": state.violations.total(),
            "blocker_count": state.blocker_count(),
            "transitions": state.transitions.total(),
            "successful_transitions": state.successful_transitions,
        },
        "as_expected": unmet.is_empty(),
        "unmet": unmet,
    })
}

fn step_json(step: &PlayedStep) -> Value {
    let refusal = step.refusal.as_ref();
    json!({
        "number": step.number,
        "line": step.line,
        "after_ms": u64::try_from(step.after.as_millis()).unwrap_or(u64::MAX),
        "event": step.told,
        "outcome": outcome(step),
        "code": refusal.map(|refusal| refusal.code),
        "why": refusal.map(|refusal| &refusal.why),
        "phase": step.phase,
        "notes": step.notes,
        "as_expected": step.unmet.is_empty(),
    })
}

fn unmet_json(unmet: &Unmet) -> Value {
    json!({
        "line": unmet.line,
        "event": unmet.event,
        "expected": unmet.expected,
        "found": unmet.found,
    })
}

const fn outcome(step: &PlayedStep) -> &'static str {
    match step.refusal {
        None => "applied",
        Some(_) => "refused",
    }
}

fn text(title: &str, script: &Script, played: &Played) -> String {
    let mut lines = Vec::new();
    if !script.description.is_empty() {
        lines.push(one_line(&script.description));
    }
    let rows = played.steps.iter().map(|step| {
        let outcome = match &step.refusal {
            None => outcome(step).to_owned(),
            Some(refusal) => format!("refused:{}", refusal.code),
        };
        let unexpected = step.unmet.iter();
        let unexpected = unexpected.map(|unmet| format!("EXPECTED {}", unmet.expected));
        let notes: Vec<String> = unexpected.chain(step.notes.iter().cloned()).collect();
        vec![
            step.number.to_string(),
            clock(step.after),
            step.told.clone(),
            outcome,
            step.phase.to_string(),
            notes.join("; "),
        ]
    });
    let head = ["#", "TIME", "EVENT", "OUTCOME", "PHASE", "NOTES"];
    lines.extend(table::lines(&head, rows.collect()));
    let state = played.epoch.state();
    lines.push(format!(
        "End: phase {}, status {}, violations {}",
        state.phase,
        state.status,
        state.violations.total()
    ));
    let title = one_line(title);
    let unmet: Vec<String> = played
        .unmet()
        .map(|unmet| {
            let (line, found) = (unmet.line, &unmet.found);
            let expected = unmet.expectation();
            one_line(&format!(
                "{title}:{line}: expected {expected}; found {found}"
            ))
        })
        .collect();
    if unmet.is_empty() {
        lines.push("All is as expected".to_owned());
    }
    lines.extend(unmet);
    lines.join("\n")
}

/// Time since the beginning, as a clock that began at zero shows it.
fn clock(after: Duration) -> String {
    let seconds = after.as_secs();
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{hours}:{minutes:02}:{:02}", seconds % 60)
}
