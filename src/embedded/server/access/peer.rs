//! Whose the other end of a connection is, by the kernel's own record of that socket.
//!
//! Only an established socket that a process has counts. One whose process has closed it
//! belongs to nobody: the kernel may then say uid 0, which is this process's own when it runs
//! as root, and what its last owner wrote is still to be read here.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustix::process::geteuid;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use super::super::seldom::Seldom;
use super::super::sock_diag::SockDiag;
use super::super::socket_table::{self, ESTABLISHED};

/// Lets some users in, and says when it keeps out another.
#[derive(Debug)]
pub(super) struct Peers {
    own: u32,
    allowed: BTreeSet<u32>,
    owners: Owners,
    logged: Seldom<Option<u32>>,
}

impl Peers {
    pub(super) fn new(allowed: BTreeSet<u32>, listener: SocketAddr) -> Self {
        Self {
            own: geteuid().as_raw(),
            allowed,
            owners: Owners::new(listener),
            logged: Seldom::new(),
        }
    }

    pub(super) async fn admits(&self, peer: SocketAddr, ours: SocketAddr) -> bool {
        match self.owners.owner(peer, ours).await {
            Ok(Some(uid)) if uid == self.own || self.allowed.contains(&uid) => true,
            Ok(Some(uid)) => {
                if self.logged.due(Some(uid)) {
                    tracing::warn!(
                        uid,
                        "refused a connection of another user of this machine; whoever may \
                         connect must be among the allowed users"
                    );
                }
                false
            }
            // It is closed already.
            Ok(None) => false,
            Err(error) => {
                if self.logged.due(None) {
                    tracing::error!(
                        %error,
                        "refused a connection: the kernel does not tell whose it is"
                    );
                }
                false
            }
        }
    }
}

/// The two ways to ask.
#[derive(Debug)]
enum Owners {
    Asked(SockDiag),
    Listed(Listing),
}

impl Owners {
    /// Without `sock_diag` in the kernel every socket is "not found"; so ask for one that is
    /// known to be there.
    fn new(listener: SocketAddr) -> Self {
        let nobody = SocketAddr::new(listener.ip(), 0);
        match SockDiag::new() {
            Ok(line) if matches!(line.find(listener, nobody), Ok(Some(_))) => Self::Asked(line),
            _ => Self::Listed(Listing::default()),
        }
    }

    async fn owner(&self, peer: SocketAddr, ours: SocketAddr) -> io::Result<Option<u32>> {
        match self {
            Self::Asked(line) => {
                let socket = line.find(peer, ours)?;
                Ok(socket
                    .filter(|socket| socket.state == ESTABLISHED && socket.inode != 0)
                    .map(|socket| socket.uid))
            }
            Self::Listed(listing) => listing.owner(peer, ours).await,
        }
    }
}

/// Owners of established sockets by their own address and the remote one.
type Table = HashMap<(SocketAddr, SocketAddr), u32>;

/// The table as text. Reading it is slow, so those who wait meanwhile share the next reading.
#[derive(Debug, Default)]
struct Listing {
    /// The last reading, and when it began.
    last: Mutex<Option<(Instant, Arc<Table>)>>,
}

impl Listing {
    /// Reads a second time before it says no: a listing may miss what was there.
    async fn owner(&self, peer: SocketAddr, ours: SocketAddr) -> io::Result<Option<u32>> {
        for _ in 0..2 {
            let owner = self
                .since(Instant::now())
                .await?
                .get(&(peer, ours))
                .copied();
            if owner.is_some() {
                return Ok(owner);
            }
        }
        Ok(None)
    }

    /// A reading that began after `moment`.
    async fn since(&self, moment: Instant) -> io::Result<Arc<Table>> {
        let mut last = self.last.lock().await;
        if let Some((began, table)) = &*last
            && *began > moment
        {
            return Ok(Arc::clone(table));
        }
        let began = Instant::now();
        let table = Arc::new(
            spawn_blocking(established)
                .await
                .map_err(io::Error::other)??,
        );
        *last = Some((began, Arc::clone(&table)));
        Ok(table)
    }
}

fn established() -> io::Result<Table> {
    Ok(socket_table::read()?
        .into_iter()
        .filter(|row| row.state == ESTABLISHED && row.inode != 0)
        .map(|row| ((row.local, row.remote), row.uid))
        .collect())
}

#[cfg(test)]
mod tests;
