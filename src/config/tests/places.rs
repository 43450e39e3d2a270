//! Where the file is looked for, and what paths mean.

use std::fs;
use std::path::Path;

use super::{User, file_source, row};
use crate::config::{AuditBackend, DefaultFile, Error, Source, aura_msg, aurad};

const FILE: &str = "[aurad]\nnamespace = 'n'\n";

fn config_flag(path: impl AsRef<Path>) -> aurad::Flags {
    aurad::Flags {
        config: Some(path.as_ref().to_owned()),
        ..Default::default()
    }
}

#[test]
fn the_file_is_named_by_flag_then_variable_then_place() {
    let user = User::new().config("[aurad]\nnamespace = 'place'\n");
    let by_flag = user.write("flag.toml", "[aurad]\nnamespace = 'flag'\n");
    let by_env = user.write("env.toml", "[aurad]\nnamespace = 'env'\n");
    let place = user.home(".config/aura/config.toml");

    let check = |user: &User, flags, name: &str, path: &Path, source: &str| {
        let settings = user.aurad_with(flags).unwrap();
        let rows = settings.describe();
        assert_eq!(row(&rows, "namespace"), (name.into(), file_source(path)));
        let config = (path.display().to_string(), source.into());
        assert_eq!(row(&rows, "config"), config);
    };
    let none = aurad::Flags::default;
    check(&user, none(), "place", &place, "default");
    let empty = user.with("AURA_CONFIG", "");
    check(&empty, none(), "place", &place, "default");
    let user = empty.with("AURA_CONFIG", &by_env);
    check(&user, none(), "env", &by_env, "env AURA_CONFIG");
    let flags = config_flag(&by_flag);
    check(&user, flags, "flag", &by_flag, "CLI --config");
}

#[test]
fn only_the_file_that_nobody_named_may_be_missing() {
    let user = User::new();
    let config = user.aurad().config;
    assert_eq!((config.value, config.source), (None, Source::Default));
    assert_eq!(
        row(&user.aura_msg().describe(), "config"),
        ("none".to_owned(), "default".to_owned())
    );

    let error = user
        .aurad_with(config_flag(user.home("x.toml")))
        .unwrap_err();
    assert_eq!(
        user.parts(&error),
        [
            "cannot read the configuration file ~/x.toml",
            "No such file or directory (os error 2); CLI --config names it, so it has to be readable",
            "create it, make it readable, or name another file with --config",
        ]
    );
    let path = user.home("y.toml");
    let user = user.with("AURA_CONFIG", path);
    assert_eq!(
        user.parts(&user.refusal()),
        [
            "cannot read the configuration file ~/y.toml",
            "No such file or directory (os error 2); env AURA_CONFIG names it, so it has to be \
             readable",
            "create it, make it readable, or correct or unset AURA_CONFIG",
        ]
    );
}

#[test]
fn a_file_that_is_there_has_to_be_readable() {
    let user = User::new();
    fs::create_dir_all(user.home(".config/aura/config.toml")).unwrap();
    assert_eq!(
        user.parts(&user.refusal()),
        [
            "cannot read the configuration file ~/.config/aura/config.toml",
            "Is a directory (os error 21)",
            "let this user read it, or move it away",
        ]
    );
}

#[test]
fn a_file_in_the_way_of_the_directory_is_no_configuration() {
    let user = User::new();
    user.write(".config", "");
    assert_eq!(user.aurad().config.value, None);
}

#[test]
fn an_empty_name_of_the_file_is_refused_as_a_flag() {
    let error = User::new().aurad_with(config_flag("")).unwrap_err();
    assert_eq!(error.what(), "--config '' is no path");
}

