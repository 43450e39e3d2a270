//! Small files that are there whole or not at all, and readable by their owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Error;

/// Creates a file that only its owner can read. Who follows a link there is not fooled:
/// the directory is closed to others.
pub(super) fn create(path: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| Error::records(path, &error))
}

/// Puts these bytes there, for good, in one step: a reader sees the old file or the new.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), Error> {
    let aside = path.with_extension("new");
    let written = create(&aside)?.write_and_sync(content);
    written
        .and_then(|()| fs::rename(&aside, path))
        .map_err(|error| Error::records(path, &error))
}

/// As [`replace`], in JSON.
pub(super) fn replace_json(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let content = serde_json::to_vec(value).map_err(|error| Error::records(path, &error.into()))?;
    replace(path, &content)
}

/// What lies there in JSON; none if there is no file.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    match fs::read(path) {
        Ok(content) => serde_json::from_slice(&content)
            .map(Some)
            .map_err(|error| io::Error::new(ErrorKind::InvalidData, error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::records(path, &error)),
        _ => Ok(()),
    }
}

trait WriteAndSync {
    fn write_and_sync(self, content: &[u8]) -> io::Result<()>;
}

impl WriteAndSync for File {
    fn write_and_sync(mut self, content: &[u8]) -> io::Result<()> {
        self.write_all(content)?;
        self.sync_data()
    }
}
