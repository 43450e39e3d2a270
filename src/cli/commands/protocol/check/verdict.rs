//! What a description violates, and what it was held to: no violation means little if
//! nothing was looked at.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::document::Document;
use super::entry::{self, Entry};
use crate::cli::commands::Answer;
use crate::cli::commands::constraint::examples;
use crate::cli::failure::Failure;
use crate::cli::output::{Report, one_line};
use crate::protocol::constraint::{
    ConstraintId, Violation, check_naming, check_state, check_transition,
};

/// One part of a description: what it was held to, and what it violates.
pub(in crate::cli::commands) struct Part {
    at: String,
    constraints: Vec<ConstraintId>,
    pub(in crate::cli::commands) violations: Vec<Violation>,
}

/// All parts, in the order of the description's form.
pub(in crate::cli::commands) struct Verdict(pub(in crate::cli::commands) Vec<Part>);

/// What a description violates, and what it was held to.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// The description's file.
    file: &'a str,
    /// What was looked at.
    checked: Vec<Checked<'a>>,
    /// How much was found.
    violation_count: usize,
    /// What was found.
    violations: Vec<Found<'a>>,
}

/// A part of the description.
#[derive(Debug, Serialize, JsonSchema)]
struct Checked<'a> {
    /// Where it is in the description.
    at: &'a str,
    /// What it was held to.
    constraints: &'a [ConstraintId],
}

/// A violation.
#[derive(Debug, Serialize, JsonSchema)]
struct Found<'a> {
    /// The part that it is in.
    at: &'a str,
    /// Of this constraint.
    constraint_id: ConstraintId,
    /// What is wrong and what to do.
    message: &'a str,
    /// The details.
    context: &'a BTreeMap<String, String>,
}

impl Verdict {
    /// Checks everything.
    pub(in crate::cli::commands) fn of(document: &Document) -> Self {
        let mut parts = Vec::new();
        if !document.titles.is_empty() {
            parts.push(Part {
                at: "titles".to_owned(),
                constraints: entry::of_naming(),
                violations: check_naming(&document.titles),
            });
        }
        for (index, dependency) in document.dependencies.iter().enumerate() {
            let entry = Entry::dependency(&dependency.parent_id, &dependency.child_id);
            parts.push(Part::of_entry(format!("dependencies[{index}]"), &entry));
        }
        for (index, entry) in document.checks.iter().enumerate() {
            parts.push(Part::of_entry(format!("checks[{index}]"), entry));
        }
        if let Some(state) = &document.state {
            parts.push(Part {
                at: examples::STATE.to_owned(),
                constraints: examples::looking_at(examples::STATE),
                violations: check_state(&state.facts()),
            });
        }
        if let Some((state, from, to)) = document.step() {
            parts.push(Part {
                at: examples::TRANSITION.to_owned(),
                constraints: examples::looking_at(examples::TRANSITION),
                violations: check_transition(&state.facts(), from, to),
            });
        }
        Self(parts)
    }

    fn violations(&self) -> impl Iterator<Item = (&Part, &Violation)> {
        let parts = self.0.iter();
        parts.flat_map(|part| part.violations.iter().map(move |found| (part, found)))
    }

    /// What is printed, and the exit code.
    pub(super) fn answer(&self, title: &str) -> Answer {
        let report = Report {
            text: self.text(title),
            json: serde_json::to_string_pretty(&self.output(title)).map_err(Failure::internal)?,
            notices: Vec::new(),
        };
        let Some((part, first)) = self.violations().next() else {
            return Ok(report);
        };
        let count = self.violations().count();
        let more = match count - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        Err(Failure::unmet(
            "constraints_violated",
            format!("{title}: {}", counted(count, "violation")),
            format!("{}: {}: {}{more}", part.at, first.constraint, first.message),
            format!(
                "do what each message says; `aura-msg constraint explain {}` tells the rule",
                first.constraint
            ),
            report,
        ))
    }

    fn output<'a>(&'a self, title: &'a str) -> Output<'a> {
        let checked = self.0.iter().map(|part| Checked {
            at: &part.at,
            constraints: &part.constraints,
        });
        let violations = self.violations().map(|(part, found)| Found {
            at: &part.at,
            constraint_id: found.constraint,
            message: &found.message,
            context: &found.context,
        });
        let violations: Vec<Found<'_>> = violations.collect();
        Output {
            file: title,
            checked: checked.collect(),
            violation_count: violations.len(),
            violations,
        }
    }

    fn text(&self, title: &str) -> String {
        let title = one_line(title);
        let held: usize = self.0.iter().map(|part| part.constraints.len()).sum();
        let held = format!(
            "{} held to {}",
            counted(self.0.len(), "part"),
            counted(held, "constraint")
        );
        let count = self.violations().count();
        if count == 0 {
            return format!("{title}: no violations ({held})");
        }
        let mut lines = vec![format!("{title}: {} ({held})", counted(count, "violation"))];
        for (part, found) in self.violations() {
            let line = format!("{}: {}: {}", part.at, found.constraint, found.message);
            lines.push(one_line(&line));
            let context = found.context.iter();
            let shown = context.map(|(key, value)| format!("  {key}: {}", one_line(value)));
            lines.extend(shown.map(|line| line.trim_end().to_owned()));
        }
        lines.join("\n")
    }
}

impl Part {
    fn of_entry(at: String, entry: &Entry) -> Self {
        Self {
            at,
            constraints: entry.constraints(),
            violations: entry.violations(),
        }
    }
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}
