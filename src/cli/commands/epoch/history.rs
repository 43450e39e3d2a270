//! `aura-msg epoch history`: the story of an epoch, as far as its state remembers it. The
//! state keeps the latest of everything and the last vote of each axis; the audit trail
//! has all.

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::table;
use crate::contract::query::{
    FindingView, MoreState, QueryStateResult, RefusalView, RoundView, TransitionRecord,
};
use crate::contract::time::WireTime;
use crate::protocol::Word;
use crate::protocol::effect::EventType;
use crate::protocol::slice::SliceState;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(in crate::cli) struct Happened {
    /// When.
    at: WireTime,
    /// The kind, in the audit trail's word, or `refused`.
    #[serde(rename = "event_type")]
    kind: &'static str,
    /// What happened.
    what: String,
    /// Who did it; empty where that is not known.
    actor: String,
    /// Why, in their words or the rules'; may be empty.
    reason: String,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    let state = context.connect().await?.state(&epoch_id).await?;
    report(&state)
}

/// What is told of a state.
pub(in crate::cli::commands) fn report(state: &QueryStateResult) -> Answer {
    let story = story(state);
    Ok(Report {
        text: text(&story),
        json: serde_json::to_string_pretty(&story).map_err(Failure::internal)?,
        notices: forgotten(state).into_iter().collect(),
    })
}

/// That the state remembers only the latest, where it has forgotten some.
fn forgotten(state: &QueryStateResult) -> Option<String> {
    let more = state.more.as_ref()?;
    let gone = |total: u64, kept: usize| total.saturating_sub(kept as u64);
    let tries = gone(more.transition_count, state.transition_history.len());
    let refusals = gone(more.refusal_count, more.refusals.len());
    (tries + refusals > 0).then(|| {
        format!(
            "the state has forgotten the oldest {tries} tries to move on and {refusals} \
             refusals; the audit trail has them"
        )
    })
}

/// All that is remembered, in order of time.
fn story(state: &QueryStateResult) -> Vec<Happened> {
    let mut story = Vec::new();
    if let Some(more) = &state.more {
        story.extend(more.started_at.map(|at| Happened {
            at,
            kind: EventType::EpochStarted.word(),
            what: format!("epoch {} started", more.epoch_id),
            actor: String::new(),
            reason: more.description.clone(),
        }));
    }
    let refusals = state.more.as_ref().map_or(&[][..], |more| &more.refusals);
    let moves = state.transition_history.iter();
    story.extend(moves.map(|record| moved(record, refusals)));
    if let Some(more) = &state.more {
        story.extend(others(more, &state.transition_history));
    }
    // Stable: what happened at one moment stays in the order of its causes.
    story.sort_by_key(|happened| happened.at);
    story
}

/// A try to move on.
fn moved(record: &TransitionRecord, refusals: &[RefusalView]) -> Happened {
    let step = format!("{} → {}", record.from_phase, record.to_phase);
    let (kind, what, reason) = if record.success {
        (EventType::PhaseTransition, step, &record.condition_met)
    } else {
        let refused = format!("{step} refused");
        (EventType::AdvanceRefused, refused, &record.condition_met)
    };
    // Who sent it is known of a refusal, even where nobody was named.
    let actor = match record.triggered_by.as_str() {
        "" => refusals
            .iter()
            .find(|refusal| is_same(refusal, record))
            .and_then(|refusal| refusal.actor.clone())
            .unwrap_or_default(),
        by => by.to_owned(),
    };
    Happened {
        at: record.timestamp,
        kind: kind.word(),
        what,
        actor,
        reason: reason
            .strip_prefix("FAILED: ")
            .filter(|_| !record.success)
            .unwrap_or(reason)
            .to_owned(),
    }
}

/// Whether a refusal is that of a try to move on, which has a record of its own.
fn is_same(refusal: &RefusalView, record: &TransitionRecord) -> bool {
    let error = format!("{}: {}", refusal.refusal.what, refusal.refusal.why);
    !record.success
        && refusal.at == record.timestamp
        && record.condition_met.strip_prefix("FAILED: ") == Some(error.as_str())
}

