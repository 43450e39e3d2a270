//! What conditions mean, on five runs. The same five were listed on a server (1.29.1, with
//! `SQLite`), which gave these answers, but for the cases marked as different.

use rusqlite::Connection;

use super::{Kept, NAMESPACE, NEW_YEAR, all, database, ids, insert, registry, run};
use crate::embedded::store::RunRow;
use crate::embedded::visibility::count;
use crate::embedded::visibility::count::Count;

fn text(text: &str) -> Kept {
    Kept::Text(text.to_owned())
}

fn five_runs() -> Connection {
    let conn = database();
    insert(
        &conn,
        &run(1, "a1"),
        &[
            ("K", vec![text("alpha")]),
            ("T", vec![text("The quick Brown-Fox naïve")]),
            ("I", vec![Kept::Whole(5)]),
            ("D", vec![Kept::Real(1.5)]),
            ("B", vec![Kept::Whole(1)]),
            // 2024-01-02T03:04:05.5Z
            ("W", vec![Kept::Whole(1_704_164_645_500_000_000)]),
            ("L", vec![text("x"), text("y")]),
        ],
    );
    insert(
        &conn,
        &run(2, "a2"),
        &[
            ("K", vec![text("Beta")]),
            ("T", vec![text("lazy dog")]),
            ("I", vec![Kept::Whole(7)]),
            ("B", vec![Kept::Whole(0)]),
            ("L", vec![text("y")]),
        ],
    );
    let other = RunRow {
        workflow_type: "Other".to_owned(),
        ..run(3, "b3")
    };
    insert(&conn, &other, &[]);
    let terminated = RunRow {
        status: 5,
        close_time: Some(NEW_YEAR + 60_000_000_000),
        ..run(4, "5")
    };
    insert(&conn, &terminated, &[]);
    insert(&conn, &run(5, "A4"), &[("K", vec![text("123")])]);
    let elsewhere = RunRow {
        namespace: "elsewhere".to_owned(),
        ..run(6, "z")
    };
    insert(&conn, &elsewhere, &[("K", vec![text("alpha")])]);
    conn
}

