//! Who came last for a key in this process. The lock keeps two apart; this tells the one
//! who has it, or waits for it, that a later one wants it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// All keys that somebody works on.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    keys: Arc<Mutex<BTreeMap<String, Entry>>>,
}

#[derive(Debug)]
struct Entry {
    /// The number of the one who came last.
    latest: watch::Sender<u64>,
    users: usize,
}

/// One who works on a key, or is about to; until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    turns: Turns,
    key: String,
    number: u64,
    latest: watch::Receiver<u64>,
}

impl Turns {
    /// The next turn of a key. All earlier ones are superseded by it.
    pub(super) fn take(&self, key: &str) -> Turn {
        let mut keys = self.lock();
        let entry = keys.entry(key.to_owned()).or_insert_with(|| Entry {
            latest: watch::Sender::new(0),
            users: 0,
        });
        entry.users += 1;
        entry.latest.send_modify(|number| *number += 1);
        let latest = entry.latest.subscribe();
        let number = *latest.borrow();
        Turn {
            turns: self.clone(),
            key: key.to_owned(),
            number,
            latest,
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        // Nothing that can panic happens with it held.
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Waits until a later one has come.
    pub(super) async fn superseded(&mut self) {
        let number = self.number;
        if self
            .latest
            .wait_for(|latest| *latest > number)
            .await
            .is_err()
        {
            // The entry stays as long as this turn does, so there is nobody to tell.
            std::future::pending::<()>().await;
        }
    }

    /// If nobody else in this process works on the key: then it is another process.
    pub(super) fn is_alone(&self) -> bool {
        let keys = self.turns.lock();
        keys.get(&self.key).is_none_or(|entry| entry.users <= 1)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut keys = self.turns.lock();
        if let Some(entry) = keys.get_mut(&self.key) {
            entry.users -= 1;
            if entry.users == 0 {
                keys.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn a_later_turn_supersedes_all_earlier_ones_of_its_key_alone() {
        let turns = Turns::default();
        let mut first = turns.take("a");
        let mut other = turns.take("b");
        assert!(first.is_alone());
        assert!(first.superseded().now_or_never().is_none());
        let mut second = turns.take("a");
        assert!(!first.is_alone());
        assert!(first.superseded().now_or_never().is_some());
        assert!(second.superseded().now_or_never().is_none());
        assert!(other.superseded().now_or_never().is_none());
        drop(second);
        assert!(first.is_alone());
        drop((first, other));
        assert!(turns.lock().is_empty());
    }
}
