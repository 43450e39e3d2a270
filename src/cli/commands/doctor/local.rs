//! What this machine tells: settings and where they come from, files, the audit trail.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::line::Line;
use crate::audit::{Error, Look, Schema};
use crate::cli::table;
use crate::config::aurad::HOST_QUEUE_FILE;
use crate::config::{self, AuditBackend, Row, Setting, aura_msg, aurad};

/// What was seen of a trail's file, and what of it this user may not write to.
pub(super) type Trail = (Result<Look, Error>, Vec<PathBuf>);

const AUDIT: &str = "audit";

pub(super) fn configuration(
    own: &aura_msg::Settings,
    aurad: Result<&aurad::Settings, &config::Error>,
) -> Line {
    const NAME: &str = "configuration";
    let mut rows: Vec<(&str, Row)> = labelled("aura-msg", own.describe());
    let mut notices = own.notices.clone();
    if let Ok(aurad) = aurad {
        rows.extend(labelled("aurad", aurad.describe()));
        notices.extend(aurad.notices.iter().cloned());
    }
    // Files of the earlier implementation have a line of their own.
    notices.retain(|notice| !notice.contains('\n') && !notice.contains(" is not read: "));
    notices.dedup();
    let settings: Vec<Value> = rows
        .iter()
        .map(|(program, (name, value, source))| {
            json!({ "program": program, "name": name, "value": value, "source": source })
        })
        .collect();
    let detail = json!({ "settings": settings, "notices": notices });
    let file = own.config.value.as_ref().map_or_else(
        || "no configuration file is there".to_owned(),
        |path| format!("{} is read", path.display()),
    );
    let line = match (aurad, notices.as_slice()) {
        (Err(error), _) => Line::fail(
            NAME,
            format!(
                "aurad would not start here: {}: {}",
                error.what(),
                error.why()
            ),
            &error.fix(),
        ),
        (Ok(_), []) => Line::ok(NAME, file),
        (Ok(_), notices) => Line::warn(NAME, file, &notices.join("\n")),
    };
    line.with_detail(detail).with_notes(shown(rows))
}

fn labelled(program: &'static str, rows: Vec<Row>) -> Vec<(&'static str, Row)> {
    rows.into_iter().map(|row| (program, row)).collect()
}

/// All of aura-msg, and of aurad what somebody has set.
fn shown(rows: Vec<(&str, Row)>) -> Vec<String> {
    const DEFAULT: &str = "default";
    let all = rows.len();
    let cells: Vec<Vec<String>> = rows
        .into_iter()
        .filter(|(program, (_, _, source))| *program != "aurad" || source != DEFAULT)
        .map(|(program, (name, value, source))| vec![program.to_owned(), name, value, source])
        .collect();
    let hidden = all - cells.len();
    let mut lines = table::uncut(&cells);
    if hidden > 0 {
        lines.push(format!(
            "aurad: {hidden} more settings have their defaults (--format json shows them)"
        ));
    }
    lines
}

pub(super) fn files(earlier: &[String]) -> Line {
    const NAME: &str = "files";
    let detail = json!({ "unread": earlier });
    let line = match earlier {
        [] => Line::ok(NAME, "no file of an earlier implementation is left unread"),
        [first, more @ ..] => {
            let (what, rest) = first.split_once("; ").unwrap_or((first, ""));
            let remedies: Vec<&str> = std::iter::once(rest)
                .chain(more.iter().map(String::as_str))
                .collect();
            Line::warn(NAME, what, &remedies.join("\n"))
        }
    };
    line.with_detail(detail)
}

/// The queues of commands of this machine, and of others that share its files.
pub(super) fn host_queues(aurad: &aurad::Settings) -> Vec<String> {
    let directory = aurad.state_dir.value.as_ref();
    let entries = directory.and_then(|path| fs::read_dir(path).ok());
    let mut queues: Vec<String> = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            name.to_string_lossy().starts_with(HOST_QUEUE_FILE)
        })
        .filter_map(|entry| fs::read_to_string(entry.path()).ok())
        .map(|queue| queue.trim().to_owned())
        .filter(|queue| !queue.is_empty())
        .collect();
    queues.sort();
    queues
}

