//! `aura-msg constraint explain`: all that is known of one constraint, with examples that
//! are checked as they are printed.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{examples, list};
use crate::cli::commands::Answer;
use crate::cli::commands::protocol::check::document::Document;
use crate::cli::commands::protocol::check::verdict::Verdict;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::protocol::constraint::{ConstraintId, Violation};

/// The words of `aura-msg constraint explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Id of the constraint, such as C-dep-direction
    #[arg(value_name = "ID")]
    id: String,
}

/// All that is known of a constraint.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    #[serde(flatten)]
    summary: list::Summary,
    /// What it takes where it is checked by its arguments.
    arguments: Vec<String>,
    /// When it is violated.
    rule: &'static str,
    /// The keys of a violation's context.
    context_keys: BTreeSet<&'a str>,
    /// Descriptions that violate it.
    examples: Vec<Shown<'a>>,
}

/// An example.
#[derive(Debug, Serialize, JsonSchema)]
struct Shown<'a> {
    /// A description, as protocol check takes it.
    description: Value,
    /// What is found in it.
    violations: Vec<Found<'a>>,
}

/// What is found in an example.
#[derive(Debug, Serialize, JsonSchema)]
struct Found<'a> {
    /// What is wrong and what to do.
    message: &'a str,
    /// The details.
    context: &'a BTreeMap<String, String>,
}

/// An example, and what it violates.
pub(super) struct Example {
    text: &'static str,
    pub(super) violations: Vec<Violation>,
}

pub(in crate::cli) async fn run(_: &Context<'_>, args: ExplainArgs) -> Answer {
    report(&args.id)
}

/// What is told of the constraint that is called so.
pub(in crate::cli::commands) fn report(name: &str) -> Answer {
    let id = examples::find(name).map_err(|why| {
        let (what, advice) = why.split_once("; ").unwrap_or((&why, ""));
        let fix = "see `aura-msg constraint list`";
        let failure = Failure::invalid("unknown_constraint", what, advice, fix);
        Failure {
            impact: "nothing is explained".to_owned(),
            ..failure
        }
    })?;
    let examples = checked_examples(id)?;
    Ok(Report {
        text: text(id, &examples),
        json: serde_json::to_string_pretty(&output(id, &examples)?).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}

/// The examples of a constraint, with what each violates of it.
pub(super) fn checked_examples(id: ConstraintId) -> Result<Vec<Example>, Failure> {
    let check = |text: &&'static str| {
        let document = Document::parse(text)
            .map_err(|mistake| Failure::internal(format!("an example of {id}: {mistake:?}")))?;
        let parts = Verdict::of(&document).0;
        let mut found: Vec<Violation> =
            parts.into_iter().flat_map(|part| part.violations).collect();
        found.retain(|violation| violation.constraint == id);
        // A step and the state before it may both say it.
        found.dedup();
        Ok(Example {
            text,
            violations: found,
        })
    };
    examples::of(id).iter().map(check).collect()
}

/// The keys that violations of the examples have.
fn context_keys(examples: &[Example]) -> BTreeSet<&str> {
    let found = examples.iter().flat_map(|example| &example.violations);
    found
        .flat_map(|violation| violation.context.keys().map(String::as_str))
        .collect()
}

fn output(id: ConstraintId, examples: &[Example]) -> Result<Output<'_>, Failure> {
    let shown = examples.iter().map(|example| {
        let violations = example.violations.iter().map(|found| Found {
            message: &found.message,
            context: &found.context,
        });
        Ok(Shown {
            description: serde_json::from_str(example.text)?,
            violations: violations.collect(),
        })
    });
    let shown: Result<Vec<Shown<'_>>, serde_json::Error> = shown.collect();
    Ok(Output {
        summary: list::summary(id),
        arguments: examples::arguments(id),
        rule: id.how(),
        context_keys: context_keys(examples),
        examples: shown.map_err(Failure::internal)?,
    })
}

fn text(id: ConstraintId, examples: &[Example]) -> String {
    let mut lines = vec![
        id.to_string(),
        format!("  {}", id.meaning()),
        String::new(),
        format!("Checked by:   {}", list::checked(id)),
        format!("Effect:       {}", list::effect(id)),
    ];
    let arguments = examples::arguments(id);
    if !arguments.is_empty() {
        lines.push(format!("Arguments:    {}", arguments.join(", ")));
    }
    lines.push(format!("Violated by:  {}", id.how()));
    let keys: Vec<&str> = context_keys(examples).into_iter().collect();
    if !keys.is_empty() {
        lines.push(format!("Context keys: {}", keys.join(", ")));
    }
    for example in examples {
        lines.extend([
            String::new(),
            "Example for protocol check:".to_owned(),
            format!("  {}", example.text),
            "finds:".to_owned(),
        ]);
        let found = example.violations.iter();
        lines.extend(found.map(|violation| format!("  {}", violation.message)));
    }
    lines.join("\n")
}
