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
    /// Who came last.
    latest: watch::Sender<Latest>,
    users: usize,
}

#[derive(Debug, Default)]
struct Latest {
    number: u64,
    /// What they want; none if it is the end of whatever there is.
    run: Option<String>,
}

/// One who works on a key, or is about to; until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    turns: Turns,
    key: String,
    number: u64,
    run: Option<String>,
    latest: watch::Receiver<Latest>,
}

impl Turns {
    /// The next turn of a key, for this run, or to end what there is. All earlier turns are
    /// superseded by it.
    pub(super) fn take(&self, key: &str, run: Option<&str>) -> Turn {
        let mut keys = self.lock();
        let entry = keys.entry(key.to_owned()).or_insert_with(|| Entry {
            latest: watch::Sender::default(),
            users: 0,
        });
        entry.users += 1;
        let run = run.map(str::to_owned);
        entry.latest.send_modify(|latest| {
            latest.number += 1;
            latest.run.clone_from(&run);
        });
        let latest = entry.latest.subscribe();
        let number = latest.borrow().number;
        Turn {
            turns: self.clone(),
            key: key.to_owned(),
            number,
            run,
            latest,
        }
    }

    /// If anybody in this process works on a key.
    pub(super) fn is_taken(&self, key: &str) -> bool {
        self.lock().contains_key(key)
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
            .wait_for(|latest| latest.number > number)
            .await
            .is_err()
        {
            // The entry stays as long as this turn does, so there is nobody to tell.
            std::future::pending::<()>().await;
        }
    }

    /// What this turn was taken for; none for an end.
    pub(super) fn run(&self) -> Option<&str> {
        self.run.as_deref()
    }

    /// If who came last asks for something else, so that this turn's command is in the way.
    /// Who came to end it ends it themselves.
    pub(super) fn is_in_the_way(&self) -> bool {
        let latest = self.latest.borrow();
        latest.run.is_some() && latest.run != self.run
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
        let mut first = turns.take("a", Some("1"));
        let mut other = turns.take("b", Some("1"));
        assert!(first.is_alone());
        assert!(first.superseded().now_or_never().is_none());
        let mut second = turns.take("a", Some("1"));
        assert!(!first.is_alone());
        assert!(first.superseded().now_or_never().is_some());
        assert!(second.superseded().now_or_never().is_none());
        assert!(other.superseded().now_or_never().is_none());
        drop(second);
        assert!(first.is_alone());
        drop((first, other));
        assert!(turns.lock().is_empty());
    }

    #[test]
    fn a_turn_is_in_the_way_of_another_run_and_not_of_an_end() {
        let turns = Turns::default();
        let first = turns.take("a", Some("1"));
        assert!(!first.is_in_the_way() && turns.is_taken("a"));
        let same = turns.take("a", Some("1"));
        assert!(!first.is_in_the_way());
        let other = turns.take("a", Some("2"));
        assert!(first.is_in_the_way() && same.is_in_the_way() && !other.is_in_the_way());
        let end = turns.take("a", None);
        assert!(!first.is_in_the_way() && !other.is_in_the_way());
        drop((first, same, other, end));
        assert!(!turns.is_taken("a"));
    }
}
