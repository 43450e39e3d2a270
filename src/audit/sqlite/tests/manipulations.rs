//! What `verify` finds in a file that somebody edited. Every case is tested in the chain
//! itself too; this is about the file.

use super::*;

#[test]
fn manipulations_are_found() {
    let found = |sql: &str| {
        let place = Place::new();
        let trail = place.trail();
        for n in 0..6 {
            trail.record(&events("a", n..n + 1)).unwrap();
        }
        assert_eq!(trail.verify().unwrap(), []);
        place.raw().execute_batch(sql).unwrap();
        // The writer goes on, on what it finds.
        trail.record(&events("a", 6..8)).unwrap();
        trail.verify().unwrap()
    };
    let double = "INSERT INTO audit_events
         (epoch_id, phase, role, event_type, payload, timestamp, prev_hash, hash)
         SELECT epoch_id, phase, role, event_type, payload, timestamp, prev_hash, hash
         FROM audit_events WHERE id = 3";
    let from_nowhere = "INSERT INTO audit_events
         (epoch_id, phase, role, event_type, payload, timestamp, prev_hash, hash)
         VALUES ('a', 'p5', 'reviewer', 'vote_recorded', '{}', '', 'beef', 'cafe')";
    assert_eq!(found("SELECT 1"), []);
    assert_eq!(
        found("DELETE FROM audit_events WHERE id = 3"),
        [Finding::Missing { before: 4 }]
    );
    assert_eq!(
        found("UPDATE audit_events SET payload = replace(payload, 'pass', 'fail') WHERE id = 3"),
        [Finding::Altered { id: 3 }]
    );
    // Of the wrong type even, and where the writer looks for it.
    assert_eq!(
        found("UPDATE audit_events SET hash = x'ff' WHERE id = 6"),
        [Finding::Altered { id: 6 }]
    );
    assert_eq!(found(double), [Finding::Doubled { id: 7, of: 3 }]);
    assert_eq!(found(from_nowhere), [Finding::Stray { id: 7 }]);
}

#[test]
fn rows_removed_at_the_end_are_found_by_the_counter() {
    let place = Place::new();
    let trail = place.trail();
    trail.record(&events("a", 0..6)).unwrap();
    place
        .raw()
        .execute("DELETE FROM audit_events WHERE id > 4", [])
        .unwrap();
    assert_eq!(
        trail.verify().unwrap(),
        [Finding::CutOff { after: 4, last: 6 }]
    );
}
