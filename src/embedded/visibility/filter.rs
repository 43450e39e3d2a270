//! Conditions to SQL.
//!
//! A run that lacks an attribute fulfils neither a condition on it nor the opposite: SQL's
//! third truth value, which `EXISTS` doesn't have. So `NOT` is moved down to the conditions,
//! and each writes itself, or its opposite, so that it is false where SQL would say
//! unknown; above them are only `AND` and `OR`, for which false and unknown are the same in
//! the end. `Text` and `KeywordList` are different, here as on a server: a run without the
//! attribute contains nothing, and `!=` is true of it.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::ast::{Condition, Expr, Literal, Operator, Test};
use super::attribute::{self, Attribute, Kind, Place};
use super::sql::Sql;
use super::{Error, Registry, value, words};

/// With how many values at most an index on attributes is where a list starts. The runs of
/// more would have to be sorted for each page, and those of a page are found sooner by going
/// through the runs in the order of the list.
const FEW: i64 = 1000;

/// What a filter is read with.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The file, to see what is frequent in it.
    pub(super) conn: &'a Connection,
    /// The custom attributes.
    pub(super) registry: &'a Registry,
}

/// Appends the condition that a row of `run` belongs to a namespace and fulfils a filter.
pub(super) fn write(
    sql: &mut Sql,
    namespace: &str,
    filter: Option<&Expr>,
    context: Context<'_>,
) -> Result<(), Error> {
    let namespace = sql.bind(namespace.to_owned());
    sql.push(&format!("run.namespace = {namespace}"));
    if let Some(filter) = filter {
        sql.push(" AND ");
        expr(sql, filter, false, context)?;
    }
    Ok(())
}

fn expr(sql: &mut Sql, tree: &Expr, negated: bool, context: Context<'_>) -> Result<(), Error> {
    let (parts, joint) = match tree {
        Expr::Condition(written) => return condition(sql, written, negated, context),
        Expr::Not(inner) => return expr(sql, inner, !negated, context),
        Expr::And(parts) => (parts, if negated { " OR " } else { " AND " }),
        Expr::Or(parts) => (parts, if negated { " AND " } else { " OR " }),
    };
    sql.push("(");
    for (n, part) in parts.iter().enumerate() {
        sql.push(if n == 0 { "" } else { joint });
        expr(sql, part, negated, context)?;
    }
    sql.push(")");
    Ok(())
}

fn condition(
    sql: &mut Sql,
    condition: &Condition,
    negated: bool,
    context: Context<'_>,
) -> Result<(), Error> {
    let attribute = attribute::resolve(&condition.name, context.registry)?;
    if let Test::Null { not } = condition.test {
        presence(sql, &attribute, not != negated);
        return Ok(());
    }
    let column = match attribute.place {
        Place::Run { value, .. } => {
            let test = single(sql, value, &attribute, condition, negated)?;
            sql.push(&test);
            return Ok(());
        }
        Place::Attribute(column) => column,
    };
    let indexed = !negated && is_indexed(&condition.test, attribute.kind);
    // The plus sign keeps a condition from an index that would be searched for each run.
    let column = format!("{}a.{column}", if indexed { "" } else { "+" });
    let (test, wanted) = if matches!(attribute.kind, Kind::Text | Kind::KeywordList) {
        let (test, contains) = containing(sql, &column, &attribute, condition)?;
        (test, contains != negated)
    } else {
        (single(sql, &column, &attribute, condition, negated)?, true)
    };
    let name = sql.bind(attribute.name);
    sql.push(if wanted { "" } else { "NOT " });
    if indexed && is_true_of_few(sql, &name, &test, context.conn)? {
        sql.push("run.key IN (SELECT a.run FROM attribute AS a WHERE ");
    } else {
        sql.push(EXISTS);
    }
    sql.push(&format!("a.name = {name} AND {test})"));
    Ok(())
}

/// The beginning of "the run has a value of an attribute, for which".
const EXISTS: &str = "EXISTS (SELECT 1 FROM attribute AS a WHERE a.run = run.key AND ";

/// Whether an index finds the values that a condition is true of, and not most of them.
fn is_indexed(test: &Test, kind: Kind) -> bool {
    let equal = matches!(
        test,
        Test::Compare(Operator::Equal, _) | Test::In { not: false, .. }
    );
    equal && !matches!(kind, Kind::Text | Kind::Double)
}

/// Whether a condition is true of few values in the whole file.
fn is_true_of_few(sql: &Sql, name: &str, test: &str, conn: &Connection) -> Result<bool, Error> {
    let probe = format!(
        "SELECT count(*) FROM (SELECT 1 FROM attribute AS a WHERE a.name = {name} AND {test} \
         LIMIT {FEW} + 1)"
    );
    let count: i64 = conn
        .prepare_cached(&probe)?
        .query_row(params_from_iter(&sql.values), |row| row.get(0))?;
    Ok(count <= FEW)
}

/// `IS NULL` and `IS NOT NULL`.
fn presence(sql: &mut Sql, attribute: &Attribute, present: bool) {
    match attribute.place {
        Place::Run { null, .. } => {
            sql.push(null)
                .push(if present { " IS NOT NULL" } else { " IS NULL" });
        }
        Place::Attribute(column) => {
            sql.push(if present { "" } else { "NOT " });
            let name = sql.bind(attribute.name.clone());
            sql.push(EXISTS)
                .push(&format!("a.name = {name} AND +a.{column} IS NOT NULL)"));
        }
    }
}

