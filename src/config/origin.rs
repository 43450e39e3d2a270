//! Where in a source a value was written, as exactly as a message needs it. It leaves out
//! what is wrong there.

use std::fmt;
use std::path::PathBuf;

use super::source::Source;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.line)
    }
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the flag of this name.
    Flag(&'static str),
    /// In the variable of this name.
    Env(&'static str),
    /// In a file.
    File {
        /// The file and line.
        place: Place,
        /// The section.
        section: String,
        /// The key, as it was written.
        key: &'static str,
    },
    /// In a profile of Temporal's configuration file.
    Profile {
        /// The file.
        path: PathBuf,
        /// The profile.
        name: String,
        /// The key.
        key: &'static str,
    },
}

impl Origin {
    pub(super) fn source(&self) -> Source {
        match self {
            Self::Flag(name) => Source::Flag(name),
            Self::Env(name) => Source::Env(name),
            Self::File { place, .. } => Source::File(place.path.clone()),
            Self::Profile { path, name, .. } => Source::Profile {
                path: path.clone(),
                name: name.clone(),
            },
        }
    }

    /// How to begin to mend it.
    pub(super) fn mend(&self) -> String {
        match self {
            Self::Flag(name) => format!("correct {name}"),
            Self::Env(name) => format!("correct the variable {name}, or unset it"),
            Self::File { place, .. } => {
                format!("correct line {} of {}", place.line, place.path.display())
            }
            Self::Profile { path, name, .. } => {
                format!("correct [profile.{name}] of {}", path.display())
            }
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Env(name) => f.write_str(name),
            Self::File {
                place,
                section,
                key,
            } => write!(f, "{place}: {key} in [{section}]"),
            Self::Profile { path, name, key } => {
                write!(f, "{}: {key} in [profile.{name}]", path.display())
            }
        }
    }
}
