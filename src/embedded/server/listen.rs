//! Taking the port, or saying in full why not.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// As many connections as may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Why there is no listener.
#[derive(Debug, thiserror::Error)]
pub(in crate::embedded) enum Error {
    /// Others could connect.
    #[error(
        "{0} is not a loopback address, and connections here are neither encrypted nor \
         authenticated: whoever reaches the port could start, read and end workflows; \
         listen on 127.0.0.1 or [::1]"
    )]
    NotLoopback(SocketAddr),
    /// Somebody has the port.
    #[error(
        "{address} is in use by {}; end that, or listen on another port (0 takes a free one)",
        .holder.as_deref().unwrap_or("another process")
    )]
    InUse {
        /// What was asked for.
        address: SocketAddr,
        /// Program and process id, where they can be known.
        holder: Option<String>,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// Listens on a loopback address. Port 0 takes a free one, which the listener then knows.
pub(in crate::embedded) fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    if !address.ip().is_loopback() {
        return Err(Error::NotLoopback(address));
    }
    listen(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => Error::InUse {
            address,
            holder: holder(address),
        },
        _ => Error::Bind { address, source },
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Else a restart would wait for the connections of the process before it to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

#[cfg(target_os = "linux")]
fn holder(address: SocketAddr) -> Option<String> {
    super::holder::of(address)
}

#[cfg(not(target_os = "linux"))]
fn holder(_: SocketAddr) -> Option<String> {
    None
}
