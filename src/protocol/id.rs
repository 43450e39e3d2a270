//! Ids that other names are built from. What is only text stays `String`; an id
//! that becomes part of a workflow id is parsed once, at the edge.

use std::fmt;

use super::limits;

/// Why a text is no id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing there.
    #[error("{kind} is empty")]
    Empty {
        /// Which id.
        kind: &'static str,
    },
    /// Too many bytes.
    #[error("{kind} has {len} bytes; at most {max} are allowed")]
    TooLong {
        /// Which id.
        kind: &'static str,
        /// Bytes given.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// A control character.
    #[error("{kind} contains the control character U+{code:04X} at byte {at}")]
    Control {
        /// Which id.
        kind: &'static str,
        /// The character.
        code: u32,
        /// Where.
        at: usize,
    },
    /// A word that derived workflow ids use as separator.
    #[error("{kind} contains '{word}', which separates the parts of a child's workflow id")]
    Reserved {
        /// Which id.
        kind: &'static str,
        /// The word.
        word: &'static str,
    },
}

/// Checks that `text` can be an id: not empty, at most `max` bytes, printable.
pub fn check_id(kind: &'static str, text: &str, max: usize) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty { kind });
    }
    if text.len() > max {
        return Err(IdError::TooLong {
            kind,
            len: text.len(),
            max,
        });
    }
    match text.char_indices().find(|(_, c)| c.is_control()) {
        Some((at, c)) => Err(IdError::Control {
            kind,
            code: u32::from(c),
            at,
        }),
        None => Ok(()),
    }
}

/// The id of an epoch, which is also its workflow id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EpochId(String);

impl EpochId {
    /// Bytes that a new epoch's id may have, so that its children's ids fit too.
    pub const NEW_MAX: usize = 200;

    /// An existing epoch's id.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        check_id("epoch id", text, limits::ID)?;
        Ok(Self(text.to_owned()))
    }

    /// A new epoch's id.
    pub fn parse_new(text: &str) -> Result<Self, IdError> {
        check_id("epoch id", text, Self::NEW_MAX)?;
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The workflow id of a slice of this epoch.
    pub fn slice_workflow_id(&self, slice: &SliceId) -> String {
        format!("{}-slice-{}", self.0, slice.0)
    }

    /// The workflow id of a review round of this epoch.
    pub fn review_workflow_id(&self, phase: super::PhaseId, round: u32) -> String {
        let suffix = if round > 1 {
            format!("-r{round}")
        } else {
            String::new()
        };
        format!("{}-review-{phase}{suffix}", self.0)
    }
}

impl fmt::Display for EpochId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a declared slice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SliceId(String);

impl SliceId {
    /// Parses a slice id.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        const KIND: &str = "slice id";
        check_id(KIND, text, limits::SLICE_ID)?;
        match ["-slice-", "-review-"]
            .into_iter()
            .find(|word| text.contains(word))
        {
            Some(word) => Err(IdError::Reserved { kind: KIND, word }),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SliceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
