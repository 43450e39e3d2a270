//! A file that takes what a command writes, up to a limit.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use super::super::{Error, files};

/// The file, and how much more goes into it.
#[derive(Debug)]
pub(in crate::runner) struct Log {
    file: File,
    room: u64,
    limit: u64,
    full: bool,
    failed: Option<io::Error>,
}

impl Log {
    /// A new, empty one.
    pub(in crate::runner) fn create(path: &Path, limit: u64) -> Result<Self, Error> {
        Ok(Self {
            file: files::create(path)?,
            room: limit,
            limit,
            full: false,
            failed: None,
        })
    }

    /// Writes as much of it as fits; at the limit one line that says so, and from then on
    /// nothing. After a failure nothing is tried again: a log with holes would deceive.
    pub(in crate::runner) fn add(&mut self, chunk: &[u8]) {
        if self.full || self.failed.is_some() {
            return;
        }
        let room = usize::try_from(self.room).unwrap_or(usize::MAX);
        let fits = &chunk[..chunk.len().min(room)];
        let mut written = self.file.write_all(fits);
        self.room -= fits.len() as u64;
        if fits.len() < chunk.len() {
            self.full = true;
            let limit = self.limit;
            written = written.and_then(|()| {
                writeln!(
                    self.file,
                    "\n[… the log ends here, at its limit of {limit} bytes …]"
                )
            });
        }
        self.failed = written.err();
    }

    /// Why it has less than it should; the limit is no reason.
    pub(in crate::runner) fn problem(&self) -> Option<String> {
        let error = self.failed.as_ref()?;
        Some(format!("the log could not be written to its end: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn it_takes_what_fits_and_says_where_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = Log::create(&path, 10).unwrap();
        for _ in 0..5 {
            log.add(b"abcd");
        }
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "abcdabcdab\n[… the log ends here, at its limit of 10 bytes …]\n"
        );
        assert_eq!(log.problem(), None);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn what_fits_exactly_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = Log::create(&path, 8).unwrap();
        log.add(b"abcd");
        log.add(b"efgh");
        assert_eq!(fs::read(&path).unwrap(), b"abcdefgh");
    }

    #[test]
    fn a_disk_that_takes_nothing_is_a_problem_that_is_told() {
        let full = Path::new("/dev/full");
        if !full.exists() {
            return;
        }
        let mut log = Log::create(full, 100).unwrap();
        log.add(b"a");
        log.add(b"b");
        let problem = log.problem().expect("it is told");
        assert!(problem.contains("could not be written"), "{problem}");
    }
}
