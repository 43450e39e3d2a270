//! Where the audit trail is kept, by itself and with the path beside it.

use std::path::PathBuf;

use super::User;
use crate::config::{AuditBackend, aurad};

#[test]
fn audit_trails() {
    let user = User::new();
    let trail = |text: &str| {
        let flags = aurad::Flags {
            audit_trail: Some(text.into()),
            ..Default::default()
        };
        user.aurad_with(flags)
            .map(|settings| settings.audit_trail.value)
            .map_err(|error| user.parts(&error))
    };
    assert_eq!(trail("memory"), Ok(AuditBackend::Memory));
    assert_eq!(trail("temporal"), Ok(AuditBackend::Temporal));
    let standard = user.home(".local/share/aura/plugin/audit.db");
    assert_eq!(trail("sqlite"), Ok(AuditBackend::Sqlite(standard)));
    let named = |path: PathBuf| Ok(AuditBackend::Sqlite(path));
    assert_eq!(trail("sqlite:a b.db"), named("a b.db".into()));
    assert_eq!(trail("sqlite:~/a.db"), named(user.home("a.db")));
    for (text, fault) in [
        ("postgres", "is no audit trail"),
        ("SQLITE", "is no audit trail"),
        ("", "is no audit trail"),
        ("sqlite:", "is no path"),
    ] {
        let [what, ..] = trail(text).unwrap_err();
        assert_eq!(what, format!("--audit-trail '{text}' {fault}"));
    }
    let [_, why, fix] = trail("postgres").unwrap_err();
    assert_eq!(why, "valid: memory, sqlite, sqlite:PATH, temporal");
    assert_eq!(fix, "correct --audit-trail: use sqlite, for example");
}

#[test]
fn a_stronger_path_wins_over_the_path_in_the_trail() {
    let user = User::new().config("[aurad]\naudit_trail = 'sqlite:/c'\naudit_db_path = '/p'\n");
    let trail = |user: &User, flags| {
        let settings = user.aurad_with(flags).unwrap();
        (settings.audit_trail.value.to_string(), settings.notices)
    };
    let flags = |path: Option<&str>, trail: Option<&str>| aurad::Flags {
        audit_db_path: path.map(Into::into),
        audit_trail: trail.map(Into::into),
        ..Default::default()
    };

    let (same, notices) = trail(&user, flags(None, None));
    assert_eq!(same, "sqlite:/c");
    assert_eq!(notices.len(), 1);
    assert!(notices[0].starts_with("audit_db_path /p (file "));

    let silent = vec![];
    let stronger = trail(&user, flags(Some("/f"), None));
    assert_eq!(stronger, ("sqlite:/f".into(), silent.clone()));
    let weaker = trail(&user, flags(None, Some("sqlite:/g")));
    assert_eq!(weaker, ("sqlite:/g".into(), silent.clone()));
    let named = trail(&user, flags(None, Some("sqlite")));
    assert_eq!(named, ("sqlite:/p".into(), silent));
}

#[test]
fn a_path_without_its_backend_is_not_unnoticed() {
    let user = User::new().with("AURAD_AUDIT_DB_PATH", "/p");
    let settings = user.aurad();
    assert_eq!(settings.audit_trail.value, AuditBackend::Memory);
    assert_eq!(
        settings.notices,
        [
            "audit_db_path /p (env AURAD_AUDIT_DB_PATH) is not used: the audit trail is kept in \
             memory (default); say sqlite there to keep it in the file"
        ]
    );
    let chosen = user.with("AURAD_AUDIT_TRAIL", "memory");
    assert_eq!(chosen.aurad().notices, [""; 0]);
}
