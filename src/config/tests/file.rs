//! What may stand in the file, and how it is read.

use super::{User, refused};
use crate::config::{Error, Layer};

#[test]
fn everything_that_may_stand_in_it() {
    let user = User::new().config(
        "# all keys\n\
         [runner.claude]\nargv = ['claude', '-p']\nenv = { A = '1' }\n\
         [aurad]\n\
         namespace = \"n\"\ntask_queue = ['a', 'b']\naddress = 'h:1'\n\
         audit_trail = 'memory'\naudit_db_path = '/d'\n\
         grace_period = 0x10\nconnect_timeout = 'none'\nverbose = false\n\
         [aura-msg]\n\
         namespace = 'm'\ntask_queue = 'q'\naddress = 'i:2'\n\
         default_format = 'json'\ntimeout = 1_0\n\
         [review]\ncorrectness = 'codex'\n\
         [runner.codex]\nargv = ['codex']\n",
    );
    let aurad = user.aurad();
    assert_eq!(aurad.task_queues.value, ["a", "b"]);
    assert_eq!(aurad.grace_period.value.as_secs(), 16);
    assert_eq!(aurad.verbose.source.layer(), Layer::File);
    assert_eq!(
        aurad.runners.keys().collect::<Vec<_>>(),
        ["claude", "codex"]
    );
    assert_eq!(aurad.notices, [""; 0]);
    let aura_msg = user.aura_msg();
    assert_eq!(aura_msg.timeout.value.as_secs(), 10);
    assert_eq!(aura_msg.notices, [""; 0]);
}

#[test]
fn other_ways_to_write_it() {
    for text in [
        "aurad.namespace = 'n'",
        "aurad = { namespace = 'n' }",
        "[aurad]\r\nnamespace = 'n'\r\n",
        "\u{feff}[aurad]\nnamespace = 'n'",
        "['aurad']\n\"namespace\" = '''n'''",
    ] {
        let user = User::new().config(text);
        assert_eq!(user.aurad().namespace.value, "n", "{text}");
    }
    for nothing in ["", "\n# nothing\n", "[aurad]\n", "[runner]\n"] {
        let user = User::new().config(nothing);
        assert_eq!(user.aurad().namespace.value, "default", "{nothing}");
        assert_eq!(user.aurad().notices, [""; 0], "{nothing}");
    }
}

#[test]
fn the_first_mistake_is_told_first() {
    let [what, ..] = refused("[aurad]\nverbose = true\nzzz = 1\naaa = 2\n[aaa]\n");
    assert_eq!(what, "FILE:3: unknown key 'zzz' in [aurad]");
    let [what, ..] = refused("[zzz]\n[aurad]\naaa = 2\n");
    assert_eq!(what, "FILE:1: unknown section 'zzz'");
}

#[test]
fn two_names_of_one_setting_are_refused() {
    assert_eq!(
        refused("[aura-msg]\naddress = 'h:1'\nserver_address = 'h:1'\n"),
        [
            "FILE:3: server_address in [aura-msg] says again what line 2 says as address",
            "address and server_address are two names of one setting",
            "remove line 2 or line 3",
        ]
    );
}

#[test]
fn an_earlier_name_is_accepted_and_noticed_by_its_reader() {
    let user = User::new().config("[aurad]\n\nserver_address = 'h:1'\n");
    let settings = user.aurad();
    assert_eq!(settings.address.value.to_string(), "h:1");
    let notices: Vec<_> = settings
        .notices
        .iter()
        .map(|notice| user.strip(notice))
        .collect();
    assert_eq!(
        notices,
        [
            "~/.config/aura/config.toml:3: server_address in [aurad] is an earlier name; call it \
          address"
        ]
    );
    assert_eq!(user.aura_msg().notices, [""; 0]);
}

#[test]
fn what_is_no_toml_is_named_with_its_line() {
    for (text, line) in [
        ("[aurad]\nnamespace = x\n", 2),
        ("[aurad]\nnamespace: x\n", 2),
        ("[aurad]\nnamespace = 'x\n", 2),
        ("[aurad\n", 1),
        ("[aurad]\nverbose = true\nverbose = true\n", 3),
        ("[aurad]\n[aura-msg]\n[aurad]\n", 3),
        ("\n\n= 1", 3),
    ] {
        let [what, why, fix] = refused(text);
        let expected = format!("FILE:{line}: the configuration file is not valid TOML");
        assert_eq!(what, expected, "{text}");
        assert!(!why.is_empty() && !why.contains('\n'), "{text}: {why}");
        assert_eq!(
            fix,
            format!("correct line {line}; text values stand in \"quotes\"")
        );
    }
    let [what, why, _] = refused(b"[aurad]\n# \xff\n");
    assert_eq!(what, "FILE:2: the configuration file is not valid TOML");
    assert_eq!(why, "it is not UTF-8 text");
}

#[test]
fn a_mistake_in_the_file_is_no_usage_error() {
    assert!(!User::new().config("[x]").refusal().is_usage());
    assert!(matches!(
        User::new().config("[x]").refusal(),
        Error::Unknown(_)
    ));
}
