//! Asking the kernel about one TCP socket by its addresses (netlink `sock_diag`, what `ss`
//! uses): some microseconds, however many sockets there are. A kernel may be without it.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::OwnedFd;
use std::sync::{Mutex, PoisonError};

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink, recv, send, socket_with,
};

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLMSG_ERROR: u16 = 2;
const NLM_F_REQUEST: u16 = 1;
const IPPROTO_TCP: u8 = 6;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;

/// `nlmsghdr` and `inet_diag_req_v2`.
const REQUEST: u32 = 16 + 56;
/// `nlmsghdr` and `inet_diag_msg`.
const ANSWER: usize = 16 + 72;

/// What is known of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Socket {
    pub(super) state: u8,
    /// Whose it is; may be 0 for one that no process has any more.
    pub(super) uid: u32,
    /// 0 for one that no process has any more.
    pub(super) inode: u32,
}

/// A line to the kernel.
#[derive(Debug)]
pub(super) struct SockDiag {
    /// With the number of the last request. One at a time: the next answer is to it.
    line: Mutex<(OwnedFd, u32)>,
}

impl SockDiag {
    pub(super) fn new() -> io::Result<Self> {
        let socket = socket_with(
            AddressFamily::NETLINK,
            SocketType::DGRAM,
            SocketFlags::CLOEXEC,
            Some(netlink::SOCK_DIAG),
        )?;
        Ok(Self {
            line: Mutex::new((socket, 0)),
        })
    }

    /// The socket with these addresses. Where none has, one that listens on `local`.
    pub(super) fn find(&self, local: SocketAddr, remote: SocketAddr) -> io::Result<Option<Socket>> {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        line.1 = line.1.wrapping_add(1);
        let (socket, sequence) = &*line;
        send(
            socket,
            &request(*sequence, local, remote),
            SendFlags::empty(),
        )?;
        let mut buffer = [0; 1024];
        loop {
            // The kernel has answered before the sending returns: there is nothing to wait for.
            let (_, length) = recv(socket, buffer.as_mut_slice(), RecvFlags::DONTWAIT)?;
            let answer = buffer.get(..length).unwrap_or(&buffer);
            // What is left of a request whose answer could not be read is passed over.
            if field(answer, 8) == Some(sequence.to_ne_bytes()) {
                return parse(answer);
            }
        }
    }
}

fn request(sequence: u32, local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
    let family = if local.is_ipv4() { AF_INET } else { AF_INET6 };
    let mut message = Vec::with_capacity(128);
    message.extend(REQUEST.to_ne_bytes());
    message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    message.extend(NLM_F_REQUEST.to_ne_bytes());
    message.extend(sequence.to_ne_bytes());
    message.extend(0_u32.to_ne_bytes());
    message.extend([family, IPPROTO_TCP, 0, 0]);
    // All states, of which the kernel makes no use when it is asked for one socket.
    message.extend(u32::MAX.to_ne_bytes());
    message.extend(local.port().to_be_bytes());
    message.extend(remote.port().to_be_bytes());
    message.extend(words(local.ip()));
    message.extend(words(remote.ip()));
    // Any interface, and no cookie.
    message.extend(0_u32.to_ne_bytes());
    message.extend(u64::MAX.to_ne_bytes());
    message
}

fn words(ip: IpAddr) -> [u8; 16] {
    let mut words = [0; 16];
    match ip {
        IpAddr::V4(ip) => words[..4].copy_from_slice(&ip.octets()),
        IpAddr::V6(ip) => words = ip.octets(),
    }
    words
}

fn parse(answer: &[u8]) -> io::Result<Option<Socket>> {
    let kind = field(answer, 4).map(u16::from_ne_bytes);
    if kind == Some(NLMSG_ERROR) {
        let code = field(answer, 16)
            .map_or(0, i32::from_ne_bytes)
            .saturating_neg();
        let error = io::Error::from_raw_os_error(code);
        return match error.kind() {
            io::ErrorKind::NotFound => Ok(None),
            _ => Err(error),
        };
    }
    let socket = || {
        let [state] = field(answer, 17)?;
        Some(Socket {
            state,
            uid: u32::from_ne_bytes(field(answer, 80)?),
            inode: u32::from_ne_bytes(field(answer, 84)?),
        })
    };
    match kind {
        Some(SOCK_DIAG_BY_FAMILY) if answer.len() >= ANSWER => Ok(socket()),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

fn field<const N: usize>(message: &[u8], at: usize) -> Option<[u8; N]> {
    message.get(at..at + N)?.try_into().ok()
}
