//! What is wrong with the text of a value, wherever it was written. It leaves out the
//! place, which the error adds.

use std::ffi::OsStr;

/// Why words are no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The words at fault, cut to a length that fits a message.
    pub given: String,
    /// What they are instead, to be read after them: `is no duration`.
    pub fault: String,
    /// The rule.
    pub why: String,
    /// A way to follow it.
    pub hint: String,
}

impl Invalid {
    pub(super) fn new(
        given: impl AsRef<str>,
        fault: impl Into<String>,
        why: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let given = shown(given.as_ref());
        Self {
            given,
            fault: fault.into(),
            why: why.into(),
            hint: hint.into(),
        }
    }

    pub(super) fn not_text(bytes: &OsStr) -> Self {
        let given = bytes.to_string_lossy();
        Self::new(
            given,
            "is not UTF-8 text",
            "only UTF-8 can be read here",
            "write it as UTF-8",
        )
    }
}

/// Text from outside as it can be shown in one line.
pub(super) fn shown(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut shown = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == SHOWN {
            shown.push('…');
            break;
        }
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}
