//! What the server's answers about itself and its namespace mean.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use super::here::Here;
use super::line::Line;
use super::workers::Queue;
use crate::client::{AttributeSeen, Clock, Error, NamespaceSeen, ServerSeen};
use crate::contract::time::WireTime;
use crate::protocol::Timestamp;

type Seen<T> = Result<T, Error>;

/// A server that takes so long is slow to people.
const SLOW: Duration = Duration::from_secs(1);
/// Clocks that are so far apart make times hard to read. Less is not told apart from what
/// the answer's whole seconds and its way leave open.
const APART: i64 = 5_000_000;

/// This release.
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn server(here: &Here, seen: &Seen<ServerSeen>) -> Line {
    let address = &here.address;
    match seen {
        Ok(server) => {
            let (version, took) = (&server.version, server.latency.as_millis());
            let what = format!("{address} answers in {took} ms; version {version}");
            let line = if server.latency < SLOW {
                Line::ok("server", what)
            } else {
                let remedy = "see whether the server or the network to it is overloaded";
                Line::warn("server", format!("{what}; that is slow"), remedy)
            };
            line.with_detail(json!({
                "address": address,
                "version": version,
                "latency_ms": u64::try_from(took).unwrap_or(u64::MAX),
            }))
        }
        Err(error) => {
            let (what, remedy) = match error {
                Error::Unreachable { why, .. } => (
                    format!("{address} cannot be reached: {why}"),
                    "start the server (temporal server start-dev), or an aurad that has one \
                     inside (aurad --embedded); or name another with --address",
                ),
                other => (
                    other.to_string(),
                    "ask its administrator for access, or name another server with --address",
                ),
            };
            Line::fail("server", what, remedy).with_detail(json!({ "address": address }))
        }
    }
}

/// Everything that a server is asked, where it does not answer.
pub(super) fn dead(here: &Here, seen: &Seen<ServerSeen>) -> Vec<Line> {
    let skipped = [
        "namespace",
        "attributes",
        "workers",
        "commands",
        "wedged",
        "left behind",
        "clock",
    ];
    let skip = |name| Line::skip(name, "the server does not answer");
    let mut lines = vec![server(here, seen)];
    lines.extend(skipped.map(skip));
    let what = format!("aura-msg {VERSION}; the server does not answer");
    let detail = json!({
        "aura_msg": VERSION, "server": null, "aurad": null, "worker_builds": []
    });
    lines.push(Line::skip("versions", what).with_detail(detail));
    lines
}

pub(super) fn namespace(here: &Here, seen: &Seen<NamespaceSeen>) -> Line {
    let namespace = &here.namespace;
    let line = match seen {
        Ok(NamespaceSeen { retention }) => {
            let kept = retention.filter(|time| !time.is_zero()).map_or_else(
                || "it does not say how long closed epochs are kept".to_owned(),
                |time| format!("closed epochs are kept for {}", days(time)),
            );
            let what = format!("'{namespace}' exists; {kept}");
            let seconds = retention.map(|time| time.as_secs());
            return Line::ok("namespace", what)
                .with_detail(json!({ "namespace": namespace, "retention_seconds": seconds }));
        }
        Err(Error::UnknownNamespace { .. }) => Line::fail(
            "namespace",
            format!("'{namespace}' does not exist"),
            &format!(
                "name another with --namespace, or run: {}",
                here.temporal_at(&format!(
                    "operator namespace create --namespace {}",
                    crate::shell::shell_word(namespace)
                ))
            ),
        ),
        Err(error) => Line::warn(
            "namespace",
            format!("'{namespace}' cannot be asked for: {error}"),
            "epochs may work all the same; its administrator can let this client describe it",
        ),
    };
    line.with_detail(json!({ "namespace": namespace }))
}

fn days(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds >= 86_400 => format!("{}d", seconds / 86_400),
        seconds => format!("{}h", seconds / 3_600),
    }
}

/// Whether nothing else can be asked.
pub(super) fn is_lost(namespace: &Seen<NamespaceSeen>) -> bool {
    matches!(namespace, Err(Error::UnknownNamespace { .. }))
}

/// All that needs a namespace, where there is none.
pub(super) fn unknown(server: &ServerSeen) -> Vec<Line> {
    let skip = |name| Line::skip(name, "the namespace does not exist");
    let skipped = ["attributes", "workers", "commands", "wedged", "left behind"];
    let mut lines: Vec<Line> = skipped.map(skip).into();
    lines.push(versions(server, &[]));
    lines.push(clock(server.clock, None, Timestamp::default()));
    lines
}

