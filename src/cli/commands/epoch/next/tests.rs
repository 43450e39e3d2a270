//! What comes next, in every state of a small epoch and in a few that it does not have, and
//! commands as they are printed.

mod states;
mod typed;

use serde_json::json;

use super::{Next, Step};
use crate::contract::query::QueryStateResult;
use crate::contract::signal::EpochSignal;
use crate::protocol::event::{Event, Message};
use crate::protocol::id::EpochId;
use crate::protocol::state::{Settings, State};
use crate::protocol::{Epoch, PhaseId, Start, Timestamp};

/// The epoch, whose id wants quotes.
const EPOCH: &str = "it's one";

/// The arrival of every message: the rules only compare times.
const AT: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

fn start(settings: &Settings) -> Epoch {
    let start = Start {
        epoch_id: EpochId::parse_new(EPOCH).unwrap(),
        description: String::new(),
        rules_version: State::NEWEST_RULES,
        settings: settings.clone(),
    };
    Epoch::start(AT, start).unwrap().0
}

#[test]
fn one_that_is_being_cancelled_waits_for_its_children() {
    let mut epoch = start(&Settings::default());
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
    let state = QueryStateResult::from(&start(&Settings::default()));
    let next = Next::after(&state, Some("terminated"));
    assert_eq!(
        (next.who, next.what.as_str(), next.steps.len()),
        (None, "nothing: it was terminated in p1", 0)
    );
}
