//! Between the rules' state and its snapshot. A snapshot that names something that
//! this release does not know cannot become a state; that is an error, not a guess.

mod slices;

use super::{Kept, RefusalSnapshot, RoundSnapshot, SessionSnapshot, StateSnapshot, VoteSnapshot};
use crate::contract::query::{ConstraintViolation, FindingView, Outcome, OutcomeStatus};
use crate::protocol::board::Board;
use crate::protocol::constraint::{ConstraintId, Violation};
use crate::protocol::event::Progress;
use crate::protocol::finding::{Finding, Resolution};
use crate::protocol::id::EpochId;
use crate::protocol::inbox::Inbox;
use crate::protocol::limits::{self, Bound, Ring, Weigh};
use crate::protocol::outcome::OutcomeRecord;
use crate::protocol::refusal::RefusalRecord;
use crate::protocol::review::{Round, RoundVote};
use crate::protocol::session::{Session, Sessions};
use crate::protocol::slice::Slice;
use crate::protocol::state::{State, TransitionRecord};
use crate::protocol::vote::{Tally, Vote};

/// Why a snapshot is no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the carried state's {field}: {why}")]
pub struct SnapshotError {
    field: &'static str,
    why: String,
}

impl SnapshotError {
    pub(super) fn new(field: &'static str, why: impl std::fmt::Display) -> Self {
        Self {
            field,
            why: why.to_string(),
        }
    }
}

impl From<&State> for StateSnapshot {
    fn from(state: &State) -> Self {
        Self {
            epoch_id: state.epoch_id.to_string(),
            description: state.description.clone(),
            rules_version: state.rules_version,
            settings: state.settings.clone().into(),
            started_at: state.started_at.into(),
            phase: state.phase,
            role: state.role,
            status: state.status,
            completed_phases: state.completed_phases.clone(),
            votes: state
                .votes
                .0
                .iter()
                .map(|(axis, vote)| (*axis, vote.into()))
                .collect(),
            has_severity_groups: state.has_severity_groups,
            findings: state.findings.values().map(Into::into).collect(),
            slices: state.slices.0.iter().map(Into::into).collect(),
            progress: kept(&state.progress, Into::into),
            sessions: Kept {
                last: state.sessions.active.iter().map(Into::into).collect(),
                total: state.sessions.total,
            },
            rounds: kept(&state.rounds, Into::into),
            rounds_opened: state.rounds_opened.clone(),
            rounds_without_consensus: state.rounds_without_consensus.clone(),
            transitions: kept(&state.transitions, Into::into),
            successful_transitions: state.successful_transitions,
            violations: kept(&state.violations, Into::into),
            refusals: kept(&state.inbox.refusals, Into::into),
            outcomes: kept(&state.inbox.outcomes, Into::into),
            last_error: state.last_error.clone(),
            audit_entries: state.audit_entries,
            last_event_type: state.last_event_type,
            cancel_reason: state.cancel_reason.clone(),
            extra: serde_json::Map::new(),
        }
    }
}

impl TryFrom<StateSnapshot> for State {
    type Error = SnapshotError;

    fn try_from(snapshot: StateSnapshot) -> Result<Self, SnapshotError> {
        let epoch_id = EpochId::parse(&snapshot.epoch_id)
            .map_err(|error| SnapshotError::new("epoch_id", error))?;
        let slices: Result<Vec<Slice>, _> =
            snapshot.slices.into_iter().map(Slice::try_from).collect();
        let violations: Result<Vec<Violation>, _> = snapshot
            .violations
            .last
            .into_iter()
            .map(Violation::try_from)
            .collect();
        Ok(Self {
            epoch_id,
            description: snapshot.description,
            rules_version: snapshot.rules_version,
            settings: snapshot.settings.into(),
            started_at: snapshot.started_at.into(),
            phase: snapshot.phase,
            role: snapshot.role,
            status: snapshot.status,
            completed_phases: snapshot.completed_phases,
            votes: Tally(
                snapshot
                    .votes
                    .into_iter()
                    .map(|(axis, vote)| (axis, vote.into()))
                    .collect(),
            ),
            has_severity_groups: snapshot.has_severity_groups,
            findings: snapshot
                .findings
                .into_iter()
                .map(|view| (view.finding_id.clone(), view.into()))
                .collect(),
            slices: Board(slices?),
            progress: ring(limits::PROGRESS, snapshot.progress, Progress::from),
            sessions: Sessions {
                active: snapshot.sessions.last.into_iter().map(Into::into).collect(),
                total: snapshot.sessions.total,
            },
            rounds: ring(limits::ROUNDS, snapshot.rounds, Round::from),
            rounds_opened: snapshot.rounds_opened,
            rounds_without_consensus: snapshot.rounds_without_consensus,
            transitions: ring(
                limits::TRANSITIONS,
                snapshot.transitions,
                TransitionRecord::from,
            ),
            successful_transitions: snapshot.successful_transitions,
            violations: Ring::restore(limits::VIOLATIONS, violations?, snapshot.violations.total),
            inbox: Inbox {
                refusals: ring(limits::REFUSALS, snapshot.refusals, RefusalRecord::from),
                outcomes: ring(limits::OUTCOMES, snapshot.outcomes, OutcomeRecord::from),
            },
            last_error: snapshot.last_error,
            audit_entries: snapshot.audit_entries,
            last_event_type: snapshot.last_event_type,
            cancel_reason: snapshot.cancel_reason,
        })
    }
}

