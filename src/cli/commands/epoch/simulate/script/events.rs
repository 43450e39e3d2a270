//! The events of a script as they are written, and the events of the rules that they are.

use std::fmt;

use serde::Deserialize;
use toml::Spanned;

use crate::cli::commands::epoch::simulate::words::{
    AnyCase, Expected, Later, OrShort, Phase, Short,
};
use crate::protocol::PhaseId;
use crate::protocol::event::{
    Advance, Event, FindingResolved, NewFinding, SliceOrder, SlicePlan, VoteCast,
};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::slice::{ExecutionConfig, SliceMode, SliceOutcome, SliceRequest};
use crate::protocol::vote::{ReviewAxis, VoteType};

/// What happens in an event.
#[derive(Clone)]
pub(in crate::cli::commands::epoch::simulate) enum Action {
    /// Something that the rules are told.
    Event(Event),
    /// A run of a slice ends: the present one, unless it is said which.
    SliceFinished {
        slice_id: String,
        attempt: Option<u32>,
        outcome: SliceOutcome,
    },
}

impl fmt::Display for Action {
    /// In the words of the script.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SliceFinished {
                slice_id, outcome, ..
            } => {
                let how = if outcome.success {
                    "success"
                } else {
                    "failure"
                };
                write!(f, "slice_finished {slice_id} {how}")
            }
            Self::Event(Event::AdvancePhase(advance)) => write!(f, "advance {}", advance.to),
            Self::Event(Event::SubmitVote(cast)) => write!(f, "vote {} {}", cast.axis, cast.vote),
            Self::Event(Event::RecordFinding(finding)) => {
                write!(f, "finding {} {}", finding.finding_id, finding.severity)
            }
            Self::Event(Event::ResolveFinding(resolved)) => {
                write!(f, "resolve {}", resolved.finding_id)
            }
            Self::Event(Event::PlanSlices(plan)) => {
                let ids: Vec<&str> = plan
                    .slices
                    .iter()
                    .map(|slice| slice.slice_id.as_str())
                    .collect();
                write!(f, "plan {}", ids.join(", "))
            }
            Self::Event(Event::CancelSlice(order)) => write!(f, "cancel_slice {}", order.slice_id),
            Self::Event(Event::RetrySlice(order)) => write!(f, "retry_slice {}", order.slice_id),
            Self::Event(Event::WaiveSlice(order)) => write!(f, "waive_slice {}", order.slice_id),
            Self::Event(other) => f.write_str(other.name()),
        }
    }
}

/// An event with what happens in it sorted out.
pub(super) struct Sorted {
    pub(super) later: Later,
    pub(super) expect: Option<Spanned<Expected>>,
    pub(super) phase: Option<Spanned<Phase>>,
    pub(super) actor: Option<String>,
    pub(super) action: Action,
}

/// An event as it is written: some keys around it, and one of the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with what happens")]
pub(super) struct Written {
    #[serde(default)]
    at: Later,
    expect: Option<Spanned<Expected>>,
    phase: Option<Spanned<Phase>>,
    actor: Option<String>,
    advance: Option<OrShort<GivenAdvance>>,
    vote: Option<GivenVote>,
    finding: Option<GivenFinding>,
    resolve: Option<OrShort<GivenResolution>>,
    plan: Option<Vec<GivenSlice>>,
    slice_finished: Option<OrShort<GivenEnd>>,
    cancel_slice: Option<OrShort<GivenOrder>>,
    retry_slice: Option<OrShort<GivenOrder>>,
    waive_slice: Option<OrShort<GivenOrder>>,
    cancel: Option<String>,
}

/// The keys of which an event has one.
const WHAT: &str = "advance, vote, finding, resolve, plan, slice_finished, cancel_slice, \
                    retry_slice, waive_slice or cancel";

