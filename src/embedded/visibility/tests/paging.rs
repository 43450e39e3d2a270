//! Pages, while runs come and go.

use super::{NAMESPACE, all, database, ids, insert, registry, run};
use crate::embedded::store::RunRow;
use crate::embedded::visibility::list;

#[test]
fn each_run_is_listed_once_while_others_are_added() {
    for query in [
        "",
        "ORDER BY StartTime DESC",
        "ORDER BY StartTime",
        "ORDER BY WorkflowType, WorkflowId DESC",
    ] {
        let conn = database();
        // Many ties: three types, start times shared by four.
        let old: Vec<_> = (0..100)
            .map(|key| RunRow {
                workflow_type: format!("Type{}", key % 3),
                start_time: 1_000 + key / 4,
                close_time: (key % 2 == 0).then_some(2_000 + key / 8),
                ..run(key, &format!("old-{key:02}"))
            })
            .collect();
        for run in &old {
            insert(&conn, run, &[]);
        }
        let before = all(&conn, query, 1000).unwrap();
        assert_eq!(before.len(), 100);

        let mut listed = Vec::new();
        let mut token = Vec::new();
        for page in 0_i64.. {
            let answer = list(&conn, NAMESPACE, query, &registry(), 7, &token).unwrap();
            listed.extend(answer.runs);
            let Some(next) = answer.next else { break };
            token = next;
            // One that is behind the pages so far in some order, one that is before.
            for (n, start_time) in [(0, 1), (1, 5_000)] {
                let key = 1_000 + page * 2 + n;
                let new = RunRow {
                    start_time,
                    close_time: (n == 0).then_some(1),
                    ..run(key, &format!("new-{key}"))
                };
                insert(&conn, &new, &[]);
            }
        }
        listed.retain(|run| run.workflow_id.starts_with("old"));
        assert_eq!(ids(&listed), ids(&before), "{query}");
    }
}

#[test]
fn a_page_has_a_token_if_there_is_more() {
    let conn = database();
    for key in 0..6 {
        insert(&conn, &run(key, &format!("w{key}")), &[]);
    }
    let page =
        |size: i32, token: &[u8]| list(&conn, NAMESPACE, "", &registry(), size, token).unwrap();
    assert_eq!(page(6, b"").next, None);
    let first = page(3, b"");
    assert_eq!(ids(&first.runs), "w5,w4,w3");
    let last = page(3, &first.next.unwrap());
    assert_eq!(ids(&last.runs), "w2,w1,w0");
    assert_eq!(last.next, None);
    // No size, or one that is no size, is the largest.
    for size in [0, -1, i32::MIN, 1001, i32::MAX] {
        assert_eq!(page(size, b"").runs.len(), 6);
    }
}
