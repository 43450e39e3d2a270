//! The course of a whole epoch, message by message, with what each of them leaves behind
//! in the state and in the audit trail, however often something broke on the way.

use std::iter;
use std::time::Duration;

use serde_json::{Value, json};

use crate::evidence::{check_chain, check_numbers, check_trail};
use crate::slices;
use crate::support::wait::eventually;
use crate::temporal::Workflow;
use crate::world::{AXES, World};

/// How long a message is repeated that is not confirmed.
const CONFIRMED_LIMIT: Duration = Duration::from_mins(2);
/// Rows that waited for a mended trail come within its longest pause between two tries.
const ROWS_LIMIT: Duration = Duration::from_mins(1);

/// A move, or a try: from, to, whether it was accepted.
type Move = (&'static str, &'static str, bool);

enum Act {
    /// `aura-msg` with these words, which ends with this code.
    Say(String, i32),
    /// Two slices, the second after the first.
    Plan,
    /// Until both have succeeded.
    WaitForSlices,
}

/// One step of a course.
pub struct Step {
    act: Act,
    moved: Option<Move>,
    events: Vec<&'static str>,
}

impl Step {
    fn new(act: Act, events: &[&'static str]) -> Self {
        let events = events.to_vec();
        Self {
            act,
            moved: None,
            events,
        }
    }

    fn say(words: impl Into<String>, events: &[&'static str]) -> Self {
        Self::new(Act::Say(words.into(), 0), events)
    }

    fn advance(from: &'static str, to: &'static str, events: &[&'static str]) -> Self {
        let words = format!("phase advance --to-phase {to} --triggered-by t --condition c");
        let moved = Some((from, to, true));
        Self {
            moved,
            ..Self::say(words, events)
        }
    }

    /// A try that a closed gate refuses, which violates a constraint, too.
    fn refused(from: &'static str, to: &'static str) -> Self {
        let mut step = Self::advance(from, to, &["constraint_check", "advance_refused"]);
        step.moved = Some((from, to, false));
        if let Act::Say(_, code) = &mut step.act {
            *code = 3;
        }
        step
    }

    fn vote(axis: &str, vote: &str, events: &[&'static str]) -> Self {
        Self::say(format!("signal vote --axis {axis} --vote {vote}"), events)
    }

    fn session(id: &str) -> Self {
        Self::say(register(id), &["session_registered"])
    }

    fn blocker(id: &str) -> Self {
        let words = format!("finding add --severity BLOCKER --summary s --finding-id {id}");
        Self::say(words, &["blocker_recorded"])
    }

    fn resolve(id: &str) -> Self {
        let words = format!("finding resolve --resolution r --finding-id {id}");
        Self::say(words, &["blocker_resolved"])
    }
}

/// The messages of an epoch, from its start to `complete`.
pub struct Course {
    pub steps: Vec<Step>,
    /// The step by which the last review ends: until then there is something of everything
    /// in the state.
    pub last_vote: usize,
}

const SLICES: usize = 2;
const FINDINGS: usize = 1;
const SESSIONS: usize = 2;

impl Course {
    /// With rework, refusals, findings, sessions and slices.
    pub fn whole() -> Self {
        let moved = ["phase_transition"];
        let opened = ["phase_transition", "review_opened"];
        let reminded = ["constraint_check", "phase_transition"];
        let ran = ["slice_progress", "slice_finished"];
        let mut steps = vec![
            Step::session("s-1"),
            Step::advance("p1", "p2", &moved),
            Step::advance("p2", "p3", &moved),
            Step::advance("p3", "p4", &opened),
            Step::refused("p4", "p5"),
            Step::vote(AXES[0], "REVISE", &["vote_recorded", "review_closed"]),
            Step::advance("p4", "p3", &moved),
            Step::advance("p3", "p4", &opened),
        ];
        steps.extend(consensus());
        steps.extend([
            Step::advance("p4", "p5", &moved),
            Step::advance("p5", "p6", &moved),
            Step::advance("p6", "p7", &moved),
            Step::advance("p7", "p8", &reminded),
            Step::new(Act::Plan, &["slice_started"; SLICES]),
            Step::advance("p8", "p9", &["phase_transition", "slice_started"]),
            Step::new(
                Act::WaitForSlices,
                &[&ran[..], &["slice_started"], &ran].concat(),
            ),
            Step::advance("p9", "p10", &[&reminded[..1], &opened].concat()),
            Step::blocker("f-1"),
        ]);
        steps.extend(consensus());
        let last_vote = steps.len() - 1;
        steps.extend([
            Step::refused("p10", "p11"),
            Step::resolve("f-1"),
            Step::session("s-2"),
            Step::advance("p10", "p11", &moved),
            Step::advance("p11", "p12", &moved),
            Step::advance("p12", "complete", &["phase_transition", "epoch_completed"]),
        ]);
        Self { steps, last_vote }
    }

    /// Goes all of it. `before` hears of each step as it begins.
    #[track_caller]
    pub fn go(&self, world: &World, epoch: Workflow<'_>, mut before: impl FnMut(usize)) {
        for step in 0..self.steps.len() {
            before(step);
            self.go_step(world, epoch, step);
        }
    }

    /// Goes one step, perhaps once more. Its message has an id of its own, and is repeated
    /// under it until there is an answer that is final.
    #[track_caller]
    pub fn go_step(&self, world: &World, epoch: Workflow<'_>, step: usize) {
        let id = request_id(world, step);
        match &self.steps[step].act {
            Act::Say(line, code) => insist(world, line, &id, *code),
            Act::Plan => {
                let planned = [slices::mock("a", &[]), slices::mock("b", &["a"])];
                slices::plan(epoch, &planned, &id);
            }
            Act::WaitForSlices => slices::wait_all(epoch),
        }
    }

    /// Checks that every message had its effect once: in the state, and in the trail.
    #[track_caller]
    pub fn check(&self, world: &World) {
        self.check_with(world, 0);
    }

    /// The same where messages besides those of the course were refused.
    #[track_caller]
    pub fn check_with(&self, world: &World, other_refusals: usize) {
        let state = world.state();
        assert_eq!(state["status"], "complete");
        let length = |name: &str| state[name].as_array().map_or(0, Vec::len);
        let expected: Vec<Value> = self
            .steps
            .iter()
            .filter_map(|s| s.moved)
            .map(record)
            .collect();
        let went: Vec<Value> = (0..length("transition_history"))
            .map(|n| &state["transition_history"][n])
            .map(|r| json!([r["from_phase"], r["to_phase"], r["success"]]))
            .collect();
        assert_eq!(went, expected, "every move once, in order");
        let refused = expected.iter().filter(|record| record[2] == false).count();
        let refusals = refused + other_refusals;
        assert_eq!(
            state["refusal_count"], refusals,
            "every refusal once: {state}"
        );
        assert_eq!(state["votes"], json!({}));
        assert_eq!(state["active_session_count"], SESSIONS);
        assert_eq!(state["blocker_count"], 0);
        assert_eq!(length("findings"), FINDINGS);
        assert_eq!(length("slices"), SLICES);

        let events = self
            .steps
            .iter()
            .flat_map(|step| step.events.iter().copied());
        let events: Vec<&str> = iter::once("epoch_started").chain(events).collect();
        let rows = eventually("the whole trail", ROWS_LIMIT, || {
            Some(world.audit_rows()).filter(|rows| rows.len() >= events.len())
        });
        let written: Vec<&str> = rows.iter().map(|row| row.event_type.as_str()).collect();
        assert_eq!(written, events, "every event once, in order");
        check_numbers(&rows);
        check_chain(world);
        check_trail(world);
    }
}

/// Three votes; the last closes the round.
fn consensus() -> [Step; 3] {
    let events = ["vote_recorded", "review_closed"];
    let [first, second, third] = AXES;
    [
        Step::vote(first, "ACCEPT", &events[..1]),
        Step::vote(second, "ACCEPT", &events[..1]),
        Step::vote(third, "ACCEPT", &events),
    ]
}

fn record((from, to, accepted): Move) -> Value {
    json!([from, to, accepted])
}

/// The id under which a step's message is sent.
pub fn request_id(world: &World, step: usize) -> String {
    format!("{}/{step}", world.epoch)
}

/// The words of a line; none of them contains a space.
pub fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

/// The line that registers a session.
pub fn register(session: &str) -> String {
    format!("session register --role worker --session-id {session}")
}

/// Says something until the answer is final, and checks which it is.
#[track_caller]
pub fn insist(world: &World, line: &str, request_id: &str, code: i32) {
    let words = [words(line), vec!["--request-id", request_id]].concat();
    let what = format!("a confirmation of {line}");
    let answer = eventually(&what, CONFIRMED_LIMIT, || {
        let answer = world.run(&words);
        (!matches!(answer.code, 2 | 5)).then_some(answer)
    });
    let _ = answer.code(code);
}
