//! `aura-msg protocol show`: phases, steps, gates and handoffs, read from the tables that
//! the daemon runs on.

mod drawing;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::args::Common;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::{input, table};
use crate::protocol::constraint::{ConstraintId, StateFacts, check_transition};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::handoff::{ContentLevel, HANDOFFS};
use crate::protocol::phase::PhaseSpec;
use crate::protocol::state::State;
use crate::protocol::table::{Gate, TABLE, Transition, steps_from};
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{Domain, PhaseId, RoleId, UnknownWord, Word};

/// The words of `aura-msg protocol show`.
#[derive(Debug, Args)]
#[command(mut_arg("format", |arg| arg.help(
    "Form of the output: text, json, mermaid or dot; errors are text or json [default: text]"
)))]
pub struct ShowArgs {
    #[command(flatten)]
    common: Common,
}

/// A form that only this command has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Drawing {
    /// A flowchart of Mermaid.
    Mermaid,
    /// A graph of Graphviz.
    Dot,
}

/// The words, with the forms that every command has left to the common flags.
pub(in crate::cli) struct Sorted {
    pub(in crate::cli) own: Option<Drawing>,
    pub(in crate::cli) common: Common,
}

impl ShowArgs {
    /// Takes this command's own forms out of the common flag. What is drawn is text to
    /// everything that prints it.
    pub(in crate::cli) fn sorted(self) -> Result<Sorted, Failure> {
        const WORDS: [&str; 4] = ["json", "text", "mermaid", "dot"];
        let common = self.common;
        let own = match common.format.as_deref() {
            None | Some("json" | "text") => return Ok(Sorted { own: None, common }),
            Some("mermaid") => Drawing::Mermaid,
            Some("dot") => Drawing::Dot,
            Some(other) => {
                let unknown = UnknownWord::new("output format", other, &WORDS);
                return Err(input::unknown("--format", &unknown));
            }
        };
        let format = Some("text".to_owned());
        Ok(Sorted {
            own: Some(own),
            common: Common { format, ..common },
        })
    }
}

/// The rules of an epoch.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output {
    /// The version of the rules.
    rules_version: u32,
    /// The phases, in their order.
    phases: Vec<PhaseRules>,
    /// The steps between them.
    transitions: Vec<Step>,
    /// What a step may need.
    gates: Vec<GateMeaning>,
    /// Who gives work to whom.
    handoffs: Vec<Handed>,
}

/// A phase.
#[derive(Debug, Serialize, JsonSchema)]
struct PhaseRules {
    /// Its word.
    phase: PhaseId,
    /// Its number.
    number: u8,
    /// Its name.
    name: &'static str,
    /// Its name, as people write it.
    title: &'static str,
    /// Whose concern it is.
    domain: Domain,
    /// The roles that it belongs to.
    owner_roles: &'static [RoleId],
    /// The role that acts in it.
    acts: RoleId,
    /// The phases that steps lead to from it.
    next: Vec<PhaseId>,
}

/// A step between phases.
#[derive(Debug, Serialize, JsonSchema)]
struct Step {
    /// From here.
    from_phase: PhaseId,
    /// To here.
    to_phase: PhaseId,
    /// What should be true.
    condition: &'static str,
    /// What it asks of whoever takes it.
    action: Option<&'static str>,
    /// Whether it leads to an earlier phase.
    way_back: bool,
    /// What must be open.
    gates: &'static [Gate],
    /// The constraints that it is told of even where every gate of it is open.
    reminders: Vec<ConstraintId>,
}

/// A gate.
#[derive(Debug, Serialize, JsonSchema)]
struct GateMeaning {
    /// Its word.
    gate: Gate,
    /// When it is open.
    meaning: &'static str,
}

/// A handoff.
#[derive(Debug, Serialize, JsonSchema)]
struct Handed {
    /// Its id.
    id: &'static str,
    /// In this phase.
    phase: PhaseId,
    /// From this role.
    from_role: RoleId,
    /// To this one.
    to_role: RoleId,
    /// How much of the context goes with it.
    content_level: ContentLevel,
}

pub(in crate::cli) async fn run(_: &Context<'_>, drawing: Option<Drawing>) -> Answer {
    report(drawing)
}

