//! What is said of a key or section that does not exist: what may stand there, and what
//! was probably meant.

use super::{Checker, Item, Table};
use crate::config::error::{Error, Unknown};
use crate::config::invalid::shown;
use crate::config::spec::Section;
use crate::config::suggest::nearest;
use crate::config::{SECTIONS, runner};

impl Checker<'_> {
    pub(super) fn unknown_at_top(&self, (key, value): Item<'_, '_>) -> Error {
        let name = key.get_ref().as_ref();
        let is_section = value.get_ref().is_table();
        let homes: Vec<_> = sections()
            .filter(|section| !is_section && section.key(name).is_some())
            .map(|section| format!("[{}]", section.name))
            .collect();
        let names = SECTIONS.iter().map(|section| section.name);
        let advice = if homes.is_empty() {
            nearest(name, names.chain([runner::TABLE]))
                .map(|section| format!("Did you mean [{section}]?"))
        } else {
            Some(format!("Write it under {}.", homes.join(" or ")))
        };
        Error::Unknown(Box::new(Unknown {
            place: self.place(key.span()),
            kind: if is_section { "section" } else { "key" },
            name: shown(name),
            section: None,
            valid: vec!["[aurad]", "[aura-msg]", "[runner.NAME]", "[review]"],
            advice,
        }))
    }

    pub(super) fn unknown_in(&self, table: &Table<'_>, (key, value): Item<'_, '_>) -> Error {
        let name = key.get_ref().as_ref();
        let is_runner = table.section.name == runner::SECTION.name;
        let elsewhere = sections().find(|other| other.key(name).is_some());
        let advice = if let Some(other) = elsewhere {
            Some(format!("It belongs to [{}].", other.name))
        } else if let Some(key) = nearest(name, table.section.names()) {
            Some(format!("Did you mean {key}?"))
        } else if is_runner && value.get_ref().is_table() {
            // `[runner.a.b]` is a table in the runner `a`.
            let outer = table.name.trim_start_matches("runner.").trim_matches('"');
            Some(format!(
                "If the dot is part of the name, write [runner.\"{outer}.{}\"].",
                shown(name)
            ))
        } else {
            None
        };
        Error::Unknown(Box::new(Unknown {
            place: self.place(key.span()),
            kind: "key",
            name: shown(name),
            section: Some(table.name.to_owned()),
            valid: table.section.names().collect(),
            advice,
        }))
    }
}

/// All sections, that of the runners included.
fn sections() -> impl Iterator<Item = &'static Section> {
    SECTIONS.into_iter().chain([&runner::SECTION])
}
