//! Lists and counts of runs: the filter language of Temporal's visibility, over the tables
//! `run` and `attribute`.
//!
//! A query goes through four steps, each in a module of its own: `lexer` cuts it into
//! tokens, `parser` makes a tree (`ast`) that knows no attributes, `filter` gives each
//! condition its type and writes SQL, and `list` or `count` run it. The language is a dozen
//! operators, so the parser is written out; a crate for all of SQL would accept hundreds of
//! forms, each of which had to be refused by hand (as the server does).
//!
//! Meaning and messages are those of the server's own `SQLite` store (release 1.29), with
//! these exceptions, in which that store differs from the production stores or loses data:
//! - `ORDER BY` works (there it is refused), for attributes of one value.
//! - `STARTS_WITH` and `=` on a `KeywordList` tell case (there, ASCII case is ignored).
//! - Times are compared to the nanosecond (there as text, cut to the microsecond).
//! - A value that its attribute can't have is refused (there, it may match nothing).
//! - `StateTransitionCount` is refused: this engine doesn't count state transitions.
//! - A full last page has no token; there, it has one that leads to an empty page.
//!
//! Left out: everything about writing these tables, and how a row is shown to a client.

mod ast;
mod attribute;
mod count;
mod duration;
mod error;
mod filter;
mod lexer;
mod list;
mod order;
mod parser;
mod sql;
mod token;
mod value;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use temporalio_common::protos::temporal::api::enums::v1::IndexedValueType;

pub(in crate::embedded) use count::count;
pub(in crate::embedded) use error::Error;
pub(in crate::embedded) use list::list;

/// The custom search attributes of a namespace.
pub(in crate::embedded) type Registry = BTreeMap<String, IndexedValueType>;
