//! Every metric of ours: its name, what it means, its labels. `docs/operations.md` lists
//! them, and a test holds that list to this one. Names are Prometheus': seconds and bytes,
//! `_total` for what only grows. Labels have few values, all known beforehand.

use super::registry::Kind;

/// A metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What kind it is.
    pub kind: Kind,
    /// What it means, in one line.
    pub help: &'static str,
    /// The names of its labels.
    pub labels: &'static [&'static str],
}

impl Metric {
    /// The labels with these values, in the order of the names.
    pub(super) fn labels(&self, values: &[&str]) -> Vec<(String, String)> {
        debug_assert_eq!(self.labels.len(), values.len(), "{}", self.name);
        let pairs = self.labels.iter().zip(values);
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }
}

/// Upper bounds of the buckets of times, in seconds.
pub const SECONDS: [f64; 12] = [
    0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0,
];

macro_rules! metrics {
    ($($(#[$meta:meta])* $id:ident = $kind:ident $name:literal [$($label:literal),*] $help:literal;)+) => {
        $(
            #[doc = $help]
            $(#[$meta])*
            pub const $id: Metric = Metric {
                name: $name,
                kind: Kind::$kind,
                help: $help,
                labels: &[$($label),*],
            };
        )+

        /// All of them.
        pub const ALL: &[Metric] = &[$($id),+];
    };
}

metrics! {
    BUILD_INFO = Gauge "aura_build_info" ["version", "rules_version"]
        "Always 1: which aurad this is, and the newest rules it knows.";
    READY = Gauge "aura_ready" []
        "Whether /readyz answers 200.";
    DEPENDENCY_UP = Gauge "aura_dependency_up" ["dependency"]
        "Whether what aurad depends on works, as /readyz has it.";
    EPOCHS = Gauge "aura_epochs" ["phase"]
        "Open epochs of the namespace in each phase, as the server's index has them.";
    EPOCHS_OPEN = Gauge "aura_epochs_open" []
        "Open epochs of the namespace, also those without search attributes.";
    SLICES_OPEN = Gauge "aura_slices_open" []
        "Slices of the namespace that are being carried out, as the server's index has them.";
    COUNTED = Gauge "aura_counted_timestamp_seconds" []
        "When open epochs and slices were counted last, in Unix time.";
    COUNT_FAILURES = Counter "aura_count_failures_total" []
        "Rounds of counting open epochs and slices that failed.";
    MESSAGES_APPLIED = Counter "aura_messages_applied_total" ["kind"]
        "Messages to epochs that were applied here.";
    MESSAGES_REFUSED = Counter "aura_messages_refused_total" ["kind", "code"]
        "Messages to epochs that the rules refused here, with the refusal's code.";
    MESSAGES_REPEATED = Counter "aura_messages_repeated_total" ["kind"]
        "Messages to epochs that had come before under their request id, and changed nothing.";
    SLICES = Gauge "aura_slices" ["state"]
        "Declared slices of the epochs in this daemon's memory, by state.";
    EFFECT_LATENCY = Histogram "aura_effect_latency_seconds" ["effect"]
        "From when a message was applied until an effect of it was done.";
    AUDIT_BACKLOG = Gauge "aura_audit_backlog_events" []
        "Audit events that wait to be written, of the epochs in this daemon's memory.";
    AUDIT_WRITTEN = Counter "aura_audit_events_written_total" []
        "Audit events that this daemon wrote; one that was there already does not count.";
    AUDIT_FAILURES = Counter "aura_audit_write_failures_total" []
        "Writes to the audit trail that failed; each is tried again.";
    SERIES_DROPPED = Counter "aura_metric_series_dropped_total" []
        "Series that were not kept since there were too many.";
    RESIDENT = Gauge "process_resident_memory_bytes" []
        "Resident memory of the process.";
    CPU = Counter "process_cpu_seconds_total" []
        "Processor time of the process, user and system.";
    OPEN_FILES = Gauge "process_open_fds" []
        "Open files and connections of the process.";
    MOST_FILES = Gauge "process_max_fds" []
        "How many files and connections it may have open.";
    STARTED = Gauge "process_start_time_seconds" []
        "When the process started, in Unix time.";
}
