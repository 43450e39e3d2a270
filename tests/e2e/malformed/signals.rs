//! Every spoilt signal, sent to real workflows: each is refused with the right code and
//! changes nothing else, the good ones among them apply, and no workflow task ever fails.

use std::collections::BTreeSet;

use aura::contract::signal::EpochSignal;
use aura::protocol::Word;
use serde_json::{Value, json};

use super::cases::{self, Case, Expect, GOOD};
use super::samples::{self, new_slice};
use super::spec::{Ids, Spec};
use super::{Scene, scene};
use crate::raw::payload;

/// One of the three workflows.
struct Subject {
    specs: &'static [Spec],
    /// Starts an execution that is ready for this signal.
    start: fn(&Scene, &Spec, &Ids, &str),
    /// Refusals so far, and the last one, where a query tells them.
    refusals: fn(&Scene, &str) -> Option<(u64, Value)>,
    /// What else there is to be seen.
    state: fn(&Scene, &str) -> Value,
    /// Bad messages that one execution remembers the refusals of.
    at_once: usize,
    /// Whether good messages go to one execution each, because they end it.
    apart: bool,
}

/// The matrix has every signal of the three workflows, or it proves nothing of the others.
#[test]
fn every_signal_is_described() {
    use aura::contract::names::signal;
    let named =
        |specs: &[Spec]| -> BTreeSet<&'static str> { specs.iter().map(|spec| spec.name).collect() };
    let epoch = EpochSignal::ALL.iter().map(|signal| signal.word());
    assert_eq!(named(&samples::EPOCH), epoch.collect());
    let slice = [
        signal::START_SLICE,
        signal::COMPLETE_SLICE,
        signal::REVIEW_CYCLE,
    ];
    assert_eq!(named(&samples::SLICE), slice.into());
    let review = [signal::SUBMIT_VOTE, signal::CLOSE_ROUND];
    assert_eq!(named(&samples::REVIEW), review.into());
}

#[test]
fn no_signal_harms_an_epoch() {
    let Some(scene) = scene() else { return };
    run(
        &scene,
        &Subject {
            specs: &samples::EPOCH,
            start: start_epoch,
            refusals: |scene, id| {
                let state = scene.raw.query(id, "full_state", None);
                let count = state["refusal_count"].as_u64().expect("it is counted");
                Some((count, state["last_refusal"].clone()))
            },
            state: |scene, id| {
                let mut state = scene.raw.query(id, "full_state", None);
                for told in ["refusal_count", "last_refusal", "refusals"] {
                    state[told] = Value::Null;
                }
                state
            },
            at_once: usize::MAX,
            apart: false,
        },
    );
}

#[test]
fn no_signal_harms_a_slice() {
    let Some(scene) = scene() else { return };
    run(
        &scene,
        &Subject {
            specs: &samples::SLICE,
            start: |scene, _, ids, id| {
                let input = json!({
                    "epoch_id": ids.epoch, "slice_id": ids.slice, "phase_spec": "",
                    "parent_workflow_id": "",
                });
                scene.start("SliceWorkflow", id, &input);
            },
            refusals: |scene, id| {
                let state = scene.raw.query(id, "slice_state", None);
                let refusals = state["refusals"].as_array().expect("a list").clone();
                Some((
                    refusals.len() as u64,
                    refusals.last().cloned().unwrap_or_default(),
                ))
            },
            state: |scene, id| {
                let mut state = scene.raw.query(id, "slice_state", None);
                state["refusals"] = Value::Null;
                state
            },
            at_once: 20,
            apart: true,
        },
    );
}

#[test]
fn no_signal_harms_a_review() {
    let Some(scene) = scene() else { return };
    run(
        &scene,
        &Subject {
            specs: &samples::REVIEW,
            start: |scene, _, ids, id| {
                let input = json!({ "epoch_id": ids.epoch, "phase_id": "p4", "round": 1 });
                scene.start("ReviewPhaseWorkflow", id, &input);
            },
            // A review tells nobody what it refused, save the sender who has an id.
            refusals: |_, _| None,
            state: |_, _| Value::Null,
            at_once: 20,
            apart: true,
        },
    );
}

fn run(scene: &Scene, subject: &Subject) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for spec in subject.specs {
        let trial = Trial {
            scene,
            subject,
            spec,
        };
        let ids = samples::ids(&scene.epoch_id());
        spec.check(&ids);
        let (good, bad): (Vec<_>, Vec<_>) = cases::of(spec, &ids)
            .into_iter()
            .partition(|case| case.expect.is_good());
        count += good.len() + bad.len();
        wrong.extend(trial.run(&ids, &good, &bad));
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

struct Trial<'a> {
    scene: &'a Scene,
    subject: &'a Subject,
    spec: &'a Spec,
}