impl Written {
    /// Sorts it out; an error says what is wrong.
    pub(super) fn sorted(self) -> Result<Sorted, String> {
        let Self {
            at: later,
            expect,
            phase,
            actor,
            advance,
            vote,
            finding,
            resolve,
            plan,
            slice_finished,
            cancel_slice,
            retry_slice,
            waive_slice,
            cancel,
        } = self;
        let order = |order: Option<OrShort<GivenOrder>>, event: fn(SliceOrder) -> Event| {
            order.map(|order| Action::Event(event(order.0.into())))
        };
        let all = [
            advance.map(|advance| Action::Event(Event::AdvancePhase(advance.0.into()))),
            vote.map(|vote| Action::Event(Event::SubmitVote(vote.into()))),
            finding.map(|finding| Action::Event(Event::RecordFinding(finding.into()))),
            resolve.map(|resolved| Action::Event(Event::ResolveFinding(resolved.0.into()))),
            plan.map(|slices| {
                Action::Event(Event::PlanSlices(SlicePlan {
                    slices: slices.into_iter().map(Into::into).collect(),
                    fail_fast: None,
                }))
            }),
            slice_finished.map(|end| end.0.into()),
            order(cancel_slice, Event::CancelSlice),
            order(retry_slice, Event::RetrySlice),
            order(waive_slice, Event::WaiveSlice),
            cancel.map(|reason| Action::Event(Event::RequestCancel { reason })),
        ];
        let mut given = all.into_iter().flatten();
        let action = given
            .next()
            .ok_or_else(|| format!("the event says nothing that happens; give one of {WHAT}"))?;
        if let Some(other) = given.next() {
            return Err(format!(
                "the event has both '{action}' and '{other}'; one thing happens in each: write \
                 another [[event]]"
            ));
        }
        Ok(Sorted {
            later,
            expect,
            phase,
            actor,
            action,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a phase, or a table with to")]
struct GivenAdvance {
    to: Phase,
    #[serde(default)]
    by: String,
    #[serde(default)]
    because: String,
    #[serde(rename = "override")]
    override_reason: Option<String>,
}

impl Short for GivenAdvance {
    const FORMS: &'static str = "a phase, or a table with to";

    fn short(text: &str) -> Result<Self, String> {
        let to = PhaseId::parse_name(text).map_err(|unknown| unknown.to_string())?;
        Ok(Self {
            to: Phase(to),
            by: String::new(),
            because: String::new(),
            override_reason: None,
        })
    }
}

impl From<GivenAdvance> for Advance {
    fn from(given: GivenAdvance) -> Self {
        Self {
            to: given.to.0,
            triggered_by: given.by,
            condition_met: given.because,
            override_reason: given.override_reason,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with axis and vote")]
struct GivenVote {
    axis: AnyCase<ReviewAxis>,
    vote: AnyCase<VoteType>,
    #[serde(default)]
    by: String,
    comment: Option<String>,
    phase: Option<Phase>,
    round: Option<u32>,
}

impl From<GivenVote> for VoteCast {
    fn from(given: GivenVote) -> Self {
        Self {
            axis: given.axis.0,
            vote: given.vote.0,
            reviewer_id: given.by,
            comment: given.comment,
            phase: given.phase.map(|phase| phase.0),
            round: given.round,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with id and severity")]
struct GivenFinding {
    id: String,
    severity: AnyCase<SeverityLevel>,
    #[serde(default)]
    summary: String,
    slice: Option<String>,
    #[serde(default)]
    by: String,
}

impl From<GivenFinding> for NewFinding {
    fn from(given: GivenFinding) -> Self {
        Self {
            finding_id: given.id,
            severity: given.severity.0,
            summary: given.summary,
            slice_id: given.slice,
            reported_by: given.by,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a finding's id, or a table with id")]
struct GivenResolution {
    id: String,
    #[serde(default)]
    resolution: String,
    #[serde(default)]
    by: String,
}

impl Short for GivenResolution {
    const FORMS: &'static str = "a finding's id, or a table with id";

    fn short(text: &str) -> Result<Self, String> {
        Ok(Self {
            id: text.to_owned(),
            resolution: String::new(),
            by: String::new(),
        })
    }
}

impl From<GivenResolution> for FindingResolved {
    fn from(given: GivenResolution) -> Self {
        Self {
            finding_id: given.id,
            resolution: given.resolution,
            resolved_by: given.by,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with id")]
struct GivenSlice {
    id: String,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    leaf: Vec<String>,
}

impl From<GivenSlice> for SliceRequest {
    /// How it would be carried out does not matter: nothing is.
    fn from(given: GivenSlice) -> Self {
        Self {
            slice_id: given.id,
            dependencies: given.after,
            leaf_task_ids: given.leaf,
            config: ExecutionConfig {
                mode: SliceMode::Mock,
                command: String::new(),
                timeout_seconds: 300,
                heartbeat_interval: 30,
                runner: None,
                prompt: None,
            },
            phase_spec: String::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a slice's id, or a table with id and success"
)]
struct GivenEnd {
    id: String,
    success: bool,
    #[serde(default)]
    output: String,
    error: Option<String>,
    attempt: Option<u32>,
}

impl Short for GivenEnd {
    const FORMS: &'static str = "a slice's id, or a table with id and success";

    fn short(text: &str) -> Result<Self, String> {
        Ok(Self {
            id: text.to_owned(),
            success: true,
            output: String::new(),
            error: None,
            attempt: None,
        })
    }
}

impl From<GivenEnd> for Action {
    fn from(given: GivenEnd) -> Self {
        Self::SliceFinished {
            slice_id: given.id,
            attempt: given.attempt,
            outcome: SliceOutcome {
                success: given.success,
                error: given.error,
                ..SliceOutcome::succeeded(given.output)
            },
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a slice's id, or a table with id")]
struct GivenOrder {
    id: String,
    #[serde(default)]
    reason: String,
}

impl Short for GivenOrder {
    const FORMS: &'static str = "a slice's id, or a table with id";

    fn short(text: &str) -> Result<Self, String> {
        Ok(Self {
            id: text.to_owned(),
            reason: String::new(),
        })
    }
}

impl From<GivenOrder> for SliceOrder {
    fn from(given: GivenOrder) -> Self {
        Self {
            slice_id: given.id,
            reason: given.reason,
        }
    }
}
