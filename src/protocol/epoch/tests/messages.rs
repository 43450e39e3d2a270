//! The messages that tests send, and short forms of the effects that come back.

use super::*;

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
    cast_for(axis, vote, None, round)
}

pub(crate) fn cast_for(
    axis: ReviewAxis,
    vote: VoteType,
    phase: Option<PhaseId>,
    round: Option<u32>,
) -> Event {
    let reviewer_id = format!("{axis}-reviewer");
    Event::SubmitVote(VoteCast {
        axis,
        vote,
        reviewer_id,
        comment: None,
        phase,
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
        error,
        ..SliceOutcome::succeeded("said".to_owned())
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
