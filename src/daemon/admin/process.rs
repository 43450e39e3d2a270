//! What the system knows of this process, under the names that every program has for it.
//! Where it doesn't tell, there are no such metrics.

use std::fs;

use rustix::param::{clock_ticks_per_second, page_size};
use rustix::process::{Resource, getrlimit};

use crate::telemetry::metrics::{self, names};

/// Looks, and sets the numbers.
pub(super) fn look() {
    if let Some(limit) = getrlimit(Resource::Nofile).current {
        metrics::gauge(&names::MOST_FILES, &[]).set(metrics::number(limit));
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        // One of them is the folder that is read.
        let open = open.count().saturating_sub(1) as u64;
        metrics::gauge(&names::OPEN_FILES, &[]).set(metrics::number(open));
    }
    let Some(stat) = fs::read_to_string("/proc/self/stat")
        .ok()
        .and_then(|stat| Stat::read(&stat))
    else {
        return;
    };
    let ticks = metrics::number(clock_ticks_per_second());
    metrics::counter(&names::CPU, &[]).set(metrics::number(stat.ticks) / ticks);
    let bytes = stat.pages.saturating_mul(page_size() as u64);
    metrics::gauge(&names::RESIDENT, &[]).set(metrics::number(bytes));
    if let Some(booted) = booted() {
        let started = metrics::number(booted) + metrics::number(stat.started) / ticks;
        metrics::gauge(&names::STARTED, &[]).set(started);
    }
}

/// When the system started, in Unix time.
fn booted() -> Option<u64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    line.trim().parse().ok()
}

/// What is of use of `/proc/self/stat`.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    /// Processor time, user and system, in ticks.
    ticks: u64,
    /// Its start, in ticks since the system's.
    started: u64,
    /// Resident memory, in pages.
    pages: u64,
}

impl Stat {
    /// The program's name is in brackets and may have anything in it; behind it, the fields
    /// are numbered from 3 on (`proc_pid_stat(5)`).
    fn read(stat: &str) -> Option<Self> {
        let (_, behind) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = behind.split_ascii_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        Some(Self {
            ticks: field(14)? + field(15)?,
            started: field(22)?,
            pages: field(24)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_brackets_is_no_field() {
        let stat = "1 (a) b (c) R 1 1 1 0 -1 4194304 1 0 0 0 70 30 0 0 20 0 4 0 9000 1 250 1";
        assert_eq!(
            Stat::read(stat),
            Some(Stat {
                ticks: 100,
                started: 9000,
                pages: 250,
            })
        );
        assert_eq!(Stat::read("1 (a) R 1"), None);
        assert_eq!(Stat::read(""), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_known() {
        look();
        let page = metrics::registry().text();
        for name in ["process_resident_memory_bytes", "process_open_fds"] {
            let line = page.lines().find_map(|line| line.strip_prefix(name));
            let value: f64 = line.unwrap().trim().parse().unwrap();
            assert!(value > 0.0, "{name} {value}");
        }
        let started = page
            .lines()
            .find_map(|line| line.strip_prefix("process_start_time_seconds "));
        let started: f64 = started.unwrap().parse().unwrap();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let age = now.unwrap().as_secs_f64() - started;
        assert!((-5.0..86_400.0).contains(&age), "{age}");
    }
}
