//! The settings of the daemon, one by one: names, shape, meaning, default.

use std::path::PathBuf;
use std::time::Duration;

use super::admin::{ADMIN, ADMIN_EXPOSE};
use super::audit::{Trail, trail};
use super::commands::{ALLOW_SHELL, HOST_TIMEOUT, MAX_COMMANDS, STATE_DIR};
use super::embedded::{ALLOW_USERS, DB, EMBEDDED, LISTEN, RETENTION, SYNCHRONOUS};
use super::logs::LOG_FORMAT;
use super::versioning::WORKER_VERSIONING;
use super::worker;
use crate::config::access::{API_KEY_FILE, CA, CERT, GRPC_META, KEY, PROFILE, SERVER_NAME, TLS};
use crate::config::connection::{
    ADDRESS, NAMESPACE, TASK_QUEUE_DEFAULT, TASK_QUEUE_ENV, TASK_QUEUE_FLAG, TASK_QUEUE_KEY,
};
use crate::config::duration::{duration, limit};
use crate::config::env;
use crate::config::otlp;
use crate::config::places::Places;
use crate::config::spec::{Section, Shape, Spec};
use crate::config::value;

/// The daemon's section of the file.
pub(in crate::config) static SECTION: Section = Section {
    name: "aurad",
    keys: &[
        &NAMESPACE,
        &TASK_QUEUES,
        &ADDRESS,
        &PROFILE,
        &TLS,
        &CA,
        &CERT,
        &KEY,
        &SERVER_NAME,
        &API_KEY_FILE,
        &GRPC_META,
        &EMBEDDED,
        &DB,
        &LISTEN,
        &ALLOW_USERS,
        &RETENTION,
        &SYNCHRONOUS,
        &AUDIT_TRAIL,
        &AUDIT_DB_PATH,
        &GRACE_PERIOD,
        &CONNECT_TIMEOUT,
        &ALLOW_SHELL,
        &STATE_DIR,
        &HOST_TIMEOUT,
        &MAX_COMMANDS,
        &ADMIN,
        &ADMIN_EXPOSE,
        &worker::MAX_CACHED_WORKFLOWS,
        &worker::MAX_CONCURRENT_WORKFLOW_TASKS,
        &worker::MAX_CONCURRENT_ACTIVITIES,
        &worker::MAX_CONCURRENT_LOCAL_ACTIVITIES,
        &worker::MAX_CONCURRENT_WORKFLOW_TASK_POLLS,
        &worker::MAX_CONCURRENT_ACTIVITY_TASK_POLLS,
        &worker::MAX_ACTIVITIES_PER_SECOND,
        &worker::MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND,
        &worker::DEPLOYMENT_NAME,
        &worker::BUILD_ID,
        &WORKER_VERSIONING,
        &LOG_FORMAT,
        &otlp::OF_DAEMON,
        &VERBOSE,
    ],
};

pub(super) static TASK_QUEUES: Spec<Vec<String>> = Spec {
    key: TASK_QUEUE_KEY,
    alias: None,
    flag: TASK_QUEUE_FLAG,
    env: TASK_QUEUE_ENV,
    shape: Shape::Texts,
    parse: value::task_queues,
    default: |_| vec![TASK_QUEUE_DEFAULT.to_owned()],
};

pub(super) static AUDIT_TRAIL: Spec<Trail> = Spec {
    key: "audit_trail",
    alias: None,
    flag: "--audit-trail",
    env: &[env::AURAD_AUDIT_TRAIL, env::AURA_AUDIT_TRAIL],
    shape: Shape::Text,
    parse: trail,
    default: |_| Trail::Memory,
};

pub(super) static AUDIT_DB_PATH: Spec<Option<PathBuf>> = Spec {
    key: "audit_db_path",
    alias: None,
    flag: "--audit-db-path",
    env: &[env::AURAD_AUDIT_DB_PATH],
    shape: Shape::Text,
    parse: |words, context| value::path(words, context).map(Some),
    default: Places::audit_db,
};

pub(super) static GRACE_PERIOD: Spec<Duration> = Spec {
    key: "grace_period",
    alias: None,
    flag: "--grace-period",
    env: &[env::AURAD_GRACE_PERIOD],
    shape: Shape::Time,
    parse: duration,
    default: |_| Duration::from_secs(30),
};

pub(super) static CONNECT_TIMEOUT: Spec<Option<Duration>> = Spec {
    key: "connect_timeout",
    alias: None,
    flag: "--connect-timeout",
    env: &[env::AURAD_CONNECT_TIMEOUT],
    shape: Shape::Time,
    parse: limit,
    default: |_| None,
};

pub(super) static VERBOSE: Spec<bool> = Spec {
    key: "verbose",
    alias: None,
    flag: "--verbose",
    env: &[],
    shape: Shape::Switch,
    parse: value::switch,
    default: |_| false,
};
