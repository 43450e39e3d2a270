//! What became of a message, by its request id: the answer a sender asks for, and
//! what makes repeating a message harmless.

use super::limits::{Weigh, text_weight};
use super::phase::PhaseId;
use super::refusal::Refusal;

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeRecord {
    /// The sender's id.
    pub request_id: String,
    /// A digest of what it said.
    pub fingerprint: String,
    /// Why it was refused, if it was; applied otherwise.
    pub refusal: Option<Refusal>,
    /// What the sender should know besides.
    pub note: Option<String>,
    /// The phase afterwards.
    pub phase: PhaseId,
}

impl Weigh for OutcomeRecord {
    fn weight(&self) -> usize {
        120 + text_weight(&self.request_id)
            + text_weight(&self.fingerprint)
            + self.refusal.as_ref().map_or(4, Weigh::weight)
            + self.note.as_deref().map_or(4, text_weight)
    }
}
