//! Tests of the parts together, on databases in memory.

mod garbage;
mod literals;
mod meaning;
mod messages;
mod model;
mod paging;
mod parsing;
mod plans;
mod texts;

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use temporalio_common::protos::temporal::api::enums::v1::IndexedValueType as Type;

use super::{Registry, list};
use crate::embedded::store::RunRow;

const NAMESPACE: &str = "default";
/// 2024-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_704_067_200_000_000_000;

fn database() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(include_str!("../store/0001_engine.sql"))
        .unwrap();
    conn
}

/// An attribute of each type, by the first letter of the type (`W` for "when").
fn registry() -> Registry {
    BTreeMap::from(
        [
            ("T", Type::Text),
            ("K", Type::Keyword),
            ("I", Type::Int),
            ("D", Type::Double),
            ("B", Type::Bool),
            ("W", Type::Datetime),
            ("L", Type::KeywordList),
        ]
        .map(|(name, kind)| (name.to_owned(), kind)),
    )
}

/// A run that is open and has nothing special.
fn run(key: i64, id: &str) -> RunRow {
    RunRow {
        key,
        namespace: NAMESPACE.to_owned(),
        workflow_id: id.to_owned(),
        run_id: format!("run-{key}"),
        workflow_type: "Wf".to_owned(),
        task_queue: "q".to_owned(),
        status: 1,
        start_time: NEW_YEAR + key,
        execution_time: NEW_YEAR + key,
        close_time: None,
        history_length: 3,
        history_size: 300,
        parent_workflow_id: None,
        parent_run_id: None,
        root_workflow_id: id.to_owned(),
        root_run_id: format!("run-{key}"),
        state: b"state".to_vec(),
    }
}

/// A value as it is kept.
#[derive(Clone, Debug, PartialEq)]
enum Kept {
    Text(String),
    Whole(i64),
    Real(f64),
}

fn insert(conn: &Connection, run: &RunRow, attributes: &[(&str, Vec<Kept>)]) {
    conn.execute(
        "INSERT INTO run (key, namespace, workflow_id, run_id, workflow_type, task_queue, status, \
         start_time, execution_time, close_time, history_length, history_size, \
         parent_workflow_id, parent_run_id, root_workflow_id, root_run_id, state) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        params![
            run.key,
            run.namespace,
            run.workflow_id,
            run.run_id,
            run.workflow_type,
            run.task_queue,
            run.status,
            run.start_time,
            run.execution_time,
            run.close_time,
            run.history_length,
            run.history_size,
            run.parent_workflow_id,
            run.parent_run_id,
            run.root_workflow_id,
            run.root_run_id,
            run.state,
        ],
    )
    .unwrap();
    let mut statement = conn
        .prepare_cached("INSERT INTO attribute (run, name, n, text, whole, real) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .unwrap();
    for (name, values) in attributes {
        for (n, value) in values.iter().enumerate() {
            let (text, whole, real) = match value {
                Kept::Text(text) => (Some(text), None, None),
                Kept::Whole(whole) => (None, Some(whole), None),
                Kept::Real(real) => (None, None, Some(real)),
            };
            let n = i64::try_from(n).unwrap();
            statement
                .execute(params![run.key, name, n, text, whole, real])
                .unwrap();
        }
    }
}

/// All runs that match, over as many pages as it takes.
fn all(conn: &Connection, query: &str, page_size: i32) -> Result<Vec<RunRow>, super::Error> {
    let mut runs = Vec::new();
    let mut token = Vec::new();
    loop {
        let page = list(conn, NAMESPACE, query, &registry(), page_size, &token)?;
        assert!(i32::try_from(page.runs.len()).unwrap() <= page_size);
        runs.extend(page.runs);
        match page.next {
            Some(next) => token = next,
            None => return Ok(runs),
        }
    }
}

fn ids(runs: &[RunRow]) -> String {
    let ids: Vec<_> = runs.iter().map(|run| run.workflow_id.as_str()).collect();
    ids.join(",")
}
