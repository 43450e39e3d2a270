//! The log as JSON: one object per line, flat. First when, how bad, from where and what;
//! then the fields of the spans that the line is logged in, outermost first, and its own.
//! Of a name that comes twice the innermost counts.

use std::fmt;
use std::io::{self, Write};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope};

const TIMESTAMP: &str = "timestamp";
const LEVEL: &str = "level";
const TARGET: &str = "target";
const MESSAGE: &str = "message";

/// What every line begins with. A field that is called like one of these gets a
/// `field.` before its name.
const OURS: [&str; 4] = [TIMESTAMP, LEVEL, TARGET, MESSAGE];

/// Writes lines.
pub(super) struct Json<Open>(Open);

impl<W: Write, Open: Fn() -> W + Send + Sync + 'static> Json<Open> {
    /// Writes to what this opens for each line.
    pub(super) const fn new(open: Open) -> Self {
        Self(open)
    }
}

/// The fields of a span, kept with it.
struct OfSpan(Fields);

impl<S, W, Open> Layer<S> for Json<Open>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: Write,
    Open: Fn() -> W + Send + Sync + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(OfSpan(fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(OfSpan(fields)) = span.extensions_mut().get_mut()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut own = Fields::default();
        event.record(&mut own);
        let metadata = event.metadata();
        // Lines of crates that log in the other way say themselves where they are from.
        let target = own.target.as_deref().unwrap_or_else(|| metadata.target());
        let mut line = Map::new();
        line.insert(TIMESTAMP.to_owned(), now().into());
        line.insert(LEVEL.to_owned(), metadata.level().as_str().into());
        line.insert(TARGET.to_owned(), target.into());
        line.insert(MESSAGE.to_owned(), own.message.into());
        for span in context
            .event_scope(event)
            .into_iter()
            .flat_map(Scope::from_root)
        {
            if let Some(OfSpan(fields)) = span.extensions().get() {
                line.extend(fields.named.clone());
            }
        }
        line.extend(own.named);
        let Ok(mut bytes) = serde_json::to_vec(&line) else {
            return;
        };
        bytes.push(b'\n');
        // Nobody can be told if it cannot be written. It is one write, so that lines of
        // several threads do not mix.
        let _: io::Result<()> = (self.0)().write_all(&bytes);
    }
}

/// The moment, in UTC, as RFC 3339 has it.
fn now() -> String {
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = SystemTime.format_time(&mut Writer::new(&mut text));
    text
}

/// Fields as JSON.
#[derive(Default)]
struct Fields {
    message: String,
    target: Option<String>,
    named: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        let name = field.name();
        match name.strip_prefix("r#").unwrap_or(name) {
            "log.target" => self.target = value.as_str().map(ToOwned::to_owned),
            name if name.starts_with("log.") => {}
            MESSAGE => {
                self.message = match value {
                    Value::String(text) => text,
                    other => other.to_string(),
                }
            }
            name if OURS.contains(&name) => {
                self.named.insert(format!("field.{name}"), value);
            }
            name => {
                self.named.insert(name.to_owned(), value);
            }
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no word for what is no number.
        let number = serde_json::Number::from_f64(value);
        self.put(
            field,
            number.map_or_else(|| value.to_string().into(), Value::Number),
        );
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests;
