//! Windows that go on while nobody in this process has to do with them. Whether anybody
//! still wants them is known to the caller, who knows their owners.

use futures::future::join_all;

use super::super::Error;
use super::super::files;
use super::super::group::{Group, aside};
use super::super::lock::Lock;
use super::super::place::Place;
use super::super::record::Record;
use super::{Host, free, living};

/// A command that goes on in its window, unwatched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The key it was started under.
    pub key: String,
    /// Who asked for it: the [`owner`](super::super::Job::owner) of its job.
    pub owner: String,
    /// What it was to do: the [`run`](super::super::Job::run) of its job.
    pub run: String,
}

impl Host {
    /// All commands that live in windows, and that neither a run of this process nor another
    /// aurad has to do with. What cannot be read is passed over, with a warning. One may be
    /// missing whose lock was in other hands for a moment: ask again later.
    pub async fn left(&self) -> Vec<Left> {
        let runs = self.directory.clone();
        let places = match aside(move || Place::all(&runs)).await {
            Ok(places) => places,
            Err(error) => {
                tracing::warn!(%error, "windows without a daemon cannot be looked for");
                return Vec::new();
            }
        };
        let found = join_all(places.iter().map(|place| self.unwatched(place))).await;
        found
            .into_iter()
            .filter_map(|found| match found {
                Ok(found) => found.map(|(record, _lock)| Left {
                    key: record.key,
                    owner: record.owner,
                    run: record.run,
                }),
                Err(error) => {
                    tracing::warn!(%error, "it cannot be told whether a window goes on");
                    None
                }
            })
            .collect()
    }

    /// Ends a command that was found to be left, unless somebody has taken it over since, or
    /// something else is there by now; says whether it was ended. Other than
    /// [`end`](Self::end) it takes nothing away from a run that has just come.
    pub async fn end_left(&self, left: &Left) -> Result<bool, Error> {
        let place = Place::of(&self.directory, &left.key);
        if !place.lock().exists() {
            return Ok(false);
        }
        let Some((record, _lock)) = self.unwatched(&place).await? else {
            return Ok(false);
        };
        if record.run != left.run || record.owner != left.owner {
            return Ok(false);
        }
        Group::recorded(&record, &place)
            .end(record.kill_after())
            .await?;
        files::remove(&place.record())?;
        Ok(true)
    }

    /// What goes on in the window of a place, if nobody has to do with it. The lock keeps
    /// others off as long as it is held.
    async fn unwatched(&self, place: &Place) -> Result<Option<(Record, Lock)>, Error> {
        let Some(lock) = free(place).await? else {
            return Ok(None);
        };
        let record = living(place).await?;
        Ok(record
            .filter(|record| record.is_in_window() && !self.turns.is_taken(&record.key))
            .map(|record| (record, lock)))
    }
}
