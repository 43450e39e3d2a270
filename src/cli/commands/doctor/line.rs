//! What is told of one check, and of all of them.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::commands::Answer;
use crate::cli::failure::Failure;
use crate::cli::output::{Report, listed, one_line};
use crate::cli::paint::Paint;
use crate::config::Format;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// As it should be.
    Ok,
    /// It works, but somebody should know.
    Warn,
    /// It has to be mended.
    Fail,
    /// It could not be looked at.
    Skip,
}

impl Status {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skip => "skip",
        }
    }
}

/// All that was looked at.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli::commands) struct Output<'a> {
    /// The checks, in the order in which they are told.
    checks: Vec<&'a Line>,
    /// Whether none failed.
    ok: bool,
}

/// Below a line, what belongs to it.
const INDENT: &str = "      ";

/// One check.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Check")]
pub(in crate::cli::commands) struct Line {
    /// What was looked at.
    pub(super) name: &'static str,
    /// How it came out.
    pub(super) status: Status,
    /// What was found.
    pub(super) what: String,
    /// The same for programs, in parts: an object, of a check's own fields.
    #[schemars(with = "serde_json::Map<String, Value>")]
    pub(super) detail: Value,
    /// More of it for people.
    #[serde(skip)]
    pub(super) notes: Vec<String>,
    /// What to do.
    pub(super) remedy: Option<String>,
}

impl Line {
    fn new(name: &'static str, status: Status, what: impl Into<String>) -> Self {
        Self {
            name,
            status,
            what: what.into(),
            detail: json!({}),
            notes: Vec::new(),
            remedy: None,
        }
    }

    pub(super) fn ok(name: &'static str, what: impl Into<String>) -> Self {
        Self::new(name, Status::Ok, what)
    }

    pub(super) fn warn(name: &'static str, what: impl Into<String>, remedy: &str) -> Self {
        Self::new(name, Status::Warn, what).with_remedy(remedy)
    }

    pub(super) fn fail(name: &'static str, what: impl Into<String>, remedy: &str) -> Self {
        Self::new(name, Status::Fail, what).with_remedy(remedy)
    }

    pub(super) fn skip(name: &'static str, why: impl Into<String>) -> Self {
        Self::new(name, Status::Skip, why)
    }

    pub(super) fn with_detail(self, detail: Value) -> Self {
        Self { detail, ..self }
    }

    pub(super) fn with_notes(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }

    fn with_remedy(self, remedy: &str) -> Self {
        let remedy = Some(remedy.to_owned());
        Self { remedy, ..self }
    }
}

/// All checks, in the order in which they are told.
pub(super) struct Lines(pub(super) Vec<Line>);

impl Lines {
    /// What is printed, and the exit code.
    pub(super) fn answer(&self, format: Format, paint: Paint) -> Answer {
        let failed: Vec<&Line> = self.of(Status::Fail).collect();
        let whole = Output {
            checks: self.0.iter().collect(),
            ok: failed.is_empty(),
        };
        let report = Report {
            text: self.text(paint),
            json: listed(format, &whole, "checks")?,
            notices: Vec::new(),
        };
        let Some(first) = failed.first() else {
            return Ok(report);
        };
        let names: Vec<&str> = failed.iter().map(|line| line.name).collect();
        Err(Failure::unmet(
            "unhealthy",
            format!("not all is well: {}", names.join(", ")),
            format!("{}: {}", first.name, first.what),
            first.remedy.clone().unwrap_or_default(),
            report,
        ))
    }

    fn of(&self, status: Status) -> impl Iterator<Item = &Line> {
        self.0.iter().filter(move |line| line.status == status)
    }

    pub(super) fn text(&self, paint: Paint) -> String {
        let names = self.0.iter().map(|line| line.name.len());
        let width = names.max().unwrap_or_default();
        let mut lines = Vec::new();
        for line in &self.0 {
            let status = paint.status(&format!("{:4}", line.status.word()));
            let what = one_line(&line.what);
            lines.push(format!("{status}  {:width$}  {what}", line.name));
            let notes = line.notes.iter();
            lines.extend(notes.map(|note| format!("{INDENT}{}", one_line(note))));
            let remedy = line.remedy.as_deref().unwrap_or_default();
            for (at, part) in remedy.lines().enumerate() {
                let head = if at == 0 { "fix: " } else { "     " };
                lines.push(format!("{INDENT}{head}{}", one_line(part)));
            }
        }
        let counted = |status| self.of(status).count();
        lines.push(format!(
            "{} ok, {} warn, {} fail, {} skipped",
            counted(Status::Ok),
            counted(Status::Warn),
            counted(Status::Fail),
            counted(Status::Skip)
        ));
        lines.join("\n")
    }
}
