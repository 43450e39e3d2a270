//! What is old is cleared away: logs and requests of runs that nobody has heard of for long.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use futures::future::join_all;

use super::super::Error;
use super::super::group::aside;
use super::super::place::Place;
use super::{Host, free, living};

/// How long the log of a run is kept after the last thing that happened to it.
const RETENTION: Duration = Duration::from_hours(7 * 24);

impl Host {
    /// Removes runs of which nothing was heard for a week, and says how many. One whose
    /// command lives, or that anybody is at work on, stays. What cannot be removed is left
    /// for the next time, with a warning.
    pub async fn clear(&self) -> usize {
        let (removed, problems) = self.clear_old().await;
        for error in problems {
            tracing::warn!(%error, "an old run could not be cleared away");
        }
        removed
    }

    /// As [`Self::clear`], with what did not work.
    pub(super) async fn clear_old(&self) -> (usize, Vec<Error>) {
        let runs = self.directory.clone();
        let places = match aside(move || Place::all(&runs)).await {
            Ok(places) => places,
            Err(error) => return (0, vec![error]),
        };
        let mut removed = 0;
        let mut problems = Vec::new();
        for cleared in join_all(places.into_iter().map(clear)).await {
            match cleared {
                Ok(true) => removed += 1,
                Ok(false) => {}
                Err(error) => problems.push(error),
            }
        }
        (removed, problems)
    }
}

/// Clears a place away, if it is old and still; says if it did.
async fn clear(place: Place) -> Result<bool, Error> {
    if !is_old(&place) {
        return Ok(false);
    }
    let Some(_lock) = free(&place).await? else {
        return Ok(false);
    };
    // Somebody may have been there in between.
    if living(&place).await?.is_some() || !is_old(&place) {
        return Ok(false);
    }
    aside(move || {
        let directory = place.directory();
        fs::remove_dir_all(directory).map_err(|error| Error::records(directory, &error))
    })
    .await?;
    Ok(true)
}

/// If nothing was heard of it for long. Every run writes its request, and most of them
/// their log.
fn is_old(place: &Place) -> bool {
    let now = SystemTime::now();
    let is_old = |path: PathBuf| {
        let touched = fs::metadata(path).and_then(|file| file.modified());
        touched.map_or(true, |at| {
            now.duration_since(at).is_ok_and(|age| age > RETENTION)
        })
    };
    is_old(place.request()) && is_old(place.log())
}
