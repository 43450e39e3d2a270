//! What may happen a thousand times a second is logged once a minute.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

const EVERY: Duration = Duration::from_mins(1);

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
        self.due_at(key, Instant::now())
    }

    fn due_at(&self, key: K, now: Instant) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_minute_for_each() {
        let seldom = Seldom::new();
        let begin = Instant::now();
        let due = |key, seconds| seldom.due_at(key, begin + Duration::from_secs(seconds));
        assert!(due(1, 0));
        assert!(!due(1, 0));
        assert!(due(2, 1));
        assert!(!due(1, 59));
        assert!(due(1, 60));
        assert!(!due(1, 61));
        assert!(due(2, 61));
    }

    #[test]
    fn it_does_not_grow() {
        let seldom = Seldom::new();
        for key in 0..10 * KEYS {
            assert!(seldom.due(key));
        }
        assert!(seldom.0.lock().unwrap().len() <= KEYS);
    }
}
