//! The SDK's metrics, taken in where ours are, so that one page has all. The SDK has an
//! exporter of its own; it is a second listener, which answers whoever connects for as long
//! as they like, so it is not used. Names are those that the exporter gives, and that
//! Temporal's documentation has, with seconds for times.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use temporalio_common::telemetry::metrics::{
    CoreMeter, Counter, CounterBase, Gauge, GaugeBase, GaugeF64, GaugeF64Base,
    Histogram as CoreHistogram, HistogramBase, HistogramDuration, HistogramDurationBase,
    HistogramF64, HistogramF64Base, MetricAttributable, MetricAttributes, MetricParameters,
    NewAttributes, OrderedPromLabelSet, TemporalMeter, UpDownCounter, UpDownCounterBase,
    WORKFLOW_E2E_LATENCY_HISTOGRAM_NAME,
};
use temporalio_common::telemetry::{TelemetryOptions, telemetry_init};

use crate::telemetry::metrics::{self, Histogram, names};

/// Bounds for what takes as long as people do: from a second to a month.
const LONG: [f64; 9] = [
    1.0,
    10.0,
    60.0,
    600.0,
    3_600.0,
    14_400.0,
    86_400.0,
    604_800.0,
    2_592_000.0,
];

/// What the SDK is told to record with.
pub(in crate::daemon) fn options() -> TelemetryOptions {
    let meter: Arc<dyn CoreMeter> = Arc::new(Meter);
    TelemetryOptions::builder().metrics(meter).build()
}

/// The same for a connection.
pub(in crate::daemon) fn of_connection() -> Option<TemporalMeter> {
    telemetry_init(options())
        .ok()
        .and_then(|telemetry| telemetry.get_temporal_metric_meter())
}

/// Everything into this process's registry.
#[derive(Debug)]
struct Meter;

/// A metric whose labels are not known yet.
struct Named {
    name: String,
    help: String,
}

impl Named {
    fn new(params: &MetricParameters, suffix: &str) -> Self {
        // No dashes in Prometheus' names; and a suffix that is there is not said twice.
        let name = params.name.replace('-', "_");
        let name = format!("{}{suffix}", name.strip_suffix(suffix).unwrap_or(&name));
        let help = if params.description.is_empty() {
            "Of Temporal's SDK.".to_owned()
        } else {
            params.description.to_string()
        };
        Self { name, help }
    }

    fn counter(&self, attributes: &MetricAttributes) -> metrics::Counter {
        metrics::registry().counter(&self.name, &self.help, labels(attributes))
    }

    fn gauge(&self, attributes: &MetricAttributes) -> metrics::Gauge {
        metrics::registry().gauge(&self.name, &self.help, labels(attributes))
    }

    fn histogram(&self, attributes: &MetricAttributes) -> Histogram {
        let bounds: &[f64] = if self.name.contains(WORKFLOW_E2E_LATENCY_HISTOGRAM_NAME) {
            &LONG
        } else {
            &names::SECONDS
        };
        metrics::registry().histogram(&self.name, &self.help, bounds, labels(attributes))
    }
}

fn labels(attributes: &MetricAttributes) -> Vec<(String, String)> {
    match attributes {
        MetricAttributes::Prometheus { labels } => labels
            .as_prom_labels()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        // Nobody else's labels come here.
        _ => Vec::new(),
    }
}

impl CoreMeter for Meter {
    fn new_attributes(&self, attribs: NewAttributes) -> MetricAttributes {
        let labels = Arc::new(OrderedPromLabelSet::from(attribs));
        MetricAttributes::Prometheus { labels }
    }

    fn extend_attributes(
        &self,
        existing: MetricAttributes,
        attribs: NewAttributes,
    ) -> MetricAttributes {
        let MetricAttributes::Prometheus { labels } = existing else {
            return self.new_attributes(attribs);
        };
        let mut labels = Arc::unwrap_or_clone(labels);
        for pair in attribs.attributes {
            labels.add_kv(pair);
        }
        let labels = Arc::new(labels);
        MetricAttributes::Prometheus { labels }
    }

    fn counter(&self, params: MetricParameters) -> Counter {
        Counter::new(Arc::new(Named::new(&params, "_total")))
    }

    fn histogram(&self, params: MetricParameters) -> CoreHistogram {
        CoreHistogram::new(Arc::new(Named::new(&params, "")))
    }

