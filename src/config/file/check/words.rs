//! From a TOML value to the words that a key reads, by the key's shape. It leaves out what
//! the words mean, except that each entry of a table is judged where it is written.

use std::ffi::OsString;

use toml::Spanned;
use toml::de::{DeInteger, DeValue};

use super::{Checker, Table, in_order};
use crate::config::error::Error;
use crate::config::invalid::shown;
use crate::config::spec::{Key, Shape};

impl Checker<'_> {
    /// The words that a value stands for.
    pub(super) fn words(
        &self,
        table: &Table<'_>,
        key: &dyn Key,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<OsString>, Error> {
        let wrong_type = |value: &Spanned<DeValue<'_>>| Error::WrongType {
            place: self.place(value.span()),
            name: key.name().to_owned(),
            section: Some(table.name.to_owned()),
            expected: key.shape().expected(),
            found: value.get_ref().type_str(),
        };
        match (key.shape(), value.get_ref()) {
            (Shape::Texts | Shape::List, DeValue::Array(values)) => values
                .iter()
                .map(|value| {
                    let text = value.get_ref().as_str().map(Into::into);
                    text.ok_or_else(|| wrong_type(value))
                })
                .collect(),
            (
                Shape::Text | Shape::Texts | Shape::Time | Shape::Size | Shape::Number,
                DeValue::String(text),
            ) => Ok(vec![text.as_ref().into()]),
            (
                Shape::Time | Shape::Count | Shape::Size | Shape::Number,
                DeValue::Integer(number),
            ) => Ok(vec![decimal(number)]),
            (Shape::Number, DeValue::Float(number)) => Ok(vec![number.as_str().into()]),
            (Shape::Switch, DeValue::Boolean(on)) => Ok(vec![on.to_string().into()]),
            (Shape::Table, DeValue::Table(entries)) => {
                let mut words = Vec::new();
                for (name, value) in in_order(entries) {
                    let Some(text) = value.get_ref().as_str() else {
                        return Err(Error::WrongType {
                            place: self.place(value.span()),
                            name: format!("{}.{}", key.name(), shown(name.get_ref())),
                            section: Some(table.name.to_owned()),
                            expected: "a string",
                            found: value.get_ref().type_str(),
                        });
                    };
                    let pair = [name.get_ref().as_ref().into(), text.into()];
                    self.accept(table, key, key.name(), self.place(name.span()), &pair)?;
                    words.extend(pair);
                }
                Ok(words)
            }
            _ => Err(wrong_type(value)),
        }
    }
}

/// An integer in the form that everything here reads, however it was written.
fn decimal(number: &DeInteger<'_>) -> OsString {
    i128::from_str_radix(number.as_str(), number.radix())
        .map_or_else(|_| number.to_string(), |number| number.to_string())
        .into()
}
