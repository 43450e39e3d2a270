//! What a message of the contract is made of, so that every way to spoil it can be
//! generated: a good sample, and for each field whether it may be missing and what it
//! holds. It deliberately takes nothing on trust: a sample must have every field of the
//! contract's type, and every field of the sample must be described.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Bytes of an ordinary text, and of feedback, comments, outputs and errors.
pub const TEXT: usize = 4 * 1024;
pub const LONG: usize = 16 * 1024;

/// A message: a signal, or the input of a workflow.
pub struct Spec {
    /// The signal's name, or the workflow's type.
    pub name: &'static str,
    /// Whether it carries what identifies a message.
    pub is_signal: bool,
    /// All it has, in depth.
    pub fields: &'static [Field],
    /// The good message of this number; each number makes another one.
    pub sample: fn(&Ids, usize) -> Value,
    /// A message read as the contract's type and written again.
    pub whole: fn(&Value) -> Value,
}

/// Whom a message is about.
pub struct Ids {
    pub epoch: String,
    pub slice: String,
}

/// A field, by its JSON pointer.
#[derive(Clone, Copy)]
pub struct Field {
    pub at: &'static str,
    pub need: Need,
    pub holds: Holds,
}

/// Whether a field must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    /// It has a default.
    Optional,
    /// It has a default, and may be null.
    Nullable,
    /// It is a member of a list or map, which may be shorter.
    Member,
}

/// What a field holds, as far as its JSON type does not say it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text of at most so many bytes.
    Text(usize),
    /// Text that nobody reads, whatever its length.
    Unread,
    /// One of a closed set of words.
    Word,
    /// A version; what a newer one does has tests of its own.
    Version,
    /// Something else: a number, a truth, a list, an object.
    Other,
}

impl Field {
    pub const fn required(self) -> Self {
        Self {
            need: Need::Required,
            ..self
        }
    }

    pub const fn nullable(self) -> Self {
        Self {
            need: Need::Nullable,
            ..self
        }
    }

    pub const fn member(self) -> Self {
        Self {
            need: Need::Member,
            ..self
        }
    }
}

pub const fn text(at: &'static str) -> Field {
    Field {
        at,
        need: Need::Optional,
        holds: Holds::Text(TEXT),
    }
}

pub const fn long(at: &'static str) -> Field {
    Field {
        at,
        need: Need::Optional,
        holds: Holds::Text(LONG),
    }
}

pub const fn unread(at: &'static str) -> Field {
    Field {
        at,
        need: Need::Optional,
        holds: Holds::Unread,
    }
}

pub const fn word(at: &'static str) -> Field {
    Field {
        at,
        need: Need::Optional,
        holds: Holds::Word,
    }
}

pub const fn other(at: &'static str) -> Field {
    Field {
        at,
        need: Need::Optional,
        holds: Holds::Other,
    }
}

/// A message through the contract's type `T` and back.
pub fn whole<T: DeserializeOwned + Serialize>(message: &Value) -> Value {
    let read: T = serde_json::from_value(message.clone()).expect("a sample can be read");
    serde_json::to_value(read).expect("what was read can be written")
}

impl Spec {
    /// Fails the test where the sample or the list of fields lacks something.
    pub fn check(&self, ids: &Ids) {
        let sample = (self.sample)(ids, 0);
        assert_eq!(
            sample,
            (self.whole)(&sample),
            "{}: the sample lacks a field",
            self.name
        );
        let mut there = BTreeSet::new();
        walk(&sample, "", &mut there);
        let described = self
            .fields
            .iter()
            .map(|field| field.at.to_owned())
            .collect();
        assert_eq!(
            there, described,
            "{}: the fields of the sample, and those described",
            self.name
        );
    }
}

fn walk(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(at, value)| (at.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (key, value) in members {
        let at = format!("{at}/{key}");
        walk(value, &at, found);
        found.insert(at);
    }
}

/// The message with another value in this place.
pub fn with(message: &Value, at: &str, value: Value) -> Value {
    let mut message = message.clone();
    *message.pointer_mut(at).expect("the sample has the field") = value;
    message
}

/// The message without this field.
pub fn without(message: &Value, at: &str) -> Value {
    let mut message = message.clone();
    let (parent, key) = parent(&mut message, at);
    parent.remove(key).expect("the sample has the field");
    message
}

/// The message with one more field beside this one.
pub fn beside(message: &Value, at: &str, key: &str, value: Value) -> Value {
    let mut message = message.clone();
    parent(&mut message, at).0.insert(key.to_owned(), value);
    message
}

fn parent<'a, 'k>(message: &'a mut Value, at: &'k str) -> (&'a mut Map<String, Value>, &'k str) {
    let (parent, key) = at.rsplit_once('/').expect("a pointer begins with a slash");
    let parent = message.pointer_mut(parent).and_then(Value::as_object_mut);
    (parent.expect("the field is one of an object"), key)
}
