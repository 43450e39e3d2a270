//! The names of all environment variables that aura reads, and the trait they are read
//! through: the process environment is touched in one place, and never by a test.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::error::Error;
use super::invalid::Invalid;
use super::origin::Origin;

/// The Temporal namespace. As in Temporal's own tools.
pub const TEMPORAL_NAMESPACE: &str = "TEMPORAL_NAMESPACE";
/// The task queue. It names one queue, a comma included: several queues take repeated
/// flags or a list in the file.
pub const TEMPORAL_TASK_QUEUE: &str = "TEMPORAL_TASK_QUEUE";
/// The server, as host:port. As in Temporal's own tools.
pub const TEMPORAL_ADDRESS: &str = "TEMPORAL_ADDRESS";
/// Where `aurad` keeps the audit trail: memory, sqlite, sqlite:PATH.
pub const AURAD_AUDIT_TRAIL: &str = "AURAD_AUDIT_TRAIL";
/// The same; asked for after [`AURAD_AUDIT_TRAIL`].
pub const AURA_AUDIT_TRAIL: &str = "AURA_AUDIT_TRAIL";
/// The file of the audit trail.
pub const AURAD_AUDIT_DB_PATH: &str = "AURAD_AUDIT_DB_PATH";
/// How long `aurad` lets activities finish when it stops.
pub const AURAD_GRACE_PERIOD: &str = "AURAD_GRACE_PERIOD";
/// How long `aurad` tries to reach the server when it starts.
pub const AURAD_CONNECT_TIMEOUT: &str = "AURAD_CONNECT_TIMEOUT";
/// Whether slices may give shell commands of their own.
pub const AURAD_ALLOW_SHELL: &str = "AURAD_ALLOW_SHELL";
/// Where `aurad` keeps the logs and records of commands.
pub const AURAD_STATE_DIR: &str = "AURAD_STATE_DIR";
/// How long a slice waits for the host of its command to come back.
pub const AURAD_HOST_TIMEOUT: &str = "AURAD_HOST_TIMEOUT";
/// How many commands `aurad` runs at once.
pub const AURAD_MAX_COMMANDS: &str = "AURAD_MAX_COMMANDS";
/// Where `aurad` answers those who look after it.
pub const AURAD_ADMIN: &str = "AURAD_ADMIN";
/// Whether other machines may ask there.
pub const AURAD_ADMIN_EXPOSE: &str = "AURAD_ADMIN_EXPOSE";
/// In which form `aurad` logs.
pub const AURAD_LOG_FORMAT: &str = "AURAD_LOG_FORMAT";
/// Where spans go. This and the next are OpenTelemetry's own; its code reads more of them.
pub const OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
/// Where everything goes that OpenTelemetry has.
pub const OTEL_EXPORTER_OTLP_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// How spans are sent: grpc, or not at all.
pub const OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: &str = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL";
/// How everything is sent.
pub const OTEL_EXPORTER_OTLP_PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
/// A file with who has to have signed the collector's certificate.
pub const OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: &str = "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE";
/// The same for everything.
pub const OTEL_EXPORTER_OTLP_CERTIFICATE: &str = "OTEL_EXPORTER_OTLP_CERTIFICATE";
/// Whether nothing is to be sent.
pub const OTEL_SDK_DISABLED: &str = "OTEL_SDK_DISABLED";
/// What spans are sent by: otlp, or not at all.
pub const OTEL_TRACES_EXPORTER: &str = "OTEL_TRACES_EXPORTER";
/// Whether a command says why its spans are lost.
pub const OTEL_LOG_LEVEL: &str = "OTEL_LOG_LEVEL";
/// The span that a command is part of, as its caller has it.
pub const TRACEPARENT: &str = "TRACEPARENT";
/// What belongs to [`TRACEPARENT`].
pub const TRACESTATE: &str = "TRACESTATE";
/// How many runs each of `aurad`'s workers remembers.
pub const AURAD_MAX_CACHED_WORKFLOWS: &str = "AURAD_MAX_CACHED_WORKFLOWS";
/// How many workflow tasks each of them works on at once.
pub const AURAD_MAX_CONCURRENT_WORKFLOW_TASKS: &str = "AURAD_MAX_CONCURRENT_WORKFLOW_TASKS";
/// How many activities each of them runs at once.
pub const AURAD_MAX_CONCURRENT_ACTIVITIES: &str = "AURAD_MAX_CONCURRENT_ACTIVITIES";
/// How many activities each of them runs at once inside workflow tasks.
pub const AURAD_MAX_CONCURRENT_LOCAL_ACTIVITIES: &str = "AURAD_MAX_CONCURRENT_LOCAL_ACTIVITIES";
/// How many polls for workflow tasks of each of them wait at once.
pub const AURAD_MAX_CONCURRENT_WORKFLOW_TASK_POLLS: &str =
    "AURAD_MAX_CONCURRENT_WORKFLOW_TASK_POLLS";
/// How many polls for activities of each of them wait at once.
pub const AURAD_MAX_CONCURRENT_ACTIVITY_TASK_POLLS: &str =
    "AURAD_MAX_CONCURRENT_ACTIVITY_TASK_POLLS";
/// How many activities each of them begins in a second.
pub const AURAD_MAX_ACTIVITIES_PER_SECOND: &str = "AURAD_MAX_ACTIVITIES_PER_SECOND";
/// How many activities of a task queue all workers get in a second.
pub const AURAD_MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND: &str =
    "AURAD_MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND";
