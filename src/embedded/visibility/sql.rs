//! A statement that is being written. Values never become part of its text: they are bound,
//! by number, so that an expression may be used in several places.

use rusqlite::types::Value;

/// Text and bound values.
#[derive(Debug, Default)]
pub(super) struct Sql {
    /// The statement.
    pub(super) text: String,
    /// The values of `?1`, `?2` and so on.
    pub(super) values: Vec<Value>,
}

impl Sql {
    /// Appends to the text.
    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Binds a value; answers how it is written. The text is not changed.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }
}
