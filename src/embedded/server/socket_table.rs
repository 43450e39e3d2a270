//! The kernel's table of TCP sockets as text, `/proc/net/tcp` and `tcp6`: who listens, and
//! whose the other end of a connection on this machine is. Reading it takes milliseconds
//! even when it is empty and tens of them with many thousand sockets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::{fs, io};

pub(super) const ESTABLISHED: u8 = 1;
pub(super) const LISTEN: u8 = 10;

/// One socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    pub(super) state: u8,
    /// Whose it is; 0 also for one that no process has any more.
    pub(super) uid: u32,
    /// 0 for one that no process has any more.
    pub(super) inode: u64,
}

/// All sockets. The listing is not a snapshot: while sockets come and go, one that was there
/// all the time may be missing from it.
pub(super) fn read() -> io::Result<Vec<Row>> {
    let mut rows: Vec<Row> = fs::read_to_string("/proc/net/tcp")?
        .lines()
        .filter_map(parse)
        .collect();
    // A system without IPv6 has no such file.
    if let Ok(text) = fs::read_to_string("/proc/net/tcp6") {
        rows.extend(text.lines().filter_map(parse));
    }
    Ok(rows)
}

/// The heading and what cannot be understood is none.
fn parse(line: &str) -> Option<Row> {
    let mut fields = line.split_ascii_whitespace().skip(1);
    let local = address(fields.next()?)?;
    let remote = address(fields.next()?)?;
    let state = u8::from_str_radix(fields.next()?, 16).ok()?;
    let uid = fields.nth(3)?.parse().ok()?;
    let inode = fields.nth(1)?.parse().ok()?;
    Some(Row {
        local,
        remote,
        state,
        uid,
        inode,
    })
}

/// As `0100007F:1C41`. The kernel prints the address as numbers of 32 bits in the machine's
/// own order, although they hold bytes in the network's.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let mut bytes = [0; 16];
    let words = ip.len() / 8;
    for (index, word) in bytes.chunks_exact_mut(4).take(words).enumerate() {
        let digits = ip.get(index * 8..index * 8 + 8)?;
        word.copy_from_slice(&u32::from_str_radix(digits, 16).ok()?.to_ne_bytes());
    }
    let ip: IpAddr = match (ip.len(), bytes) {
        (8, [a, b, c, d, ..]) => Ipv4Addr::new(a, b, c, d).into(),
        // An IPv4 connection of a socket made for IPv6 is what it is.
        (32, bytes) => Ipv6Addr::from(bytes).to_canonical(),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

#[cfg(test)]
mod tests;
