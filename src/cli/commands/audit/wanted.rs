//! Which events of a trail are wanted.

use clap::Args;

use super::entry::Entry;
use crate::audit::Rows;
use crate::cli::failure::Failure;
use crate::cli::{input, table};
use crate::config::read_duration;
use crate::contract::time::WireTime;
use crate::protocol::effect::EventType;
use crate::protocol::{PhaseId, RoleId, Timestamp, Word};

#[derive(Debug, Args)]
pub(super) struct WantedArgs {
    /// Only events of this epoch
    #[arg(long, value_name = "ID")]
    epoch_id: Option<String>,

    /// Only events after which the epoch was in this phase, named as for phase advance
    #[arg(long)]
    phase: Option<String>,

    /// Only events after which this role acts: epoch, architect, reviewer, supervisor or worker
    #[arg(long)]
    role: Option<String>,

    #[arg(
        long,
        value_name = "TYPE",
        help = "Only events of this type, such as vote_recorded"
    )]
    r#type: Option<String>,

    /// Only events from this time on: 2h or 7d ago, 2026-01-31, or 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
}

/// Which events; absent is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) epoch_id: Option<String>,
    phase: Option<PhaseId>,
    role: Option<RoleId>,
    event_type: Option<EventType>,
    since: Option<Timestamp>,
}

impl WantedArgs {
    /// Checks the words.
    pub(super) fn read(&self) -> Result<Wanted, Failure> {
        let epoch_id = self.epoch_id.as_deref();
        let phase = self.phase.as_deref();
        let role = self.role.as_deref();
        let event_type = self.r#type.as_deref();
        let since = self.since.as_deref();
        Ok(Wanted {
            epoch_id: epoch_id
                .map(|text| input::epoch_id("--epoch-id", text))
                .transpose()?,
            phase: phase
                .map(|text| input::phase("--phase", text))
                .transpose()?,
            role: role
                .map(|text| input::word_in_any_case("--role", text))
                .transpose()?,
            event_type: event_type
                .map(|text| input::word_in_any_case("--type", text))
                .transpose()?,
            since: since
                .map(|text| moment("--since", text, table::now()))
                .transpose()?,
        })
    }
}

impl Wanted {
    /// The same, for a file to choose by.
    pub(super) fn rows(&self, latest_first: bool) -> Rows {
        fn word<W: Word>(value: Option<W>) -> Option<String> {
            value.map(|value| value.word().to_owned())
        }
        Rows {
            epoch_id: self.epoch_id.clone(),
            phase: word(self.phase),
            role: word(self.role),
            event_type: word(self.event_type),
            latest_first,
        }
    }

    /// Whether an event is wanted.
    pub(super) fn has(&self, entry: &Entry) -> bool {
        fn is<W: Word>(wanted: Option<W>, there: &str) -> bool {
            wanted.is_none_or(|wanted| wanted.word() == there)
        }
        let epoch_id = self.epoch_id.as_ref();
        epoch_id.is_none_or(|wanted| *wanted == entry.epoch_id)
            && is(self.phase, &entry.phase)
            && is(self.role, &entry.role)
            && is(self.event_type, &entry.event_type)
            && self
                .since
                .is_none_or(|since| entry.at().is_some_and(|at| at.0 >= since))
    }
}

/// A moment: so long ago, or a date, or a time.
fn moment(name: &str, text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    const DAY: u64 = 24 * 3_600;
    let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
    let seconds = days
        .and_then(|days: u64| days.checked_mul(DAY))
        .or_else(|| read_duration(text).ok().map(|time| time.as_secs()));
    let ago = seconds.and_then(|seconds| i64::try_from(seconds).ok()?.checked_mul(1_000_000));
    if let Some(ago) = ago {
        return Ok(Timestamp::from_micros(now.as_micros().saturating_sub(ago)));
    }
    let spellings = [
        text.to_owned(),
        format!("{text}Z"),
        format!("{text}T00:00:00Z"),
    ];
    let read = spellings.iter().find_map(|text| WireTime::parse(text).ok());
    read.map(Into::into).ok_or_else(|| {
        Failure::invalid(
            "invalid_time",
            format!("{name} '{}' is no time", input::cut(text)),
            "valid: how long ago (90m, 2h, 7d), a date, or a time as ISO-8601 has it",
            format!("write {name} 2h, or {name} 2026-01-31T12:00:00Z, for example"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_ages_dates_or_times() {
        let now = WireTime::parse("2026-01-31T12:00:00Z").unwrap().0;
        for (text, meant) in [
            ("90m", "2026-01-31T10:30:00Z"),
            ("7d", "2026-01-24T12:00:00Z"),
            ("60", "2026-01-31T11:59:00Z"),
            ("2025-12-31", "2025-12-31T00:00:00Z"),
            ("2025-12-31T23:00", "2025-12-31T23:00:00Z"),
            ("2025-12-31T23:00:00.5+01:00", "2025-12-31T22:00:00.5Z"),
        ] {
            let expected = WireTime::parse(meant).unwrap().0;
            assert_eq!(moment("--since", text, now), Ok(expected), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026-13-01",
            "-1h",
            "99999999999999999999d",
        ] {
            let failure = moment("--since", text, now).unwrap_err();
            assert_eq!(failure.code, "invalid_time", "{text}");
        }
    }
}
