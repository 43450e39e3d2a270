//! The settings that both programs have in common, so that they find each other. It
//! leaves out the task queue, of which one program takes several.

use super::address::{Address, address};
use super::env;
use super::spec::{Shape, Spec};
use super::value;

pub(super) const TASK_QUEUE_KEY: &str = "task_queue";
pub(super) const TASK_QUEUE_FLAG: &str = "--task-queue";
pub(super) const TASK_QUEUE_ENV: &[&str] = &[env::TEMPORAL_TASK_QUEUE];
pub(super) const TASK_QUEUE_DEFAULT: &str = "aura";

pub(super) static NAMESPACE: Spec<String> = Spec {
    key: "namespace",
    alias: None,
    flag: "--namespace",
    env: &[env::TEMPORAL_NAMESPACE],
    shape: Shape::Text,
    parse: value::namespace,
    default: |_| "default".to_owned(),
};

pub(super) static ADDRESS: Spec<Address> = Spec {
    key: "address",
    alias: Some("server_address"),
    flag: "--address",
    env: &[env::TEMPORAL_ADDRESS],
    shape: Shape::Text,
    parse: address,
    default: |_| Address::standard(),
};
