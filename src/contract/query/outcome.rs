//! What became of a message: the query by which it is confirmed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::convert::same_fields;
use crate::protocol::PhaseId;
use crate::protocol::inbox::Inbox;
use crate::protocol::outcome::OutcomeRecord;
use crate::protocol::refusal::{Refusal as Refused, RefusalCode};

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// What was refused.
    pub what: String,
    /// The rule.
    pub why: String,
    /// What that means now.
    pub impact: String,
    /// What to do.
    pub fix: String,
}

same_fields!(Refusal <=> Refused { code, what, why, impact, fix });

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeStatus {
    /// It took effect.
    Applied,
    /// It did not.
    Refused,
    /// Nothing is known of it.
    Unknown,
}

/// The answer of `outcome`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The message's id.
    pub request_id: String,
    /// What became of it.
    pub status: OutcomeStatus,
    /// Why it was refused.
    #[serde(default)]
    pub refusal: Option<Refusal>,
    /// What the sender should know besides.
    #[serde(default)]
    pub note: Option<String>,
    /// The phase afterwards; for `unknown` the present one.
    pub phase: PhaseId,
    /// A digest of the message this is the outcome of: a sender that finds another one
    /// than its own has used an id that was taken.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

impl Outcome {
    /// The answer for a message of which nothing is known.
    pub fn unknown(request_id: &str, phase: PhaseId) -> Self {
        Self {
            request_id: request_id.to_owned(),
            status: OutcomeStatus::Unknown,
            refusal: None,
            note: None,
            phase,
            fingerprint: None,
        }
    }

    /// The answer of an execution that is in `phase`.
    pub fn of(inbox: &Inbox, request_id: &str, phase: PhaseId) -> Self {
        inbox
            .outcome(request_id)
            .map_or_else(|| Self::unknown(request_id, phase), Into::into)
    }
}

impl From<&OutcomeRecord> for Outcome {
    fn from(record: &OutcomeRecord) -> Self {
        let OutcomeRecord {
            request_id,
            fingerprint,
            refusal,
            note,
            phase,
        } = record.clone();
        Self {
            request_id,
            status: match refusal {
                None => OutcomeStatus::Applied,
                Some(_) => OutcomeStatus::Refused,
            },
            refusal: refusal.as_ref().map(Into::into),
            note,
            phase,
            fingerprint: Some(fingerprint),
        }
    }
}

/// The argument of `outcome`: the id itself, or an object that holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OutcomeRequest {
    /// The id.
    Id(String),
    /// An object that holds it.
    Object {
        /// The id.
        request_id: String,
    },
}

impl OutcomeRequest {
    /// The id that is asked for.
    pub fn into_id(self) -> String {
        match self {
            Self::Id(request_id) | Self::Object { request_id } => request_id,
        }
    }
}
