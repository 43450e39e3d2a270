//! Tests of the engine as what it is: a function from a state and a request to a state and
//! writes. Nothing here waits, and no clock runs but the one that a test moves.
//!
//! `world` is an engine over a disk of maps, which can be killed at any transaction; `worker`
//! answers tasks as an SDK would, with small workflows that are functions of their history;
//! `invariants` is what must hold of any engine and any disk at any time. `crashes` kills the
//! engine at every transaction of some scenarios, `sequences` does anything at all to it, and
//! the rest are rules that are easy to get wrong.

#![allow(
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    clippy::ok_expect,
    clippy::default_trait_access,
    clippy::single_match_else,
    reason = "helpers take and give what their callers have and want, and what is broken is not shown"
)]

mod activities;
mod crashes;
mod disk;
mod ending;
mod invariants;
mod limits;
mod lost;
mod played;
mod put_back;
mod sequences;
mod starting;
mod sticky;
mod tasks;
mod updates;
mod worker;
mod world;
