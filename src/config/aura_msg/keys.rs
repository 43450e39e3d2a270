//! The settings of the client, one by one: names, shape, meaning, default.

use std::ffi::OsString;
use std::time::Duration;

use super::Format;
use crate::config::access::{API_KEY_FILE, CA, CERT, GRPC_META, KEY, PROFILE, SERVER_NAME, TLS};
use crate::config::connection::{
    ADDRESS, NAMESPACE, TASK_QUEUE_DEFAULT, TASK_QUEUE_ENV, TASK_QUEUE_FLAG, TASK_QUEUE_KEY,
};
use crate::config::duration::duration;
use crate::config::invalid::Invalid;
use crate::config::otlp;
use crate::config::spec::{Context, Section, Shape, Spec};
use crate::config::value;

/// The client's section of the file.
pub(in crate::config) static SECTION: Section = Section {
    name: "aura-msg",
    keys: &[
        &NAMESPACE,
        &TASK_QUEUE,
        &ADDRESS,
        &PROFILE,
        &TLS,
        &CA,
        &CERT,
        &KEY,
        &SERVER_NAME,
        &API_KEY_FILE,
        &GRPC_META,
        &FORMAT,
        &TIMEOUT,
        &otlp::OF_CLIENT,
    ],
};

pub(super) static TASK_QUEUE: Spec<String> = Spec {
    key: TASK_QUEUE_KEY,
    alias: None,
    flag: TASK_QUEUE_FLAG,
    env: TASK_QUEUE_ENV,
    shape: Shape::Text,
    parse: value::task_queue,
    default: |_| TASK_QUEUE_DEFAULT.to_owned(),
};

pub(super) static FORMAT: Spec<Format> = Spec {
    key: "default_format",
    alias: None,
    flag: "--format",
    env: &[],
    shape: Shape::Text,
    parse: format,
    default: |_| Format::Text,
};

pub(super) static TIMEOUT: Spec<Duration> = Spec {
    key: "timeout",
    alias: None,
    flag: "--timeout",
    env: &[],
    shape: Shape::Time,
    parse: duration,
    default: |_| Duration::from_secs(10),
};

fn format(words: &[OsString], _: Context<'_>) -> Result<Format, Invalid> {
    value::one_of(value::text(words)?, "", "use text, json or jsonl")
}
