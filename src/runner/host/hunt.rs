//! What a daemon does at its start about the runs of those before it: it ends what nobody
//! will adopt, and clears away what is old.

use std::time::Duration;

use futures::future::join_all;

use super::super::group::{Group, aside};
use super::super::place::Place;
use super::super::{Error, files, tmux};
use super::{Host, free, living};

/// How long a command may take to end at most, whatever it was promised: its daemon is
/// gone, and another waits to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a hunt came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hunted {
    /// Keys of which something still lived, and was ended.
    pub ended: Vec<String>,
    /// Keys that live on in a tmux window, for whoever adopts them.
    pub left: Vec<String>,
    /// How many old runs were cleared away.
    pub removed: usize,
    /// What did not work; the rest was done all the same.
    pub problems: Vec<Error>,
}

enum Found {
    Nothing,
    Ended(String),
    Left(String),
}

impl Host {
    /// Ends every command that a dead daemon has left behind and that nobody can adopt, all
    /// at once, and then [clears away](Self::clear) what is old. Runs that another aurad on
    /// this host is at work on are its own business.
    pub async fn hunt(&self) -> Hunted {
        let mut hunted = Hunted::default();
        let runs = self.directory.clone();
        let places = match aside(move || Place::all(&runs)).await {
            Ok(places) => places,
            Err(error) => {
                hunted.problems.push(error);
                return hunted;
            }
        };
        for found in join_all(places.into_iter().map(look)).await {
            match found {
                Ok(Found::Nothing) => {}
                Ok(Found::Ended(key)) => hunted.ended.push(key),
                Ok(Found::Left(key)) => hunted.left.push(key),
                Err(error) => hunted.problems.push(error),
            }
        }
        let (removed, problems) = self.clear_old().await;
        hunted.removed = removed;
        hunted.problems.extend(problems);
        hunted
    }
}

async fn look(place: Place) -> Result<Found, Error> {
    let Some(_lock) = free(&place).await? else {
        return Ok(Found::Nothing);
    };
    match living(&place).await? {
        Some(record) if record.is_in_window() => Ok(Found::Left(record.key)),
        Some(record) => {
            let group = Group::recorded(&record, &place);
            group.end(record.kill_after().min(PATIENCE)).await?;
            files::remove(&place.record())?;
            Ok(Found::Ended(record.key))
        }
        None => {
            // It was left for a launcher that never came, and may hold secrets.
            files::remove(&place.order())?;
            tmux::take_back(&place)?;
            Ok(Found::Nothing)
        }
    }
}
