//! How spans get to the collector: OTLP over gRPC. A daemon sends them as they come, in the
//! background; a command keeps them and sends them at its end, for which it has little
//! time. A collector that is away costs spans and nothing else. What the `OTEL_` variables
//! say of headers, time limits, compression, batches, sampling and the resource holds.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::tonic_types::transport::{Certificate, ClientTlsConfig};
use opentelemetry_otlp::{SpanExporter as Otlp, WithExportConfig as _, WithTonicConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};
use opentelemetry_sdk::trace::{
    BatchSpanProcessor, SdkTracerProvider, Span, SpanData, SpanExporter, SpanProcessor,
};

use super::{SCOPE, set};

/// How long a daemon that ends waits for its last spans to be sent.
const FAREWELL: Duration = Duration::from_secs(2);

/// Where spans go, and whose they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    /// Its address, with `http://` or `https://`.
    pub endpoint: String,
    /// Who has to have signed its certificate, in PEM; the system's authorities if nobody
    /// says.
    pub authority: Option<Vec<u8>>,
    /// What the program is called where the environment does not say.
    pub program: &'static str,
    /// What tells this process from others like it.
    pub instance: String,
}

/// Why spans do not get there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("spans cannot be sent to {endpoint}: {why}")]
pub struct NotExported {
    /// The collector.
    pub endpoint: String,
    /// What is wrong.
    pub why: String,
}

impl Collector {
    /// Sends spans there as they come. It wants to be called inside the runtime that is to
    /// send them.
    pub fn export(&self) -> Result<Exporting, NotExported> {
        let told = Told {
            exporter: self.exporter()?,
            endpoint: self.endpoint.clone(),
            is_lost: AtomicBool::new(false),
        };
        let provider = self.provider(BatchSpanProcessor::builder(told).build());
        Ok(Exporting(provider))
    }

    /// Keeps spans for the end.
    pub fn keep(self) -> Keeping {
        let kept = Kept::default();
        let provider = self.provider(kept.clone());
        Keeping {
            collector: self,
            kept,
            _provider: provider,
        }
    }

    fn provider(&self, processor: impl SpanProcessor + 'static) -> SdkTracerProvider {
        let provider = SdkTracerProvider::builder()
            .with_span_processor(processor)
            .with_resource(self.resource())
            .build();
        set(provider.tracer(SCOPE));
        provider
    }

    fn resource(&self) -> Resource {
        let name = std::env::var("OTEL_SERVICE_NAME").ok();
        let name = name.filter(|name| !name.is_empty());
        let mut attributes = vec![
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", self.instance.clone()),
        ];
        let own = KeyValue::new("service.name", self.program);
        let resource = Resource::builder_empty()
            .with_attribute(own)
            .with_detector(Box::new(TelemetryResourceDetector))
            .with_detector(Box::new(EnvResourceDetector::new()));
        attributes.extend(name.map(|name| KeyValue::new("service.name", name)));
        resource.with_attributes(attributes).build()
    }

    fn exporter(&self) -> Result<Otlp, NotExported> {
        let mut builder = Otlp::builder()
            .with_tonic()
            .with_endpoint(self.endpoint.clone());
        if self.endpoint.starts_with("https:") {
            let tls = ClientTlsConfig::new();
            builder = builder.with_tls_config(match &self.authority {
                Some(pem) => tls.ca_certificate(Certificate::from_pem(pem)),
                None => tls.with_enabled_roots(),
            });
        }
        builder.build().map_err(|error| NotExported {
            endpoint: self.endpoint.clone(),
            why: error.to_string(),
        })
    }
}

/// Spans that are sent as they come.
#[must_use = "what is not sent yet is lost without its end"]
#[derive(Debug)]
pub struct Exporting(SdkTracerProvider);

impl Exporting {
    /// Sends what is left, as far as there is time for it.
    pub async fn end(self) {
        let ending = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(FAREWELL));
        // Whoever could be told is told by the exporter.
        let _ = tokio::time::timeout(FAREWELL, ending).await;
    }
}

/// Spans that are kept for the end.
#[must_use = "spans are lost that are not sent"]
pub struct Keeping {
    collector: Collector,
    kept: Kept,
    _provider: SdkTracerProvider,
}

impl Keeping {
    /// Sends what has ended, within this time or not at all.
    pub async fn send(self, limit: Duration) -> Result<(), NotExported> {
        let spans = std::mem::take(&mut *self.kept.spans());
        if spans.is_empty() {
            return Ok(());
        }
        let mut exporter = self.collector.exporter()?;
        exporter.set_resource(&self.collector.resource());
        let failed = |why: String| NotExported {
            endpoint: self.collector.endpoint.clone(),
            why,
        };
        match tokio::time::timeout(limit, exporter.export(spans)).await {
            Ok(sent) => sent.map_err(|error| failed(error.to_string())),
            Err(_) => Err(failed(format!("no answer within {limit:?}"))),
        }
    }
}

/// Spans that have ended.
#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<Vec<SpanData>>>);

impl Kept {
    fn spans(&self) -> std::sync::MutexGuard<'_, Vec<SpanData>> {
        // The list is whole whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SpanProcessor for Kept {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() {
            self.spans().push(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// An exporter that says on the log when spans begin to be lost, and when no more are.
struct Told {
    exporter: Otlp,
    endpoint: String,
    is_lost: AtomicBool,
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told").finish_non_exhaustive()
    }
}

impl SpanExporter for Told {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let sent = self.exporter.export(batch).await;
        let was_lost = self.is_lost.swap(sent.is_err(), Ordering::Relaxed);
        let endpoint = self.endpoint.as_str();
        match &sent {
            Err(error) if !was_lost => {
                tracing::warn!(endpoint, %error, "spans are lost until the collector takes them");
            }
            Ok(()) if was_lost => tracing::info!(endpoint, "the collector takes spans again"),
            Ok(()) | Err(_) => {}
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
