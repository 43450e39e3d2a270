//! That a replay asks for the same things in the same order, whenever it is told that a
//! write is done and whichever tasks it takes together: a run and its replay are acted out,
//! task by task.

use std::iter;

use proptest::prelude::*;

use super::*;
use crate::contract::audit::AuditEvent;
use crate::protocol::effect::EventType;
use crate::protocol::{PhaseId, RoleId, Timestamp};
use crate::workflows::epoch::moment::{Suggestion, Task};
use crate::workflows::epoch::pump::{Order, Row};

/// What one message leaves: so many rows, whether it moves the epoch on, and so many
/// children to be started.
type Left = (usize, bool, usize);

/// The messages of each task.
type Script = Vec<Vec<Left>>;

fn row(ordinal: u32) -> Row {
    let event = AuditEvent {
        epoch_id: "e".to_owned(),
        event_type: EventType::VoteRecorded,
        phase: PhaseId::P4,
        role: RoleId::Reviewer,
        payload: serde_json::Map::new(),
        event_id: Some(format!("r:{ordinal}")),
        occurred_at: None,
        actor: None,
        workflow_id: None,
        run_id: None,
    };
    Row::new(event, Order::Recorded)
}

/// A run that is acted out.
#[derive(Default)]
struct Run {
    queue: Queue,
    suggestion: Suggestion,
    made: u32,
    /// What it has asked for, in order.
    asked: Vec<String>,
    /// What the history says of it.
    history: History,
    /// In which task it is told of what it waits for.
    told: usize,
    /// Whether it pauses before a new run begins.
    pauses: bool,
    /// The length of the history when the write began that it waits for.
    writing: Option<u32>,
}

/// What a history says, task by task, write by write and child by child.
#[derive(Clone, Default)]
struct History {
    /// Events up to each task.
    lengths: Vec<u32>,
    /// How much was recorded as each task was completed.
    recorded: Vec<u32>,
    /// Whether a replay takes a task together with the next one.
    merged: Vec<bool>,
    /// In which task each write is recorded, and each child command answered.
    writes: Vec<usize>,
    answers: Vec<usize>,
}

/// How long a write takes, in tasks, and whether the run is told only in the task after
/// that in which it is recorded.
type Write = (usize, bool);

/// Enough tasks for everything to be done.
fn tasks(script: &Script) -> usize {
    script.len() + 300
}

impl Run {
    /// Acts a script out; a new run is suggested from a task on. Child commands are answered
    /// in the next task. Where a write takes longer than its task, a query was answered.
    fn act(script: &Script, suggested: usize, writes: &[Write]) -> Self {
        let mut run = Self::default();
        run.history.recorded = vec![0; tasks(script) + 10];
        for now in 0..tasks(script) {
            let messages = script.get(now).map_or(&[][..], Vec::as_slice);
            let before = now.checked_sub(1).map_or(0, |n| run.history.lengths[n]);
            let ended = now.checked_sub(1).map_or(0, |n| run.history.recorded[n]);
            let answers = run.history.answers.iter().filter(|a| **a == now).count();
            let news = u32::try_from(messages.len() + answers).unwrap();
            let is_task = news > 0 || run.told >= now;
            let added = if is_task { ended + news + 3 } else { 0 };
            let was_waiting = run.writing.is_some();
            run.history.lengths.push(before + added);
            let next = |_| now + 1;
            let is_new = run.turn(now, suggested, messages, next, |number, history| {
                let (takes, late) = writes.get(number).copied().unwrap_or_default();
                let recorded = now + takes;
                history.writes.push(recorded);
                history.recorded[recorded] += 1;
                recorded + usize::from(late)
            });
            // Nothing was recorded before nor in this task, and the next one follows at once.
            if let Some(last) = now.checked_sub(1) {
                let is_empty = was_waiting && news == 0;
                let quiet = |n: usize| run.history.recorded[n] == 0;
                let merged = is_empty && quiet(last) && (last == 0 || quiet(last - 1));
                run.history.merged.push(merged);
            }
            if is_new {
                break;
            }
        }
        run
    }

    /// The same once more out of the history: writes are told of when they are recorded.
    fn replay(script: &Script, suggested: usize, first: &History) -> Self {
        let mut run = Self::default();
        run.history.lengths.clone_from(&first.lengths);
        run.history.recorded = vec![0; tasks(script) + 10];
        let mut messages = Vec::new();
        for now in 0..first.lengths.len() {
            messages.extend(script.get(now).into_iter().flatten().copied());
            if first.merged.get(now) == Some(&true) {
                continue;
            }
            let came = std::mem::take(&mut messages);
            let answer = |number| first.answers.get(number).copied().unwrap_or(usize::MAX);
            let is_new = run.turn(now, suggested, &came, answer, |number, history| {
                let recorded = first.writes.get(number).copied().unwrap_or(usize::MAX);
                history.writes.push(recorded);
                recorded
            });
            if is_new {
                break;
            }
        }
        run
    }

