//! Free loopback ports. A port is free when asked for, not reserved: whoever
//! binds it later must be ready to lose the race and ask for another.
//!
//! The kernel's own choice (port 0) is deliberately not used. It comes from the
//! range of outgoing connections, and a client that keeps reconnecting to a
//! dead server on such a port can take the port itself, or even connect to
//! itself, while the server is restarting.

use std::{
    net::{Ipv4Addr, TcpListener},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// Below every usual range of outgoing connections, above the well-known ports.
const LOWEST: u32 = 20_000;
const COUNT: u32 = 12_000;

/// How far apart two processes with neighbouring ids begin to look.
const STRIDE: u32 = 61;

/// A port on 127.0.0.1 that nobody listens on and that this process has not
/// handed out before.
pub fn free() -> u16 {
    static HANDED_OUT: AtomicU32 = AtomicU32::new(0);

    let start = (process::id() % COUNT) * STRIDE;
    for _ in 0..COUNT {
        let offset = start.wrapping_add(HANDED_OUT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        let port = u16::try_from(LOWEST + offset).expect("the range ends below 65536");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("no free port between {LOWEST} and {}", LOWEST + COUNT);
}
