//! What the service manager is told, by systemd's protocol (`sd_notify(3)`): ready,
//! what goes on, stopping, and that the daemon is alive. Without a manager that listens,
//! nothing happens. It leaves out when these things are so.

use std::convert::Infallible;
use std::time::Duration;

use sd_notify::NotifyState;
use temporalio_client::Client;

use super::readiness::{Polling, polling};

/// Work is taken.
pub(super) fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// What goes on, for `systemctl status`.
pub(super) fn status(status: &str) {
    tell(&[NotifyState::Status(status)]);
}

/// The daemon stops, and may take so long for it.
pub(super) fn stopping(status: &str, limit: Duration) {
    let micros = u32::try_from(limit.as_micros()).unwrap_or(u32::MAX);
    tell(&[
        NotifyState::Stopping,
        NotifyState::ExtendTimeoutUsec(micros),
        NotifyState::Status(status),
    ]);
}

/// Proves again and again, if the manager wants proofs, that the workers poll: a daemon that
/// hangs is then started anew. A server that does not answer proves nothing against the
/// daemon, and a new start would not mend it; unless that server is its own engine.
pub(super) async fn prove_polling(
    client: &Client,
    task_queues: &[String],
    has_engine: bool,
) -> Infallible {
    let Some(limit) = sd_notify::watchdog_enabled() else {
        return std::future::pending().await;
    };
    // Half of the time, as the manual advises: one proof may come late.
    let interval = limit / 2;
    loop {
        let mut lives = true;
        for queue in task_queues {
            lives &= match tokio::time::timeout(interval, polling(client, queue)).await {
                Ok(Polling::Yes) => true,
                Ok(Polling::No) => false,
                Ok(Polling::Unknown) | Err(_) => !has_engine,
            };
        }
        if lives {
            tell(&[NotifyState::Watchdog]);
        }
        tokio::time::sleep(interval).await;
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "the service manager could not be told");
    }
}
