//! The files by which a daemon and a launcher in a window speak with each other, beside
//! the record. They outlive both, so that a daemon that comes later finds what an earlier
//! one began.
//!
//! | file | written by | says |
//! |---|---|---|
//! | `order-ID` | the daemon, before it opens the window | what to run; the launcher takes it away |
//! | `go-ID` | the daemon, when the window is prepared | that it may begin |
//! | the record | the launcher, out of `go-ID` | that it has begun, and in which process group |
//! | `status.json` | the launcher | how the command ended |
//!
//! A launcher in a window is tmux's child and cannot be handed the key's lock. Instead it
//! makes the record by writing into `go-ID` and renaming it. So a daemon that holds the
//! lock and removes `go-ID` knows afterwards which it is: the command has begun, or it
//! never will.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::runner::launch::Order;
use crate::runner::place::Place;
use crate::runner::record::Record;
use crate::runner::{Error, files};

const GO: &str = "go-";
const ORDER: &str = "order-";

/// How a command in a window ended.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// It exited with this code.
    Exited(i32),
    /// This signal ended it.
    Signalled(i32),
    /// It could not be started.
    NotStarted(Error),
    /// Its window was closed, which ended it.
    Closed,
}

// The daemon's side.

/// Leaves an order to the launcher that is given its id.
pub(super) fn put_order(place: &Place, id: &str, order: &Order) -> Result<(), Error> {
    files::replace_json(&named(place, ORDER, id), order)
}

/// Lets a launcher begin.
pub(super) fn let_go(place: &Place, id: &str) -> Result<(), Error> {
    files::create(&named(place, GO, id)).map(drop)
}

/// Takes back whatever was ordered and has not begun. Afterwards there is a record, or
/// nothing will ever begin.
pub(in crate::runner) fn take_back(place: &Place) -> Result<(), Error> {
    let directory = place.directory();
    let entries = fs::read_dir(directory).map_err(|error| Error::records(directory, &error))?;
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(GO) || name.starts_with(ORDER) {
            files::remove(&entry.path())?;
        }
    }
    Ok(())
}

/// How the command ended; none while it runs, or if its launcher could not say.
pub(super) fn status(place: &Place) -> Result<Option<Status>, Error> {
    let path = status_path(place);
    files::read_json(&path).map_err(|error| Error::records(&path, &error))
}

/// Makes sure that no earlier end is taken for a later command's.
pub(super) fn clear(place: &Place) -> Result<(), Error> {
    files::remove(&status_path(place))
}

// The launcher's side.

/// Takes the order away: there may be secrets in it.
pub(super) fn take_order(place: &Place, id: &str) -> io::Result<Order> {
    let path = named(place, ORDER, id);
    let order: Option<Order> = files::read_json(&path)?;
    fs::remove_file(path)?;
    order.ok_or_else(|| ErrorKind::NotFound.into())
}

/// Whether the command may begin; if so, the record is there when this returns.
pub(super) fn begin(place: &Place, id: &str, record: &Record) -> io::Result<bool> {
    let go = named(place, GO, id);
    let begun = OpenOptions::new()
        .write(true)
        .open(&go)
        .and_then(|mut file| {
            file.write_all(&serde_json::to_vec(record)?)?;
            file.sync_data()?;
            fs::rename(&go, place.record())
        });
    match begun {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Says how the command ended, as a whole or not at all.
pub(super) fn put_status(place: &Place, status: &Status) -> Result<(), Error> {
    files::replace_json(&status_path(place), status)
}

fn named(place: &Place, kind: &str, id: &str) -> PathBuf {
    place.directory().join(format!("{kind}{id}"))
}

fn status_path(place: &Place) -> PathBuf {
    place.directory().join("status.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::How;
    use crate::runner::group::Identity;

    fn place(folder: &tempfile::TempDir) -> (Place, Record) {
        let place = Place::of(folder.path(), "key");
        place.prepare().unwrap();
        let record = Record {
            key: "key".to_owned(),
            run: "run".to_owned(),
            owner: "owner".to_owned(),
            how: How::Subprocess,
            identity: Identity::of_test(),
            kill_after_ms: 1,
        };
        (place, record)
    }

    #[test]
    fn who_was_let_go_begins_once_and_is_on_record() {
        let folder = tempfile::tempdir().unwrap();
        let (place, record) = place(&folder);
        assert!(!begin(&place, "a", &record).unwrap(), "not before it may");
        let_go(&place, "a").unwrap();
        assert!(!begin(&place, "b", &record).unwrap(), "nobody else may");
        assert!(begin(&place, "a", &record).unwrap());
        assert_eq!(Record::read(&place), Ok(Some(record.clone())));
        assert!(!begin(&place, "a", &record).unwrap());
        take_back(&place).unwrap();
        assert_eq!(Record::read(&place), Ok(Some(record)), "it has begun");
    }

    #[test]
    fn what_was_taken_back_never_begins() {
        let folder = tempfile::tempdir().unwrap();
        let (place, record) = place(&folder);
        let_go(&place, "a").unwrap();
        fs::write(named(&place, ORDER, "a"), "secret").unwrap();
        take_back(&place).unwrap();
        assert!(!begin(&place, "a", &record).unwrap());
        assert_eq!(Record::read(&place), Ok(None));
        assert!(take_order(&place, "a").is_err());
        let left = fs::read_dir(place.directory()).unwrap().flatten();
        let left: Vec<PathBuf> = left.map(|file| file.path()).collect();
        assert_eq!(left, [place.work()]);
    }

    #[test]
    fn every_end_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let (place, _) = place(&folder);
        assert_eq!(status(&place), Ok(None));
        let error = Error::NotFound {
            program: "p".to_owned(),
            detail: "d".to_owned(),
        };
        for end in [
            Status::Exited(3),
            Status::Signalled(9),
            Status::NotStarted(error),
            Status::Closed,
        ] {
            put_status(&place, &end).unwrap();
            assert_eq!(status(&place), Ok(Some(end)));
        }
        clear(&place).unwrap();
        assert_eq!(status(&place), Ok(None));
    }
}
