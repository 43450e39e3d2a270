//! Moving on: the table, the gates, and what a step changes.

use super::super::constraint::check_transition;
use super::super::effect::{Effect, Ending, EventType, Fields};
use super::super::event::Advance;
use super::super::phase::PhaseId;
use super::super::refusal::{Refusal, RefusalCode};
use super::super::slice::{Slice, SliceState};
use super::super::state::{EpochStatus, State, TransitionRecord};
use super::super::table::{Gate, Transition, step_between, steps_from};
use super::super::words::Word;
use super::turn::Turn;

/// Names a refusal lists before it says "and n more".
const NAMED: usize = 10;

/// A closed gate.
struct Closed {
    code: RefusalCode,
    why: String,
    fix: String,
}

/// The steps that would be accepted now, the way forward first.
pub(super) fn available(state: &State) -> Vec<&'static Transition> {
    if state.status != EpochStatus::Running {
        return Vec::new();
    }
    let revise = state.phase.is_review() && state.votes.has_revise();
    steps_from(state.phase)
        .filter(|step| step.is_way_back() || !revise)
        .filter(|step| gates(state, step, None).is_empty())
        .collect()
}

/// The closed gates of a step, in the contract's order.
fn gates(state: &State, step: &Transition, override_reason: Option<&str>) -> Vec<Closed> {
    let closed = step.gates().iter().filter_map(|gate| match gate {
        Gate::Consensus => consensus_gate(state),
        Gate::Blockers => blocker_gate(state),
        Gate::Slices => slice_gate(state),
        Gate::Rounds if override_reason.is_some() => None,
        Gate::Rounds => round_gate(state, step.to),
    });
    closed.collect()
}

fn consensus_gate(state: &State) -> Option<Closed> {
    use super::super::vote::VoteType;
    if state.votes.is_consensus() {
        return None;
    }
    let list = |wanted| {
        let axes: Vec<&str> = state
            .votes
            .axes_with(wanted)
            .into_iter()
            .map(Word::word)
            .collect();
        axes.join(", ")
    };
    let (revise, missing) = (list(Some(VoteType::Revise)), list(None));
    let mut why = vec!["consensus is missing".to_owned()];
    if !revise.is_empty() {
        why.push(format!("REVISE on {revise}"));
    }
    if !missing.is_empty() {
        why.push(format!("no vote on {missing}"));
    }
    let fix = if revise.is_empty() {
        "let each missing axis vote ACCEPT".to_owned()
    } else {
        format!(
            "go back to {}, revise, and have it reviewed again",
            if state.phase == PhaseId::P4 {
                "p3"
            } else {
                "p9"
            }
        )
    };
    Some(Closed {
        code: RefusalCode::ConsensusMissing,
        why: why.join("; "),
        fix,
    })
}

fn blocker_gate(state: &State) -> Option<Closed> {
    let open: Vec<&str> = state
        .findings
        .values()
        .filter(|finding| finding.is_open_blocker())
        .map(|finding| finding.id.as_str())
        .collect();
    (!open.is_empty()).then(|| Closed {
        code: RefusalCode::BlockersOpen,
        why: format!(
            "{} open: {}",
            plural(open.len(), "BLOCKER is", "BLOCKERs are"),
            named(&open)
        ),
        fix: "resolve each with `aura-msg finding resolve`".to_owned(),
    })
}

fn slice_gate(state: &State) -> Option<Closed> {
    let unsettled: Vec<&Slice> = state.slices.unsettled().collect();
    let first = unsettled.first()?;
    let told: Vec<String> = unsettled
        .iter()
        .map(|slice| format!("{} ({})", slice.id, slice.state))
        .collect();
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    let find = |wanted: &[SliceState]| {
        unsettled
            .iter()
            .find(|slice| wanted.contains(&slice.state))
            .map(|slice| &slice.id)
    };
    let mut fix = vec!["see `aura-msg slice list`".to_owned()];
    if find(&[SliceState::Running, SliceState::Waiting]).is_some() {
        fix.push("let those that run and wait finish".to_owned());
    }
    let again = find(&[SliceState::Failed, SliceState::Cancelled]);
    if let Some(id) = again {
        fix.push(format!(
            "run a failed one again with `aura-msg slice retry --slice-id {id}`"
        ));
    }
    fix.push(format!(
        "or give one up with `aura-msg slice waive --slice-id {} --reason WHY`",
        again.unwrap_or(&first.id)
    ));
    Some(Closed {
        code: RefusalCode::SlicesUnfinished,
        why: format!(
            "{} neither succeeded nor waived: {}",
            plural(unsettled.len(), "slice is", "slices are"),
            named(&told)
        ),
        fix: fix.join(", "),
    })
}

