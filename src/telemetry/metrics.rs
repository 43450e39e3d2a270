//! What is counted and measured in this process, on one registry: ours, by the functions
//! here, and the SDK's. Each is in `names`, with its meaning; how they are shown is
//! `text`'s. Nothing here says where a number comes from, and nothing waits.
//!
//! Code that is replayed says itself when it is live: what is counted is counted then
//! only. What stands for a state, as the slices of an epoch do, is right after a replay,
//! too.

pub mod names;
mod registry;
mod text;

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use names::Metric;
pub use registry::{Counter, Gauge, Histogram, Kind, Registry};
pub use text::MEDIA_TYPE;

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::default);

/// The registry of this process.
pub fn registry() -> &'static Registry {
    &REGISTRY
}

/// A counter of ours, with the values of its labels.
pub fn counter(metric: &Metric, values: &[&str]) -> Counter {
    REGISTRY.counter(metric.name, metric.help, metric.labels(values))
}

/// A gauge of ours, with the values of its labels.
pub fn gauge(metric: &Metric, values: &[&str]) -> Gauge {
    REGISTRY.gauge(metric.name, metric.help, metric.labels(values))
}

/// A histogram of ours, in seconds, with the values of its labels.
pub fn histogram(metric: &Metric, values: &[&str]) -> Histogram {
    let labels = metric.labels(values);
    REGISTRY.histogram(metric.name, metric.help, &names::SECONDS, labels)
}

/// When something began that is to be measured.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// It begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// An effect of this kind is done, so long after its message was applied.
pub fn effect_done(effect: &str, since: Stopwatch) {
    histogram(&names::EFFECT_LATENCY, &[effect]).record(since.elapsed().as_secs_f64());
}

/// What one epoch adds to the numbers of this process while it is in memory.
#[derive(Debug, Default)]
pub struct InMemory {
    backlog: usize,
    slices: Vec<(&'static str, usize)>,
}

impl InMemory {
    /// So many audit events wait to be written, and so many slices are in each state.
    pub fn set(&mut self, backlog: usize, slices: Vec<(&'static str, usize)>) {
        if backlog != self.backlog {
            let change = amount(backlog) - amount(self.backlog);
            gauge(&names::AUDIT_BACKLOG, &[]).add(change);
            self.backlog = backlog;
        }
        if slices != self.slices {
            for (counts, sign) in [(&self.slices, -1.0), (&slices, 1.0)] {
                for (state, count) in counts {
                    gauge(&names::SLICES, &[state]).add(sign * amount(*count));
                }
            }
            self.slices = slices;
        }
    }
}

impl Drop for InMemory {
    fn drop(&mut self) {
        self.set(0, Vec::new());
    }
}

/// A whole number as the registry keeps numbers.
#[expect(
    clippy::cast_precision_loss,
    reason = "beyond 2^53 the last digits do not matter"
)]
pub const fn number(value: u64) -> f64 {
    value as f64
}

/// A count as the registry keeps numbers. None of ours comes near where this would round.
fn amount(count: usize) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}
