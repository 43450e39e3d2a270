//! From TOML to entries. The first mistake, in the order of the lines, ends it; only what
//! one section says of another is looked at when all have been read.

mod meaning;
mod unknown;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entries, Entry, File, line_after};
use crate::config::error::Error;
use crate::config::invalid::{Invalid, shown};
use crate::config::origin::{Origin, Place};
use crate::config::spec::{Context, Key, Section};
use crate::config::{SECTIONS, runner};

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
        runners: Vec::new(),
    };
    checker.document()?;
    meaning::check(&checker)?;
    Ok(File {
        path: path.to_owned(),
        entries: checker.entries,
        runners: checker.runners,
    })
}

struct Checker<'a> {
    path: &'a Path,
    text: &'a str,
    context: Context<'a>,
    entries: Entries,
    /// Names of the runners.
    runners: Vec<String>,
}

/// A key, and what is written for it.
type Item<'t, 'i> = (&'t Spanned<Cow<'i, str>>, &'t Spanned<DeValue<'i>>);

/// A section, and the name of the one table of it that is read.
struct Table<'s> {
    section: &'s Section,
    name: &'s str,
}

impl Checker<'_> {
    /// Reads the whole document.
    fn document(&mut self) -> Result<(), Error> {
        let document = DeTable::parse(self.text).map_err(|error| Error::Syntax {
            place: self.place(error.span().unwrap_or_default()),
            detail: error.message().replace('\n', " "),
        })?;
        for item in in_order(document.get_ref()) {
            let name = item.0.get_ref().as_ref();
            if let Some(section) = SECTIONS.iter().find(|section| section.name == name) {
                self.section(section, name, self.table(item, None, "a table")?)?;
            } else if name == runner::TABLE {
                const EXPECTED: &str = "a table with a name, [runner.NAME]";
                for runner in in_order(self.table(item, None, EXPECTED)?) {
                    let table = self.table(runner, Some(runner::TABLE), EXPECTED)?;
                    self.runner(runner.0, table)?;
                }
            } else {
                return Err(self.unknown_at_top(item));
            }
        }
        Ok(())
    }

    fn runner(&mut self, name: &Spanned<Cow<'_, str>>, table: &DeTable<'_>) -> Result<(), Error> {
        let place = self.place(name.span());
        let name = name.get_ref().as_ref();
        if let Err(invalid) = runner::check_name(name) {
            let origin = Origin::File {
                place,
                section: runner::SECTION.name.to_owned(),
                key: "NAME",
            };
            return Err(Error::invalid(origin, invalid));
        }
        let label = runner::label(name);
        self.section(&runner::SECTION, &label, table)?;
        if !self.has(&label, runner::ARGV.key) {
            return Err(Error::Missing {
                place,
                section: label,
                key: runner::ARGV.key,
                why: "a runner is a command, and argv is its program and arguments",
                example: "argv = [\"program\", \"argument\"]",
            });
        }
        self.runners.push(name.to_owned());
        Ok(())
    }

    fn section(&mut self, section: &Section, name: &str, table: &DeTable<'_>) -> Result<(), Error> {
        for item in in_order(table) {
            self.entry(&Table { section, name }, item)?;
        }
        Ok(())
    }

    fn entry(&mut self, table: &Table<'_>, item: Item<'_, '_>) -> Result<(), Error> {
        let (key, value) = item;
        let name = key.get_ref().as_ref();
        let place = self.place(key.span());
        let Some(known) = table.section.key(name) else {
            return Err(self.unknown_in(table, item));
        };
        let written = known
            .alias()
            .filter(|alias| *alias == name)
            .unwrap_or_else(|| known.name());
        let words = self.words(table, known, value)?;
        self.accept(table, known, written, place.clone(), &words)?;
        let entry = Entry {
            words,
            line: place.line,
            written,
        };
        let entries = self.entries.entry(table.name.to_owned()).or_default();
        match entries.insert(known.name(), entry) {
            None => Ok(()),
            Some(first) => Err(Error::Twice {
                place,
                section: table.name.to_owned(),
                first: first.written,
                first_line: first.line,
                second: written,
            }),
        }
    }

    /// Whether the words mean something.
    fn accept(
        &self,
        table: &Table<'_>,
        key: &dyn Key,
        written: &'static str,
        place: Place,
        words: &[std::ffi::OsString],
    ) -> Result<(), Error> {
        key.check(words, self.context).map_err(|invalid: Invalid| {
            let origin = Origin::File {
                place,
                section: table.name.to_owned(),
                key: written,
            };
            Error::invalid(origin, invalid)
        })
    }

    fn table<'t, 'i>(
        &self,
        (key, value): Item<'t, 'i>,
        section: Option<&str>,
        expected: &'static str,
    ) -> Result<&'t DeTable<'i>, Error> {
        value.get_ref().as_table().ok_or_else(|| Error::WrongType {
            place: self.place(key.span()),
            name: shown(key.get_ref()),
            section: section.map(str::to_owned),
            expected,
            found: value.get_ref().type_str(),
        })
    }

    fn has(&self, table: &str, key: &str) -> bool {
        let entries = self.entries.get(table);
        entries.is_some_and(|entries| entries.contains_key(key))
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

/// The items of a table in the order of the file, which the map does not keep.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Item<'t, 'i>> {
    let mut items: Vec<_> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}
