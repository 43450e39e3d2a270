//! The rules, tested from outside: through `start`, `apply`, `state` and
//! `available_transitions` alone, and against the contract rather than the code. What
//! the contract says is written down here once more, so that a slip in either shows.

mod advances;
pub(crate) mod arbitrary;
mod bounds;
mod declarations;
mod effects;
mod endings;
mod findings;
mod gates;
mod messages;
mod model;
mod names;
mod properties;
mod refusals;
mod repeats;
mod results;
mod reviews;
mod scene;
mod scheduling;
mod sessions;
mod slice_orders;
mod votes;

use super::{Epoch, Refused, Start};
use crate::protocol::effect::{AuditEntry, Effect, EventType};
use crate::protocol::event::{
    Advance, Event, FindingResolved, Message, NewFinding, SliceOrder, SlicePlan, SliceReport,
    VoteCast,
};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::id::EpochId;
use crate::protocol::inbox::Envelope;
use crate::protocol::outcome::OutcomeRecord;
use crate::protocol::phase::PhaseId::{
    self, Complete, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12,
};
use crate::protocol::refusal::{Refusal, RefusalCode};
use crate::protocol::slice::{ExecutionConfig, SliceMode, SliceOutcome, SliceRequest, SliceState};
use crate::protocol::state::{EpochStatus, Settings, State};
use crate::protocol::time::Timestamp;
use crate::protocol::vote::{
    ReviewAxis::{self, Correctness, Elegance, TestQuality},
    VoteType::{self, Accept, Revise},
};

pub(crate) use messages::*;
pub(crate) use scene::{Answer, EPOCH, Scene, assert_only_the_refusal, assert_same, moment};

/// A row of the contract's table: from, to, condition, action.
pub(crate) type Row = (PhaseId, PhaseId, &'static str, Option<&'static str>);

/// The contract's table, §2, in its order.
pub(crate) const CONTRACT: [Row; 16] = [
    (
        P1,
        P2,
        "classification confirmed, research and explore complete",
        None,
    ),
    (P2, P3, "URD created with structured requirements", None),
    (P3, P4, "proposal created", None),
    (P4, P5, "all 3 reviewers vote ACCEPT", None),
    (
        P4,
        P3,
        "any reviewer votes REVISE",
        Some("create PROPOSAL-{N+1}, mark current aura:superseded"),
    ),
    (P5, P6, "user accepts plan", None),
    (
        P5,
        P3,
        "user requests changes",
        Some("create PROPOSAL-{N+1}"),
    ),
    (
        P6,
        P7,
        "proposal ratified, IMPL_PLAN placeholder created",
        None,
    ),
    (
        P7,
        P8,
        "handoff document stored at .git/.aura/handoff/",
        None,
    ),
    (
        P8,
        P9,
        "all slices created with leaf tasks, assigned, and dependency-chained",
        None,
    ),
    (P9, P10, "all slices complete, quality gates pass", None),
    (
        P10,
        P11,
        "all 3 reviewers ACCEPT, all BLOCKERs resolved",
        None,
    ),
    (
        P10,
        P9,
        "any reviewer votes REVISE",
        Some("fix BLOCKERs in affected slices, then re-review"),
    ),
    (P11, P12, "user accepts implementation", None),
    (
        P11,
        P9,
        "user requests changes",
        Some("create fix tasks in affected slices"),
    ),
    (
        P12,
        Complete,
        "git push succeeds, all tasks closed or dependency-resolved",
        None,
    ),
];

/// The phases in order, `complete` last.
pub(crate) const PHASES: [PhaseId; 13] =
    [P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, Complete];

/// The axes.
pub(crate) const AXES: [ReviewAxis; 3] = [Correctness, TestQuality, Elegance];

/// The targets the contract's table has for a phase, forward first.
pub(crate) fn targets(from: PhaseId) -> Vec<PhaseId> {
    CONTRACT
        .iter()
        .filter(|row| row.0 == from)
        .map(|row| row.1)
        .collect()
}
