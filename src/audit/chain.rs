//! The hash chain: each row that this implementation writes carries the hash of its
//! content and of the chained row before it in the file. Pure; where rows come from and
//! where findings go is somebody else's business.
//!
//! What it proves: as long as the newest hash is known to be right, no row before it was
//! changed, removed, added, doubled or moved since it was written. Without a hash noted
//! elsewhere it still finds every manipulation by somebody who edits rows and does not
//! compute hashes: an accident, a careless repair, another tool.
//!
//! What it doesn't: there is no secret in it, so who can write to the file can also write
//! a new chain from any row on. Rows removed at the end are seen only by the counter that
//! `SQLite` keeps. Rows of the earlier writer have no hash; nothing is known of them. And
//! it says nothing of events that never came here.

mod verify;

use sha2::{Digest, Sha256};

pub use verify::{Finding, Verifier};

use crate::contract::fingerprint::hex;

/// Names what is hashed, so that no other hash of ours can be taken for one of these. A
/// new encoding gets a new name.
const DOMAIN: &[u8] = b"aura audit row 1";

/// What a row says, as its columns hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The event's id.
    pub event_id: Option<String>,
    /// Its epoch.
    pub epoch_id: String,
    /// The phase afterwards.
    pub phase: String,
    /// The role that acts afterwards.
    pub role: String,
    /// The kind of event.
    pub event_type: String,
    /// The details, a JSON object.
    pub payload: String,
    /// When it happened, or was written where that isn't known.
    pub timestamp: String,
    /// When it happened.
    pub occurred_at: Option<String>,
    /// Who caused it.
    pub actor: Option<String>,
    /// The workflow it happened in.
    pub workflow_id: Option<String>,
    /// The run it happened in.
    pub run_id: Option<String>,
}

impl Content {
    /// The columns' values, in the order in which they are hashed.
    pub(super) fn values(&self) -> [Option<&str>; 11] {
        [
            self.event_id.as_deref(),
            Some(&self.epoch_id),
            Some(&self.phase),
            Some(&self.role),
            Some(&self.event_type),
            Some(&self.payload),
            Some(&self.timestamp),
            self.occurred_at.as_deref(),
            self.actor.as_deref(),
            self.workflow_id.as_deref(),
            self.run_id.as_deref(),
        ]
    }

    /// Whether only the earlier writer's columns are filled.
    pub(super) fn is_plain(&self) -> bool {
        let ours = [
            &self.event_id,
            &self.occurred_at,
            &self.actor,
            &self.workflow_id,
            &self.run_id,
        ];
        ours.iter().all(|value| value.is_none())
    }
}

/// A row as it is in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub id: i64,
    /// What it says.
    pub content: Content,
    /// The hash of the chained row before it; absent in the first one.
    pub prev_hash: Option<String>,
    /// Its own hash; absent where the earlier writer wrote it.
    pub hash: Option<String>,
}

/// The hash of a row that follows the row with the hash `prev`.
pub fn hash(prev: Option<&str>, content: &Content) -> String {
    let mut digest = Sha256::new();
    digest.update(DOMAIN);
    // Each value is told from absence by its first byte and from its neighbour by its
    // length, so no two rows have the same encoding.
    for value in [prev].into_iter().chain(content.values()) {
        match value {
            None => digest.update([0]),
            Some(text) => {
                digest.update([1]);
                digest.update((text.len() as u64).to_le_bytes());
                digest.update(text);
            }
        }
    }
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests;
