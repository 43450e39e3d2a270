//! The modules' options against the configuration that they are for, as the programs read
//! it: no key is missing, and what the modules write is accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use aura::config::{Row, aura_msg, aurad};
use aura::contract::names::search_attribute;
use serde_json::Value;

use super::{case, evaluated};
use crate::support::sandbox::Sandbox;

/// The options that a table has.
fn options<'v>(evaluated: &'v Value, table: &str) -> BTreeSet<&'v str> {
    let keys = evaluated["keys"][table].as_array();
    let keys = keys.unwrap_or_else(|| panic!("there is no table {table}"));
    keys.iter().filter_map(Value::as_str).collect()
}

/// Both programs' settings with this file as the configuration.
fn settings(file: &Path) -> (Vec<Row>, Vec<Row>) {
    let file = file.display().to_string();
    let env = BTreeMap::from([("AURA_CONFIG", file.as_str()), ("HOME", "/nowhere")]);
    let daemon = aurad::Settings::resolve(aurad::Flags::default(), &env);
    let daemon = daemon.unwrap_or_else(|error| panic!("aurad: {error:?}"));
    let client = aura_msg::Settings::resolve(aura_msg::Flags::default(), &env);
    let client = client.unwrap_or_else(|error| panic!("aura-msg: {error:?}"));
    (daemon.describe(), client.describe())
}

/// The table of a row, and its key there.
fn split<'r>(row: &'r Row, program: &'static str) -> (&'r str, &'r str) {
    match row.0.rsplit_once('.') {
        Some(("review", key)) => ("review", key),
        Some((_, key)) => ("runner", key),
        None if row.0 == "format" => (program, "default_format"),
        None => (program, &row.0),
    }
}

/// What is shown of settings, but is no key of the file: where that is, and the API key,
/// which is only ever in the environment.
const NO_KEYS: [&str; 2] = ["config", "api_key"];

#[test]
fn keys_of_the_configuration_and_options_are_the_same() {
    let Some(evaluated) = evaluated("keys_of_the_configuration_and_options_are_the_same") else {
        return;
    };
    let sandbox = Sandbox::new();
    let file = sandbox.write("config.toml", "[runner.any]\nargv = ['true']\n");
    let (daemon, client) = settings(&file);
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (rows, program) in [(&daemon, "aurad"), (&client, "client")] {
        for row in rows.iter().filter(|row| !NO_KEYS.contains(&&*row.0)) {
            let (table, key) = split(row, program);
            keys.entry(table).or_default().insert(key);
        }
    }
    assert_eq!(keys.len(), 4, "{keys:?}");
    for (table, keys) in keys {
        let mut options = options(evaluated, table);
        // The earlier name of the address is read, but not shown.
        options.remove("server_address");
        assert_eq!(options, keys, "[{table}] in nix/modules/aurad/keys.nix");
    }
}

/// The case that sets every option, read by the programs: nothing is refused, and each
/// setting comes from the file.
#[test]
fn what_the_modules_write_is_what_the_programs_read() {
    let Some(evaluated) = evaluated("what_the_modules_write_is_what_the_programs_read") else {
        return;
    };
    let written = &case(evaluated, "nixos-settings")["etc"]["aura/config.toml"]["source"];
    let sandbox = Sandbox::new();
    let text = toml::to_string(written).expect("it is TOML");
    let file = sandbox.write("config.toml", &text);
    let (daemon, client) = settings(&file);
    for (rows, program, section) in [(&daemon, "aurad", "aurad"), (&client, "client", "aura-msg")] {
        for row in rows.iter().filter(|row| !NO_KEYS.contains(&&*row.0)) {
            let (table, key) = split(row, program);
            let table = match table {
                "review" => &written["review"],
                "runner" => &written["runner"]["claude"],
                _ => &written[section],
            };
            let wanted = if table.get(key).is_some() {
                "file "
            } else {
                "default"
            };
            assert!(row.2.starts_with(wanted), "{row:?}");
        }
    }
    // The rest of the cases that write a file say less; they are accepted, too.
    for (name, place) in [("nixos-options", "etc"), ("home-earlier", "configFile")] {
        let written = &case(evaluated, name)[place]["aura/config.toml"]["source"];
        let text = toml::to_string(written).expect("it is TOML");
        let _ = settings(&sandbox.write(format!("{name}.toml"), &text));
    }
}

#[test]
fn the_server_has_the_search_attributes_that_epochs_set() {
    let Some(evaluated) = evaluated("the_server_has_the_search_attributes_that_epochs_set") else {
        return;
    };
    let wanted = BTreeMap::from([
        (search_attribute::EPOCH_ID, "Text"),
        (search_attribute::PHASE, "Keyword"),
        (search_attribute::ROLE, "Keyword"),
        (search_attribute::STATUS, "Keyword"),
        (search_attribute::DOMAIN, "Keyword"),
        (search_attribute::LAST_EVENT_TYPE, "Keyword"),
    ]);
    let wanted = serde_json::to_value(wanted).expect("it is JSON");
    assert_eq!(evaluated["searchAttributes"], wanted);
}
