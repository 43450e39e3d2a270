//! One process per file: an exclusive lock of the system on `<file>.lock`, which names its
//! owner. The lock goes when its process does, however it ends; the file beside the
//! database goes at an orderly end. `SQLite`'s own locks are not enough: they are held for
//! a transaction, and the engine's memory must be right for longer.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::Error;

/// A lock that is held.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Closing it gives the lock back.
    file: File,
}

impl Lock {
    /// Takes the lock of this database, or says who has it.
    pub(super) fn take(database: &Path) -> Result<Self, Error> {
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let fail = |detail: String| Error::Lock {
            path: path.clone(),
            detail,
        };
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&path)
                .map_err(|error| match error.kind() {
                    ErrorKind::ReadOnlyFilesystem => Error::ReadOnly {
                        path: database.to_owned(),
                        detail: error.to_string(),
                    },
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::Full {
                        path: database.to_owned(),
                    },
                    _ => fail(error.to_string()),
                })?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => {
                    return Err(Error::Locked {
                        path: database.to_owned(),
                        pid: owner(&mut file),
                    });
                }
                Err(Errno::INTR) => continue,
                Err(error) => return Err(fail(error.to_string())),
            }
            let lock = Self {
                path: path.clone(),
                file,
            };
            // Its last owner may have removed it between the opening and the locking.
            if lock.is_in_place() {
                lock.sign();
                return Ok(lock);
            }
        }
    }

    /// Names the owner. That is only for the message to others, so a full disk does not
    /// stop it here.
    fn sign(&self) {
        let mut file = &self.file;
        let signed = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        if let Err(error) = signed {
            tracing::warn!(path = %self.path.display(), %error, "the lock could not be signed");
        }
    }

    fn is_in_place(&self) -> bool {
        let there = fs::symlink_metadata(&self.path);
        let held = self.file.metadata();
        matches!((there, held), (Ok(there), Ok(held))
            if (there.dev(), there.ino()) == (held.dev(), held.ino()))
    }
}

impl Drop for Lock {
    /// Removes the file while the lock is held; whoever waits for it sees that it is gone.
    fn drop(&mut self) {
        if self.is_in_place() {
            // A file that stays is taken over by the next owner.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn owner(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
