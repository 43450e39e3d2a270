//! An epoch for programs: the same that is drawn, with absolute times.

use serde_json::{Value, json};

use super::{Place, Seen};
use crate::cli::commands::finding;
use crate::cli::commands::session::list::json_of as session_json;
use crate::cli::commands::slice::list::json_of as slice_json;
use crate::protocol::vote::ReviewAxis;
use crate::protocol::{PhaseId, Word};

impl Seen<'_> {
    /// Its object.
    pub(in crate::cli::commands::epoch) fn json(&self) -> Value {
        let state = self.state;
        let more = state.more.as_ref();
        let phases: Vec<Value> = PhaseId::specs()
            .iter()
            .map(|spec| {
                json!({
                    "phase": spec.id,
                    "name": spec.name,
                    "domain": spec.domain.to_string(),
                    "place": Place::of(spec.id, state).word(),
                })
            })
            .collect();
        let list = |items: Option<Vec<Value>>| items.unwrap_or_default();
        let findings = more.map(|more| more.findings.iter().map(finding::list::json_of).collect());
        let slices = more.map(|more| more.slices.iter().map(slice_json).collect());
        let sessions = more.map(|more| {
            let sessions = more.sessions.iter();
            sessions
                .map(|session| session_json(session, self.now))
                .collect()
        });
        let available: Vec<Value> = state
            .available_transitions
            .iter()
            .map(|step| json!({ "to_phase": step.to_phase, "condition": step.condition }))
            .collect();
        json!({
            "epoch_id": self.epoch_id,
            "description": more.map(|more| more.description.as_str()),
            "status": self.status(),
            "started_at": more.and_then(|more| more.started_at),
            "current_phase": state.current_phase,
            "current_role": state.current_role,
            "phases": phases,
            "review_round": more.and_then(|more| more.review_round.as_ref().map(|r| r.round)),
            "votes": self.votes_json(),
            "blocker_count": more.map(|more| more.blocker_count),
            "findings": list(findings),
            "slices": list(slices),
            "active_session_count": state.active_session_count,
            "sessions": list(sessions),
            "transition_count": more.map(|more| more.transition_count),
            "successful_transition_count": more.map(|more| more.successful_transition_count),
            "constraint_violations_total": more.map(|more| more.constraint_violations_total),
            "last_error": state.last_error,
            "last_refusal": self.refusal_json(),
            "available_transitions": available,
            "next": self.next().json(self.epoch_id),
        })
    }

    /// Every axis, voted on or not.
    fn votes_json(&self) -> Vec<Value> {
        let more = self.state.more.as_ref();
        let round = more.and_then(|more| more.review_round.as_ref());
        let axes = ReviewAxis::ALL.iter();
        axes.map(|axis| {
            let cast = round.and_then(|round| round.cast.get(axis));
            json!({
                "axis": axis,
                "vote": self.state.votes.get(axis),
                "reviewer_id": cast.map(|cast| cast.reviewer_id.as_str()),
                "comment": cast.and_then(|cast| cast.comment.as_deref()),
                "at": cast.map(|cast| cast.at),
            })
        })
        .collect()
    }

    fn refusal_json(&self) -> Option<Value> {
        let more = self.state.more.as_ref()?;
        let refusal = more.last_refusal.as_ref()?;
        let last = more.refusals.last();
        Some(json!({
            "at": last.map(|last| last.at),
            "actor": last.and_then(|last| last.actor.as_deref()),
            "code": refusal.code,
            "what": refusal.what,
            "why": refusal.why,
            "impact": refusal.impact,
            "fix": refusal.fix,
        }))
    }
}
