//! The settings of the engine in the daemon's own process: where it keeps its file, where
//! it listens, who may connect, how long it keeps what is closed. It leaves out the engine.

use std::ffi::OsString;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::Settings;
use crate::config::address::Address;
use crate::config::connection::ADDRESS;
use crate::config::duration::retention;
use crate::config::env;
use crate::config::invalid::Invalid;
use crate::config::places::Places;
use crate::config::source::{Layer, Setting};
use crate::config::spec::{Context, Shape, Spec};
use crate::config::value;
use crate::protocol::words::words;

words! {
    /// What a commit of the engine waits for.
    Synchronous as "way to commit" {
        /// Until the disk has it.
        Full = "full",
        /// Until the system has it, which a power cut may undo.
        Normal = "normal",
    }
}

/// A user of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum User {
    /// By number.
    Id(u32),
    /// By name.
    Name(String),
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

pub(super) static EMBEDDED: Spec<bool> = Spec {
    key: "embedded",
    alias: None,
    flag: "--embedded",
    env: &[env::AURAD_EMBEDDED],
    shape: Shape::Switch,
    parse: value::switch,
    default: |_| false,
};

pub(super) static DB: Spec<Option<PathBuf>> = Spec {
    key: "db",
    alias: None,
    flag: "--db",
    env: &[env::AURAD_DB],
    shape: Shape::Text,
    parse: |words, context| value::path(words, context).map(Some),
    default: Places::embedded_db,
};

pub(super) static LISTEN: Spec<SocketAddr> = Spec {
    key: "listen",
    alias: None,
    flag: "--listen",
    env: &[env::AURAD_LISTEN],
    shape: Shape::Text,
    parse: listen,
    default: |_| SocketAddr::from((Ipv4Addr::LOCALHOST, 7233)),
};

pub(super) static ALLOW_USERS: Spec<Vec<User>> = Spec {
    key: "allow_users",
    alias: None,
    flag: "--allow-user",
    env: &[env::AURAD_ALLOW_USER],
    shape: Shape::Texts,
    parse: users,
    default: |_| Vec::new(),
};

pub(super) static RETENTION: Spec<Option<Duration>> = Spec {
    key: "retention",
    alias: None,
    flag: "--retention",
    env: &[env::AURAD_RETENTION],
    shape: Shape::Time,
    parse: retention,
    default: |_| Some(Duration::from_hours(30 * 24)),
};

pub(super) static SYNCHRONOUS: Spec<Synchronous> = Spec {
    key: "synchronous",
    alias: None,
    flag: "--synchronous",
    env: &[env::AURAD_SYNCHRONOUS],
    shape: Shape::Text,
    parse: synchronous,
    default: |_| Synchronous::Full,
};

/// An address of this machine that no other machine can reach. Port 0 takes a free one.
fn listen(words: &[OsString], _: Context<'_>) -> Result<SocketAddr, Invalid> {
    const HINT: &str = "write 127.0.0.1:7233 or [::1]:7233, for example; port 0 takes a free one";
    let text = value::text(words)?;
    let address = match text.strip_prefix("localhost:") {
        Some(port) => format!("{}:{port}", Ipv4Addr::LOCALHOST).parse(),
        None => text.parse(),
    };
    let address: SocketAddr = address.map_err(|_| {
        let why = "it is an IP address, or localhost, and a port";
        Invalid::new(text, "cannot be listened on", why, HINT)
    })?;
    if !address.ip().to_canonical().is_loopback() {
        let why = "connections to the engine are neither encrypted nor authenticated, so it \
            listens only where other machines cannot reach it";
        return Err(Invalid::new(text, "is no loopback address", why, HINT));
    }
    Ok(address)
}

/// Users, each as a word of its own or with commas between them, which no name has.
fn users(words: &[OsString], _: Context<'_>) -> Result<Vec<User>, Invalid> {
    let mut users = Vec::new();
    for word in words.chunks(1) {
        for text in value::text(word)?.split(',').map(str::trim) {
            let user = user(text)?;
            if !users.contains(&user) {
                users.push(user);
            }
        }
    }
    Ok(users)
}

fn user(text: &str) -> Result<User, Invalid> {
    const HINT: &str = "write a name such as alice, or the number that `id -u alice` prints";
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        // The last number means "none" where the system asks for a user.
        return match text.parse() {
            Ok(id) if id < u32::MAX => Ok(User::Id(id)),
            _ => {
                let why = "a user's number is from 0 to 4294967294";
                Err(Invalid::new(text, "is no user", why, HINT))
            }
        };
    }
    let is_name = !text.is_empty()
        && !text.starts_with('-')
        && !text.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, ':' | '/'));
    if !is_name {
        let why = "a user is a name or a number of this machine";
        return Err(Invalid::new(text, "is no user", why, HINT));
    }
    Ok(User::Name(text.to_owned()))
}

fn synchronous(words: &[OsString], _: Context<'_>) -> Result<Synchronous, Invalid> {
    value::one_of(
        value::text(words)?,
        "; full outlives a power cut, normal only the process",
        "use full or normal",
    )
}

/// A list of users, for people.
pub(super) fn show_users(users: &[User]) -> String {
    if users.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = users.iter().map(User::to_string).collect();
    names.join(", ")
}

/// What is said of settings that have no effect beside the others: an address beside an
/// engine, or an engine's settings without one.
pub(super) fn unused(settings: &Settings) -> Vec<String> {
    if settings.embedded.value {
        let Setting { value, source } = &settings.address;
        let said = source.layer() != Layer::Default;
        return said
            .then(|| ignored_address(value, &source.to_string(), &settings.embedded))
            .into_iter()
            .collect();
    }
    let given: Vec<String> = [
        settings.db.given(DB.key),
        settings.listen.given(LISTEN.key),
        settings.allow_users.given(ALLOW_USERS.key),
        settings.retention.given(RETENTION.key),
        settings.synchronous.given(SYNCHRONOUS.key),
    ]
    .into_iter()
    .flatten()
    .collect();
    if given.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "not used: {}; these are settings of the embedded engine, and aurad connects to the \
         server at {} ({}); add --embedded to start the engine",
        given.join(", "),
        settings.address.value,
        settings.address.source,
    )]
}

fn ignored_address(address: &Address, source: &str, embedded: &Setting<bool>) -> String {
    format!(
        "{} {address} ({source}) is ignored: aurad starts an engine of its own (embedded, {}); \
         to use the server at that address, leave that out",
        ADDRESS.key, embedded.source
    )
}

impl<T> Setting<T> {
    /// The setting's name and source, if anybody has said something.
    fn given(&self, name: &str) -> Option<String> {
        (self.source.layer() != Layer::Default).then(|| format!("{name} ({})", self.source))
    }
}
