//! What an epoch learns of children that a run before it started.

use serde::{Deserialize, Serialize};

/// Whether a child is still there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildStatus {
    /// Its workflow id.
    pub workflow_id: String,
    /// Whether it is open.
    pub open: bool,
    /// Its status in words, for people.
    pub status: String,
}
