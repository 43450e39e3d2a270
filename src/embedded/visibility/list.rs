//! A page of runs.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::filter::{self, Context};
use super::sql::Sql;
use super::token::Token;
use super::{Error, Registry, order, parser, words};
use crate::embedded::store::{RUN_COLUMNS, RUN_WIDTH, RunRow};

/// The largest page, and the page of those who don't say, as on a server.
const LARGEST: i32 = 1000;

/// A page of runs.
#[derive(Debug)]
pub(in crate::embedded) struct Page {
    /// In order.
    pub(in crate::embedded) runs: Vec<RunRow>,
    /// The token of the next page, if there is one.
    pub(in crate::embedded) next: Option<Vec<u8>>,
}

/// Lists runs of a namespace; an empty token asks for the first page.
pub(in crate::embedded) fn list(
    conn: &Connection,
    namespace: &str,
    query: &str,
    registry: &Registry,
    page_size: i32,
    token: &[u8],
) -> Result<Page, Error> {
    let size = match page_size {
        1..=LARGEST => page_size,
        _ => LARGEST,
    };
    words::register(conn)?;
    let context = Context { conn, registry };
    let (sql, keys) = statement(namespace, query, context, size, token)?;
    let mut statement = conn.prepare_cached(&sql.text)?;
    let mut rows = statement.query(params_from_iter(sql.values))?;
    let mut runs = Vec::new();
    let mut last = Vec::new();
    while let Some(row) = rows.next()? {
        if runs.len() == usize::try_from(size).unwrap_or_default() {
            let next = runs.last().map(|run: &RunRow| {
                let (values, run) = (last, run.key);
                Token { values, run }.encode()
            });
            return Ok(Page { runs, next });
        }
        last = (RUN_WIDTH..RUN_WIDTH + keys)
            .map(|column| row.get(column))
            .collect::<Result<_, _>>()?;
        runs.push(RunRow::read(row)?);
    }
    Ok(Page { runs, next: None })
}

/// The statement for a page and one run more, which tells whether there is a next page; and
/// how many columns follow those of the run.
pub(super) fn statement(
    namespace: &str,
    query: &str,
    context: Context<'_>,
    size: i32,
    token: &[u8],
) -> Result<(Sql, usize), Error> {
    let query = parser::parse(query)?;
    if !query.group_by.is_empty() {
        return Err(Error::unsupported("'group by' clause"));
    }
    let mut sql = Sql::default();
    let keys = order::keys(&mut sql, &query.order_by, context.registry)?;
    sql.push("SELECT ").push(RUN_COLUMNS);
    for key in &keys {
        sql.push(", ").push(&key.sql);
    }
    sql.push(" FROM run WHERE ");
    filter::write(&mut sql, namespace, query.filter.as_ref(), context)?;
    if let Some(Token { values, run }) = Token::decode(token, keys.len())? {
        sql.push(" AND ");
        order::write_after(&mut sql, &keys, values, run);
    }
    order::write(&mut sql, &keys);
    let limit = sql.bind(Value::from(size + 1));
    sql.push(" LIMIT ").push(&limit);
    Ok((sql, keys.len()))
}
