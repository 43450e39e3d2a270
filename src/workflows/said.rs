//! What workflows say on the log, and under which ids: what became of a message, and what
//! changed. It is said where it happens for the first time; in a replay nothing is, and a
//! span is none. None of it is ever read by a workflow.

use tracing::Span;
use tracing::field::Empty;
use tracing::span::EnteredSpan;

use crate::protocol::id::SliceId;
use crate::protocol::limits::head;
use crate::protocol::refusal::{Refusal, RefusalCode};
use crate::protocol::slice::{Slice, SliceState};
use crate::protocol::state::{EpochStatus, State};
use crate::protocol::{PhaseId, Word};
use crate::telemetry::ids;
use crate::telemetry::trace::{self, End, Origin};

/// Bytes of what a program said that a line has.
const SAID: usize = 300;

/// What the lines about something are known by.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "these are the names on the log")]
pub(super) struct Ids<'a> {
    pub(super) epoch_id: &'a str,
    pub(super) workflow_id: &'a str,
    pub(super) run_id: &'a str,
    pub(super) slice_id: Option<&'a str>,
    pub(super) request_id: Option<&'a str>,
}

impl Ids<'_> {
    /// The span of a message, if it is live.
    pub(super) fn span(self, is_live: bool, signal: Option<&str>) -> Span {
        if !is_live {
            return Span::none();
        }
        let Self {
            epoch_id,
            workflow_id,
            run_id,
            slice_id,
            request_id,
        } = self;
        // Whatever is logged has the ids, so the span is there whenever an error would be.
        tracing::error_span!(
            "workflow",
            epoch_id,
            slice_id,
            workflow_id,
            run_id,
            request_id,
            signal,
            trace_id = Empty,
        )
    }

    /// Begins to handle a message, if it is live: on the log, and for a collector if one is
    /// asked for, as part of what it was sent for. The log's span says which trace that is.
    pub(super) fn handling(self, is_live: bool, signal: &str, origin: Option<&Origin>) -> Handling {
        let inside = self.span(is_live, Some(signal)).entered();
        if !is_live {
            return Handling {
                trace: trace::Span::default(),
                _inside: inside,
            };
        }
        let attributes = [
            (trace::EPOCH, Some(self.epoch_id)),
            (trace::WORKFLOW, Some(self.workflow_id)),
            (trace::RUN, Some(self.run_id)),
            (trace::SLICE, self.slice_id),
            (trace::REQUEST, self.request_id),
        ];
        let trace = trace::Span::begin(End::Doing, "HandleSignal", signal, origin, &attributes);
        if let Some(trace_id) = trace.trace_id() {
            inside.record(ids::TRACE, trace_id);
        }
        Handling {
            trace,
            _inside: inside,
        }
    }
}

/// A message is being handled until this is dropped.
pub(super) struct Handling {
    trace: trace::Span,
    _inside: EnteredSpan,
}

impl Handling {
    /// What is done about the message as a part of this.
    pub(super) fn origin(&self) -> Option<Origin> {
        self.trace.origin()
    }
}

/// Says that a message was refused.
pub(super) fn refused(refusal: &Refusal) {
    let code = refusal.code.word();
    let Refusal { what, why, .. } = refusal;
    if refusal.code == RefusalCode::Internal {
        tracing::error!(code, "{what}: {why}");
    } else {
        tracing::info!(code, "{what}: {why}");
    }
}

/// What of an epoch is worth a line when it changes.
pub(super) struct Before {
    phase: PhaseId,
    status: EpochStatus,
    slices: Vec<(SliceId, SliceState)>,
}

impl Before {
    pub(super) fn of(state: &State) -> Self {
        let slices = state.slices.0.iter();
        Self {
            phase: state.phase,
            status: state.status,
            slices: slices
                .map(|slice| (slice.id.clone(), slice.state))
                .collect(),
        }
    }

    /// Says what is different now.
    pub(super) fn tell(&self, state: &State) {
        if state.phase != self.phase {
            tracing::info!(
                phase = state.phase.word(),
                from = self.phase.word(),
                "the epoch moved to {}",
                state.phase
            );
        }
        if state.status != self.status {
            let status = state.status.word();
            tracing::info!(status, "the epoch is {status}");
        }
        for slice in &state.slices.0 {
            let before = self.slices.iter().find(|(id, _)| *id == slice.id);
            if before.is_none_or(|(_, state)| *state != slice.state) {
                tell_of(slice);
            }
        }
    }
}

fn tell_of(slice: &Slice) {
    let (slice_id, state) = (slice.id.as_str(), slice.state.word());
    let attempt = slice.attempt;
    if slice.state != SliceState::Failed {
        tracing::info!(slice_id, attempt, state, "the slice is {state}");
        return;
    }
    let outcome = slice.outcome.as_ref();
    let code = outcome.and_then(|outcome| outcome.code.as_deref());
    let error = outcome.and_then(|outcome| outcome.error.as_deref());
    let error = head(error.unwrap_or("nobody said why"), SAID);
    tracing::warn!(slice_id, attempt, state, code, "the slice failed: {error}");
}
