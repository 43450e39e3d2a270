//! What can be wrong with a configuration: each error says what, why, and how to mend it,
//! and where: the file with its line and key, the variable, or the flag. It leaves out
//! what a program does about it, and how it prints it.

use std::path::PathBuf;

use super::env;
use super::invalid::Invalid;
use super::origin::{Origin, Place};
use super::source::Source;

/// Why there are no settings. The text of the error is its [`what`](Error::what).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file cannot be read, or was named and is not there.
    #[error("cannot read the configuration file {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Who named it.
        named_by: Source,
        /// What the system says.
        detail: String,
    },
    /// The file is not TOML.
    #[error("{place}: the configuration file is not valid TOML")]
    Syntax {
        /// Where the reader stopped.
        place: Place,
        /// What it says.
        detail: String,
    },
    /// A key or section that does not exist.
    #[error("{}: unknown {} '{}'{}", .0.place, .0.kind, .0.name, inside(.0.section.as_deref()))]
    Unknown(Box<Unknown>),
    /// A key beside another name of the same setting.
    #[error("{place}: {second} in [{section}] says again what line {line} says as {first}", line = first_line)]
    Twice {
        /// Where the second is.
        place: Place,
        /// The section.
        section: String,
        /// The first name.
        first: &'static str,
        /// Its line.
        first_line: usize,
        /// The second name.
        second: &'static str,
    },
    /// A key that has to be there and is not.
    #[error("{place}: [{section}] has no {key}")]
    Missing {
        /// Where its section begins.
        place: Place,
        /// The section.
        section: String,
        /// The key.
        key: &'static str,
        /// Why it has to be there.
        why: &'static str,
        /// What to write, for example.
        example: &'static str,
    },
    /// A value of the wrong type.
    #[error("{place}: {name}{} has the wrong type", inside(section.as_deref()))]
    WrongType {
        /// Where it is.
        place: Place,
        /// The key, or the section that should be one.
        name: String,
        /// The section it stands in, if any.
        section: Option<String>,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A value that means nothing.
    #[error("{origin} '{}' {}", invalid.given, invalid.fault)]
    Invalid {
        /// Where it was written.
        origin: Origin,
        /// What is wrong with it.
        invalid: Box<Invalid>,
    },
    /// Settings that do not fit each other, or cannot be used.
    #[error("{}", .0.what)]
    Connection(Box<Problem>),
    /// A default path is needed, and the environment gives none.
    #[error("there is no place for {}", .0.what())]
    NoPlace(DefaultFile),
}

impl Error {
    /// What is wrong, and where.
    pub fn what(&self) -> String {
        self.to_string()
    }

    /// Why it is wrong: the cause, or the rule.
    pub fn why(&self) -> String {
        match self {
            Self::Unreadable {
                named_by: Source::Default,
                detail,
                ..
            }
            | Self::Syntax { detail, .. } => detail.clone(),
            Self::Unreadable {
                named_by, detail, ..
            } => {
                format!("{detail}; {named_by} names it, so it has to be readable")
            }
            Self::Unknown(unknown) => {
                format!("what may stand here: {}", unknown.valid.join(", "))
            }
            Self::Twice { first, second, .. } => {
                format!("{first} and {second} are two names of one setting")
            }
            Self::WrongType {
                expected, found, ..
            } => {
                format!("it has to be {expected}, and this is of the type {found}")
            }
            Self::Missing { why, .. } => (*why).to_owned(),
            Self::Invalid { invalid, .. } => invalid.why.clone(),
            Self::Connection(problem) => problem.why.clone(),
            Self::NoPlace(file) => format!(
                "neither {} nor HOME is set to an absolute path, and no {} is named",
                file.variable(),
                file.kind()
            ),
        }
    }

    /// How to mend it.
    pub fn fix(&self) -> String {
        match self {
            Self::Unreadable { named_by, .. } => match named_by {
                Source::Flag(name) => {
                    format!("create it, make it readable, or name another file with {name}")
                }
                Source::Env(name) => {
                    format!("create it, make it readable, or correct or unset {name}")
                }
                Source::File(_) | Source::Profile { .. } | Source::Default => {
                    "let this user read it, or move it away".to_owned()
                }
            },
            Self::Syntax { place, .. } => {
                format!(
                    "correct line {}; text values stand in \"quotes\"",
                    place.line
                )
            }
            Self::Unknown(unknown) => match &unknown.advice {
                Some(advice) => format!("{advice} Otherwise remove line {}", unknown.place.line),
                None => format!("remove line {}", unknown.place.line),
            },
            Self::Twice {
                place, first_line, ..
            } => {
                format!("remove line {first_line} or line {}", place.line)
            }
            Self::Missing { place, example, .. } => {
                format!("write {example} below line {}", place.line)
            }
            Self::WrongType { place, .. } => {
                format!("correct line {} of {}", place.line, place.path.display())
            }
            Self::Invalid { origin, invalid } => {
                format!("{}: {}", origin.mend(), invalid.hint)
            }
            Self::Connection(problem) => problem.fix.clone(),
            Self::NoPlace(file) => format!("name it with {}, or set HOME", file.flags()),
        }
    }

    /// Whether a flag's value is at fault, rather than the environment or the file.
    pub const fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Invalid {
                origin: Origin::Flag(_),
                ..
            }
        )
    }

    pub(super) fn invalid(origin: Origin, invalid: Invalid) -> Self {
        Self::Invalid {
            origin,
            invalid: Box::new(invalid),
        }
    }
}

/// What is wrong, with its sources; never with a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub what: String,
    /// Why it is.
    pub why: String,
    /// How to mend it.
    pub fix: String,
}

impl Problem {
    pub(super) fn error(
        what: impl Into<String>,
        why: impl Into<String>,
        fix: impl Into<String>,
    ) -> Error {
        Error::Connection(Box::new(Self {
            what: what.into(),
            why: why.into(),
            fix: fix.into(),
        }))
    }
}

/// What has a default place if the user has a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultFile {
    /// The audit trail's.
    AuditTrail,
    /// The embedded engine's.
    Engine,
    /// The directory of what commands leave behind.
    State,
}

impl DefaultFile {
    const fn what(self) -> &'static str {
        match self {
            Self::AuditTrail => "the audit trail's file",
            Self::Engine => "the embedded engine's file",
            Self::State => "the logs and records of commands",
        }
    }

    const fn flags(self) -> &'static str {
        match self {
            Self::AuditTrail => "--audit-db-path or --audit-trail sqlite:PATH",
            Self::Engine => "--db",
            Self::State => "--state-dir",
        }
    }

    /// The variable that names a directory for such things.
    const fn variable(self) -> &'static str {
        match self {
            Self::AuditTrail | Self::Engine => env::XDG_DATA_HOME,
            Self::State => env::XDG_STATE_HOME,
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::AuditTrail | Self::Engine => "file",
            Self::State => "directory",
        }
    }
}

/// A key or section that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Where it is.
    pub place: Place,
    /// `key` or `section`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The section it stands in, if any.
    pub section: Option<String>,
    /// What there is instead.
    pub valid: Vec<&'static str>,
    /// What was probably meant, as a sentence.
    pub advice: Option<String>,
}

fn inside(section: Option<&str>) -> String {
    section
        .map(|section| format!(" in [{section}]"))
        .unwrap_or_default()
}
