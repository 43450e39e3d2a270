//! An epoch for programs: the same that is drawn, with absolute times.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Place, Seen};
use crate::cli::commands::epoch::next::Told;
use crate::cli::commands::query::state::{self, Available};
use crate::cli::commands::{session, slice};
use crate::contract::query::{FindingView, MoreState};
use crate::contract::time::WireTime;
use crate::protocol::refusal::RefusalCode;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{Domain, PhaseId, RoleId, Word};

/// All that is known of an epoch. What an earlier worker does not tell is null, or an
/// empty list.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Output<'a> {
    /// Its id.
    epoch_id: &'a str,
    /// What was asked for.
    description: Option<&'a str>,
    /// How it stands: in its own word, and in the server's where that knows better.
    status: String,
    /// When it began.
    started_at: Option<WireTime>,
    /// Where it is.
    current_phase: PhaseId,
    /// The role that acts.
    current_role: RoleId,
    /// The twelve phases, in their order.
    phases: Vec<PhasePlace>,
    /// The number of the open review round.
    review_round: Option<u32>,
    /// Every axis, voted on or not.
    votes: Vec<AxisVote<'a>>,
    /// Open BLOCKERs.
    blocker_count: Option<u64>,
    /// Findings, resolved ones included.
    findings: &'a [FindingView],
    /// Declared slices.
    slices: Vec<slice::list::Item<'a>>,
    /// Sessions that have not ended.
    active_session_count: u64,
    /// The same, each.
    sessions: Vec<session::list::Item<'a>>,
    /// Tries to move on ever, refused ones included.
    transition_count: Option<u64>,
    /// Moves ever.
    successful_transition_count: Option<u64>,
    /// Violations of constraints ever.
    constraint_violations_total: Option<u64>,
    /// Why the last try to move on was refused.
    last_error: Option<&'a str>,
    /// The last refusal of any message.
    last_refusal: Option<LastRefusal<'a>>,
    /// The steps that would be accepted.
    available_transitions: Vec<Available<'a>>,
    /// What comes next.
    next: Told,
}

/// A phase, seen from the present one.
#[derive(Debug, Serialize, JsonSchema)]
struct PhasePlace {
    /// Its word.
    phase: PhaseId,
    /// Its name.
    name: &'static str,
    /// Whose concern it is.
    domain: Domain,
    /// Where it is.
    place: Place,
}

/// An axis, and its vote in the open round.
#[derive(Debug, Serialize, JsonSchema)]
struct AxisVote<'a> {
    /// The axis.
    axis: ReviewAxis,
    /// The verdict, once there is one.
    vote: Option<VoteType>,
    /// Who gave it; may be empty.
    reviewer_id: Option<&'a str>,
    /// What they said.
    comment: Option<&'a str>,
    /// When.
    at: Option<WireTime>,
}

/// A refusal, with its time and sender.
#[derive(Debug, Serialize, JsonSchema)]
struct LastRefusal<'a> {
    /// When.
    at: Option<WireTime>,
    /// Whose message it was, if it said.
    actor: Option<&'a str>,
    /// A stable word for programs.
    code: RefusalCode,
    /// What was refused.
    what: &'a str,
    /// The rule.
    why: &'a str,
    /// What that means now.
    impact: &'a str,
    /// What to do.
    fix: &'a str,
}

impl Seen<'_> {
    /// Its object.
    pub(in crate::cli::commands::epoch) fn output(&self) -> Output<'_> {
        let state = self.state;
        let more = state.more.as_ref();
        let phases = PhaseId::specs().iter().map(|spec| PhasePlace {
            phase: spec.id,
            name: spec.name,
            domain: spec.domain,
            place: Place::of(spec.id, state),
        });
        let slices = more.map_or(&[][..], |more| &more.slices);
        let sessions = more.map_or(&[][..], |more| &more.sessions).iter();
        Output {
            epoch_id: self.epoch_id,
            description: more.map(|more| more.description.as_str()),
            status: self.status(),
            started_at: more.and_then(|more| more.started_at),
            current_phase: state.current_phase,
            current_role: state.current_role,
            phases: phases.collect(),
            review_round: more.and_then(|more| more.review_round.as_ref().map(|r| r.round)),
            votes: self.votes_told(),
            blocker_count: more.map(|more| more.blocker_count),
            findings: more.map_or(&[], |more| &more.findings),
            slices: slices.iter().map(slice::list::item).collect(),
            active_session_count: state.active_session_count,
            sessions: sessions
                .map(|session| session::list::item(session, self.now))
                .collect(),
            transition_count: more.map(|more| more.transition_count),
            successful_transition_count: more.map(|more| more.successful_transition_count),
            constraint_violations_total: more.map(|more| more.constraint_violations_total),
            last_error: state.last_error.as_deref(),
            last_refusal: more.and_then(last_refusal),
            available_transitions: state::available(state),
            next: self.next().told(self.epoch_id),
        }
    }

    fn votes_told(&self) -> Vec<AxisVote<'_>> {
        let more = self.state.more.as_ref();
        let round = more.and_then(|more| more.review_round.as_ref());
        let axes = ReviewAxis::ALL.iter();
        axes.map(|axis| {
            let cast = round.and_then(|round| round.cast.get(axis));
            AxisVote {
                axis: *axis,
                vote: self.state.votes.get(axis).copied(),
                reviewer_id: cast.map(|cast| cast.reviewer_id.as_str()),
                comment: cast.and_then(|cast| cast.comment.as_deref()),
                at: cast.map(|cast| cast.at),
            }
        })
        .collect()
    }
}

fn last_refusal(more: &MoreState) -> Option<LastRefusal<'_>> {
    let refusal = more.last_refusal.as_ref()?;
    let last = more.refusals.last();
    Some(LastRefusal {
        at: last.map(|last| last.at),
        actor: last.and_then(|last| last.actor.as_deref()),
        code: refusal.code,
        what: &refusal.what,
        why: &refusal.why,
        impact: &refusal.impact,
        fix: &refusal.fix,
    })
}
