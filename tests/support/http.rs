//! The little HTTP that it takes to ask a daemon's admin endpoint, or Prometheus. It
//! deliberately knows neither.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What a single answer may take.
const LIMIT: Duration = Duration::from_secs(20);

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Everything before the body, in small letters.
    pub head: String,
    /// The body.
    pub body: String,
}

/// Asks for a page; a path may have a query behind it.
pub fn get(address: &str, path: &str) -> io::Result<Answer> {
    ask(address, "GET", path)
}

/// The same by any method.
pub fn ask(address: &str, method: &str, path: &str) -> io::Result<Answer> {
    let request = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    send(address, request.as_bytes())
}

/// Sends these very bytes, and reads until the connection ends.
pub fn send(address: &str, bytes: &[u8]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    // Who answers early may close early; what it said counts.
    let sent = stream.write_all(bytes);
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer)
        && answer.is_empty()
    {
        return Err(error);
    }
    if answer.is_empty() {
        sent?;
    }
    let answer = String::from_utf8_lossy(&answer);
    let nonsense = || io::Error::new(io::ErrorKind::InvalidData, answer.clone().into_owned());
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(nonsense)?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Ok(Answer {
        status: status.ok_or_else(nonsense)?,
        head: head.to_lowercase(),
        body: body.to_owned(),
    })
}
