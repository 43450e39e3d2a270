//! The settings of the admin endpoint: where it answers, and whether other machines may
//! ask. It leaves out what is answered.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};

use crate::config::env;
use crate::config::error::{Error, Problem};
use crate::config::invalid::Invalid;
use crate::config::source::{Layer, Setting};
use crate::config::spec::{Context, Shape, Spec};
use crate::config::value;

/// What says that there is no endpoint.
const NONE: &str = "none";

pub(super) static ADMIN: Spec<Option<SocketAddr>> = Spec {
    key: "admin",
    alias: None,
    flag: "--admin",
    env: &[env::AURAD_ADMIN],
    shape: Shape::Text,
    parse: admin,
    default: |_| None,
};

pub(super) static ADMIN_EXPOSE: Spec<bool> = Spec {
    key: "admin_expose",
    alias: None,
    flag: "--admin-expose",
    env: &[env::AURAD_ADMIN_EXPOSE],
    shape: Shape::Switch,
    parse: value::switch,
    default: |_| false,
};

/// An address of this machine, or none. Whether it may be one that others reach is another
/// setting's business.
fn admin(words: &[OsString], _: Context<'_>) -> Result<Option<SocketAddr>, Invalid> {
    let text = value::text(words)?;
    if text == NONE {
        return Ok(None);
    }
    let address = match text.strip_prefix("localhost:") {
        Some(port) => format!("{}:{port}", Ipv4Addr::LOCALHOST).parse(),
        None => text.parse(),
    };
    address.map(Some).map_err(|_| {
        Invalid::new(
            text,
            "cannot be listened on",
            "it is an IP address, or localhost, and a port; none means no endpoint",
            "write 127.0.0.1:9464, for example; port 0 takes a free one",
        )
    })
}

/// Nobody is asked who they are, so other machines are let in only by those who say so.
pub(super) fn check_exposed(
    admin: &Setting<Option<SocketAddr>>,
    expose: &Setting<bool>,
) -> Result<(), Error> {
    let Some(address) = admin.value else {
        return Ok(());
    };
    if expose.value || address.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    Err(Problem::error(
        format!(
            "{} {address} ({}) is no loopback address",
            ADMIN.key, admin.source
        ),
        "whoever reaches the admin endpoint can read it: it has neither passwords nor encryption",
        format!(
            "write 127.0.0.1:{}, or add {} if that network is trusted",
            address.port(),
            ADMIN_EXPOSE.flag
        ),
    ))
}

/// A word on a switch that has no effect.
pub(super) fn unused_expose(
    admin: &Setting<Option<SocketAddr>>,
    expose: &Setting<bool>,
) -> Option<String> {
    let said = expose.value && expose.source.layer() != Layer::Default;
    (said && admin.value.is_none()).then(|| {
        format!(
            "{} ({}) is not used: there is no admin endpoint; {} says where it answers",
            ADMIN_EXPOSE.key, expose.source, ADMIN.flag
        )
    })
}

/// An address that may be none, for people.
pub(super) fn show_admin(admin: Option<SocketAddr>) -> String {
    admin.map_or_else(|| NONE.to_owned(), |address| address.to_string())
}