fn others(more: &MoreState, tries: &[TransitionRecord]) -> Vec<Happened> {
    let mut story = Vec::new();
    story.extend(more.sessions.iter().map(|session| Happened {
        at: session.registered_at,
        kind: EventType::SessionRegistered.word(),
        what: match session.role {
            Some(role) => format!("session {} registered as {role}", session.session_id),
            None => format!("session {} registered", session.session_id),
        },
        actor: session.session_id.clone(),
        reason: String::new(),
    }));
    story.extend(more.review_rounds.iter().flat_map(round));
    story.extend(more.findings.iter().flat_map(finding));
    story.extend(more.slices.iter().map(|slice| {
        let (kind, reason) = match slice.state {
            SliceState::Waiting => (EventType::SliceStarted, None),
            SliceState::Running => (EventType::SliceStarted, slice.reason.clone()),
            SliceState::Failed => (EventType::SliceFinished, slice.error.clone()),
            _ => (EventType::SliceFinished, slice.reason.clone()),
        };
        let what = match slice.attempt {
            0 => format!("slice {}: {}", slice.slice_id, slice.state),
            run => format!("slice {}: {}, run {run}", slice.slice_id, slice.state),
        };
        Happened {
            at: slice.changed_at,
            kind: kind.word(),
            what,
            actor: String::new(),
            reason: reason.unwrap_or_default(),
        }
    }));
    let refusals = more.refusals.iter();
    let refusals = refusals.filter(|refusal| !tries.iter().any(|record| is_same(refusal, record)));
    story.extend(refusals.map(|refused| Happened {
        at: refused.at,
        kind: "refused",
        what: refused.refusal.what.clone(),
        actor: refused.actor.clone().unwrap_or_default(),
        reason: refused.refusal.why.clone(),
    }));
    story
}

fn round(round: &RoundView) -> Vec<Happened> {
    let name = format!("{} round {}", round.phase, round.round);
    let happened = |at, kind: EventType, what, actor: &str, reason: &str| Happened {
        at,
        kind: kind.word(),
        what,
        actor: actor.to_owned(),
        reason: reason.to_owned(),
    };
    let mut story = vec![happened(
        round.opened_at,
        EventType::ReviewOpened,
        format!("review {name} opened"),
        "",
        "",
    )];
    story.extend(round.cast.iter().map(|(axis, cast)| {
        happened(
            cast.at,
            EventType::VoteRecorded,
            format!("{} on {axis} in {name}", cast.vote),
            &cast.reviewer_id,
            cast.comment.as_deref().unwrap_or_default(),
        )
    }));
    story.extend(round.missed.iter().map(|(axis, missed)| {
        happened(
            missed.at,
            EventType::VoteMissed,
            format!("no vote on {axis} in {name}"),
            &missed.reviewer_id,
            &missed.why,
        )
    }));
    story.extend(round.closed_at.map(|at| {
        let how = round.review_closed.map_or("left", Word::word);
        happened(
            at,
            EventType::ReviewClosed,
            format!("review {name} closed"),
            "",
            how,
        )
    }));
    story
}

fn finding(found: &FindingView) -> Vec<Happened> {
    let about = found.slice_id.as_deref();
    let about = about.map(|slice| format!(" about slice {slice}"));
    let mut story = vec![Happened {
        at: found.reported_at,
        kind: EventType::FindingRecorded.word(),
        what: format!(
            "{} {} found{}",
            found.severity,
            found.finding_id,
            about.unwrap_or_default()
        ),
        actor: found.reported_by.clone(),
        reason: found.summary.clone(),
    }];
    story.extend(found.resolved_at.map(|at| Happened {
        at,
        kind: EventType::FindingResolved.word(),
        what: format!("{} {} resolved", found.severity, found.finding_id),
        actor: found.resolved_by.clone().unwrap_or_default(),
        reason: found.resolution.clone().unwrap_or_default(),
    }));
    story
}

/// Absolute times: "2h ago" tells no order.
fn text(story: &[Happened]) -> String {
    if story.is_empty() {
        return "Nothing has happened yet".to_owned();
    }
    let rows = story.iter().map(|happened| {
        let actor = match happened.actor.as_str() {
            "" => "-",
            actor => actor,
        };
        vec![
            happened.at.to_string().chars().take(19).collect(),
            happened.what.clone(),
            actor.to_owned(),
            happened.reason.clone(),
        ]
    });
    let head = ["AT (UTC)", "WHAT", "WHO", "WHY"];
    table::lines(&head, rows.collect()).join("\n")
}
