//! Reviews: who reviews, and by when. It leaves out the rounds themselves, and what a
//! reviewer answers.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::time::Duration;

use super::duration::{duration, limit, show, show_limit};
use super::error::Error;
use super::invalid::Invalid;
use super::resolve::Sources;
use super::runner::{Reader, check_name};
use super::source::{Row, Source};
use super::spec::{Context, Field, Section, Shape};
use super::value::text;
use crate::protocol::vote::ReviewAxis;

/// The section of the file.
pub(super) static SECTION: Section = Section {
    name: "review",
    keys: &[
        &DEADLINE,
        &REMIND_EVERY,
        &CORRECTNESS,
        &TEST_QUALITY,
        &ELEGANCE,
        &TIMEOUT,
    ],
};

static DEADLINE: Field<Option<Duration>> = Field {
    key: "deadline",
    shape: Shape::Time,
    parse: limit,
};

static REMIND_EVERY: Field<Option<Duration>> = Field {
    key: "remind_every",
    shape: Shape::Time,
    parse: limit,
};

static CORRECTNESS: Field<String> = reviewer("correctness");
static TEST_QUALITY: Field<String> = reviewer("test_quality");
static ELEGANCE: Field<String> = reviewer("elegance");

static TIMEOUT: Field<Duration> = Field {
    key: "timeout",
    shape: Shape::Time,
    parse: duration,
};

/// The keys that name runners, which have to be configured.
pub(super) static AXES: [(ReviewAxis, &Field<String>); 3] = [
    (ReviewAxis::Correctness, &CORRECTNESS),
    (ReviewAxis::TestQuality, &TEST_QUALITY),
    (ReviewAxis::Elegance, &ELEGANCE),
];

const fn reviewer(key: &'static str) -> Field<String> {
    Field {
        key,
        shape: Shape::Text,
        parse: runner,
    }
}

fn runner(words: &[OsString], _: Context<'_>) -> Result<String, Invalid> {
    let name = text(words)?;
    check_name(name)?;
    Ok(name.to_owned())
}

/// What the operator says of reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// How long a round may take; none is for ever.
    pub deadline: Option<Duration>,
    /// How often those who are missing are reminded; none is never.
    pub remind_every: Option<Duration>,
    /// The runner that reviews an axis. Axes that are not here are left to people.
    pub runners: BTreeMap<ReviewAxis, String>,
    /// How long one reviewer's command may take, whatever its runner says of slices.
    pub timeout: Duration,
    /// The keys that the file has; the others have their defaults.
    pub written: BTreeSet<&'static str>,
}

impl Default for Review {
    fn default() -> Self {
        Self {
            deadline: None,
            remind_every: None,
            runners: BTreeMap::new(),
            timeout: Duration::from_mins(30),
            written: BTreeSet::new(),
        }
    }
}

impl Review {
    /// What the file says of reviews.
    pub(super) fn read(sources: &Sources<'_>) -> Result<Self, Error> {
        let mut review = Self::default();
        let mut reader = Reader {
            sources,
            table: SECTION.name,
            written: BTreeSet::new(),
        };
        reader.set(&DEADLINE, &mut review.deadline)?;
        reader.set(&REMIND_EVERY, &mut review.remind_every)?;
        reader.set(&TIMEOUT, &mut review.timeout)?;
        for (axis, field) in AXES {
            let mut name = String::new();
            reader.set(field, &mut name)?;
            if reader.written.contains(field.key) {
                review.runners.insert(axis, name);
            }
        }
        review.written = reader.written;
        Ok(review)
    }

    /// A word on reminders that never come.
    pub(super) fn notice(&self) -> Option<String> {
        let (deadline, every) = (self.deadline?, self.remind_every?);
        (every >= deadline).then(|| {
            format!(
                "remind_every {} in [review] has no effect: a round is closed after its deadline, \
                 {}; make it shorter",
                show(every),
                show(deadline)
            )
        })
    }

    /// The settings for people.
    pub(super) fn describe(&self, file: &Source) -> Vec<Row> {
        let row = |field: &str, value: String| {
            let source = if self.written.contains(field) {
                file
            } else {
                &Source::Default
            };
            let name = format!("{}.{field}", SECTION.name);
            (name, value, source.to_string())
        };
        let every = self.remind_every.map_or_else(|| "never".to_owned(), show);
        let mut rows = vec![
            row(DEADLINE.key, show_limit(self.deadline)),
            row(REMIND_EVERY.key, every),
        ];
        rows.extend(AXES.iter().map(|(axis, field)| {
            let runner = self.runners.get(axis).map_or("none", String::as_str);
            row(field.key, runner.to_owned())
        }));
        rows.push(row(TIMEOUT.key, show(self.timeout)));
        rows
    }
}