#[test]
fn conditions_mean_what_they_mean_on_a_server() {
    let cases = [
        ("", "A4,b3,a2,a1,5"),
        ("WorkflowId = 'a1'", "a1"),
        ("WorkflowId != 'a1'", "A4,b3,a2,5"),
        ("WorkflowId = 5", "5"),
        ("WorkflowId = 5.0", "5"),
        ("WorkflowId IN ('a1', 'a2', 'none')", "a2,a1"),
        ("WorkflowType = 'Other'", "b3"),
        ("TaskQueue = 'q'", "A4,b3,a2,a1,5"),
        // Different: a server with SQLite also finds those with another case.
        ("WorkflowId STARTS_WITH 'a'", "a2,a1"),
        ("WorkflowId NOT STARTS_WITH 'a'", "A4,b3,5"),
        ("K STARTS_WITH 'al'", "a1"),
        ("K NOT STARTS_WITH 'al'", "A4,a2"),
        ("K STARTS_WITH ''", "A4,a2,a1"),
        ("K STARTS_WITH '%'", ""),
        ("K = 123", "A4"),
        ("K != 'alpha'", "A4,a2"),
        ("NOT K = 'alpha'", "A4,a2"),
        ("NOT K != 'alpha'", "a1"),
        ("K NOT IN ('alpha')", "A4,a2"),
        ("NOT (K = 'alpha' OR I = 7)", ""),
        ("NOT (K = 'alpha' AND I = 7)", "A4,a2,a1"),
        ("K > 'B'", "a2,a1"),
        ("K BETWEEN 'A' AND 'b'", "a2,a1"),
        ("K NOT BETWEEN 'A' AND 'b'", "A4"),
        ("K IS NULL", "b3,5"),
        ("K IS NOT NULL", "A4,a2,a1"),
        ("NOT K IS NULL", "A4,a2,a1"),
        ("T = 'BROWN'", "a1"),
        ("T = 'brown-fox'", "a1"),
        ("T = 'fox-brown'", ""),
        ("T = 'fox brown'", "a1"),
        ("T = 'naive'", "a1"),
        ("T = 'brow'", ""),
        ("T = 'zzz dog'", "a2"),
        ("T = '-'", ""),
        ("T != 'dog'", "A4,b3,a1,5"),
        ("NOT T = 'dog'", "A4,b3,a1,5"),
        ("NOT T != 'dog'", "a2"),
        ("T IS NULL", "A4,b3,5"),
        ("L = 'y'", "a2,a1"),
        ("L != 'x'", "A4,b3,a2,5"),
        ("L IN ('x', 'z')", "a1"),
        ("L NOT IN ('x')", "A4,b3,a2,5"),
        ("NOT L NOT IN ('x')", "a1"),
        ("L IS NULL", "A4,b3,5"),
        // Different: a server with SQLite also finds those with another case.
        ("L = 'Y'", ""),
        ("I = 5", "a1"),
        ("I = '5'", "a1"),
        ("I = 5.0", "a1"),
        ("I > 5.5", "a2"),
        ("I BETWEEN 5 AND 6", "a1"),
        ("D = 1.5", "a1"),
        ("D > -1", "a1"),
        // Different: a server refuses negative numbers with a point.
        ("D > -1.5", "a1"),
        ("D < 2", "a1"),
        ("B = true", "a1"),
        ("B = 1", "a1"),
        ("B = 0", "a2"),
        ("B > false", "a1"),
        ("B IN (true, false)", "a2,a1"),
        // Different: a server with SQLite compares 05.5 with 05.500, and finds nothing.
        ("W = '2024-01-02T03:04:05.5Z'", "a1"),
        ("W = '2024-01-02T04:04:05.500+01:00'", "a1"),
        ("W > 1700000000000000000", "a1"),
        ("W < 1700000000000000000", ""),
        ("ExecutionStatus = 'Running'", "A4,b3,a2,a1"),
        ("ExecutionStatus = 1", "A4,b3,a2,a1"),
        (
            "ExecutionStatus = 'WORKFLOW_EXECUTION_STATUS_RUNNING'",
            "A4,b3,a2,a1",
        ),
        ("ExecutionStatus != 'Running'", "5"),
        ("ExecutionStatus IN ('Terminated', 'Failed')", "5"),
        ("ExecutionStatus = 99", ""),
        ("CloseTime > '2020-01-01T00:00:00Z'", "A4,b3,a2,a1,5"),
        ("CloseTime != '2020-01-01T00:00:00Z'", "A4,b3,a2,a1,5"),
        ("CloseTime IS NULL", "A4,b3,a2,a1"),
        ("CloseTime IS NOT NULL", "5"),
        ("CloseTime = '9999-12-31T23:59:59Z'", "A4,b3,a2,a1"),
        ("HistoryLength > 0", "5"),
        ("HistoryLength IS NULL", "A4,b3,a2,a1"),
        ("HistorySizeBytes IS NOT NULL", "5"),
        ("ExecutionDuration > '1ms'", "5"),
        ("ExecutionDuration > '0:00:00'", "5"),
        ("ExecutionDuration > '1d'", ""),
        ("ExecutionDuration < 1000", ""),
        ("ExecutionDuration IS NULL", "A4,b3,a2,a1"),
        ("ParentWorkflowId IS NULL", "A4,b3,a2,a1,5"),
        ("ParentWorkflowId = ''", ""),
        ("RootWorkflowId = 'a1'", "a1"),
        ("NOT (WorkflowId = 'a1' OR WorkflowId = 'a2')", "A4,b3,5"),
        ("NOT WorkflowId = 'a1' AND TaskQueue = 'q'", "A4,b3,a2,5"),
        ("`WorkflowId` = \"a1\"", "a1"),
        (r"WorkflowId = 'a\'1'", ""),
        ("TemporalChangeVersion = 'x'", ""),
        ("BuildIds IS NULL", "A4,b3,a2,a1,5"),
        ("I = 99999999999999999999", ""),
        // Different: a server with SQLite refuses to sort.
        ("ORDER BY StartTime", "a1,a2,b3,5,A4"),
        ("ORDER BY StartTime DESC", "A4,5,b3,a2,a1"),
        ("ORDER BY K", "5,b3,A4,a2,a1"),
        ("ORDER BY K DESC", "a1,a2,A4,5,b3"),
        ("ORDER BY WorkflowType DESC, I DESC", "a2,a1,A4,5,b3"),
        ("ORDER BY CloseTime", "5,A4,b3,a2,a1"),
        ("I > 0 ORDER BY WorkflowId", "a1,a2"),
    ];
    let conn = five_runs();
    for (query, wanted) in cases {
        for page_size in [1000, 2] {
            let found =
                all(&conn, query, page_size).unwrap_or_else(|error| panic!("{query}: {error}"));
            assert_eq!(ids(&found), wanted, "{query}");
        }
        if !query.contains("ORDER BY") {
            let Count { total, groups } = count(&conn, NAMESPACE, query, &registry()).unwrap();
            let wanted = wanted.split(',').filter(|id| !id.is_empty()).count();
            assert_eq!(
                (total, groups),
                (i64::try_from(wanted).unwrap(), vec![]),
                "{query}"
            );
        }
    }
}

