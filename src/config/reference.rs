//! What there is to know of each setting, for a page of the documentation: its names come
//! from the settings themselves, its meaning and its value from the file that a new user
//! begins with. It leaves out how a page looks.

use super::spec::Section;
use super::{SECTIONS, TEMPLATE, runner};

/// Keys that the file shows an example of, since leaving them out says what no value says.
pub(super) const EXAMPLES: [&str; 16] = [
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

/// One key of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The section, as its heading says it: `aurad`, `aura-msg`, `review` or `runner.NAME`.
    pub section: &'static str,
    /// The key.
    pub key: &'static str,
    /// An earlier name of the key, which goes on working.
    pub alias: Option<&'static str>,
    /// The flag that says the same, with its dashes.
    pub flag: Option<&'static str>,
    /// The variables that say the same; the first one that is set counts.
    pub variables: Vec<String>,
    /// A value as the file has it: the default, or an example where no value is the default.
    pub value: &'static str,
    /// Whether that value is an example only.
    pub is_example: bool,
    /// What it does, in sentences.
    pub meaning: String,
}

/// Every key, in the order of the file that `aura-msg config init` writes.
pub fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut heading = "";
    let mut comment: Vec<&str> = Vec::new();
    for line in TEMPLATE.lines() {
        if line.is_empty() {
            comment.clear();
        } else if let Some(text) = line.strip_prefix("# ") {
            comment.push(text);
        } else if let Some(name) = heading_of(line) {
            heading = name;
        } else if let Some((key, value)) = line.trim_start_matches('#').split_once(" = ") {
            entries.extend(entry(heading, key, value, &comment.join(" ")));
        }
    }
    entries
}

/// The name of a section; that of the one runner is an example.
fn heading_of(line: &'static str) -> Option<&'static str> {
    let line = line.trim_start_matches('#');
    line.strip_prefix('[')?.strip_suffix(']')
}

fn section_of(heading: &str) -> Option<&'static Section> {
    if heading.starts_with(runner::TABLE) {
        return Some(&runner::SECTION);
    }
    SECTIONS.into_iter().find(|section| section.name == heading)
}

fn entry(heading: &str, key: &str, value: &'static str, comment: &str) -> Option<Entry> {
    let section = section_of(heading)?;
    let spec = section.key(key)?;
    let (meaning, named) = meaning_of(comment);
    let mut variables: Vec<String> = spec.variables().iter().map(ToString::to_string).collect();
    if variables.is_empty() {
        // One that has a part for each entry of a table is known to the comment only.
        variables.extend(named.into_iter().map(str::to_owned));
    }
    let own = format!("{heading}.{key}");
    Some(Entry {
        section: section.name,
        key: spec.name(),
        alias: spec.alias(),
        flag: Some(spec.flag()).filter(|flag| !flag.is_empty()),
        variables,
        value,
        is_example: EXAMPLES.contains(&key) || EXAMPLES.contains(&own.as_str()),
        meaning,
    })
}

/// What a comment says, and the variables that it ends with, in brackets.
fn meaning_of(comment: &str) -> (String, Vec<&str>) {
    let divided = comment
        .strip_suffix("].")
        .and_then(|comment| comment.rsplit_once(" ["));
    match divided {
        Some((meaning, variables)) => (format!("{meaning}."), variables.split(", ").collect()),
        None => (comment.to_owned(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{EXAMPLES, entries, runner};
    use crate::config::SECTIONS;

    #[test]
    fn every_key_of_every_section_has_an_entry_with_a_meaning() {
        let entries = entries();
        for section in SECTIONS.into_iter().chain([&runner::SECTION]) {
            let told: BTreeSet<_> = entries
                .iter()
                .filter(|entry| entry.section == section.name)
                .map(|entry| entry.key)
                .collect();
            assert_eq!(told, section.names().collect(), "[{}]", section.name);
        }
        for entry in &entries {
            assert!(entry.meaning.ends_with('.'), "{entry:?}");
            for variable in &entry.variables {
                assert!(
                    !entry.meaning.contains(&format!("[{variable}")),
                    "{entry:?}"
                );
            }
            assert!(!entry.value.is_empty(), "{entry:?}");
        }
        // Those of the connection are in two sections.
        let examples = entries.iter().filter(|entry| entry.is_example).count();
        assert_eq!(examples, EXAMPLES.len() + 8);
    }

    #[test]
    fn variables_are_those_that_are_read() {
        let entries = entries();
        let of = |section: &str, key: &str| {
            let entry = entries
                .iter()
                .find(|entry| entry.section == section && entry.key == key);
            entry.unwrap().variables.join(" ")
        };
        assert_eq!(
            of("aurad", "audit_trail"),
            "AURAD_AUDIT_TRAIL AURA_AUDIT_TRAIL"
        );
        assert_eq!(
            of("aura-msg", "tls_key_path"),
            "TEMPORAL_TLS_CLIENT_KEY_PATH"
        );
        assert_eq!(of("aurad", "grpc_meta"), "TEMPORAL_GRPC_META_NAME");
        assert_eq!(of("review", "deadline"), "");
    }
}
