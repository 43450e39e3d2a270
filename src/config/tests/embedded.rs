//! The settings of the embedded engine: what each of them takes, and what is said where
//! they and a server's address have no effect beside each other.

use std::time::Duration;

use super::{User, row};
use crate::config::{AuditBackend, DefaultFile, Error, Source, Synchronous, aurad};

fn embedded(set: impl FnOnce(&mut aurad::Flags)) -> aurad::Flags {
    let mut flags = aurad::Flags {
        embedded: true,
        ..Default::default()
    };
    set(&mut flags);
    flags
}

#[test]
fn the_engine_has_its_defaults() {
    let user = User::new();
    let settings = user.aurad_with(embedded(|_| {})).unwrap();
    let home = user.home(".local/share/aura");
    assert_eq!(settings.db.value, Some(home.join("embedded.db")));
    assert_eq!(settings.listen.value.to_string(), "127.0.0.1:7233");
    assert_eq!(settings.allow_users.value, []);
    assert_eq!(settings.retention.value, Some(Duration::from_hours(720)));
    assert_eq!(settings.synchronous.value, Synchronous::Full);
    assert_eq!(settings.notices, [""; 0]);
    let moved = User::new().with("XDG_DATA_HOME", "/data").aurad();
    assert_eq!(moved.db.value, Some("/data/aura/embedded.db".into()));
}

#[test]
fn the_switch_is_on_in_several_words() {
    for (word, is_on) in [("1", true), ("true", true), ("0", false), ("false", false)] {
        let settings = User::new().with("AURAD_EMBEDDED", word).aurad();
        assert_eq!(settings.embedded.value, is_on, "{word}");
        assert_eq!(settings.embedded.source, Source::Env("AURAD_EMBEDDED"));
    }
    let error = User::new()
        .with("AURAD_EMBEDDED", "maybe")
        .aurad_with(aurad::Flags::default())
        .unwrap_err();
    assert_eq!(error.what(), "AURAD_EMBEDDED 'maybe' is no switch");
}

#[test]
fn beside_an_engine_the_trail_is_in_a_file_unless_somebody_says_otherwise() {
    let user = User::new();
    let standard = user.home(".local/share/aura/plugin/audit.db");
    let settings = user.aurad_with(embedded(|_| {})).unwrap();
    assert_eq!(settings.audit_trail.value, AuditBackend::Sqlite(standard));
    assert_eq!(row(&settings.describe(), "audit_trail").1, "default");

    let path = embedded(|flags| flags.audit_db_path = Some("/p".into()));
    let settings = user.aurad_with(path).unwrap();
    assert_eq!(
        settings.audit_trail.value,
        AuditBackend::Sqlite("/p".into())
    );
    assert_eq!(settings.notices, [""; 0]);

    let memory = embedded(|flags| flags.audit_trail = Some("memory".into()));
    let settings = user.aurad_with(memory).unwrap();
    assert_eq!(settings.audit_trail.value, AuditBackend::Memory);
    assert_eq!(user.aurad().audit_trail.value, AuditBackend::Memory);
}

#[test]
fn it_listens_where_no_other_machine_can_reach_it() {
    let user = User::new();
    let listen = |text: &str| {
        user.aurad_with(embedded(|flags| flags.listen = Some(text.into())))
            .map(|settings| settings.listen.value.to_string())
            .map_err(|error| user.parts(&error))
    };
    for (text, meant) in [
        ("127.0.0.1:0", "127.0.0.1:0"),
        ("127.0.0.2:7233", "127.0.0.2:7233"),
        ("[::1]:7233", "[::1]:7233"),
        ("localhost:1", "127.0.0.1:1"),
    ] {
        assert_eq!(listen(text).as_deref(), Ok(meant), "{text}");
    }
    for text in [
        "",
        "7233",
        ":7233",
        "localhost",
        "example.org:1",
        "127.0.0.1:x",
    ] {
        let [what, ..] = listen(text).unwrap_err();
        assert_eq!(what, format!("--listen '{text}' cannot be listened on"));
    }
    assert_eq!(
        listen("0.0.0.0:7233").unwrap_err(),
        [
            "--listen '0.0.0.0:7233' is no loopback address",
            "connections to the engine are neither encrypted nor authenticated, so it listens \
             only where other machines cannot reach it",
            "correct --listen: write 127.0.0.1:7233 or [::1]:7233, for example; port 0 takes a \
             free one",
        ]
    );
    for text in ["[::]:1", "192.168.0.1:1"] {
        let [what, ..] = listen(text).unwrap_err();
        assert!(what.ends_with("is no loopback address"), "{what}");
    }
}

