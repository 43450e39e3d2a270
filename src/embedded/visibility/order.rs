//! How a list is sorted, and where in that order a page begins. A page begins after the
//! last run of the one before, not after a number of runs: new runs shift nothing.

use rusqlite::types::Value;

use super::ast::Order;
use super::attribute::{self, CLOSED, Kind, Place};
use super::sql::Sql;
use super::{Error, Registry};

/// The most attributes that a list is sorted by.
const MOST: usize = 10;

/// One thing that a list is sorted by. The last one, which makes the order complete, is not
/// among them: the run's key, newest first.
#[derive(Debug)]
pub(super) struct Key {
    /// The expression.
    pub(super) sql: String,
    /// Largest first. A run without the value comes last then, and first otherwise.
    pub(super) descending: bool,
}

/// What a list is sorted by; as on a server, open runs come first, then those closed last.
pub(super) fn keys(
    sql: &mut Sql,
    order_by: &[Order],
    registry: &Registry,
) -> Result<Vec<Key>, Error> {
    if order_by.len() > MOST {
        return Err(Error::TooMuch {
            what: "'order by' has too many attributes",
            most: MOST,
        });
    }
    if order_by.is_empty() {
        return Ok([CLOSED, "run.start_time"]
            .map(|column| Key {
                sql: column.to_owned(),
                descending: true,
            })
            .into());
    }
    order_by
        .iter()
        .map(|order| key(sql, order, registry))
        .collect()
}

fn key(sql: &mut Sql, order: &Order, registry: &Registry) -> Result<Key, Error> {
    let attribute = attribute::resolve(&order.name, registry)?;
    if matches!(attribute.kind, Kind::Text | Kind::KeywordList) {
        return Err(Error::unsupported(format!(
            "unable to sort by field of {} type, use field of type Keyword",
            attribute.kind
        )));
    }
    let text = match attribute.place {
        Place::Run { value, .. } => value.to_owned(),
        Place::Attribute(column) => {
            let name = sql.bind(attribute.name);
            format!(
                "(SELECT a.{column} FROM attribute AS a WHERE a.run = run.key \
                 AND a.name = {name} AND a.n = 0)"
            )
        }
    };
    Ok(Key {
        sql: text,
        descending: order.descending,
    })
}

/// Appends `ORDER BY`.
pub(super) fn write(sql: &mut Sql, keys: &[Key]) {
    sql.push(" ORDER BY ");
    for key in keys {
        sql.push(&key.sql)
            .push(if key.descending { " DESC, " } else { ", " });
    }
    sql.push("run.key DESC");
}

/// Appends the condition that a row comes after the run with this key and these values.
pub(super) fn write_after(sql: &mut Sql, keys: &[Key], values: Vec<Value>, run: i64) {
    let run = sql.bind(run);
    let values: Vec<_> = values
        .into_iter()
        .map(|value| match value {
            Value::Null => None,
            value => Some(sql.bind(value)),
        })
        .collect();
    // What follows is equal up to one of the keys, and behind at that one.
    let mut equal = String::new();
    let mut ways = Vec::new();
    for (key, value) in keys.iter().zip(&values) {
        if let Some(behind) = behind(key, value.as_deref()) {
            ways.push(format!("{equal}{behind}"));
        }
        let same = match value {
            Some(value) => format!("{} = {value} AND ", key.sql),
            None => format!("{} IS NULL AND ", key.sql),
        };
        equal.push_str(&same);
    }
    ways.push(format!("{equal}run.key < {run}"));
    // Said apart, since an index can't find the start of alternatives.
    if let (
        Some(Key {
            sql: first,
            descending: true,
        }),
        Some(Some(value)),
    ) = (keys.first(), values.first())
        && first == CLOSED
    {
        sql.push(&format!("{first} <= {value} AND "));
    }
    sql.push("(").push(&ways.join(" OR ")).push(")");
}

/// The condition that a key lies behind a value; none if nothing does.
fn behind(Key { sql, descending }: &Key, value: Option<&str>) -> Option<String> {
    match (value, descending) {
        (Some(value), false) => Some(format!("{sql} > {value}")),
        (Some(value), true) => Some(format!("({sql} < {value} OR {sql} IS NULL)")),
        (None, false) => Some(format!("{sql} IS NOT NULL")),
        (None, true) => None,
    }
}
