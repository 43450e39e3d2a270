//! Who must act next in an epoch, and the commands to type. Where judgement is needed it
//! gives the choice and never the answer; where one must wait it says for what. It judges
//! by the state alone and repeats no rule: which steps are open is the worker's word.

pub(in crate::cli) mod command;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Serialize;

use crate::contract::query::{MoreState, QueryStateResult, SliceView, Transition};
use crate::protocol::finding::SeverityLevel;
use crate::protocol::slice::SliceState;
use crate::protocol::state::EpochStatus;
use crate::protocol::table::steps_from;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{PhaseId, RoleId, Word};
use crate::shell::shell_line;

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Next {
    /// Who has to act; none where nobody can, or need.
    pub(super) who: Option<RoleId>,
    /// What is to be done, or why nothing is.
    pub(super) what: String,
    /// What goes on by itself meanwhile.
    pub(super) waits_for: Vec<String>,
    /// What can be typed now. Each would be accepted.
    pub(super) steps: Vec<Step>,
}

/// What comes next, for programs.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Next")]
pub(in crate::cli) struct Told {
    /// The role that has to act; null where nobody can, or need.
    who: Option<RoleId>,
    /// What is to be done, or why nothing is.
    what: String,
    /// What goes on by itself meanwhile.
    waits_for: Vec<String>,
    /// What can be typed now. Words in capitals are to be filled in, and of words that `|`
    /// parts, one is to be chosen.
    commands: Vec<String>,
}

/// Something that can be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Vote on an axis; which way is the reviewer's to say.
    Vote(ReviewAxis),
    /// Resolve a finding.
    Resolve(String),
    /// Run a slice again.
    Retry(String),
    /// Give a slice up.
    Waive(String),
    /// Declare slices.
    Plan,
    /// Move on, or back.
    Advance {
        to: PhaseId,
        by: RoleId,
        condition: String,
    },
    /// Move on past the cap on review rounds.
    Override { to: PhaseId, by: RoleId },
}

impl Step {
    /// The command. Words in capitals are to be filled in, and of words that `|` parts,
    /// one is to be chosen.
    pub(super) fn command(&self, epoch_id: &str) -> String {
        let line = |words: [&str; 2], flags: &[(&str, &str)]| {
            let mut all = vec!["aura-msg".to_owned()];
            all.extend(words.map(str::to_owned));
            for (flag, value) in [&[("--epoch-id", epoch_id)][..], flags].concat() {
                // Apart, a value with a dash in front would be taken for a flag.
                if value.starts_with('-') {
                    all.push(format!("{flag}={value}"));
                } else {
                    all.extend([flag.to_owned(), value.to_owned()]);
                }
            }
            shell_line(&all)
        };
        match self {
            Self::Vote(axis) => {
                let said = line(["signal", "vote"], &[("--axis", axis.word())]);
                // Not a word of the shell's: it is to be replaced.
                format!(
                    "{said} --vote {} --reviewer-id NAME",
                    VoteType::WORDS.join("|")
                )
            }
            Self::Resolve(id) => line(
                ["finding", "resolve"],
                &[("--finding-id", id), ("--resolution", "TEXT")],
            ),
            Self::Retry(id) => line(["slice", "retry"], &[("--slice-id", id)]),
            Self::Waive(id) => line(
                ["slice", "waive"],
                &[("--slice-id", id), ("--reason", "TEXT")],
            ),
            Self::Plan => line(["slice", "plan"], &[("--file", "FILE")]),
            Self::Advance { to, by, condition } => line(
                ["phase", "advance"],
                &[
                    ("--to-phase", to.word()),
                    ("--triggered-by", by.word()),
                    ("--condition", condition),
                ],
            ),
            Self::Override { to, by } => line(
                ["phase", "advance"],
                &[
                    ("--to-phase", to.word()),
                    ("--triggered-by", by.word()),
                    ("--override", "REASON"),
                ],
            ),
        }
    }
}

