//! Where a value comes from, and which source wins. It leaves out how a source is read.

use std::fmt;
use std::path::{Path, PathBuf};

/// The kinds of source. Their order is the precedence: the first that says something wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The command line.
    Flag,
    /// The environment.
    Env,
    /// The configuration file.
    File,
    /// A profile of Temporal's own configuration file.
    Profile,
    /// Nobody said anything.
    Default,
}

impl Layer {
    /// All layers, strongest first.
    pub const ALL: [Self; 5] = [
        Self::Flag,
        Self::Env,
        Self::File,
        Self::Profile,
        Self::Default,
    ];
}

/// What a value was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The flag of this name, dashes included.
    Flag(&'static str),
    /// The variable of this name.
    Env(&'static str),
    /// This file.
    File(PathBuf),
    /// This profile of Temporal's configuration file.
    Profile {
        /// The file.
        path: PathBuf,
        /// The profile.
        name: String,
    },
    /// Nobody said anything.
    Default,
}

impl Source {
    /// The kind of this source.
    pub const fn layer(&self) -> Layer {
        match self {
            Self::Flag(_) => Layer::Flag,
            Self::Env(_) => Layer::Env,
            Self::File(_) => Layer::File,
            Self::Profile { .. } => Layer::Profile,
            Self::Default => Layer::Default,
        }
    }

    /// Whether this source wins over the other one.
    pub fn outranks(&self, other: &Self) -> bool {
        self.layer() < other.layer()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "CLI {name}"),
            Self::Env(name) => write!(f, "env {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Profile { path, name } => {
                write!(f, "file {} [profile.{name}]", path.display())
            }
            Self::Default => f.write_str("default"),
        }
    }
}

/// A setting for people: name, value, source.
pub type Row = (String, String, String);

/// A value, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

impl<T> Setting<T> {
    /// A line for people: name, value, source.
    pub(super) fn row(&self, name: &str, show: impl FnOnce(&T) -> String) -> Row {
        (name.to_owned(), show(&self.value), self.source.to_string())
    }
}

/// A path that may be unknown, for people.
pub(super) fn show_path(path: Option<&Path>) -> String {
    path.as_ref()
        .map_or_else(|| "none".to_owned(), |path| path.display().to_string())
}