fn kept<'a, T: Weigh + 'a, U>(ring: &'a Ring<T>, convert: impl Fn(&'a T) -> U) -> Kept<U> {
    Kept {
        last: ring.iter().map(convert).collect(),
        total: ring.total(),
    }
}

fn ring<T, U: Weigh>(bound: Bound, kept: Kept<T>, convert: impl Fn(T) -> U) -> Ring<U> {
    Ring::restore(bound, kept.last.into_iter().map(convert), kept.total)
}

impl From<&Vote> for VoteSnapshot {
    fn from(vote: &Vote) -> Self {
        let Vote {
            vote,
            reviewer_id,
            at,
        } = vote.clone();
        Self {
            vote,
            reviewer_id,
            comment: None,
            at: at.into(),
        }
    }
}

impl From<VoteSnapshot> for Vote {
    fn from(snapshot: VoteSnapshot) -> Self {
        let VoteSnapshot {
            vote,
            reviewer_id,
            comment: _,
            at,
        } = snapshot;
        Self {
            vote,
            reviewer_id,
            at: at.into(),
        }
    }
}

impl From<&RoundVote> for VoteSnapshot {
    fn from(vote: &RoundVote) -> Self {
        let RoundVote {
            vote,
            reviewer_id,
            comment,
            at,
        } = vote.clone();
        Self {
            vote,
            reviewer_id,
            comment,
            at: at.into(),
        }
    }
}

impl From<VoteSnapshot> for RoundVote {
    fn from(snapshot: VoteSnapshot) -> Self {
        let VoteSnapshot {
            vote,
            reviewer_id,
            comment,
            at,
        } = snapshot;
        Self {
            vote,
            reviewer_id,
            comment,
            at: at.into(),
        }
    }
}

impl From<FindingView> for Finding {
    fn from(view: FindingView) -> Self {
        let resolution = view.resolution.map(|text| Resolution {
            text,
            resolved_by: view.resolved_by.unwrap_or_default(),
            at: view.resolved_at.unwrap_or_default().into(),
        });
        Self {
            id: view.finding_id,
            severity: view.severity,
            summary: view.summary,
            slice_id: view.slice_id,
            reported_by: view.reported_by,
            at: view.reported_at.into(),
            resolution,
        }
    }
}

impl From<&Session> for SessionSnapshot {
    fn from(session: &Session) -> Self {
        Self {
            registration: (&session.registration).into(),
            registered_at: session.registered_at.into(),
            last_seen: session.last_seen.into(),
        }
    }
}

impl From<SessionSnapshot> for Session {
    fn from(snapshot: SessionSnapshot) -> Self {
        Self {
            registration: snapshot.registration.into(),
            registered_at: snapshot.registered_at.into(),
            last_seen: snapshot.last_seen.into(),
        }
    }
}

impl From<&Round> for RoundSnapshot {
    fn from(round: &Round) -> Self {
        Self {
            phase: round.phase,
            round: round.number,
            opened_at: round.opened_at.into(),
            votes: round
                .votes
                .iter()
                .map(|(axis, vote)| (*axis, vote.into()))
                .collect(),
            missed: round
                .missed
                .iter()
                .map(|(axis, missed)| (*axis, missed.into()))
                .collect(),
            closed_at: round.closed_at.map(Into::into),
            review_closed: round.review_closed,
            has_child: round.has_child,
        }
    }
}

impl From<RoundSnapshot> for Round {
    fn from(snapshot: RoundSnapshot) -> Self {
        Self {
            phase: snapshot.phase,
            number: snapshot.round,
            opened_at: snapshot.opened_at.into(),
            votes: snapshot
                .votes
                .into_iter()
                .map(|(axis, vote)| (axis, vote.into()))
                .collect(),
            missed: snapshot
                .missed
                .into_iter()
                .map(|(axis, missed)| (axis, missed.into()))
                .collect(),
            closed_at: snapshot.closed_at.map(Into::into),
            review_closed: snapshot.review_closed,
            has_child: snapshot.has_child,
        }
    }
}

impl TryFrom<ConstraintViolation> for Violation {
    type Error = SnapshotError;

    fn try_from(violation: ConstraintViolation) -> Result<Self, SnapshotError> {
        let ConstraintViolation {
            constraint_id,
            message,
            context,
        } = violation;
        let constraint: ConstraintId =
            constraint_id
                .parse()
                .map_err(|error: crate::protocol::UnknownWord| {
                    SnapshotError::new("violations", error)
                })?;
        Ok(Self {
            constraint,
            message,
            context,
        })
    }
}

impl From<&RefusalRecord> for RefusalSnapshot {
    fn from(record: &RefusalRecord) -> Self {
        let RefusalRecord { at, actor, refusal } = record.clone();
        Self {
            at: at.into(),
            actor,
            refusal: (&refusal).into(),
        }
    }
}

impl From<RefusalSnapshot> for RefusalRecord {
    fn from(snapshot: RefusalSnapshot) -> Self {
        let RefusalSnapshot { at, actor, refusal } = snapshot;
        Self {
            at: at.into(),
            actor,
            refusal: refusal.into(),
        }
    }
}

impl From<Outcome> for OutcomeRecord {
    fn from(outcome: Outcome) -> Self {
        let Outcome {
            request_id,
            status,
            refusal,
            note,
            phase,
            fingerprint,
        } = outcome;
        let refusal = refusal
            .map(Into::into)
            .filter(|_| status == OutcomeStatus::Refused);
        Self {
            request_id,
            fingerprint: fingerprint.unwrap_or_default(),
            refusal,
            note,
            phase,
        }
    }
}