pub(super) fn attributes(here: &Here, seen: &Seen<Vec<AttributeSeen>>) -> Line {
    let seen = match seen {
        Ok(seen) => seen,
        Err(error) => {
            let what = format!("the search attributes cannot be asked for: {error}");
            let remedy = "see whether `aura-msg epoch list` works; if it does, all is well";
            return Line::warn("attributes", what, remedy);
        }
    };
    let wanted = |attribute: &AttributeSeen| format!("{:?}", attribute.wanted);
    let names = |list: &[&AttributeSeen]| {
        let names: Vec<&str> = list.iter().map(|attribute| attribute.name).collect();
        names.join(", ")
    };
    let missing: Vec<&AttributeSeen> = seen.iter().filter(|of| of.found.is_none()).collect();
    let wrong: Vec<&AttributeSeen> = seen
        .iter()
        .filter(|of| of.found.as_ref().is_some_and(|found| *found != wanted(of)))
        .collect();
    let line = if !wrong.is_empty() {
        let told: Vec<String> = wrong
            .iter()
            .map(|of| {
                let found = of.found.as_deref().unwrap_or_default();
                format!("{} is {found}, not {}", of.name, wanted(of))
            })
            .collect();
        let flags: Vec<String> = wrong
            .iter()
            .map(|of| format!(" --name {}", of.name))
            .collect();
        let flags = flags.concat();
        let command = here.temporal(&format!("operator search-attribute remove{flags} --yes"));
        Line::fail(
            "attributes",
            format!("of another type than epochs need: {}", told.join("; ")),
            &format!("{command}\nand start aurad again, which registers them"),
        )
    } else if !missing.is_empty() {
        let flags: Vec<String> = missing
            .iter()
            .map(|of| format!(" --name {} --type {}", of.name, wanted(of)))
            .collect();
        let flags = flags.concat();
        let command = here.temporal(&format!("operator search-attribute create{flags}"));
        Line::warn(
            "attributes",
            format!(
                "{} of {} are missing, so epochs cannot be searched by them: {}",
                missing.len(),
                seen.len(),
                names(&missing)
            ),
            &format!("start aurad, which registers them if it may, or run: {command}"),
        )
    } else {
        let what = format!("all {} search attributes are there", seen.len());
        Line::ok("attributes", what)
    };
    let parts = seen
        .iter()
        .map(|of| json!({ "name": of.name, "type": of.found, "wanted_type": wanted(of) }));
    line.with_detail(json!({ "attributes": parts.collect::<Vec<_>>() }))
}

pub(super) fn versions(server: &ServerSeen, queues: &[Queue]) -> Line {
    let builds: BTreeSet<&str> = queues
        .iter()
        .filter_map(Queue::alive)
        .flat_map(|pollers| pollers.iter().filter_map(|of| of.build_id.as_deref()))
        .collect();
    let inside = server.version.split_once("-embedded.").map(|(_, of)| of);
    let detail = json!({
        "aura_msg": VERSION,
        "server": server.version,
        "aurad": inside,
        "worker_builds": builds,
    });
    let what = format!("aura-msg {VERSION}; server {}", server.version);
    let line = match inside {
        Some(aurad) if aurad != VERSION => Line::warn(
            "versions",
            format!("aura-msg {VERSION} talks to aurad {aurad}"),
            "install one release of both",
        ),
        Some(aurad) => Line::ok("versions", format!("{what}; aurad {aurad}")),
        None if builds.len() > 1 => {
            let list: Vec<&str> = builds.iter().copied().collect();
            Line::warn(
                "versions",
                format!(
                    "{what}; workers of {} builds: {}",
                    list.len(),
                    list.join(", ")
                ),
                "start every aurad from one release: an older one cannot carry on what a newer \
                 one has begun",
            )
        }
        None => {
            let told = builds.first().map_or_else(
                || "aurad's is not known".to_owned(),
                |build| format!("aurad's is not known, its build is {build}"),
            );
            Line::ok("versions", format!("{what}; {told}"))
        }
    };
    line.with_detail(detail)
}

/// Whether the clocks agree. Where the server's answers tell no time, a time that it wrote
/// down, `newest`, shows only whether this machine's clock is behind.
pub(super) fn clock(clock: Option<Clock>, newest: Option<WireTime>, now: Timestamp) -> Line {
    const REMEDY: &str = "set the clocks by NTP: times and leases are compared across machines";
    if let Some(Clock { server, here }) = clock {
        // Its seconds are whole: half of one is the best guess at the rest.
        let ahead = here.0.as_micros() - (server.0.as_micros() + 500_000);
        let what = format!(
            "this machine's clock is {} {} the server's, give or take a second",
            seconds(ahead),
            if ahead < 0 { "behind" } else { "ahead of" }
        );
        let detail = json!({ "ahead_seconds": tenths(ahead), "measured": true });
        return if ahead.abs() < APART {
            let what = "this machine's clock and the server's agree within some seconds";
            Line::ok("clock", what).with_detail(detail)
        } else {
            Line::warn("clock", what, REMEDY).with_detail(detail)
        };
    }
    let behind = newest.map_or(0, |at| at.0.as_micros() - now.as_micros());
    if behind >= APART {
        let what = format!(
            "this machine's clock is at least {} behind the server's",
            seconds(behind)
        );
        return Line::warn("clock", what, REMEDY)
            .with_detail(json!({ "ahead_seconds": -tenths(behind), "measured": false }));
    }
    Line::skip("clock", "unknown: this server's answers tell no time")
        .with_detail(json!({ "ahead_seconds": null, "measured": false }))
}

fn seconds(micros: i64) -> String {
    let seconds = micros.unsigned_abs() / 1_000_000;
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}

/// Seconds to one digit.
#[expect(
    clippy::cast_precision_loss,
    reason = "a skew of centuries may be told roughly"
)]
fn tenths(micros: i64) -> f64 {
    (micros / 100_000) as f64 / 10.0
}
