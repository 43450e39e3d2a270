//! What is refused, and in which words. They are the server's (1.29.1), unless marked.

use super::{NAMESPACE, all, database, registry};
use crate::embedded::visibility::{Error, count};

#[test]
fn a_list_is_refused_in_the_words_of_a_server() {
    let cases = [
        (
            "foo = 'x'",
            "invalid expression: column name 'foo' is not a valid search attribute",
        ),
        (
            "workflowid = 'x'",
            "invalid expression: column name 'workflowid' is not a valid search attribute",
        ),
        (
            "NamespaceId = 'x'",
            "invalid expression: column name 'NamespaceId' is not a valid search attribute",
        ),
        ("WorkflowId", "invalid expression: incomplete expression"),
        (
            "WorkflowId = a1",
            "operation is not supported: column name on the right side of comparison expression \
             (did you forget to quote 'a1'?)",
        ),
        (
            "WorkflowId IS TRUE",
            "invalid expression: 'IS' operator can only be used with 'NULL' or 'NOT NULL'",
        ),
        (
            "WorkflowId STARTS_WITH 5",
            "invalid expression: right-hand side of 'starts_with' must be a literal string (got: 5)",
        ),
        (
            "T IN ('dog')",
            "invalid expression: operator 'in' not supported for Text type search attribute in \
             `T in ('dog')`",
        ),
        (
            "T STARTS_WITH 'dog'",
            "invalid expression: operator 'starts_with' not supported for Text type search \
             attribute in `T starts_with 'dog'`",
        ),
        (
            "T > 'a'",
            "invalid expression: operator '>' not supported for Text type search attribute in \
             `T > 'a'`",
        ),
        (
            "T BETWEEN 'a' AND 'b'",
            "invalid expression: cannot do range condition on search attribute 'T' of type Text",
        ),
        (
            "T = ''",
            "invalid expression: unexpected value for Text type search attribute (no tokens found \
             in '')",
        ),
        (
            "L = 5",
            "invalid expression: unexpected value type (expected string, got 5)",
        ),
        (
            "L STARTS_WITH 'x'",
            "invalid expression: operator 'starts_with' not supported for KeywordList type search \
             attribute in `L starts_with 'x'`",
        ),
        (
            "B BETWEEN false AND true",
            "invalid expression: cannot do range condition on search attribute 'B' of type Bool",
        ),
        (
            "W = 1.5",
            "invalid expression: unexpected value type float64 for search attribute W",
        ),
        (
            "ExecutionStatus = 1.5",
            "invalid expression: unexpected value type float64 for search attribute ExecutionStatus",
        ),
        (
            "ExecutionStatus = 'running'",
            "invalid expression: invalid ExecutionStatus value 'running'",
        ),
        (
            "ExecutionStatus = '1'",
            "invalid expression: invalid ExecutionStatus value '1'",
        ),
        (
            "ExecutionDuration = 'abc'",
            "invalid value for search attribute ExecutionDuration: abc (invalid duration)",
        ),
        (
            "GROUP BY ExecutionStatus",
            "operation is not supported: 'group by' clause",
        ),
        // The server says what the value is in terms of its own types.
        (
            "'a' = WorkflowId",
            "invalid expression: must be a column name but was 'a'",
        ),
        // The server says no more than the first half of these.
        (
            "W = '2024-01-02'",
            "invalid expression: unable to parse datetime '2024-01-02'; write it like \
             2006-01-02T15:04:05Z",
        ),
        (
            "WorkflowId = 'a1' LIMIT 1",
            "operation is not supported: 'limit' clause; use the request's page size",
        ),
        (
            "WorkflowId LIKE 'a%'",
            "invalid expression: invalid operator 'like' in `WorkflowId`; use STARTS_WITH",
        ),
        // The server takes these, and finds nothing, or something else.
        (
            "I = 'abc'",
            "invalid value for search attribute I: 'abc' (the attribute's type is Int: it must be \
             a number)",
        ),
        (
            "D > true",
            "invalid value for search attribute D: true (the attribute's type is Double: it must \
             be a number)",
        ),
        (
            "B = 'true'",
            "invalid value for search attribute B: 'true' (the attribute's type is Bool: it must \
             be true or false)",
        ),
        (
            "WorkflowId = true",
            "invalid value for search attribute WorkflowId: true (the attribute's type is Keyword: \
             it must be a string)",
        ),
        (
            "W STARTS_WITH '2024'",
            "invalid expression: operator 'starts_with' not supported for Datetime type search \
             attribute in `W starts_with '2024'`",
        ),
        (
            "StateTransitionCount > 5",
            "operation is not supported: search attribute 'StateTransitionCount': state \
             transitions are not counted here",
        ),
        // The server sorts nothing.
        (
            "ORDER BY T",
            "operation is not supported: unable to sort by field of Text type, use field of type \
             Keyword",
        ),
        (
            "ORDER BY nothing",
            "invalid expression: column name 'nothing' is not a valid search attribute",
        ),
    ];
    let conn = database();
    for (query, wanted) in cases {
        let refused = all(&conn, query, 10).unwrap_err().to_string();
        assert_eq!(refused, format!("invalid query: {wanted}"), "{query}");
    }
}

#[test]
fn a_count_is_refused_in_the_words_of_a_server() {
    let cases = [
        (
            "GROUP BY WorkflowType",
            "operation is not supported: 'group by' clause is only supported for ExecutionStatus \
             search attribute",
        ),
        (
            "GROUP BY ExecutionStatus, WorkflowType",
            "operation is not supported: 'group by' clause supports only a single field",
        ),
        (
            "GROUP BY foo",
            "invalid expression: column name 'foo' is not a valid search attribute",
        ),
        (
            "foo = 1",
            "invalid expression: column name 'foo' is not a valid search attribute",
        ),
        (
            "ORDER BY StartTime",
            "operation is not supported: 'order by' clause in a count",
        ),
    ];
    let conn = database();
    for (query, wanted) in cases {
        let refused = count(&conn, NAMESPACE, query, &registry())
            .unwrap_err()
            .to_string();
        assert_eq!(refused, format!("invalid query: {wanted}"), "{query}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_not_the_callers_mistake() {
    let conn = rusqlite::Connection::open_in_memory().unwrap();
    assert!(matches!(all(&conn, "", 10), Err(Error::Database(_))));
}