impl Trial<'_> {
    /// Sends all of them; gives what is wrong with what became of them.
    fn run(&self, ids: &Ids, good: &[Case], bad: &[Case]) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut started = Vec::new();
        let mut start = || {
            let id = if started.is_empty() {
                ids.epoch.clone()
            } else {
                self.scene.epoch_id()
            };
            (self.subject.start)(self.scene, self.spec, ids, &id);
            started.push(id.clone());
            id
        };
        let mut id = String::new();
        for bad in bad.chunks(self.subject.at_once.min(bad.len())) {
            id = start();
            wrong.extend(self.refuse(&id, bad));
        }
        for good in good {
            if self.subject.apart {
                id = start();
            }
            wrong.extend(self.take(&id, good));
        }
        for id in &started {
            wrong.extend(self.scene.task_failures(id));
        }
        wrong
            .iter()
            .map(|wrong| format!("{}: {wrong}", self.spec.name))
            .collect()
    }

    fn send(&self, id: &str, case: &Case) {
        self.scene
            .raw
            .signal(id, self.spec.name, case.input.clone());
    }

    fn refuse(&self, id: &str, cases: &[Case]) -> Vec<String> {
        let (scene, subject) = (self.scene, self.subject);
        let mut wrong = Vec::new();
        let before = (subject.state)(scene, id);
        let mut refused = (subject.refusals)(scene, id).map_or(0, |(count, _)| count);
        for case in cases {
            self.send(id, case);
            refused += 1;
            if case.id.is_none()
                && let Some((count, last)) = (subject.refusals)(scene, id)
                && let Some(found) = differs(case, count == refused, &last)
            {
                wrong.push(format!(
                    "{}: {found}; {count} refusals of {refused}",
                    case.name
                ));
                refused = count;
            }
        }
        for case in cases {
            let Some(request_id) = &case.id else { continue };
            let outcome = scene.raw.outcome(id, request_id);
            if let Some(found) = differs(case, outcome["status"] == "refused", &outcome["refusal"])
            {
                wrong.push(format!("{}: {found}", case.name));
            }
        }
        if let Some((count, _)) = (subject.refusals)(scene, id)
            && count != refused
        {
            wrong.push(format!("{count} refusals of {refused} messages"));
        }
        let after = (subject.state)(scene, id);
        if after != before {
            wrong.push(format!("refused messages made {before}\ninto {after}"));
        }
        wrong
    }

    fn take(&self, id: &str, case: &Case) -> Option<String> {
        let (scene, subject) = (self.scene, self.subject);
        let refused = (subject.refusals)(scene, id);
        self.send(id, case);
        let found = match &case.id {
            None => {
                let now = (subject.refusals)(scene, id);
                (now != refused).then(|| format!("{now:?}, and it was {refused:?}"))
            }
            Some(request_id) => {
                let outcome = scene.raw.outcome(id, request_id);
                let code = outcome["refusal"]["code"].as_str();
                let unread = matches!(code, Some("malformed" | "too_long" | "internal"));
                let right = match case.expect {
                    Expect::Applied => outcome["status"] == "applied",
                    Expect::Either => outcome["status"] != "unknown" && code != Some("internal"),
                    _ => outcome["status"] != "unknown" && !unread,
                };
                (!right).then(|| outcome.to_string())
            }
        };
        found.map(|found| format!("{}: expected {:?}: {found}", case.name, case.expect))
    }
}

/// What is wrong with a refusal.
fn differs(case: &Case, is_refused: bool, refusal: &Value) -> Option<String> {
    let code = match case.expect {
        Expect::Malformed => "malformed",
        Expect::TooLong => "too_long",
        Expect::Applied | Expect::Read | Expect::Either => {
            unreachable!("only bad messages are refused")
        }
    };
    let said = format!("{} {}", refusal["what"], refusal["why"]);
    let is_about = case
        .about
        .as_ref()
        .is_none_or(|about| said.contains(about.as_str()));
    let is_right = is_refused && refusal["code"] == code && is_about;
    let about = case.about.as_deref().unwrap_or_default();
    (!is_right).then(|| format!("expected {code} {about}, and it is {refusal}"))
}

/// An epoch in the phase in which this signal may apply, with whatever it is about.
fn start_epoch(scene: &Scene, spec: &Spec, _: &Ids, id: &str) {
    let tell = |signal: &str, content: Value| scene.raw.tell(id, signal, &content);
    let advance = |to: &str| {
        tell(
            "advance_phase",
            json!({ "to_phase": to, "triggered_by": "t", "condition_met": "c" }),
        );
    };
    let vote = |axis: &str| {
        tell(
            "submit_vote",
            json!({ "axis": axis, "vote": "ACCEPT", "reviewer_id": "r" }),
        );
    };
    scene.start(
        "EpochWorkflow",
        id,
        &json!({ "epoch_id": id, "request_description": "" }),
    );
    let count = match spec.name {
        // Each takes room, and what these declare needs some too.
        "start_slice" | "plan_slices" => 1,
        _ => GOOD,
    };
    let there = (0..count).map(|n| format!("there-{n}"));
    let last = match spec.name {
        "submit_vote" | "review_finished" => 4,
        "start_slice" | "plan_slices" | "cancel_slice" | "waive_slice" | "slice_finished" => 8,
        "retry_slice" => 9,
        _ => 1,
    };
    for phase in 2..=last {
        if phase == 5 {
            crate::world::AXES.into_iter().for_each(vote);
        }
        if phase == 9 {
            declare(scene, id, count);
            there
                .clone()
                .for_each(|there| tell("cancel_slice", json!({ "slice_id": there })));
        }
        advance(&format!("p{phase}"));
    }
    if last == 8 {
        declare(scene, id, count);
    }
    for there in there {
        match spec.name {
            "session_heartbeat" | "end_session" => {
                tell(
                    "register_session",
                    json!({ "epoch_id": id, "session_id": there }),
                );
            }
            "resolve_finding" => {
                let finding = json!({ "finding_id": there, "severity": "MINOR", "summary": "" });
                tell("record_finding", finding);
            }
            _ => {}
        }
    }
    let state = scene.raw.query(id, "full_state", None);
    assert_eq!(
        state["current_phase"],
        format!("p{last}"),
        "{}: {state}",
        spec.name
    );
    assert_eq!(state["refusal_count"], 0, "{}: {state}", spec.name);
}

fn declare(scene: &Scene, id: &str, count: usize) {
    let slices: Vec<Value> = (0..count)
        .map(|n| {
            let mut slice = new_slice(&format!("there-{n}"));
            slice["dependencies"] = json!([]);
            slice
        })
        .collect();
    scene.raw.signal(
        id,
        "plan_slices",
        payload::json(&json!({ "slices": slices })),
    );
}
