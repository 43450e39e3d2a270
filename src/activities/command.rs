//! A slice's command. Anyone who can send a signal can ask for one, so nothing runs that
//! the operator has not allowed, and this release knows no way to allow anything yet:
//! every command is refused, as a result that says so.

use temporalio_common::data_converters::RawValue;
use temporalio_sdk::activities::ActivityError;

use super::arguments;
use crate::contract::slice::{SliceExecutionConfig, SliceResult};
use crate::protocol::slice::SliceOutcome;

/// What is asked for.
pub(super) struct Request {
    slice_id: String,
    runner: Option<String>,
}

impl Request {
    /// Reads command, slice, epoch, search path and configuration; the last two may be
    /// missing.
    pub(super) fn read(raw: &RawValue) -> Result<Self, ActivityError> {
        let _command: String = arguments::required(raw, 0, "command")?;
        let slice_id = arguments::required(raw, 1, "slice_id")?;
        let _epoch_id: String = arguments::required(raw, 2, "epoch_id")?;
        let config: Option<SliceExecutionConfig> = arguments::optional(raw, 4, "config")?;
        Ok(Self {
            slice_id,
            runner: config.and_then(|config| config.runner),
        })
    }
}

/// The result of a command that may not run.
pub(super) fn refuse(request: &Request) -> SliceResult {
    let (code, error) = match &request.runner {
        Some(runner) => (
            "runner_unknown",
            format!(
                "runner_unknown: no runner '{runner}' is configured; this release of aurad runs no \
             commands, so use mode mock, or end the slice with `aura-msg signal complete`"
            ),
        ),
        None => (
            "shell_forbidden",
            "shell_forbidden: the operator has not allowed shell commands; this release of \
                 aurad runs none, so use mode mock, or end the slice with `aura-msg signal \
                 complete`"
                .to_owned(),
        ),
    };
    let outcome = SliceOutcome {
        code: Some(code.to_owned()),
        ..SliceOutcome::failed(error)
    };
    SliceResult::of(request.slice_id.clone(), outcome)
}
