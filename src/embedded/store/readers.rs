//! A few connections that can only read, kept open between reads. Each read sees what was
//! committed before it, and holds up neither the writer nor, up to their number, another.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::{Error, file};

/// Connections at most; whoever comes then waits.
const READERS: usize = 8;

/// The connections.
pub(super) struct Readers {
    path: PathBuf,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    busy: usize,
    closed: bool,
}

impl Readers {
    /// None yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            pool: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    /// Reads with one of them.
    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let mut turn = self.turn()?;
        let fail = |error| Error::of_sqlite(&self.path, &error);
        let connection = match turn.connection.take() {
            Some(connection) => connection,
            None => file::open_to_read(&self.path).map_err(fail)?,
        };
        let answer = read(&connection).map_err(fail)?;
        // After an error it is not used again.
        turn.connection = Some(connection);
        Ok(answer)
    }

    /// No reads any more; those that run go on.
    pub(super) fn close(&self) {
        let mut pool = self.pool();
        pool.closed = true;
        pool.idle.clear();
        self.returned.notify_all();
    }

    fn turn(&self) -> Result<Turn<'_>, Error> {
        let mut pool = self
            .returned
            .wait_while(self.pool(), |pool| pool.busy >= READERS && !pool.closed)
            .unwrap_or_else(PoisonError::into_inner);
        if pool.closed {
            return Err(Error::Closed {
                path: self.path.clone(),
            });
        }
        pool.busy += 1;
        Ok(Turn {
            readers: self,
            connection: pool.idle.pop(),
        })
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to use a connection, which is given back in any case.
struct Turn<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool();
        pool.busy -= 1;
        if !pool.closed {
            pool.idle.extend(self.connection.take());
        }
        self.readers.returned.notify_one();
    }
}