/// The trail, which is in no file where none was seen.
pub(super) fn audit(trail: &Setting<AuditBackend>, seen: Option<&Trail>) -> Line {
    let detail = json!({ "backend": trail.value.to_string(), "source": trail.source.to_string() });
    let Some((look, not_writable)) = seen else {
        let what = if trail.value == AuditBackend::Memory {
            format!(
                "in aurad's memory, gone when it stops ({}); --audit-trail names one that it \
                 has elsewhere",
                trail.source
            )
        } else {
            format!("{} ({})", trail.value, trail.source)
        };
        return Line::ok(AUDIT, what).with_detail(detail);
    };
    let look = match look {
        Ok(look) => look,
        Err(error) => return unseen(error).with_detail(detail),
    };
    let Look {
        schema,
        last,
        looked_at,
        findings,
    } = look;
    let detail = json!({
        "backend": trail.value.to_string(),
        "source": trail.source.to_string(),
        "schema": match schema {
            Schema::Empty => json!(null),
            Schema::Earlier => json!("earlier"),
            Schema::Version(version) => json!(version),
        },
        "last_row": last,
        "rows_looked_at": looked_at,
        "findings": findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "not_writable": not_writable,
    });
    let bad: Vec<String> = findings
        .iter()
        .filter(|finding| !finding.is_warning())
        .map(ToString::to_string)
        .collect();
    let shown = &trail.value;
    let line = if let Some(first) = bad.first() {
        let more = match bad.len() {
            1 => String::new(),
            many => format!(" (and {} more)", many - 1),
        };
        Line::fail(
            AUDIT,
            format!("{shown}: {first}{more}"),
            "aura-msg audit verify tells all of it; restore the file from a backup",
        )
    } else if let Some(first) = not_writable.first() {
        let what = format!("{shown}: this user may not write to {}", first.display());
        let remedy = "if aurad runs as this user, let it write there; else all may be well";
        Line::warn(AUDIT, what, remedy)
    } else {
        let what = match schema {
            Schema::Empty => format!("{shown}: nothing is in it yet"),
            Schema::Earlier => format!(
                "{shown}: an earlier implementation's, which aurad takes over when it writes"
            ),
            Schema::Version(version) if *last == 0 => {
                format!("{shown}: version {version}, no rows yet")
            }
            Schema::Version(version) => {
                let unchained = findings.len();
                let plain = match unchained {
                    0 => String::new(),
                    some => format!(", {some} of them an earlier implementation's, with no hash"),
                };
                format!(
                    "{shown}: version {version}, {last} rows; the newest {looked_at} are whole\
                     {plain}"
                )
            }
        };
        Line::ok(AUDIT, what)
    };
    line.with_detail(detail)
}

/// A trail that could not be looked at.
pub(super) fn no_look(trail: &Setting<AuditBackend>, why: &str) -> Line {
    let what = format!("{} could not be looked at: {why}", trail.value);
    Line::warn(
        AUDIT,
        what,
        "see whether its disk hangs, or something holds it locked",
    )
    .with_detail(json!({
        "backend": trail.value.to_string(),
        "source": trail.source.to_string(),
    }))
}

fn unseen(error: &Error) -> Line {
    let told = error.to_string();
    // Each of them says what to do after what is wrong.
    let (what, remedy) = told.split_once("; ").unwrap_or((&told, ""));
    match error {
        Error::Missing { .. } => Line::warn(
            AUDIT,
            what,
            "it is made with the first event; if there were some, name aurad's with --audit-trail",
        ),
        Error::Busy { .. } => Line::warn(AUDIT, what, remedy),
        _ => Line::fail(AUDIT, what, remedy),
    }
}
