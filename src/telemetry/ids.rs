//! What the ids of an epoch are called wherever something is logged: an id has one name, in
//! every line and in every form. Lines get them from the span that they are logged in, so
//! that no line has to think of them.

/// The epoch.
pub const EPOCH: &str = "epoch_id";
/// The workflow: an epoch, a slice's, a review's.
pub const WORKFLOW: &str = "workflow_id";
/// Its run.
pub const RUN: &str = "run_id";
/// The message.
pub const REQUEST: &str = "request_id";
/// The slice.
pub const SLICE: &str = "slice_id";
/// The trace, where spans are sent to a collector.
pub const TRACE: &str = "trace_id";

/// Adds an id to the span that is now, once it is known. The span must have a field of this
/// name, empty so far.
pub fn record(name: &str, value: &str) {
    if !value.is_empty() {
        tracing::Span::current().record(name, value);
    }
}
