//! What can be done with a file from outside of the engine. Only `compact` needs it for
//! itself; the others read, each from one moment, while an engine writes. How an answer is
//! shown is up to the caller.

mod backup;
mod check;
mod compact;
mod export;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{Error, file, schema};

pub(in crate::embedded) use backup::backup;
pub(in crate::embedded) use check::check;
#[cfg(test)]
pub(in crate::embedded) use check::{Problem, Report};
pub(in crate::embedded) use compact::compact;
pub(in crate::embedded) use export::export_history;

/// Opens a file of the engine, as this code writes it, to read it.
fn open(path: &Path) -> Result<(PathBuf, Connection), Error> {
    let path = file::find(path)?;
    let connection = file::open_to_read(&path).map_err(|error| Error::of_sqlite(&path, &error))?;
    schema::expect_current(&connection, &path)?;
    Ok((path, connection))
}
