//! A script: its form, and what is wrong with one, by line.

mod events;

use std::num::NonZeroU32;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::words::{AnyCase, Cap, Expected, Phase};
use crate::cli::failure::Failure;
use crate::cli::files::Source;
use crate::cli::{input, lenient};
use crate::contract::epoch::EpochSettings;
use crate::protocol::PhaseId;
use crate::protocol::refusal::Refusal;
use crate::protocol::state::{EpochStatus, Settings};
pub(super) use events::Action;

/// Bytes of a script.
const MAX: usize = 4 * 1024 * 1024;

/// A value, and the line it stands in.
pub(super) struct At<T> {
    pub(super) line: usize,
    pub(super) value: T,
}

/// A script, all of it understood.
pub(super) struct Script {
    pub(super) description: String,
    pub(super) settings: Settings,
    pub(super) steps: Vec<Step>,
    pub(super) phase: Option<At<PhaseId>>,
    pub(super) status: Option<At<EpochStatus>>,
    pub(super) violations: Option<At<u64>>,
}

/// One event of it.
pub(super) struct Step {
    /// Where it begins.
    pub(super) line: usize,
    /// Time that passes before it.
    pub(super) later: Duration,
    /// What happens.
    pub(super) action: Action,
    /// Who sends it.
    pub(super) actor: Option<String>,
    /// What it shall come to.
    pub(super) expected: At<Expected>,
    /// Where the epoch shall be afterwards.
    pub(super) phase: Option<At<PhaseId>>,
}

/// A script as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    description: String,
    #[serde(default)]
    settings: GivenSettings,
    #[serde(default)]
    event: Vec<Spanned<events::Written>>,
    #[serde(default)]
    expect: End,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with settings")]
struct GivenSettings {
    max_rounds: Option<Cap>,
    parallel_slices: Option<NonZeroU32>,
    fail_fast: Option<bool>,
}

impl From<GivenSettings> for Settings {
    /// What is not given is as `epoch start` has it.
    fn from(given: GivenSettings) -> Self {
        let usual: Self = EpochSettings::for_new_epochs().into();
        Self {
            max_rounds: given.max_rounds.map_or(usual.max_rounds, |cap| cap.0),
            parallel_slices: given
                .parallel_slices
                .map_or(usual.parallel_slices, NonZeroU32::get),
            fail_fast: given.fail_fast.unwrap_or(usual.fail_fast),
            ..usual
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with phase, status or violations"
)]
struct End {
    phase: Option<Spanned<Phase>>,
    status: Option<Spanned<AnyCase<EpochStatus>>>,
    violations: Option<Spanned<u64>>,
}

/// What is wrong with a script, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) line: usize,
    pub(super) why: String,
}

impl Script {
    /// Reads a script's text.
    pub(super) fn parse(text: &str) -> Result<Self, Mistake> {
        let written: Written = toml::from_str(text).map_err(|error| Mistake {
            line: line(text, error.span().unwrap_or_default().start),
            why: in_words(error.message()),
        })?;
        let steps = written.event.into_iter().map(|event| {
            let line_of_event = line(text, event.span().start);
            step(text, line_of_event, event.into_inner())
        });
        let steps = steps.collect::<Result<Vec<Step>, Mistake>>()?;
        if steps.is_empty() {
            return Err(Mistake {
                line: 1,
                why: "it has no events; write a table [[event]] for each".to_owned(),
            });
        }
        let End {
            phase,
            status,
            violations,
        } = written.expect;
        Ok(Self {
            description: written.description,
            settings: written.settings.into(),
            steps,
            phase: phase.map(|phase| at(text, phase, |phase| phase.0)),
            status: status.map(|status| at(text, status, |status| status.0)),
            violations: violations.map(|count| at(text, count, |count| count)),
        })
    }
}

fn step(text: &str, line_of_event: usize, event: events::Written) -> Result<Step, Mistake> {
    let events::Sorted {
        later,
        expect,
        phase,
        actor,
        action,
    } = event.sorted().map_err(|why| Mistake {
        line: line_of_event,
        why,
    })?;
    Ok(Step {
        line: line_of_event,
        later: later.0,
        action,
        actor,
        expected: expect.map_or_else(
            || At {
                line: line_of_event,
                value: Expected::default(),
            },
            |expect| at(text, expect, |expected| expected),
        ),
        phase: phase.map(|phase| at(text, phase, |phase| phase.0)),
    })
}

fn at<T, U>(text: &str, written: Spanned<T>, value: impl FnOnce(T) -> U) -> At<U> {
    At {
        line: line(text, written.span().start),
        value: value(written.into_inner()),
    }
}

/// The line, from 1, of a place in the text.
fn line(text: &str, start: usize) -> usize {
    let before = text.as_bytes().get(..start).unwrap_or(text.as_bytes());
    before.split(|byte| *byte == b'\n').count()
}

/// A parser's message in one line, with the key that was probably meant instead of all.
fn in_words(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((name, valid)) if message.starts_with("unknown field") && !valid.is_empty() => {
            let advice = lenient::meant(name, valid.iter().copied());
            format!("unknown key '{}'; {advice}", input::cut(name))
        }
        _ => message.replace('\n', " "),
    }
}

/// Reads a script from a file.
pub(super) async fn read(source: &Source) -> Result<Script, Failure> {
    let text = source.read(MAX, "cut it into several scripts").await?;
    Script::parse(&text).map_err(|Mistake { line, why }| {
        let place = format!("{}:{line}", input::cut(&source.title()));
        wrong(format!("{place}: the script is wrong"), why)
    })
}

/// An epoch that cannot even begin.
pub(super) fn refused(title: &str, refusal: &Refusal) -> Failure {
    let title = input::cut(title);
    wrong(
        format!("{title}: the epoch cannot begin: {}", refusal.what),
        refusal.why.clone(),
    )
}

fn wrong(what: String, why: String) -> Failure {
    let fix = "correct it; see `aura-msg epoch simulate --help` for the form";
    let failure = Failure::invalid("wrong_script", what, why, fix);
    Failure {
        impact: "nothing was run".to_owned(),
        ..failure
    }
}
