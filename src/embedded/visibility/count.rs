//! How many runs there are, in total or by status.

use std::collections::HashMap;

use rusqlite::{Connection, params_from_iter};
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;

use super::ast::Query;
use super::filter::{self, Context};
use super::sql::Sql;
use super::{Error, Registry, attribute, parser, value, words};

/// How many runs there are.
#[derive(Debug, PartialEq)]
pub(in crate::embedded) struct Count {
    /// All that match.
    pub(in crate::embedded) total: i64,
    /// How many of each, if the query asks for groups: the value, as clients get it.
    pub(in crate::embedded) groups: Vec<(Payload, i64)>,
}

/// Counts runs of a namespace.
pub(in crate::embedded) fn count(
    conn: &Connection,
    namespace: &str,
    query: &str,
    registry: &Registry,
) -> Result<Count, Error> {
    let query = parser::parse(query)?;
    if !query.order_by.is_empty() {
        return Err(Error::unsupported("'order by' clause in a count"));
    }
    words::register(conn)?;
    let sql = statement(namespace, &query, Context { conn, registry })?;
    let mut statement = conn.prepare_cached(&sql.text)?;
    let rows = statement.query_map(params_from_iter(sql.values), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let mut total = 0;
    let mut groups = Vec::new();
    for row in rows {
        let (status, count): (i32, i64) = row?;
        total += count;
        groups.push((payload(status), count));
    }
    if query.group_by.is_empty() {
        groups.clear();
    }
    Ok(Count { total, groups })
}

/// The statement for the number of runs by status. Without `GROUP BY` all count as one.
pub(super) fn statement(
    namespace: &str,
    query: &Query,
    context: Context<'_>,
) -> Result<Sql, Error> {
    let status = match query.group_by.as_slice() {
        [] => "0",
        [name] => {
            attribute::resolve(name, context.registry)?;
            if name != "ExecutionStatus" {
                return Err(Error::unsupported(
                    "'group by' clause is only supported for ExecutionStatus search attribute",
                ));
            }
            "run.status"
        }
        _ => {
            return Err(Error::unsupported(
                "'group by' clause supports only a single field",
            ));
        }
    };
    let mut sql = Sql::default();
    sql.push(&format!("SELECT {status}, count(*) FROM run WHERE "));
    filter::write(&mut sql, namespace, query.filter.as_ref(), context)?;
    if status != "0" {
        sql.push(" GROUP BY run.status ORDER BY run.status");
    }
    Ok(sql)
}

/// A status as the value of a keyword attribute.
fn payload(status: i32) -> Payload {
    let name = WorkflowExecutionStatus::try_from(status).map_or_else(
        |_| status.to_string(),
        |status| value::status_name(status).to_owned(),
    );
    Payload {
        metadata: HashMap::from([
            ("encoding".to_owned(), b"json/plain".to_vec()),
            ("type".to_owned(), b"Keyword".to_vec()),
        ]),
        data: format!("\"{name}\"").into_bytes(),
        ..Payload::default()
    }
}
