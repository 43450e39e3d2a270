//! What may happen a thousand times a second is logged once a minute.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

const EVERY: Duration = Duration::from_secs(60);

/// More keys than a machine has users; whoever has more starts anew.
const KEYS: usize = 1024;

/// When something was last logged, by what it was about.
#[derive(Debug)]
pub(super) struct Seldom<K>(Mutex<BTreeMap<K, Instant>>);

impl<K: Ord> Seldom<K> {
    pub(super) fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// Whether to log it now.
    pub(super) fn due(&self, key: K) -> bool {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.get(&key).is_some_and(|last| now - *last < EVERY) {
            return false;
        }
        if last.len() >= KEYS {
            last.clear();
        }
        last.insert(key, now);
        true
    }
}
