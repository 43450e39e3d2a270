//! Every reachable combination of a small epoch, by plain breadth-first search: three
//! axes, two blockers, two slices of which one waits for the other, and the cap on
//! rounds. What an action should do is worked out a second time in `expected`, from
//! the contract alone; the search compares the two on every edge.
//!
//! States are equal here when they agree in what may matter for the future: phase,
//! status, the verdicts of an open review, blockers, slices, and rounds up to the cap.
//! Verdicts outside the reviews are left out, since the next advance clears them; that
//! they don't matter is checked on the way.

mod expected;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use super::*;
use expected::expected;

/// What matters of an epoch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Small {
    phase: PhaseId,
    status: EpochStatus,
    /// In a review; none elsewhere.
    verdicts: [Option<VoteType>; 3],
    blockers: [Blocker; 2],
    /// `a`, and `b` which depends on it, once they are declared.
    slices: Option<[Work; 2]>,
    /// In p4 and in p10, since the last consensus, at most as many as matter.
    rounds: [u32; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Blocker {
    Unknown,
    Open,
    Resolved,
}

/// A slice: where it is, and whether it has been told to stop.
type Work = (SliceState, bool);

const BLOCKERS: [&str; 2] = ["b1", "b2"];
const SLICES: [&str; 2] = ["a", "b"];

impl Small {
    fn of(state: &State) -> Self {
        let blocker = |id| match state.findings.get(id) {
            None => Blocker::Unknown,
            Some(found) if found.resolution.is_none() => Blocker::Open,
            Some(_) => Blocker::Resolved,
        };
        let work = |id| {
            state
                .slices
                .find(id)
                .map(|slice| (slice.state, slice.stopping))
        };
        let cap = state.settings.max_rounds.unwrap_or(0);
        let rounds = |phase| {
            state
                .rounds_without_consensus
                .get(&phase)
                .copied()
                .unwrap_or(0)
        };
        Self {
            phase: state.phase,
            status: state.status,
            verdicts: AXES.map(|axis| {
                state
                    .votes
                    .verdict(axis)
                    .filter(|_| state.phase.is_review())
            }),
            blockers: BLOCKERS.map(blocker),
            slices: work("a").zip(work("b")).map(|(a, b)| [a, b]),
            rounds: [P4, P10].map(|phase| rounds(phase).min(cap)),
        }
    }
}

/// Something that is tried in every state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Advance { to: PhaseId, overriding: bool },
    Vote(usize, VoteType),
    Record(usize),
    Resolve(usize),
    Plan,
    Finish { slice: usize, success: bool },
    Stale(usize),
    Cancel(usize),
    Waive(usize),
    Retry(usize),
    CancelEpoch,
    Settle,
}

impl Action {
    fn all() -> Vec<Self> {
        let mut all = vec![Self::Plan, Self::CancelEpoch, Self::Settle];
        for to in PHASES {
            all.extend([false, true].map(|overriding| Self::Advance { to, overriding }));
        }
        for axis in 0..3 {
            all.extend([Accept, Revise].map(|verdict| Self::Vote(axis, verdict)));
        }
        for one in 0..2 {
            all.extend([true, false].map(|success| Self::Finish {
                slice: one,
                success,
            }));
            all.extend([Self::Record(one), Self::Resolve(one), Self::Stale(one)]);
            all.extend([Self::Cancel(one), Self::Waive(one), Self::Retry(one)]);
        }
        all
    }

    fn event(self, state: &State) -> Event {
        let attempt = |id| state.slices.find(id).map_or(1, |slice| slice.attempt);
        match self {
            Self::Advance {
                to,
                overriding: false,
            } => advance(to),
            Self::Advance {
                to,
                overriding: true,
            } => overriding(to, "people agreed"),
            Self::Vote(axis, verdict) => vote(AXES[axis], verdict),
            Self::Record(one) => blocker(BLOCKERS[one]),
            Self::Resolve(one) => resolve(BLOCKERS[one]),
            Self::Plan => plan(&["a", "b<a"]),
            Self::Finish { slice, success } => {
                report(SLICES[slice], attempt(SLICES[slice]), success)
            }
            Self::Stale(slice) => report(SLICES[slice], attempt(SLICES[slice]) + 1, true),
            Self::Cancel(slice) => cancel_slice(SLICES[slice]),
            Self::Waive(slice) => waive(SLICES[slice]),
            Self::Retry(slice) => retry(SLICES[slice]),
            Self::CancelEpoch => cancel(),
            Self::Settle => Event::SettleCancel,
        }
    }
}

/// A state that was found, and how.
struct Found {
    small: Small,
    from: Option<(usize, Action)>,
}

/// Everything that can be reached.
struct Graph {
    states: Vec<Found>,
    /// Accepted actions, those that change nothing that matters included.
    edges: Vec<(usize, usize)>,
    refused: usize,
}

/// How a state was reached, for the message of a failed check.
struct Way<'a>(&'a [Found], usize);

impl fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut way = Vec::new();
        let mut at = self.1;
        while let Some((before, action)) = self.0[at].from {
            way.push(action);
            at = before;
        }
        way.reverse();
        write!(f, "{:?} after {way:?}", self.0[self.1].small)
    }
}

