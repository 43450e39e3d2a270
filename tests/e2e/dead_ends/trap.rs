//! A network that breaks at a request: everything passes until a client makes its n-th
//! one. So a message can be lost, or its answer, at exactly the moment when that hurts.
//! It knows where a request begins, and nothing of what it says.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What happens to the request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server gets it, and no answer ever comes back.
    Unanswered,
    /// The server never gets it, nor anything after it.
    Swallowed,
    /// The server gets it, and its answer breaks the connection; new ones work.
    Closed,
    /// The connection breaks before the server gets it, and no new one works. (A dev server that
    /// keeps its database in memory loses all of it with a list whose client goes away.)
    Gone,
}

/// A proxy in front of a server.
pub struct Trap {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

/// One connection through the trap, or one that goes nowhere any more.
struct Line {
    number: usize,
    fault: Fault,
    /// Whether the request has come; shared by all connections.
    sprung: Arc<AtomicBool>,
    /// Whether it has come on this one.
    here: AtomicBool,
}

impl Trap {
    /// Before this server, for the request of this number on a connection, from 1.
    pub fn set(server: &str, number: usize, fault: Fault) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port can be bound");
        let address = listener.local_addr().expect("it is bound");
        let server: SocketAddr = server.parse().expect("it is an address and a port");
        let stopped = Arc::new(AtomicBool::new(false));
        let (stop, sprung) = (Arc::clone(&stopped), Arc::new(AtomicBool::new(false)));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (sprung, here) = (Arc::clone(&sprung), AtomicBool::new(false));
                let line = Arc::new(Line {
                    number,
                    fault,
                    sprung,
                    here,
                });
                // Where the server is gone, the client's connection is closed by the drop.
                let Ok(server) = TcpStream::connect(server) else {
                    continue;
                };
                let copies = (client.try_clone(), server.try_clone());
                let (Ok(to_client), Ok(to_server)) = copies else {
                    continue;
                };
                let there = Arc::clone(&line);
                thread::spawn(move || there.requests(client, to_server));
                thread::spawn(move || line.answers(server, to_client));
            }
        });
        Self { address, stopped }
    }

    /// Host and port to connect to instead of the server's.
    pub fn address(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for Trap {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Only a connection wakes the thread that waits for one.
        let _ = TcpStream::connect(self.address);
    }
}

impl Line {
    fn requests(&self, mut client: TcpStream, mut server: TcpStream) {
        let mut requests = Requests::default();
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = client.read(&mut buffer) {
            let chunk = &buffer[..count];
            if requests.take(chunk) >= self.number && !self.sprung.swap(true, Ordering::SeqCst) {
                self.here.store(true, Ordering::SeqCst);
            }
            if self.fault == Fault::Gone && self.sprung.load(Ordering::SeqCst) {
                break;
            }
            if self.fault != Fault::Swallowed || !self.sprung.load(Ordering::SeqCst) {
                // A server that is gone shows in the answers.
                let _ = server.write_all(chunk);
            }
        }
        let _ = server.shutdown(Shutdown::Both);
    }

    fn answers(&self, mut server: TcpStream, mut client: TcpStream) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = server.read(&mut buffer) {
            match self.fault {
                Fault::Closed if self.here.load(Ordering::SeqCst) => break,
                Fault::Unanswered | Fault::Swallowed if self.sprung.load(Ordering::SeqCst) => {}
                _ => {
                    let _ = client.write_all(&buffer[..count]);
                }
            }
        }
        let _ = client.shutdown(Shutdown::Both);
    }
}

/// Counts the requests of a client that speaks HTTP/2: each begins with a frame of headers.
#[derive(Default)]
struct Requests {
    unread: Vec<u8>,
    /// Bytes up to the next frame; unknown before the first.
    skip: Option<usize>,
    count: usize,
}

impl Requests {
    /// What a client says before its first frame.
    const PREFACE: usize = 24;
    /// Length (three bytes), kind, flags, stream (four bytes).
    const HEAD: usize = 9;
    const HEADERS: u8 = 1;

    /// How many requests have begun after these bytes.
    fn take(&mut self, bytes: &[u8]) -> usize {
        self.unread.extend_from_slice(bytes);
        loop {
            let skip = self.skip.unwrap_or(Self::PREFACE);
            let skipped = skip.min(self.unread.len());
            self.unread.drain(..skipped);
            self.skip = Some(skip - skipped);
            if self.skip != Some(0) || self.unread.len() < Self::HEAD {
                return self.count;
            }
            let [high, middle, low, kind] = [0, 1, 2, 3].map(|at| self.unread[at]);
            let length = u32::from_be_bytes([0, high, middle, low]);
            self.count += usize::from(kind == Self::HEADERS);
            self.skip = Some(Self::HEAD + usize::try_from(length).expect("a frame fits"));
        }
    }
}
