//! A network that fails on demand: a proxy in front of a server whose
//! connections can be cut, frozen or slowed down. It deliberately looks at no
//! byte it carries, and is never slow or lossy by chance: tests say when it
//! breaks.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{ports, wait};

/// Forwards connections to a server until told otherwise.
pub struct CuttingProxy {
    address: SocketAddr,
    upstream: SocketAddr,
    line: Arc<Line>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Line {
    mode: Mutex<Mode>,
    changed: Condvar,
    pace: Mutex<Option<Pace>>,
    sockets: Mutex<Vec<TcpStream>>,
}

/// How a slow line forwards: so many bytes at most, and each time after this long.
#[derive(Clone, Copy)]
struct Pace {
    delay: Duration,
    bytes: usize,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Open,
    Stalled,
    Cut,
}

impl CuttingProxy {
    /// A proxy in front of this server.
    pub fn to(server: &str) -> Self {
        let upstream = server
            .parse()
            .expect("a server's address is an IP address and a port");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, ports::free()));
        let mut proxy = Self {
            address,
            upstream,
            line: Arc::default(),
            acceptor: None,
        };
        proxy.heal();
        proxy
    }

    /// Host and port to connect to instead of the server's.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Closes all connections and refuses new ones until [`Self::heal`].
    pub fn cut(&mut self) {
        self.line.set(Mode::Cut);
        let Some(acceptor) = self.acceptor.take() else {
            return;
        };
        // Only a connection wakes a thread that waits for one.
        let _ = TcpStream::connect(self.address);
        acceptor.join().expect("the accepting thread doesn't panic");
        for socket in lock(&self.line.sockets).drain(..) {
            // It may long be closed from the other side.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Stops forwarding, in both directions, and keeps every connection open;
    /// new ones are accepted and get no answer either.
    pub fn stall(&mut self) {
        self.listen();
        self.line.set(Mode::Stalled);
    }

    /// Forwards again. What a stall held back is delivered; what a cut closed
    /// stays closed.
    pub fn heal(&mut self) {
        self.listen();
        self.line.set(Mode::Open);
    }

    /// From now on forwards so many bytes at once at most, each time after this
    /// long, in either direction.
    pub fn slow_down(&mut self, delay: Duration, bytes: usize) {
        assert!(bytes > 0, "a line that carries nothing is a stalled one");
        *lock(&self.line.pace) = Some(Pace { delay, bytes });
    }

    fn listen(&mut self) {
        if self.acceptor.is_some() {
            return;
        }
        self.line.set(Mode::Open);
        let listener = wait::within(Duration::from_secs(5), || {
            TcpListener::bind(self.address).ok()
        })
        .expect("nobody else uses the proxy's port");
        let (line, upstream) = (Arc::clone(&self.line), self.upstream);
        self.acceptor = Some(thread::spawn(move || line.accept(&listener, upstream)));
    }
}

impl Drop for CuttingProxy {
    fn drop(&mut self) {
        self.cut();
    }
}

impl Line {
    fn set(&self, mode: Mode) {
        *lock(&self.mode) = mode;
        self.changed.notify_all();
    }

    fn accept(self: &Arc<Self>, listener: &TcpListener, upstream: SocketAddr) {
        for client in listener.incoming().flatten() {
            if *lock(&self.mode) == Mode::Cut {
                // Closing is not enough: a process that another thread is just
                // spawning has a copy of the socket until it runs its program.
                let _ = rustix::net::shutdown(listener, rustix::net::Shutdown::Both);
                return;
            }
            // A server that is down closes the client's connection by the drop.
            let _ = self.connect(client, upstream);
        }
    }

    fn connect(self: &Arc<Self>, client: TcpStream, upstream: SocketAddr) -> io::Result<()> {
        let server = TcpStream::connect_timeout(&upstream, Duration::from_secs(5))?;
        for socket in [&client, &server] {
            socket.set_nodelay(true)?;
            lock(&self.sockets).push(socket.try_clone()?);
        }
        for (from, to) in [(client.try_clone()?, server.try_clone()?), (server, client)] {
            let line = Arc::clone(self);
            thread::spawn(move || line.pump(from, to));
        }
        Ok(())
    }

    fn pump(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 16 * 1024];
        loop {
            let pace = *lock(&self.pace);
            let most = pace.map_or(buffer.len(), |pace| pace.bytes.min(buffer.len()));
            let count = from.read(&mut buffer[..most]).unwrap_or(0);
            if let Some(pace) = pace {
                // What the line is asked to be: slow.
                thread::sleep(pace.delay);
            }
            // The end of a stream is held back by a stall like any other byte.
            if !self.may_forward() {
                return;
            }
            if count == 0 {
                let _ = to.shutdown(Shutdown::Write);
                return;
            }
            if to.write_all(&buffer[..count]).is_err() {
                // The sender has to learn that nobody reads it any more.
                let _ = from.shutdown(Shutdown::Both);
                return;
            }
        }
    }

    /// Waits while stalled; false once cut.
    fn may_forward(&self) -> bool {
        let stalled = |mode: &mut Mode| *mode == Mode::Stalled;
        let mode = self.changed.wait_while(lock(&self.mode), stalled);
        *mode.unwrap_or_else(PoisonError::into_inner) != Mode::Cut
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
