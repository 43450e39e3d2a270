//! Reading objects as JSON has them. What is derived for a struct would also take a list
//! of its values, in the order in which its fields happen to be declared; that order is
//! no part of the wire, so here an object is an object, also inside another one.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::protocol::limits::head;

/// Bytes of an error's words: what was sent is quoted, but not at length.
const WORDS: usize = 1_024;

/// Reads one JSON object; an error names the field it is about.
///
/// # Errors
///
/// In words, what is there instead.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    read_any_length(json).map_err(|why| {
        let kept = head(&why, WORDS);
        if kept.len() == why.len() {
            why
        } else {
            format!("{kept}…")
        }
    })
}

fn read_any_length<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    if !json.trim_ascii_start().starts_with(b"{") {
        let found = serde_json::from_slice::<Value>(json).map_err(|error| error.to_string())?;
        let kind = match found {
            Value::Null => "null",
            Value::Bool(_) => "a truth value",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        return Err(format!("it is {kind}; one JSON object is expected"));
    }
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        match path.as_str() {
            "." => error.inner().to_string(),
            path => format!("{path}: {}", error.inner()),
        }
    })?;
    reader.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// For a field that is one object.
pub(crate) fn one<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Object::deserialize(deserializer).map(|Object(value)| value)
}

/// For a field that is one object or null.
pub(crate) fn maybe<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let found = Option::<Object<T>>::deserialize(deserializer)?;
    Ok(found.map(|Object(value)| value))
}

/// For a field that is a list of objects.
pub(crate) fn many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let found = Vec::<Object<T>>::deserialize(deserializer)?;
    Ok(found.into_iter().map(|Object(value)| value).collect())
}

/// A value that was written as an object.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(Reader(PhantomData)).map(Self)
    }
}
