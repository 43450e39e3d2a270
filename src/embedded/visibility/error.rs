//! What can be wrong with a list or count. The texts are the server's where it has one,
//! since people search for them.

/// Why a list or count was refused. All but [`Error::Database`] are the caller's mistake,
/// `InvalidArgument`.
#[derive(Debug, thiserror::Error)]
pub(in crate::embedded) enum Error {
    /// Not a sentence of the language. The position counts characters of the query, from 1.
    #[error(
        "invalid query: malformed SQL query: syntax error at position {position}{}: {problem}",
        place(.near)
    )]
    Syntax {
        /// Where it is.
        position: usize,
        /// What is written there; empty at the end.
        near: String,
        /// What is wrong.
        problem: String,
    },
    /// SQL, but not of this language.
    #[error("invalid query: operation is not supported: {0}")]
    Unsupported(String),
    /// A condition without a meaning.
    #[error("invalid query: invalid expression: {0}")]
    Invalid(String),
    /// A value that its attribute can't have.
    #[error("invalid query: invalid value for search attribute {attribute}: {value} ({problem})")]
    Value {
        /// The attribute.
        attribute: String,
        /// The value, as written.
        value: String,
        /// What is wrong.
        problem: String,
    },
    /// More than is taken in one query.
    #[error("invalid query: {what}: at most {most} are allowed; ask in several queries")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How much is allowed.
        most: usize,
    },
    /// Not a token of an earlier page of this query.
    #[error(
        "invalid NextPageToken: it is not one that an earlier page of this query gave; \
         start again without a token"
    )]
    Token,
    /// The file could not be read; nothing is wrong with the query.
    #[error("the runs could not be read: {0}")]
    Database(#[from] rusqlite::Error),
}

impl Error {
    /// A condition without a meaning.
    pub(super) fn invalid(problem: impl Into<String>) -> Self {
        Self::Invalid(problem.into())
    }

    /// SQL, but not of this language.
    pub(super) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported(what.into())
    }
}

/// The longest piece of a query that an error repeats, in characters.
const SHOWN: usize = 40;

fn place(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let shown: String = text.chars().take(SHOWN).collect();
    let cut = if shown.len() < text.len() { "…" } else { "" };
    format!(" near '{shown}{cut}'")
}
