//! Reading. Each call opens the file read-only for itself: it sees one moment of it, holds
//! up no writer, changes nothing (an earlier file is read as it is), and is never left
//! with a file that has since been replaced.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{Rows, row, schema};
use crate::audit::Error;
use crate::audit::chain::Row;
use crate::contract::audit::{AuditEvent, AuditFilter};

/// How long another process may hold the file; only the earlier writer ever does.
const BUSY: Duration = Duration::from_secs(1);

/// The events that match, in order. Rows that are not events to this version, which an
/// earlier or later one may have written, are left out and counted in the log.
pub(super) fn query(path: &Path, filter: &AuditFilter) -> Result<Vec<AuditEvent>, Error> {
    let mut events = Vec::new();
    let mut unreadable = 0_usize;
    let mut example = None;
    read(path, &filter.into(), |row| {
        match row::event(row.content) {
            Ok(event) => events.push(event),
            Err(why) => {
                unreadable += 1;
                example.get_or_insert((row.id, why));
            }
        }
        ControlFlow::Continue(())
    })?;
    if let Some((id, why)) = example {
        tracing::warn!(
            path = %path.display(), unreadable, id, why,
            "the audit trail has rows that this version cannot read; they were left out"
        );
    }
    Ok(events)
}

/// The newest rows as they are, the oldest of them first; the form of the file, and the
/// highest id that it ever gave.
pub(super) fn newest(path: &Path, count: u32) -> Result<Newest, Error> {
    let fail = |error| Error::of_sqlite(path, BUSY, &error);
    let mut connection = open(path)?;
    let moment = connection.transaction().map_err(fail)?;
    let found = schema::inspect(&moment, path, BUSY)?;
    let select = match found {
        schema::Found::Nothing => {
            return Ok(Newest {
                found,
                rows: Vec::new(),
                last: None,
            });
        }
        schema::Found::Earlier => row::SELECT_EARLIER,
        schema::Found::Version(_) => row::SELECT,
    };
    let mut rows = latest(&moment, select, count).map_err(fail)?;
    rows.reverse();
    let last = last_id(&moment).map_err(fail)?;
    Ok(Newest { found, rows, last })
}

/// The end of a file.
pub(super) struct Newest {
    pub(super) found: schema::Found,
    pub(super) rows: Vec<Row>,
    pub(super) last: Option<i64>,
}

fn latest(connection: &Connection, select: &str, count: u32) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare(&format!("{select} ORDER BY id DESC LIMIT ?1"))?;
    let rows = statement.query_map([count], row::read)?;
    rows.collect()
}

/// Hands over the rows that match, as they are, until it is told to stop; answers the
/// highest id that the file ever gave.
pub(super) fn read(
    path: &Path,
    wanted: &Rows,
    mut each: impl FnMut(Row) -> ControlFlow<()>,
) -> Result<Option<i64>, Error> {
    let fail = |error| Error::of_sqlite(path, BUSY, &error);
    let mut connection = open(path)?;
    // One transaction, so that all of it is from one moment.
    let moment = connection.transaction().map_err(fail)?;
    let select = match schema::inspect(&moment, path, BUSY)? {
        schema::Found::Nothing => return Ok(None),
        schema::Found::Earlier => row::SELECT_EARLIER,
        schema::Found::Version(_) => row::SELECT,
    };
    matching(&moment, select, wanted, &mut each).map_err(fail)?;
    last_id(&moment).map_err(fail)
}

fn open(path: &Path) -> Result<Connection, Error> {
    let fail = |error| Error::of_sqlite(path, BUSY, &error);
    match path.metadata() {
        Ok(metadata) if metadata.is_dir() => {
            return Err(Error::NotAFile {
                path: path.to_owned(),
            });
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::Missing {
                path: path.to_owned(),
            });
        }
        _ => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
    connection.busy_timeout(BUSY).map_err(fail)?;
    Ok(connection)
}

fn matching(
    connection: &Connection,
    select: &str,
    wanted: &Rows,
    each: &mut impl FnMut(Row) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    let Rows {
        epoch_id,
        phase,
        role,
        event_type,
        latest_first,
    } = wanted;
    // The plus keeps a column's index out of it: an epoch has few rows, a phase many.
    let columns = match epoch_id {
        Some(_) => ["epoch_id", "+phase", "+role", "event_type"],
        None => ["epoch_id", "phase", "role", "event_type"],
    };
    let mut sql = select.to_owned();
    let mut values = Vec::new();
    for (column, value) in columns.into_iter().zip([epoch_id, phase, role, event_type]) {
        let Some(value) = value else { continue };
        sql.push_str(if values.is_empty() {
            " WHERE "
        } else {
            " AND "
        });
        sql.push_str(column);
        sql.push_str(" = ?");
        values.push(value);
    }
    sql.push_str(if *latest_first {
        " ORDER BY id DESC"
    } else {
        " ORDER BY id"
    });
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(found) = rows.next()? {
        if each(row::read(found)?).is_break() {
            break;
        }
    }
    Ok(())
}

/// The counter, if it counts: somebody may have spoiled it, and that hides no row.
fn last_id(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection
        .query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'audit_events'",
            [],
            |row| row.get_ref(0).map(|seq| seq.as_i64().ok()),
        )
        .optional()
        .map(Option::flatten)
}
