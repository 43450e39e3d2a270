//! How an epoch's run begins: from its input, or from what the run before it carried.

use serde::Deserialize;
use temporalio_common::data_converters::RawValue;

use super::super::payload;
use super::pump::Pump;
use super::shell::{Identity, Shell, Unknown};
use crate::contract::epoch::EpochInput;
use crate::contract::object;
use crate::contract::snapshot::{Carried, PendingEffect, SCHEMA};
use crate::protocol::id::EpochId;
use crate::protocol::state::State;
use crate::protocol::{Epoch, Start, Timestamp};

#[cfg(test)]
mod tests;

/// Why an input does not make an epoch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    /// It was written by a newer release; a newer worker can take it.
    #[error("{what} {found} is newer than this aurad knows ({known}); upgrade aurad")]
    Newer {
        /// What is newer.
        what: &'static str,
        /// Its version.
        found: u64,
        /// The newest version known here.
        known: u32,
    },
    /// It is broken, for every worker.
    #[error("the epoch's input cannot be used: {0}")]
    Broken(String),
}

/// What of an input says whether this release can read the rest.
#[derive(Deserialize)]
struct Versions {
    #[serde(default)]
    rules_version: Option<u64>,
    #[serde(default, deserialize_with = "object::maybe")]
    carried: Option<CarriedVersion>,
}

#[derive(Deserialize)]
struct CarriedVersion {
    #[serde(default)]
    schema: Option<u64>,
}

/// Begins a run.
pub(super) fn begin(raw: &RawValue, identity: Identity, at: Timestamp) -> Result<Shell, Unusable> {
    let json = payload::json(raw).map_err(|(_, why)| Unusable::Broken(why))?;
    check_versions(json)?;
    let input: EpochInput = object::read(json).map_err(Unusable::Broken)?;
    match input.carried {
        Some(carried) => resume(*carried, identity, at),
        None => start(input, identity, at),
    }
}

fn check_versions(json: &[u8]) -> Result<(), Unusable> {
    // Whatever does not even fit here is reported by the full decoding.
    let Ok(versions) = object::read::<Versions>(json) else {
        return Ok(());
    };
    let newest = State::NEWEST_RULES;
    if let Some(found) = versions
        .rules_version
        .filter(|found| *found > u64::from(newest))
    {
        return Err(Unusable::Newer {
            what: "rules_version",
            found,
            known: newest,
        });
    }
    let schema = versions.carried.and_then(|carried| carried.schema);
    if let Some(found) = schema.filter(|found| *found > u64::from(SCHEMA)) {
        return Err(Unusable::Newer {
            what: "the carried state's schema",
            found,
            known: SCHEMA,
        });
    }
    Ok(())
}

fn start(input: EpochInput, identity: Identity, at: Timestamp) -> Result<Shell, Unusable> {
    let EpochInput {
        epoch_id,
        request_description,
        rules_version,
        settings,
        carried: _,
    } = input;
    if rules_version == 0 {
        return Err(Unusable::Broken(
            "rules_version is 0; the first is 1".to_owned(),
        ));
    }
    let epoch_id =
        EpochId::parse(&epoch_id).map_err(|error| Unusable::Broken(error.to_string()))?;
    let start = Start {
        epoch_id,
        description: request_description,
        rules_version,
        settings: settings.into(),
    };
    let (epoch, effects) =
        Epoch::start(at, start).map_err(|refusal| Unusable::Broken(refusal.to_string()))?;
    Ok(Shell::new(epoch, identity, at, Vec::new(), effects))
}

fn resume(carried: Carried, identity: Identity, at: Timestamp) -> Result<Shell, Unusable> {
    let Carried {
        schema: _,
        state,
        effects,
        audit_backlog,
        audit_remote_until,
        extra,
    } = carried;
    let broken =
        |error: crate::contract::snapshot::SnapshotError| Unusable::Broken(error.to_string());
    let state_extra = state.extra.clone();
    let state = State::try_from(state).map_err(broken)?;
    let effects: Result<Vec<_>, _> = effects
        .into_iter()
        .map(PendingEffect::into_effect)
        .collect();
    let (epoch, effects) = (Epoch::restore(state), effects.map_err(broken)?);
    let mut shell = Shell::new(epoch, identity, at, audit_backlog, effects);
    shell.pump = Pump::restore(audit_remote_until.map(Into::into));
    shell.unknown = Unknown {
        carried: extra,
        state: state_extra,
    };
    Ok(shell)
}
