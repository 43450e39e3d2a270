//! What a name stands for: a column of `run`, or rows of `attribute`.

use std::fmt;

use temporalio_common::protos::temporal::api::enums::v1::IndexedValueType;

use super::{Error, Registry};

/// When a run was closed; an open one counts as closed after all others. The index for the
/// default order has this very expression.
pub(super) const CLOSED: &str = "coalesce(run.close_time, 9223372036854775807)";

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    /// Its name.
    pub(super) name: String,
    /// What its values are.
    pub(super) kind: Kind,
    /// Where its values are.
    pub(super) place: Place,
}

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Keyword,
    Int,
    Double,
    Bool,
    Datetime,
    KeywordList,
    /// A keyword, kept as a number.
    Status,
    /// An integer, nanoseconds, also written as a duration.
    Duration,
}

/// Where the values of an attribute are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// An expression over the row in `run`.
    Run {
        /// What is compared and sorted by.
        value: &'static str,
        /// What is null if the run has no value.
        null: &'static str,
    },
    /// This column of rows in `attribute`.
    Attribute(&'static str),
}

impl fmt::Display for Kind {
    /// The name of the type as the API has it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Text => "Text",
            Self::Keyword | Self::Status => "Keyword",
            Self::Int | Self::Duration => "Int",
            Self::Double => "Double",
            Self::Bool => "Bool",
            Self::Datetime => "Datetime",
            Self::KeywordList => "KeywordList",
        })
    }
}

/// Finds what a name stands for.
pub(super) fn resolve(name: &str, registry: &Registry) -> Result<Attribute, Error> {
    let found = match system(name) {
        Some((kind, value)) => Some((kind, run(value))),
        None if name == "CloseTime" => Some((
            Kind::Datetime,
            Place::Run {
                value: CLOSED,
                null: "run.close_time",
            },
        )),
        None if name == "StateTransitionCount" => {
            return Err(Error::unsupported(
                "search attribute 'StateTransitionCount': state transitions are not counted here",
            ));
        }
        None => registry
            .get(name)
            .copied()
            .or_else(|| predefined(name))
            .and_then(custom),
    };
    let Some((kind, place)) = found else {
        return Err(Error::invalid(format!(
            "column name '{name}' is not a valid search attribute"
        )));
    };
    Ok(Attribute {
        name: name.to_owned(),
        kind,
        place,
    })
}

fn run(value: &'static str) -> Place {
    Place::Run { value, null: value }
}

/// Attributes that every run has. As on a server, those about the history have a value once
/// the run is closed.
fn system(name: &str) -> Option<(Kind, &'static str)> {
    Some(match name {
        "WorkflowId" => (Kind::Keyword, "run.workflow_id"),
        "RunId" => (Kind::Keyword, "run.run_id"),
        "WorkflowType" => (Kind::Keyword, "run.workflow_type"),
        "TaskQueue" => (Kind::Keyword, "run.task_queue"),
        "ParentWorkflowId" => (Kind::Keyword, "run.parent_workflow_id"),
        "ParentRunId" => (Kind::Keyword, "run.parent_run_id"),
        "RootWorkflowId" => (Kind::Keyword, "run.root_workflow_id"),
        "RootRunId" => (Kind::Keyword, "run.root_run_id"),
        "ExecutionStatus" => (Kind::Status, "run.status"),
        "StartTime" => (Kind::Datetime, "run.start_time"),
        "ExecutionTime" => (Kind::Datetime, "run.execution_time"),
        "ExecutionDuration" => (Kind::Duration, "(run.close_time - run.execution_time)"),
        "HistoryLength" => (
            Kind::Int,
            "iif(run.close_time IS NULL, NULL, run.history_length)",
        ),
        "HistorySizeBytes" => (
            Kind::Int,
            "iif(run.close_time IS NULL, NULL, run.history_size)",
        ),
        _ => return None,
    })
}

/// Attributes that exist without being registered, and are kept like custom ones.
fn predefined(name: &str) -> Option<IndexedValueType> {
    Some(match name {
        "TemporalChangeVersion" | "BinaryChecksums" | "BuildIds" | "TemporalPauseInfo" => {
            IndexedValueType::KeywordList
        }
        "BatcherNamespace"
        | "BatcherUser"
        | "TemporalScheduledById"
        | "TemporalNamespaceDivision"
        | "TemporalWorkerDeployment"
        | "TemporalWorkerDeploymentVersion"
        | "TemporalWorkflowVersioningBehavior" => IndexedValueType::Keyword,
        "TemporalScheduledStartTime" => IndexedValueType::Datetime,
        "TemporalSchedulePaused" => IndexedValueType::Bool,
        _ => return None,
    })
}

fn custom(kind: IndexedValueType) -> Option<(Kind, Place)> {
    let (kind, column) = match kind {
        IndexedValueType::Unspecified => return None,
        IndexedValueType::Text => (Kind::Text, "text"),
        IndexedValueType::Keyword => (Kind::Keyword, "text"),
        IndexedValueType::KeywordList => (Kind::KeywordList, "text"),
        IndexedValueType::Int => (Kind::Int, "whole"),
        IndexedValueType::Bool => (Kind::Bool, "whole"),
        IndexedValueType::Datetime => (Kind::Datetime, "whole"),
        IndexedValueType::Double => (Kind::Double, "real"),
    };
    Some((kind, Place::Attribute(column)))
}