impl Next {
    fn nobody(what: impl Into<String>) -> Self {
        Self {
            who: None,
            what: what.into(),
            waits_for: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn of(who: RoleId, what: impl Into<String>, steps: Vec<Step>) -> Self {
        Self {
            who: Some(who),
            what: what.into(),
            waits_for: Vec::new(),
            steps,
        }
    }

    /// What comes next in an epoch; `ending` is how its execution ended, if it has.
    pub(in crate::cli) fn after(state: &QueryStateResult, ending: Option<&str>) -> Self {
        let more = state.more.as_ref();
        let status = more.map_or(EpochStatus::Running, |more| more.status);
        match (status, ending) {
            (EpochStatus::Complete, _) => return Self::nobody("nothing: it is complete"),
            (EpochStatus::Cancelled, _) => return Self::nobody("nothing: it was cancelled"),
            (_, Some(ending)) => {
                return Self::nobody(match state.current_phase {
                    PhaseId::Complete => "nothing: it is complete".to_owned(),
                    phase => format!("nothing: it was {ending} in {phase}"),
                });
            }
            (EpochStatus::Cancelling, None) => {
                return Self {
                    waits_for: vec!["the end of its children".to_owned()],
                    ..Self::nobody("nothing: it is being cancelled")
                };
            }
            (EpochStatus::Running, None) => {}
        }
        match state.current_phase {
            PhaseId::P4 | PhaseId::P10 => review(state, more),
            PhaseId::P9 => slices(state, more),
            _ => plain(state, more),
        }
    }

    /// For people: the first line, and then the commands.
    pub(in crate::cli) fn lines(&self, epoch_id: &str) -> Vec<String> {
        let first = match self.who {
            Some(who) => format!("{who}: {}", self.what),
            None => self.what.clone(),
        };
        let mut lines = vec![first];
        let waits = self.waits_for.iter();
        lines.extend(waits.map(|what| format!("  waits for {what}")));
        let steps = self.steps.iter();
        lines.extend(steps.map(|step| format!("  {}", step.command(epoch_id))));
        lines
    }

    /// For programs.
    pub(super) fn told(&self, epoch_id: &str) -> Told {
        let steps = self.steps.iter();
        Told {
            who: self.who,
            what: self.what.clone(),
            waits_for: self.waits_for.clone(),
            commands: steps.map(|step| step.command(epoch_id)).collect(),
        }
    }
}

fn advance(step: &Transition, by: RoleId) -> Step {
    Step::Advance {
        to: step.to_phase,
        by,
        condition: step.condition.clone(),
    }
}

/// A review: votes, then blockers, then the way on; a REVISE leaves only the way back.
fn review(state: &QueryStateResult, more: Option<&MoreState>) -> Next {
    let phase = state.current_phase;
    // Who has proposed the plan revises it, and who directs the work sends it back.
    let leads = match phase {
        PhaseId::P4 => RoleId::Architect,
        _ => RoleId::Supervisor,
    };
    let open = |is_back: bool| {
        let steps = state.available_transitions.iter();
        steps
            .filter(|step| (step.to_phase < phase) == is_back)
            .map(|step| advance(step, leads))
            .collect::<Vec<_>>()
    };
    let with = |wanted: Option<VoteType>| {
        let axes = ReviewAxis::ALL.iter().copied();
        axes.filter(|axis| state.votes.get(axis).copied() == wanted)
            .collect::<Vec<_>>()
    };
    let revise = with(Some(VoteType::Revise));
    if !revise.is_empty() {
        let what = format!("go back, and revise: {} wants it", named(&revise));
        return Next::of(leads, what, open(true));
    }
    let blockers: Vec<&str> = more
        .filter(|_| phase == PhaseId::P10)
        .into_iter()
        .flat_map(|more| &more.findings)
        .filter(|found| found.severity == SeverityLevel::Blocker && found.resolution.is_none())
        .map(|found| found.finding_id.as_str())
        .collect();
    let resolve = || {
        let ids = blockers.iter();
        ids.map(|id| Step::Resolve((*id).to_owned()))
    };
    let missing = with(None);
    if !missing.is_empty() {
        let mut what = format!("vote on {}", named(&missing));
        if !blockers.is_empty() {
            what.push_str(", and resolve the BLOCKERs");
        }
        let mut steps: Vec<Step> = missing.into_iter().map(Step::Vote).collect();
        steps.extend(resolve());
        return Next::of(state.current_role, what, steps);
    }
    if !blockers.is_empty() {
        let what = "resolve the BLOCKERs, or go back and have them fixed";
        let mut steps: Vec<Step> = resolve().collect();
        steps.extend(open(true));
        return Next::of(leads, what, steps);
    }
    match open(false) {
        steps if steps.is_empty() => closed(leads, open(true)),
        steps => Next::of(leads, "move on: all three have accepted", steps),
    }
}

/// The work: what has failed is run again or given up, what runs is waited for.
fn slices(state: &QueryStateResult, more: Option<&MoreState>) -> Next {
    let slices = more.map_or(&[][..], |more| &more.slices);
    let unsettled = || slices.iter().filter(|slice| !slice.state.is_settled());
    let is_stopped =
        |slice: &&SliceView| matches!(slice.state, SliceState::Failed | SliceState::Cancelled);
    let stopped: Vec<&SliceView> = unsettled().filter(is_stopped).collect();
    let running: Vec<&SliceView> = unsettled()
        .filter(|slice| slice.state == SliceState::Running)
        .collect();
    if stopped.is_empty() && unsettled().next().is_none() {
        return plain(state, more);
    }
    let steps: Vec<Step> = stopped
        .iter()
        .flat_map(|slice| {
            let id = &slice.slice_id;
            [Step::Retry(id.clone()), Step::Waive(id.clone())]
        })
        .collect();
    let waits_for = running
        .iter()
        .map(|slice| {
            let does = if slice.stopping {
                "was told to stop"
            } else {
                "runs"
            };
            format!("slice {}, which {does}", slice.slice_id)
        })
        .chain(
            unsettled()
                .filter(|slice| slice.state == SliceState::Waiting && stopped.is_empty())
                .map(|slice| format!("slice {}, whose turn comes", slice.slice_id)),
        )
        .collect();
    let what = if stopped.is_empty() {
        "finish the slices that run and wait".to_owned()
    } else {
        let ids: Vec<&str> = stopped
            .iter()
            .map(|slice| slice.slice_id.as_str())
            .collect();
        format!("run again or give up: {}", ids.join(", "))
    };
    // Who works cannot give work up.
    let who = if stopped.is_empty() {
        RoleId::Worker
    } else {
        RoleId::Supervisor
    };
    Next {
        waits_for,
        ..Next::of(who, what, steps)
    }
}

/// What the table has, as far as it is open.
fn plain(state: &QueryStateResult, more: Option<&MoreState>) -> Next {
    let phase = state.current_phase;
    let who = state.current_role;
    let by = match phase {
        PhaseId::P9 => RoleId::Supervisor,
        _ => who,
    };
    let open = &state.available_transitions;
    if open.is_empty() {
        return match steps_from(phase).find(|step| step.to.is_review()) {
            // Nothing else closes the way into a review here.
            Some(step) => {
                let steps = vec![Step::Override { to: step.to, by }];
                let what = format!(
                    "{} has had all its review rounds: settle it among people, then move on",
                    step.to
                );
                Next::of(by, what, steps)
            }
            None => closed(by, Vec::new()),
        };
    }
    let has_slices = more.is_none_or(|more| !more.slices.is_empty());
    let mut steps: Vec<Step> = open.iter().map(|step| advance(step, by)).collect();
    let mut what = match open.as_slice() {
        [only] => format!("move on, once this is so: {}", only.condition),
        _ => "let the user decide, and move on or back".to_owned(),
    };
    if matches!(phase, PhaseId::P8 | PhaseId::P9) && !has_slices {
        what = format!("declare the slices, if there are any; then {what}");
        steps.insert(0, Step::Plan);
    }
    Next::of(by, what, steps)
}

/// A way on that is closed for reasons that the worker does not tell.
fn closed(who: RoleId, steps: Vec<Step>) -> Next {
    let what = "find out what closes the way on: `aura-msg phase advance` is told why";
    Next::of(who, what, steps)
}

fn named(axes: &[ReviewAxis]) -> String {
    let words: Vec<&str> = axes.iter().map(|axis| axis.word()).collect();
    words.join(", ")
}
