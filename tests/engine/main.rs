//! The engine's conformance suite: what a Temporal service does, seen through Temporal's
//! public SDK and protocol alone, on several targets that must not differ. It deliberately
//! knows nothing of aura's own protocol; the targets are in `target`, and what may differ
//! between them is in `normalise` and `compare`, each exception with its reason.
//!
//! A scenario is a function that drives workflows step by step: each step waits for an
//! effect of the one before, in a history, an answer or an activity, never for time to
//! pass. So its histories are the same in every run, and one that differs between two
//! targets is a difference between the targets.
//!
//! `AURA_ENGINE_RECORDS=FOLDER` keeps what each scenario recorded on each target.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    clippy::unused_async,
    reason = "a test that cannot go on fails, nothing here is used from outside, helpers take \
              what their callers have and give what messages want, and handlers have the \
              signatures that the SDK asks for"
)]

#[path = "../support.rs"]
mod support;

mod compare;
mod desk;
mod hand;
mod normalise;
mod refusal;
mod scenarios;
mod scene;
mod script;
mod suite;
mod target;
mod worker;
