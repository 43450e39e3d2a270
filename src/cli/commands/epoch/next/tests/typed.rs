//! A command, typed: what a shell makes of its line, what the real parser makes of those
//! words, and the signal that would be sent. Nothing of a step but its line is looked at.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command as Process;

use serde::Serialize;

use crate::cli::args::{Command, Deferred, Finding, Parsed, Phase, Signal, Slice, parse};
use crate::cli::commands::{finding, phase, signal, slice};
use crate::cli::context::Context;
use crate::cli::progress::Progress;
use crate::contract::signal::EpochSignal;
use crate::protocol::Message;

/// What is typed into a command's gaps.
pub(super) struct Typist {
    /// A folder with a plan in it.
    folder: tempfile::TempDir,
    /// The lines that were typed before; each costs a shell.
    typed: BTreeMap<String, Vec<(EpochSignal, Vec<u8>)>>,
}

impl Typist {
    pub(super) fn with_plan(plan: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plan.toml"), plan).unwrap();
        Self {
            folder,
            typed: BTreeMap::new(),
        }
    }

    /// The messages that a line makes: one for each choice that it leaves.
    pub(super) fn messages(&mut self, line: &str) -> Vec<Message> {
        let plan = self.folder.path().join("plan.toml");
        let made = self.typed.entry(line.to_owned()).or_insert_with(|| {
            let lines = filled(line, &plan).into_iter();
            lines.map(|line| sent(words(&line))).collect()
        });
        made.iter()
            .map(|(signal, json)| signal.decode(json))
            .collect()
    }
}

/// A line with every choice made, and words in place of those in capitals.
fn filled(line: &str, plan: &Path) -> Vec<String> {
    let mut lines = vec![Vec::new()];
    for word in line.split(' ') {
        let choices: Vec<&str> = match word {
            "NAME" | "TEXT" | "REASON" => vec!["something"],
            "FILE" => vec![plan.to_str().unwrap()],
            word => word.split('|').collect(),
        };
        lines = lines
            .iter()
            .flat_map(|line| {
                choices
                    .iter()
                    .map(move |word| [&line[..], &[*word]].concat())
            })
            .collect();
    }
    lines.iter().map(|line| line.join(" ")).collect()
}

/// The words that a shell makes of a line.
fn words(line: &str) -> Vec<OsString> {
    let line = line
        .strip_prefix("aura-msg ")
        .expect("it is a command of ours");
    let script = format!("printf '%s\\n' aura-msg {line}");
    let output = Process::new("sh").args(["-c", &script]).output().unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    let words = String::from_utf8(output.stdout).unwrap();
    words.lines().map(OsString::from).collect()
}

/// What is sent for these words.
fn sent(words: Vec<OsString>) -> (EpochSignal, Vec<u8>) {
    use EpochSignal as S;
    let line = format!("{words:?}");
    let command = match parse(words) {
        Parsed::Command(command) => *command,
        Parsed::Help(help) => panic!("{line}: {help}"),
        Parsed::Wrong(failure) => panic!("{line}: {failure:?}"),
    };
    let env = BTreeMap::<&'static str, OsString>::new();
    macro_rules! said {
        ($signal:expr, $args:ident, $said:path) => {{
            let progress = Progress::of(None);
            let context = Context::new($args.common, &env, &progress).unwrap();
            made($signal, $said(&context, &$args.own).unwrap())
        }};
    }
    match command {
        Command::Signal(Signal::Vote(Deferred(args))) => {
            said!(S::SubmitVote, args, signal::vote::said)
        }
        Command::Phase(Phase::Advance(Deferred(args))) => {
            said!(S::AdvancePhase, args, phase::advance::said)
        }
        Command::Finding(Finding::Resolve(Deferred(args))) => {
            said!(S::ResolveFinding, args, finding::resolve::said)
        }
        Command::Slice(Slice::Retry(Deferred(args))) => {
            said!(S::RetrySlice, args, slice::retry::said)
        }
        Command::Slice(Slice::Waive(Deferred(args))) => {
            said!(S::WaiveSlice, args, slice::waive::said)
        }
        Command::Slice(Slice::Plan(Deferred(args))) => {
            let progress = Progress::of(None);
            let context = Context::new(args.common, &env, &progress).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            let said = slice::plan::said(&context, &args.own);
            made(S::PlanSlices, runtime.unwrap().block_on(said).unwrap())
        }
        other => panic!("{line}: nobody is advised to type {other:?}"),
    }
}

fn made<T: Serialize>(
    signal: EpochSignal,
    (epoch_id, body): (String, T),
) -> (EpochSignal, Vec<u8>) {
    assert_eq!(epoch_id, super::EPOCH, "it is told to this epoch");
    (signal, serde_json::to_vec(&body).unwrap())
}
