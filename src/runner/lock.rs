//! Who works on a key: an exclusive lock of the system on a file in the key's directory. It
//! goes when the last process that holds it open does, however that ends. A daemon holds
//! it, and hands it to its launcher, which holds it until the command is recorded; the
//! command itself does not have it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::process::Stdio;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::Error;
use super::place::Place;

/// A lock that is held; dropping it lets go of it.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of a place, which it makes if needed; none if somebody has it.
    pub(super) fn take(place: &Place) -> Result<Option<Self>, Error> {
        let path = place.lock();
        loop {
            place.prepare()?;
            let opened = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&path);
            let file = match opened {
                Ok(file) => file,
                // Its directory was cleared away a moment ago.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Error::records(&path, &error)),
            };
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => return Ok(None),
                Err(Errno::INTR) => continue,
                Err(error) => return Err(Error::records(&path, &error.into())),
            }
            // Its last owner may have removed it between the opening and the locking.
            let in_place = match (fs::symlink_metadata(&path), file.metadata()) {
                (Ok(there), Ok(held)) => (there.dev(), there.ino()) == (held.dev(), held.ino()),
                _ => false,
            };
            if in_place {
                return Ok(Some(Self { file }));
            }
        }
    }

    /// The same lock, for a launcher's standard input: it is free again when both are
    /// closed.
    pub(super) fn share(&self) -> io::Result<Stdio> {
        Ok(Stdio::from(self.file.try_clone()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_at_a_time_and_also_the_one_it_was_shared_with() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path(), "key");
        let first = Lock::take(&place).unwrap().expect("it is free");
        assert!(Lock::take(&place).unwrap().is_none());
        let shared = first.share().unwrap();
        drop(first);
        assert!(Lock::take(&place).unwrap().is_none());
        drop(shared);
        assert!(Lock::take(&place).unwrap().is_some());
    }

    #[test]
    fn the_lock_of_a_directory_that_was_removed_is_not_taken_for_the_new_ones() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::of(folder.path(), "key");
        let old = Lock::take(&place).unwrap().expect("it is free");
        fs::remove_dir_all(place.directory()).unwrap();
        let new = Lock::take(&place).unwrap().expect("it is another file");
        drop(old);
        assert!(Lock::take(&place).unwrap().is_none());
        drop(new);
    }
}