    /// One task; whether a new run begins with it.
    fn turn(
        &mut self,
        now: usize,
        suggested: usize,
        messages: &[Left],
        answer: impl Fn(usize) -> usize,
        mut write: impl FnMut(usize, &mut History) -> usize,
    ) -> bool {
        let task = Task {
            at: Timestamp::from_micros(i64::try_from(now).unwrap()),
            length: self.history.lengths[now],
            suggests: now >= suggested,
        };
        for left in messages {
            self.receive(task, *left);
        }
        while self.told <= now {
            if let Some(begun) = self.writing.take() {
                self.suggestion.told(begun, task);
            }
            if self.suggestion.is_due() && !self.queue.has_early_work(true) {
                if self.pauses {
                    self.asked.push("a new run".to_owned());
                    return true;
                }
                self.pauses = true;
                self.asked.push("a pause".to_owned());
                self.command(now, &answer);
                continue;
            }
            match self.queue.next(true) {
                Step::Nothing => break,
                Step::Publish(shown) => {
                    self.history.recorded[now] += 1;
                    self.asked.push(format!("{shown:?}"));
                }
                Step::Write(rows, _) => {
                    let ids: Vec<_> = rows.iter().map(|row| &row.event.event_id).collect();
                    self.asked.push(format!("write {ids:?}"));
                    self.told = write(self.history.writes.len(), &mut self.history);
                    self.writing = Some(task.length);
                }
                Step::Perform(effect) => {
                    self.asked.push(format!("{effect:?}"));
                    self.command(now, &answer);
                }
                Step::Finish(_) => unreachable!("nothing here ends the run"),
            }
        }
        false
    }

    /// Asks for something that is answered in a later task.
    fn command(&mut self, now: usize, answer: impl Fn(usize) -> usize) {
        self.history.recorded[now] += 1;
        self.told = answer(self.history.answers.len());
        self.history.answers.push(self.told);
    }

    fn receive(&mut self, task: Task, (rows, moves, children): Left) {
        let moment = self.suggestion.moment(task);
        let mut next = || {
            self.made += 1;
            self.made
        };
        let rows = (0..rows).map(|_| row(next())).collect();
        let mut effects = vec![Effect::PublishAttributes; usize::from(moves)];
        effects.extend((0..children).map(|_| Effect::OpenReview {
            phase: PhaseId::P4,
            round: next(),
        }));
        let state = self.made;
        self.queue.add(Cause::Messages, moment, rows, effects, || {
            let kind = crate::contract::attributes::Kind::Keyword;
            vec![("state", kind, state.to_string())]
        });
    }
}

fn scripts() -> impl Strategy<Value = Script> {
    let message = (0..3_usize, any::<bool>(), 0..3_usize);
    prop::collection::vec(prop::collection::vec(message, 0..4), 1..8)
}

fn writes(takes: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Write>> {
    // What takes longer is told when it is recorded.
    let write = (takes, any::<bool>()).prop_map(|(takes, late)| (takes, late && takes == 0));
    prop::collection::vec(write, 60)
}

/// After so many tasks all is done that one task brings here.
const IDLE: usize = 12;

/// Scripts and writes of runs that a new one is suggested to: messages come in any task, or,
/// where writes take more than one, once all is done. This leaves out messages that wait
/// behind such a write while the suggestion comes.
fn runs() -> impl Strategy<Value = (Script, Vec<Write>)> {
    let apart = |script: Script| {
        let tasks = script.into_iter();
        tasks
            .flat_map(|task| iter::once(task).chain(iter::repeat_n(Vec::new(), IDLE)))
            .collect()
    };
    prop_oneof![
        (scripts(), writes(0..1)),
        (scripts().prop_map(apart), writes(0..2)),
    ]
}

proptest! {
    #[test]
    fn what_is_asked_for_does_not_depend_on_when_a_write_is_told(
        script in scripts(),
        writes in prop::collection::vec((0..3_usize, any::<bool>()), 60),
    ) {
        let first = Run::act(&script, usize::MAX, &writes);
        let replay = Run::replay(&script, usize::MAX, &first.history);
        prop_assert_eq!(first.asked, replay.asked);
    }

    #[test]
    fn nor_does_when_a_new_run_begins((script, writes) in runs(), suggested in 0..60_usize) {
        let first = Run::act(&script, suggested, &writes);
        let replay = Run::replay(&script, suggested, &first.history);
        prop_assert_eq!(first.asked, replay.asked);
        prop_assert_eq!(first.made, replay.made);
    }
}

#[test]
fn what_came_first_is_done_first() {
    let script = vec![vec![(1, true, 1)], vec![(1, false, 0), (1, true, 1)]];
    let run = Run::act(&script, usize::MAX, &[(0, true)]);
    let kinds: Vec<&str> = run
        .asked
        .iter()
        .map(|asked| asked.split(['(', '[', ' ']).next().unwrap_or_default())
        .collect();
    let one = ["", "write", "OpenReview"];
    assert_eq!(kinds, [one, one].concat(), "{:#?}", run.asked);
}

#[test]
fn closing_waits_for_the_trail_and_for_what_came_meanwhile() {
    let at = |at| Moment {
        at: Timestamp::from_micros(at),
        is_late: false,
    };
    let add = |queue: &mut Queue, moment, rows, effects| {
        queue.add(Cause::Messages, moment, rows, effects, Vec::new);
    };
    let mut queue = Queue::default();
    let finish = Effect::Finish(Ending::Completed);
    add(&mut queue, at(1), vec![row(1)], vec![finish]);
    assert_eq!(queue.next(true), Step::Write(vec![row(1)], at(1)));
    assert!(!queue.has_work(false));
    assert_eq!(queue.next(false), Step::Nothing);
    add(&mut queue, at(2), vec![row(2)], Vec::new());
    assert!(queue.has_work(false));
    assert_eq!(queue.next(false), Step::Write(vec![row(2)], at(2)));
    assert_eq!(queue.next(true), Step::Finish(Ending::Completed));
}
