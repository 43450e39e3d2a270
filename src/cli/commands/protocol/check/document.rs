//! The description that `protocol check` reads: its form, and what is wrong with one, by
//! line and path.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::entry::Entry;
use crate::cli::failure::Failure;
use crate::cli::files::Source;
use crate::cli::{input, lenient};
use crate::contract::query::{EpochState, TransitionRecord};
use crate::protocol::constraint::StateFacts;
use crate::protocol::finding::SeverityLevel;
use crate::protocol::table::{step_between, steps_from};
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, Word};

/// Bytes of a description.
const MAX: usize = 4 * 1024 * 1024;

/// A description.
#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an object with titles, dependencies, checks, state or transition"
)]
pub(in crate::cli::commands) struct Document {
    #[serde(default)]
    pub(super) titles: Vec<String>,
    #[serde(default)]
    pub(super) dependencies: Vec<Dependency>,
    #[serde(default)]
    pub(super) checks: Vec<Entry>,
    pub(super) state: Option<GivenState>,
    pub(super) transition: Option<Step>,
}

/// A task, and the one it waits for.
#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an object with parent_id and child_id"
)]
pub(super) struct Dependency {
    pub(super) parent_id: String,
    pub(super) child_id: String,
}

/// A step from the state.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with to")]
pub(super) struct Step {
    #[serde(default, deserialize_with = "lenient::some_phase")]
    from: Option<PhaseId>,
    #[serde(deserialize_with = "lenient::phase")]
    pub(super) to: PhaseId,
}

/// An epoch's state in the contract's form. A key that is none of it is a mistake here, not
/// an addition: what is misspelled would be taken for absent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with current_phase")]
pub(super) struct GivenState {
    #[serde(default)]
    epoch_id: String,
    #[serde(deserialize_with = "lenient::phase")]
    current_phase: PhaseId,
    #[serde(default)]
    completed_phases: BTreeSet<PhaseId>,
    #[serde(default)]
    review_votes: BTreeMap<ReviewAxis, VoteType>,
    #[serde(default)]
    blocker_count: u64,
    current_role: Option<String>,
    #[serde(default)]
    severity_groups: BTreeMap<SeverityLevel, BTreeSet<String>>,
    #[serde(default)]
    transition_history: Vec<TransitionRecord>,
    #[serde(default)]
    last_error: Option<String>,
}

impl GivenState {
    /// What constraints look at; the role is the phase's own where none is given.
    pub(super) fn facts(&self) -> StateFacts {
        let acts = || self.current_phase.spec().map(|spec| spec.acts.to_string());
        let role = self.current_role.clone().or_else(acts);
        EpochState {
            epoch_id: self.epoch_id.clone(),
            current_phase: self.current_phase,
            completed_phases: self.completed_phases.clone(),
            review_votes: self.review_votes.clone(),
            blocker_count: self.blocker_count,
            // Nobody acts when all is complete; the last who did keeps the role.
            current_role: role.unwrap_or_else(|| crate::protocol::RoleId::Supervisor.to_string()),
            severity_groups: self.severity_groups.clone(),
            transition_history: self.transition_history.clone(),
            last_error: self.last_error.clone(),
        }
        .into()
    }
}

impl Document {
    /// Reads a description's text.
    pub(in crate::cli::commands) fn parse(text: &str) -> Result<Self, Mistake> {
        let mut json = serde_json::Deserializer::from_str(text);
        let document: Self = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            Mistake::of_json(error.inner(), Some(path).filter(|path| path != "."))
        })?;
        json.end().map_err(|error| Mistake::of_json(&error, None))?;
        document.check()?;
        Ok(document)
    }

    /// What no part can know by itself.
    fn check(&self) -> Result<(), Mistake> {
        let is_empty = self.titles.is_empty()
            && self.dependencies.is_empty()
            && self.checks.is_empty()
            && self.state.is_none();
        match &self.transition {
            None if is_empty => Err(Mistake::at(
                None,
                "it has nothing to check; give titles, dependencies, checks or a state",
            )),
            None => Ok(()),
            Some(step) => self.check_step(step),
        }
    }

    fn check_step(&self, step: &Step) -> Result<(), Mistake> {
        let Some(state) = &self.state else {
            let why = "a step is held to the state that it starts from; give state as well";
            return Err(Mistake::at(Some("transition"), why));
        };
        let from = state.current_phase;
        if let Some(said) = step.from.filter(|said| *said != from) {
            let why = format!("it starts from {said}, and the state is in {from}");
            return Err(Mistake::at(Some("transition.from"), why));
        }
        if step_between(from, step.to).is_none() {
            let ways: Vec<&str> = steps_from(from).map(|step| step.to.word()).collect();
            let ways = if ways.is_empty() {
                "none does".to_owned()
            } else {
                format!("valid: {}", ways.join(", "))
            };
            let why = format!("no step leads from {from} to {}; {ways}", step.to);
            return Err(Mistake::at(Some("transition.to"), why));
        }
        Ok(())
    }

    /// The step that is checked, if one is: whence, whither.
    pub(super) fn step(&self) -> Option<(&GivenState, PhaseId, PhaseId)> {
        let state = self.state.as_ref()?;
        let step = self.transition.as_ref()?;
        Some((state, state.current_phase, step.to))
    }
}

/// What is wrong with a description.
#[derive(Debug)]
pub(in crate::cli::commands) struct Mistake {
    line: Option<usize>,
    path: Option<String>,
    why: String,
}

impl Mistake {
    fn at(path: Option<&str>, why: impl Into<String>) -> Self {
        Self {
            line: None,
            path: path.map(str::to_owned),
            why: why.into(),
        }
    }

    fn of_json(error: &serde_json::Error, path: Option<String>) -> Self {
        let (line, column) = (error.line(), error.column());
        let why = error.to_string();
        let place = format!(" at line {line} column {column}");
        Self {
            line: Some(line).filter(|line| *line > 0),
            path,
            why: why.strip_suffix(&place).unwrap_or(&why).to_owned(),
        }
    }
}

/// Reads a description from a file.
pub(super) async fn read(source: &Source) -> Result<Document, Failure> {
    let text = source.read(MAX, "check its parts one by one").await?;
    Document::parse(&text).map_err(|Mistake { line, path, why }| {
        let mut place = input::cut(&source.title());
        if let Some(line) = line {
            place = format!("{place}:{line}");
        }
        let what = match path {
            Some(path) => format!("{place}: {} is wrong", input::cut(&path)),
            None => format!("{place}: the description is wrong"),
        };
        let fix = "correct it; see `aura-msg protocol check --help` for the form";
        let failure = Failure::invalid("wrong_description", what, why, fix);
        Failure {
            impact: "nothing was checked".to_owned(),
            ..failure
        }
    })
}