    fn histogram_f64(&self, params: MetricParameters) -> HistogramF64 {
        HistogramF64::new(Arc::new(Named::new(&params, "")))
    }

    fn histogram_duration(&self, params: MetricParameters) -> HistogramDuration {
        HistogramDuration::new(Arc::new(Named::new(&params, "_seconds")))
    }

    fn gauge(&self, params: MetricParameters) -> Gauge {
        Gauge::new(Arc::new(Named::new(&params, "")))
    }

    fn gauge_f64(&self, params: MetricParameters) -> GaugeF64 {
        GaugeF64::new(Arc::new(Named::new(&params, "")))
    }

    fn up_down_counter(&self, params: MetricParameters) -> UpDownCounter {
        UpDownCounter::new(Arc::new(Named::new(&params, "")))
    }
}

/// A metric with its labels. The SDK has a trait for each kind of number.
struct Bound<T>(T);

macro_rules! bound {
    ($base:ident, $with:ident, $kind:ty, $method:ident($value:ident: $number:ty) $record:expr) => {
        impl MetricAttributable<Box<dyn $base>> for Named {
            fn with_attributes(
                &self,
                attributes: &MetricAttributes,
            ) -> Result<Box<dyn $base>, Box<dyn Error>> {
                Ok(Box::new(Bound(self.$with(attributes))))
            }
        }

        impl $base for Bound<$kind> {
            fn $method(&self, $value: $number) {
                let record: fn(&$kind, $number) = $record;
                record(&self.0, $value);
            }
        }
    };
}

bound!(CounterBase, counter, metrics::Counter, adds(value: u64) |it, value| it.add(metrics::number(value)));
bound!(GaugeBase, gauge, metrics::Gauge, records(value: u64) |it, value| it.set(metrics::number(value)));
bound!(GaugeF64Base, gauge, metrics::Gauge, records(value: f64) |it, value| it.set(value));
bound!(HistogramBase, histogram, Histogram, records(value: u64) |it, value| it.record(metrics::number(value)));
bound!(HistogramF64Base, histogram, Histogram, records(value: f64) |it, value| it.record(value));
bound!(HistogramDurationBase, histogram, Histogram, records(value: Duration) |it, value| it.record(value.as_secs_f64()));
bound!(UpDownCounterBase, gauge, metrics::Gauge, adds(value: i64) |it, value| {
    let amount = metrics::number(value.unsigned_abs());
    it.add(if value < 0 { -amount } else { amount });
});

#[cfg(test)]
mod tests {
    use super::*;
    use temporalio_common::telemetry::metrics::MetricKeyValue;

    #[test]
    fn what_the_sdk_records_is_on_the_page_under_its_usual_name() {
        let meter = of_connection().unwrap();
        let attributes = meter.extend_attributes(
            meter.get_default_attributes().clone(),
            NewAttributes::new(vec![
                MetricKeyValue::new("task-queue", "a queue"),
                MetricKeyValue::new("worker", 7_i64),
            ]),
        );
        let params = |name: &'static str| MetricParameters::from(name);
        meter.counter(params("test_request")).add(2, &attributes);
        meter.counter(params("test_total")).add(1, &attributes);
        meter.gauge(params("test_slots")).record(5, &attributes);
        let poll = meter.up_down_counter(params("test_open"));
        poll.add(3, &attributes);
        poll.add(-1, &attributes);
        meter
            .histogram_duration(params("test_latency"))
            .record(Duration::from_millis(20), &attributes);
        let page = metrics::registry().text();
        let labels = r#"service_name="temporal-core-sdk",task_queue="a queue",worker="7""#;
        for line in [
            format!("temporal_test_request_total{{{labels}}} 2"),
            format!("temporal_test_total{{{labels}}} 1"),
            format!("temporal_test_slots{{{labels}}} 5"),
            format!("temporal_test_open{{{labels}}} 2"),
            format!("temporal_test_latency_seconds_sum{{{labels}}} 0.02"),
            format!("temporal_test_latency_seconds_bucket{{{labels},le=\"0.05\"}} 1"),
            format!("temporal_test_latency_seconds_bucket{{{labels},le=\"0.01\"}} 0"),
        ] {
            assert!(page.lines().any(|there| there == line), "{line}\n{page}");
        }
    }
}
