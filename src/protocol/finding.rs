//! What reviewers find, how severe it is, and whether it has been resolved.

use super::limits::{Weigh, texts_weight};
use super::time::Timestamp;
use super::words::words;

words! {
    /// How much a finding matters.
    SeverityLevel as "severity" {
        /// Closes the gate p10→p11 until it is resolved.
        Blocker = "BLOCKER",
        /// Should be dealt with.
        Important = "IMPORTANT",
        /// Nice to have.
        Minor = "MINOR",
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its id, unique in the epoch.
    pub id: String,
    /// How much it matters.
    pub severity: SeverityLevel,
    /// What it is.
    pub summary: String,
    /// The slice it concerns, if one.
    pub slice_id: Option<String>,
    /// Who found it.
    pub reported_by: String,
    /// When.
    pub at: Timestamp,
    /// How it ended, if it did.
    pub resolution: Option<Resolution>,
}

/// How a finding ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// What was done.
    pub text: String,
    /// Who says so.
    pub resolved_by: String,
    /// When.
    pub at: Timestamp,
}

impl Finding {
    /// Whether it is a blocker that nobody has resolved.
    pub fn is_open_blocker(&self) -> bool {
        self.severity == SeverityLevel::Blocker && self.resolution.is_none()
    }
}

impl Weigh for Finding {
    fn weight(&self) -> usize {
        let resolution = self.resolution.as_ref().map_or(0, |resolution| {
            texts_weight([resolution.text.as_str(), &resolution.resolved_by])
        });
        let slice = self.slice_id.as_deref().unwrap_or_default();
        // The frame of a resolution is counted from the start: it always fits.
        300 + texts_weight([self.id.as_str(), &self.summary, slice, &self.reported_by]) + resolution
    }
}
