//! The TOML file, read and checked as a whole: all its sections, keys, types and values,
//! so that nothing in it is silently without effect. It leaves out what the values are
//! weighed against.

mod check;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::error::Error;
use super::origin::{Origin, Place};
use super::source::Source;
use super::spec::Section;

/// A file without a mistake.
pub(super) struct File {
    path: PathBuf,
    entries: Entries,
    /// Names of runners, in the order of the file.
    runners: Vec<String>,
}

/// What is written, by the name of the table and by the key.
type Entries = BTreeMap<String, BTreeMap<&'static str, Entry>>;

/// What is written for one key.
struct Entry {
    words: Vec<OsString>,
    line: usize,
    /// The key as it was written, which may be an earlier name.
    written: &'static str,
}

impl File {
    /// Reads a file. That one is not there is no mistake if nobody named it.
    pub(super) fn read(
        path: &Path,
        named_by: &Source,
        home: Option<&Path>,
    ) -> Result<Option<Self>, Error> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if *named_by == Source::Default && is_missing(&error) => return Ok(None),
            Err(error) => {
                return Err(Error::Unreadable {
                    path: path.to_owned(),
                    named_by: named_by.clone(),
                    detail: error.to_string(),
                });
            }
        };
        Self::of(path, &bytes, home).map(Some)
    }

    /// What these bytes of a file say.
    pub(super) fn of(path: &Path, bytes: &[u8], home: Option<&Path>) -> Result<Self, Error> {
        let text = match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                return Err(Error::Syntax {
                    place: Place {
                        path: path.to_owned(),
                        line: line_after(before),
                    },
                    detail: "it is not UTF-8 text".to_owned(),
                });
            }
        };
        check::check(path, text, home)
    }

    /// What a table of the file says for a key, and where.
    pub(super) fn get(&self, table: &str, key: &str) -> Option<(Vec<OsString>, Origin)> {
        let entry = self.entries.get(table)?.get(key)?;
        let place = self.place(entry.line);
        let origin = Origin::File {
            place,
            section: table.to_owned(),
            key: entry.written,
        };
        Some((entry.words.clone(), origin))
    }

    /// What is right but should be known, for the reader of a section.
    pub(super) fn notices(&self, section: &Section) -> Vec<String> {
        let name = section.name;
        let entries = self.entries.get(name).into_iter().flatten();
        entries
            .filter(|(key, entry)| entry.written != **key)
            .map(|(key, Entry { line, written, .. })| {
                let place = self.place(*line);
                format!("{place}: {written} in [{name}] is an earlier name; call it {key}")
            })
            .collect()
    }

    /// The names of the configured runners, in the order of the file.
    pub(super) fn runners(&self) -> &[String] {
        &self.runners
    }

    fn place(&self, line: usize) -> Place {
        Place {
            path: self.path.clone(),
            line,
        }
    }
}

/// Whether the error says that nothing is there.
pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The line, from 1, of what follows `before`.
pub(super) fn line_after(before: &[u8]) -> usize {
    before.split(|byte| *byte == b'\n').count()
}
