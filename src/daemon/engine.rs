//! The embedded engine inside the daemon: started from the settings, listened to for the
//! failure that it cannot survive, and stopped after the workers. What an engine does is
//! `embedded`'s.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::config;
use crate::config::aurad::Settings;
use crate::embedded::{self, Embedded, Options, Synchronous};

/// The namespace that every client asks for if nobody says.
const DEFAULT_NAMESPACE: &str = "default";
/// What stopping may take: calls under way, and the last commit.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// Hears of the one failure that an engine may have: its memory is ahead of the disk, and
/// the process has to begin again from there.
pub(super) struct Failure(mpsc::UnboundedReceiver<String>);

impl Failure {
    /// Waits until it has happened, and says why.
    pub(super) async fn happened(&mut self) -> String {
        match self.0.recv().await {
            Some(why) => why,
            // An engine that is gone fails no more.
            None => std::future::pending().await,
        }
    }
}

/// Opens the file, takes the port, and goes on with what was open. `allowed` are users
/// besides this one.
pub(super) async fn start(
    settings: &Settings,
    allowed: BTreeSet<u32>,
) -> Result<(Embedded, Failure), String> {
    let own = settings.namespace.value.clone();
    let (failed, failure) = mpsc::unbounded_channel();
    let started = Embedded::start(Options {
        database: settings.database().to_owned(),
        synchronous: match settings.synchronous.value {
            config::Synchronous::Full => Synchronous::Full,
            config::Synchronous::Normal => Synchronous::Normal,
        },
        listen: settings.listen.value,
        allow_users: allowed,
        namespaces: BTreeSet::from([DEFAULT_NAMESPACE.to_owned(), own])
            .into_iter()
            .collect(),
        retention: settings.retention.value,
        suggest_continue_as_new: suggest_continue_as_new(),
        on_failure: Arc::new(move |why| {
            // The daemon is ending already if nobody hears it.
            let _ = failed.send(why);
        }),
    })
    .await;
    match started {
        Ok(engine) => Ok((engine, Failure(failure))),
        Err(error) => Err(explain(&error)),
    }
}

/// Tests have runs that are much shorter than anybody wants them.
fn suggest_continue_as_new() -> u32 {
    std::env::var("AURA_SUGGEST_CONTINUE_AS_NEW")
        .ok()
        .and_then(|events| events.parse().ok())
        .unwrap_or(embedded::SUGGEST_CONTINUE_AS_NEW)
}

/// What went wrong, and which flag names something else.
fn explain(error: &embedded::Error) -> String {
    let flag = match error {
        embedded::Error::Database(_) | embedded::Error::Content(_) => "--db names another file",
        embedded::Error::Listen(_) => "--listen names another address",
    };
    format!("the embedded engine could not start, so aurad did not either: {error}. {flag}")
}

/// Stops an engine whose workers have ended.
pub(super) async fn stop(engine: Embedded) {
    if tokio::time::timeout(STOP_LIMIT, engine.stop())
        .await
        .is_err()
    {
        tracing::warn!(
            "the embedded engine did not stop within {STOP_LIMIT:?}; nothing is lost, and its next \
             start finds all that was acknowledged"
        );
    }
}
