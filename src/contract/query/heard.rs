//! Who was heard of, and what was refused, as queries show it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::contract::time::WireTime;
use crate::protocol::RoleId;
use crate::protocol::refusal::RefusalRecord;
use crate::protocol::session::Session;

/// A session that has not ended, as it is shown. Whether it is stale is the reader's
/// judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionView {
    /// Its id.
    pub session_id: String,
    /// Its role; null is unspecified.
    #[serde(default)]
    pub role: Option<RoleId>,
    /// The agent program.
    pub model_harness: String,
    /// The model.
    pub model: String,
    /// When it registered.
    pub registered_at: WireTime,
    /// When it was last heard of.
    pub last_seen: WireTime,
}

impl From<&Session> for SessionView {
    fn from(session: &Session) -> Self {
        let said = session.registration.clone();
        Self {
            session_id: said.session_id,
            role: said.role,
            model_harness: said.model_harness,
            model: said.model,
            registered_at: session.registered_at.into(),
            last_seen: session.last_seen.into(),
        }
    }
}

/// A refusal of any message, with its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefusalView {
    /// When.
    pub at: WireTime,
    /// Whose message it was, if it said.
    #[serde(default)]
    pub actor: Option<String>,
    /// What was refused, and why.
    pub refusal: Refusal,
}

impl From<&RefusalRecord> for RefusalView {
    fn from(record: &RefusalRecord) -> Self {
        Self {
            at: record.at.into(),
            actor: record.actor.clone(),
            refusal: (&record.refusal).into(),
        }
    }
}
