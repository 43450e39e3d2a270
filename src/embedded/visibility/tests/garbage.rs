//! Whatever comes as a query or a token, there is an answer.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{NAMESPACE, all, database, insert, registry, run};
use crate::embedded::visibility::{Error, count, list};
use crate::fuzz::{feed, texts};

/// Pieces of queries, which hit more than arbitrary characters do.
const PIECES: [&str; 34] = [
    "WorkflowId",
    "K",
    "T",
    "I",
    "D",
    "B",
    "W",
    "L",
    "ExecutionStatus",
    "CloseTime",
    "=",
    "!=",
    "<",
    ">=",
    "IN",
    "NOT",
    "BETWEEN",
    "AND",
    "OR",
    "STARTS_WITH",
    "IS",
    "NULL",
    "(",
    ")",
    ",",
    "'x'",
    "'Running'",
    "5",
    "-1.5",
    "true",
    "ORDER BY",
    "GROUP BY",
    "DESC",
    "`",
];

/// Nothing but the caller's mistakes: a statement that `SQLite` refuses would be ours.
fn is_answered(query: &str) {
    let conn = database();
    insert(&conn, &run(1, "x"), &[]);
    for refused in [
        list(&conn, NAMESPACE, query, &registry(), 10, b"").err(),
        count(&conn, NAMESPACE, query, &registry()).err(),
    ] {
        assert!(
            !matches!(refused, Some(Error::Database(_))),
            "{query}: {refused:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_answered(query in "\\PC{0,60}") {
        is_answered(&query);
    }

    #[test]
    fn any_order_of_pieces_is_answered(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..14)) {
        is_answered(&pieces.join(" "));
    }

    #[test]
    fn any_token_is_answered(token in prop::collection::vec(any::<u8>(), 1..80)) {
        let conn = database();
        let answer = list(&conn, NAMESPACE, "", &registry(), 10, &token);
        prop_assert!(matches!(answer, Err(Error::Token)));
    }
}

#[test]
fn changed_queries_and_tokens_are_answered() {
    let conn = database();
    let registry = registry();
    let samples = texts([
        "WorkflowType = 'EpochWorkflow' AND ExecutionStatus = 'Running'",
        "K IN ('a', 'b') AND NOT (I >= 3 OR D < 1.5) ORDER BY StartTime DESC",
        "T STARTS_WITH 'x' AND L != 'y' AND B = true AND W IS NOT NULL",
        "CloseTime BETWEEN '2026-01-01T00:00:00Z' AND '2026-12-31' GROUP BY ExecutionStatus",
        "ExecutionDuration > '1h30m' AND HistoryLength < 5 OR ExecutionDuration = '01:02:03'",
        "WorkflowId STARTS_WITH 'f' AND K NOT STARTS_WITH 'x' AND RunId IS NULL",
        "T = 'some words' OR T != 'none' AND L = 'one' AND L NOT IN ('two', 'three')",
        "StartTime >= '2026-01-01T00:00:00.5+01:30' AND I NOT BETWEEN -1 AND 5 AND D IS NULL",
        "B = 1 OR I = '7' OR D = '1e3' OR W = 1767225600000000000 OR K = 5",
        r#"{"after":["Null",{"Text":"x"}],"run":1}"#,
        r#"{"after":[{"Whole":5},{"Real":4607182418800017408}],"run":1}"#,
    ]);
    for key in 1..=3 {
        insert(&conn, &run(key, &format!("flow-{key}")), &[]);
    }
    feed(&samples, |bytes| {
        let query = String::from_utf8_lossy(bytes);
        for refused in [
            list(&conn, NAMESPACE, &query, &registry, 2, b"").err(),
            list(&conn, NAMESPACE, "", &registry, 2, bytes).err(),
            count(&conn, NAMESPACE, &query, &registry).err(),
        ] {
            assert!(!matches!(refused, Some(Error::Database(_))), "{refused:?}");
        }
    });
}

#[test]
fn tokens_that_look_right_are_checked() {
    let conn = database();
    for (token, fits) in [
        (r#"{"after":[{"Whole":5},{"Whole":5}],"run":1}"#, true),
        (r#"{"after":["Null",{"Text":"x"}],"run":1}"#, true),
        (r#"{"after":[{"Whole":5}],"run":1}"#, false),
        (r#"{"after":[],"run":1}"#, false),
        (
            r#"{"after":[{"Whole":5},{"Whole":5}],"run":1,"more":2}"#,
            false,
        ),
        (r#"{"after":[{"Whole":5},{"Whole":5}],"run":1} "#, true),
        (r#"{"after":[{"Whole":5},{"Whole":5}],"run":1}x"#, false),
        (
            r#"{"CloseTime":"9999-12-31T23:59:59Z","StartTime":"2026-11-25T20:43:44Z","RunID":"x"}"#,
            false,
        ),
    ] {
        let answer = list(&conn, NAMESPACE, "", &registry(), 10, token.as_bytes());
        match answer {
            Ok(_) => assert!(fits, "{token}"),
            Err(error) => {
                assert!(!fits, "{token}");
                assert!(
                    error.to_string().starts_with("invalid NextPageToken"),
                    "{error}"
                );
            }
        }
    }
}

/// The largest query that the parser takes is one that `SQLite` takes.
#[test]
fn the_largest_query_is_answered() {
    static CONDITION: LazyLock<String> =
        LazyLock::new(|| format!("{}K != 'x'{}", "NOT (".repeat(25), ")".repeat(25)));
    let conn = database();
    all(&conn, &CONDITION, 10).unwrap();
    for condition in [
        "K = 'x'",
        "K != 'x'",
        "T = 'x'",
        "L != 'x'",
        "WorkflowId STARTS_WITH 'x'",
        "K IS NULL",
    ] {
        for joint in [" OR ", " AND "] {
            let chain = vec![condition; 500].join(joint);
            let nested = format!("{}{chain}{}", "NOT (".repeat(24), ")".repeat(24));
            for query in [&chain, &nested] {
                if let Err(error) = all(&conn, query, 10) {
                    panic!("500 times {condition}{joint}: {error}");
                }
            }
        }
    }
    let values = format!("K IN ({})", vec!["'x'"; 10_000].join(","));
    all(&conn, &values, 10).unwrap();
}
