//! What a daemon does at its start about the runs of those before it: it ends what nobody
//! will adopt, and clears away what is old.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use futures::future::join_all;

use super::super::group::{Group, aside};
use super::super::lock::Lock;
use super::super::place::Place;
use super::super::{Error, How, files, tmux};
use super::{Host, living};

/// How long the log of a run is kept after the last thing that happened to it.
const RETENTION: Duration = Duration::from_hours(7 * 24);

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
    Removed,
}

impl Host {
    /// Ends every command that a dead daemon has left behind and that nobody can adopt,
    /// and removes runs of which nothing was heard for a week. Runs that another aurad on
    /// this host is at work on are its own business.
    pub async fn hunt(&self) -> Hunted {
        let mut hunted = Hunted::default();
        let runs = self.directory.clone();
        let places = match aside(move || places(&runs)).await {
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
                Ok(Found::Removed) => hunted.removed += 1,
                Err(error) => hunted.problems.push(error),
            }
        }
        hunted
    }
}

fn places(runs: &PathBuf) -> Result<Vec<Place>, Error> {
    let entries = match fs::read_dir(runs) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::records(runs, &error)),
    };
    Ok(entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        // What has no lock in it was not made here.
        .map(|entry| Place::at(entry.path()))
        .filter(|place| place.lock().exists())
        .collect())
}

async fn look(place: Place) -> Result<Found, Error> {
    let there = place.clone();
    let Some(_lock) = aside(move || Lock::take(&there)).await? else {
        return Ok(Found::Nothing);
    };
    match living(&place).await? {
        Some(record) if record.how == How::Subprocess => {
            let group = Group::recorded(&record, &place);
            group.end(record.kill_after()).await?;
            files::remove(&place.record())?;
            Ok(Found::Ended(record.key))
        }
        Some(record) => Ok(Found::Left(record.key)),
        None => {
            // It was left for a launcher that never came, and may hold secrets.
            files::remove(&place.order())?;
            tmux::take_back(&place)?;
            aside(move || clear_away(&place)).await
        }
    }
}

fn clear_away(place: &Place) -> Result<Found, Error> {
    let now = SystemTime::now();
    let is_old = |path: PathBuf| {
        let touched = fs::metadata(path).and_then(|file| file.modified());
        touched.map_or(true, |at| {
            now.duration_since(at).is_ok_and(|age| age > RETENTION)
        })
    };
    // Every run writes its request, and most of them their log.
    if !is_old(place.request()) || !is_old(place.log()) {
        return Ok(Found::Nothing);
    }
    let directory = place.directory();
    fs::remove_dir_all(directory).map_err(|error| Error::records(directory, &error))?;
    Ok(Found::Removed)
}
