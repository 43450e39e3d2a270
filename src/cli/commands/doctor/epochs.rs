//! Epochs that cannot go on, and what ended ones have left.

use serde_json::{Value, json};

use super::here::Here;
use super::line::Line;
use crate::client::{Error, Late, Left, Lefts, OpenEpochs, Wedged};
use crate::shell::shell_word;

/// How many are named in one line.
const NAMED: usize = 5;

type Opened = Result<OpenEpochs, Error>;

fn unlisted(name: &'static str, what: &str, error: &Error) -> Line {
    let remedy = "try again; if it stays so, look at the server's log";
    Line::warn(name, format!("{what} cannot be listed: {error}"), remedy)
}

pub(super) fn wedged(here: &Here, open: &Opened, seen: Option<&Wedged>) -> Line {
    const NAME: &str = "wedged";
    let (open, seen) = match (open, seen) {
        (Ok(open), Some(seen)) => (open, seen),
        (Err(error), _) => return unlisted(NAME, "open epochs", error),
        (Ok(_), None) => return Line::skip(NAME, "open epochs were not listed"),
    };
    let count = open.epochs.len();
    let more = if open.has_more { "more than " } else { "" };
    let cut = if seen.looked_at < count || open.has_more {
        format!("; only {} of {more}{count} were looked at", seen.looked_at)
    } else {
        String::new()
    };
    let (failing, lost): (Vec<&Late>, Vec<&Late>) = seen
        .late
        .iter()
        .partition(|late| late.is_failing != Some(false));
    let named = |late: &[&Late]| {
        let told: Vec<String> = late
            .iter()
            .map(|of| format!("{} (attempt {})", of.epoch_id, of.attempt))
            .collect();
        some(&told)
    };
    let line = match (failing.first(), lost.first()) {
        (Some(first), _) => {
            let id = shell_word(&first.epoch_id);
            let show = here.temporal(&format!("workflow show --workflow-id {id}"));
            Line::fail(
                NAME,
                format!(
                    "{} cannot go on, since their workflow task fails again and again: {}{cut}",
                    epochs(failing.len()),
                    named(&failing)
                ),
                &format!(
                    "aurad's log tells why, and: {show}\nif they are newer than aurad, start a \
                     newer aurad"
                ),
            )
        }
        (None, Some(_)) => Line::warn(
            NAME,
            format!(
                "{} wait for a task that was lost with its worker several times: {}{cut}",
                epochs(lost.len()),
                named(&lost)
            ),
            "see whether aurad is ended again and again, for want of memory perhaps",
        ),
        (None, None) => Line::ok(
            NAME,
            format!("{more}{} open, none wedged{cut}", epochs(count)),
        ),
    };
    let late = seen.late.iter().map(
        |of| json!({ "epoch_id": of.epoch_id, "attempt": of.attempt, "failing": of.is_failing }),
    );
    line.with_detail(json!({
        "open": count,
        "has_more": open.has_more,
        "looked_at": seen.looked_at,
        "late": late.collect::<Vec<Value>>(),
    }))
}

pub(super) fn left(here: &Here, open: &Opened, seen: Option<&Result<Lefts, Error>>) -> Line {
    const NAME: &str = "left behind";
    let seen = match (open, seen) {
        (Ok(_), Some(Ok(seen))) => seen,
        (Err(error), _) | (_, Some(Err(error))) => {
            return unlisted(NAME, "slices and reviews", error);
        }
        (Ok(_), None) => return Line::skip(NAME, "open epochs were not listed"),
    };
    let count = seen.looked_at;
    let cut = if seen.has_more {
        "; there are more than were looked at"
    } else {
        ""
    };
    let detail = json!({
        "looked_at": count,
        "has_more": seen.has_more,
        "left": seen.left.iter().map(part).collect::<Vec<Value>>(),
    });
    let Some(first) = seen.left.first() else {
        let what = match count {
            0 => format!("no slices or reviews are open{cut}"),
            _ => format!("{count} slices and reviews are open, all of open epochs{cut}"),
        };
        return Line::ok(NAME, what).with_detail(detail);
    };
    let named: Vec<String> = seen
        .left
        .iter()
        .map(|of| format!("{} (epoch {})", of.workflow_id, of.epoch_status))
        .collect();
    let what = format!(
        "{} still open although its epoch has ended: {}{cut}",
        if count_of(seen) == 1 {
            "1 slice or review is".to_owned()
        } else {
            format!("{} slices and reviews are", count_of(seen))
        },
        some(&named)
    );
    let end = |of: &Left| {
        let id = shell_word(&of.workflow_id);
        here.temporal(&format!(
            "workflow terminate --workflow-id {id} --reason 'left behind'"
        ))
    };
    let more = match count_of(seen) {
        1 => "",
        _ => "\nand so for each (--format json names them all)",
    };
    Line::warn(NAME, what, &format!("{}{more}", end(first))).with_detail(detail)
}

fn count_of(seen: &Lefts) -> usize {
    seen.left.len()
}

fn part(of: &Left) -> Value {
    json!({
        "workflow_id": of.workflow_id,
        "workflow_type": of.kind,
        "epoch_id": of.epoch_id,
        "epoch_status": of.epoch_status,
    })
}

fn epochs(count: usize) -> String {
    format!("{count} epoch{}", if count == 1 { "" } else { "s" })
}

/// The first of them, and how many more there are.
fn some(list: &[String]) -> String {
    let first: Vec<&str> = list.iter().take(NAMED).map(String::as_str).collect();
    let more = list.len() - first.len();
    let more = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    format!("{}{more}", first.join(", "))
}
