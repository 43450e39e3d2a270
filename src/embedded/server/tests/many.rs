//! Ten thousand connections, or as many as this process may have.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

const WANTED: u64 = 10_000;

/// What other tests and this process itself have open.
const OTHERS: u64 = 500;

/// Kilobytes that they may take meanwhile.
const OTHER_TESTS: u64 = 100_000;

/// How many connections there can be with both ends in this process.
fn possible() -> u64 {
    let needed = 2 * WANTED + OTHERS;
    let hard = getrlimit(Resource::Nofile).maximum;
    // Root may raise even the hard limit; others get what there is.
    for most in [hard.map(|hard| hard.max(needed)), hard] {
        let limit = Rlimit {
            current: most.map_or(Some(needed), |most| Some(most.min(needed))),
            maximum: most,
        };
        if setrlimit(Resource::Nofile, limit).is_ok() {
            break;
        }
    }
    let soft = getrlimit(Resource::Nofile).current.unwrap_or(needed);
    (soft.saturating_sub(OTHERS) / 2).min(WANTED)
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next())
        .map_or(0, |kilobytes| kilobytes.parse().unwrap())
}

/// Opens so many, each as far as HTTP/2's first frame from the server, asks something in the
/// middle of them, and ends. All that served them is gone then.
async fn round(connections: u64) {
    let handler = echo();
    let server = Server::start(Arc::clone(&handler));
    let client = server.client().await;
    let mut open = Vec::new();
    for _ in 0..connections {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
            .await
            .unwrap();
        let mut frame = [0; 9];
        stream.read_exact(&mut frame).await.unwrap();
        open.push(stream);
    }
    assert_eq!(client.call(ECHO, [1]).await.unwrap().as_ref(), [1]);
    let late = server.client().await;
    assert_eq!(late.call(ECHO, [2]).await.unwrap().as_ref(), [2]);
    drop((client, late, open));
    server.stop().await;
    assert_eq!(Arc::strong_count(&handler), 1);
}

#[tokio::test]
async fn thousands_of_connections() {
    let connections = possible();
    let before = resident();
    for _ in 0..3 {
        round(connections).await;
    }
    // One takes some 31 kB, half of it buffers that this test does not fill. The allocator
    // keeps what is freed and uses it again: three rounds take little more than one.
    let each = resident()
        .saturating_sub(before)
        .saturating_sub(OTHER_TESTS)
        / connections;
    assert!(
        each <= 40,
        "{each} kB for each of {connections} connections"
    );
}
