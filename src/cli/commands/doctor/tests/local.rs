//! The trail, the settings and the files of this machine.

use super::*;
use crate::cli::commands::doctor::local;

fn trail(value: AuditBackend) -> Setting<AuditBackend> {
    Setting {
        value,
        source: Source::Env("AURA_AUDIT_TRAIL"),
    }
}

#[test]
fn a_trail_is_whole_or_not_or_not_there() {
    let path = PathBuf::from("/t/audit.db");
    let file = trail(AuditBackend::Sqlite(path.clone()));
    let whole = audit::Look {
        schema: audit::Schema::Version(1),
        last: 9,
        looked_at: 5,
        findings: vec![audit::Finding::Unchained { id: 6 }],
    };
    let told = |look, not_writable: &[PathBuf]| {
        let line = local::audit(&file, Some(&(look, not_writable.to_vec())));
        (line.status, line.what)
    };
    let what = "sqlite:/t/audit.db: version 1, 9 rows; the newest 5 are whole, 1 of them an \
                earlier implementation's, with no hash";
    assert_eq!(told(Ok(whole.clone()), &[]), (Status::Ok, what.to_owned()));
    let what = "sqlite:/t/audit.db: this user may not write to /t";
    let not_writable = told(Ok(whole.clone()), &[PathBuf::from("/t")]);
    assert_eq!(not_writable, (Status::Warn, what.to_owned()));
    let altered = audit::Look {
        findings: vec![
            audit::Finding::Altered { id: 7 },
            audit::Finding::Altered { id: 8 },
        ],
        ..whole
    };
    let (status, what) = told(Ok(altered), &[]);
    assert_eq!(status, Status::Fail);
    assert!(what.ends_with("(and 1 more)"), "{what}");
    let of = |error| told(Err(error), &[]).0;
    assert_eq!(
        of(audit::Error::Missing { path: path.clone() }),
        Status::Warn
    );
    assert_eq!(
        of(audit::Error::NotAFile { path: path.clone() }),
        Status::Fail
    );
    let waited = Duration::from_secs(1);
    assert_eq!(of(audit::Error::Busy { path, waited }), Status::Warn);
    let memory = local::audit(&trail(AuditBackend::Memory), None);
    assert_eq!(memory.status, Status::Ok);
    assert!(
        memory.what.contains("env AURA_AUDIT_TRAIL"),
        "{}",
        memory.what
    );
    assert_eq!(local::no_look(&file, "late").status, Status::Warn);
}

#[test]
fn settings_are_told_with_their_sources() {
    let own = settings(aura_msg::Flags {
        timeout: Some("3s".to_owned()),
        ..aura_msg::Flags::default()
    });
    let daemon = daemon("[aurad]\ntask_queue = \"q\"\n");
    let line = local::configuration(&own, Ok(&daemon));
    assert_eq!(line.status, Status::Ok);
    let told = line.notes.join("\n");
    let timeout = line
        .notes
        .iter()
        .find(|of| of.starts_with("aura-msg  timeout "));
    assert!(timeout.is_some_and(|of| of.contains(" 3s ")), "{told}");
    assert!(told.contains("CLI --timeout"), "{told}");
    assert!(told.contains("config.toml"), "{told}");
    assert!(!told.contains("grace_period"), "{told}");
    let all = line.detail["settings"].as_array().unwrap();
    assert!(
        all.iter()
            .any(|of| of["name"] == "grace_period" && of["source"] == "default")
    );
    let shell = super::daemon("[aurad]\nallow_shell = true\n");
    assert_eq!(local::configuration(&own, Ok(&shell)).status, Status::Warn);
    let homeless = aurad::Settings::resolve(
        aurad::Flags {
            audit_trail: Some("sqlite".to_owned()),
            ..aurad::Flags::default()
        },
        &Variables::new(),
    );
    let line = local::configuration(&own, homeless.as_ref());
    assert_eq!(line.status, Status::Fail);
    assert!(line.remedy.is_some());
}

#[test]
fn a_file_that_nobody_reads_is_named() {
    assert_eq!(local::files(&[]).status, Status::Ok);
    let notice = "/h/aurad.config.yaml is not read: the configuration is TOML now; write this \
                  to /h/config.toml, then move it away:\n[aurad]\nnamespace = \"n\"";
    let line = local::files(&[notice.to_owned()]);
    check(
        &line,
        Status::Warn,
        "/h/aurad.config.yaml is not read: the configuration is TOML now",
        Some("write this to /h/config.toml, then move it away:\n[aurad]\nnamespace = \"n\""),
    );
}