/// What can't be compared with a server, since it gives ids and times of its own.
#[test]
fn ids_and_times_are_compared() {
    let cases = [
        ("RunId = 'run-2'", "a2"),
        ("CloseTime < '2025-01-01T00:00:00Z'", "5"),
        ("StartTime >= '2024-01-01T00:00:00.000000004Z'", "A4,5"),
        ("ExecutionTime < '2024-01-01T00:00:00.000000002Z'", "a1"),
        ("ExecutionDuration BETWEEN '59s' AND '0:01:00'", "5"),
    ];
    let conn = five_runs();
    for (query, wanted) in cases {
        assert_eq!(ids(&all(&conn, query, 1000).unwrap()), wanted, "{query}");
    }
}

/// A worker may send a value with a type that is not the registered one.
#[test]
fn a_value_of_another_type_is_no_value() {
    let conn = database();
    let number = || vec![Kept::Whole(5)];
    let attributes = [
        ("T", number()),
        ("K", number()),
        ("D", number()),
        ("L", number()),
        ("I", vec![text("5")]),
    ];
    insert(&conn, &run(1, "w"), &attributes);
    for query in [
        "T = '5'",
        "K = '5'",
        "K != 'x'",
        "NOT K = 'x'",
        "D > 0",
        "L = '5'",
        "I = 5",
        "NOT I > 9",
        "T IS NOT NULL",
        "I IS NOT NULL",
    ] {
        assert_eq!(ids(&all(&conn, query, 10).unwrap()), "", "{query}");
    }
    for query in ["T != '5'", "L != '5'", "K IS NULL", "ORDER BY K, I DESC"] {
        assert_eq!(ids(&all(&conn, query, 10).unwrap()), "w", "{query}");
    }
}

#[test]
fn a_row_comes_back_as_it_was_kept() {
    let conn = five_runs();
    let found = all(&conn, "WorkflowId = '5'", 10).unwrap();
    let wanted = RunRow {
        status: 5,
        close_time: Some(NEW_YEAR + 60_000_000_000),
        ..run(4, "5")
    };
    assert_eq!(found, [wanted]);
}

#[test]
fn groups_are_what_a_server_answers() {
    let conn = five_runs();
    let Count { total, groups } =
        count(&conn, NAMESPACE, "GROUP BY ExecutionStatus", &registry()).unwrap();
    assert_eq!(total, 5);
    let groups: Vec<_> = groups
        .iter()
        .map(|(payload, count)| {
            assert_eq!(payload.metadata["encoding"], b"json/plain");
            assert_eq!(payload.metadata["type"], b"Keyword");
            (payload.data.as_slice(), *count)
        })
        .collect();
    assert_eq!(groups, [(&b"\"Running\""[..], 4), (b"\"Terminated\"", 1)]);

    let Count { total, groups } = count(
        &conn,
        NAMESPACE,
        "K = 'none' GROUP BY ExecutionStatus",
        &registry(),
    )
    .unwrap();
    assert_eq!((total, groups), (0, vec![]));
}
