//! Everything that can happen to an epoch. An event says what was asked or reported;
//! whether it may happen is `Epoch::apply`'s to decide.

use super::finding::SeverityLevel;
use super::inbox::Envelope;
use super::limits;
use super::phase::PhaseId;
use super::review::CloseReason;
use super::session::Registration;
use super::slice::{SliceOutcome, SliceRequest};
use super::vote::{ReviewAxis, VoteType};

/// An event with what identifies its sender's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What identifies it.
    pub envelope: Envelope,
    /// What it is about.
    pub event: Event,
}

impl Message {
    /// A message that the workflow makes itself: no id, no actor.
    pub fn internal(event: Event) -> Self {
        Self {
            envelope: Envelope::default(),
            event,
        }
    }
}

/// Something that happens to an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody asks to move on.
    AdvancePhase(Advance),
    /// A reviewer votes.
    SubmitVote(VoteCast),
    /// A leaf task of a slice moved.
    ReportProgress(Progress),
    /// An agent's session announces itself.
    RegisterSession(RegisterSession),
    /// A session lives.
    HeartbeatSession(SessionNote),
    /// A session ends.
    EndSession(SessionNote),
    /// A finding.
    RecordFinding(NewFinding),
    /// A finding is dealt with.
    ResolveFinding(FindingResolved),
    /// One slice is declared.
    StartSlice(SliceRequest),
    /// A whole plan is declared, or none of it.
    PlanSlices(SlicePlan),
    /// A slice shall stop.
    CancelSlice(SliceOrder),
    /// A slice need not succeed.
    WaiveSlice(SliceOrder),
    /// A slice shall run again.
    RetrySlice(SliceOrder),
    /// A slice's workflow reports its end.
    FinishSlice(SliceReport),
    /// A review's workflow reports its end.
    FinishReview(ReviewReport),
    /// A reviewer that was asked did not vote.
    MissVote(MissedVote),
    /// A slice's workflow could not be started, or ended without a report.
    LoseSlice(SliceLost),
    /// A review's workflow could not be started, or ended without a report.
    LoseReview(ReviewLost),
    /// The server asks to cancel the epoch.
    RequestCancel {
        /// Why, if it was said.
        reason: String,
    },
    /// The children have ended, or had their time to.
    SettleCancel,
    /// A message that could not be read.
    Malformed {
        /// Which signal.
        message: String,
        /// What was wrong with it.
        why: String,
    },
}

/// A wish to move on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advance {
    /// Where to.
    pub to: PhaseId,
    /// By whom; free text.
    pub triggered_by: String,
    /// Why it may; free text, never compared with the table.
    pub condition_met: String,
    /// The reason to pass the cap on rounds.
    pub override_reason: Option<String>,
}

/// A reviewer's vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteCast {
    /// What was looked at.
    pub axis: ReviewAxis,
    /// The verdict.
    pub vote: VoteType,
    /// By whom.
    pub reviewer_id: String,
    /// With what to say.
    pub comment: Option<String>,
    /// For which review phase; `None` is the one that the epoch is in.
    pub phase: Option<PhaseId>,
    /// For which round of it; `None` is the open one.
    pub round: Option<u32>,
}

/// Progress of one leaf task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The slice; need not be declared.
    pub slice_id: String,
    /// The leaf task.
    pub leaf_task_id: String,
    /// What it is doing.
    pub stage_name: String,
    /// Whether it is done.
    pub completed: bool,
}

impl limits::Weigh for Progress {
    fn weight(&self) -> usize {
        64 + limits::texts_weight([self.slice_id.as_str(), &self.leaf_task_id, &self.stage_name])
    }
}

/// A session's announcement, its role still as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterSession(pub Registration);

/// A word about a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionNote {
    /// Which.
    pub session_id: String,
    /// Why, if it was said.
    pub reason: String,
}

/// A finding as it is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFinding {
    /// Its id, unique in the epoch.
    pub finding_id: String,
    /// How much it matters.
    pub severity: SeverityLevel,
    /// What it is.
    pub summary: String,
    /// The slice it concerns.
    pub slice_id: Option<String>,
    /// By whom.
    pub reported_by: String,
}

/// The end of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingResolved {
    /// Which.
    pub finding_id: String,
    /// What was done.
    pub resolution: String,
    /// By whom.
    pub resolved_by: String,
}

/// Several slices at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlicePlan {
    /// The slices.
    pub slices: Vec<SliceRequest>,
    /// Whether one failure stops the others; `None` leaves the epoch's setting.
    pub fail_fast: Option<bool>,
}

/// An order about one slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceOrder {
    /// Which.
    pub slice_id: String,
    /// Why.
    pub reason: String,
}

/// How a slice's run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceReport {
    /// Which.
    pub slice_id: String,
    /// Which attempt at it.
    pub attempt: u32,
    /// With what.
    pub outcome: SliceOutcome,
}

/// How a review's run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewReport {
    /// Its phase.
    pub phase: PhaseId,
    /// Its round.
    pub round: u32,
    /// Whether it ended in consensus.
    pub success: bool,
    /// Why it ended.
    pub reason: CloseReason,
}

/// A reviewer's command that ended without a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedVote {
    /// The phase under review.
    pub phase: PhaseId,
    /// Its round.
    pub round: u32,
    /// The axis that was to be judged.
    pub axis: ReviewAxis,
    /// Who was asked.
    pub reviewer_id: String,
    /// What happened instead.
    pub why: String,
}

/// A slice whose workflow is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceLost {
    /// Which.
    pub slice_id: String,
    /// Which attempt at it.
    pub attempt: u32,
    /// What happened.
    pub why: String,
}

