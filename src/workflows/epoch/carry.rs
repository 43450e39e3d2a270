//! Continue-as-new: what a run hands to the next, whole and bounded.

use super::shell::Shell;
use crate::contract::epoch::EpochInput;
use crate::contract::snapshot::{Carried, PendingEffect, SCHEMA, StateSnapshot};

impl Shell {
    /// The input of the next run.
    pub(super) fn carry(&self) -> EpochInput {
        let state = self.state();
        let (backlog, audit_remote_until) = self.pump.carry();
        let audit_backlog = backlog.chain(self.queue.rows());
        let effects = self.queue.effects();
        EpochInput {
            epoch_id: state.epoch_id.to_string(),
            // The description is in the carried state.
            request_description: String::new(),
            rules_version: state.rules_version,
            settings: state.settings.clone().into(),
            carried: Some(Box::new(Carried {
                schema: SCHEMA,
                state: StateSnapshot {
                    extra: self.unknown.state.clone(),
                    ..state.into()
                },
                effects: effects.into_iter().filter_map(PendingEffect::of).collect(),
                audit_backlog: audit_backlog.map(|row| row.event.clone()).collect(),
                audit_remote_until: audit_remote_until.map(Into::into),
                extra: self.unknown.carried.clone(),
            })),
        }
    }
}
