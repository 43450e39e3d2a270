//! An epoch for tests: it is taken somewhere by the messages that people send, one each
//! minute.

use serde_json::{Value, json};

use crate::contract::query::QueryStateResult;
use crate::contract::signal::EpochSignal;
use crate::protocol::id::EpochId;
use crate::protocol::state::{Settings, State};
use crate::protocol::{Epoch, Start, Timestamp};

/// New Year 2026.
const START: i64 = 1_767_225_600_000_000;
const MINUTE: i64 = 60_000_000;

pub(in crate::cli::commands) struct Scene {
    epoch: Epoch,
    micros: i64,
}

impl Scene {
    pub(in crate::cli::commands) fn new(description: &str) -> Self {
        let start = Start {
            epoch_id: EpochId::parse_new("fix-login").unwrap(),
            description: description.to_owned(),
            rules_version: State::NEWEST_RULES,
            settings: Settings::default(),
        };
        let at = Timestamp::from_micros(START);
        Self {
            epoch: Epoch::start(at, start).unwrap().0,
            micros: START,
        }
    }

    /// The moment of the last message.
    pub(in crate::cli::commands) fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros)
    }

    /// A moment so many minutes after the last message.
    pub(in crate::cli::commands) fn later(&self, minutes: i64) -> Timestamp {
        Timestamp::from_micros(self.micros + minutes * MINUTE)
    }

    pub(in crate::cli::commands) fn state(&self) -> QueryStateResult {
        QueryStateResult::from(&self.epoch)
    }

    /// Sends a message; false if it is refused.
    pub(in crate::cli::commands) fn send(&mut self, signal: EpochSignal, json: &Value) -> bool {
        self.micros += MINUTE;
        let message = signal.decode(json.to_string().as_bytes());
        self.epoch.apply(self.now(), message).is_ok()
    }

    pub(in crate::cli::commands) fn advance(&mut self, to: &str) -> bool {
        let json = json!({
            "to_phase": to, "triggered_by": "ann", "condition_met": "it is so", "actor": "ann",
        });
        self.send(EpochSignal::AdvancePhase, &json)
    }

    pub(in crate::cli::commands) fn advance_through(&mut self, phases: &[&str]) {
        for phase in phases {
            assert!(self.advance(phase), "{phase}");
        }
    }

    pub(in crate::cli::commands) fn vote(&mut self, axis: &str, vote: &str) -> bool {
        let json = json!({
            "axis": axis, "vote": vote, "reviewer_id": "bob", "comment": "so\nso",
        });
        self.send(EpochSignal::SubmitVote, &json)
    }

    /// Takes a new epoch the straight way to its code review.
    pub(in crate::cli::commands) fn go_to_code_review(&mut self) {
        self.advance_through(&["p2", "p3", "p4"]);
        for axis in ["correctness", "test_quality", "elegance"] {
            assert!(self.vote(axis, "ACCEPT"));
        }
        self.advance_through(&["p5", "p6", "p7", "p8", "p9", "p10"]);
    }
}