/// Searches everything, checking each edge and each state.
fn explore(settings: &Settings) -> Graph {
    let actions = Action::all();
    let start = Scene::with(settings.clone());
    let small = Small::of(start.state());
    let mut index = BTreeMap::from([(small.clone(), 0)]);
    let mut graph = Graph {
        states: vec![Found { small, from: None }],
        edges: Vec::new(),
        refused: 0,
    };
    let mut open = VecDeque::from([(0, start.epoch)]);
    while let Some((at, epoch)) = open.pop_front() {
        let now = graph.states[at].small.clone();
        let mut accepted = Vec::new();
        // What is refused changes nothing that matters, so one copy can refuse it all.
        let mut refusing = epoch.clone();
        for &action in &actions {
            let wanted = expected(settings, &now, action);
            let event = Message::internal(action.event(epoch.state()));
            let way = || Way(&graph.states, at);
            // (a) Nothing but what the contract allows, and all of that.
            let Some(wanted) = wanted else {
                let answer = refusing.apply(moment(1), event);
                assert!(answer.is_err(), "{action:?} in {}", way());
                assert_eq!(Small::of(refusing.state()), now, "{action:?} in {}", way());
                graph.refused += 1;
                continue;
            };
            let mut after = epoch.clone();
            let answer = after.apply(moment(1), event);
            let next = Small::of(after.state());
            assert!(answer.is_ok(), "{action:?} in {}: {answer:?}", way());
            assert_eq!(next, wanted, "{action:?} in {}", way());
            if let Action::Advance {
                to,
                overriding: false,
            } = action
            {
                accepted.push(to);
            }
            if next == now {
                // What was left out of the state doesn't matter for what is offered.
                assert_eq!(after.available_transitions(), epoch.available_transitions());
                graph.edges.push((at, at));
                continue;
            }
            let to = *index.entry(next.clone()).or_insert_with(|| {
                graph.states.push(Found {
                    small: next,
                    from: Some((at, action)),
                });
                open.push_back((graph.states.len() - 1, after));
                graph.states.len() - 1
            });
            graph.edges.push((at, to));
        }
        // (b) What is offered is what would be accepted, in the table's order.
        let offered: Vec<PhaseId> = epoch
            .available_transitions()
            .iter()
            .map(|step| step.to)
            .collect();
        let in_order: Vec<PhaseId> = targets(now.phase)
            .into_iter()
            .filter(|to| accepted.contains(to))
            .collect();
        assert_eq!(accepted.len(), in_order.len(), "{}", Way(&graph.states, at));
        assert_eq!(offered, in_order, "{}", Way(&graph.states, at));
        if now.verdicts.contains(&Some(Revise)) && now.status == EpochStatus::Running {
            assert_eq!(
                offered,
                targets(now.phase)[1..],
                "{}",
                Way(&graph.states, at)
            );
        }
    }
    graph
}

impl Graph {
    /// Whether a complete epoch can be reached from each state.
    fn completable(&self) -> Vec<bool> {
        let mut before = vec![Vec::new(); self.states.len()];
        for &(from, to) in &self.edges {
            before[to].push(from);
        }
        let mut reached: Vec<bool> = self
            .states
            .iter()
            .map(|found| found.small.phase == Complete)
            .collect();
        let mut open: Vec<usize> = (0..reached.len()).filter(|at| reached[*at]).collect();
        while let Some(at) = open.pop() {
            for &from in &before[at] {
                if !std::mem::replace(&mut reached[from], true) {
                    open.push(from);
                }
            }
        }
        reached
    }
}

/// Explores, and checks that there is always a way to the end, and that enough was seen.
fn check(settings: &Settings, least_states: usize, least_edges: usize) {
    let graph = explore(settings);
    let completable = graph.completable();
    for (at, found) in graph.states.iter().enumerate() {
        let going = matches!(
            found.small.status,
            EpochStatus::Running | EpochStatus::Complete
        );
        // (c) Whoever has not cancelled can still complete.
        assert_eq!(completable[at], going, "{}", Way(&graph.states, at));
    }
    let (states, edges) = (graph.states.len(), graph.edges.len());
    println!(
        "{settings:?}: {states} states, {edges} edges, {} refusals",
        graph.refused
    );
    assert!(states >= least_states, "only {states} states");
    assert!(edges >= least_edges, "only {edges} edges");
}

#[test]
fn every_state_of_an_epoch_with_a_cap_on_rounds() {
    check(
        &Settings {
            max_rounds: Some(2),
            ..Settings::default()
        },
        1,
        1,
    );
}

#[test]
fn every_state_of_an_epoch_without_a_cap() {
    check(&Settings::default(), 6_000, 55_000);
}

#[test]
fn every_state_of_an_epoch_that_fails_fast_and_runs_one_slice_at_a_time() {
    let settings = Settings {
        parallel_slices: 1,
        fail_fast: true,
        ..Settings::default()
    };
    check(&settings, 5_900, 54_000);
}
