//! Somebody who types what a page shows: one home, one folder, one environment for all of
//! a page, and the daemons that it starts. Each command is a shell of its own, which begins
//! where the one before it ended. It leaves out what has to come of a command.

use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{clone_folders, shown};
use crate::support::daemon::{Daemon, READY_MARKER};
use crate::support::output::run_limited;
use crate::support::ports;
use crate::support::sandbox::Sandbox;
use crate::support::wait::within;

/// What a page's command may take on a loaded machine.
const LIMIT: Duration = Duration::from_mins(2);

/// Begins where the last command ended, and keeps where this one ends.
const SHELL: &str = r#"
cd "$(cat "$DOCS_STATE/folder")"
[ ! -e "$DOCS_STATE/variables" ] || . "$DOCS_STATE/variables"
trap 'code=$?; export -p > "$DOCS_STATE/variables"; pwd > "$DOCS_STATE/folder"; exit $code' EXIT
"#;

/// What is not as it should be.
#[derive(Debug)]
pub(super) enum Wrong {
    /// Something else was printed than is shown; what follows can be run.
    Shown(String),
    /// A command failed.
    Failed(String),
}

pub(super) struct Reader {
    sandbox: Sandbox,
    /// The server, if it is not an engine that the page starts.
    server: Option<String>,
    /// The port that stands for 7233.
    port: String,
    daemons: Vec<Daemon>,
}

impl Reader {
    /// In a fresh home; on this server, or else on the engines that the page starts.
    pub(super) fn new(server: Option<String>) -> Self {
        let port = match &server {
            Some(address) => address.rsplit(':').next().unwrap_or_default().to_owned(),
            None => ports::free().to_string(),
        };
        let sandbox = Sandbox::new();
        let folder = sandbox.folder("HOME").join("aura");
        fs::create_dir_all(&folder).unwrap();
        for (path, name) in clone_folders() {
            symlink(path, folder.join(name)).unwrap();
        }
        sandbox.write("state/folder", &folder.display().to_string());
        Self {
            sandbox,
            server,
            port,
            daemons: Vec::new(),
        }
    }

    /// Runs the commands of a block, and compares what each prints with what is shown.
    pub(super) fn console(&mut self, text: &str) -> Result<(), Wrong> {
        let mut wrong = Vec::new();
        for Typed { command, shown } in typed(text) {
            let outcome = match command.split_whitespace().collect::<Vec<_>>()[..] {
                ["^C"] => self.interrupt(&shown),
                ["aurad", ..] if is_to_stay(&command) => self.start(&command, &shown),
                _ => self.type_in(&command, &shown),
            };
            match outcome {
                Ok(()) => {}
                Err(Wrong::Shown(why)) => wrong.push(why),
                failed => return failed,
            }
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(Wrong::Shown(wrong.join("\n")))
        }
    }

    /// Runs a script, which has to succeed.
    pub(super) fn script(&mut self, text: &str) -> Result<(), Wrong> {
        self.run(&format!("set -e\n{text}")).map(drop)
    }

    /// Writes a file, into the folder that was last worked in or into the home.
    pub(super) fn file(&mut self, path: &str, text: &str) -> Result<(), Wrong> {
        let path = match path.strip_prefix("~/") {
            Some(path) => self.home().join(path),
            None => self.folder().join(path),
        };
        let written = fs::create_dir_all(path.parent().unwrap_or(&path))
            .and_then(|()| fs::write(&path, text));
        written.map_err(|error| Wrong::Failed(format!("{}: {error}", path.display())))
    }

    fn type_in(&mut self, command: &str, shown: &[&str]) -> Result<(), Wrong> {
        let printed = self.run(command)?;
        let printed: Vec<&str> = printed.lines().collect();
        if shown::matches(shown, &printed) {
            return Ok(());
        }
        Err(differs(command, &printed.join("\n")))
    }

    /// What a command prints, on either stream, in this page's words.
    fn run(&mut self, script: &str) -> Result<String, Wrong> {
        let path = self.script_of(&format!("exec 2>&1\n{script}"));
        let mut command = self.sandbox.command("sh");
        command.arg(path);
        let output = run_limited(self.equip(&mut command), "", LIMIT);
        let output = output.map_err(|error| Wrong::Failed(format!("{script}\n{error}")))?;
        let printed = self.in_words_of_the_page(&output.stdout);
        if output.code == 0 && !output.timed_out {
            return Ok(printed);
        }
        Err(Wrong::Failed(format!(
            "exit code {}{}\n$ {script}\n{printed}{}",
            output.code,
            if output.timed_out { ", stopped" } else { "" },
            output.stderr
        )))
    }

