//! What a span is a part of, as it travels: W3C trace context, in a header of Temporal's
//! under the key that its SDKs use for it, or in variables of the environment.

use std::collections::HashMap;

use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use opentelemetry_sdk::propagation::TraceContextPropagator;

/// A span, perhaps of another process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(SpanContext);

impl Origin {
    pub(super) fn of(span: &SpanContext) -> Option<Self> {
        span.is_valid().then(|| Self(span.clone()))
    }

    /// Reads a header: an object of texts. What makes no sense is none.
    pub fn read(header: &[u8]) -> Option<Self> {
        Self::carried(&serde_json::from_slice(header).ok()?)
    }

    /// Reads what a caller left in the environment, `TRACEPARENT` and `TRACESTATE`.
    pub fn of_caller(parent: Option<String>, state: Option<String>) -> Option<Self> {
        let fields = [("traceparent", parent), ("tracestate", state)];
        let fields = fields.into_iter();
        let carried = fields.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Self::carried(&carried.collect())
    }

    /// As a header.
    pub fn header(&self) -> Vec<u8> {
        let mut carried = HashMap::<String, String>::new();
        TraceContextPropagator::new().inject_context(&self.context(), &mut carried);
        // A map of texts is always JSON.
        serde_json::to_vec(&carried).unwrap_or_default()
    }

    pub(super) fn context(&self) -> Context {
        Context::new().with_remote_span_context(self.0.clone())
    }

    fn carried(carried: &HashMap<String, String>) -> Option<Self> {
        let context = TraceContextPropagator::new().extract_with_context(&Context::new(), carried);
        Self::of(context.span().span_context())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_header_is_what_temporals_sdks_write() {
        let header = format!(r#"{{"traceparent":"{PARENT}","tracestate":"a=b"}}"#);
        let origin = Origin::read(header.as_bytes()).unwrap();
        let written: HashMap<String, String> = serde_json::from_slice(&origin.header()).unwrap();
        assert_eq!(written["traceparent"], PARENT);
        assert_eq!(written["tracestate"], "a=b");
        assert_eq!(Origin::read(&origin.header()), Some(origin));
    }

    #[test]
    fn what_makes_no_sense_is_none() {
        for header in [
            "",
            "{}",
            "[]",
            "7",
            "{\"traceparent\":\"\"}",
            "{\"traceparent\":7}",
            "{\"traceparent\":\"00-00000000000000000000000000000000-b7ad6b7169203331-01\"}",
            "{\"traceparent\":\"zz-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"}",
        ] {
            assert_eq!(Origin::read(header.as_bytes()), None, "{header}");
        }
        assert_eq!(Origin::of_caller(None, Some("a=b".to_owned())), None);
        assert!(Origin::of_caller(Some(PARENT.to_owned()), None).is_some());
    }
}
