//! The lines a process writes, collected while it runs so that tests can wait
//! for one. It deliberately doesn't interpret them: a pattern is a plain
//! substring, so that a test says exactly what it waits for.

use std::{
    io::{BufRead, BufReader, Read},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// Lines read so far from one or more streams; clones share them.
#[derive(Clone, Default)]
pub struct Lines(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<String>,
    open_streams: usize,
}

/// Why a line was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The time was up.
    TimedOut,
    /// Every stream has ended, so that the line can never come.
    Ended,
}

impl Lines {
    /// Reads `stream` to its end in a thread of its own.
    pub fn collect(&self, stream: impl Read + Send + 'static) {
        self.state().open_streams += 1;
        let lines = self.clone();
        thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut buffer = Vec::new();
            while matches!(reader.read_until(b'\n', &mut buffer), Ok(1..)) {
                let line = String::from_utf8_lossy(&buffer).trim_end().to_owned();
                buffer.clear();
                lines.state().lines.push(line);
                lines.0.changed.notify_all();
            }
            lines.state().open_streams -= 1;
            lines.0.changed.notify_all();
        });
    }

    /// Waits for the first line at or after position `from` that contains
    /// `pattern`.
    pub fn wait_for(&self, from: usize, pattern: &str, limit: Duration) -> Result<String, Missing> {
        let mut next = from;
        self.wait(limit, |state| {
            let unread = state.lines.get(next..).unwrap_or_default();
            let found = unread.iter().find(|line| line.contains(pattern)).cloned();
            next = next.max(state.lines.len());
            match found {
                Some(line) => Some(Ok(line)),
                None if state.open_streams == 0 => Some(Err(Missing::Ended)),
                None => None,
            }
        })
        .unwrap_or(Err(Missing::TimedOut))
    }

    /// Waits until every stream has ended; says whether they have.
    pub fn wait_end(&self, limit: Duration) -> bool {
        self.wait(limit, |state| (state.open_streams == 0).then_some(()))
            .is_some()
    }

    /// All lines so far.
    pub fn all(&self) -> Vec<String> {
        self.state().lines.clone()
    }

    /// The last `count` lines.
    pub fn tail(&self, count: usize) -> Vec<String> {
        let state = self.state();
        state.lines[state.lines.len().saturating_sub(count)..].to_vec()
    }

    /// How many lines there are: the position of the next one.
    pub fn len(&self) -> usize {
        self.state().lines.len()
    }

    fn wait<T>(&self, limit: Duration, mut look: impl FnMut(&State) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + limit;
        let mut state = self.state();
        loop {
            if let Some(value) = look(&state) {
                return Some(value);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            let waited = self.0.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    // A thread that panicked leaves whole lines behind, which a failing test
    // still wants to print.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