#[test]
fn xdg_directories_are_used_if_they_are_absolute() {
    let user = User::new();
    user.write("xdg/aura/config.toml", FILE);
    let xdg = user.home("xdg");
    let data = user.home("data");
    let user = user
        .with("XDG_CONFIG_HOME", xdg)
        .with("XDG_DATA_HOME", data);
    let settings = user.aurad();
    assert_eq!(settings.namespace.value, "n");
    assert_eq!(settings.audit_db_path.source, Source::Default);
    let db = user.home("data/aura/plugin/audit.db");
    assert_eq!(settings.audit_db_path.value, Some(db));

    let user = user.config("[aurad]\nnamespace = 'home'\n");
    for ignored in ["relative/dir", "./xdg", ""] {
        let user = User {
            home: tempfile::tempdir().unwrap(),
            env: user.env.clone(),
        }
        .with("XDG_CONFIG_HOME", ignored)
        .with("XDG_DATA_HOME", ignored);
        let settings = user.aurad();
        assert_eq!(settings.namespace.value, "home", "{ignored}");
        let path = settings.audit_db_path.value.unwrap();
        assert!(
            path.ends_with(".local/share/aura/plugin/audit.db"),
            "{ignored}"
        );
    }
}

#[test]
fn without_a_home_only_what_needs_it_fails() {
    for home in [None, Some(""), Some("relative")] {
        let mut user = User::new();
        user.env.remove("HOME");
        if let Some(home) = home {
            user = user.with("HOME", home);
        }
        let settings = user.aurad();
        assert_eq!(settings.audit_trail.value, AuditBackend::Memory);
        assert_eq!(settings.audit_db_path.value, None);
        assert_eq!(row(&settings.describe(), "audit_db_path").0, "none");
        assert_eq!(user.aura_msg().notices, [""; 0]);

        let mut user = user.with("AURAD_AUDIT_TRAIL", "sqlite");
        let error = user.aurad_with(aurad::Flags::default()).unwrap_err();
        assert_eq!(error, Error::NoPlace(DefaultFile::AuditTrail));
        assert_eq!(
            user.parts(&error),
            [
                "there is no place for the audit trail's file",
                "neither XDG_DATA_HOME nor HOME is set to an absolute path, and no file is named",
                "name it with --audit-db-path or --audit-trail sqlite:PATH, or set HOME",
            ]
        );
        user = user.with("XDG_DATA_HOME", "/data");
        let path = "/data/aura/plugin/audit.db".into();
        assert_eq!(user.aurad().audit_trail.value, AuditBackend::Sqlite(path));

        let error = user.aurad_with(config_flag("~/c.toml")).unwrap_err();
        assert_eq!(error.what(), "--config '~/c.toml' cannot be found");
    }
}

#[test]
fn a_path_in_the_file_begins_at_the_home_or_at_the_file() {
    let user = User::new();
    for (written, meant) in [
        ("/abs/a.db", "/abs/a.db".into()),
        ("~/a.db", user.home("a.db")),
        ("a.db", user.home("conf/a.db")),
        ("../a.db", user.home("conf/../a.db")),
        ("~other/a.db", user.home("conf/~other/a.db")),
    ] {
        let file = user.write(
            "conf/c.toml",
            format!("[aurad]\naudit_db_path = '{written}'"),
        );
        let settings = user.aurad_with(config_flag(&file)).unwrap();
        assert_eq!(settings.audit_db_path.value, Some(meant.clone()));

        let file = user.write(
            "conf/c.toml",
            format!("[aurad]\naudit_trail = 'sqlite:{written}'"),
        );
        let settings = user.aurad_with(config_flag(&file)).unwrap();
        assert_eq!(settings.audit_trail.value, AuditBackend::Sqlite(meant));
    }
}

#[test]
fn a_path_typed_or_in_the_environment_begins_at_the_home_or_the_working_directory() {
    let user = User::new().with("AURAD_AUDIT_DB_PATH", "~/e.db");
    let path = user.aurad().audit_db_path.value;
    assert_eq!(path, Some(user.home("e.db")));
    let flags = aurad::Flags {
        audit_db_path: Some("f.db".into()),
        ..Default::default()
    };
    let path = user.aurad_with(flags).unwrap().audit_db_path.value;
    assert_eq!(path, Some("f.db".into()));
}

#[test]
fn aura_msg_takes_its_file_by_flag_too() {
    let user = User::new();
    let path = user.write("m.toml", "[aura-msg]\ndefault_format = 'json'\n");
    let flags = aura_msg::Flags {
        config: Some(path.clone()),
        ..Default::default()
    };
    let settings = user.aura_msg_with(flags).unwrap();
    assert_eq!(settings.format.source, Source::File(path.clone()));
    assert_eq!(settings.config.value, Some(path));
}
