//! Why a command failed: what, why, impact, fix, and the exit code that goes with it.

use schemars::JsonSchema;
use serde::Serialize;

use super::output::Report;
use crate::client::Error;
use crate::config;

/// What kind of failure it is; the kind alone decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What was typed is wrong.
    Validation,
    /// The server or its namespace cannot be reached.
    Connection,
    /// The workflow said no, is closed, or does not exist.
    Workflow,
    /// The configuration is wrong.
    Configuration,
    /// What was checked is not as it should be.
    Unmet,
    /// Not known in time.
    NotConfirmed,
    /// A fault of ours.
    Internal,
    /// Ctrl-C.
    Interrupted,
    /// An agent may not do what it was about to do; only hooks say so.
    Blocked,
}

impl Kind {
    /// The exit code.
    pub(super) const fn exit_code(self) -> u8 {
        match self {
            Self::Validation => 1,
            // An agent's 2 is not ours: its hooks have a table of their own.
            Self::Connection | Self::Blocked => 2,
            Self::Workflow | Self::Unmet => 3,
            Self::Configuration => 4,
            Self::NotConfirmed => 5,
            Self::Internal => 70,
            Self::Interrupted => 130,
        }
    }

    /// The category that a message begins with.
    pub(super) const fn category(self) -> &'static str {
        match self {
            Self::Validation => "validation error",
            Self::Connection => "connection error",
            Self::Workflow => "workflow error",
            Self::Unmet => "check failed",
            Self::Configuration => "configuration error",
            Self::NotConfirmed => "not confirmed",
            Self::Internal => "internal error",
            Self::Interrupted => "interrupted",
            Self::Blocked => "aura",
        }
    }
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Failure {
    #[serde(skip)]
    pub(super) kind: Kind,
    /// A stable word for programs.
    pub(super) code: String,
    /// The category, in words.
    pub(super) category: &'static str,
    /// What failed.
    pub(super) what: String,
    /// Why.
    pub(super) why: String,
    /// What that means now.
    pub(super) impact: String,
    /// What to do.
    pub(super) fix: String,
    /// Whether the same command may well work later.
    pub(super) retryable: bool,
    /// The id of the message it is about, to ask or repeat with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request_id: Option<String>,
    /// What the command has to tell in spite of it.
    #[serde(skip)]
    pub(super) report: Option<Box<Report>>,
}

