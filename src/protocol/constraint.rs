//! The constraints: what the protocol demands beyond its transition table, and the
//! checks that find where a demand is not met.
//!
//! A check reports and never decides: what may not happen is refused in `epoch`, and
//! most constraints are reminders that block nothing. So no check fails, panics or
//! stops at its first find, whatever it is given. Each takes plain facts rather than
//! the epoch, because the same checks answer for states that come over the wire.

mod facts;
mod id;
mod naming;
mod state;
mod structural;
mod transition;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::limits::{self, text_weight};
use super::words::Word;

pub use facts::{HistoryFacts, StateFacts};
pub use id::ConstraintId;
pub use naming::{check_followup_title, check_naming, check_proposal_title, check_review_title};
pub use state::check_state;
pub use structural::{StructuralFacts, check_structural, checks_run};
pub use transition::check_transition;

/// A demand that is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which demand.
    pub constraint: ConstraintId,
    /// What is wrong; then, after a semicolon, what to do about it.
    pub message: String,
    /// The values it was found in. The contract names the keys.
    pub context: BTreeMap<String, String>,
}

impl Violation {
    fn new(constraint: ConstraintId, message: impl Into<String>) -> Self {
        Self {
            constraint,
            message: message.into(),
            context: BTreeMap::new(),
        }
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "most values are numbers and truths"
    )]
    fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.context.insert(key.to_owned(), value.to_string());
        self
    }
}

impl limits::Weigh for Violation {
    fn weight(&self) -> usize {
        let context: usize = self
            .context
            .iter()
            .map(|(key, value)| text_weight(key) + text_weight(value))
            .sum();
        60 + text_weight(self.constraint.word()) + text_weight(&self.message) + context
    }
}

/// Whether a text says nothing. Texts come from shells, where an unset variable
/// easily becomes a space, so white space counts as nothing.
fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// A text in quotes, cut so that it does not drown the message; the whole of it is in
/// the violation's context.
fn quoted(text: &str) -> String {
    const SHOWN: usize = 80;
    let shown = limits::head(text, SHOWN);
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("'{shown}{more}'")
}

/// Words as the list that context values hold: sorted, so that it compares.
fn sorted_list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.into_iter().collect();
    words.sort_unstable();
    words.join(",")
}
