//! The YAML file of the earlier implementation: said not to be read, and translated.

use std::fs;
use std::path::Path;

use super::User;
use crate::config::aurad::{self, SECTION};
use crate::config::spec::Context;
use crate::config::yaml::{Translation, translate};

const PLACE: &str = ".config/aura/plugins/aurad.config.yaml";

fn translated(text: &str) -> (Vec<String>, Vec<usize>) {
    let context = Context {
        home: Some(Path::new("/home/u")),
        base: None,
    };
    let Translation { lines, by_hand } = translate(text, &SECTION, context);
    (lines, by_hand)
}

#[test]
fn it_is_said_not_to_be_read_and_what_to_write_instead() {
    let user = User::new();
    user.write(
        PLACE,
        "---\n# the team's\nnamespace: team # ours\nserver_address: \"temporal:7233\"\n\
         logging:\n  level: debug\nother: 1\ntask_queue: 'it''s'\nverbose: Yes\n",
    );
    let settings = user.aurad();
    assert_eq!(settings.namespace.value, "default");
    let notice = user.strip(&settings.notices.concat());
    assert_eq!(
        notice,
        "~/.config/aura/plugins/aurad.config.yaml is not read: the configuration is TOML now; \
         write this to ~/.config/aura/config.toml, then move it away:\n\
         [aurad]\n\
         namespace = \"team\"\n\
         address = \"temporal:7233\"\n\
         verbose = true\n\
         # translate by hand: lines 5-8"
    );

    // What is printed can be used as it is.
    let (_, toml) = notice.split_once('\n').unwrap();
    let user = User::new().config(toml);
    assert_eq!(user.aurad().address.value.to_string(), "temporal:7233");
    assert_eq!(user.aurad().namespace.value, "team");
}

#[test]
fn the_notice_names_the_file_in_use() {
    let user = User::new();
    user.write(PLACE, "namespace: x\n");
    let path = user.write("c.toml", "");
    let flags = aurad::Flags {
        config: Some(path),
        ..Default::default()
    };
    let notices = user.aurad_with(flags).unwrap().notices;
    assert!(
        user.strip(&notices[0])
            .contains("; write this to ~/c.toml, then")
    );
}

#[test]
fn only_the_daemon_speaks_of_it() {
    let user = User::new();
    user.write(PLACE, "namespace: x\n");
    assert_eq!(user.aura_msg().notices, [""; 0]);
}

#[test]
fn it_is_looked_for_at_both_places() {
    let user = User::new();
    let xdg = user.home("xdg");
    let user = user.with("XDG_CONFIG_HOME", xdg);
    user.write("xdg/aura/plugins/aurad.config.yaml", "");
    user.write(PLACE, "");
    let notices: Vec<_> = user.aurad().notices.iter().map(|n| user.strip(n)).collect();
    let said = "is not read: the configuration is TOML now; it says nothing, then move it away";
    assert_eq!(
        notices,
        [
            format!("~/xdg/aura/plugins/aurad.config.yaml {said}"),
            format!("~/{PLACE} {said}"),
        ]
    );
}

#[test]
fn one_that_cannot_be_read_is_not_ignored_either() {
    let user = User::new();
    fs::create_dir_all(user.home(PLACE)).unwrap();
    let notices = user.aurad().notices;
    assert!(notices[0].ends_with("; nor can this user open it: Is a directory (os error 21)"));
}

#[test]
fn one_that_is_all_structure_is_left_to_a_person() {
    let user = User::new();
    user.write(PLACE, "a:\n  b: 1\nc: [d]\n\nx: 1\n");
    let notices = user.aurad().notices;
    assert!(notices[0].ends_with("now; translate by hand: lines 1-3, 5, then move it away"));
}

#[test]
fn scalars() {
    for (yaml, toml) in [
        ("namespace: a", "namespace = \"a\""),
        ("namespace:   a   ", "namespace = \"a\""),
        ("namespace:\ta\r", "namespace = \"a\""),
        ("namespace: a b#c", "namespace = \"a b#c\""),
        ("namespace: a  # b", "namespace = \"a\""),
        ("namespace: 'a # b' # c", "namespace = \"a # b\""),
        ("namespace: \"it's\"", "namespace = \"it's\""),
        ("namespace: 12", "namespace = \"12\""),
        ("\u{feff}namespace: a", "namespace = \"a\""),
        ("task-queue: q", "task_queue = \"q\""),
        ("server-address: h:1", "address = \"h:1\""),
        ("audit_trail: sqlite", "audit_trail = \"sqlite\""),
        ("audit_db_path: ~/a.db", "audit_db_path = \"~/a.db\""),
        ("grace_period: 30", "grace_period = \"30\""),
        ("connect_timeout: none", "connect_timeout = \"none\""),
        ("verbose: true", "verbose = true"),
        ("verbose: Off", "verbose = false"),
    ] {
        assert_eq!(translated(yaml), (vec![toml.to_owned()], vec![]), "{yaml}");
        let user = User::new().config(format!("[aurad]\n{toml}\n"));
        user.aurad();
    }
}

#[test]
fn what_is_no_flat_scalar_or_means_nothing_here() {
    for yaml in [
        "namespace:",
        "namespace: ~",
        "namespace: null",
        "namespace: # nothing",
        "namespace:a",
        " namespace: a",
        "namespace: [a]",
        "namespace: {a: b}",
        "namespace: |",
        "namespace: >-",
        "namespace: &a b",
        "namespace: *a",
        "namespace: !str a",
        "namespace: a: b",
        "namespace: 'a",
        "namespace: 'a' b",
        "namespace: 'it''s'",
        "namespace: \"a\\nb\"",
        "\"namespace\": a",
        "- namespace: a",
        "namespace",
        "%YAML 1.2",
        "unknown: a",
        "admin: true",
        "address: nowhere",
        "audit_trail: postgres",
        "grace_period: 1.5",
        "verbose: maybe",
    ] {
        assert_eq!(translated(yaml), (vec![], vec![1]), "{yaml}");
    }
}

#[test]
fn a_setting_that_is_there_twice_is_translated_once() {
    let yaml = "address: a:1\n\nserver_address: b:2\naddress: c:3\n";
    let (lines, by_hand) = translated(yaml);
    assert_eq!(lines, ["address = \"a:1\""]);
    assert_eq!(by_hand, [3, 4]);
}

#[test]
fn a_scalar_that_goes_on_in_the_next_line_is_no_flat_one() {
    let (lines, by_hand) = translated("namespace: a\n\n  b\n  c\naddress: h:1\n");
    assert_eq!(lines, ["address = \"h:1\""]);
    assert_eq!(by_hand, [1, 3, 4]);
}

#[test]
fn numbers_stay_numbers() {
    let (lines, by_hand) = translated("max-commands: 4\nmax_commands: 5\nretention: 7d\n");
    assert_eq!(lines, ["max_commands = 4", "retention = \"7d\""]);
    assert_eq!(by_hand, [2]);
    let (lines, by_hand) = translated("max_commands: many\n");
    assert_eq!((lines, by_hand), (Vec::new(), vec![1]));
}
