//! Why there is no work tree: each error says what, why, and how to mend it. What that
//! means for a slice is its caller's business.

use std::path::PathBuf;
use std::time::Duration;

/// Why there is no work tree. The text of the error is what happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no `git`.
    #[error("git cannot be started, so there is no work tree")]
    NoGit {
        /// What the system says.
        detail: String,
    },
    /// The folder is in no repository, or not there.
    #[error("{} is not a git repository, so it has no work trees", path.display())]
    NotARepository {
        /// The folder.
        path: PathBuf,
        /// What git or the system says.
        detail: String,
    },
    /// The repository is empty.
    #[error("the repository {} has no commit yet, so there is nothing to check out", path.display())]
    NoCommit {
        /// The folder.
        path: PathBuf,
    },
    /// Something else is where the work tree should be.
    #[error("{} is there already, and is no work tree of this repository", path.display())]
    PathTaken {
        /// The path.
        path: PathBuf,
    },
    /// Every number is in use.
    #[error("there are {most} branches or work trees named {name} already")]
    TooMany {
        /// The name that the key gives.
        name: String,
        /// Where the work trees are.
        under: PathBuf,
        /// How many are looked for.
        most: usize,
    },
    /// The folder for work trees cannot be made or read.
    #[error("the folder {} for work trees cannot be used", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// Git took too long, and was ended.
    #[error("git {verb} took longer than {} s in {} and was ended", limit.as_secs(), path.display())]
    Slow {
        /// What git was to do.
        verb: String,
        /// Where.
        path: PathBuf,
        /// How long it was waited for.
        limit: Duration,
    },
    /// Git said no.
    #[error("git {verb} failed in {}", path.display())]
    Git {
        /// What git was to do.
        verb: String,
        /// Where.
        path: PathBuf,
        /// What git says.
        detail: String,
    },
}

impl Error {
    /// Why it happened.
    pub fn why(&self) -> String {
        match self {
            Self::NoGit { detail } => format!("a work tree is made by the program git: {detail}"),
            Self::NotARepository { detail, .. }
            | Self::Folder { detail, .. }
            | Self::Git { detail, .. } => detail.clone(),
            Self::NoCommit { .. } => "a work tree begins with the commit at HEAD".to_owned(),
            Self::PathTaken { .. } => {
                "aura never writes into or deletes what it did not make".to_owned()
            }
            Self::TooMany { under, .. } => format!(
                "none of them is a work tree that could be used again in {}",
                under.display()
            ),
            Self::Slow { .. } => {
                "its disk is slow, or a filter of the repository waits for something".to_owned()
            }
        }
    }

    /// What to do about it.
    pub fn fix(&self) -> String {
        match self {
            Self::NoGit { .. } => {
                "install git where aurad's PATH finds it, or set worktree = false in the runner"
                    .to_owned()
            }
            Self::NotARepository { path, .. } => format!(
                "name a folder of a git repository as the runner's directory, run `git init` in \
                 {}, or set worktree = false in the runner",
                path.display()
            ),
            Self::NoCommit { path } => format!(
                "commit something first: git -C {} commit --allow-empty -m begin",
                path.display()
            ),
            Self::PathTaken { path } => {
                format!("move {} away, then retry the slice", path.display())
            }
            Self::TooMany { .. } => "delete branches that are merged (`git branch -d NAME`) and \
                 forget work trees that are gone (`git worktree prune`)"
                .to_owned(),
            Self::Folder { path, .. } => format!(
                "let aurad's user write to {}, or name another folder",
                path.display()
            ),
            Self::Slow { path, .. } => format!(
                "run `git -C {} status` to see what it waits for, then retry the slice",
                path.display()
            ),
            Self::Git { path, .. } => format!(
                "mend what git says in {}, then retry the slice",
                path.display()
            ),
        }
    }

    /// Whether the same call may succeed later without anybody doing something.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Slow { .. } => true,
            // Somebody else was at work in the repository.
            Self::Git { detail, .. } => [".lock'", "cannot lock", "commondir"]
                .iter()
                .any(|sign| detail.contains(sign)),
            _ => false,
        }
    }
}
