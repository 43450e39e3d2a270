//! Addresses without a server behind them: one that refuses and one that stays
//! silent. Both are deliberately beyond repair; see `proxy` for a connection
//! that breaks and comes back.

use std::{
    net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream},
    os::fd::OwnedFd,
    sync::{Mutex, PoisonError},
};

use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket};

const ANY_PORT: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0);

/// An address that accepts connections, as many as a test makes, and answers
/// nothing on them, ever.
pub struct BlackHole {
    listener: TcpListener,
    // Kept open: a visitor that is let go has got an answer of a kind.
    visitors: Mutex<Vec<TcpStream>>,
}

impl BlackHole {
    /// Opens the address. The kernel completes connections to a listener that
    /// nobody calls `accept` on, and keeps what arrives, which is all it takes.
    pub fn open() -> Self {
        let listener = TcpListener::bind(ANY_PORT).expect("a loopback port can be bound");
        listener
            .set_nonblocking(true)
            .expect("a listener need not block");
        Self {
            listener,
            visitors: Mutex::default(),
        }
    }

    /// How many connections were made to it so far.
    pub fn visits(&self) -> usize {
        let mut visitors = self.visitors.lock().unwrap_or_else(PoisonError::into_inner);
        while let Ok((visitor, _)) = self.listener.accept() {
            visitors.push(visitor);
        }
        visitors.len()
    }

    /// Host and port.
    pub fn address(&self) -> String {
        self.listener.local_addr().expect("it is bound").to_string()
    }
}

/// An address that refuses every connection.
pub struct Refused {
    address: SocketAddr,
    // Bound but not listening: so nobody else can take the port meanwhile.
    _reserved: OwnedFd,
}

impl Refused {
    /// Reserves the address.
    pub fn reserve() -> Self {
        let socket = socket(AddressFamily::INET, SocketType::STREAM, None)
            .and_then(|socket| bind(&socket, &ANY_PORT).map(|()| socket))
            .expect("a loopback port can be bound");
        let address = getsockname(&socket).expect("it is bound");
        Self {
            address: address.try_into().expect("it is an IP address"),
            _reserved: socket,
        }
    }

    /// Host and port.
    pub fn address(&self) -> String {
        self.address.to_string()
    }
}
