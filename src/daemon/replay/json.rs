//! Reads a history that is written as JSON, in either of its forms: the SDK's, which `aurad db
//! export-history` writes (`event_id`, kinds as numbers, every field there), and protobuf's,
//! which `temporal workflow show -o json` writes (`eventId`, kinds by name, long numbers as
//! text, nothing that is empty). It leaves out whether the history makes sense.
//!
//! The SDK's types read their own form alone, so they are given the other one as if it were
//! theirs. What comes from `temporal.api.common` and `temporal.api.failure` reads both forms
//! itself; its types are those that have a whole name.

mod absent;
mod choice;
mod enums;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Map, Value};
use temporalio_common::protos::temporal::api::history::v1::History;

use absent::Absent;
use choice::Choice;

/// Fields, by their type, that protobuf's form does not name: of a choice it names what was
/// chosen.
const CHOICES: [(&str, &str); 3] = [
    ("HistoryEvent", "attributes"),
    ("Outcome", "value"),
    ("VersioningOverride", "override"),
];

/// The history in a text, or what is wrong with the text and where.
pub(super) fn read(text: &[u8]) -> Result<History, String> {
    let value: Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    if value.get("events").is_none_or(|events| !events.is_array()) {
        return Err("it has no list of events".to_owned());
    }
    serde_path_to_error::deserialize(Given(&value))
        .map_err(|error| format!("{}: {}", error.path(), error.inner()))
}

/// A value that is there.
#[derive(Clone, Copy)]
struct Given<'de>(&'de Value);

impl Given<'_> {
    /// A number, be it written as text or as the name of a kind.
    fn number(self) -> Result<Option<i64>, Error> {
        let Value::String(text) = self.0 else {
            return Ok(None);
        };
        let number = text.parse().ok();
        number
            .or_else(|| enums::number(text).map(i64::from))
            .map(Some)
            .ok_or_else(|| Error::custom(format!("'{text}' is unknown here")))
    }
}

/// Methods that read a number.
macro_rules! numbers {
    ($($method:ident)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
                match self.number()? {
                    Some(number) => visitor.visit_i64(number),
                    None => self.0.$method(visitor),
                }
            }
        )*
    };
}

impl<'de> Deserializer<'de> for Given<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Entries::new(
                fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), Entry::Given(Given(value))))
                    .collect(),
            )),
            Value::Array(items) => visitor.visit_seq(Items(items.iter())),
            other => other.deserialize_any(visitor),
        }
    }

    numbers! { deserialize_i32 deserialize_i64 deserialize_u32 deserialize_u64 }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let Value::Object(given) = self.0 else {
            return self.0.deserialize_struct(name, fields, visitor);
        };
        let entries = if name.starts_with("temporal.api.") {
            whole(given, fields)
        } else {
            completed(name, given, fields)
        };
        visitor.visit_map(Entries::new(entries))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(given) => Choice(given).deserialize_enum(name, variants, visitor),
            _ => Err(Error::custom(format!("it is no {name}"))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}

/// The entries for a type that reads protobuf's form itself, and refuses what it does not
/// know, which a newer server may have added.
fn whole<'de>(given: &'de Map<String, Value>, fields: &[&str]) -> Vec<(&'de str, Entry<'de>)> {
    given
        .iter()
        .filter(|(name, _)| fields.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), Entry::Given(Given(value))))
        .collect()
}

/// The entries for a type that wants all of its fields, under its own names.
fn completed<'de>(
    name: &str,
    given: &'de Map<String, Value>,
    fields: &[&'static str],
) -> Vec<(&'de str, Entry<'de>)> {
    let is_field = |key: &str| {
        fields
            .iter()
            .any(|field| *field == key || camel(field) == key)
    };
    let entry = |field: &'static str| {
        let value = given.get(field).or_else(|| given.get(&camel(field)));
        let entry = match value.filter(|value| !value.is_null()) {
            Some(value) => Entry::Given(Given(value)),
            None if CHOICES.contains(&(name, field)) && !given.keys().all(|key| is_field(key)) => {
                Entry::Choice(Choice(given))
            }
            None => Entry::Absent,
        };
        (field, entry)
    };
    fields.iter().map(|field| entry(field)).collect()
}

/// A field's name in protobuf's form.
fn camel(field: &str) -> String {
    let mut camel = String::with_capacity(field.len());
    let mut is_after = false;
    for c in field.chars() {
        if c == '_' {
            is_after = true;
        } else if is_after {
            camel.push(c.to_ascii_uppercase());
            is_after = false;
        } else {
            camel.push(c);
        }
    }
    camel
}

/// What a field has.
enum Entry<'de> {
    Given(Given<'de>),
    Choice(Choice<'de>),
    Absent,
}

/// The fields of an object, one after the other.
struct Entries<'de> {
    left: std::vec::IntoIter<(&'de str, Entry<'de>)>,
    next: Option<Entry<'de>>,
}

impl<'de> Entries<'de> {
    fn new(entries: Vec<(&'de str, Entry<'de>)>) -> Self {
        Self {
            left: entries.into_iter(),
            next: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((name, entry)) = self.left.next() else {
            return Ok(None);
        };
        self.next = Some(entry);
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        match self.next.take().unwrap_or(Entry::Absent) {
            Entry::Given(value) => seed.deserialize(value),
            Entry::Choice(choice) => seed.deserialize(choice),
            Entry::Absent => seed.deserialize(Absent),
        }
    }
}

/// The items of a list, one after the other.
struct Items<'de>(std::slice::Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let next = self.0.next();
        next.map(|item| seed.deserialize(Given(item))).transpose()
    }
}

#[cfg(test)]
mod tests;
