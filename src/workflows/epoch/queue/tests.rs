//! That a replay asks for the same things in the same order, whenever it is told that a
//! write is done: a run and its replay are acted out, activation by activation.

use proptest::prelude::*;

use super::*;
use crate::contract::audit::AuditEvent;
use crate::protocol::effect::EventType;
use crate::protocol::{PhaseId, RoleId};
use crate::workflows::epoch::pump::{Order, Row};

/// What one message leaves: so many rows, whether it moves the epoch on, and so many
/// children to be started.
type Left = (usize, bool, usize);

/// The messages of each activation.
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

/// The time of an activation.
fn moment(now: usize) -> Timestamp {
    Timestamp::from_micros(i64::try_from(now).unwrap())
}

/// Long after everything is done.
const NEVER: usize = usize::MAX;

/// A run that is acted out.
#[derive(Default)]
struct Run {
    queue: Queue,
    made: u32,
    /// What it has asked for, in order.
    asked: Vec<String>,
    /// What the history says of it.
    history: History,
    /// In which activation it is told of what it waits for.
    told: usize,
}

/// In which activation each write is recorded, and each child command is answered.
#[derive(Default)]
struct History {
    writes: Vec<usize>,
    answers: Vec<usize>,
}

/// How long a write takes, in activations, and whether the run is told only in the one
/// after that in which it is recorded.
type Write = (usize, bool);

impl Run {
    /// Acts a script out. Child commands are answered in the next activation; in a replay,
    /// all is as the history says, and writes are told of when they are recorded. It ends for
    /// a new run that is suggested in this activation.
    fn act(script: &Script, writes: &[Write], suggested: usize, history: Option<&History>) -> Self {
        let mut run = Self::default();
        // Enough for everything to be done.
        for now in 0..script.len() + 300 {
            for left in script.get(now).into_iter().flatten() {
                run.receive(now, *left);
            }
            while run.told <= now {
                if now >= suggested && !run.queue.has_work_from_before(moment(suggested), true) {
                    run.asked.push("new run".to_owned());
                    return run;
                }
                match run.queue.next(true) {
                    Step::Nothing => break,
                    Step::Publish(shown) => run.asked.push(format!("{shown:?}")),
                    Step::Write(rows, _) => {
                        let ids: Vec<_> = rows.iter().map(|row| &row.event.event_id).collect();
                        run.asked.push(format!("write {ids:?}"));
                        let number = run.history.writes.len();
                        let (takes, late) = writes.get(number).copied().unwrap_or_default();
                        let recorded = history.map_or(now + takes, |h| h.writes[number]);
                        run.history.writes.push(recorded);
                        run.told = recorded + usize::from(late);
                    }
                    Step::Perform(effect) => {
                        run.asked.push(format!("{effect:?}"));
                        let number = run.history.answers.len();
                        let answer = history.map_or(now + 1, |h| h.answers[number]);
                        run.history.answers.push(answer);
                        run.told = answer;
                    }
                    Step::Finish(_) => unreachable!("nothing here ends the run"),
                }
            }
        }
        run
    }

    fn receive(&mut self, now: usize, (rows, moves, children): Left) {
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
        self.queue
            .add(Cause::Messages, moment(now), rows, effects, || {
                let kind = crate::contract::attributes::Kind::Keyword;
                vec![("state", kind, state.to_string())]
            });
    }
}

fn script() -> impl Strategy<Value = Script> {
    let left = (0..3_usize, any::<bool>(), 0..3_usize);
    prop::collection::vec(prop::collection::vec(left, 0..4), 1..8)
}

fn writes() -> impl Strategy<Value = Vec<Write>> {
    prop::collection::vec((0..3_usize, any::<bool>()), 60)
}

proptest! {
    #[test]
    fn what_is_asked_for_does_not_depend_on_when_a_write_is_told(
        script in script(),
        writes in writes(),
    ) {
        let first = Run::act(&script, &writes, NEVER, None);
        let replay = Run::act(&script, &[], NEVER, Some(&first.history));
        prop_assert_eq!(first.asked, replay.asked);
    }

    #[test]
    fn nor_does_where_a_new_run_begins(
        script in script(),
        writes in writes(),
        suggested in 0..30_usize,
    ) {
        let first = Run::act(&script, &writes, suggested, None);
        let replay = Run::act(&script, &[], suggested, Some(&first.history));
        prop_assert_eq!(first.asked.last().map(String::as_str), Some("new run"));
        prop_assert_eq!(first.asked, replay.asked);
    }
}

#[test]
fn what_came_first_is_done_first() {
    let script = vec![vec![(1, true, 1)], vec![(1, false, 0), (1, true, 1)]];
    let run = Run::act(&script, &[(0, true)], NEVER, None);
    let kinds: Vec<&str> = run
        .asked
        .iter()
        .map(|asked| asked.split(['(', '[', ' ']).next().unwrap_or_default())
        .collect();
    let one = ["", "write", "OpenReview"];
    assert_eq!(kinds, [one, one].concat(), "{:#?}", run.asked);
}

#[test]
fn what_came_before_a_new_run_was_suggested_is_done_and_the_rest_is_left_to_it() {
    let script = vec![vec![(1, false, 1)], vec![(1, false, 1)]];
    let run = Run::act(&script, &[(0, true)], 1, None);
    assert_eq!(run.asked.len(), 3, "{:#?}", run.asked);
    assert!(run.asked[0].starts_with("write") && run.asked[1].starts_with("OpenReview"));
    assert_eq!(run.asked[2], "new run");
}

#[test]
fn an_end_that_waits_for_the_trail_keeps_no_new_run_from_beginning() {
    let mut queue = Queue::default();
    let finish = Effect::Finish(Ending::Completed);
    queue.add(
        Cause::Messages,
        moment(1),
        Vec::new(),
        vec![finish],
        Vec::new,
    );
    assert!(!queue.has_work_from_before(moment(2), false));
    assert!(queue.has_work_from_before(moment(2), true));
    assert!(
        !queue.has_work_from_before(moment(1), true),
        "it came later"
    );
}

#[test]
fn closing_waits_for_the_trail_and_for_what_came_meanwhile() {
    let at = Timestamp::from_micros;
    let add = |queue: &mut Queue, at, rows, effects| {
        queue.add(Cause::Messages, at, rows, effects, Vec::new);
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
