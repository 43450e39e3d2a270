//! Calling git, and reading its answers: by words, never through a shell; without hooks;
//! within a limit; and with an environment of its own, since a repository's filters are
//! programs too, and the daemon's secrets are none of their business.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use super::error::Error;

/// For answers that need no more than a few files.
const ASKING: Duration = Duration::from_secs(30);

/// For writing all files of a commit.
const CHECKING_OUT: Duration = Duration::from_mins(10);

/// For git to take back what it began, after it was told to end.
const TAKING_BACK: Duration = Duration::from_secs(5);

/// What git inherits. Above all no `GIT_DIR` and its kin, which name another repository
/// than the one that it is called in.
const INHERITED: [&str; 7] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "SSH_AUTH_SOCK",
];

/// A work tree that a repository has written down; its folder may be gone.
pub(super) struct Known {
    pub(super) path: PathBuf,
    /// Whether its files are still being written, or that was interrupted.
    pub(super) half_made: bool,
}

/// The folder that a repository and all its work trees have in common.
pub(super) async fn common(directory: &Path) -> Result<PathBuf, Error> {
    let nowhere = |detail: String| Error::NotARepository {
        path: directory.to_owned(),
        detail,
    };
    if let Err(error) = directory.read_dir() {
        return Err(nowhere(error.to_string()));
    }
    let answer = ask(directory, &["rev-parse", "--git-common-dir"]).await?;
    if !answer.ok && answer.errors.contains("not a git repository") {
        return Err(nowhere(answer.errors));
    }
    let answer = answer.or_refuse("rev-parse", directory)?;
    // It may be relative to where git was called.
    let common = directory.join(path(&answer));
    common
        .canonicalize()
        .map_err(|error| nowhere(format!("{}: {error}", common.display())))
}

/// Refuses a repository whose HEAD is a branch without commits.
pub(super) async fn has_commit(directory: &Path) -> Result<(), Error> {
    let question = &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
    if ask(directory, question).await?.ok {
        return Ok(());
    }
    Err(Error::NoCommit {
        path: directory.to_owned(),
    })
}

/// Where a folder is below the root of its work tree; empty for the root.
pub(super) async fn prefix(directory: &Path) -> Result<PathBuf, Error> {
    let answer = ask(directory, &["rev-parse", "--show-prefix"]).await?;
    Ok(path(&answer.or_refuse("rev-parse", directory)?))
}

/// The branch that is checked out, if any.
pub(super) async fn branch(directory: &Path) -> Result<Option<String>, Error> {
    let question = &["symbolic-ref", "--quiet", "--short", "HEAD"];
    let answer = ask(directory, question).await?;
    Ok(answer.ok.then(|| text(&answer.output)))
}

/// The names of all local branches.
pub(super) async fn branches(directory: &Path) -> Result<Vec<String>, Error> {
    let question = &["for-each-ref", "--format=%(refname)", "refs/heads/"];
    let answer = ask(directory, question).await?;
    let output = answer.or_refuse("for-each-ref", directory)?;
    Ok(text(&output)
        .lines()
        .filter_map(|line| Some(line.strip_prefix("refs/heads/")?.to_owned()))
        .collect())
}

/// All work trees that the repository has written down.
pub(super) async fn known(directory: &Path) -> Result<Vec<Known>, Error> {
    let answer = ask(directory, &["worktree", "list", "--porcelain"]).await?;
    let output = answer.or_refuse("worktree list", directory)?;
    let mut known: Vec<Known> = Vec::new();
    for line in output.split(|byte| *byte == b'\n') {
        if let Some(path) = line.strip_prefix(b"worktree ") {
            known.push(Known {
                path: PathBuf::from(OsStr::from_bytes(path)),
                half_made: false,
            });
        } else if line == b"locked initializing"
            && let Some(last) = known.last_mut()
        {
            last.half_made = true;
        }
    }
    Ok(known)
}

/// Makes a work tree with a new branch of the commit at HEAD.
pub(super) async fn add(directory: &Path, branch: &str, path: &Path) -> Result<(), Error> {
    // Without --no-track a setting of the user's would have git write to the repository's
    // configuration, for which slices that begin at once would have to wait in turn.
    let call = ["worktree", "add", "--no-track", "-b", branch].map(OsStr::new);
    let call = [&call[..], &[path.as_os_str(), OsStr::new("HEAD")]].concat();
    let answer = run(directory, &call, CHECKING_OUT).await?;
    answer.or_refuse("worktree add", directory).map(|_| ())
}

/// What git answered.
struct Answer {
    ok: bool,
    output: Vec<u8>,
    errors: String,
}

impl Answer {
    fn or_refuse(self, verb: &str, directory: &Path) -> Result<Vec<u8>, Error> {
        if self.ok {
            return Ok(self.output);
        }
        Err(Error::Git {
            verb: verb.to_owned(),
            path: directory.to_owned(),
            detail: self.errors,
        })
    }
}

async fn ask(directory: &Path, words: &[&str]) -> Result<Answer, Error> {
    let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
    run(directory, &words, ASKING).await
}

async fn run(directory: &Path, words: &[&OsStr], limit: Duration) -> Result<Answer, Error> {
    let inherited = INHERITED
        .iter()
        .filter_map(|name| Some((name, env::var_os(name)?)));
    let mut child = Command::new("git")
        .arg("-C")
        .arg(directory)
        // Neither a hook nor a watcher of files: both are programs that anybody who may
        // write to the repository could have put there.
        .args([
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "core.fsmonitor=false",
        ])
        .args(words)
        .env_clear()
        .envs(inherited)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Error::NoGit {
            detail: error.to_string(),
        })?;
    let verb = || {
        let words: Vec<_> = words
            .iter()
            .take(2)
            .map(|word| word.to_string_lossy())
            .collect();
        words.join(" ")
    };
    match tokio::time::timeout(limit, finish(&mut child)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(Error::Git {
            verb: verb(),
            path: directory.to_owned(),
            detail: error.to_string(),
        }),
        Err(_) => {
            end(&mut child).await;
            Err(Error::Slow {
                verb: verb(),
                path: directory.to_owned(),
                limit,
            })
        }
    }
}

async fn finish(child: &mut Child) -> io::Result<Answer> {
    let mut output = Vec::new();
    let mut errors = Vec::new();
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let read_output = async {
        match out {
            Some(mut out) => out.read_to_end(&mut output).await,
            None => Ok(0),
        }
    };
    let read_errors = async {
        match err {
            Some(mut err) => err.read_to_end(&mut errors).await,
            None => Ok(0),
        }
    };
    tokio::try_join!(read_output, read_errors)?;
    let status = child.wait().await?;
    Ok(Answer {
        ok: status.success(),
        output,
        errors: text(&errors),
    })
}

/// Ends git. When it is asked to end, it takes back a work tree that it has begun.
async fn end(child: &mut Child) {
    let pid = child
        .id()
        .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(pid) = pid {
        // It is still our child, so the number means no other process; if it has just
        // ended, there is nothing to do.
        let _ = kill_process(pid, Signal::TERM);
    }
    if tokio::time::timeout(TAKING_BACK, child.wait())
        .await
        .is_err()
    {
        // Gone already, or killed when it is dropped.
        let _ = child.kill().await;
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// A path that git printed, with the end of its line.
fn path(output: &[u8]) -> PathBuf {
    let line = output.strip_suffix(b"\n").unwrap_or(output);
    PathBuf::from(OsString::from_vec(line.to_vec()))
}
