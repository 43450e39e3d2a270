//! Orders and reports about slices: when they are allowed, and what follows.

use super::super::effect::{Effect, EventType, Field, Fields};
use super::super::event::{SliceLost, SliceOrder, SliceReport};
use super::super::id::SliceId;
use super::super::limits::{Weigh, head};
use super::super::phase::PhaseId;
use super::super::refusal::{Refusal, RefusalCode};
use super::super::slice::{Slice, SliceOutcome, SliceRequest, SliceState};
use super::super::words::Word;
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn plan_slices(
        &mut self,
        requests: &[SliceRequest],
        fail_fast: Option<bool>,
    ) -> Result<(), Refusal> {
        let (state, at) = (&*self.state, self.at);
        if !matches!(state.phase, PhaseId::P8 | PhaseId::P9) {
            let first = requests
                .first()
                .map_or("", |request| request.slice_id.as_str());
            return Err(wrong_phase(first, "declared", "in p8 and p9", state.phase));
        }
        // Looking for cycles takes long among very many; so many have no room anyway.
        if !state.has_room_for(requests.len().saturating_mul(Slice::RESERVED)) {
            return Err(Refusal::full(&format!(
                "a plan of {} slices",
                requests.len()
            )));
        }
        let planned = state.slices.plan(&state.epoch_id, requests, at)?;
        if !state.has_room_for(planned.iter().map(Weigh::weight).sum()) {
            return Err(Refusal::full(&format!(
                "a plan of {} slices",
                planned.len()
            )));
        }
        if let Some(fail_fast) = fail_fast {
            self.state.settings.fail_fast = fail_fast;
        }
        if planned.is_empty() && fail_fast.is_some() {
            // It declares nothing, and still changes what a failure will mean.
            let payload = Fields::default()
                .with("order", "plan")
                .with("slice_id", Field::Null)
                .with("fail_fast", fail_fast);
            self.audit(EventType::SliceStarted, payload);
        }
        for slice in &planned {
            let dependencies: Vec<String> =
                slice.dependencies.iter().map(ToString::to_string).collect();
            let payload = Fields::default()
                .with("order", "plan")
                .with("slice_id", slice.id.as_str())
                .with("state", SliceState::Waiting.word())
                .with("mode", slice.config.mode.word())
                .with("dependencies", dependencies)
                .with("leaf_task_ids", slice.leaf_task_ids.clone())
                .with("fail_fast", fail_fast);
            self.audit(EventType::SliceStarted, payload);
        }
        self.state.slices.add(planned, at);
        self.run_ready_slices();
        Ok(())
    }

    /// Starts what may run, in p9 and while the epoch is going.
    pub(super) fn run_ready_slices(&mut self) {
        use super::super::state::EpochStatus;
        let state = &mut *self.state;
        if state.phase != PhaseId::P9 || state.status != EpochStatus::Running {
            return;
        }
        let settings = &state.settings;
        let (limit, fail_fast) = (settings.parallel_slices, settings.fail_fast);
        for (slice_id, attempt) in state.slices.start_ready(limit, fail_fast, self.at) {
            let payload = Fields::default()
                .with("slice_id", slice_id.as_str())
                .with("state", SliceState::Running.word())
                .with("attempt", attempt);
            self.audit(EventType::SliceStarted, payload);
            self.ask(Effect::StartSlice { slice_id, attempt });
        }
    }

    pub(super) fn cancel_slice(&mut self, order: &SliceOrder) -> Result<(), Refusal> {
        let slice = self.find_slice(order, "cancelled")?;
        let id = slice.id.clone();
        match slice.state {
            SliceState::Waiting | SliceState::Blocked => {
                self.state
                    .slices
                    .put(id.as_str(), SliceState::Cancelled, &order.reason, self.at);
                self.audit_order(EventType::SliceFinished, "cancel", &id, &order.reason);
                Ok(())
            }
            SliceState::Running => {
                if self.state.slices.stop(id.as_str(), &order.reason, self.at) {
                    // It has not ended yet; its end has a row of its own.
                    self.audit_order(EventType::SliceProgress, "cancel", &id, &order.reason);
                    let reason = order.reason.clone();
                    self.ask(Effect::CancelSlice {
                        slice_id: id,
                        reason,
                    });
                } else {
                    self.note = Some("it has been told to stop already".to_owned());
                }
                Ok(())
            }
            state => Err(wrong_state(order, "cancelled", state, "it does not run")),
        }
    }

    pub(super) fn waive_slice(&mut self, order: &SliceOrder) -> Result<(), Refusal> {
        let slice = self.find_slice(order, "waived")?;
        let id = slice.id.clone();
        match slice.state {
            state @ SliceState::Running => {
                Err(wrong_state(order, "waived", state, "cancel it first"))
            }
            state @ (SliceState::Succeeded | SliceState::Waived) => Err(wrong_state(
                order,
                "waived",
                state,
                "it does not stand in the way",
            )),
            _ => {
                self.state
                    .slices
                    .put(id.as_str(), SliceState::Waived, &order.reason, self.at);
                self.audit_order(EventType::SliceFinished, "waive", &id, &order.reason);
                self.run_ready_slices();
                Ok(())
            }
        }
    }

    pub(super) fn retry_slice(&mut self, order: &SliceOrder) -> Result<(), Refusal> {
        let slice = self.find_slice(order, "run again")?;
        let id = slice.id.clone();
        if self.state.phase != PhaseId::P9 {
            return Err(wrong_phase(
                &order.slice_id,
                "run again",
                "in p9",
                self.state.phase,
            ));
        }
        match slice.state {
            SliceState::Failed | SliceState::Cancelled | SliceState::Succeeded => {
                self.state
                    .slices
                    .put(id.as_str(), SliceState::Waiting, &order.reason, self.at);
                // Where it may run at once, another row says that it does.
                self.audit_order(EventType::SliceStarted, "retry", &id, &order.reason);
                self.run_ready_slices();
                Ok(())
            }
            state => Err(wrong_state(
                order,
                "run again",
                state,
                "only a failed, cancelled or succeeded slice can run again",
            )),
        }
    }

    pub(super) fn finish_slice(&mut self, report: &SliceReport) -> Result<(), Refusal> {
        let SliceReport {
            slice_id,
            attempt,
            outcome,
        } = report;
        if self.state.slices.find(slice_id).is_none() {
            return Err(unknown(slice_id, "finished"));
        }
        if !self
            .state
            .slices
            .finish(slice_id, *attempt, outcome, self.at)
        {
            self.note = Some("that run of the slice had ended already".to_owned());
            return Ok(());
        }
        let state = self.state.slices.find(slice_id).map(|slice| slice.state);
        let payload = Fields::default()
            .with("slice_id", slice_id.as_str())
            .with("attempt", *attempt)
            .with("success", outcome.success)
            .with("state", state.map(Word::word))
            .with("output", outcome.output.as_str())
            .with("error", outcome.error.as_deref())
            .with("code", outcome.code.as_deref())
            .with("log", outcome.log.as_deref())
            .with("worktree", outcome.worktree.as_deref())
            .with("host", outcome.host.as_deref());
        self.audit(EventType::SliceFinished, payload);
        if state == Some(SliceState::Failed) && self.state.settings.fail_fast {
            self.stop_running_slices(&format!("{slice_id} failed, and the plan is to fail fast"));
        }
        self.run_ready_slices();
        Ok(())
    }

    /// A run whose workflow is not there has failed; the report it owes will not come.
    pub(super) fn lose_slice(&mut self, lost: &SliceLost) {
        let SliceLost {
            slice_id,
            attempt,
            why,
        } = lost.clone();
        let outcome = SliceOutcome::failed(why);
        // An unknown slice cannot be lost, and nobody waits for an answer here.
        let _ = self.finish_slice(&SliceReport {
            slice_id,
            attempt,
            outcome,
        });
    }

    pub(super) fn stop_running_slices(&mut self, reason: &str) {
        for slice_id in self.state.slices.stop_running(reason, self.at) {
            self.ask(Effect::CancelSlice {
                slice_id,
                reason: reason.to_owned(),
            });
        }
    }

    /// Records an order that was carried out: what it was, why, and where it left the
    /// slice. Who gave it is the entry's actor.
    fn audit_order(&mut self, event_type: EventType, order: &str, id: &SliceId, reason: &str) {
        let state = self.state.slices.find(id.as_str()).map(|slice| slice.state);
        let payload = Fields::default()
            .with("order", order)
            .with("slice_id", id.as_str())
            .with("state", state.map(Word::word))
            .with("reason", reason);
        self.audit(event_type, payload);
    }

    fn find_slice(&self, order: &SliceOrder, verb: &str) -> Result<&Slice, Refusal> {
        self.state
            .slices
            .find(&order.slice_id)
            .ok_or_else(|| unknown(&order.slice_id, verb))
    }
}

fn refuse(code: RefusalCode, id: &str, verb: &str, why: String, fix: &str) -> Refusal {
    let what = format!("slice '{}' was not {verb}", head(id, 200));
    Refusal::new(code, what, why, "nothing changed", fix)
}

fn unknown(id: &str, verb: &str) -> Refusal {
    let why = "no slice of that id is declared".to_owned();
    refuse(
        RefusalCode::SliceUnknown,
        id,
        verb,
        why,
        "`aura-msg slice list` shows the declared ones",
    )
}

fn wrong_phase(id: &str, verb: &str, when: &str, phase: PhaseId) -> Refusal {
    let why = format!("slices can be {verb} {when}; the epoch is in {phase}");
    refuse(
        RefusalCode::WrongPhase,
        id,
        verb,
        why,
        "advance to that phase first",
    )
}

fn wrong_state(order: &SliceOrder, verb: &str, state: SliceState, fix: &str) -> Refusal {
    refuse(
        RefusalCode::SliceState,
        &order.slice_id,
        verb,
        format!("it is {state}"),
        fix,
    )
}
