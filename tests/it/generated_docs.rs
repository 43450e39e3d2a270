//! The parts of the documentation that are made from the code: the diagram of the phases,
//! their table, and the reference of settings. A part stands between two comments, which
//! name what it is made from; the rest of the page is written by hand.
//!
//! `AURA_REGENERATE=1 cargo test --test it generated` writes them anew.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;

use aura::config::reference::{self, Entry};

use crate::generated::{COMMAND, repository};
use crate::programs::Shell;

const BEGIN: &str = "<!-- begin: ";
const END: &str = "<!-- end -->";

/// What is to stand between the comments, by the name in the first of them.
pub type Parts = BTreeMap<&'static str, String>;

/// Holds the parts of a page to what they are made from, or makes them so.
#[track_caller]
pub fn hold(page: &str, parts: &Parts) {
    let path = repository(page);
    let kept = fs::read_to_string(&path).unwrap();
    let fresh = with_parts(&kept, parts).unwrap_or_else(|why| panic!("{page}: {why}"));
    if env::var_os("AURA_REGENERATE").is_some() {
        fs::write(&path, fresh).unwrap();
    } else {
        assert!(
            kept == fresh,
            "{page} is not what the code is now; regenerate it: {COMMAND}"
        );
    }
}

/// The page with these parts, of which each has to be there once, and no other.
fn with_parts(page: &str, parts: &Parts) -> Result<String, String> {
    let mut left = parts.clone();
    let mut fresh = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after.split_once(" -->\n").ok_or("a comment has no end")?;
        let (_, after) = after
            .split_once(END)
            .ok_or_else(|| format!("nothing ends '{name}'"))?;
        let part = left
            .remove(name)
            .ok_or_else(|| format!("'{name}' is no part"))?;
        let _ = write!(fresh, "{before}{BEGIN}{name} -->\n{}\n{END}", part.trim());
        rest = after;
    }
    fresh.push_str(rest);
    match left.keys().next() {
        Some(name) => Err(format!("'{name}' has no place")),
        None => Ok(fresh),
    }
}

#[test]
fn the_phases_are_those_of_the_table() {
    let shell = Shell::new();
    let drawn = shell.aura_msg(["protocol", "show", "--format", "mermaid"]);
    let rules = shell
        .aura_msg(["protocol", "show", "--format", "json"])
        .ok()
        .json();
    let mut phases = "| | phase | concern of | who acts |\n|---|---|---|---|\n".to_owned();
    for phase in rules["phases"].as_array().unwrap() {
        let word = |key: &str| phase[key].as_str().unwrap();
        let _ = writeln!(
            phases,
            "| {} | {} | {} | {} |",
            word("phase"),
            word("name"),
            word("domain"),
            word("acts")
        );
    }
    let mut gates = "| gate | before | open when |\n|---|---|---|\n".to_owned();
    for gate in rules["gates"].as_array().unwrap() {
        let steps = rules["transitions"].as_array().unwrap().iter();
        let closed: Vec<_> = steps
            .filter(|step| step["gates"].as_array().unwrap().contains(&gate["gate"]))
            .map(|step| step["to_phase"].as_str().unwrap())
            .collect();
        let word = |key: &str| gate[key].as_str().unwrap();
        let (name, meaning) = (word("gate"), word("meaning"));
        let _ = writeln!(gates, "| `{name}` | {} | {meaning} |", closed.join(", "));
    }
    let parts = Parts::from([
        (
            "aura-msg protocol show --format mermaid",
            format!("```mermaid\n{}```", drawn.ok().stdout),
        ),
        ("phases of aura-msg protocol show", phases),
        ("gates of aura-msg protocol show", gates),
    ]);
    hold("docs/concepts.md", &parts);
}

#[test]
fn the_reference_has_the_settings_that_there_are() {
    let entries = reference::entries();
    let of = |section: &str| -> Vec<&Entry> {
        let entries = entries.iter();
        entries.filter(|entry| entry.section == section).collect()
    };
    // What both programs have is told once, as long as it is the same.
    let (daemon, client) = (of("aurad"), of("aura-msg"));
    let same = |one: &Entry, other: &Entry| {
        let other = Entry {
            section: one.section,
            ..other.clone()
        };
        *one == other
    };
    let is_shared = |one: &Entry, others: &[&Entry]| others.iter().any(|other| same(one, other));
    let rows = |entries: &[&Entry], kept: &dyn Fn(&Entry) -> bool| {
        let entries = entries.iter().filter(|entry| kept(entry));
        table(entries.copied())
    };
    let parts = Parts::from([
        (
            "settings of both programs",
            rows(&daemon, &|entry| is_shared(entry, &client)),
        ),
        (
            "settings of aurad",
            rows(&daemon, &|entry| !is_shared(entry, &client)),
        ),
        (
            "settings of aura-msg",
            rows(&client, &|entry| !is_shared(entry, &daemon)),
        ),
        ("settings of reviews", rows(&of("review"), &|_| true)),
        ("settings of runners", rows(&of("runner.NAME"), &|_| true)),
    ]);
    hold("docs/configuration.md", &parts);
}

/// A table of settings; the column of flags and variables is there if one has any.
fn table<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    let entries: Vec<_> = entries.collect();
    let is_named = entries.iter().any(|entry| !names(entry).is_empty());
    let (head, line) = if is_named {
        (" flag, variable |", "---|")
    } else {
        ("", "")
    };
    let mut table = format!("| key |{head} default | meaning |\n|---|{line}---|---|\n");
    for entry in entries {
        let names = if is_named {
            format!(" {} |", names(entry))
        } else {
            String::new()
        };
        let value = if entry.is_example {
            format!("none; `{}`, for example", entry.value)
        } else {
            format!("`{}`", entry.value)
        };
        let mut meaning = entry.meaning.replace('|', "\\|");
        if let Some(alias) = entry.alias {
            let _ = write!(meaning, " Its earlier name `{alias}` goes on working.");
        }
        let _ = writeln!(table, "| `{}` |{names} {value} | {meaning} |", entry.key);
    }
    table
}

fn names(entry: &Entry) -> String {
    let variables = entry.variables.iter().map(String::as_str);
    let names: Vec<_> = entry
        .flag
        .into_iter()
        .chain(variables)
        .map(|name| format!("`{name}`"))
        .collect();
    names.join(", ")
}

#[test]
fn a_page_that_lacks_a_part_or_has_another_is_found() {
    let parts = Parts::from([("a", "new".to_owned())]);
    let page = "x\n<!-- begin: a -->\nold\n<!-- end -->\ny\n";
    let fresh = with_parts(page, &parts).unwrap();
    assert_eq!(fresh, page.replace("old", "new"));
    assert!(with_parts("x\n", &parts).is_err());
    assert!(with_parts(page, &Parts::new()).is_err());
    let open = page.replace("<!-- end -->", "");
    assert!(with_parts(&open, &parts).is_err());
}