    /// Starts a daemon, and waits until it has printed what is shown.
    fn start(&mut self, command: &str, shown: &[&str]) -> Result<(), Wrong> {
        let started = match self.server {
            Some(_) => command.replace(" --embedded", ""),
            // On a page it is the usual port.
            None if command.contains("--embedded") => {
                format!("{command} --listen {}:{}", Ipv4Addr::LOCALHOST, self.port)
            }
            // It finds the engine that the page has started by the variable.
            None => command.to_owned(),
        };
        let path = self.script_of(&format!("trap - EXIT\nexec {started} 1>&2"));
        let daemon = Daemon::start(&self.sandbox, "/bin/sh", |command| {
            self.equip(command.arg(path))
        });
        if !daemon.has_line(READY_MARKER, LIMIT) {
            let log = daemon.logs().join("\n");
            return Err(Wrong::Failed(format!("$ {started}\nis not ready:\n{log}")));
        }
        self.daemons.push(daemon);
        // On a server it has another thing to say.
        if self.server.is_some() {
            return Ok(());
        }
        self.wait_for(command, shown)
    }

    /// Ends the daemon that was started last.
    fn interrupt(&mut self, shown: &[&str]) -> Result<(), Wrong> {
        let Some(daemon) = self.daemons.last_mut() else {
            return Err(Wrong::Failed("^C: there is no daemon".to_owned()));
        };
        daemon.interrupt();
        if !daemon.wait_exit(LIMIT).success() {
            return Err(Wrong::Failed("^C: the daemon failed".to_owned()));
        }
        let waited = self.wait_for("^C", shown);
        self.daemons.pop();
        waited
    }

    fn wait_for(&self, command: &str, shown: &[&str]) -> Result<(), Wrong> {
        let log = || -> Vec<String> {
            let daemon = self.daemons.last();
            let lines = daemon.map(Daemon::logs).unwrap_or_default();
            let lines = lines.iter();
            lines.map(|line| self.in_words_of_the_page(line)).collect()
        };
        let printed = within(LIMIT / 4, || shown::are_among(shown, &log()).then_some(()));
        printed.ok_or_else(|| differs(command, &log().join("\n")))
    }

    fn script_of(&self, script: &str) -> PathBuf {
        self.sandbox
            .write("state/script", &format!("{SHELL}\n{script}\n"))
    }

    /// The environment of a fresh login, and where the server is.
    fn equip<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let programs = Path::new(env!("CARGO_BIN_EXE_aurad")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        for folder in ["CONFIG", "DATA", "STATE", "CACHE"] {
            command.env_remove(format!("XDG_{folder}_HOME"));
        }
        let state = self.sandbox.path().join("state");
        if !state.join("variables").exists() {
            // From then on the page has it, and may unset it.
            command.env("TEMPORAL_ADDRESS", format!("localhost:{}", self.port));
        }
        command
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("DOCS_STATE", state)
    }

    /// The home and the port are those that a page has; and nobody is told that the address
    /// of this test is of no use to an engine.
    fn in_words_of_the_page(&self, text: &str) -> String {
        let text = text
            .replace(&self.home().display().to_string(), "/home/ann")
            .replace(&format!(":{}", self.port), ":7233");
        let ours = |line: &&str| !line.contains("(env TEMPORAL_ADDRESS) is ignored");
        text.lines().filter(ours).collect::<Vec<_>>().join("\n")
    }

    fn home(&self) -> PathBuf {
        self.sandbox.folder("HOME")
    }

    fn folder(&self) -> PathBuf {
        let folder = fs::read_to_string(self.sandbox.path().join("state/folder")).unwrap();
        PathBuf::from(folder.trim_end())
    }
}

fn differs(command: &str, printed: &str) -> Wrong {
    Wrong::Shown(format!("this is printed by\n$ {command}\n{printed}\n"))
}

/// Whether it is a daemon that goes on until it is stopped.
fn is_to_stay(command: &str) -> bool {
    let ends = |c: char| c.is_whitespace() || c == ';';
    let mut words = command.split(ends).skip(1);
    !words.any(|word| matches!(word, "db" | "replay" | "--check" | "--help" | "--version"))
}

/// A command, and what is shown of its output.
struct Typed<'a> {
    command: String,
    shown: Vec<&'a str>,
}

/// The commands of a block: what follows `$ `, and further lines after a `\`; `^C` alone is
/// what ends a daemon.
fn typed(text: &str) -> Vec<Typed<'_>> {
    let mut typed: Vec<Typed<'_>> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let new = if line == "^C" {
            Some(line)
        } else {
            line.strip_prefix("$ ")
        };
        match (goes_on, new, typed.last_mut()) {
            (true, _, Some(last)) => {
                last.command.push('\n');
                last.command.push_str(line);
                goes_on = line.ends_with('\\');
            }
            (_, Some(command), _) => {
                goes_on = command.ends_with('\\');
                typed.push(Typed {
                    command: command.to_owned(),
                    shown: Vec::new(),
                });
            }
            (_, None, Some(last)) => last.shown.push(line),
            (_, None, None) => {}
        }
    }
    typed
}
