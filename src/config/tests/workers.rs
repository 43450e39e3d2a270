//! The settings of the workers: what each of them takes, and the sentence that refuses the
//! rest.

use super::{User, refused, row};
use crate::config::aurad::{Flags, WorkerFlags, WorkerVersioning};

/// What one flag means, or what is wrong with it.
fn shown(key: &str, set: impl FnOnce(&mut WorkerFlags)) -> Result<String, String> {
    let mut flags = Flags::default();
    set(&mut flags.worker);
    User::new()
        .aurad_with(flags)
        .map(|settings| row(&settings.describe(), key).0)
        .map_err(|error| error.what())
}

#[test]
fn a_cache_holds_something() {
    let cached = |text: &str| {
        shown("max_cached_workflows", |flags| {
            flags.max_cached_workflows = Some(text.into());
        })
    };
    for (text, count) in [("1", "1"), ("0200", "200"), ("1000000", "1000000")] {
        assert_eq!(cached(text).as_deref(), Ok(count));
    }
    for text in ["", "0", "-1", "+1", "1.5", "1000001", "many", "auto"] {
        let what = format!("--max-cached-workflows '{text}' is no number for this");
        assert_eq!(cached(text), Err(what));
    }
}

#[test]
fn workflows_take_two_of_what_waits_for_them() {
    let tasks = |text: &str| {
        shown("max_concurrent_workflow_tasks", |flags| {
            flags.max_concurrent_workflow_tasks = Some(text.into());
        })
    };
    assert_eq!(tasks("2").as_deref(), Ok("2"));
    assert!(tasks("1").is_err());
    let polls = |text: &str| {
        shown("max_concurrent_workflow_task_polls", |flags| {
            flags.max_concurrent_workflow_task_polls = Some(text.into());
        })
    };
    assert_eq!(polls("2").as_deref(), Ok("2"));
    assert_eq!(polls("auto").as_deref(), Ok("auto"));
    assert!(polls("1").is_err() && polls("Auto").is_err());
    assert_eq!(
        refused("[aurad]\nmax_concurrent_workflow_task_polls = 1\n"),
        [
            "FILE:2: max_concurrent_workflow_task_polls in [aurad] '1' is no number of polls",
            "it is auto, or a whole number from 2 to 1000000: one is for the runs that are \
             cached, which the worker polls apart",
            "correct line 2 of FILE: write 5, for example",
        ]
    );
    let activities = |text: &str| {
        shown("max_concurrent_activity_task_polls", |flags| {
            flags.max_concurrent_activity_task_polls = Some(text.into());
        })
    };
    assert_eq!(activities("1").as_deref(), Ok("1"));
    assert!(activities("0").is_err());
}

#[test]
fn rates_are_numbers_and_never_none() {
    let rate = |text: &str| {
        shown("max_activities_per_second", |flags| {
            flags.max_activities_per_second = Some(text.into());
        })
    };
    for (text, meant) in [
        ("50", "50"),
        ("0.5", "0.5"),
        ("0.001", "0.001"),
        ("1.500", "1.5"),
        ("1000000", "1000000"),
        ("unlimited", "unlimited"),
    ] {
        assert_eq!(rate(text).as_deref(), Ok(meant), "{text}");
    }
    for text in [
        "",
        "0",
        "0.0",
        "-1",
        "1e3",
        "nan",
        "inf",
        ".5",
        "0.0001",
        "1000000.001",
        "1.",
        "1.2.3",
        "99999999999999999999",
    ] {
        let expected = if text == "1." {
            Ok("1".to_owned())
        } else {
            Err(format!("--max-activities-per-second '{text}' is no rate"))
        };
        assert_eq!(rate(text), expected, "{text}");
    }
    for (line, meant) in [("2", "2"), ("0.25", "0.25"), ("'unlimited'", "unlimited")] {
        let text = format!("[aurad]\nmax_task_queue_activities_per_second = {line}\n");
        let settings = User::new().config(text).aurad();
        let (value, _) = row(&settings.describe(), "max_task_queue_activities_per_second");
        assert_eq!(value, meant);
    }
    assert_eq!(
        refused("[aurad]\nmax_activities_per_second = true\n")[1],
        "it has to be a number, or a string such as \"auto\", and this is of the type boolean"
    );
}

#[test]
fn names_are_names() {
    let name = |text: &str| {
        shown("deployment_name", |flags| {
            flags.deployment_name = Some(text.into());
        })
    };
    assert_eq!(name("team-a").as_deref(), Ok("team-a"));
    for text in ["", "a.b", "a:b", "a\u{7}"] {
        assert!(name(text).is_err(), "{text:?}");
    }
    let build = |text: &str| shown("build_id", |flags| flags.build_id = Some(text.into()));
    assert_eq!(build("1.2.3-rc.1").as_deref(), Ok("1.2.3-rc.1"));
    assert!(build("").is_err() && build("a\n").is_err());
}

#[test]
fn versions_are_not_for_an_engine() {
    let flags = |embedded| {
        let mut flags = Flags {
            embedded,
            ..Flags::default()
        };
        flags.worker.worker_versioning = Some("pinned".into());
        flags
    };
    assert!(User::new().aurad_with(flags(false)).is_ok());
    let refused = User::new().aurad_with(flags(true)).unwrap_err();
    assert_eq!(
        refused.what(),
        "worker_versioning pinned (CLI --worker-versioning) cannot be had with --embedded"
    );
    let off = Flags {
        embedded: true,
        ..Flags::default()
    };
    let settings = User::new().aurad_with(off).unwrap();
    assert_eq!(
        settings.worker.worker_versioning.value,
        WorkerVersioning::Off
    );
    assert_eq!(
        self::refused("[aurad]\nworker_versioning = 'on'\n")[1],
        "valid: off, auto-upgrade, pinned"
    );
}

#[test]
fn the_cache_is_smaller_beside_an_engine() {
    let flags = Flags {
        embedded: true,
        ..Flags::default()
    };
    let settings = User::new().aurad_with(flags).unwrap();
    assert_eq!(settings.worker.max_cached_workflows.value, 100);
    assert_eq!(
        row(&settings.describe(), "max_cached_workflows"),
        ("100".to_owned(), "default".to_owned())
    );
}
