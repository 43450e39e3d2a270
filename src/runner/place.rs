//! Where everything about a key lies: one directory, which only this user can enter.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::{Error, digest, files};

/// How much of a key can be read in the name of its directory.
const READABLE: usize = 48;

/// How many digits of the key's hash follow.
const HASH: usize = 16;

/// The directory of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    directory: PathBuf,
}

impl Place {
    /// The place of a key below the directory of all runs. Nothing is made yet.
    pub(super) fn of(runs: &Path, key: &str) -> Self {
        Self::at(runs.join(name_of(key)))
    }

    /// The place that is this directory.
    pub(super) fn at(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// All places below the directory of all runs.
    pub(super) fn all(runs: &Path) -> Result<Vec<Self>, Error> {
        let entries = match fs::read_dir(runs) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::records(runs, &error)),
        };
        Ok(entries
            .flatten()
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            // What has no lock in it was not made here.
            .map(|entry| Self::at(entry.path()))
            .filter(|place| place.lock().exists())
            .collect())
    }

    /// Makes the directory, and those above it, and closes it to others.
    pub(super) fn prepare(&self) -> Result<(), Error> {
        let runs = self.directory.parent().unwrap_or(&self.directory);
        close(runs)?;
        close(&self.directory)?;
        close(&self.work())
    }

    /// The directory itself.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Held by whoever works on the key.
    pub(super) fn lock(&self) -> PathBuf {
        self.directory.join("lock")
    }

    /// What the launcher is to do; it takes the file away.
    pub(super) fn order(&self) -> PathBuf {
        self.directory.join("order.json")
    }

    /// What was started.
    pub(super) fn record(&self) -> PathBuf {
        self.directory.join("record.json")
    }

    /// Why the launcher could not become the command.
    pub(super) fn failure(&self) -> PathBuf {
        self.directory.join("failure.json")
    }

    /// The command's input.
    pub(super) fn request(&self) -> PathBuf {
        self.directory.join("request")
    }

    /// The command's output.
    pub(super) fn log(&self) -> PathBuf {
        self.directory.join("log")
    }

    /// Where a command runs that names no directory: not among the files above.
    pub(super) fn work(&self) -> PathBuf {
        self.directory.join("work")
    }

    /// The output of the attempt before.
    pub(super) fn previous_log(&self) -> PathBuf {
        self.directory.join("log.previous")
    }

    /// Keeps the log of an earlier attempt apart, and makes sure that nothing else of it
    /// is taken for this one's.
    pub(super) fn clear(&self) -> Result<(), Error> {
        files::remove(&self.failure())?;
        files::remove(&self.record())?;
        let log = self.log();
        match fs::rename(&log, self.previous_log()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::records(&log, &error))
            }
            _ => Ok(()),
        }
    }
}

/// A name for the directory: what can be read of the key, and what tells it from others.
fn name_of(key: &str) -> String {
    let readable: String = key
        .chars()
        .take(READABLE)
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => c,
            _ => '-',
        })
        .collect();
    format!("{readable}-{}", digest::piece(key, HASH))
}

/// Makes a directory that only its owner can enter, or makes it so.
fn close(path: &Path) -> Result<(), Error> {
    let fail = |error: &std::io::Error| Error::records(path, error);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| fail(&error))?;
    let there = fs::metadata(path).map_err(|error| fail(&error))?;
    let me = rustix::process::geteuid().as_raw();
    if there.uid() != me {
        return Err(Error::Records {
            path: path.to_owned(),
            denied: true,
            detail: format!("it belongs to user {}, not to user {me}", there.uid()),
        });
    }
    if there.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
            .map_err(|error| fail(&error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_named_after_its_key_and_nothing_in_a_key_leads_out_of_it() {
        let name = name_of("epoch-1/slice a");
        assert!(name.starts_with("epoch-1-slice-a-"), "{name}");
        for key in [
            "..",
            "",
            "/etc/passwd",
            "a\0b",
            "\n",
            "ü",
            &"x".repeat(5000),
        ] {
            let name = name_of(key);
            assert!(name.len() <= READABLE + 17, "{name}");
            assert!(
                name.chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')),
                "{name}"
            );
        }
    }

    #[test]
    fn keys_that_read_alike_have_places_of_their_own() {
        assert_ne!(name_of("a/b"), name_of("a b"));
    }

    #[test]
    fn the_directories_are_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let runs = folder.path().join("state/runs");
        let place = Place::of(&runs, "key");
        fs::create_dir_all(place.directory()).unwrap();
        fs::set_permissions(place.directory(), fs::Permissions::from_mode(0o755)).unwrap();
        place.prepare().unwrap();
        for path in [runs.as_path(), place.directory()] {
            let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o700, "{}", path.display());
        }
    }
}