/// A condition on the one value of an attribute, or its opposite.
fn single(
    sql: &mut Sql,
    column: &str,
    attribute: &Attribute,
    condition: &Condition,
    negated: bool,
) -> Result<String, Error> {
    Ok(match &condition.test {
        Test::Compare(operator, literal) => {
            let operator = if negated {
                operator.opposite()
            } else {
                *operator
            };
            let value = bind(sql, literal, attribute)?;
            format!("{column} {} {value}", operator.sign())
        }
        Test::In { not, values } => {
            let in_them = if *not == negated { "IN" } else { "NOT IN" };
            format!("{column} {in_them} ({})", list(sql, values, attribute)?)
        }
        Test::StartsWith { not, prefix } => {
            let prefix = text_prefix(prefix, attribute, condition)?;
            starts_with(sql, column, prefix, *not == negated)
        }
        Test::Between { not, low, high } => {
            if attribute.kind == Kind::Bool {
                return Err(no_range(attribute));
            }
            let low = bind(sql, low, attribute)?;
            let high = bind(sql, high, attribute)?;
            let between = if *not == negated {
                "BETWEEN"
            } else {
                "NOT BETWEEN"
            };
            format!("{column} {between} {low} AND {high}")
        }
        Test::Null { not } => {
            let null = if *not == negated {
                "IS NULL"
            } else {
                "IS NOT NULL"
            };
            format!("{column} {null}")
        }
    })
}

/// A condition on values of which a run may have several: what is true of one of them, and
/// whether there has to be such a one.
fn containing(
    sql: &mut Sql,
    column: &str,
    attribute: &Attribute,
    condition: &Condition,
) -> Result<(String, bool), Error> {
    match (&condition.test, attribute.kind) {
        (Test::Compare(operator @ (Operator::Equal | Operator::NotEqual), literal), kind) => {
            let test = if kind == Kind::Text {
                has_words(sql, column, literal, attribute)?
            } else {
                format!("{column} = {}", bind(sql, literal, attribute)?)
            };
            Ok((test, *operator == Operator::Equal))
        }
        (Test::In { not, values }, Kind::KeywordList) => {
            let values = list(sql, values, attribute)?;
            Ok((format!("{column} IN ({values})"), !not))
        }
        (Test::Between { .. }, _) => Err(no_range(attribute)),
        _ => Err(no_operator(attribute, condition)),
    }
}

fn has_words(
    sql: &mut Sql,
    column: &str,
    literal: &Literal,
    attribute: &Attribute,
) -> Result<String, Error> {
    let value = value::of(literal, attribute)?;
    if matches!(&value, Value::Text(text) if text.trim_matches(' ').is_empty()) {
        return Err(Error::invalid(format!(
            "unexpected value for Text type search attribute (no tokens found in {literal})"
        )));
    }
    let value = sql.bind(value);
    Ok(format!("{}({column}, {value})", words::FUNCTION))
}

fn text_prefix<'a>(
    prefix: &'a Literal,
    attribute: &Attribute,
    condition: &Condition,
) -> Result<&'a str, Error> {
    if attribute.kind != Kind::Keyword {
        return Err(no_operator(attribute, condition));
    }
    match prefix {
        Literal::Text(text) => Ok(text),
        other => Err(Error::invalid(format!(
            "right-hand side of '{}' must be a literal string (got: {other})",
            condition.test.operator()
        ))),
    }
}

/// A prefix as a range, which an index can find and which tells case; `LIKE` could neither.
fn starts_with(sql: &mut Sql, column: &str, prefix: &str, wanted: bool) -> String {
    let low = sql.bind(prefix.to_owned());
    match (after_prefix(prefix), wanted) {
        (Some(after), true) => {
            let after = sql.bind(after);
            format!("({column} >= {low} AND {column} < {after})")
        }
        (Some(after), false) => {
            let after = sql.bind(after);
            format!("({column} < {low} OR {column} >= {after})")
        }
        (None, true) => format!("{column} >= {low}"),
        (None, false) => format!("{column} < {low}"),
    }
}

/// The first text after all those with a prefix, if there is one: UTF-8 sorts like the
/// characters, so it is the prefix with its last character raised.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut after = prefix.to_owned();
    while let Some(last) = after.pop() {
        // A range of characters leaves out the surrogates.
        if let Some(next) = (last..=char::MAX).nth(1) {
            after.push(next);
            return Some(after);
        }
    }
    None
}

fn bind(sql: &mut Sql, literal: &Literal, attribute: &Attribute) -> Result<String, Error> {
    let value = sql.bind(value::of(literal, attribute)?);
    // A sign hides the value from SQLite's planner. It looks at bound values for partial
    // indexes, takes one of the open runs for a covering one, and among alternatives fails
    // over that ("internal query planner error", seen with 3.54.1).
    Ok(match attribute.kind {
        Kind::Status => format!("+{value}"),
        _ => value,
    })
}

fn list(sql: &mut Sql, literals: &[Literal], attribute: &Attribute) -> Result<String, Error> {
    let values: Result<Vec<_>, _> = literals
        .iter()
        .map(|literal| bind(sql, literal, attribute))
        .collect();
    Ok(values?.join(", "))
}

fn no_range(attribute: &Attribute) -> Error {
    Error::invalid(format!(
        "cannot do range condition on search attribute '{}' of type {}",
        attribute.name, attribute.kind
    ))
}

fn no_operator(attribute: &Attribute, condition: &Condition) -> Error {
    Error::invalid(format!(
        "operator '{}' not supported for {} type search attribute in `{condition}`",
        condition.test.operator(),
        attribute.kind
    ))
}