fn round_gate(state: &State, phase: PhaseId) -> Option<Closed> {
    let max = state.settings.max_rounds?;
    let had = state
        .rounds_without_consensus
        .get(&phase)
        .copied()
        .unwrap_or(0);
    (had >= max).then(|| Closed {
        code: RefusalCode::MaxRounds,
        why: format!("{phase} has had {had} review rounds without consensus; at most {max}"),
        fix: "settle it among people, then advance with `--override REASON`".to_owned(),
    })
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn named(names: &[&str]) -> String {
    let shown = names
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

impl Turn<'_> {
    pub(super) fn advance(&mut self, advance: Advance) -> Result<(), Refusal> {
        self.may_advance(&advance).inspect_err(|refusal| {
            self.record_refused(&advance, refusal);
        })?;
        self.step(advance);
        Ok(())
    }

    /// Checks in the contract's order; violations of constraints are kept either way.
    fn may_advance(&mut self, advance: &Advance) -> Result<(), Refusal> {
        let (from, to) = (self.state.phase, advance.to);
        self.check_open("advance_phase")?;
        let Some(step) = step_between(from, to) else {
            let ways: Vec<&str> = steps_from(from).map(|step| step.to.word()).collect();
            return Err(Refusal::new(
                RefusalCode::TransitionNotAllowed,
                format!("{from} → {to} was refused"),
                format!("no step leads from {from} to {to}"),
                format!("the epoch stays in {from}"),
                format!("advance to one of: {}", ways.join(", ")),
            ));
        };
        self.check_constraints(from, to);
        let reason = advance
            .override_reason
            .as_deref()
            .filter(|text| !text.trim().is_empty());
        let closed = gates(self.state, step, reason);
        let Some(first) = closed.first() else {
            return Ok(());
        };
        let join =
            |pick: fn(&Closed) -> &str| closed.iter().map(pick).collect::<Vec<_>>().join("; ");
        Err(Refusal::new(
            first.code,
            format!("{from} → {to} was refused"),
            join(|gate| &gate.why),
            format!("the epoch stays in {from}"),
            join(|gate| &gate.fix),
        ))
    }

    fn check_constraints(&mut self, from: PhaseId, to: PhaseId) {
        let found = check_transition(&self.state.facts(), from, to);
        if found.is_empty() {
            return;
        }
        let ids: Vec<String> = found
            .iter()
            .map(|violation| violation.constraint.word().to_owned())
            .collect();
        let messages: Vec<String> = found
            .iter()
            .map(|violation| violation.message.clone())
            .collect();
        for violation in found {
            self.state.violations.push(violation);
        }
        let payload = Fields::default()
            .with("from_phase", from.word())
            .with("to_phase", to.word())
            .with("constraint_ids", ids)
            .with("messages", messages);
        self.audit(EventType::ConstraintCheck, payload);
    }

    fn record_refused(&mut self, advance: &Advance, refusal: &Refusal) {
        let error = refusal.to_string();
        self.state.transitions.push(TransitionRecord {
            from: self.state.phase,
            to: advance.to,
            at: self.at,
            triggered_by: advance.triggered_by.clone(),
            condition_met: format!("FAILED: {error}"),
            success: false,
        });
        let payload = Fields::default()
            .with("from_phase", self.state.phase.word())
            .with("to_phase", advance.to.word())
            .with("triggered_by", advance.triggered_by.as_str())
            .with("code", refusal.code.word())
            .with("error", error.as_str());
        self.state.last_error = Some(error);
        self.audit(EventType::AdvanceRefused, payload);
    }

    fn step(&mut self, advance: Advance) {
        let Advance {
            to,
            triggered_by,
            condition_met,
            override_reason,
        } = advance;
        let from = self.state.phase;
        let payload = Fields::default()
            .with("from_phase", from.word())
            .with("to_phase", to.word())
            .with("triggered_by", triggered_by.as_str())
            .with("condition_met", condition_met.as_str())
            .with("override", override_reason)
            .with("success", true);
        let had_consensus = self.state.votes.is_consensus();

        let state = &mut *self.state;
        state.transitions.push(TransitionRecord {
            from,
            to,
            at: self.at,
            triggered_by,
            condition_met,
            success: true,
        });
        state.successful_transitions += 1;
        state.completed_phases.insert(from);
        state.phase = to;
        state.role = to.spec().map_or(state.role, |spec| spec.acts);
        state.has_severity_groups |= to == PhaseId::P10;
        state.votes.0.clear();
        state.last_error = None;

        self.audit(EventType::PhaseTransition, payload);
        if from.is_review() {
            self.leave_review(from, had_consensus && to > from);
        }
        if to.is_review() {
            self.enter_review(to);
        }
        if to == PhaseId::P9 {
            self.run_ready_slices();
        }
        if to == PhaseId::Complete {
            self.complete();
        }
        self.publish();
    }

    fn complete(&mut self) {
        self.state.status = EpochStatus::Complete;
        let payload = Fields::default()
            .with("transition_count", self.state.transitions.total())
            .with(
                "successful_transition_count",
                self.state.successful_transitions,
            )
            .with("constraint_violations_total", self.state.violations.total());
        self.audit(EventType::EpochCompleted, payload);
        self.ask(Effect::Finish(Ending::Completed));
    }
}
