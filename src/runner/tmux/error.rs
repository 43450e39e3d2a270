//! What can be wrong with tmux: each error says what, why, and how to mend it. What that
//! means for a slice is its caller's business.

use std::time::Duration;

/// Why a window was not opened or not prepared. The text of the error is what happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no `tmux`.
    #[error("tmux cannot be started, so there is no window for the command")]
    NoTmux {
        /// What the system says.
        detail: String,
    },
    /// No answer in time.
    #[error("tmux {verb} did not answer within {} s", limit.as_secs())]
    Slow {
        /// What tmux was to do.
        verb: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// Tmux said no.
    #[error("tmux {verb} failed")]
    Refused {
        /// What tmux was to do.
        verb: String,
        /// What it says.
        detail: String,
    },
    /// A path that tmux cannot be given.
    #[error("tmux cannot be given the path {path}")]
    Path {
        /// The path, as far as it can be shown.
        path: String,
    },
}

impl Error {
    /// Why it happened.
    pub fn why(&self) -> String {
        match self {
            Self::NoTmux { detail } => {
                format!("the mode tmux runs a command in a window of the program tmux: {detail}")
            }
            Self::Slow { .. } => "its server hangs, or the machine is very busy".to_owned(),
            Self::Refused { detail, .. } => detail.clone(),
            Self::Path { .. } => "it is not UTF-8, the only text that tmux reads".to_owned(),
        }
    }

    /// What to do about it.
    pub fn fix(&self) -> String {
        match self {
            Self::NoTmux { .. } => "install tmux where aurad's PATH finds it (apt-get install \
                 tmux, brew install tmux), or start the slice with --mode subprocess"
                .to_owned(),
            Self::Slow { .. } | Self::Refused { .. } => format!(
                "see what `tmux -L {} list-windows -a` says, then retry the slice",
                super::SOCKET
            ),
            Self::Path { .. } => {
                "keep aurad's state in a folder whose path is UTF-8".to_owned()
            }
        }
    }

    /// Whether the same call may succeed later without anybody doing something.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Slow { .. } | Self::Refused { .. })
    }
}
