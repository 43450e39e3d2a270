//! What the text of a value means, and what is said of a text that means nothing.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

use super::User;
use crate::config::{Env, Format, aura_msg, aurad};

#[test]
fn durations() {
    let user = User::new();
    let grace = |text: &str| {
        let flags = aurad::Flags {
            grace_period: Some(text.into()),
            ..Default::default()
        };
        user.aurad_with(flags)
            .map(|settings| settings.grace_period.value)
            .map_err(|error| error.what())
    };
    for (text, millis) in [
        ("500ms", 500),
        ("30s", 30_000),
        ("2m", 120_000),
        ("1h", 3_600_000),
        ("45", 45_000),
        ("007", 7_000),
        ("8760h", 31_536_000_000),
    ] {
        assert_eq!(grace(text), Ok(Duration::from_millis(millis)), "{text}");
    }
    for (text, fault) in [
        ("", "is no duration"),
        ("s", "is no duration"),
        ("1d", "is no duration"),
        ("1 s", "is no duration"),
        ("-1", "is no duration"),
        ("1.5s", "is no duration"),
        ("1m30s", "is no duration"),
        ("30S", "is no duration"),
        ("٣s", "is no duration"),
        ("unlimited", "is no duration"),
        ("0", "is no time at all"),
        ("0ms", "is no time at all"),
        ("8761h", "is too long"),
        ("18446744073709551615h", "is too long"),
        ("99999999999999999999999", "is too long"),
    ] {
        let what = format!("--grace-period '{text}' {fault}");
        assert_eq!(grace(text), Err(what), "{text}");
    }
}

#[test]
fn a_duration_that_is_none_names_the_forms() {
    let user = User::new().with("AURAD_CONNECT_TIMEOUT", "soon");
    assert_eq!(
        user.parts(&user.aurad_with(aurad::Flags::default()).unwrap_err()),
        [
            "AURAD_CONNECT_TIMEOUT 'soon' is no duration",
            "accepted: 500ms, 30s, 2m, 1h, or a whole number of seconds; or unlimited (none)",
            "correct the variable AURAD_CONNECT_TIMEOUT, or unset it: write 30s, for example, \
             or unlimited",
        ]
    );
    let user = User::new().config("[aura-msg]\ntimeout = 0\n");
    assert_eq!(
        user.parts(&user.refusal()),
        [
            "~/.config/aura/config.toml:2: timeout in [aura-msg] '0' is no time at all",
            "0 is refused; accepted: 500ms, 30s, 2m, 1h, or a whole number of seconds",
            "correct line 2 of ~/.config/aura/config.toml: write 30s, for example",
        ]
    );
}

#[test]
fn no_limit_can_be_said() {
    for word in ["unlimited", "none"] {
        let user = User::new()
            .config("[aurad]\nconnect_timeout = '5s'\n")
            .with("AURAD_CONNECT_TIMEOUT", word);
        assert_eq!(user.aurad().connect_timeout.value, None);
    }
}

#[test]
fn formats() {
    let user = User::new();
    let format = |text: &str| {
        let flags = aura_msg::Flags {
            format: Some(text.into()),
            ..Default::default()
        };
        user.aura_msg_with(flags)
            .map(|settings| settings.format.value)
            .map_err(|error| user.parts(&error))
    };
    assert_eq!(format("json"), Ok(Format::Json));
    assert_eq!(format("text"), Ok(Format::Text));
    assert_eq!(
        format("JSON").unwrap_err(),
        [
            "--format 'JSON' is no output format",
            "valid: json, text, jsonl",
            "correct --format: use text, json or jsonl",
        ]
    );
}

#[test]
fn names_of_namespaces_and_task_queues() {
    let user = User::new();
    let longest = "x".repeat(1_000);
    let too_long = "x".repeat(1_001);
    for (name, why) in [
        ("a b,c/ü", None),
        (longest.as_str(), None),
        ("", Some("is empty")),
        (&too_long, Some("has 1001 bytes; at most 1000 are allowed")),
        (
            "a\nb",
            Some("contains the control character U+000A at byte 1"),
        ),
    ] {
        for kind in ["namespace", "task queue"] {
            let mut flags = aurad::Flags::default();
            match kind {
                "namespace" => flags.namespace = Some(name.to_owned()),
                _ => flags.task_queue = vec![name.to_owned()],
            }
            let refused = user.aurad_with(flags).err().map(|error| error.why());
            assert_eq!(refused, why.map(|why| format!("{kind} {why}")), "{name}");
        }
    }
}

#[test]
fn a_refused_text_is_shown_on_one_line_of_bounded_length() {
    let user = User::new();
    let flags = aurad::Flags {
        namespace: Some("a\n\u{1b}[31m".to_owned() + &"x".repeat(2_000)),
        ..Default::default()
    };
    let what = user.aurad_with(flags).unwrap_err().what();
    assert!(what.contains(r"'a\n\u{1b}[31mxxx"), "{what}");
    assert!(
        what.ends_with("…' is no namespace") && what.len() < 200,
        "{what}"
    );
}

#[test]
fn task_queues_are_named_once() {
    let user = User::new();
    let flags = aurad::Flags {
        task_queue: vec!["a".into(), "b".into(), "a".into()],
        ..Default::default()
    };
    assert_eq!(
        user.aurad_with(flags).unwrap_err().what(),
        "--task-queue 'a' is named twice"
    );
    let user = user.config("[aurad]\ntask_queue = []\n");
    assert!(
        user.refusal()
            .what()
            .ends_with("task_queue in [aurad] '[]' names no task queue")
    );
}

#[test]
fn bytes_that_are_no_text_are_refused_by_the_name_of_their_variable() {
    let bytes = OsString::from_vec(vec![b'a', 0xff]);
    let user = User::new().with("TEMPORAL_NAMESPACE", bytes.clone());
    assert_eq!(
        user.refusal().what(),
        "TEMPORAL_NAMESPACE 'a\u{fffd}' is not UTF-8 text"
    );

    let user = User::new().with("AURA_EPOCH_ID", bytes.clone());
    let refused = user.env.var("AURA_EPOCH_ID").unwrap_err().what();
    assert_eq!(refused, "AURA_EPOCH_ID 'a\u{fffd}' is not UTF-8 text");

    // A path is no text.
    let user = User::new().with("AURAD_AUDIT_DB_PATH", bytes.clone());
    assert_eq!(user.aurad().audit_db_path.value, Some(bytes.into()));
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let user = User::new().with("AURA_EPOCH_ID", "");
    assert_eq!(user.env.var("AURA_EPOCH_ID"), Ok(None));
    assert_eq!(user.env.var("AURA_CONFIG"), Ok(None));
    let user = user.with("AURA_EPOCH_ID", "e");
    assert_eq!(user.env.var("AURA_EPOCH_ID"), Ok(Some("e".to_owned())));
}
