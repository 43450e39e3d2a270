//! The file that a new user begins with names every key, and says what it is without it.

use std::collections::BTreeSet;

use super::User;
use crate::config::{Layer, SECTIONS, TEMPLATE, aura_msg, aurad, review::Review, runner};

/// The text with every setting in force.
fn uncommented() -> String {
    let lines = TEMPLATE.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn it_changes_nothing_as_it_is() {
    let user = User::new().config(TEMPLATE);
    let empty = User::new();
    let values = |user: &User, rows: Vec<super::Row>| -> Vec<(String, String, String)> {
        let rows = rows.into_iter().filter(|(name, ..)| name != "config");
        rows.map(|(name, value, source)| (name, user.strip(&value), source))
            .collect()
    };
    assert_eq!(
        values(&user, user.aurad().describe()),
        values(&empty, empty.aurad().describe())
    );
    assert_eq!(
        values(&user, user.aura_msg().describe()),
        values(&empty, empty.aura_msg().describe())
    );
    assert_eq!(user.aurad().notices, [""; 0]);
}

#[test]
fn every_key_is_in_it_under_its_section() {
    let table: toml::Table = uncommented().parse().unwrap();
    let written = |table: &toml::Value| -> BTreeSet<String> {
        table.as_table().unwrap().keys().cloned().collect()
    };
    for section in SECTIONS {
        let keys: BTreeSet<_> = section.names().map(str::to_owned).collect();
        assert_eq!(written(&table[section.name]), keys, "[{}]", section.name);
    }
    let keys: BTreeSet<_> = runner::SECTION.names().map(str::to_owned).collect();
    assert_eq!(written(&table[runner::TABLE]["claude"]), keys);
}

/// Keys that have an example, since leaving them out says what no value says.
const EXAMPLES: [&str; 16] = [
    "profile",
    "tls",
    "tls_ca_path",
    "tls_cert_path",
    "tls_key_path",
    "tls_server_name",
    "api_key_file",
    "grpc_meta",
    "build_id",
    "review.correctness",
    "review.test_quality",
    "review.elegance",
    "runner.claude.argv",
    "runner.claude.env",
    "runner.claude.pass_env",
    "runner.claude.directory",
];

#[test]
fn what_it_shows_are_the_defaults() {
    let user = User::new().config(uncommented());
    user.write(".config/temporalio/temporal.toml", "[profile.default]\n");
    let empty = User::new();
    let aurad::Settings {
        runners, review, ..
    } = user.aurad();
    let default = |name: &str| {
        let bare = runner::Runner::new("claude", Vec::new());
        let without: Vec<_> = empty
            .aurad()
            .describe()
            .into_iter()
            .chain(bare.describe(&crate::config::Source::Default))
            .collect();
        let row = without.into_iter().find(|(other, ..)| other == name);
        row.map(|(_, value, _)| empty.strip(&value))
    };
    let mut compared = 0;
    for (name, value, source) in user.aurad().describe() {
        if name == "config" || name == "api_key" || EXAMPLES.contains(&name.as_str()) {
            continue;
        }
        assert_ne!(source, "default", "{name} is not written");
        let value = user.strip(&value);
        // Left out, it depends on the mode; the file says so.
        if name != "runner.claude.on_shutdown" {
            assert_eq!(Some(value), default(&name), "{name}");
        }
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
    assert_eq!(review.deadline, Review::default().deadline);
    assert!(runners.contains_key("claude"));
    let written = user.aura_msg();
    let standard = aura_msg::Settings::resolve(aura_msg::Flags::default(), &empty.env).unwrap();
    assert_eq!(written.format.source.layer(), Layer::File);
    assert_eq!(written.format.value, standard.format.value);
    assert_eq!(written.timeout.value, standard.timeout.value);
    assert_eq!(written.address.value, standard.address.value);
}
