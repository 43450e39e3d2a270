//! In every state of a small epoch, what is to be typed next is accepted and changes
//! something; and where nothing is, something is waited for, or the epoch has ended. The
//! states are found by doing what is advised, and what may happen besides.

use std::collections::{BTreeSet, VecDeque};

use serde_json::json;

use super::{Next, Step};
use crate::contract::query::QueryStateResult;
use crate::contract::signal::EpochSignal;
use crate::protocol::event::{Event, Message};
use crate::protocol::id::EpochId;
use crate::protocol::slice::SliceState;
use crate::protocol::state::{EpochStatus, Settings, State};
use crate::protocol::{Epoch, PhaseId, Start, Timestamp, Word};

/// The arrival of every message: the rules only compare times.
const AT: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

fn start() -> Epoch {
    let start = Start {
        epoch_id: EpochId::parse_new("e").unwrap(),
        description: String::new(),
        rules_version: State::NEWEST_RULES,
        settings: Settings {
            max_rounds: Some(1),
            parallel_slices: 1,
            ..Settings::default()
        },
    };
    Epoch::start(AT, start).unwrap().0
}

type Sent = (EpochSignal, serde_json::Value);

/// What is sent when a step is typed: one for each choice it leaves.
fn sent(step: &Step) -> Vec<Sent> {
    use EpochSignal as S;
    let one = |signal, json| vec![(signal, json)];
    match step {
        Step::Vote(axis) => ["ACCEPT", "REVISE"]
            .map(|vote| {
                let json = json!({ "axis": axis, "vote": vote, "reviewer_id": "r" });
                (S::SubmitVote, json)
            })
            .to_vec(),
        Step::Resolve(id) => one(
            S::ResolveFinding,
            json!({ "finding_id": id, "resolution": "x" }),
        ),
        Step::Retry(id) => one(S::RetrySlice, json!({ "slice_id": id })),
        Step::Waive(id) => one(S::WaiveSlice, json!({ "slice_id": id, "reason": "x" })),
        Step::Plan => one(S::PlanSlices, plan()),
        Step::Advance { to, by, condition } => one(
            S::AdvancePhase,
            json!({ "to_phase": to, "triggered_by": by, "condition_met": condition }),
        ),
        Step::Override { to, by } => one(
            S::AdvancePhase,
            json!({
                "to_phase": to, "triggered_by": by, "condition_met": "", "override": "agreed",
            }),
        ),
    }
}

fn plan() -> serde_json::Value {
    let slice = |id, after: &[&str]| {
        json!({
            "slice_id": id, "dependencies": after,
            "config": { "mode": "subprocess", "command": "" },
        })
    };
    json!({ "slices": [slice("a", &[]), slice("b", &["a"])], "fail_fast": true })
}

/// What may happen besides: a blocker, orders, and ends of slices.
fn others(epoch: &Epoch) -> Vec<Sent> {
    use EpochSignal as S;
    let state = epoch.state();
    let mut all = vec![(S::PlanSlices, plan())];
    if state.phase == PhaseId::P10 {
        let finding = json!({ "finding_id": "f", "severity": "BLOCKER", "summary": "x" });
        all.push((S::RecordFinding, finding));
    }
    for slice in &state.slices.0 {
        all.push((S::CancelSlice, json!({ "slice_id": slice.id.as_str() })));
        if slice.state == SliceState::Running {
            for success in [true, false] {
                let result = json!({ "slice_id": slice.id.as_str(), "success": success });
                let json = json!({
                    "slice_id": slice.id.as_str(), "attempt": slice.attempt, "result": result,
                });
                all.push((S::SliceFinished, json));
            }
        }
    }
    all
}

/// What matters of a state for what comes next.
fn essence(state: &QueryStateResult) -> String {
    let more = state.more.as_ref().expect("it is one of ours");
    let slices: Vec<String> = more
        .slices
        .iter()
        .map(|slice| format!("{} {} {}", slice.slice_id, slice.state, slice.stopping))
        .collect();
    let open: Vec<String> = state
        .available_transitions
        .iter()
        .map(|step| step.to_phase.to_string())
        .collect();
    format!(
        "{} {} {:?} {} {} {slices:?} {open:?}",
        state.current_phase,
        more.status,
        state.votes,
        more.findings.len(),
        more.blocker_count,
    )
}

