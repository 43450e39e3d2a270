//! A value as written, to the value that its attribute is compared with. Numbers and texts
//! stand for each other where `SQLite` would convert them; what can't be a value of the
//! attribute is refused, since it would match nothing and look like an answer.

use jiff::civil::DateTime;
use rusqlite::types::Value;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;

use super::ast::Literal;
use super::attribute::{Attribute, Kind};
use super::{Error, duration};

/// What times are counted from.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The value of a literal for an attribute.
pub(super) fn of(literal: &Literal, attribute: &Attribute) -> Result<Value, Error> {
    match attribute.kind {
        Kind::Keyword => keyword(literal, attribute),
        Kind::Text | Kind::KeywordList => match literal {
            Literal::Text(text) => Ok(Value::Text(text.clone())),
            other => Err(Error::invalid(format!(
                "unexpected value type (expected string, got {other})"
            ))),
        },
        Kind::Int | Kind::Double => number(literal, attribute),
        Kind::Bool => match literal {
            Literal::Bool(truth) => Ok(Value::Integer(i64::from(*truth))),
            Literal::Whole(number @ (0 | 1)) => Ok(Value::Integer(*number)),
            _ => Err(refused(literal, attribute, "it must be true or false")),
        },
        Kind::Datetime => match literal {
            Literal::Whole(nanoseconds) => Ok(Value::Integer(*nanoseconds)),
            Literal::Text(text) => match datetime(text) {
                Some(nanoseconds) => Ok(Value::Integer(nanoseconds)),
                None => Err(Error::invalid(format!(
                    "unable to parse datetime '{text}'; write it like 2006-01-02T15:04:05Z"
                ))),
            },
            other => Err(unexpected(other, attribute)),
        },
        Kind::Status => match literal {
            Literal::Whole(number) => Ok(Value::Integer(*number)),
            Literal::Text(text) => match status(text) {
                Some(status) => Ok(Value::Integer(i64::from(status as i32))),
                None => Err(Error::invalid(format!(
                    "invalid ExecutionStatus value '{text}'"
                ))),
            },
            other => Err(unexpected(other, attribute)),
        },
        Kind::Duration => match literal {
            Literal::Text(text) => match duration::nanoseconds(text) {
                Ok(nanoseconds) => Ok(Value::Integer(nanoseconds)),
                Err(problem) => Err(Error::Value {
                    attribute: attribute.name.clone(),
                    value: text.clone(),
                    problem: problem.to_owned(),
                }),
            },
            other => number(other, attribute),
        },
    }
}

fn keyword(literal: &Literal, attribute: &Attribute) -> Result<Value, Error> {
    match literal {
        Literal::Text(text) => Ok(Value::Text(text.clone())),
        Literal::Whole(number) => Ok(Value::Text(number.to_string())),
        Literal::Real(number) => Ok(Value::Text(number.to_string())),
        Literal::Bool(_) => Err(refused(literal, attribute, "it must be a string")),
    }
}

fn number(literal: &Literal, attribute: &Attribute) -> Result<Value, Error> {
    let number = match literal {
        Literal::Whole(number) => Some(Value::Integer(*number)),
        Literal::Real(number) => Some(Value::Real(*number)),
        Literal::Text(text) => text
            .parse()
            .map(Value::Integer)
            .ok()
            .or_else(|| finite(text).map(Value::Real)),
        Literal::Bool(_) => None,
    };
    number.ok_or_else(|| refused(literal, attribute, "it must be a number"))
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn refused(literal: &Literal, attribute: &Attribute, problem: &str) -> Error {
    Error::Value {
        attribute: attribute.name.clone(),
        value: literal.to_string(),
        problem: format!("the attribute's type is {}: {problem}", attribute.kind),
    }
}

fn unexpected(literal: &Literal, attribute: &Attribute) -> Error {
    Error::invalid(format!(
        "unexpected value type {} for search attribute {}",
        literal.kind(),
        attribute.name
    ))
}

/// Nanoseconds since 1970 of a time in RFC 3339. A time beyond 64 bits of them (before 1677
/// or after 2262) becomes the first or the last that there is.
fn datetime(text: &str) -> Option<i64> {
    const SECONDS: &str = "dddd-dd-ddTdd:dd:dd";
    let (seconds, rest) = text.split_at_checked(SECONDS.len())?;
    let zone = rest.trim_start_matches(|char: char| char.is_ascii_digit() || char == '.');
    let local = text.strip_suffix(zone)?;
    let fraction = &rest[..rest.len() - zone.len()];
    // The parser of times takes more forms than a server does.
    let formed = has_form(seconds, SECONDS)
        && (fraction.is_empty() || fraction.len() > 1 && fraction.starts_with('.'));
    if !formed {
        return None;
    }
    // Not as a timestamp, for which the last day that can be written is too late.
    let since = local.parse::<DateTime>().ok()?.duration_since(EPOCH);
    let nanoseconds = since.as_nanos() - i128::from(offset(zone)?) * 1_000_000_000;
    Some(i64::try_from(nanoseconds).unwrap_or(if nanoseconds < 0 { i64::MIN } else { i64::MAX }))
}

/// Seconds that a zone's clocks are before UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = match zone.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let clock = &zone[1..];
    if !has_form(clock, "dd:dd") {
        return None;
    }
    let (hours, minutes): (i64, i64) = (clock[..2].parse().ok()?, clock[3..].parse().ok()?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// Whether a text has digits where the form has a `d`, and otherwise the form's characters.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| match form {
                b'd' => byte.is_ascii_digit(),
                other => byte == other,
            })
}

/// A status by its name, short (`Running`) or as in the API's definition.
fn status(text: &str) -> Option<WorkflowExecutionStatus> {
    WorkflowExecutionStatus::from_str_name(text).or_else(|| {
        (0..)
            .map_while(|number| WorkflowExecutionStatus::try_from(number).ok())
            .find(|status| status_name(*status) == text)
    })
}

/// The short name of a status.
pub(super) fn status_name(status: WorkflowExecutionStatus) -> &'static str {
    match status {
        WorkflowExecutionStatus::Unspecified => "Unspecified",
        WorkflowExecutionStatus::Running => "Running",
        WorkflowExecutionStatus::Completed => "Completed",
        WorkflowExecutionStatus::Failed => "Failed",
        WorkflowExecutionStatus::Canceled => "Canceled",
        WorkflowExecutionStatus::Terminated => "Terminated",
        WorkflowExecutionStatus::ContinuedAsNew => "ContinuedAsNew",
        WorkflowExecutionStatus::TimedOut => "TimedOut",
        WorkflowExecutionStatus::Paused => "Paused",
    }
}
