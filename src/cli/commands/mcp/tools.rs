//! The tools: which command each is, and what an agent should know before it calls it. It
//! leaves out what they take and answer, which is what their commands take and print.

use super::desk;

/// Something that an agent can call.
#[derive(Debug)]
pub(super) struct Tool {
    /// What it is called by.
    pub(super) name: &'static str,
    /// What people read.
    pub(super) title: &'static str,
    /// The command that it is.
    pub(super) command: [&'static str; 2],
    /// What there is to know besides what the command's help says.
    pub(super) more: &'static str,
    /// What it does to the epoch.
    pub(super) does: Does,
    /// Flags of the command that are none of its arguments.
    pub(super) without: &'static [&'static str],
    /// What is waited for, in words for those who wait.
    pub(super) waits_for: &'static str,
}

/// What a tool does to the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// Nothing.
    Read,
    /// It adds something, and takes nothing away.
    Add,
    /// It ends or replaces something, which no other tool brings back.
    Change,
}

impl Tool {
    const fn new(
        name: &'static str,
        title: &'static str,
        command: [&'static str; 2],
        does: Does,
        more: &'static str,
    ) -> Self {
        Self {
            name,
            title,
            command,
            more,
            does,
            without: &["no_wait"],
            waits_for: "waiting for an answer",
        }
    }

    /// The tool of this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|tool| tool.name == name)
    }

    /// Its command, as it is typed.
    pub(super) fn typed(&self) -> String {
        self.command.join(" ")
    }

    /// Whether it takes a time limit of its own.
    pub(super) fn has_limit(&self) -> bool {
        self.command == ["epoch", "wait"]
    }
}

/// All of them. What needs a person's decision is not among them: to start, cancel or
/// terminate an epoch, and to declare, stop, repeat or waive slices.
pub(super) static ALL: [Tool; 11] = [
    Tool::new(
        "next_step",
        "Who acts next",
        ["epoch", "next"],
        Does::Read,
        "Call it first, and after each step: it tells the role that has to act, what is to be \
         done, and commands that would be accepted. The tools vote, advance and finding_resolve \
         do what the commands of their names do.",
    ),
    Tool {
        without: &["raw"],
        ..Tool::new(
            "state",
            "State of the epoch",
            ["query", "state"],
            Does::Read,
            "It has the phase, the votes, the steps that would be accepted, findings, slices \
             and sessions.",
        )
    },
    Tool {
        waits_for: "waiting for the epoch to come there",
        ..Tool::new(
            "wait",
            "Wait for a phase",
            ["epoch", "wait"],
            Does::Read,
            desk::PATIENCE,
        )
    },
    Tool::new(
        "vote",
        "Vote in a review",
        ["signal", "vote"],
        Does::Change,
        "For reviewers, in p4 and p10, each on the axis that is theirs. It replaces the vote on \
         that axis in the open round.",
    ),
    Tool::new(
        "advance",
        "Move to another phase",
        ["phase", "advance"],
        Does::Change,
        "For the role that acts. What the rules do not allow yet is refused, with what is \
         missing; nothing else happens then. Leaving a review closes its round.",
    ),
    Tool::new(
        "finding_add",
        "Record a finding",
        ["finding", "add"],
        Does::Add,
        "For reviewers.",
    ),
    Tool::new(
        "finding_resolve",
        "Resolve a finding",
        ["finding", "resolve"],
        Does::Change,
        "A finding stays resolved.",
    ),
    Tool::new(
        "slice_progress",
        "Report progress of a slice",
        ["slice", "progress"],
        Does::Add,
        "For the worker that has the slice.",
    ),
    Tool::new(
        "slice_complete",
        "Say how a slice ended",
        ["signal", "complete"],
        Does::Change,
        "For the worker that has the slice; give either output or error. It ends the slice's \
         command if one is running.",
    ),
    Tool::new(
        "session_register",
        "Announce a session",
        ["session", "register"],
        Does::Add,
        "Only where no hook of aura's does it. Again under the same id, it says that the \
         session goes on.",
    ),
    Tool::new(
        "session_end",
        "End a session",
        ["session", "end"],
        Does::Change,
        "Only where no hook of aura's does it.",
    ),
];