#[test]
fn what_is_advised_is_accepted_and_changes_something_in_every_state() {
    let mut seen = BTreeSet::new();
    let mut phases = BTreeSet::new();
    let mut advised = BTreeSet::new();
    let mut queue = VecDeque::from([start()]);
    while let Some(epoch) = queue.pop_front() {
        let state = QueryStateResult::from(&epoch);
        let here = essence(&state);
        if !seen.insert(here.clone()) {
            continue;
        }
        phases.insert(state.current_phase);
        let next = Next::after(&state, None);
        let status = epoch.state().status;
        let is_over = status != EpochStatus::Running;
        assert_eq!(next.who.is_none(), is_over, "{here}: {next:?}");
        assert!(
            is_over || !next.steps.is_empty() || !next.waits_for.is_empty(),
            "{here}: {next:?}"
        );
        for step in &next.steps {
            let command = step.command("e");
            advised.insert(command.split(' ').take(3).collect::<Vec<_>>().join(" "));
            for (signal, json) in sent(step) {
                let mut after = epoch.clone();
                let result = after.apply(AT, signal.decode(json.to_string().as_bytes()));
                assert!(result.is_ok(), "{here}: {command}: {result:?}");
                let changed = essence(&QueryStateResult::from(&after));
                assert_ne!(changed, here, "{command}");
                queue.push_back(after);
            }
        }
        for (signal, json) in others(&epoch) {
            let mut after = epoch.clone();
            if after
                .apply(AT, signal.decode(json.to_string().as_bytes()))
                .is_ok()
            {
                queue.push_back(after);
            }
        }
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
    assert!(seen.len() > 150, "only {} states", seen.len());
}

#[test]
fn one_that_is_being_cancelled_waits_for_its_children() {
    let mut epoch = start();
    for to in ["p2", "p3", "p4"] {
        let json = json!({ "to_phase": to, "triggered_by": "", "condition_met": "" });
        let message = EpochSignal::AdvancePhase.decode(json.to_string().as_bytes());
        epoch.apply(AT, message).unwrap();
    }
    let reason = String::new();
    let cancel = Message::internal(Event::RequestCancel { reason });
    epoch.apply(AT, cancel).unwrap();
    let next = Next::after(&QueryStateResult::from(&epoch), None);
    assert_eq!(next.who, None);
    assert!(next.steps.is_empty());
    assert_eq!(next.waits_for, ["the end of its children"]);
    epoch
        .apply(AT, Message::internal(Event::SettleCancel))
        .unwrap();
    let next = Next::after(&QueryStateResult::from(&epoch), Some("cancelled"));
    assert_eq!(next.what, "nothing: it was cancelled");
}

#[test]
fn commands_are_as_a_shell_takes_them() {
    let advance = Step::Advance {
        to: PhaseId::P4,
        by: crate::protocol::RoleId::Architect,
        condition: "proposal created".to_owned(),
    };
    assert_eq!(
        advance.command("it's"),
        r"aura-msg phase advance --epoch-id 'it'\''s' --to-phase p4 --triggered-by architect --condition 'proposal created'"
    );
    assert_eq!(
        Step::Retry("-a".to_owned()).command("-e"),
        "aura-msg slice retry --epoch-id=-e --slice-id=-a"
    );
    let vote = Step::Vote(crate::protocol::vote::ReviewAxis::Elegance);
    assert_eq!(
        vote.command("e"),
        "aura-msg signal vote --epoch-id e --axis elegance --vote ACCEPT|REVISE --reviewer-id NAME"
    );
}

#[test]
fn an_epoch_that_was_ended_from_outside_waits_for_nobody() {
    let state = QueryStateResult::from(&start());
    let next = Next::after(&state, Some("terminated"));
    assert_eq!(
        (next.who, next.what.as_str(), next.steps.len()),
        (None, "nothing: it was terminated in p1", 0)
    );
}