/// A review whose workflow is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewLost {
    /// Its phase.
    pub phase: PhaseId,
    /// Its round.
    pub round: u32,
    /// What happened.
    pub why: String,
}

impl Event {
    /// What it is called in messages: the signal's name where it has one.
    pub fn name(&self) -> &str {
        match self {
            Self::AdvancePhase(_) => "advance_phase",
            Self::SubmitVote(_) => "submit_vote",
            Self::ReportProgress(_) => "slice_progress",
            Self::RegisterSession(_) => "register_session",
            Self::HeartbeatSession(_) => "session_heartbeat",
            Self::EndSession(_) => "end_session",
            Self::RecordFinding(_) => "record_finding",
            Self::ResolveFinding(_) => "resolve_finding",
            Self::StartSlice(_) => "start_slice",
            Self::PlanSlices(_) => "plan_slices",
            Self::CancelSlice(_) => "cancel_slice",
            Self::WaiveSlice(_) => "waive_slice",
            Self::RetrySlice(_) => "retry_slice",
            Self::FinishSlice(_) => "slice_finished",
            Self::FinishReview(_) => "review_finished",
            Self::MissVote(_) => "vote_missed",
            Self::LoseSlice(_) => "slice_lost",
            Self::LoseReview(_) => "review_lost",
            Self::RequestCancel { .. } => "cancel",
            Self::SettleCancel => "cancel_settled",
            Self::Malformed { message, .. } => message,
        }
    }

    /// Whether it reports what already happened outside, so that refusing it would
    /// only make the state untrue.
    pub fn is_report(&self) -> bool {
        matches!(
            self,
            Self::FinishSlice(_)
                | Self::FinishReview(_)
                | Self::LoseSlice(_)
                | Self::LoseReview(_)
                | Self::RequestCancel { .. }
                | Self::SettleCancel
        )
    }

    /// The first text over its limit: its name, its bytes, its limit.
    pub(super) fn over_long(&self) -> Option<(&'static str, usize, usize)> {
        use limits::{LONG_TEXT, TEXT};
        let mut texts: Vec<(&'static str, &str, usize)> = Vec::new();
        match self {
            Self::AdvancePhase(advance) => {
                texts.push(("triggered_by", &advance.triggered_by, TEXT));
                texts.push(("condition_met", &advance.condition_met, TEXT));
                texts.push((
                    "override",
                    advance.override_reason.as_deref().unwrap_or(""),
                    TEXT,
                ));
            }
            Self::SubmitVote(vote) => {
                texts.push(("reviewer_id", &vote.reviewer_id, TEXT));
                texts.push(("comment", vote.comment.as_deref().unwrap_or(""), LONG_TEXT));
            }
            Self::ReportProgress(progress) => {
                texts.push(("slice_id", &progress.slice_id, TEXT));
                texts.push(("leaf_task_id", &progress.leaf_task_id, TEXT));
                texts.push(("stage_name", &progress.stage_name, TEXT));
            }
            Self::RegisterSession(RegisterSession(said)) => {
                texts.push(("epoch_id", &said.epoch_id, TEXT));
                texts.push(("session_id", &said.session_id, TEXT));
                texts.push(("model_harness", &said.model_harness, TEXT));
                texts.push(("model", &said.model, TEXT));
            }
            Self::HeartbeatSession(note) | Self::EndSession(note) => {
                texts.push(("session_id", &note.session_id, TEXT));
                texts.push(("reason", &note.reason, TEXT));
            }
            Self::RecordFinding(finding) => {
                texts.push(("finding_id", &finding.finding_id, TEXT));
                texts.push(("summary", &finding.summary, TEXT));
                texts.push(("slice_id", finding.slice_id.as_deref().unwrap_or(""), TEXT));
                texts.push(("reported_by", &finding.reported_by, TEXT));
            }
            Self::ResolveFinding(resolved) => {
                texts.push(("finding_id", &resolved.finding_id, TEXT));
                texts.push(("resolution", &resolved.resolution, TEXT));
                texts.push(("resolved_by", &resolved.resolved_by, TEXT));
            }
            Self::StartSlice(request) => texts.extend(request.texts()),
            Self::PlanSlices(plan) => {
                texts.extend(plan.slices.iter().flat_map(SliceRequest::texts));
            }
            Self::CancelSlice(order) | Self::WaiveSlice(order) | Self::RetrySlice(order) => {
                texts.push(("slice_id", &order.slice_id, TEXT));
                texts.push(("reason", &order.reason, TEXT));
            }
            Self::FinishSlice(report) => {
                texts.push(("slice_id", &report.slice_id, TEXT));
                texts.push(("output", &report.outcome.output, LONG_TEXT));
                let rest = [
                    ("error", &report.outcome.error, LONG_TEXT),
                    ("code", &report.outcome.code, TEXT),
                    ("log", &report.outcome.log, TEXT),
                    ("worktree", &report.outcome.worktree, TEXT),
                    ("host", &report.outcome.host, TEXT),
                ];
                texts.extend(
                    rest.map(|(name, text, limit)| (name, text.as_deref().unwrap_or(""), limit)),
                );
            }
            Self::MissVote(missed) => {
                texts.push(("reviewer_id", &missed.reviewer_id, TEXT));
                texts.push(("why", &missed.why, LONG_TEXT));
            }
            Self::FinishReview(_)
            | Self::LoseSlice(_)
            | Self::LoseReview(_)
            | Self::RequestCancel { .. }
            | Self::SettleCancel
            | Self::Malformed { .. } => {}
        }
        texts
            .into_iter()
            .find(|(_, text, max)| text.len() > *max)
            .map(|(name, text, max)| (name, text.len(), max))
    }
}
