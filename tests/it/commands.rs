//! Every command with no more flags than it needs to be sent, and the two things that
//! become of one: it gets as far as the server, or it is refused before.

use crate::programs::{Shell, Told};
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::output::Output;

pub const CANCEL: &[&str] = &["epoch", "cancel"];
pub const VOTE: &[&str] = &["signal", "vote", "--axis=elegance", "--vote=ACCEPT"];
pub const SLICE: &[&str] = &["signal", "complete", "--slice-id=s", "--output=x"];
pub const ADVANCE: &[&str] = &["phase", "advance", "--to-phase=p2"];
pub const REGISTER: &[&str] = &["session", "register", "--session-id=s", "--role=worker"];
pub const START: &[&str] = &["epoch", "start"];
pub const TERMINATE: &[&str] = &["epoch", "terminate"];
pub const WAIT: &[&str] = &["epoch", "wait"];
pub const LIST: &[&str] = &["epoch", "list"];
pub const SHOW: &[&str] = &["epoch", "show"];
pub const NEXT: &[&str] = &["epoch", "next"];
pub const WATCH: &[&str] = &["epoch", "watch"];
pub const HISTORY: &[&str] = &["epoch", "history"];
pub const TRANSITIONS: &[&str] = &["query", "transitions"];
pub const SESSION_LIST: &[&str] = &["session", "list"];
pub const SESSION_END: &[&str] = &["session", "end", "--session-id=s"];
pub const FINDINGS: &[&str] = &["finding", "list"];
pub const ADD: &[&str] = &[
    "finding",
    "add",
    "--finding-id=f",
    "--severity=MINOR",
    "--summary=x",
];
pub const RESOLVE: &[&str] = &["finding", "resolve", "--finding-id=f", "--resolution=x"];
pub const SLICE_START: &[&str] = &["slice", "start", "--slice-id=s", "--mode=mock"];
pub const SLICE_LIST: &[&str] = &["slice", "list"];
pub const SLICE_SHOW: &[&str] = &["slice", "show", "--slice-id=s"];
pub const SLICE_PROGRESS: &[&str] = &["slice", "progress", "--slice-id=s", "--leaf=l"];
pub const SLICE_CANCEL: &[&str] = &["slice", "cancel", "--slice-id=s"];
pub const SLICE_RETRY: &[&str] = &["slice", "retry", "--slice-id=s"];
pub const SLICE_WAIVE: &[&str] = &["slice", "waive", "--slice-id=s", "--reason=x"];
pub const SLICE_ATTACH: &[&str] = &["slice", "attach", "--slice-id=s"];
pub const SLICE_LOGS: &[&str] = &["slice", "logs", "--slice-id=s"];
pub const REVIEW_SHOW: &[&str] = &["review", "show"];
pub const STATE: &[&str] = &["query", "state"];

/// All of them that are about one epoch, but for the one that wants a file.
pub const COMMANDS: [&[&str]; 29] = [
    STATE,
    NEXT,
    START,
    CANCEL,
    TERMINATE,
    WAIT,
    VOTE,
    SLICE,
    ADVANCE,
    REGISTER,
    ADD,
    RESOLVE,
    SLICE_START,
    SLICE_LIST,
    SLICE_SHOW,
    SLICE_PROGRESS,
    SLICE_CANCEL,
    SLICE_RETRY,
    SLICE_WAIVE,
    SLICE_ATTACH,
    SLICE_LOGS,
    REVIEW_SHOW,
    SHOW,
    WATCH,
    HISTORY,
    TRANSITIONS,
    SESSION_LIST,
    SESSION_END,
    FINDINGS,
];

/// An address that must not be reached, and the commands that are told to.
pub struct Nowhere {
    hole: BlackHole,
    shell: Shell,
}

impl Nowhere {
    pub fn new() -> Self {
        let hole = BlackHole::open();
        let shell = Shell::at(&hole.address());
        Self { hole, shell }
    }

    /// Runs a command with one more flag, which has to be refused.
    #[track_caller]
    pub fn refuse(&self, command: &[&str], flag: &str, value: &str) -> (Output, Told) {
        let joined = format!("{flag}={value}");
        let args = command.iter().copied().chain(["--timeout=5s", &joined]);
        let output = self.shell.aura_msg(args).code(1);
        let told = Told::in_text(&output);
        assert_eq!(told.category, "validation error", "{output}");
        assert_eq!(told.impact, "nothing was sent", "{output}");
        (output, told)
    }
}

impl Drop for Nowhere {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(
                self.hole.visits(),
                0,
                "a bad value was not told before connecting"
            );
        }
    }
}

/// Runs a command with more words, which gets as far as a server that is not there.
#[track_caller]
pub fn accept(command: &[&str], more: &[&str]) {
    let refused = Refused::reserve();
    let args = command.iter().chain(more);
    let _ = Shell::at(&refused.address()).aura_msg(args).code(2);
}
