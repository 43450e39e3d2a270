//! Which index the common filters use: a list must not read all runs to find a few.

use rusqlite::{Connection, params_from_iter};

use super::{Kept, NAMESPACE, all, database, insert, registry, run};
use crate::embedded::visibility::filter::Context;
use crate::embedded::visibility::sql::Sql;
use crate::embedded::visibility::{count, list, parser, words};

fn plan(conn: &Connection, sql: Sql) -> String {
    let mut statement = conn
        .prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text))
        .unwrap();
    let steps: Vec<String> = statement
        .query_map(params_from_iter(sql.values), |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    steps.join("; ")
}

fn database_with_functions() -> Connection {
    let conn = database();
    words::register(&conn).unwrap();
    conn
}

#[test]
fn common_lists_use_an_index() {
    let cases: [(&str, &[&str]); 13] = [
        ("", &["run USING INDEX run_by_listing (namespace=?"]),
        (
            "ExecutionStatus = 'Running'",
            &["run USING INDEX run_by_status (namespace=? AND status=?"],
        ),
        (
            "ExecutionStatus = 'Failed'",
            &["run USING INDEX run_by_status (namespace=? AND status=?"],
        ),
        (
            "WorkflowType = 'x'",
            &["run USING INDEX run_by_type (namespace=? AND workflow_type=?"],
        ),
        (
            "WorkflowId = 'x'",
            &["run USING INDEX run_by_id (namespace=? AND workflow_id=?"],
        ),
        (
            "WorkflowId STARTS_WITH 'x'",
            &["run USING INDEX run_by_id (namespace=? AND workflow_id>?"],
        ),
        (
            "CloseTime < '2024-01-01T00:00:00Z'",
            &["run USING INDEX run_by_listing (namespace=? AND <expr><?"],
        ),
        (
            "K = 'x'",
            &[
                "run USING INTEGER PRIMARY KEY",
                "a USING COVERING INDEX attribute_by_text (name=? AND text=?",
            ],
        ),
        (
            "K IN ('x', 'y')",
            &[
                "run USING INTEGER PRIMARY KEY",
                "a USING COVERING INDEX attribute_by_text (name=? AND text=?",
            ],
        ),
        (
            "L = 'x' OR I = 5",
            &[
                "attribute_by_text (name=? AND text=?",
                "attribute_by_whole (name=? AND whole=?",
            ],
        ),
        (
            "K STARTS_WITH 'x'",
            &[
                "run USING INDEX run_by_listing (namespace=?",
                "a EXISTS USING PRIMARY KEY (run=? AND name=?",
            ],
        ),
        // What is true of many runs is looked up run by run, in the order of the list.
        (
            "I > 5",
            &[
                "run USING INDEX run_by_listing (namespace=?",
                "a EXISTS USING PRIMARY KEY (run=? AND name=?",
            ],
        ),
        (
            "L != 'x'",
            &[
                "run USING INDEX run_by_listing (namespace=?",
                "a USING PRIMARY KEY (run=? AND name=?",
            ],
        ),
    ];
    let (conn, registry) = (database_with_functions(), registry());
    let context = Context {
        conn: &conn,
        registry: &registry,
    };
    for (query, wanted) in cases {
        for token in [&b""[..], br#"{"after":[{"Whole":9},{"Whole":9}],"run":9}"#] {
            let (sql, _) = list::statement(NAMESPACE, query, context, 10, token).unwrap();
            let plan = plan(&conn, sql);
            assert!(!plan.contains("SCAN"), "{query}: {plan}");
            for wanted in wanted {
                assert!(plan.contains(wanted), "{query}: {plan}");
            }
        }
    }
}

#[test]
fn lists_in_the_default_order_are_not_sorted() {
    let (conn, registry) = (database_with_functions(), registry());
    let context = Context {
        conn: &conn,
        registry: &registry,
    };
    for query in [
        "",
        "ExecutionStatus = 'Running'",
        "WorkflowType = 'x'",
        "K != 'x'",
        "T = 'x'",
    ] {
        for token in [&b""[..], br#"{"after":[{"Whole":9},{"Whole":9}],"run":9}"#] {
            let (sql, _) = list::statement(NAMESPACE, query, context, 10, token).unwrap();
            let plan = plan(&conn, sql);
            assert!(!plan.contains("ORDER BY"), "{query}: {plan}");
        }
    }
}

#[test]
fn counts_read_an_index_alone() {
    let (conn, registry) = (database_with_functions(), registry());
    let context = Context {
        conn: &conn,
        registry: &registry,
    };
    for query in [
        "",
        "GROUP BY ExecutionStatus",
        "ExecutionStatus = 'Running'",
        "WorkflowType = 'x'",
    ] {
        let query = parser::parse(query).unwrap();
        let plan = plan(&conn, count::statement(NAMESPACE, &query, context).unwrap());
        assert!(plan.contains("run USING COVERING INDEX"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}

/// `SQLite`'s planner fails over the index of open runs if it sees the value of a status.
#[test]
fn open_runs_or_those_with_some_id_are_counted() {
    let conn = database_with_functions();
    insert(&conn, &run(1, "a"), &[]);
    insert(&conn, &run(2, "b"), &[]);
    for status in ["= 'Running'", "IN ('Running')", "BETWEEN 1 AND 1"] {
        let query = format!("ExecutionStatus {status} OR WorkflowId BETWEEN 'b' AND 'c'");
        let counted = count(&conn, NAMESPACE, &query, &registry());
        match counted {
            Ok(counted) => assert_eq!(counted.total, 2, "{query}"),
            Err(error) => panic!("{query}: {error}"),
        }
    }
}

#[test]
fn a_frequent_value_is_not_where_a_list_starts() {
    let (conn, registry) = (database_with_functions(), registry());
    for key in 0..1_001 {
        let common = Kept::Text("common".to_owned());
        let rare = Kept::Text(format!("rare-{key}"));
        insert(
            &conn,
            &run(key, "w"),
            &[("K", vec![common]), ("L", vec![rare])],
        );
    }
    let context = Context {
        conn: &conn,
        registry: &registry,
    };
    let plan_of = |query: &str| {
        let (sql, _) = list::statement(NAMESPACE, query, context, 10, b"").unwrap();
        plan(&conn, sql)
    };
    let common = plan_of("K = 'common'");
    assert!(
        common.starts_with("SEARCH run USING INDEX run_by_listing"),
        "{common}"
    );
    assert!(!common.contains("ORDER BY"), "{common}");
    let both = plan_of("K = 'common' AND L = 'rare-7'");
    assert!(
        both.starts_with("SEARCH run USING INTEGER PRIMARY KEY"),
        "{both}"
    );
    assert_eq!(all(&conn, "K = 'common'", 1000).unwrap().len(), 1_001);
    assert_eq!(
        all(&conn, "K = 'common' AND L = 'rare-7'", 10)
            .unwrap()
            .len(),
        1
    );
}