/// What is told of the rules.
pub(in crate::cli::commands) fn report(drawing: Option<Drawing>) -> Answer {
    Ok(Report {
        text: match drawing {
            None => text(),
            Some(Drawing::Mermaid) => drawing::mermaid(),
            Some(Drawing::Dot) => drawing::dot(),
        },
        json: serde_json::to_string_pretty(&output()).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}

fn output() -> Output {
    let gates = Gate::ALL.iter().map(|gate| GateMeaning {
        gate: *gate,
        meaning: gate.meaning(),
    });
    let handoffs = HANDOFFS.iter().map(|handoff| Handed {
        id: handoff.id,
        phase: handoff.phase,
        from_role: handoff.from,
        to_role: handoff.to,
        content_level: handoff.content,
    });
    Output {
        rules_version: State::NEWEST_RULES,
        phases: PhaseId::specs().iter().map(phase).collect(),
        transitions: TABLE.iter().map(step).collect(),
        gates: gates.collect(),
        handoffs: handoffs.collect(),
    }
}

fn phase(spec: &PhaseSpec) -> PhaseRules {
    PhaseRules {
        phase: spec.id,
        number: spec.number,
        name: spec.name,
        title: spec.title,
        domain: spec.domain,
        owner_roles: spec.owners,
        acts: spec.acts,
        next: steps_from(spec.id).map(|step| step.to).collect(),
    }
}

fn step(step: &Transition) -> Step {
    Step {
        from_phase: step.from,
        to_phase: step.to,
        condition: step.condition,
        action: step.action,
        way_back: step.is_way_back(),
        gates: step.gates(),
        reminders: reminders(step),
    }
}

/// The constraints that a step is told of even where every gate of it is open.
fn reminders(step: &Transition) -> Vec<ConstraintId> {
    let accepted = ReviewAxis::ALL.iter().map(|axis| (*axis, VoteType::Accept));
    let blameless = StateFacts {
        phase: step.from,
        role: step
            .from
            .spec()
            .map_or_else(String::new, |spec| spec.acts.to_string()),
        verdicts: accepted.collect(),
        blocker_count: 0,
        severity_groups: SeverityLevel::ALL.iter().copied().collect(),
        history: Vec::new(),
        history_total: 0,
    };
    let found = check_transition(&blameless, step.from, step.to);
    found.iter().map(|violation| violation.constraint).collect()
}

fn text() -> String {
    let mut lines = vec!["Phases".to_owned()];
    let phases = PhaseId::specs().iter().map(|spec| {
        vec![
            spec.id.to_string(),
            spec.name.to_owned(),
            spec.domain.to_string(),
            spec.acts.to_string(),
            words(spec.owners),
        ]
    });
    let head = ["PHASE", "NAME", "DOMAIN", "ACTS", "OWNERS"];
    lines.extend(table::wrapped(&head, phases.collect()));
    lines.extend([String::new(), "Transitions".to_owned()]);
    let steps = TABLE.iter().map(|step| {
        vec![
            format!("{} -> {}", step.from, step.to),
            words(step.gates()),
            step.condition.to_owned(),
            step.action.unwrap_or_default().to_owned(),
        ]
    });
    let head = ["STEP", "GATES", "CONDITION", "ACTION"];
    lines.extend(table::wrapped(&head, steps.collect()));
    lines.extend([String::new(), "Gates".to_owned()]);
    let gates = Gate::ALL
        .iter()
        .map(|gate| vec![gate.to_string(), gate.meaning().to_owned()]);
    lines.extend(table::wrapped(&["GATE", "OPEN WHEN"], gates.collect()));
    lines.extend([String::new(), "Handoffs".to_owned()]);
    let handoffs = HANDOFFS.iter().map(|handoff| {
        vec![
            handoff.id.to_owned(),
            handoff.phase.to_string(),
            format!("{} -> {}", handoff.from, handoff.to),
            handoff.content.to_string(),
        ]
    });
    let head = ["ID", "PHASE", "ROLES", "CONTENT"];
    lines.extend(table::wrapped(&head, handoffs.collect()));
    lines.join("\n")
}

/// Words as a list.
fn words<T: Word>(values: &[T]) -> String {
    let words: Vec<&str> = values.iter().map(|value| value.word()).collect();
    words.join(", ")
}
