//! Calling tmux: its server of our own, sessions and windows in it. What runs in a window,
//! and what becomes of it, is not known here.
//!
//! The server has a socket and no configuration of its own, so that neither the user's
//! settings nor their `kill-server` reach it. It keeps the environment that it is started
//! with and gives it to every window, so it is started with next to none.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::{sleep, timeout};

use super::{SOCKET, quote};
use crate::runner::Error;

/// Tmux answers at once, also to what it does in the background.
const LIMIT: Duration = Duration::from_secs(10);

/// How often a window is asked for while sessions and servers come and go beside it, and
/// how long it is waited in between.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// What tmux inherits: what it needs to find its socket, its user and the character set.
const INHERITED: [&str; 11] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TERM",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMUX_TMPDIR",
    "XDG_RUNTIME_DIR",
];

/// How large a window is that nobody looks at; whoever attaches gives it their own size.
const COLUMNS: &str = "160";
const LINES: &str = "48";

/// Tmux, as one user has it.
#[derive(Clone, Debug)]
pub(super) struct Client {
    program: OsString,
    /// Where sockets are, instead of where the environment says.
    sockets: Option<PathBuf>,
}

/// A window, by the names that tmux gives and never gives again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    window: String,
    pane: String,
}

/// What tmux answered.
enum Answer {
    Yes(String),
    No(String),
}

impl Client {
    /// Tmux with its sockets in this folder, or where the environment says.
    pub(super) fn new(sockets: Option<&Path>) -> Self {
        Self {
            program: "tmux".into(),
            sockets: sockets.map(Path::to_owned),
        }
    }

    /// Opens a window in a session, which is made if there is none of its name, and runs
    /// these words in it: at least two, since tmux would give a single one to a shell.
    pub(super) async fn open(
        &self,
        session: &str,
        window: &str,
        directory: &Path,
        words: &[OsString],
    ) -> Result<Window, Error> {
        let directory = quote::plain(text(directory.as_os_str())?);
        let directory = quote::word(directory.as_ref())
            .to_string_lossy()
            .into_owned();
        let named = [
            "-n",
            window,
            "-c",
            &directory,
            "-P",
            "-F",
            "#{window_id} #{pane_id}",
            "--",
        ];
        let first = [
            "new-session",
            "-d",
            "-s",
            session,
            "-x",
            COLUMNS,
            "-y",
            LINES,
        ];
        let target = format!("={session}:");
        let further = ["new-window", "-d", "-t", &target];
        let call = |begin: &[&str]| -> Vec<OsString> {
            let fixed = begin.iter().chain(&named).map(OsString::from);
            let given = words.iter().map(OsString::as_os_str);
            fixed.chain(given.map(quote::word)).collect()
        };
        let mut last = String::new();
        for _ in 0..TRIES {
            for begin in [&first[..], &further[..]] {
                match self.call(&call(begin)).await? {
                    Answer::Yes(ids) => return ids_of(begin[0], &ids),
                    // Mostly because a session or its server has just come or gone, for
                    // which there are many words; nothing was opened in any case.
                    Answer::No(why) => last = why,
                }
            }
            sleep(PAUSE).await;
        }
        Err(refused("new-window", last))
    }

    /// Lets what a window shows go to a program too, by its words, from now on; and the
    /// window close with its command, whatever the server's settings are.
    pub(super) async fn copy(&self, window: &Window, words: &[&OsStr]) -> Result<(), Error> {
        let words: Vec<&str> = words
            .iter()
            .map(|word| text(word))
            .collect::<Result<_, _>>()?;
        let line = quote::line(words);
        let calls = [
            "set-option",
            "-w",
            "-t",
            &window.window,
            "remain-on-exit",
            "off",
            ";",
            "pipe-pane",
            "-t",
            &window.pane,
            &line,
        ];
        self.ask(&calls).await.map(|_| ())
    }

    /// Whether a window is still there.
    pub(super) async fn has(&self, window: &Window) -> Result<bool, Error> {
        let question = ["list-panes", "-t", &window.window].map(OsString::from);
        match self.call(&question).await? {
            Answer::Yes(_) => Ok(true),
            Answer::No(_) => Ok(false),
        }
    }

    /// Closes a window, if it is still there.
    pub(super) async fn close(&self, window: &Window) {
        let order = ["kill-window", "-t", &window.window].map(OsString::from);
        if let Err(error) = self.call(&order).await {
            tracing::warn!(%error, "a window could not be closed");
        }
    }

    async fn ask(&self, words: &[&str]) -> Result<String, Error> {
        let owned: Vec<OsString> = words.iter().map(OsString::from).collect();
        match self.call(&owned).await? {
            Answer::Yes(text) => Ok(text),
            Answer::No(why) => Err(refused(words[0], why)),
        }
    }

    async fn call(&self, words: &[OsString]) -> Result<Answer, Error> {
        let inherited = INHERITED
            .iter()
            .filter_map(|name| Some((name, env::var_os(name)?)));
        let mut command = Command::new(&self.program);
        command
            .args(["-L", SOCKET, "-f", "/dev/null"])
            .args(words)
            .env_clear()
            .envs(inherited)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .current_dir("/")
            .kill_on_drop(true);
        if let Some(sockets) = &self.sockets {
            command.env("TMUX_TMPDIR", sockets);
        }
        let no_tmux = |error: std::io::Error| Error::NoTmux {
            detail: error.to_string(),
        };
        let child = command.spawn().map_err(no_tmux)?;
        match timeout(LIMIT, child.wait_with_output()).await {
            Ok(Ok(output)) if output.status.success() => Ok(Answer::Yes(said(&output.stdout))),
            Ok(Ok(output)) => Ok(Answer::No(said(&output.stderr))),
            Ok(Err(error)) => Err(no_tmux(error)),
            Err(_) => {
                let verb = words.first().map(|word| word.to_string_lossy());
                let detail = format!("no answer within {} s", LIMIT.as_secs());
                Err(refused(&verb.unwrap_or_default(), detail))
            }
        }
    }
}

fn ids_of(verb: &str, printed: &str) -> Result<Window, Error> {
    let ids = printed.split_once(' ');
    let (window, pane) = ids.ok_or_else(|| refused(verb, format!("it printed '{printed}'")))?;
    Ok(Window {
        window: window.to_owned(),
        pane: pane.to_owned(),
    })
}

fn refused(verb: &str, detail: String) -> Error {
    Error::Tmux {
        verb: verb.to_owned(),
        detail,
    }
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// Tmux reads UTF-8 and nothing else where it does not merely pass words on.
fn text(word: &OsStr) -> Result<&str, Error> {
    word.to_str().ok_or_else(|| Error::Invalid {
        what: format!("tmux cannot be given {}, as it is no UTF-8", word.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_tmux_it_says_what_to_install() {
        let client = Client {
            program: "no-such-tmux".into(),
            sockets: None,
        };
        let words = ["a", "b"].map(OsString::from);
        let error = client
            .open("s", "w", Path::new("/"), &words)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NoTmux { .. }), "{error:?}");
        assert!(error.is_permanent() && error.to_string().contains("install tmux"));
    }
}