/// What `aurad` is a part of, as the server shows it.
pub const AURAD_DEPLOYMENT_NAME: &str = "AURAD_DEPLOYMENT_NAME";
/// What `aurad` was built from, as the server shows it.
pub const AURAD_BUILD_ID: &str = "AURAD_BUILD_ID";
/// Whether Temporal decides by the version of `aurad` what it works on.
pub const AURAD_WORKER_VERSIONING: &str = "AURAD_WORKER_VERSIONING";
/// Whether `aurad` starts an engine of its own.
pub const AURAD_EMBEDDED: &str = "AURAD_EMBEDDED";
/// The engine's file.
pub const AURAD_DB: &str = "AURAD_DB";
/// Where the engine listens.
pub const AURAD_LISTEN: &str = "AURAD_LISTEN";
/// Users of this machine that may connect to the engine, with commas between them.
pub const AURAD_ALLOW_USER: &str = "AURAD_ALLOW_USER";
/// How long the engine keeps closed workflows.
pub const AURAD_RETENTION: &str = "AURAD_RETENTION";
/// What a commit of the engine waits for.
pub const AURAD_SYNCHRONOUS: &str = "AURAD_SYNCHRONOUS";
/// The profile of Temporal's configuration file.
pub const TEMPORAL_PROFILE: &str = "TEMPORAL_PROFILE";
/// Temporal's configuration file.
pub const TEMPORAL_CONFIG_FILE: &str = "TEMPORAL_CONFIG_FILE";
/// Whether to use TLS.
pub const TEMPORAL_TLS: &str = "TEMPORAL_TLS";
/// Who has to have signed the server's certificate.
pub const TEMPORAL_TLS_SERVER_CA_CERT_PATH: &str = "TEMPORAL_TLS_SERVER_CA_CERT_PATH";
/// The same as text.
pub const TEMPORAL_TLS_SERVER_CA_CERT_DATA: &str = "TEMPORAL_TLS_SERVER_CA_CERT_DATA";
/// The certificate to show.
pub const TEMPORAL_TLS_CLIENT_CERT_PATH: &str = "TEMPORAL_TLS_CLIENT_CERT_PATH";
/// The same as text.
pub const TEMPORAL_TLS_CLIENT_CERT_DATA: &str = "TEMPORAL_TLS_CLIENT_CERT_DATA";
/// Its private key.
pub const TEMPORAL_TLS_CLIENT_KEY_PATH: &str = "TEMPORAL_TLS_CLIENT_KEY_PATH";
/// The same as text.
pub const TEMPORAL_TLS_CLIENT_KEY_DATA: &str = "TEMPORAL_TLS_CLIENT_KEY_DATA";
/// The name that the server's certificate has to have.
pub const TEMPORAL_TLS_SERVER_NAME: &str = "TEMPORAL_TLS_SERVER_NAME";
/// Turns host verification off, which is refused.
pub const TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: &str = "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION";
/// A codec server, which is refused.
pub const TEMPORAL_CODEC_ENDPOINT: &str = "TEMPORAL_CODEC_ENDPOINT";
/// What it is shown; refused as well.
pub const TEMPORAL_CODEC_AUTH: &str = "TEMPORAL_CODEC_AUTH";
/// The API key.
pub const TEMPORAL_API_KEY: &str = "TEMPORAL_API_KEY";
/// The file that has the API key.
pub const TEMPORAL_API_KEY_FILE: &str = "TEMPORAL_API_KEY_FILE";
/// What variables begin with that set metadata of calls.
pub const TEMPORAL_GRPC_META: &str = "TEMPORAL_GRPC_META_";
/// The configuration file.
pub const AURA_CONFIG: &str = "AURA_CONFIG";
/// The epoch that `aura-msg` means when no `--epoch-id` is given.
pub const AURA_EPOCH_ID: &str = "AURA_EPOCH_ID";
/// The directory of configuration files; a relative one is ignored.
pub const XDG_CONFIG_HOME: &str = "XDG_CONFIG_HOME";
/// The directory of data files; a relative one is ignored.
pub const XDG_DATA_HOME: &str = "XDG_DATA_HOME";
/// The directory of logs and other state; a relative one is ignored.
pub const XDG_STATE_HOME: &str = "XDG_STATE_HOME";
/// The kind of terminal. One that is dumb, or none, is not drawn on.
pub const TERM: &str = "TERM";
/// The user's home; a relative one is ignored.
pub const HOME: &str = "HOME";

/// Somewhere to read variables.
pub trait Env {
    /// The variable as it is, if it is set.
    fn raw(&self, name: &str) -> Option<OsString>;

    /// The names of all variables that begin so, in order.
    fn names(&self, prefix: &str) -> Vec<String>;

    /// The variable, if it is set and not empty: an empty one counts as unset.
    fn get(&self, name: &str) -> Option<OsString> {
        self.raw(name).filter(|value| !value.is_empty())
    }

    /// The variable as text, if it is set and not empty. Other bytes than UTF-8 are an
    /// error that names it.
    fn var(&self, name: &'static str) -> Result<Option<String>, Error> {
        match self.get(name).map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(text)) => Ok(Some(text)),
            Some(Err(bytes)) => Err(Error::invalid(Origin::Env(name), Invalid::not_text(&bytes))),
        }
    }
}

/// The environment of this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnv;

impl Env for ProcessEnv {
    fn raw(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let mut names: Vec<_> = names.filter(|name| name.starts_with(prefix)).collect();
        names.sort();
        names
    }
}

/// An environment made up for a test.
impl<K: Borrow<str> + Ord, V: AsRef<OsStr>> Env for BTreeMap<K, V> {
    fn raw(&self, name: &str) -> Option<OsString> {
        self.get(name).map(|value| value.as_ref().to_owned())
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        let names = self.keys().map(Borrow::borrow);
        let names = names.filter(|name: &&str| name.starts_with(prefix));
        names.map(str::to_owned).collect()
    }
}
