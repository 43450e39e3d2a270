//! Whatever an epoch is started with, its run begins or says why it does not.

use serde_json::Value;
use temporalio_common::protos::temporal::api::common::v1::Payload;

use super::*;
use crate::fuzz::{feed, texts};

#[test]
fn changed_inputs_begin_an_epoch_or_are_refused() {
    let state = include_str!("../../../../tests/snapshots/state-schema-1.json");
    let state: Value = serde_json::from_str(state).unwrap();
    let plain = r#"{"epoch_id":"e","request_description":"d","rules_version":1,"settings":{"max_rounds":3,"parallel_slices":2,"fail_fast":true,"review_deadline_s":60}}"#;
    let carried = format!(
        r#"{{"epoch_id":"e","request_description":"d","rules_version":1,"carried":{state}}}"#
    );
    let samples = texts([plain, plain, plain, &carried]);
    feed(&samples, |bytes| {
        let metadata = [("encoding".to_owned(), b"json/plain".to_vec())];
        let raw = RawValue::new(vec![Payload {
            metadata: metadata.into(),
            data: bytes.to_vec(),
            ..Default::default()
        }]);
        let identity = Identity {
            workflow_id: "e".to_owned(),
            run_id: "r".to_owned(),
        };
        // A panic here would fail the task for ever.
        let _ = begin(&raw, identity, Timestamp::from_micros(0));
    });
}
