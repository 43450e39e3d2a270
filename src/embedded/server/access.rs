//! Who may connect: by default only the user whose process this is.
//!
//! Loopback keeps other machines out, not other users of this one. On Linux the kernel knows
//! whose socket the other end is; elsewhere there is no way to ask, and everybody on the
//! machine may connect.

use std::collections::BTreeSet;
use std::net::SocketAddr;

#[cfg(target_os = "linux")]
mod peer;

#[cfg(target_os = "linux")]
use peer::Peers;

/// Which users of this machine may connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::embedded) enum Access {
    /// All of them: for tests that don't ask.
    #[cfg(test)]
    Everybody,
    /// The user that this process runs as, and those with these ids.
    Users(BTreeSet<u32>),
}

impl Default for Access {
    fn default() -> Self {
        Self::Users(BTreeSet::new())
    }
}

/// Decides about connections.
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub(super) struct Gate(Option<Peers>);

#[cfg(target_os = "linux")]
impl Gate {
    /// `listener` is the address that clients connect to.
    pub(super) fn new(access: Access, listener: SocketAddr) -> Self {
        Self(match access {
            #[cfg(test)]
            Access::Everybody => None,
            Access::Users(allowed) => Some(Peers::new(allowed, listener)),
        })
    }

    /// Whether the connection between these two may be served; `ours` is this end of it.
    pub(super) async fn admits(&self, peer: SocketAddr, ours: SocketAddr) -> bool {
        match &self.0 {
            None => true,
            Some(peers) => peers.admits(peer, ours).await,
        }
    }
}

/// Lets everybody in.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) struct Gate;

#[cfg(not(target_os = "linux"))]
impl Gate {
    pub(super) fn new(access: Access, _: SocketAddr) -> Self {
        if access != Access::Everybody {
            tracing::info!(
                "this system does not tell whose a connection is: all local users may connect"
            );
        }
        Self
    }

    #[expect(clippy::unused_async, reason = "on Linux it waits")]
    pub(super) async fn admits(&self, _: SocketAddr, _: SocketAddr) -> bool {
        true
    }
}
