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
mod model;
mod names;
mod properties;
mod refusals;
mod repeats;
mod reviews;
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

/// The id of the epoch in these tests.
pub(crate) const EPOCH: &str = "e1";

/// An epoch under test and the clock it is given.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) epoch: Epoch,
    ticks: i64,
    /// Every effect so far, those of refused advances included.
    pub(crate) effects: Vec<Effect>,
}

impl Scene {
    /// An epoch in p1 with the default settings.
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    /// An epoch in p1.
    pub(crate) fn with(settings: Settings) -> Self {
        Self::named(EPOCH, settings)
    }

    /// An epoch in p1 with an id of its own.
    pub(crate) fn named(id: &str, settings: Settings) -> Self {
        let start = Start {
            epoch_id: EpochId::parse(id).unwrap(),
            description: "do it".to_owned(),
            rules_version: 1,
            settings,
        };
        let (epoch, effects) = Epoch::start(moment(0), start).unwrap();
        Self {
            epoch,
            ticks: 0,
            effects,
        }
    }

    /// An epoch that went straight to `phase`, with consensus where it is needed.
    pub(crate) fn at(phase: PhaseId) -> Self {
        Self::new().moved_to(phase)
    }

    /// Goes the happy path up to `phase`.
    pub(crate) fn moved_to(mut self, phase: PhaseId) -> Self {
        while self.state().phase != phase {
            self.open_gate();
            let next = targets(self.state().phase)[0];
            self.ok(advance(next));
        }
        self
    }

    /// Lets all three accept, where that opens a gate.
    pub(crate) fn open_gate(&mut self) {
        if self.state().phase.is_review() {
            self.accept_all();
        }
    }

    pub(crate) fn accept_all(&mut self) {
        for axis in AXES {
            self.ok(vote(axis, Accept));
        }
    }

    pub(crate) fn state(&self) -> &State {
        self.epoch.state()
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        moment(self.ticks)
    }

    /// Applies a message, a second after the one before.
    pub(crate) fn send(&mut self, message: Message) -> Result<Vec<Effect>, Refused> {
        self.ticks += 1;
        let answer = self.epoch.apply(moment(self.ticks), message);
        let effects = match &answer {
            Ok(effects) => effects,
            Err(refused) => &refused.effects,
        };
        self.effects.extend(effects.iter().cloned());
        answer
    }

    /// Applies an event that must be accepted; answers with its effects.
    pub(crate) fn ok(&mut self, event: Event) -> Vec<Effect> {
        let name = event.name().to_owned();
        match self.send(Message::internal(event)) {
            Ok(effects) => effects,
            Err(refused) => panic!("{name} was refused: {}", refused.refusal),
        }
    }

    /// Applies an event that must be accepted; answers with the note its sender gets.
    pub(crate) fn note(&mut self, event: Event) -> Option<String> {
        let id = format!("note-{}", self.ticks);
        self.send(identified(&id, "", event)).unwrap();
        self.outcome(&id).unwrap().note.clone()
    }

    /// Applies an event that must be refused, and change nothing but the record of it.
    pub(crate) fn refused(&mut self, event: Event) -> Refusal {
        let before = self.state().clone();
        let sent = Message::internal(event);
        let refused = self.send(sent.clone()).expect_err(sent.event.name());
        assert_only_the_refusal(&before, self.state(), &sent, &refused);
        refused.refusal
    }

    /// What became of the message with this id.
    pub(crate) fn outcome(&self, request_id: &str) -> Option<&OutcomeRecord> {
        self.state().inbox.outcome(request_id)
    }

    /// Where the available transitions lead.
    pub(crate) fn available(&self) -> Vec<PhaseId> {
        self.epoch
            .available_transitions()
            .iter()
            .map(|step| step.to)
            .collect()
    }

    /// Where a slice is.
    pub(crate) fn slice(&self, id: &str) -> SliceState {
        self.state().slices.find(id).unwrap().state
    }

    /// Each slice and where it is, in the order of declaration.
    pub(crate) fn slices(&self) -> String {
        let shown = self
            .state()
            .slices
            .0
            .iter()
            .map(|s| format!("{}:{}", s.id, s.state));
        shown.collect::<Vec<_>>().join(" ")
    }
}

/// The moment `seconds` after the epoch of these tests began.
pub(crate) const fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_micros((1_700_000_000 + seconds) * 1_000_000 + 123_456)
}

/// Checks that a refusal left everything else as it was: the refusals and outcomes
/// record it; a refused advance that was judged also leaves a transition record,
/// violations, the last error and audit entries.
pub(crate) fn assert_only_the_refusal(
    before: &State,
    after: &State,
    sent: &Message,
    refused: &Refused,
) {
    let mut wanted = State {
        inbox: after.inbox.clone(),
        ..before.clone()
    };
    if let Event::AdvancePhase(asked) = &sent.event
        && !refused.effects.is_empty()
    {
        let record = after.transitions.last().unwrap();
        let error = format!("{}: {}", refused.refusal.what, refused.refusal.why);
        assert_eq!((record.from, record.to), (before.phase, asked.to));
        assert_eq!(record.triggered_by, asked.triggered_by);
        assert_eq!(record.condition_met, format!("FAILED: {error}"));
        assert!(!record.success);
        assert_eq!(after.transitions.total(), before.transitions.total() + 1);
        assert_eq!(after.last_error, Some(error));
        wanted.transitions = after.transitions.clone();
        wanted.violations = after.violations.clone();
        wanted.last_error.clone_from(&after.last_error);
        wanted.audit_entries += refused.effects.len() as u64;
        wanted.last_event_type = Some(EventType::AdvanceRefused);
    } else {
        assert!(refused.effects.is_empty(), "{:?}", refused.effects);
    }
    assert_eq!(*after, wanted);
}

