//! How much an epoch may hold. Everything that outside messages can grow is either
//! a `Ring`, which forgets its oldest, or counted against one budget, so that the
//! encoded state stays under 1 MB however long a client loops.

use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes of an ordinary text field.
pub const TEXT: usize = 4 * 1024;
/// Bytes of feedback, comments, outputs and errors.
pub const LONG_TEXT: usize = 16 * 1024;
/// Bytes of an epoch's description.
pub const DESCRIPTION: usize = 64 * 1024;
/// Bytes of a description once encoded as JSON; control characters take six each.
pub const DESCRIPTION_ENCODED: usize = 128 * 1024;
/// Bytes of a request id.
pub const REQUEST_ID: usize = 200;
/// Bytes of an id: epochs, findings, sessions.
pub const ID: usize = 1_000;
/// Bytes of a slice id.
pub const SLICE_ID: usize = 100;
/// Bytes of a workflow id; the server refuses longer ones.
pub const WORKFLOW_ID: usize = 1_000;
/// Bytes kept in the state of a slice's output and of its error; the audit trail has all.
pub const RESULT_KEPT: usize = 1_024;
/// Seconds that a slice's command may be given: a week.
pub const SLICE_SECONDS: u64 = 7 * 24 * 3_600;
/// Encoded bytes of the whole state.
pub const STATE: usize = 1_000_000;

/// Count and bytes a ring may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Entries.
    pub count: usize,
    /// Encoded bytes of all entries together.
    pub bytes: usize,
}

/// Transition records.
pub const TRANSITIONS: Bound = Bound {
    count: 500,
    bytes: 200_000,
};
/// Refusals.
pub const REFUSALS: Bound = Bound {
    count: 100,
    bytes: 60_000,
};
/// Outcomes by request id.
pub const OUTCOMES: Bound = Bound {
    count: 512,
    bytes: 260_000,
};
/// Progress records.
pub const PROGRESS: Bound = Bound {
    count: 1_000,
    bytes: 120_000,
};
/// Constraint violations.
pub const VIOLATIONS: Bound = Bound {
    count: 50,
    bytes: 20_000,
};
/// Sessions.
pub const SESSIONS: Bound = Bound {
    count: 200,
    bytes: 64_000,
};
/// Review rounds.
pub const ROUNDS: Bound = Bound {
    count: 20,
    bytes: 40_000,
};

/// Refusals that a child keeps.
pub const CHILD_REFUSALS: Bound = Bound {
    count: 50,
    bytes: 30_000,
};
/// Outcomes that a child keeps.
pub const CHILD_OUTCOMES: Bound = Bound {
    count: 100,
    bytes: 60_000,
};

/// What description, findings and slices may take together, encoded.
pub const GROWTH: usize = STATE
    - TRANSITIONS.bytes
    - REFUSALS.bytes
    - OUTCOMES.bytes
    - PROGRESS.bytes
    - VIOLATIONS.bytes
    - SESSIONS.bytes
    - ROUNDS.bytes
    - 10_000;

/// How many bytes a value takes in the encoded state, at most.
pub trait Weigh {
    /// Encoded bytes.
    fn weight(&self) -> usize;
}

/// Bytes of `text` as a JSON string, with the comma that follows.
pub fn text_weight(text: &str) -> usize {
    text.chars().map(char_weight).sum::<usize>() + 3
}

/// Bytes of one character inside a JSON string.
const fn char_weight(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => c.len_utf8(),
    }
}

/// Bytes of some texts as JSON strings.
pub fn texts_weight<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts.into_iter().map(text_weight).sum()
}

/// The end of `text` that takes at most `encoded` bytes as JSON.
pub fn tail(text: &str, encoded: usize) -> &str {
    let mut weight = 0;
    let start = text.char_indices().rev().find_map(|(at, c)| {
        weight += char_weight(c);
        (weight > encoded).then_some(at + c.len_utf8())
    });
    text.get(start.unwrap_or(0)..).unwrap_or_default()
}

/// The beginning of `text` that takes at most `encoded` bytes as JSON.
pub fn head(text: &str, encoded: usize) -> &str {
    let mut weight = 0;
    let end = text.char_indices().find_map(|(at, c)| {
        weight += char_weight(c);
        (weight > encoded).then_some(at)
    });
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// The last entries of a list, with a count of all there ever were. Its copies share their
/// entries: an epoch is copied before each of its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring<T> {
    entries: VecDeque<Arc<T>>,
    weight: usize,
    total: u64,
    bound: Bound,
}

impl<T: Weigh> Ring<T> {
    /// An empty ring.
    pub const fn new(bound: Bound) -> Self {
        Self {
            entries: VecDeque::new(),
            weight: 0,
            total: 0,
            bound,
        }
    }

    /// A ring that has seen `total` entries and kept these.
    pub fn restore(bound: Bound, entries: impl IntoIterator<Item = T>, total: u64) -> Self {
        let mut ring = Self::new(bound);
        for entry in entries {
            ring.push(entry);
        }
        ring.total = ring.total.max(total);
        ring
    }

    /// Adds an entry; the oldest ones leave until the bound holds.
    pub fn push(&mut self, entry: T) {
        self.weight += entry.weight();
        self.entries.push_back(Arc::new(entry));
        self.total = self.total.saturating_add(1);
        self.forget(0);
    }

    /// Entries ever added.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The entries kept, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.entries.iter().map(Arc::as_ref)
    }

    /// The entry added last.
    pub fn last(&self) -> Option<&T> {
        self.entries.back().map(Arc::as_ref)
    }

    /// Changes the entry added last, if it is kept.
    pub fn change_last(&mut self, change: impl FnOnce(&mut T))
    where
        T: Clone,
    {
        self.change(|_| true, change);
    }

    /// Changes the newest of the kept entries that is meant, if there is one. The oldest ones
    /// leave for what has grown, but the last one stays, however large.
    pub fn change(&mut self, is_meant: impl Fn(&T) -> bool, change: impl FnOnce(&mut T))
    where
        T: Clone,
    {
        let Some(entry) = self.entries.iter_mut().rev().find(|entry| is_meant(entry)) else {
            return;
        };
        let entry = Arc::make_mut(entry);
        self.weight -= entry.weight();
        change(entry);
        self.weight += entry.weight();
        self.forget(1);
    }

    /// The oldest entries leave until the bound holds, or only so many are left.
    fn forget(&mut self, least: usize) {
        while self.entries.len() > least
            && (self.entries.len() > self.bound.count || self.weight > self.bound.bytes)
        {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.weight -= oldest.weight();
        }
    }
}

#[cfg(test)]
mod tests;
