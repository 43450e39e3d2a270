//! The encoding, and what the chain shows of each manipulation.

use super::*;

fn content(n: i64) -> Content {
    Content {
        event_id: Some(format!("run:{n}")),
        epoch_id: "e".to_owned(),
        phase: "p4".to_owned(),
        role: "reviewer".to_owned(),
        event_type: "vote_recorded".to_owned(),
        payload: format!(r#"{{"n":{n}}}"#),
        timestamp: "2026-01-01T00:00:00.000001+00:00".to_owned(),
        occurred_at: Some("2026-01-01T00:00:00.000001+00:00".to_owned()),
        actor: None,
        workflow_id: Some("e".to_owned()),
        run_id: Some("run".to_owned()),
    }
}

/// Rows 1 to `count`, as the writer makes them.
fn chain(count: i64) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for id in 1..=count {
        append(&mut rows, id, content(id));
    }
    rows
}

/// What the writer does: it goes on from the last row with a hash.
fn append(rows: &mut Vec<Row>, id: i64, content: Content) {
    let prev_hash = rows.iter().rev().find_map(|row| row.hash.clone());
    let hash = Some(hash(prev_hash.as_deref(), &content));
    rows.push(Row {
        id,
        content,
        prev_hash,
        hash,
    });
}

fn earlier(id: i64) -> Row {
    let content = Content {
        event_id: None,
        occurred_at: None,
        workflow_id: None,
        run_id: None,
        ..content(id)
    };
    Row {
        id,
        content,
        prev_hash: None,
        hash: None,
    }
}

fn verify(rows: &[Row], last: Option<i64>) -> Vec<Finding> {
    let mut verifier = Verifier::default();
    for row in rows {
        verifier.step(row.clone());
    }
    verifier.finish(last)
}

fn check(rows: &[Row], expected: &[Finding]) {
    assert_eq!(verify(rows, None), expected);
}

#[test]
fn the_encoding_never_changes() {
    // Both were computed by another program. Files in the world hold such hashes: a new encoding needs a new name, and the old
    // one stays readable.
    let first = hash(None, &content(1));
    assert_eq!(
        first,
        "5703e6a2d671ccc45ac677ecd8d93734ed473b6c3acf28d35f84055dec3f14dd"
    );
    let second = hash(Some(&first), &content(2));
    assert_eq!(
        second,
        "0bfe8cff4c842a029a1abc5c91ac89752eed594c3ccd00ddc2482ed9e7d343c3"
    );
}

#[test]
fn every_value_and_every_border_counts() {
    let base = content(1);
    let mut hashes = vec![
        hash(None, &base),
        hash(Some(""), &base),
        hash(Some("00"), &base),
    ];
    let changes: [fn(&mut Content); 16] = [
        |c| c.event_id = None,
        |c| c.event_id = Some(String::new()),
        |c| c.epoch_id.push('x'),
        |c| c.phase.push('x'),
        |c| c.role.push('x'),
        |c| c.event_type.push('x'),
        |c| c.payload.push(' '),
        |c| c.timestamp.push('x'),
        |c| c.occurred_at = None,
        |c| c.actor = Some(String::new()),
        |c| c.workflow_id = None,
        |c| c.run_id = None,
        // The same letters, divided otherwise.
        |c| (c.epoch_id, c.phase) = ("ep".to_owned(), "4".to_owned()),
        |c| (c.epoch_id, c.phase) = (String::new(), "ep4".to_owned()),
        // The same value in the next column.
        |c| (c.actor, c.workflow_id) = (c.workflow_id.take(), None),
        |c| (c.workflow_id, c.run_id) = (Some("erun".to_owned()), Some(String::new())),
    ];
    for change in changes {
        let mut content = base.clone();
        change(&mut content);
        hashes.push(hash(None, &content));
    }
    let different: std::collections::BTreeSet<&String> = hashes.iter().collect();
    assert_eq!(different.len(), hashes.len());
}

#[test]
fn an_untouched_chain_is_sound() {
    check(&[], &[]);
    check(&chain(1), &[]);
    check(&chain(50), &[]);
}

#[test]
fn rows_of_the_earlier_writer_are_a_warning() {
    let mut rows = vec![earlier(1), earlier(2)];
    append(&mut rows, 3, content(3));
    rows.push(earlier(4));
    append(&mut rows, 5, content(5));
    let findings = [1, 2, 4].map(|id| Finding::Unchained { id });
    check(&rows, &findings);
    assert!(findings.iter().all(Finding::is_warning));
    assert!(!Finding::Altered { id: 1 }.is_warning());
}

