//! What was started under a key, in a file that outlives the daemon: enough to find it
//! again, and to be sure that it is it. The launcher writes it before it becomes the
//! command.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::group::Identity;
use super::place::Place;
use super::{Error, How, files};

/// What was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The key it was started under.
    pub(super) key: String,
    /// What it was to do; empty in a record from before there was this.
    #[serde(default)]
    pub(super) run: String,
    /// Who asked for it, in the caller's words.
    #[serde(default)]
    pub(super) owner: String,
    /// Where it runs.
    pub(super) how: How,
    /// Its processes.
    pub(super) identity: Identity,
    /// From SIGTERM to SIGKILL, in milliseconds, for whoever finds it.
    pub(super) kill_after_ms: u64,
}

impl Record {
    /// Puts it into its place, for good.
    pub(super) fn write(&self, place: &Place) -> Result<(), Error> {
        files::replace_json(&place.record(), self)
    }

    /// What lies in a place; none if nothing was started. A file that makes no sense was
    /// not written by us, as ours are written in one step: it is reported and passed over,
    /// for there is nobody in it who could be signalled.
    pub(super) fn read(place: &Place) -> Result<Option<Self>, Error> {
        let path = place.record();
        match files::read_json(&path) {
            Ok(found) => Ok(found),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                tracing::warn!(path = %path.display(), %error, "a record cannot be understood");
                Ok(None)
            }
            Err(error) => Err(Error::records(&path, &error)),
        }
    }

    /// If it runs in a window.
    pub(super) fn is_in_window(&self) -> bool {
        self.how != How::Subprocess
    }

    /// If it can be taken for what a job asks for, to be watched to its end.
    pub(super) fn is_adoptable(&self, run: &str) -> bool {
        self.is_in_window() && self.run == run
    }

    /// From SIGTERM to SIGKILL.
    pub(super) fn kill_after(&self) -> Duration {
        Duration::from_millis(self.kill_after_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written_and_nonsense_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path(), "key");
        place.prepare().unwrap();
        assert_eq!(Record::read(&place), Ok(None));
        let record = Record {
            key: "key".to_owned(),
            run: "run".to_owned(),
            owner: "owner".to_owned(),
            how: How::Tmux {
                session: "aura".to_owned(),
                window: "s1".to_owned(),
            },
            identity: Identity::of_test(),
            kill_after_ms: 1500,
        };
        record.write(&place).unwrap();
        assert_eq!(Record::read(&place), Ok(Some(record)));
        for nonsense in ["", "{", "{}", "[1]"] {
            std::fs::write(place.record(), nonsense).unwrap();
            assert_eq!(Record::read(&place), Ok(None), "{nonsense}");
        }
    }

    #[test]
    fn a_record_from_before_there_were_runs_is_nobodys_who_asks_for_one() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path(), "key");
        place.prepare().unwrap();
        let identity = serde_json::to_value(Identity::of_test()).unwrap();
        let old = serde_json::json!({
            "key": "key",
            "how": {"tmux": {"session": "aura", "window": "s1"}},
            "identity": identity,
            "kill_after_ms": 1500,
        });
        std::fs::write(place.record(), old.to_string()).unwrap();
        let record = Record::read(&place).unwrap().expect("it is understood");
        assert!(record.is_in_window() && !record.is_adoptable("run"));
    }
}
