//! Gives all free room of the file back to the file system. That rewrites it, so no engine
//! may run, and for a while it takes its size once more.

use std::path::Path;

use super::{Error, file, schema};
use crate::embedded::store::Synchronous;
use crate::embedded::store::lock::Lock;

/// Sizes in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) struct Compacted {
    /// As it was.
    pub(in crate::embedded) before: u64,
    /// As it is.
    pub(in crate::embedded) after: u64,
}

/// Rewrites the file without its free room.
pub(in crate::embedded) fn compact(path: &Path) -> Result<Compacted, Error> {
    let path = file::find(path)?;
    let _lock = Lock::take(&path)?;
    let connection = file::open_to_write(&path, Synchronous::Full)?;
    schema::expect_current(&connection, &path)?;
    let fail = |error| Error::of_sqlite(&path, &error);
    let empty_log = || connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    let size = || {
        path.metadata()
            .map(|metadata| metadata.len())
            .map_err(|error| file::of_system(&path, &error))
    };
    // What is only in the log counts too.
    empty_log().map_err(fail)?;
    let before = size()?;
    connection.execute_batch("VACUUM").map_err(fail)?;
    empty_log().map_err(fail)?;
    connection.close().map_err(|(_, error)| fail(error))?;
    Ok(Compacted {
        before,
        after: size()?,
    })
}
