//! The listener's loop: accepts, asks who it is, serves each connection in a task of its own,
//! and ends them all in good order.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, getrlimit};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use super::access::{Access, Gate};
use super::call::Handler;
use super::connection;
use super::seldom::Seldom;

/// How long not to accept when the system has no more of what a connection needs.
const BACK_OFF: Duration = Duration::from_millis(200);

/// Descriptors that are not for connections: the database, the process's other files.
const RESERVED: u64 = 256;

const MOST: u64 = 20_000;

/// What can be chosen.
#[derive(Clone, Debug)]
pub(in crate::embedded) struct Options {
    /// Who may connect.
    pub(in crate::embedded) access: Access,
    /// Connections at once; further ones are closed as they come.
    pub(in crate::embedded) connections: usize,
    /// What running calls get at the end before they are cut off.
    pub(in crate::embedded) grace: Duration,
}

impl Default for Options {
    /// As many connections as this process may open, up to 20,000.
    fn default() -> Self {
        let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        let connections = descriptors.saturating_sub(RESERVED).clamp(64, MOST);
        Self {
            access: Access::default(),
            connections: usize::try_from(connections).unwrap_or(usize::MAX),
            grace: Duration::from_secs(5),
        }
    }
}

/// What is logged at most once a minute.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trouble {
    Full,
    Accept,
}

/// Serves the listener until `shutdown`. Then it accepts no more, tells every connection to
/// end, and waits for the calls that run; those that overstay the grace are dropped. Long
/// polls end in time only if the handler, which is told by its owner, ends them.
pub(in crate::embedded) async fn serve(
    listener: TcpListener,
    handler: Arc<dyn Handler>,
    options: Options,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let gate = Arc::new(Gate::new(options.access, listener.local_addr()?));
    let (close, closing) = watch::channel(false);
    let mut connections = JoinSet::new();
    let logged = Seldom::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => {
                report(ended);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(_) if connections.len() >= options.connections => {
                if logged.due(Trouble::Full) {
                    tracing::warn!(
                        limit = options.connections,
                        "too many connections: further ones are closed as they come"
                    );
                }
            }
            Ok((stream, peer)) => {
                let (gate, handler) = (Arc::clone(&gate), Arc::clone(&handler));
                let closing = closing.clone();
                connections.spawn(async move {
                    if let Ok(ours) = stream.local_addr()
                        && gate.admits(peer, ours).await
                    {
                        connection::serve(stream, handler, closing).await;
                    }
                });
            }
            // The client has given up meanwhile.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                if logged.due(Trouble::Accept) {
                    tracing::error!(
                        %error,
                        open = connections.len(),
                        "cannot accept connections; those that are open go on, new ones wait"
                    );
                }
                tokio::select! {
                    () = &mut shutdown => break,
                    () = sleep(BACK_OFF) => {}
                }
            }
        }
    }
    drop(listener);
    close.send_replace(true);
    let ended = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    };
    if timeout(options.grace, ended).await.is_err() {
        tracing::debug!(
            open = connections.len(),
            "cut off what overstayed the grace"
        );
        connections.shutdown().await;
    }
    Ok(())
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "serving a connection failed; the others go on");
    }
}
