//! A git work tree for one slice: the repository's last commit in a folder of its own, on
//! a branch of its own, so that slices that run side by side don't write into one another's
//! files, and a person can merge what came of each, or not.
//!
//! Nothing of the user's is touched: not their tree, their index or their branches. What
//! they have not committed is not in a new work tree. Nothing is ever removed either, since
//! only a person knows when the work in it is no longer wanted (`git worktree remove`).

mod error;
mod git;
mod lock;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use super::digest;

pub use error::Error;

/// How many work trees of one key are looked for before it is given up.
const MOST: usize = 99;

/// The longest name made of a key, in bytes; folders and branches bear 255.
const LONGEST: usize = 100;

/// How many digits of a key's hash tell two names apart.
const HASH: usize = 8;

/// A work tree of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worktree {
    /// Its root.
    pub path: PathBuf,
    /// Where in it a command works: the same folder below the root as the one in the
    /// repository that the work tree was asked for.
    pub directory: PathBuf,
    /// The branch that is checked out in it; none if a person detached it since.
    pub branch: Option<String>,
    /// Whether an earlier call made it, so that it may hold earlier work.
    pub found: bool,
}

/// Gives the work tree of `key`, which is made if there is none yet: a folder in `under`,
/// named after the key, with the commit that is checked out in `repository` on a new branch
/// `aura/KEY`. `repository` may also be a folder within one.
///
/// Where the branch is there already, or git knows the folder of a work tree that was
/// deleted by hand, both get the next free number: `KEY-2`.
pub async fn make(repository: &Path, key: &str, under: &Path) -> Result<Worktree, Error> {
    let origin = Origin::of(repository).await?;
    let under = folder(under)?;
    let name = name(key);
    let _alone = lock::take(&origin.common).await?;
    let known = git::known(repository).await?;
    let candidates = || {
        (1..=MOST).map(|number| match number {
            1 => name.clone(),
            _ => format!("{name}-{number}"),
        })
    };

    for candidate in candidates() {
        let path = under.join(candidate);
        if known
            .iter()
            .any(|tree| tree.path == path && !tree.half_made)
            && path.is_dir()
        {
            return origin.found(path).await;
        }
    }
    let branches = git::branches(repository).await?;
    let prefix = prefix(&branches);
    for candidate in candidates() {
        let path = under.join(&candidate);
        let branch = format!("{prefix}{candidate}");
        let known = known.iter().any(|tree| tree.path == path);
        if known || branches.contains(&branch) {
            continue;
        }
        if path.symlink_metadata().is_ok() {
            return Err(Error::PathTaken { path });
        }
        git::add(repository, &branch, &path).await?;
        return origin.made(path, branch);
    }
    Err(Error::TooMany {
        name,
        under,
        most: MOST,
    })
}

/// The repository that work trees are made of.
struct Origin {
    /// Its own folder, which all its work trees have in common.
    common: PathBuf,
    /// Where in it the folder is that was named; empty at the root.
    prefix: PathBuf,
}

impl Origin {
    async fn of(repository: &Path) -> Result<Self, Error> {
        let common = git::common(repository).await?;
        git::has_commit(repository).await?;
        let prefix = git::prefix(repository).await?;
        Ok(Self { common, prefix })
    }

    async fn found(&self, path: PathBuf) -> Result<Worktree, Error> {
        // The folder may have been replaced since git wrote its path down.
        match git::common(&path).await {
            Ok(common) if common == self.common => {}
            Ok(_) | Err(Error::NotARepository { .. }) => return Err(Error::PathTaken { path }),
            Err(error) => return Err(error),
        }
        let branch = git::branch(&path).await?;
        self.worktree(path, branch, true)
    }

    fn made(&self, path: PathBuf, branch: String) -> Result<Worktree, Error> {
        self.worktree(path, Some(branch), false)
    }

    fn worktree(
        &self,
        path: PathBuf,
        branch: Option<String>,
        found: bool,
    ) -> Result<Worktree, Error> {
        // A folder without committed files is in no commit, so not in the work tree yet.
        let directory = folder(&path.join(&self.prefix))?;
        Ok(Worktree {
            path,
            directory,
            branch,
            found,
        })
    }
}

/// The real path of a folder, which is made if it isn't there: git compares real paths.
fn folder(path: &Path) -> Result<PathBuf, Error> {
    let made = std::path::absolute(path).and_then(|path| {
        std::fs::create_dir_all(&path)?;
        path.canonicalize()
    });
    made.map_err(|error| Error::Folder {
        path: path.to_owned(),
        detail: error.to_string(),
    })
}

/// What the names of our branches begin with. Git keeps branches like files: beside a
/// branch `aura` there can be none within `aura/`.
fn prefix(branches: &[String]) -> &'static str {
    if branches.iter().any(|branch| branch == "aura") {
        "aura-"
    } else {
        "aura/"
    }
}

/// A name for a folder and a branch that a person recognises the key in. Two keys have two
/// names: what had to be changed is told apart by a piece of the key's hash.
fn name(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let kept: String = key
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .take(LONGEST)
        .collect();
    let kept = kept.trim_start_matches('-');
    if kept == key && !kept.is_empty() && !is_ours(kept) {
        return kept.to_owned();
    }
    let mut name = kept.to_owned();
    if !name.is_empty() {
        name.push('-');
    }
    name + &digest::piece(key, HASH)
}

/// Whether a name ends like one that we give to another key: with the number of a further
/// work tree, or with a piece of a hash.
fn is_ours(name: &str) -> bool {
    let number = |end: &str| end.parse::<usize>().is_ok_and(|end| end <= MOST);
    let end = name.rsplit_once('-').map(|(_, end)| end);
    end.is_some_and(|end| digest::is_piece(end, HASH) || number(end))
}
