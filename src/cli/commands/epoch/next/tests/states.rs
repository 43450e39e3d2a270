//! In every state of a small epoch, what is to be typed next is accepted and changes
//! something; and where nothing is, something is waited for, or the epoch has ended. The
//! states are all that can be reached, by what is advised and by everything else that may
//! happen: three axes, a blocker, two slices of which one waits for the other, the cap on
//! rounds, and a cancel.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Value, json};

use super::typed::Typist;
use super::{AT, start};
use crate::cli::commands::epoch::next::{Next, Step};
use crate::contract::query::QueryStateResult;
use crate::contract::signal::EpochSignal;
use crate::protocol::event::{Event, Message};
use crate::protocol::state::{EpochStatus, Settings};
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{Epoch, PhaseId, Word};

/// The slices, as they are declared.
const PLAN: &str = r#"
fail_fast = true

[[slice]]
id = "a"
runner = "r"
prompt = "do it"

[[slice]]
id = "b"
after = ["a"]
runner = "r"
prompt = "do it"
"#;

/// What may happen besides what is advised: whatever the rules let through.
fn others(epoch: &Epoch) -> Vec<Message> {
    use EpochSignal as S;
    let state = epoch.state();
    let mut told: Vec<(S, Value)> = Vec::new();
    for axis in ReviewAxis::ALL {
        let votes = VoteType::ALL.iter();
        told.extend(votes.map(|vote| {
            let json = json!({ "axis": axis, "vote": vote, "reviewer_id": "r" });
            (S::SubmitVote, json)
        }));
    }
    // What else is found closes nothing, and only makes more states of the same.
    if state.phase >= PhaseId::P9 {
        let json = json!({ "finding_id": "f", "severity": "BLOCKER", "summary": "x" });
        told.push((S::RecordFinding, json));
        let json = json!({ "finding_id": "f", "resolution": "x" });
        told.push((S::ResolveFinding, json));
    }
    for to in PhaseId::ALL {
        for reason in [None, Some("agreed")] {
            let json = json!({
                "to_phase": to, "triggered_by": "", "condition_met": "", "override": reason,
            });
            told.push((S::AdvancePhase, json));
        }
    }
    for slice in &state.slices.0 {
        let id = slice.id.as_str();
        for signal in [S::CancelSlice, S::WaiveSlice, S::RetrySlice] {
            told.push((signal, json!({ "slice_id": id, "reason": "x" })));
        }
        for success in [true, false] {
            let result = json!({ "slice_id": id, "success": success });
            let json = json!({ "slice_id": id, "attempt": slice.attempt, "result": result });
            told.push((S::SliceFinished, json));
        }
    }
    let told = told.into_iter();
    let mut all: Vec<Message> = told
        .map(|(signal, json)| signal.decode(json.to_string().as_bytes()))
        .collect();
    let reason = String::new();
    all.push(Message::internal(Event::RequestCancel { reason }));
    all.push(Message::internal(Event::SettleCancel));
    all
}

/// What matters of a state for what comes next, and for what comes after that.
fn essence(epoch: &Epoch) -> String {
    let state = epoch.state();
    let slices = state.slices.0.iter();
    let slices: Vec<String> = slices
        .map(|slice| format!("{} {} {}", slice.id, slice.state, slice.stopping))
        .collect();
    let open: Vec<&str> = state
        .findings
        .values()
        .map(|found| match found.resolution {
            None => "open",
            Some(_) => "resolved",
        })
        .collect();
    // Elsewhere they are shown, and the next step clears them.
    let votes = state.phase.is_review().then(|| state.votes.verdicts());
    let cap = state.settings.max_rounds.unwrap_or(0);
    let rounds: BTreeMap<PhaseId, u32> = state
        .rounds_without_consensus
        .iter()
        .map(|(phase, rounds)| (*phase, (*rounds).min(cap)))
        .collect();
    format!(
        "{} {} {votes:?} {open:?} {slices:?} {rounds:?}",
        state.phase, state.status
    )
}

/// Visits every state, and holds what is advised in it to what becomes of it.
fn explore(settings: &Settings, least: usize) {
    let mut typist = Typist::with_plan(PLAN);
    let mut phases = BTreeSet::new();
    let mut advised = BTreeSet::new();
    let first = start(settings);
    let mut seen = BTreeSet::from([essence(&first)]);
    let mut queue = VecDeque::from([first]);
    while let Some(epoch) = queue.pop_front() {
        let here = essence(&epoch);
        let state = QueryStateResult::from(&epoch);
        let status = epoch.state().status;
        phases.insert(state.current_phase);
        let next = Next::after(&state, None);
        check(&here, status, &next);
        let mut reached = Vec::new();
        for step in &next.steps {
            let line = step.command(super::EPOCH);
            advised.insert(line.split(' ').take(3).collect::<Vec<_>>().join(" "));
            if let Step::Vote(_) = step {
                assert!(line.contains("--vote ACCEPT|REVISE"), "{line}");
            }
            for message in typist.messages(&line) {
                let mut after = epoch.clone();
                let result = after.apply(AT, message);
                assert!(result.is_ok(), "{here}: {line}: {result:?}");
                assert_ne!(essence(&after), here, "{line} changed nothing");
                reached.push(after);
            }
        }
        for message in others(&epoch) {
            let mut after = epoch.clone();
            if after.apply(AT, message).is_ok() {
                reached.push(after);
            }
        }
        reached.retain(|after| seen.insert(essence(after)));
        queue.extend(reached);
    }
    assert_eq!(phases.len(), PhaseId::ALL.len(), "{phases:?}");
    assert_eq!(
        advised.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "aura-msg finding resolve",
            "aura-msg phase advance",
            "aura-msg signal vote",
            "aura-msg slice plan",
            "aura-msg slice retry",
            "aura-msg slice waive",
        ]
    );
    println!("{settings:?}: {} states", seen.len());
    assert!(seen.len() >= least, "only {} states", seen.len());
}

/// That somebody has to do something, or something is waited for, or it is over.
fn check(here: &str, status: EpochStatus, next: &Next) {
    assert_eq!(
        next.who.is_some(),
        status == EpochStatus::Running,
        "{here}: {next:?}"
    );
    let says = (!next.steps.is_empty(), !next.waits_for.is_empty());
    match status {
        EpochStatus::Running => assert!(says.0 || says.1, "{here}: {next:?}"),
        EpochStatus::Cancelling => assert_eq!(says, (false, true), "{here}: {next:?}"),
        EpochStatus::Complete | EpochStatus::Cancelled => {
            assert_eq!(says, (false, false), "{here}: {next:?}");
        }
    }
    assert!(!next.what.is_empty(), "{here}");
}

#[test]
fn what_is_advised_is_accepted_in_every_state_with_a_cap_on_rounds() {
    let settings = Settings {
        max_rounds: Some(1),
        parallel_slices: 1,
        ..Settings::default()
    };
    explore(&settings, 2_300);
}

#[test]
fn what_is_advised_is_accepted_in_every_state_without_a_cap() {
    explore(&Settings::default(), 2_000);
}
