//! What needs no process: the command as a whole, failures and their exit codes, and
//! texts of others in ours. What the process does with them is tested in `tests/it`.

use std::panic;
use std::time::Duration;

use temporalio_client::tonic::Status;

use super::commands::query::state;
use super::failure::{Failure, Kind};
use super::{args, caught, output};
use crate::client::Error;
use crate::contract::query::{QueryStateResult, Refusal};
use crate::protocol::refusal::RefusalCode;

#[test]
fn the_command_is_consistent() {
    args::command().debug_assert();
}

#[test]
fn a_panic_is_told_as_a_fault_of_ours() {
    let failure = caught(|| panic::panic_any("a surprise")).expect_err("it panicked");
    assert_eq!(failure.kind, Kind::Internal);
    assert_eq!(failure.why, "a surprise");
    let failure = caught(|| assert_eq!(1, 2, "not equal")).expect_err("it panicked");
    assert!(failure.why.contains("not equal"), "{failure:?}");
}

/// Everything that a call can end with.
fn all_errors() -> Vec<Error> {
    let text = || "text".to_owned();
    let (workflow_id, request_id) = (text, text);
    let limit = Duration::from_secs(1);
    vec![
        Error::Unreachable {
            address: text(),
            why: text(),
        },
        Error::UnknownNamespace {
            namespace: text(),
            address: text(),
        },
        Error::Denied {
            address: text(),
            why: text(),
        },
        Error::NotFound {
            workflow_id: workflow_id(),
        },
        Error::Closed {
            workflow_id: workflow_id(),
            status: text(),
        },
        Error::ClosedBeforeApplied {
            workflow_id: workflow_id(),
            status: text(),
            request_id: request_id(),
        },
        Error::AlreadyRunning {
            workflow_id: workflow_id(),
            run_id: text(),
        },
        Error::Stuck {
            workflow_id: workflow_id(),
        },
        Error::Refused(Refusal {
            code: RefusalCode::RequestIdReused,
            what: text(),
            why: text(),
            impact: text(),
            fix: text(),
        }),
        Error::NoAnswer {
            workflow_id: workflow_id(),
            limit,
        },
        Error::Unconfirmed {
            workflow_id: workflow_id(),
            request_id: request_id(),
            why: text(),
        },
        Error::PerhapsDelivered {
            workflow_id: workflow_id(),
            request_id: Some(request_id()),
            why: text(),
        },
        Error::WaitedInVain {
            workflow_id: workflow_id(),
            target: text(),
            limit,
            phase: text(),
        },
        Error::Unreadable {
            workflow_id: workflow_id(),
            why: text(),
        },
        Error::QueryFailed {
            workflow_id: workflow_id(),
            why: text(),
        },
        Error::NoAttributes {
            namespace: text(),
            why: text(),
        },
        Error::Server(Status::internal("text")),
    ]
}

#[test]
fn what_fails_after_an_effect_does_not_say_that_there_was_none() {
    for error in all_errors() {
        let failure = Failure::after("the epoch was started", error);
        assert!(!failure.impact.starts_with("nothing"), "{failure:?}");
    }
}

#[test]
fn every_failure_of_a_call_has_a_code_an_exit_code_and_four_parts() {
    let told: Vec<(String, u8, bool)> = all_errors()
        .into_iter()
        .map(Failure::from)
        .map(|failure| {
            for part in [&failure.what, &failure.why, &failure.impact, &failure.fix] {
                assert!(!part.is_empty() && !part.contains('\n'), "{failure:?}");
            }
            (
                failure.code.clone(),
                failure.kind.exit_code(),
                failure.retryable,
            )
        })
        .collect();
    let told: Vec<(&str, u8, bool)> = told
        .iter()
        .map(|(code, exit, again)| (code.as_str(), *exit, *again))
        .collect();
    assert_eq!(
        told,
        [
            ("unreachable", 2, true),
            ("namespace_unknown", 2, false),
            ("denied", 2, false),
            ("not_found", 3, false),
            ("closed", 3, false),
            ("closed_before_applied", 3, false),
            ("already_running", 3, false),
            ("stuck", 3, false),
            ("request_id_reused", 3, false),
            ("no_worker", 5, true),
            ("unconfirmed", 5, true),
            ("perhaps_delivered", 5, true),
            ("wait_timeout", 5, true),
            ("unreadable", 3, false),
            ("query_failed", 3, false),
            ("attributes_unknown", 3, false),
            ("server", 3, false),
        ]
    );
}

#[test]
fn texts_of_others_stay_in_their_line() {
    assert_eq!(output::one_line("a\nb\t\u{1b}[2Jé"), r"a\nb\t\u{1b}[2Jé");
    let state: QueryStateResult = serde_json::from_value(serde_json::json!({
        "current_phase": "p4",
        "current_role": "reviewer",
        "transition_history": [],
        "votes": {},
        "last_error": "refused\nPhase: complete",
        "available_transitions": [],
        "active_session_count": 0,
    }))
    .expect("it is what an earlier worker answers");
    assert_eq!(
        state::text(&state),
        "Phase: p4\n\
         Role:  reviewer\n\
         Votes: (none)\n\
         Last Error: refused\\nPhase: complete\n\
         Transitions: 0\n\
         Active Sessions: 0"
    );
}
