//! That normalising masks what a run makes up, and nothing else.

use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads};
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{
    HistoryEvent, WorkflowExecutionSignaledEventAttributes, WorkflowTaskStartedEventAttributes,
};

use super::Normaliser;

const ONE: &str = "01a21493-830a-760e-9710-46fae80be6cc";
const OTHER: &str = "0f0f0f0f-830a-760e-9710-46fae80be6cc";

fn normaliser() -> Normaliser {
    Normaliser::new("ea100-", vec![("ea-shared".to_owned(), "shared")])
}

fn signalled(word: &str, identity: &str) -> HistoryEvent {
    let payload = Payload {
        metadata: [("encoding".to_owned(), b"json/plain".to_vec())].into(),
        data: serde_json::to_vec(word).unwrap(),
        ..Default::default()
    };
    let attributes = WorkflowExecutionSignaledEventAttributes {
        signal_name: "tell".to_owned(),
        input: Some(Payloads {
            payloads: vec![payload],
        }),
        identity: identity.to_owned(),
        ..Default::default()
    };
    HistoryEvent {
        event_id: 7,
        event_type: EventType::WorkflowExecutionSignaled as i32,
        task_id: 99,
        attributes: Some(Attributes::WorkflowExecutionSignaledEventAttributes(
            attributes,
        )),
        ..Default::default()
    }
}

#[test]
fn uuids_are_renamed_in_the_order_of_their_appearance() {
    let mut normaliser = normaliser();
    assert_eq!(normaliser.text(&format!("{OTHER} {ONE}")), "<1> <2>");
    let without_dashes = ONE.replace('-', "");
    assert_eq!(
        normaliser.text(&format!("worker-{without_dashes}")),
        "worker-<2>"
    );
}

#[test]
fn a_longer_number_is_no_uuid() {
    let digits = "0".repeat(33);
    assert_eq!(normaliser().text(&digits), digits);
}

#[test]
fn names_lose_what_is_a_targets_own() {
    assert_eq!(
        normaliser().text("ea100-flow on ea-shared"),
        "flow on shared"
    );
}

#[test]
fn an_event_keeps_its_id_its_kind_and_what_it_says() {
    let line = normaliser().event(&signalled("word", "client"), false);
    let expected = r#"  7 WorkflowExecutionSignaled {"identity":"client","input":{"payloads":["word"]},"signal_name":"tell"}"#;
    assert_eq!(line.as_deref(), Some(expected));
}

#[test]
fn what_differs_stays_different() {
    let mut normaliser = normaliser();
    let one = normaliser.event(&signalled("word", "client"), false);
    let other_word = normaliser.event(&signalled("another", "client"), false);
    let other_identity = normaliser.event(&signalled("word", "somebody"), false);
    assert_ne!(one, other_word);
    assert_ne!(one, other_identity);
}

#[test]
fn the_identity_of_a_process_is_none() {
    let mut normaliser = normaliser();
    let one = normaliser.event(&signalled("word", "12@host"), false);
    assert_eq!(
        one,
        normaliser.event(&signalled("word", "345@host@"), false)
    );
}

#[test]
fn one_of_many_at_once_has_no_id_and_no_workflow_task() {
    let mut normaliser = normaliser();
    let line = normaliser
        .event(&signalled("word", "client"), true)
        .unwrap();
    assert!(line.starts_with("WorkflowExecutionSignaled {"), "{line}");
    let started = HistoryEvent {
        event_type: EventType::WorkflowTaskStarted as i32,
        attributes: Some(Attributes::WorkflowTaskStartedEventAttributes(
            WorkflowTaskStartedEventAttributes::default(),
        )),
        ..Default::default()
    };
    assert_eq!(normaliser.event(&started, true), None);
}
