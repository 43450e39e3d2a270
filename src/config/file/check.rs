//! From TOML to entries. The first mistake, in the order of the lines, ends it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, File, line_after};
use crate::config::SECTIONS;
use crate::config::error::{Error, Unknown};
use crate::config::invalid::shown;
use crate::config::origin::{Origin, Place};
use crate::config::spec::{Context, Key, Section, Shape};
use crate::config::suggest::nearest;

/// The table of the runners.
const RUNNER: &str = "runner";

/// Checks the text of a file.
pub(super) fn check(path: &Path, text: &str, home: Option<&Path>) -> Result<File, Error> {
    let context = Context {
        home,
        base: path.parent(),
    };
    let mut checker = Checker {
        path,
        text,
        context,
        entries: BTreeMap::new(),
    };
    let runners = checker.document()?;
    Ok(File {
        path: path.to_owned(),
        entries: checker.entries,
        runners,
    })
}

struct Checker<'a> {
    path: &'a Path,
    text: &'a str,
    context: Context<'a>,
    entries: BTreeMap<(&'static str, &'static str), Entry>,
}

/// A key, and what is written for it.
type Item<'t, 'i> = (&'t Spanned<Cow<'i, str>>, &'t Spanned<DeValue<'i>>);

impl Checker<'_> {
    /// Reads the whole document, and returns the names of the runners.
    fn document(&mut self) -> Result<Vec<String>, Error> {
        let document = DeTable::parse(self.text).map_err(|error| Error::Syntax {
            place: self.place(error.span().unwrap_or_default()),
            detail: error.message().replace('\n', " "),
        })?;
        let mut runners = Vec::new();
        for item in in_order(document.get_ref()) {
            let name = item.0.get_ref().as_ref();
            if let Some(section) = SECTIONS.iter().find(|section| section.name == name) {
                for entry in in_order(self.table(item, None, "a table")?) {
                    self.entry(section, entry)?;
                }
            } else if name == RUNNER {
                const EXPECTED: &str = "a table with a name, [runner.NAME]";
                for runner in in_order(self.table(item, None, EXPECTED)?) {
                    self.table(runner, Some(RUNNER), EXPECTED)?;
                    runners.push(shown(runner.0.get_ref()));
                }
            } else {
                return Err(self.unknown_at_top(item));
            }
        }
        Ok(runners)
    }

    fn entry(&mut self, section: &Section, (key, value): Item<'_, '_>) -> Result<(), Error> {
        let name = key.get_ref().as_ref();
        let place = self.place(key.span());
        if let Some(key) = section.later.iter().find(|later| **later == name) {
            return Err(Error::NotYet {
                place,
                section: section.name,
                key,
            });
        }
        let Some(known) = section.key(name) else {
            return Err(unknown_in(section, place, name));
        };
        let written = known
            .alias()
            .filter(|alias| *alias == name)
            .unwrap_or_else(|| known.name());
        let words = self.words(section, known, value)?;
        let line = place.line;
        if let Err(invalid) = known.check(&words, self.context) {
            let origin = Origin::File {
                place,
                section: section.name,
                key: written,
            };
            return Err(Error::invalid(origin, invalid));
        }
        let entry = Entry {
            words,
            line,
            written,
        };
        match self.entries.insert((section.name, known.name()), entry) {
            None => Ok(()),
            Some(first) => Err(Error::Twice {
                place,
                section: section.name,
                first: first.written,
                first_line: first.line,
                second: written,
            }),
        }
    }

    /// The words that a value stands for.
    fn words(
        &self,
        section: &Section,
        key: &dyn Key,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<OsString>, Error> {
        let wrong_type = |value: &Spanned<DeValue<'_>>| Error::WrongType {
            place: self.place(value.span()),
            name: key.name().to_owned(),
            section: Some(section.name),
            expected: key.shape().expected(),
            found: value.get_ref().type_str(),
        };
        match (key.shape(), value.get_ref()) {
            (Shape::Texts, DeValue::Array(values)) => values
                .iter()
                .map(|value| {
                    value
                        .get_ref()
                        .as_str()
                        .map(Into::into)
                        .ok_or_else(|| wrong_type(value))
                })
                .collect(),
            (Shape::Text | Shape::Texts | Shape::Time, DeValue::String(text)) => {
                Ok(vec![text.as_ref().into()])
            }
            (Shape::Time, DeValue::Integer(number)) => {
                let decimal = i128::from_str_radix(number.as_str(), number.radix());
                Ok(vec![
                    decimal
                        .map_or_else(|_| number.to_string(), |n| n.to_string())
                        .into(),
                ])
            }
            (Shape::Switch, DeValue::Boolean(on)) => Ok(vec![on.to_string().into()]),
            _ => Err(wrong_type(value)),
        }
    }

    fn table<'t, 'i>(
        &self,
        (key, value): Item<'t, 'i>,
        section: Option<&'static str>,
        expected: &'static str,
    ) -> Result<&'t DeTable<'i>, Error> {
        value.get_ref().as_table().ok_or_else(|| Error::WrongType {
            place: self.place(key.span()),
            name: shown(key.get_ref()),
            section,
            expected,
            found: value.get_ref().type_str(),
        })
    }

    fn unknown_at_top(&self, (key, value): Item<'_, '_>) -> Error {
        let name = key.get_ref().as_ref();
        let is_section = value.get_ref().is_table();
        let homes: Vec<_> = SECTIONS
            .iter()
            .filter(|section| !is_section && section.key(name).is_some())
            .map(|section| format!("[{}]", section.name))
            .collect();
        let sections = SECTIONS.iter().map(|section| section.name).chain([RUNNER]);
        let advice = if homes.is_empty() {
            nearest(name, sections).map(|section| format!("Did you mean [{section}]?"))
        } else {
            Some(format!("Write it under {}.", homes.join(" or ")))
        };
        Error::Unknown(Box::new(Unknown {
            place: self.place(key.span()),
            kind: if is_section { "section" } else { "key" },
            name: shown(name),
            section: None,
            valid: vec!["[aurad]", "[aura-msg]", "[runner.NAME]"],
            advice,
        }))
    }

    fn place(&self, span: Range<usize>) -> Place {
        let text = self.text.as_bytes();
        let before = text.get(..span.start).unwrap_or(text);
        Place {
            path: self.path.to_owned(),
            line: line_after(before),
        }
    }
}

fn unknown_in(section: &Section, place: Place, name: &str) -> Error {
    let elsewhere = SECTIONS.iter().find(|other| other.key(name).is_some());
    let advice = elsewhere
        .map(|other| format!("It belongs to [{}].", other.name))
        .or_else(|| nearest(name, section.names()).map(|key| format!("Did you mean {key}?")));
    Error::Unknown(Box::new(Unknown {
        place,
        kind: "key",
        name: shown(name),
        section: Some(section.name),
        valid: section.names().collect(),
        advice,
    }))
}

/// The items of a table in the order of the file, which the map does not keep.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Item<'t, 'i>> {
    let mut items: Vec<_> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}
