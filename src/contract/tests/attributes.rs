//! What an epoch shows through its search attributes.

use super::rich::{Driver, rich};
use crate::contract::attributes::{self, Kind, Shown};
use crate::contract::signal::EpochSignal;
use crate::protocol::state::EpochStatus;
use crate::protocol::{Event, Message};

/// Checks values in the contract's order.
fn check(shown: &[Shown], values: &[&str]) {
    let values: Vec<Shown> = attributes::ALL
        .iter()
        .zip(values)
        .map(|((name, kind), v)| (*name, *kind, (*v).to_owned()))
        .collect();
    assert_eq!(shown, values);
}

#[test]
fn types_as_the_contract_has_them() {
    let types = [
        Kind::Text,
        Kind::Keyword,
        Kind::Keyword,
        Kind::Keyword,
        Kind::Keyword,
        Kind::Keyword,
    ];
    assert_eq!(attributes::ALL.map(|(_, kind)| kind), types);
}

#[test]
fn a_new_epoch_shows_what_its_first_task_would() {
    let values = ["rich-1", "p1", "epoch", "running", "user", "epoch_started"];
    check(&attributes::of_new("rich-1"), &values);
    check(
        &attributes::of_state(Driver::start().epoch.state()),
        &values,
    );
}

#[test]
fn an_epoch_shows_where_it_is() {
    let shown = attributes::of_state(rich().epoch.state());
    check(
        &shown,
        &[
            "rich-1",
            "p10",
            "reviewer",
            "running",
            "impl",
            "advance_refused",
        ],
    );
}

#[test]
fn a_child_shows_its_epoch_alone() {
    check(&attributes::of_child("rich-1"), &["rich-1"]);
}

#[test]
fn a_complete_epoch_has_no_domain() {
    let mut driver = rich();
    let resolve = r#"{"finding_id":"f1","resolution":"","resolved_by":""}"#;
    driver.send(EpochSignal::ResolveFinding, resolve).unwrap();
    for axis in ["test_quality", "elegance"] {
        let vote = format!(r#"{{"axis":"{axis}","vote":"ACCEPT","reviewer_id":""}}"#);
        driver.send(EpochSignal::SubmitVote, &vote).unwrap();
    }
    for phase in ["p11", "p12", "complete"] {
        let advance = format!(r#"{{"to_phase":"{phase}","triggered_by":"","condition_met":""}}"#);
        driver.send(EpochSignal::AdvancePhase, &advance).unwrap();
    }
    let shown = attributes::of_state(driver.epoch.state());
    check(
        &shown,
        &[
            "rich-1",
            "complete",
            "supervisor",
            "complete",
            "",
            "epoch_completed",
        ],
    );
}

#[test]
fn an_epoch_that_is_being_cancelled_still_runs() {
    let mut epoch = rich().epoch;
    let status = |shown: &[Shown]| shown[3].2.clone();
    let cancel = Event::RequestCancel {
        reason: "enough".to_owned(),
    };
    epoch
        .apply(super::NEW_YEAR, Message::internal(cancel))
        .unwrap();
    assert_eq!(epoch.state().status, EpochStatus::Cancelling);
    assert_eq!(status(&attributes::of_state(epoch.state())), "running");
    epoch
        .apply(super::NEW_YEAR, Message::internal(Event::SettleCancel))
        .unwrap();
    assert_eq!(status(&attributes::of_state(epoch.state())), "cancelled");
}
