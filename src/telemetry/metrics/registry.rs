//! Metrics by name, and their series by labels, in memory. It is bounded: beyond so many
//! series a new one is handed out and not kept, so that whoever can make up a label's
//! value cannot fill the process. How they are shown is `text`'s.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Series in all, and of one metric.
const SERIES: usize = 10_000;
const SERIES_OF_ONE: usize = 1_000;

/// What kind of metric it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// It sorts what it is given into buckets.
    Histogram,
}

/// Names of labels with their values.
pub(super) type Labels = Vec<(String, String)>;

/// The metrics.
#[derive(Debug, Default)]
pub struct Registry(Mutex<Families>);

#[derive(Debug, Default)]
pub(super) struct Families {
    pub(super) named: BTreeMap<String, Family>,
    series: usize,
    pub(super) dropped: u64,
}

#[derive(Debug)]
pub(super) struct Family {
    pub(super) kind: Kind,
    pub(super) help: String,
    pub(super) series: BTreeMap<Labels, Series>,
}

#[derive(Clone, Debug)]
pub(super) enum Series {
    Number(Number),
    Histogram(Histogram),
}

/// A number that several threads change; the bits of an `f64`.
#[derive(Clone, Debug, Default)]
pub(super) struct Number(Arc<AtomicU64>);

impl Number {
    pub(super) fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }

    fn set(&self, value: f64) {
        self.0.store(value.to_bits(), Ordering::Relaxed);
    }

    fn add(&self, change: f64) {
        let add = |bits| Some((f64::from_bits(bits) + change).to_bits());
        let relaxed = Ordering::Relaxed;
        // It never fails: the closure always has a value.
        let _ = self.0.fetch_update(relaxed, relaxed, add);
    }
}

/// A number that only grows.
#[derive(Clone, Debug)]
pub struct Counter(Number);

impl Counter {
    /// So many more. Numbers below zero, and none at all, change nothing.
    pub fn add(&self, more: f64) {
        if more > 0.0 {
            self.0.add(more);
        }
    }

    /// One more.
    pub fn increment(&self) {
        self.0.add(1.0);
    }

    /// What somebody else has counted.
    pub fn set(&self, value: f64) {
        self.0.set(value);
    }
}

/// A number that goes up and down.
#[derive(Clone, Debug)]
pub struct Gauge(Number);

impl Gauge {
    /// It is this now.
    pub fn set(&self, value: f64) {
        self.0.set(value);
    }

    /// It is so much more now, or less.
    pub fn add(&self, change: f64) {
        self.0.add(change);
    }
}

/// Values, sorted into buckets.
#[derive(Clone, Debug)]
pub struct Histogram {
    pub(super) bounds: Arc<[f64]>,
    buckets: Arc<Mutex<Buckets>>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Buckets {
    /// Values up to each bound and above the one before it, and those above all.
    pub(super) counts: Vec<u64>,
    pub(super) sum: f64,
}

impl Histogram {
    fn new(bounds: &[f64]) -> Self {
        let buckets = Buckets {
            counts: vec![0; bounds.len() + 1],
            sum: 0.0,
        };
        Self {
            bounds: bounds.into(),
            buckets: Arc::new(Mutex::new(buckets)),
        }
    }

    /// Takes a value in.
    pub fn record(&self, value: f64) {
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        let mut buckets = lock(&self.buckets);
        buckets.counts[bucket] += 1;
        buckets.sum += value;
    }

    pub(super) fn read(&self) -> Buckets {
        lock(&self.buckets).clone()
    }
}

impl Registry {
    /// The counter of this name and these labels, new or known.
    pub fn counter(&self, name: &str, help: &str, labels: Vec<(String, String)>) -> Counter {
        let new = || Series::Number(Number::default());
        match self.series(name, help, Kind::Counter, labels, new) {
            Series::Number(number) => Counter(number),
            Series::Histogram(_) => Counter(Number::default()),
        }
    }

    /// The gauge of this name and these labels, new or known.
    pub fn gauge(&self, name: &str, help: &str, labels: Vec<(String, String)>) -> Gauge {
        let new = || Series::Number(Number::default());
        match self.series(name, help, Kind::Gauge, labels, new) {
            Series::Number(number) => Gauge(number),
            Series::Histogram(_) => Gauge(Number::default()),
        }
    }

    /// The histogram of this name and these labels, new or known. A known one keeps its
    /// bounds, which have to be in order.
    pub fn histogram(
        &self,
        name: &str,
        help: &str,
        bounds: &[f64],
        labels: Vec<(String, String)>,
    ) -> Histogram {
        let new = || Series::Histogram(Histogram::new(bounds));
        match self.series(name, help, Kind::Histogram, labels, new) {
            Series::Histogram(histogram) => histogram,
            Series::Number(_) => Histogram::new(bounds),
        }
    }

    /// The series, made if it is not there. One that there is no place for, and one of a
    /// name that stands for another kind, works and is seen by nobody.
    fn series(
        &self,
        name: &str,
        help: &str,
        kind: Kind,
        mut labels: Labels,
        new: impl FnOnce() -> Series,
    ) -> Series {
        labels.sort();
        let mut all = self.lock();
        let Families {
            named,
            series,
            dropped,
        } = &mut *all;
        if !named.contains_key(name) {
            let family = Family {
                kind,
                help: help.to_owned(),
                series: BTreeMap::new(),
            };
            named.insert(name.to_owned(), family);
        }
        let Some(family) = named.get_mut(name).filter(|family| family.kind == kind) else {
            return new();
        };
        if let Some(known) = family.series.get(&labels) {
            return known.clone();
        }
        let made = new();
        if *series >= SERIES || family.series.len() >= SERIES_OF_ONE {
            *dropped += 1;
            return made;
        }
        *series += 1;
        family.series.insert(labels, made.clone());
        made
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Families> {
        lock(&self.0)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each is whole between any two changes, whoever panicked.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
