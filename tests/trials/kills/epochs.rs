//! Epochs as `aura-msg` drives them, with a message said under its id until the answer is
//! final, and what must be found of each when all is over.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use aura::audit::Sqlite;
use aura::client::{Client, Confirmation, Deadline, Delivery, Error, IfExists, NewEpoch};
use aura::config::Address;
use aura::contract::epoch::{
    EpochInput, EpochSettings, PhaseAdvanceSignal, ReviewVoteSignal, SessionRegisterSignal,
};
use aura::contract::names::signal;
use aura::protocol::state::State;
use aura::protocol::vote::{ReviewAxis, VoteType};
use aura::protocol::{PhaseId, RoleId, Word};
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::evidence::{check_ids, check_once};
use crate::rpc::{NAMESPACE, Rpc};
use crate::support::cli::AuraMsg;
use crate::support::sandbox::Sandbox;

/// One try; several of them fit into the time between two kills.
const TRY: Duration = Duration::from_secs(2);
/// A verification asks every epoch for all it knows.
const VERIFYING: Duration = Duration::from_mins(2);
const SESSIONS: usize = 2;
/// Advances, votes and sessions.
const MESSAGES: usize = 12 + 6 + SESSIONS;
/// What an epoch's end may wait for.
const CLOSED_LIMIT: Duration = Duration::from_mins(1);

/// An epoch that is being driven, by one person who waits for each answer.
pub struct Epoch {
    id: String,
    run_id: String,
    address: Address,
    client: Option<Client>,
    said: usize,
}

impl Epoch {
    /// Starts one.
    pub async fn start(address: &str, queue: &str, id: &str) -> Self {
        let mut epoch = Self {
            id: id.to_owned(),
            run_id: String::new(),
            address: address.parse().expect("it is an address"),
            client: None,
            said: 0,
        };
        let new = NewEpoch {
            input: EpochInput {
                epoch_id: id.to_owned(),
                request_description: "to survive".to_owned(),
                rules_version: State::NEWEST_RULES,
                settings: EpochSettings::for_new_epochs(),
                carried: None,
            },
            task_queue: queue.to_owned(),
            if_exists: IfExists::Fail,
        };
        let request_id = format!("{id}/start");
        epoch.run_id = loop {
            let Ok(client) = epoch.connected().await else {
                continue;
            };
            match client.start(&new, &request_id).await {
                Ok(started) => break started.run_id,
                Err(error) => check_worth_repeating(&request_id, error),
            }
        };
        epoch
    }

    /// Its id, and its workflow's.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Takes it as far as the first review.
    pub async fn begin(&mut self) {
        for number in 0..SESSIONS {
            let session = SessionRegisterSignal {
                epoch_id: self.id.clone(),
                session_id: format!("session-{number}"),
                role: Some(RoleId::Worker),
                model_harness: String::new(),
                model: String::new(),
            };
            // Acknowledged when it is delivered; what becomes of it nobody asks.
            self.say(signal::REGISTER_SESSION, session, false).await;
        }
        self.advance(&[PhaseId::P2, PhaseId::P3, PhaseId::P4]).await;
    }

    /// Takes it from there to its end.
    pub async fn finish(&mut self) {
        use PhaseId::{Complete, P5, P6, P7, P8, P9, P10, P11, P12};
        self.accept().await;
        self.advance(&[P5, P6, P7, P8, P9, P10]).await;
        self.accept().await;
        self.advance(&[P11, P12, Complete]).await;
    }

    async fn accept(&mut self) {
        for axis in ReviewAxis::ALL {
            let vote = ReviewVoteSignal {
                axis: *axis,
                vote: VoteType::Accept,
                reviewer_id: format!("reviewer-{axis}"),
                comment: None,
                round: None,
                phase: None,
            };
            self.say(signal::SUBMIT_VOTE, vote, true).await;
        }
    }

    async fn advance(&mut self, phases: &[PhaseId]) {
        for phase in phases {
            let advance = PhaseAdvanceSignal {
                to_phase: *phase,
                triggered_by: "trial".to_owned(),
                condition_met: "acknowledged".to_owned(),
                override_reason: None,
            };
            self.say(signal::ADVANCE_PHASE, advance, true).await;
        }
    }

    /// Says something until the answer is final.
    async fn say<T>(&mut self, name: &str, content: T, confirm: bool)
    where
        T: Serialize + DeserializeOwned + Clone,
    {
        let mut delivery = Delivery {
            request_id: request_id(&self.id, self.said),
            may_be_known: false,
            actor: None,
            confirm,
        };
        self.said += 1;
        loop {
            let id = self.id.clone();
            let Ok(client) = self.connected().await else {
                continue;
            };
            match client.send(&id, name, content.clone(), &delivery).await {
                Ok(Confirmation::Applied(_)) => return,
                Ok(Confirmation::Delivered) if !confirm => return,
                Ok(other) => panic!("{}: {other:?}", delivery.request_id),
                Err(error) => check_worth_repeating(&delivery.request_id, error),
            }
            delivery.may_be_known = true;
        }
    }

    /// A client with time for one try.
    async fn connected(&mut self) -> Result<&Client, ()> {
        let deadline = Deadline::after(TRY);
        let client = match self.client.take() {
            Some(client) => client.with_deadline(deadline),
            None => match Client::connect(&self.address, NAMESPACE, deadline).await {
                Ok(client) => client,
                Err(error) => {
                    check_worth_repeating("connecting", error);
                    // The port is refused at once while nobody has it.
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    return Err(());
                }
            },
        };
        Ok(self.client.insert(client))
    }

