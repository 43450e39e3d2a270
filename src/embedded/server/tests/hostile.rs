//! What is no gRPC, or pretends to be: an answer or a closed connection, and a server that
//! goes on.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

/// Sends these bytes and reads until the server closes; what it said.
async fn say(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let mut said = Vec::new();
    // A server that closes at once makes either fail.
    let _ = stream.write_all(bytes).await;
    let _ = stream.read_to_end(&mut said).await;
    said
}

async fn lives(server: Server) {
    let client = server.client().await;
    assert_eq!(client.call(ECHO, [1]).await.unwrap().as_ref(), [1]);
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn a_browser_is_told_what_this_is() {
    let server = Server::start(echo());
    let said = say(&server, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let said = String::from_utf8(said).unwrap();
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 400 "), "{said}");
    assert!(
        head.contains(&format!("content-length: {}", body.len())),
        "{said}"
    );
    assert!(body.contains("gRPC"), "{said}");
    lives(server).await;
}

#[tokio::test]
async fn garbage_ends_its_own_connection_only() {
    let server = Server::start(echo());
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let after = |bytes: &[u8]| [preface.as_slice(), bytes].concat();
    let said = say(&server, &[0xff; 1000]).await;
    assert!(said.starts_with(b"HTTP/1.1 400 "));
    for bytes in [
        // A first frame of 16 MB, one of an unknown kind, text.
        after(&[0xff; 100]),
        after(&[0, 0, 0, 0, 0, 0, 0, 0, 0]),
        after(b"GET / HTTP/1.1\r\n\r\n"),
        // Settings with a length that they cannot have.
        after(&[0, 0, 5, 4, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]),
        // Headers that no table can explain.
        after(&[0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1, 1, 5, 0, 0, 0, 1, 0xff]),
    ] {
        say(&server, &bytes).await;
    }
    // Some that leave in the middle of the preface.
    for length in 0..preface.len() {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&preface[..length]).await.unwrap();
    }
    lives(server).await;
}

#[tokio::test]
async fn requests_that_are_no_calls() {
    let server = Server::start(echo());
    let client = server.client().await;
    let get = http::Request::get(format!("http://localhost{ECHO}"));
    let answer = client.http(get.body(Vec::new()).unwrap()).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.headers["allow"], "POST");
    for kind in [
        "text/html",
        "application/json",
        "application/grpc-web+proto",
    ] {
        let mut request = post(ECHO, &[0; 5]);
        request
            .headers_mut()
            .insert("content-type", http::HeaderValue::from_static(kind));
        let answer = client.http(request).await;
        assert_eq!(answer.status, 415, "{kind}");
        assert!(answer.body.starts_with(b"This is a gRPC server"));
    }
    for path in ["/", "/only", "/a/b/c", "//", "/a/", "//b", "/%2f"] {
        let answer = client.http(post(path, &[0; 5])).await;
        assert_eq!(answer.code(), Code::Unimplemented, "{path}");
    }
    lives(server).await;
}

#[tokio::test]
async fn malformed_messages() {
    let server = Server::start(echo());
    let client = server.client().await;
    for (body, encoding, expected) in [
        (&[][..], "", Code::Internal),
        (&[0, 0, 0], "", Code::Internal),
        // Cut off.
        (&[0, 0, 0, 0, 9, 1], "", Code::Internal),
        // Two messages.
        (&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "", Code::Unimplemented),
        // Something that is neither plain nor compressed; compressed by nothing, by
        // something unknown, and not in truth.
        (&[2, 0, 0, 0, 0], "", Code::Internal),
        (&[1, 0, 0, 0, 1, 0], "", Code::Internal),
        (&[1, 0, 0, 0, 1, 0], "zstd", Code::Unimplemented),
        (&[1, 0, 0, 0, 1, 0], "gzip", Code::Internal),
    ] {
        let mut request = post(ECHO, body);
        if !encoding.is_empty() {
            request
                .headers_mut()
                .insert("grpc-encoding", http::HeaderValue::from_static(encoding));
        }
        let answer = client.http(request).await;
        assert_eq!(answer.code(), expected, "{body:?} {encoding}");
        if encoding == "zstd" {
            assert_eq!(answer.headers["grpc-accept-encoding"], "gzip,identity");
        }
    }
    let mut request = post(ECHO, &[0; 5]);
    request
        .headers_mut()
        .insert("grpc-timeout", http::HeaderValue::from_static("soon"));
    assert_eq!(client.http(request).await.code(), Code::Internal);
    lives(server).await;
}

#[tokio::test]
async fn a_length_is_refused_before_it_is_believed() {
    let server = Server::start(echo());
    let client = server.client().await;
    let before = peak();
    let answer = client.http(post(ECHO, &[0, 0xff, 0xff, 0xff, 0xff])).await;
    assert_eq!(answer.code(), Code::ResourceExhausted);
    // Other tests run in this process; together they take nothing like that.
    assert!(peak() - before < 2 << 30, "{before} {}", peak());
    lives(server).await;
}

/// The most address space that this process ever had.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmPeak:"))
        .and_then(|rest| rest.split_whitespace().next())
        .map_or(0, |kilobytes| kilobytes.parse::<u64>().unwrap() << 10)
}