#[test]
fn users_are_names_or_numbers() {
    let user = User::new();
    let allowed = |words: &[&str]| {
        let words = words.iter().map(ToString::to_string).collect();
        user.aurad_with(embedded(|flags| flags.allow_user = words))
            .map(|settings| row(&settings.describe(), "allow_users").0)
            .map_err(|error| error.what())
    };
    assert_eq!(allowed(&["ann", "7"]).as_deref(), Ok("ann, 7"));
    assert_eq!(allowed(&["ann, 7,ann"]).as_deref(), Ok("ann, 7"));
    for wrong in ["", "-1", "a b", "4294967295", "1x", "a:b", "ann,"] {
        let at_fault = wrong.rsplit(',').next().unwrap_or_default();
        assert_eq!(
            allowed(&[wrong]),
            Err(format!("--allow-user '{at_fault}' is no user"))
        );
    }
    let none = User::new().config("[aurad]\nallow_users = []\n").aurad();
    assert_eq!(row(&none.describe(), "allow_users").0, "none");
}

#[test]
fn what_is_closed_is_kept_for_days_or_for_ever() {
    let user = User::new();
    let kept = |text: &str| {
        user.aurad_with(embedded(|flags| flags.retention = Some(text.into())))
            .map(|settings| row(&settings.describe(), "retention").0)
            .map_err(|error| user.parts(&error))
    };
    for (text, shown) in [
        ("7d", "7d"),
        ("36h", "36h"),
        ("48h", "2d"),
        ("90", "90s"),
        ("0", "unlimited"),
        ("0d", "unlimited"),
        ("none", "unlimited"),
        ("unlimited", "unlimited"),
        ("36500d", "36500d"),
    ] {
        assert_eq!(kept(text).as_deref(), Ok(shown), "{text}");
    }
    for (text, fault) in [
        ("", "is no duration"),
        ("1w", "is no duration"),
        ("-1d", "is no duration"),
        ("36501d", "is too long"),
        ("99999999999999999999d", "is too long"),
    ] {
        let [what, ..] = kept(text).unwrap_err();
        assert_eq!(what, format!("--retention '{text}' {fault}"));
    }
    assert_eq!(
        kept("1w").unwrap_err()[1],
        "accepted: 30d, 12h, 90m, or a whole number of seconds; 0 keeps everything"
    );
}

#[test]
fn commits_are_full_or_normal() {
    let error = User::new()
        .aurad_with(embedded(|flags| flags.synchronous = Some("off".into())))
        .unwrap_err();
    assert_eq!(error.what(), "--synchronous 'off' is no way to commit");
    assert!(error.why().starts_with("valid: full, normal; "), "{error}");
}

#[test]
fn an_address_beside_an_engine_is_ignored_and_not_in_silence() {
    let user = User::new().with("TEMPORAL_ADDRESS", "elsewhere:7233");
    let settings = user.aurad_with(embedded(|_| {})).unwrap();
    assert_eq!(
        settings.notices,
        [
            "address elsewhere:7233 (env TEMPORAL_ADDRESS) is ignored: aurad starts an engine of \
             its own (embedded, CLI --embedded); to use the server at that address, leave that \
             out"
        ]
    );
    assert_eq!(user.aurad().notices, [""; 0]);
}

#[test]
fn an_engines_settings_without_an_engine_are_not_unnoticed() {
    let user = User::new()
        .config("[aurad]\nretention = '1d'\n")
        .with("AURAD_DB", "/e.db");
    let flags = aurad::Flags {
        listen: Some("127.0.0.1:1".into()),
        ..Default::default()
    };
    let notices = user.aurad_with(flags).unwrap().notices;
    let notices: Vec<_> = notices.iter().map(|notice| user.strip(notice)).collect();
    assert_eq!(
        notices,
        [
            "not used: db (env AURAD_DB), listen (CLI --listen), retention (file \
             ~/.config/aura/config.toml); these are settings of the embedded engine, and aurad \
             connects to the server at localhost:7233 (default); add --embedded to start the \
             engine"
        ]
    );
}

#[test]
fn without_a_home_an_engine_needs_a_file() {
    let mut user = User::new().with("AURAD_AUDIT_TRAIL", "memory");
    user.env.remove("HOME");
    let error = user.aurad_with(embedded(|_| {})).unwrap_err();
    assert_eq!(error, Error::NoPlace(DefaultFile::Engine));
    assert_eq!(
        user.parts(&error),
        [
            "there is no place for the embedded engine's file",
            "neither XDG_DATA_HOME nor HOME is set to an absolute path, and no file is named",
            "name it with --db, or set HOME",
        ]
    );
    let named = embedded(|flags| flags.db = Some("here.db".into()));
    let settings = user.aurad_with(named).unwrap();
    assert_eq!(settings.db.value, Some("here.db".into()));
}
