//! Ten thousand connections, or as many as this process may have.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

const WANTED: u64 = 10_000;

/// What other tests and this process itself have open.
const OTHERS: u64 = 500;

/// How many connections there can be with both ends in this process.
fn possible() -> u64 {
    let needed = 2 * WANTED + OTHERS;
    let limit = getrlimit(Resource::Nofile);
    let hard = limit.maximum.unwrap_or(u64::MAX);
    // Root may raise even the hard limit; others get what there is.
    let soft = [hard.max(needed), hard].into_iter().find(|most| {
        let limit = Rlimit {
            current: Some((*most).min(needed)),
            maximum: limit.maximum.map(|_| *most),
        };
        setrlimit(Resource::Nofile, limit).is_ok()
    });
    let soft = soft.map_or(limit.current.unwrap_or(needed), |most| most.min(needed));
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

/// Opens so many, each as far as HTTP/2's first frame from the server; asks something in the
/// middle of them; ends. What memory they took at most.
async fn round(connections: u64) -> u64 {
    let server = Server::start(echo());
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
    let most = resident();
    drop((client, late, open));
    // Comes back when the last of them has been let go.
    server.stop().await;
    most
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_connections() {
    let connections = possible();
    eprintln!("{connections} connections");
    let before = resident();
    let begun = std::time::Instant::now();
    let first = round(connections).await;
    eprintln!(
        "{:?}, {} kB each",
        begun.elapsed(),
        first.saturating_sub(before) / connections
    );
    let second = round(connections).await;
    // Freed memory is used again: what leaks would come on top.
    let growth = second.saturating_sub(first);
    assert!(
        growth <= first.saturating_sub(before) / 4 + 20_000,
        "{before} kB, then {first} kB, then {second} kB"
    );
}
