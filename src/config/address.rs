//! The address of a server: host and port, checked before anything is connected. It
//! leaves out names that don't resolve and servers that aren't there.

use std::ffi::OsString;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use super::invalid::Invalid;
use super::spec::Context;
use super::value::text;

const HINT: &str = "write host:port, for example localhost:7233";

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    host: String,
    port: u16,
    /// Whether `https://` or `http://` stood before it, if either did.
    tls: Option<bool>,
}

impl Address {
    /// Where a server listens if nobody says.
    pub(super) fn standard() -> Self {
        Self {
            host: "localhost".to_owned(),
            port: 7233,
            tls: None,
        }
    }

    /// The host: a name, an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether it was written with `https://` or with `http://`; none if with neither.
    pub const fn scheme(&self) -> Option<bool> {
        self.tls
    }

    /// Whether it leads to this machine by what it is written as: `localhost` or an address of
    /// the loopback interface. Other names that lead here are not looked up.
    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_matches(['[', ']']);
        match host.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback(),
            Err(_) => host.eq_ignore_ascii_case("localhost"),
        }
    }

    /// The address as a URL, `http://host:port` or, with TLS, `https://host:port`.
    pub fn url(&self, tls: bool) -> String {
        let scheme = if tls { "https" } else { "http" };
        format!("{scheme}://{self}")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl From<SocketAddr> for Address {
    fn from(socket: SocketAddr) -> Self {
        let host = match socket {
            SocketAddr::V4(socket) => socket.ip().to_string(),
            SocketAddr::V6(socket) => format!("[{}]", socket.ip()),
        };
        Self {
            host,
            port: socket.port(),
            tls: None,
        }
    }
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the address {fault}: {why}; {hint}")]
pub struct AddressError {
    fault: &'static str,
    why: &'static str,
    hint: &'static str,
}

impl AddressError {
    const fn new(fault: &'static str, why: &'static str) -> Self {
        Self {
            fault,
            why,
            hint: HINT,
        }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (tls, target) = without_scheme(text)?;
        if let Some((_, inside)) = target.split_once('/')
            && !inside.is_empty()
        {
            return Err(AddressError::new(
                "has a path",
                "a server has only a host and a port",
            ));
        }
        let target = target.strip_suffix('/').unwrap_or(target);
        let (host, port) = split(target)?;
        if host.is_empty() {
            return Err(AddressError::new("has no host", "an address is host:port"));
        }
        check_host(host)?;
        Ok(Self {
            host: host.to_owned(),
            port: read_port(port)?,
            tls,
        })
    }
}

fn without_scheme(text: &str) -> Result<(Option<bool>, &str), AddressError> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok((None, text));
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Ok((Some(false), rest)),
        "https" => Ok((Some(true), rest)),
        _ => Err(AddressError::new(
            "has an unknown scheme",
            "only http:// and https:// may stand before host:port",
        )),
    }
}

fn split(target: &str) -> Result<(&str, &str), AddressError> {
    let no_port = AddressError::new("has no port", "an address is host:port");
    if target.starts_with('[') {
        let (host, port) = target.split_at(target.find(']').map_or(target.len(), |at| at + 1));
        return port
            .strip_prefix(':')
            .map(|port| (host, port))
            .ok_or(no_port);
    }
    let (host, port) = target.rsplit_once(':').ok_or(no_port)?;
    if host.contains(':') {
        return Err(AddressError {
            fault: "is ambiguous",
            why: "an IPv6 address stands in brackets, so that its port can be told from it",
            hint: "write [::1]:7233, for example",
        });
    }
    Ok((host, port))
}

fn check_host(host: &str) -> Result<(), AddressError> {
    if let Some(inside) = host.strip_prefix('[') {
        let inside = inside.strip_suffix(']').unwrap_or_default();
        return inside
            .parse::<Ipv6Addr>()
            .map(drop)
            .map_err(|_| AddressError {
                fault: "has an invalid host",
                why: "what stands in the brackets is no IPv6 address",
                hint: "write [::1]:7233, for example",
            });
    }
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if host.chars().all(known) && host.chars().any(|c| c.is_ascii_alphanumeric()) {
        return Ok(());
    }
    let why = "a host has only ASCII letters, digits, '-', '.' and '_'";
    Err(AddressError::new("has an invalid host", why))
}

fn read_port(port: &str) -> Result<u16, AddressError> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse() {
        Ok(port) if digits && port > 0 => Ok(port),
        _ if port.is_empty() => Err(AddressError::new("has no port", "an address is host:port")),
        _ => Err(AddressError::new(
            "has an invalid port",
            "a port is a number from 1 to 65535",
        )),
    }
}

/// An address.
pub(super) fn address(words: &[OsString], _: Context<'_>) -> Result<Address, Invalid> {
    let text = text(words)?;
    text.parse()
        .map_err(|AddressError { fault, why, hint }| Invalid::new(text, fault, why, hint))
}
