//! The end before the end: children are told first, then the epoch settles.

use super::super::effect::{Effect, Ending, EventType, Fields};
use super::super::inbox::NAME_KEPT;
use super::super::limits::head;
use super::super::refusal::Refusal;
use super::super::review::CloseReason;
use super::super::slice::SliceState;
use super::super::state::EpochStatus;
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn request_cancel(&mut self, reason: &str) -> Result<(), Refusal> {
        if self.state.status == EpochStatus::Cancelling {
            return Ok(());
        }
        self.check_open("cancel")?;
        self.state.status = EpochStatus::Cancelling;
        self.state.cancel_reason = Some(head(reason, NAME_KEPT).to_owned());
        self.close_review(CloseReason::Ended);
        self.stop_running_slices("the epoch is being cancelled");
        Ok(())
    }

    /// The children have ended, or had their time to: the epoch closes.
    pub(super) fn settle_cancel(&mut self) {
        if self.state.status != EpochStatus::Cancelling {
            return;
        }
        self.state.status = EpochStatus::Cancelled;
        let left: Vec<String> = self
            .state
            .slices
            .in_state(SliceState::Running)
            .map(|slice| slice.id.to_string())
            .collect();
        let payload = Fields::default()
            .with("reason", self.state.cancel_reason.as_deref())
            .with("slices_still_running", left);
        self.audit(EventType::EpochCancelled, payload);
        self.publish();
        self.ask(Effect::Finish(Ending::Cancelled));
    }
}
