//! `aura-msg session list`.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::table;
use crate::contract::epoch::SessionRegisterSignal;
use crate::contract::query::SessionView;
use crate::contract::time::WireTime;
use crate::protocol::{RoleId, Timestamp, Word};

/// A session that was not heard of for so long is stale.
const LEASE: Duration = Duration::from_mins(30);

/// A session that has not ended.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Session")]
pub(in crate::cli) struct Item<'a> {
    /// Its id.
    session_id: &'a str,
    /// Its role; null is unspecified.
    role: Option<RoleId>,
    /// The agent program; may be empty.
    model_harness: &'a str,
    /// The model; may be empty.
    model: &'a str,
    /// When it registered; null where an earlier worker answers.
    registered_at: Option<WireTime>,
    /// When it was last heard of.
    last_seen: Option<WireTime>,
    /// Whether that was longer ago than its lease.
    stale: Option<bool>,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: EpochArgs) -> Answer {
    let epoch_id = context.epoch_id(&args)?;
    let client = context.connect().await?;
    let state = client.state(&epoch_id).await?;
    let sessions = state.more.map(|more| more.sessions).unwrap_or_default();
    let said = if sessions.is_empty() && state.active_session_count > 0 {
        // An earlier worker, which does not tell when it heard of them.
        client.sessions(&epoch_id).await?
    } else {
        Vec::new()
    };
    report(&sessions, &said, table::now())
}

/// What is told of sessions; `said` is all that an earlier worker knows of them.
pub(in crate::cli::commands) fn report(
    sessions: &[SessionView],
    said: &[SessionRegisterSignal],
    now: Timestamp,
) -> Answer {
    let (lines, items): (Vec<String>, Vec<Item<'_>>) = if said.is_empty() {
        let items = sessions.iter().map(|session| item(session, now));
        (lines(sessions, now), items.collect())
    } else {
        (lines_of_said(said), said.iter().map(Into::into).collect())
    };
    let text = if items.is_empty() {
        "No sessions".to_owned()
    } else {
        lines.join("\n")
    };
    Ok(Report {
        text,
        json: serde_json::to_string_pretty(&items).map_err(Failure::internal)?,
        notices: Vec::new(),
    })
}

/// Whether a session was not heard of for longer than its lease.
pub(in crate::cli) fn is_stale(session: &SessionView, now: Timestamp) -> bool {
    now.since(session.last_seen.0) > LEASE
}

/// The table, for people.
pub(in crate::cli) fn lines(sessions: &[SessionView], now: Timestamp) -> Vec<String> {
    let rows = sessions.iter().map(|session| {
        let note = if is_stale(session, now) { "stale" } else { "" };
        vec![
            session.session_id.clone(),
            role(session.role),
            table::before(session.last_seen, now),
            by(&session.model_harness, &session.model),
            note.to_owned(),
        ]
    });
    let head = ["SESSION", "ROLE", "SEEN", "BY", "NOTE"];
    table::lines(&head, rows.collect())
}

fn lines_of_said(sessions: &[SessionRegisterSignal]) -> Vec<String> {
    let rows = sessions.iter().map(|session| {
        vec![
            session.session_id.clone(),
            role(session.role),
            by(&session.model_harness, &session.model),
        ]
    });
    table::lines(&["SESSION", "ROLE", "BY"], rows.collect())
}

fn role(role: Option<RoleId>) -> String {
    role.map_or("unspecified", Word::word).to_owned()
}

fn by(harness: &str, model: &str) -> String {
    let told = [harness, model].into_iter().filter(|text| !text.is_empty());
    let told: Vec<&str> = told.collect();
    if told.is_empty() {
        "-".to_owned()
    } else {
        told.join(" ")
    }
}

/// A session, for programs.
pub(in crate::cli) fn item(session: &SessionView, now: Timestamp) -> Item<'_> {
    Item {
        session_id: &session.session_id,
        role: session.role,
        model_harness: &session.model_harness,
        model: &session.model,
        registered_at: Some(session.registered_at),
        last_seen: Some(session.last_seen),
        stale: Some(is_stale(session, now)),
    }
}

impl<'a> From<&'a SessionRegisterSignal> for Item<'a> {
    fn from(session: &'a SessionRegisterSignal) -> Self {
        Self {
            session_id: &session.session_id,
            role: session.role,
            model_harness: &session.model_harness,
            model: &session.model,
            registered_at: None,
            last_seen: None,
            stale: None,
        }
    }
}
