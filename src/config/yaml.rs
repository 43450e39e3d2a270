//! The YAML file of the earlier implementation. It is not read as configuration; what is
//! flat in it is translated, so that nobody loses settings without being told. This is no
//! YAML parser: all but `key: scalar` is left to a person, by line number.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use toml::Value;

use super::file::is_missing;
use super::places::Places;
use super::spec::{Context, Key, Section, Shape};

/// A notice for each such file that is there. `target` is the file to use instead.
pub(super) fn notices(places: &Places, section: &Section, target: Option<&Path>) -> Vec<String> {
    let standard = places.config_file();
    let target = target.or(standard.as_deref());
    let notice = |path: PathBuf| {
        let unread = format!(
            "{} is not read: the configuration is TOML now",
            path.display()
        );
        match fs::read(&path) {
            Ok(bytes) => {
                let context = Context {
                    home: places.home(),
                    base: path.parent(),
                };
                let translation = translate(&String::from_utf8_lossy(&bytes), section, context);
                Some(unread + &translation.explain(section, target))
            }
            Err(error) if is_missing(&error) => None,
            Err(error) => Some(format!("{unread}; nor can this user open it: {error}")),
        }
    };
    places
        .earlier_config_files()
        .into_iter()
        .filter_map(notice)
        .collect()
}

/// What became of a file's text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Translation {
    /// Lines of TOML that the section accepts.
    pub(super) lines: Vec<String>,
    /// The lines, from 1, that are something else.
    pub(super) by_hand: Vec<usize>,
}

impl Translation {
    /// What to do, as the end of a sentence and the lines that it needs.
    fn explain(&self, section: &Section, target: Option<&Path>) -> String {
        let by_hand = format!("translate by hand: lines {}", runs(&self.by_hand));
        if self.lines.is_empty() {
            let rest = if self.by_hand.is_empty() {
                "it says nothing"
            } else {
                &by_hand
            };
            return format!("; {rest}, then move it away");
        }
        let target = target.map_or_else(String::new, |path| format!(" to {}", path.display()));
        let lines = self.lines.join("\n");
        let rest = if self.by_hand.is_empty() {
            String::new()
        } else {
            format!("\n# {by_hand}")
        };
        format!(
            "; write this{target}, then move it away:\n[{}]\n{lines}{rest}",
            section.name
        )
    }
}

/// Translates what is flat.
pub(super) fn translate(text: &str, section: &Section, context: Context<'_>) -> Translation {
    let mut translation = Translation::default();
    let mut seen = BTreeSet::new();
    // The line that was translated last, while the next one may still go on with it.
    let mut open = None;
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') || matches!(bare, "---" | "...") {
            continue;
        }
        if line.starts_with([' ', '\t'])
            && let Some(line) = open.take()
        {
            translation.lines.pop();
            translation.by_hand.push(line);
        }
        let pair = flat(line)
            .and_then(|(name, value)| equivalent(name, &value, section, context))
            .filter(|(key, _)| seen.insert(*key));
        open = pair.is_some().then_some(at + 1);
        match pair {
            Some((key, value)) => translation.lines.push(format!("{key} = {value}")),
            None => translation.by_hand.push(at + 1),
        }
    }
    translation
}

/// A line that is a key and a scalar, without quotes and comment.
fn flat(line: &str) -> Option<(&str, String)> {
    let (name, rest) = line.split_once(':')?;
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if name.is_empty() || !name.chars().all(named) || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let rest = rest.trim();
    let quote = rest.chars().next()?;
    if !matches!(quote, '"' | '\'') {
        return plain(rest).map(|value| (name, value.to_owned()));
    }
    let (value, after) = rest.get(1..)?.split_once(quote)?;
    let ends = after.is_empty() || after.trim_start().starts_with('#');
    // Escapes are rare enough to be a person's work.
    (ends && !value.contains('\\')).then(|| (name, value.to_owned()))
}

fn plain(text: &str) -> Option<&str> {
    let value = match text.find(" #").or_else(|| text.find("\t#")) {
        Some(comment) => text.get(..comment)?.trim_end(),
        None => text,
    };
    let structured = value.starts_with([
        '[', ']', '{', '}', '|', '>', '&', '*', '!', '%', '@', '`', '#', '?', ',', '-',
    ]);
    let null = matches!(value, "" | "~" | "null" | "Null" | "NULL");
    (!structured && !null && !value.contains(": ")).then_some(value)
}

/// The TOML of a pair, if the section would accept it.
fn equivalent(
    name: &str,
    value: &str,
    section: &Section,
    context: Context<'_>,
) -> Option<(&'static str, Value)> {
    let key: &dyn Key = section.key(&name.replace('-', "_"))?;
    let switch = key.shape() == Shape::Switch;
    let word = match value.to_ascii_lowercase().as_str() {
        "yes" | "on" | "true" if switch => "true",
        "no" | "off" | "false" if switch => "false",
        _ => value,
    };
    key.check(&[OsString::from(word)], context).ok()?;
    let value = if switch {
        Value::Boolean(word == "true")
    } else if key.shape() == Shape::Count {
        Value::Integer(word.parse().ok()?)
    } else {
        Value::String(word.into())
    };
    Some((key.name(), value))
}

/// Line numbers, with runs of them as ranges: `1, 3-5`.
fn runs(lines: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => runs.push((*line, *line)),
        }
    }
    let texts: Vec<_> = runs
        .into_iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        })
        .collect();
    texts.join(", ")
}
