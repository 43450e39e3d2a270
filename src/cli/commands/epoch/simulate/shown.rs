//! How a script's path is printed, and what is said where it is not as expected.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::play::{Played, PlayedStep};
use super::script::Script;
use crate::cli::commands::Answer;
use crate::cli::failure::Failure;
use crate::cli::output::{Report, one_line};
use crate::cli::{input, table};
use crate::protocol::refusal::RefusalCode;
use crate::protocol::state::EpochStatus;
use crate::protocol::{PhaseId, RoleId};

/// A script's path.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// The script's file.
    script: &'a str,
    /// What it says that is asked for.
    description: &'a str,
    /// Its events, in their order.
    events: Vec<EventShown<'a>>,
    /// How the epoch stands at the end.
    end: End,
    /// Whether everything is as expected.
    as_expected: bool,
    /// What is not.
    unmet: Vec<Failed<'a>>,
}

/// An event, and what became of it.
#[derive(Debug, Serialize, JsonSchema)]
struct EventShown<'a> {
    /// Its number, from 1.
    number: usize,
    /// Its line in the script.
    line: usize,
    /// Milliseconds since the epoch began.
    after_ms: u64,
    /// What it is, in the words of the script.
    event: &'a str,
    /// What became of it.
    outcome: Outcome,
    /// Why it was refused, as a stable word.
    code: Option<RefusalCode>,
    /// Why it was refused.
    why: Option<&'a str>,
    /// Where the epoch is afterwards.
    phase: PhaseId,
    /// What followed, and what its sender would be told.
    notes: &'a [String],
    /// Whether all is as expected.
    as_expected: bool,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    /// It took effect.
    Applied,
    /// It did not.
    Refused,
}

/// How the epoch stands at the end.
#[derive(Debug, Serialize, JsonSchema)]
struct End {
    /// Where it is.
    phase: PhaseId,
    /// The role that acts.
    role: RoleId,
    /// Whether it goes on.
    status: EpochStatus,
    /// Violations of constraints.
    violations: u64,
    /// Open BLOCKERs.
    blocker_count: u64,
    /// Tries to move on.
    transitions: u64,
    /// Moves.
    successful_transitions: u64,
}

/// An expectation that failed.
#[derive(Debug, Serialize, JsonSchema)]
struct Failed<'a> {
    /// Its line in the script.
    line: usize,
    /// The event that it is about; null is the end.
    event: Option<&'a str>,
    /// What should be.
    expected: &'a str,
    /// What is instead.
    found: &'a str,
}

/// The answer, with the exit code that the expectations make.
pub(super) fn answer(title: &str, script: &Script, played: &Played) -> Answer {
    let output = output(title, script, played);
    let report = Report {
        text: text(title, script, played),
        json: serde_json::to_string_pretty(&output).map_err(Failure::internal)?,
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

fn output<'a>(title: &'a str, script: &'a Script, played: &'a Played) -> Output<'a> {
    let state = played.epoch.state();
    let unmet = played.unmet().map(|unmet| Failed {
        line: unmet.line,
        event: unmet.event.as_deref(),
        expected: &unmet.expected,
        found: &unmet.found,
    });
    let unmet: Vec<Failed<'_>> = unmet.collect();
    Output {
        script: title,
        description: &script.description,
        events: played.steps.iter().map(event).collect(),
        end: End {
            phase: state.phase,
            role: state.role,
            status: state.status,
            violations: state.violations.total(),
            blocker_count: state.blocker_count(),
            transitions: state.transitions.total(),
            successful_transitions: state.successful_transitions,
        },
        as_expected: unmet.is_empty(),
        unmet,
    }
}

fn event(step: &PlayedStep) -> EventShown<'_> {
    let refusal = step.refusal.as_ref();
    EventShown {
        number: step.number,
        line: step.line,
        after_ms: u64::try_from(step.after.as_millis()).unwrap_or(u64::MAX),
        event: &step.told,
        outcome: outcome(step),
        code: refusal.map(|refusal| refusal.code),
        why: refusal.map(|refusal| refusal.why.as_str()),
        phase: step.phase,
        notes: &step.notes,
        as_expected: step.unmet.is_empty(),
    }
}

const fn outcome(step: &PlayedStep) -> Outcome {
    match step.refusal {
        None => Outcome::Applied,
        Some(_) => Outcome::Refused,
    }
}

fn text(title: &str, script: &Script, played: &Played) -> String {
    let mut lines = Vec::new();
    if !script.description.is_empty() {
        lines.push(one_line(&script.description));
    }
    let rows = played.steps.iter().map(|step| {
        let outcome = match &step.refusal {
            None => "applied".to_owned(),
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
