//! Why a command could not be run, found or ended. How a command that ran has ended is no
//! error.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Why a command could not be run, found or ended. It can be left in a file, since the
/// launcher tells the daemon in this way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Error {
    /// No system could start this.
    #[error("the command cannot be started: {what}; correct it in the runner's configuration")]
    Invalid {
        /// What is wrong with it.
        what: String,
    },
    /// There is no such program.
    #[error(
        "there is no program '{program}' ({detail}); install it, correct its name in the runner's configuration, or set PATH in the runner's environment (for a script, look at the interpreter in its first line, too)"
    )]
    NotFound {
        /// The program.
        program: String,
        /// What the system says.
        detail: String,
    },
    /// The program is there and may not, or cannot, be executed.
    #[error(
        "the program '{program}' cannot be executed ({detail}); make it executable for the user that aurad runs as"
    )]
    NotExecutable {
        /// The program.
        program: String,
        /// What the system says.
        detail: String,
    },
    /// Arguments and environment are more than the system passes on.
    #[error(
        "the arguments and the environment of '{program}' are too large for this system ({detail}); pass long texts on standard input"
    )]
    TooLarge {
        /// The program.
        program: String,
        /// What the system says.
        detail: String,
    },
    /// The directory it should run in cannot be entered.
    #[error("the command cannot run in {} ({detail}); create the directory, or correct it", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// A file or directory of the records cannot be used, so nothing was started.
    #[error("the records of running commands cannot be kept in {} ({detail}), and nothing runs unrecorded; make it writable for the user that aurad runs as, or free space there", path.display())]
    Records {
        /// The file or directory.
        path: PathBuf,
        /// Whether this user may not use it, which no retry changes.
        #[serde(default)]
        denied: bool,
        /// What the system says.
        detail: String,
    },
    /// The system starts no process.
    #[error(
        "the process for '{program}' could not be started ({detail}); the system may be out of processes, memory or open files"
    )]
    Spawn {
        /// The program.
        program: String,
        /// What the system says.
        detail: String,
    },
    /// The launcher, which is aurad itself, did not come as far as the command.
    #[error("the launcher {} ended before it started '{program}' ({detail}); check that the file is the aurad that runs", launcher.display())]
    Launcher {
        /// The file that was executed.
        launcher: PathBuf,
        /// The program.
        program: String,
        /// How it ended.
        detail: String,
    },
    /// The system does not tell of its processes.
    #[error("commands cannot be run here: {} cannot be read ({detail}); aurad needs Linux with /proc mounted for this", path.display())]
    Unsupported {
        /// What cannot be read.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// It ran, and nobody can say how it ended.
    #[error(
        "how '{program}' ended is not known ({detail}); something in this process or its parent takes note of children that are not its own (SIGCHLD ignored?)"
    )]
    Lost {
        /// The program.
        program: String,
        /// What the system says.
        detail: String,
    },
    /// Another aurad is at work on the key, and did not finish in time.
    #[error(
        "'{key}' is held by another aurad on this host, which did not let go of it in time; stop that one, or wait for it"
    )]
    Busy {
        /// The key.
        key: String,
    },
    /// There is no tmux.
    #[error(
        "the command cannot have a window, as tmux cannot be started ({detail}); install tmux where aurad's PATH finds it (apt-get install tmux, brew install tmux), or use the mode subprocess"
    )]
    NoTmux {
        /// What the system says.
        detail: String,
    },
    /// Tmux did not do what it was asked.
    #[error(
        "tmux {verb} failed, so the command has no window ({detail}); see whether `tmux -L aura list-windows -a` works"
    )]
    Tmux {
        /// What it was asked.
        verb: String,
        /// What it says.
        detail: String,
    },
    /// Some processes outlive SIGKILL.
    #[error(
        "processes {} of '{key}' are still there after SIGKILL; they wait in the kernel, for a disk or network that hangs, or belong to another user",
        list(pids)
    )]
    Unkillable {
        /// The key.
        key: String,
        /// Their process ids.
        pids: Vec<i32>,
    },
}

impl Error {
    /// If the same job would fail again until a person has changed something about it.
    /// The others are worth a retry.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Invalid { .. }
            | Self::NotFound { .. }
            | Self::NotExecutable { .. }
            | Self::TooLarge { .. }
            | Self::Directory { .. }
            | Self::NoTmux { .. }
            | Self::Unsupported { .. } => true,
            Self::Records { denied, .. } => *denied,
            Self::Spawn { .. }
            | Self::Launcher { .. }
            | Self::Lost { .. }
            | Self::Busy { .. }
            | Self::Tmux { .. }
            | Self::Unkillable { .. } => false,
        }
    }

    /// What a failure with a file of the records means.
    pub(super) fn records(path: &Path, error: &std::io::Error) -> Self {
        Self::Records {
            path: path.to_owned(),
            denied: error.kind() == std::io::ErrorKind::PermissionDenied,
            detail: error.to_string(),
        }
    }
}

fn list(pids: &[i32]) -> String {
    let pids: Vec<String> = pids.iter().map(ToString::to_string).collect();
    pids.join(", ")
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn records_that_are_closed_to_us_stay_so_and_a_full_disk_does_not() {
        let error = |kind: ErrorKind| Error::records(Path::new("/runs"), &kind.into());
        assert!(error(ErrorKind::PermissionDenied).is_permanent());
        assert!(!error(ErrorKind::StorageFull).is_permanent());
        // Also when a launcher has left it in a file.
        let written = serde_json::to_string(&error(ErrorKind::PermissionDenied)).unwrap();
        let read: Error = serde_json::from_str(&written).unwrap();
        assert!(read.is_permanent());
    }
}