    /// Whether it has closed.
    pub async fn is_closed(&self, rpc: &Rpc) -> bool {
        let history = rpc.history(&self.id, "").await;
        let history = history.expect("an epoch has a history");
        history.last().is_some_and(is_completion)
    }

    /// Waits until it has closed, which its rows can hold up.
    async fn wait_closed(&self, rpc: &Rpc) {
        let closed = async {
            while !self.is_closed(rpc).await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let closed = tokio::time::timeout(CLOSED_LIMIT, closed).await;
        closed.unwrap_or_else(|_| panic!("{} does not close", self.id));
    }

    /// Checks that all that was said to it took effect, and once, and that it closes.
    pub async fn check(&self, rpc: &Rpc) {
        self.wait_closed(rpc).await;
        let id = &self.id;
        let history = rpc.history(id, "").await.expect("an epoch has a history");
        check_ids(id, &history);
        let (mut run, mut requests) = (String::new(), Vec::new());
        for event in &history {
            match event.attributes.as_ref() {
                Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) => {
                    run.clone_from(&started.original_execution_run_id);
                }
                Some(Attributes::WorkflowExecutionSignaledEventAttributes(signaled)) => {
                    let payloads = signaled.input.clone().unwrap_or_default().payloads;
                    let content = payloads.first().map(|p| p.data.clone()).unwrap_or_default();
                    let content: Value = serde_json::from_slice(&content).unwrap();
                    let said = content["request_id"].as_str().map(str::to_owned);
                    // What its children tell it has none.
                    requests.extend(said.filter(|said| said.starts_with(id)));
                }
                _ => {}
            }
        }
        assert_eq!(run, self.run_id, "{id} is the run that was acknowledged");
        let expected = (0..MESSAGES).map(|number| request_id(id, number));
        check_once(id, expected, requests);
        assert!(history.last().is_some_and(is_completion), "{id}");

        let deadline = Deadline::after(Duration::from_secs(30));
        let client = Client::connect(&self.address, NAMESPACE, deadline).await;
        let state = client.unwrap().state(id).await.expect("its state is told");
        let state = serde_json::to_value(state).unwrap();
        let moves = state["transition_history"].as_array().unwrap();
        let went: Vec<&str> = moves
            .iter()
            .filter(|record| record["success"] == true)
            .filter_map(|record| record["to_phase"].as_str())
            .collect();
        let phases = PhaseId::ALL.iter().skip(1).map(|phase| phase.word());
        assert_eq!(went, phases.collect::<Vec<_>>(), "{id}: each move once");
        assert_eq!(moves.len(), went.len(), "{id}: nothing was refused");
        assert_eq!(state["active_session_count"], SESSIONS, "{id}");
    }
}

fn is_completion(event: &HistoryEvent) -> bool {
    event.event_type() == EventType::WorkflowExecutionCompleted
}

fn request_id(epoch: &str, number: usize) -> String {
    format!("{epoch}/{number}")
}

/// Checks that a failure is one of those that a dead server or daemon causes.
#[track_caller]
fn check_worth_repeating(what: &str, error: Error) {
    match error {
        Error::Unreachable { .. }
        | Error::NoAnswer { .. }
        | Error::Unconfirmed { .. }
        | Error::PerhapsDelivered { .. } => {}
        other => panic!("{what}: {other}"),
    }
}

/// Checks that the trail has each event of each epoch once, and nobody changed it.
pub fn check_trail(path: &Path, epochs: &[Epoch]) {
    assert_eq!(Sqlite::new(path).verify(), Ok(Vec::new()));
    let trail = rusqlite::Connection::open(path).expect("the trail opens");
    let mut rows = trail
        .prepare("SELECT epoch_id, event_id, event_type FROM audit_events ORDER BY id")
        .expect("the table has the contract's columns");
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let mut numbers: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut votes: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows.expect("the rows can be read") {
        let (epoch, event, kind): (String, String, String) = row.unwrap();
        let (_, number) = event.rsplit_once(':').expect("an id is run:ordinal");
        *votes.entry(epoch.clone()).or_default() += usize::from(kind == "vote_recorded");
        numbers
            .entry(epoch)
            .or_default()
            .push(number.parse().unwrap());
    }
    for Epoch { id, .. } in epochs {
        let found = numbers.remove(id).unwrap_or_default();
        let expected: Vec<u64> = (1..).take(found.len()).collect();
        assert_eq!(found, expected, "{id}: each row once, in order");
        assert_eq!(votes.get(id), Some(&6), "{id}");
        assert!(found.len() > MESSAGES, "{id}: {} rows", found.len());
    }
    assert!(numbers.is_empty(), "rows of nobody: {:?}", numbers.keys());
}

/// Checks that the trail has all that each epoch tells of itself, and nothing else.
pub fn compare_trail(sandbox: &Sandbox, address: &str, trail: &Path, epochs: &[Epoch]) {
    let trail = trail.to_str().expect("the sandbox has a plain path");
    let verdict = AuraMsg::new(sandbox, env!("CARGO_BIN_EXE_aura-msg"))
        .connected_to(address)
        .limit(VERIFYING)
        .run(["audit", "verify", "--format", "json", "--db", trail])
        .ok()
        .json();
    assert_eq!(verdict["compared"], true, "{verdict:#}");
    let compared = verdict["epochs"].as_array().expect("epochs are a list");
    assert_eq!(compared.len(), epochs.len(), "{verdict:#}");
    let waiting = |epoch: &&Value| epoch["not_written_yet"] != 0 || epoch["never_written"] != 0;
    assert_eq!(compared.iter().find(waiting), None);
}