impl Failure {
    pub(super) fn new(
        kind: Kind,
        code: &str,
        what: impl Into<String>,
        why: impl Into<String>,
        impact: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            code: code.to_owned(),
            category: kind.category(),
            what: what.into(),
            why: why.into(),
            impact: impact.into(),
            fix: fix.into(),
            retryable: matches!(kind, Kind::Connection | Kind::NotConfirmed),
            request_id: None,
            report: None,
        }
    }

    /// Something typed that will not do.
    pub(super) fn invalid(
        code: &str,
        what: impl Into<String>,
        why: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(Kind::Validation, code, what, why, "nothing was sent", fix)
    }

    /// Something that was checked and is not as it should be, with all that was found.
    pub(super) fn unmet(
        code: &str,
        what: impl Into<String>,
        why: impl Into<String>,
        fix: impl Into<String>,
        report: Report,
    ) -> Self {
        let impact = "it was only looked at; nothing was changed";
        Self::new(Kind::Unmet, code, what, why, impact, fix).with_report(report)
    }

    /// The same, with what there is to tell in spite of it.
    pub(super) fn with_report(self, report: Report) -> Self {
        Self {
            report: Some(Box::new(report)),
            ..self
        }
    }

    /// A call that failed after another had an effect, as `done` says: a failed look must not
    /// say that nothing was changed.
    pub(super) fn after(done: &str, error: Error) -> Self {
        let since = match &error {
            Error::Stuck { .. } | Error::NoAnswer { .. } | Error::WaitedInVain { .. } => {
                return Self::from(error);
            }
            Error::Closed { .. } | Error::NotFound { .. } => "the epoch has ended since",
            _ => "what has become of it since is not known",
        };
        Self {
            impact: format!("{done}; {since}"),
            ..Self::from(error)
        }
    }

    /// A fault of ours.
    pub(super) fn internal(error: impl std::fmt::Display) -> Self {
        Self::new(
            Kind::Internal,
            "internal",
            "aura-msg failed",
            error.to_string(),
            "nothing is known of the command's effect",
            "report it with the command that was typed",
        )
    }

    /// Ctrl-C.
    pub(super) fn interrupted() -> Self {
        Self::new(
            Kind::Interrupted,
            "interrupted",
            "stopped by an interrupt",
            "SIGINT was received",
            "a message that was being sent may have been delivered",
            "repeat it with the same --request-id to be sure",
        )
    }

    /// What and why, in one line.
    pub(super) fn line(&self) -> String {
        format!("{}: {}", self.what, self.why)
    }

    /// For what no repetition changes.
    fn not_retryable(mut self) -> Self {
        self.retryable = false;
        self
    }

    fn with_request_id(mut self, request_id: String) -> Self {
        self.request_id = Some(request_id);
        self
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        // A flag that will not do is a typing mistake; the rest is configuration.
        let (kind, code) = if error.is_usage() {
            (Kind::Validation, "usage")
        } else {
            (Kind::Configuration, "configuration")
        };
        Self::new(
            kind,
            code,
            error.what(),
            error.why(),
            "nothing was sent",
            error.fix(),
        )
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let what = error.to_string();
        match error {
            Error::Unreachable { address, why } => Self::new(
                Kind::Connection,
                "unreachable",
                format!("cannot reach the Temporal server at {address}"),
                why,
                "nothing is known of the epoch; nothing was changed",
                "start the server, or name another with --address",
            ),
            Error::UnknownNamespace { namespace, address } => Self::new(
                Kind::Connection,
                "namespace_unknown",
                format!("namespace '{namespace}' does not exist"),
                format!("the server at {address} does not know it"),
                "nothing was sent",
                format!(
                    "name another with --namespace, or run `temporal operator namespace \
                         create -n {namespace}`"
                ),
            )
            .not_retryable(),
            Error::Denied { address, why } => Self::new(
                Kind::Connection,
                "denied",
                format!("the server at {address} refuses access"),
                why,
                "nothing was sent",
                "ask its administrator for access to the namespace",
            )
            .not_retryable(),
            Error::NotFound { workflow_id } => Self::new(
                Kind::Workflow,
                "not_found",
                what,
                "the server knows no execution of that id in this namespace",
                "nothing was changed",
                format!(
                    "check the id, or start it with `aura-msg epoch start --epoch-id \
                         {workflow_id}`"
                ),
            ),
            Error::Closed { status, .. } => Self::new(
                Kind::Workflow,
                "closed",
                what,
                format!("the execution has {status}"),
                "nothing was changed",
                "start a new epoch for further work; queries go on working on this one",
            ),
            Error::ClosedBeforeApplied {
                status, request_id, ..
            } => Self::new(
                Kind::Workflow,
                "closed_before_applied",
                what,
                format!("the execution {status} with the message still waiting"),
                "the message took no effect and never will",
                "start a new epoch for further work",
            )
            .with_request_id(request_id),
            Error::AlreadyRunning { run_id, .. } => Self::new(
                Kind::Workflow,
                "already_running",
                what,
                format!("run {run_id} of it is open"),
                "nothing was started; the open epoch goes on",
                "use it, choose another id, or say --if-exists use or --if-exists restart",
            ),
            Error::Stuck { .. } => Self::new(
                Kind::Workflow,
                "stuck",
                what,
                "its workflow task fails on every attempt",
                "it applies nothing until a worker can carry it on; what was sent is kept",
                "see `aura-msg doctor` and aurad's log; if the epoch is newer than aurad, upgrade aurad",
            ),
            Error::Refused(refusal) => {
                let code = crate::protocol::Word::word(refusal.code);
                Self::new(
                    Kind::Workflow,
                    code,
                    refusal.what,
                    refusal.why,
                    refusal.impact,
                    refusal.fix,
                )
            }
            Error::NoAnswer { .. } => Self::new(
                Kind::NotConfirmed,
                "no_worker",
                what,
                "no aurad polls its task queue, or it is busy",
                "the epoch is safe on the server; its state is not known now",
                "start aurad, and try again",
            ),
            Error::Unconfirmed {
                request_id, why, ..
            } => Self::new(
                Kind::NotConfirmed,
                "unconfirmed",
                "delivered, not yet confirmed",
                why,
                "the message is safe on the server and will be applied when a worker is up",
                format!(
                    "start aurad if none is running; repeating the command with \
                         --request-id {request_id} is safe and tells the outcome"
                ),
            )
            .with_request_id(request_id),
            Error::PerhapsDelivered {
                request_id, why, ..
            } => {
                let fix = match &request_id {
                    Some(id) => {
                        format!("repeat the command with --request-id {id}: it takes effect once")
                    }
                    None => "repeat the command, which is harmless".to_owned(),
                };
                let failure = Self::new(
                    Kind::NotConfirmed,
                    "perhaps_delivered",
                    "perhaps delivered",
                    why,
                    "the server may or may not have the message",
                    fix,
                );
                Self {
                    request_id,
                    ..failure
                }
            }
            Error::WaitedInVain { .. } => Self::new(
                Kind::NotConfirmed,
                "wait_timeout",
                what,
                "the time given with --timeout has passed",
                "the epoch goes on",
                "wait again, or longer",
            ),
            Error::Unreadable { why, .. } => Self::new(
                Kind::Workflow,
                "unreadable",
                what,
                why,
                "nothing was changed",
                "check that the id is an epoch's, and that aurad and aura-msg are of one release",
            ),
            Error::QueryFailed { why, .. } => Self::new(
                Kind::Workflow,
                "query_failed",
                what,
                why,
                "nothing was changed",
                "check that the id is an epoch's; aurad's log may say more",
            ),
            Error::NoAttributes { namespace, why } => Self::new(
                Kind::Workflow,
                "attributes_unknown",
                format!("epochs of namespace '{namespace}' cannot be searched that way"),
                why,
                "nothing was listed; the epochs themselves are not affected",
                "start an aurad that may register search attributes, or list without --phase, \
                 --role and --status",
            ),
            Error::Server(status) => Self::new(
                Kind::Workflow,
                "server",
                "the server refused the call",
                format!("{:?}: {}", status.code(), status.message()),
                "nothing is known to have changed",
                "the server's log may say more",
            ),
        }
    }
}
