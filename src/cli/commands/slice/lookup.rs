//! Finding one slice, by what its epoch and its own workflow know of it; and where its
//! command runs or ran.

use clap::Args;

use super::ending::{undeclared, unknown_to_worker};
use crate::cli::args::EpochArgs;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::client::{Client, Error};
use crate::connection::host_name;
use crate::contract::query::{QueryStateResult, SliceView};
use crate::contract::slice::{RunningCommand, SliceStateResult};
use crate::protocol::id::{EpochId, SliceId};

/// What every command about one slice takes.
#[derive(Debug, Args)]
pub struct SliceArgs {
    #[command(flatten)]
    epoch: EpochArgs,

    /// Id of the slice
    #[arg(long, value_name = "ID")]
    slice_id: String,
}

/// Which slice is meant.
pub(super) struct Wanted {
    pub(super) epoch_id: String,
    pub(super) slice_id: SliceId,
}

/// A slice, with what its own workflow says.
pub(in crate::cli::commands) struct Found {
    /// What the epoch knows of it.
    pub(in crate::cli::commands) slice: SliceView,
    /// What the workflow of its present run knows, if it has one and that answers.
    pub(in crate::cli::commands) own: Option<SliceStateResult>,
    /// Why that does not answer.
    pub(in crate::cli::commands) silent: Option<Error>,
}

impl SliceArgs {
    /// Checks the ids.
    pub(super) fn check(&self, context: &Context<'_>) -> Result<Wanted, Failure> {
        Ok(Wanted {
            epoch_id: context.epoch_id(&self.epoch)?,
            slice_id: input::slice_id("--slice-id", &self.slice_id)?,
        })
    }
}

impl Wanted {
    /// The slice's own workflow.
    fn workflow_id(&self) -> Result<String, Failure> {
        EpochId::parse(&self.epoch_id)
            .map(|epoch| epoch.slice_workflow_id(&self.slice_id))
            .map_err(Failure::internal)
    }

    /// The slice in its epoch's state.
    pub(super) fn view(&self, state: &QueryStateResult) -> Result<SliceView, Failure> {
        let more = state.more.as_ref().ok_or_else(unknown_to_worker)?;
        let id = self.slice_id.as_str();
        more.slices
            .iter()
            .find(|slice| slice.slice_id == id)
            .cloned()
            .ok_or_else(|| undeclared(&self.epoch_id, id))
    }

    /// Adds what the slice's own workflow says.
    pub(super) async fn find(
        &self,
        client: &Client,
        state: &QueryStateResult,
    ) -> Result<Found, Failure> {
        let slice = self.view(state)?;
        if slice.attempt == 0 {
            return Ok(Found {
                slice,
                own: None,
                silent: None,
            });
        }
        let (own, silent) = match client.slice_state(&self.workflow_id()?).await {
            // One of an earlier run, or of an earlier epoch of that id, tells nothing of this.
            Ok(own) => (own.filter(|own| own.attempt == slice.attempt), None),
            Err(error) => (None, Some(error)),
        };
        Ok(Found { slice, own, silent })
    }
}

/// Where a slice's command runs or ran, as far as that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) host: Option<String>,
    pub(super) log: Option<String>,
    pub(super) worktree: Option<String>,
}

impl Found {
    /// The command that runs.
    pub(super) fn running(&self) -> Option<&RunningCommand> {
        self.own.as_ref()?.running.as_ref()
    }

    /// Where it runs, or ran last.
    pub(super) fn place(&self) -> Place {
        if let Some(running) = self.running() {
            return Place {
                host: Some(running.host.clone()),
                log: running.log.clone(),
                worktree: running.worktree.clone(),
            };
        }
        let result = self.own.as_ref().and_then(|own| own.result.as_ref());
        let (host, log, worktree) = match result {
            Some(result) => (&result.host, &result.log, &result.worktree),
            None => (&self.slice.host, &self.slice.log, &self.slice.worktree),
        };
        Place {
            host: host.clone(),
            log: log.clone(),
            worktree: worktree.clone(),
        }
    }
}

/// Whether a host is this machine; one that nobody named may be.
pub(super) fn is_here(host: Option<&str>) -> bool {
    host.is_none_or(|host| host == host_name())
}
