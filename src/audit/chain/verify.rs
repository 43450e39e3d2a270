//! Finds what was done to a trail besides appending to it, as far as the chain shows it.
//! Pure; reads rows in order and holds only their hashes.

use std::collections::HashMap;
use std::fmt;
use std::mem;

use super::{Row, hash};

/// Something in a trail that isn't as this implementation writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A row without a hash, as the earlier writer makes them: a warning.
    Unchained {
        /// The row.
        id: i64,
    },
    /// The row isn't what its hash was made of.
    Altered {
        /// The row.
        id: i64,
    },
    /// The row is there a second time.
    Doubled {
        /// The later one.
        id: i64,
        /// The earlier one.
        of: i64,
    },
    /// The row follows one that isn't there.
    Missing {
        /// The row.
        before: i64,
    },
    /// The row doesn't continue the chain, and isn't followed by it.
    Stray {
        /// The row.
        id: i64,
    },
    /// Rows were removed at the end.
    CutOff {
        /// The last row there is.
        after: i64,
        /// The last row there was.
        last: i64,
    },
}

impl Finding {
    /// Whether it is to be expected where the earlier implementation wrote too.
    pub const fn is_warning(&self) -> bool {
        matches!(self, Self::Unchained { .. })
    }

    /// The kind in one word, for programs.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unchained { .. } => "unchained",
            Self::Altered { .. } => "altered",
            Self::Doubled { .. } => "doubled",
            Self::Missing { .. } => "missing",
            Self::Stray { .. } => "from_nowhere",
            Self::CutOff { .. } => "cut_tail",
        }
    }

    /// The row it is about, or after or before which something is amiss.
    pub const fn row(&self) -> i64 {
        match *self {
            Self::Unchained { id }
            | Self::Altered { id }
            | Self::Doubled { id, .. }
            | Self::Missing { before: id }
            | Self::Stray { id }
            | Self::CutOff { after: id, .. } => id,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchained { id } => {
                write!(
                    f,
                    "row {id} has no hash: the earlier implementation wrote it"
                )
            }
            Self::Altered { id } => {
                write!(
                    f,
                    "row {id} was changed: its hash is not that of its content"
                )
            }
            Self::Doubled { id, of } => write!(f, "row {id} repeats row {of}"),
            Self::Missing { before } => {
                write!(
                    f,
                    "one or more rows before row {before} were removed or rewritten"
                )
            }
            Self::Stray { id } => {
                write!(
                    f,
                    "row {id} is not part of the chain: it was added or moved"
                )
            }
            Self::CutOff { after, last } => {
                write!(
                    f,
                    "rows were removed at the end: after row {after}, up to row {last}"
                )
            }
        }
    }
}

/// Follows the chain through a file's rows.
#[derive(Debug, Default)]
pub struct Verifier {
    findings: Vec<Finding>,
    /// The last row's number.
    end: i64,
    /// The hash of the last row that has one: what the writer continues from.
    latest: Option<String>,
    /// The hash of the last row that was in its place and whole.
    sound: Option<String>,
    /// Every hash so far, and the first row that has it.
    seen: HashMap<String, i64>,
    /// Whether rows with a hash may go before the first one that comes.
    is_amid: bool,
}

impl Verifier {
    /// For rows from the midst of a file on: what the first one with a hash follows is
    /// taken for granted.
    pub fn amid() -> Self {
        Self {
            is_amid: true,
            ..Self::default()
        }
    }

    /// Looks at the next row in the order of ids.
    pub fn step(&mut self, row: Row) {
        self.end = row.id;
        if row.hash.is_some() && mem::take(&mut self.is_amid) {
            self.latest.clone_from(&row.prev_hash);
        }
        let finding = match row.hash {
            Some(_) => self.chained(row),
            None => Some(unchained(&row)),
        };
        self.findings.extend(finding);
    }

    /// What was found. `last` is the highest id that the file ever gave, where that is known.
    pub fn finish(mut self, last: Option<i64>) -> Vec<Finding> {
        let after = self.end;
        if let Some(last) = last.filter(|&last| last > after) {
            self.findings.push(Finding::CutOff { after, last });
        }
        self.findings
    }

    fn chained(&mut self, row: Row) -> Option<Finding> {
        let Row {
            id,
            content,
            prev_hash: prev,
            hash: own,
        } = row;
        let own = own?;
        let whole = hash(prev.as_deref(), &content) == own;
        let linked = prev == self.latest || prev == self.sound;
        // What a first row follows is known too: nothing.
        let known = prev
            .as_ref()
            .is_none_or(|prev| self.seen.contains_key(prev));
        let finding = match (self.seen.get(&own), whole, linked, known) {
            (Some(&of), ..) => Some(Finding::Doubled { id, of }),
            (None, true, true, _) => None,
            (None, false, true, _) => Some(Finding::Altered { id }),
            (None, true, false, false) => Some(Finding::Missing { before: id }),
            (None, _, false, _) => Some(Finding::Stray { id }),
        };
        if matches!(finding, None | Some(Finding::Missing { .. })) {
            self.sound = Some(own.clone());
        }
        self.seen.entry(own.clone()).or_insert(id);
        self.latest = Some(own);
        finding
    }
}

fn unchained(row: &Row) -> Finding {
    let id = row.id;
    // The earlier writer fills none of our columns; a row with some of them had a hash.
    if row.prev_hash.is_none() && row.content.is_plain() {
        Finding::Unchained { id }
    } else {
        Finding::Altered { id }
    }
}
