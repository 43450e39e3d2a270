//! The registry as Prometheus reads it: its text format, version 0.0.4.

use std::fmt::Write as _;

use super::names;
use super::registry::{Buckets, Histogram, Kind, Registry, Series};

/// The media type of the page.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

impl Registry {
    /// All metrics that have a series, in the order of their names.
    pub fn text(&self) -> String {
        let dropped = &names::SERIES_DROPPED;
        let kept = self.counter(dropped.name, dropped.help, Vec::new());
        let all = self.lock();
        // A count of so many would have filled the memory before.
        kept.set(u32::try_from(all.dropped).unwrap_or(u32::MAX).into());
        let mut page = String::new();
        for (name, family) in &all.named {
            if family.series.is_empty() {
                continue;
            }
            let kind = match family.kind {
                Kind::Counter => "counter",
                Kind::Gauge => "gauge",
                Kind::Histogram => "histogram",
            };
            let help = family.help.replace('\\', "\\\\").replace('\n', "\\n");
            // Writing to a text does not fail, here and below.
            let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, series) in &family.series {
                match series {
                    Series::Number(number) => {
                        sample(&mut page, name, labels, None, &number.get().to_string());
                    }
                    Series::Histogram(histogram) => buckets(&mut page, name, labels, histogram),
                }
            }
        }
        page
    }
}

fn buckets(page: &mut String, name: &str, labels: &[(String, String)], histogram: &Histogram) {
    let Buckets { counts, sum } = histogram.read();
    let bounds = histogram.bounds.iter().map(ToString::to_string);
    let bounds = bounds.chain(["+Inf".to_owned()]);
    let bucket = format!("{name}_bucket");
    let mut so_far = 0;
    for (bound, count) in bounds.zip(counts) {
        so_far += count;
        sample(page, &bucket, labels, Some(&bound), &so_far.to_string());
    }
    sample(page, &format!("{name}_sum"), labels, None, &sum.to_string());
    let count = so_far.to_string();
    sample(page, &format!("{name}_count"), labels, None, &count);
}

fn sample(
    page: &mut String,
    name: &str,
    labels: &[(String, String)],
    bound: Option<&str>,
    value: &str,
) {
    page.push_str(name);
    let labels = labels.iter().map(|(name, value)| (&**name, &**value));
    let mut mark = '{';
    for (label, value) in labels.chain(bound.map(|bound| ("le", bound))) {
        let _ = write!(page, "{mark}{label}=\"");
        for c in value.chars() {
            match c {
                '\\' => page.push_str("\\\\"),
                '"' => page.push_str("\\\""),
                '\n' => page.push_str("\\n"),
                c => page.push(c),
            }
        }
        page.push('"');
        mark = ',';
    }
    if mark == ',' {
        page.push('}');
    }
    let _ = writeln!(page, " {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn it_is_shown_as_prometheus_reads_it() {
        let registry = Registry::default();
        let two = registry.counter("b_total", "Two\nlines.", labels(&[("z", "1"), ("a", "x")]));
        two.add(2.0);
        two.add(-1.0);
        registry.counter("b_total", "", Vec::new()).increment();
        registry
            .gauge("c", "", labels(&[("q", "a\\b\"c\nd")]))
            .add(-0.5);
        let times = registry.histogram("a_seconds", "Times.", &[0.1, 1.0], labels(&[("k", "v")]));
        for value in [0.05, 0.1, 0.5, 7.0] {
            times.record(value);
        }
        // The same series, however its labels are ordered.
        registry
            .counter("b_total", "", labels(&[("a", "x"), ("z", "1")]))
            .increment();
        assert_eq!(
            registry.text(),
            "# HELP a_seconds Times.\n\
             # TYPE a_seconds histogram\n\
             a_seconds_bucket{k=\"v\",le=\"0.1\"} 2\n\
             a_seconds_bucket{k=\"v\",le=\"1\"} 3\n\
             a_seconds_bucket{k=\"v\",le=\"+Inf\"} 4\n\
             a_seconds_sum{k=\"v\"} 7.65\n\
             a_seconds_count{k=\"v\"} 4\n\
             # HELP aura_metric_series_dropped_total Series that were not kept since there were \
             too many.\n\
             # TYPE aura_metric_series_dropped_total counter\n\
             aura_metric_series_dropped_total 0\n\
             # HELP b_total Two\\nlines.\n\
             # TYPE b_total counter\n\
             b_total 1\n\
             b_total{a=\"x\",z=\"1\"} 3\n\
             # HELP c \n\
             # TYPE c gauge\n\
             c{q=\"a\\\\b\\\"c\\nd\"} -0.5\n"
        );
    }

    #[test]
    fn made_up_values_of_a_label_do_not_fill_it() {
        let registry = Registry::default();
        for number in 0..5_000 {
            let value = number.to_string();
            let counter = registry.counter("many_total", "", labels(&[("id", &value)]));
            // It works, though nobody sees it.
            counter.increment();
        }
        let page = registry.text();
        let kept = page.lines().filter(|line| line.starts_with("many_total{"));
        assert_eq!(kept.count(), 1_000);
        assert!(
            page.contains("\naura_metric_series_dropped_total 4000\n"),
            "{page}"
        );
        // What is kept goes on.
        registry
            .counter("many_total", "", labels(&[("id", "7")]))
            .increment();
        assert!(registry.text().contains("many_total{id=\"7\"} 2\n"));
    }

    #[test]
    fn a_name_of_another_kind_is_no_series_of_it() {
        let registry = Registry::default();
        registry.gauge("x", "", Vec::new()).set(1.0);
        registry.counter("x", "", Vec::new()).increment();
        registry.histogram("x", "", &[1.0], Vec::new()).record(2.0);
        assert!(registry.text().ends_with("# TYPE x gauge\nx 1\n"));
    }

    #[test]
    fn every_name_of_ours_is_used_once_and_as_prometheus_wants_it() {
        let mut seen = std::collections::BTreeSet::new();
        for metric in names::ALL {
            assert!(seen.insert(metric.name), "{} is there twice", metric.name);
            assert!(metric.help.ends_with('.'), "{}", metric.name);
            let is_total = metric.name.ends_with("_total");
            assert_eq!(is_total, metric.kind == Kind::Counter, "{}", metric.name);
            if metric.kind == Kind::Histogram {
                assert!(metric.name.ends_with("_seconds"), "{}", metric.name);
            }
        }
    }
}