#[test]
fn a_removed_row_is_missed() {
    for gone in 1..5 {
        let mut rows = chain(5);
        rows.retain(|row| row.id != gone);
        check(&rows, &[Finding::Missing { before: gone + 1 }]);
    }
    let mut rows = chain(6);
    rows.drain(1..4);
    check(&rows, &[Finding::Missing { before: 5 }]);
}

#[test]
fn rows_removed_at_the_end_are_missed_by_the_counter_alone() {
    let mut rows = chain(5);
    rows.truncate(3);
    check(&rows, &[]);
    assert_eq!(
        verify(&rows, Some(5)),
        [Finding::CutOff { after: 3, last: 5 }]
    );

    assert_eq!(
        verify(&[], Some(2)),
        [Finding::CutOff { after: 0, last: 2 }]
    );
}

#[test]
fn a_changed_row_is_found_and_no_other_blamed() {
    for at in 0..5 {
        let mut rows = chain(5);
        rows[at].content.payload = r#"{"n":0}"#.to_owned();
        check(&rows, &[Finding::Altered { id: rows[at].id }]);
    }
    // With its hash made anew, it is no longer what the next row followed.
    let mut rows = chain(5);
    rows[2].content.payload = r#"{"n":0}"#.to_owned();
    rows[2].hash = Some(hash(rows[2].prev_hash.as_deref(), &rows[2].content));
    check(&rows, &[Finding::Missing { before: 4 }]);
    // With its hash taken away, it is not one of the earlier writer's rows.
    let mut rows = chain(3);
    (rows[1].hash, rows[1].prev_hash) = (None, None);
    check(
        &rows,
        &[Finding::Altered { id: 2 }, Finding::Missing { before: 3 }],
    );
}

#[test]
fn a_doubled_row_is_found_wherever_it_is_put() {
    for at in 1..=5 {
        let mut rows = chain(5);
        let double = Row {
            id: 99,
            ..rows[0].clone()
        };
        rows.insert(at, double);
        check(&rows, &[Finding::Doubled { id: 99, of: 1 }]);
    }
    // The writer goes on after it all the same.
    let mut rows = chain(2);
    rows.push(Row {
        id: 3,
        ..rows[0].clone()
    });
    append(&mut rows, 4, content(4));
    append(&mut rows, 5, content(5));
    check(&rows, &[Finding::Doubled { id: 3, of: 1 }]);
}

#[test]
fn a_row_from_nowhere_is_found_and_no_other_blamed() {
    let made_up = |prev_hash: Option<&str>, hash: &str| Row {
        id: 99,
        content: content(99),
        prev_hash: prev_hash.map(str::to_owned),
        hash: Some(hash.to_owned()),
    };
    for at in 0..=5 {
        // It follows nothing that is there.
        let mut rows = chain(5);
        rows.insert(at, made_up(Some("beef"), "cafe"));
        append(&mut rows, 100, content(100));
        check(&rows, &[Finding::Stray { id: 99 }]);
        // It follows the row before it, but with a hash that isn't its own.
        let mut rows = chain(5);
        let prev = at
            .checked_sub(1)
            .and_then(|before| rows[before].hash.clone());
        rows.insert(at, made_up(prev.as_deref(), "cafe"));
        append(&mut rows, 100, content(100));
        check(&rows, &[Finding::Altered { id: 99 }]);
    }
    // It is whole, and follows a row that already has a successor.
    let mut rows = chain(5);
    let prev = rows[1].hash.clone();
    let own = hash(prev.as_deref(), &content(99));
    rows.push(made_up(prev.as_deref(), &own));
    append(&mut rows, 100, content(100));
    check(&rows, &[Finding::Stray { id: 99 }]);
    // Without a hash it passes for the earlier writer's.
    let mut rows = chain(2);
    rows.push(earlier(3));
    check(&rows, &[Finding::Unchained { id: 3 }]);
}

#[test]
fn rows_that_changed_places_are_found() {
    let mut rows = chain(5);
    rows.swap(1, 3);
    assert!(!verify(&rows, None).is_empty());
}

#[test]
fn rows_from_the_midst_on_are_sound_by_themselves() {
    let rows = chain(6);
    let found = |rows: &[Row]| {
        let mut verifier = Verifier::amid();
        rows.iter().cloned().for_each(|row| verifier.step(row));
        verifier.finish(Some(6))
    };
    assert_eq!(found(&rows[3..]), []);
    assert_eq!(found(&rows[..]), []);
    // An earlier writer's row says nothing of what the next one follows.
    let mixed = [&[earlier(3)], &rows[3..]].concat();
    assert_eq!(found(&mixed), [Finding::Unchained { id: 3 }]);
    let mut holed = rows[2..].to_vec();
    holed.remove(1);
    assert_eq!(found(&holed), [Finding::Missing { before: 5 }]);
    assert_eq!(found(&rows[3..5]), [Finding::CutOff { after: 5, last: 6 }]);
}