// === Messages ===

/// A message with a request id.
pub(crate) fn identified(request_id: &str, fingerprint: &str, event: Event) -> Message {
    let request_id = Some(request_id.to_owned());
    let fingerprint = fingerprint.to_owned();
    Message {
        envelope: Envelope {
            request_id,
            fingerprint,
            actor: None,
        },
        event,
    }
}

/// A message of somebody who says who they are.
pub(crate) fn by(actor: &str, event: Event) -> Message {
    let actor = Some(actor.to_owned());
    Message {
        envelope: Envelope {
            actor,
            ..Envelope::default()
        },
        event,
    }
}

pub(crate) fn advance(to: PhaseId) -> Event {
    Event::AdvancePhase(Advance {
        to,
        triggered_by: "tester".to_owned(),
        condition_met: "it is time".to_owned(),
        override_reason: None,
    })
}

pub(crate) fn overriding(to: PhaseId, reason: &str) -> Event {
    match advance(to) {
        Event::AdvancePhase(advance) => Event::AdvancePhase(Advance {
            override_reason: Some(reason.to_owned()),
            ..advance
        }),
        other => other,
    }
}

pub(crate) fn vote(axis: ReviewAxis, vote: VoteType) -> Event {
    cast(axis, vote, None)
}

pub(crate) fn cast(axis: ReviewAxis, vote: VoteType, round: Option<u32>) -> Event {
    let reviewer_id = format!("{axis}-reviewer");
    Event::SubmitVote(VoteCast {
        axis,
        vote,
        reviewer_id,
        comment: None,
        round,
    })
}

pub(crate) fn finding(id: &str, severity: SeverityLevel) -> Event {
    Event::RecordFinding(NewFinding {
        finding_id: id.to_owned(),
        severity,
        summary: format!("{id} is wrong"),
        slice_id: None,
        reported_by: "reviewer".to_owned(),
    })
}

pub(crate) fn blocker(id: &str) -> Event {
    finding(id, SeverityLevel::Blocker)
}

pub(crate) fn resolve(id: &str) -> Event {
    Event::ResolveFinding(FindingResolved {
        finding_id: id.to_owned(),
        resolution: "fixed".to_owned(),
        resolved_by: "worker".to_owned(),
    })
}

pub(crate) fn request(id: &str, dependencies: &[&str]) -> SliceRequest {
    SliceRequest {
        slice_id: id.to_owned(),
        dependencies: dependencies.iter().map(ToString::to_string).collect(),
        leaf_task_ids: vec![format!("{id}-leaf")],
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

/// A plan, each slice as `id` or `id<dependency,dependency`.
pub(crate) fn plan(slices: &[&str]) -> Event {
    Event::PlanSlices(SlicePlan {
        slices: requests(slices),
        fail_fast: None,
    })
}

/// Requests, written as for `plan`.
pub(crate) fn requests(slices: &[&str]) -> Vec<SliceRequest> {
    let parse = |text: &&str| match text.split_once('<') {
        None => request(text, &[]),
        Some((id, dependencies)) => request(id, &dependencies.split(',').collect::<Vec<_>>()),
    };
    slices.iter().map(parse).collect()
}

fn order(id: &str) -> SliceOrder {
    SliceOrder {
        slice_id: id.to_owned(),
        reason: format!("about {id}"),
    }
}

pub(crate) fn cancel_slice(id: &str) -> Event {
    Event::CancelSlice(order(id))
}

pub(crate) fn waive(id: &str) -> Event {
    Event::WaiveSlice(order(id))
}

pub(crate) fn retry(id: &str) -> Event {
    Event::RetrySlice(order(id))
}

pub(crate) fn report(id: &str, attempt: u32, success: bool) -> Event {
    let error = (!success).then(|| "exit 1".to_owned());
    let outcome = SliceOutcome {
        success,
        output: "said".to_owned(),
        error,
    };
    Event::FinishSlice(SliceReport {
        slice_id: id.to_owned(),
        attempt,
        outcome,
    })
}

pub(crate) fn cancel() -> Event {
    Event::RequestCancel {
        reason: "enough".to_owned(),
    }
}

// === Effects ===

/// The audit entries among effects.
pub(crate) fn audits(effects: &[Effect]) -> Vec<&AuditEntry> {
    fn entry(effect: &Effect) -> Option<&AuditEntry> {
        match effect {
            Effect::Audit(entry) => Some(entry),
            _ => None,
        }
    }
    effects.iter().filter_map(entry).collect()
}

/// Effects in short: `publish`, an audit event's type, or what becomes of which child.
pub(crate) fn brief(effects: &[Effect]) -> Vec<String> {
    let line = |effect: &Effect| match effect {
        Effect::PublishAttributes => "publish".to_owned(),
        Effect::Audit(entry) => entry.event_type.to_string(),
        Effect::StartSlice { slice_id, attempt } => format!("start {slice_id} #{attempt}"),
        Effect::CancelSlice { slice_id, .. } => format!("stop {slice_id}"),
        Effect::OpenReview { phase, round } => format!("open {phase} r{round}"),
        Effect::CloseReview { phase, round } => format!("close {phase} r{round}"),
        Effect::Finish(ending) => format!("finish {ending:?}").to_lowercase(),
    };
    effects.iter().map(line).collect()
}
