//! Spans: what this process does and for how long, for an OpenTelemetry collector if one is
//! asked for; and how a span tells another process that what it does is part of it. Where
//! nobody asks for a collector, beginning a span is one look at a cell. How spans get to the
//! collector is `export`'s.

mod export;
mod origin;

pub use export::{Collector, Exporting, Keeping, NotExported};
pub use origin::Origin;

use std::fmt;
use std::sync::OnceLock;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Span as _, SpanBuilder, SpanKind, Status, Tracer as _};
use opentelemetry_sdk::trace::{SdkTracer, Span as Recorded};

/// The scope that spans are from.
const SCOPE: &str = "aura";

static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Attributes that Temporal's own SDKs give their spans, under their names.
pub const WORKFLOW: &str = "temporalWorkflowID";
/// The run.
pub const RUN: &str = "temporalRunID";
/// The activity.
pub const ACTIVITY: &str = "temporalActivityID";
/// The epoch.
pub const EPOCH: &str = "aura.epoch_id";
/// The slice.
pub const SLICE: &str = "aura.slice_id";
/// The message.
pub const REQUEST: &str = "aura.request_id";

/// Which end of a call something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The one that asks.
    Asking,
    /// The one that does it.
    Doing,
}

/// Something that takes its time; until it is dropped. It may be nothing.
#[derive(Debug, Default)]
pub struct Span(Option<Recorded>);

/// Whether spans are wanted.
pub fn is_on() -> bool {
    TRACER.get().is_some()
}

impl Span {
    /// Begins `what`, of which `subject` is done, if spans are wanted: a part of the origin,
    /// or a trace of its own. Attributes without a value are left out.
    pub fn begin(
        end: End,
        what: &str,
        subject: &str,
        origin: Option<&Origin>,
        attributes: &[(&'static str, Option<&str>)],
    ) -> Self {
        let Some(tracer) = TRACER.get() else {
            return Self::default();
        };
        let parent = origin.map(Origin::context).unwrap_or_default();
        let attributes = attributes.iter().filter_map(|(name, value)| {
            let value = value.filter(|value| !value.is_empty())?;
            Some(KeyValue::new(*name, value.to_owned()))
        });
        let name = if subject.is_empty() {
            what.to_owned()
        } else {
            format!("{what}:{subject}")
        };
        let builder = SpanBuilder::from_name(name)
            .with_kind(match end {
                End::Asking => SpanKind::Client,
                End::Doing => SpanKind::Server,
            })
            .with_attributes(attributes);
        Self(Some(tracer.build_with_context(builder, &parent)))
    }

    /// What is done elsewhere as a part of this.
    pub fn origin(&self) -> Option<Origin> {
        Origin::of(self.0.as_ref()?.span_context())
    }

    /// The trace, as the collector calls it.
    pub fn trace_id(&self) -> Option<String> {
        let span = self.0.as_ref()?;
        Some(span.span_context().trace_id().to_string())
    }

    /// Adds what is known by now.
    pub fn note(&mut self, name: &'static str, value: &str) {
        if let Some(span) = &mut self.0 {
            span.set_attribute(KeyValue::new(name, value.to_owned()));
        }
    }

    /// It came to nothing.
    pub fn fail(&mut self, why: &dyn fmt::Display) {
        if let Some(span) = &mut self.0 {
            span.set_status(Status::error(why.to_string()));
        }
    }
}

/// Spans are wanted from now on. A second call, as in tests, leaves the first in place.
fn set(tracer: SdkTracer) {
    let _ = TRACER.set(tracer);
}
