//! Looking at a trail from outside: nothing is written, and nothing is made.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::audit::sqlite::{Look, Schema};

#[test]
fn the_newest_rows_are_looked_at_and_no_others() {
    let place = Place::new();
    let trail = place.trail();
    let _ = trail.record(&events("e", 0..5)).unwrap();
    let sound = |looked_at| Look {
        schema: Schema::Version(1),
        last: 5,
        looked_at,
        findings: Vec::new(),
    };
    assert_eq!(trail.look(3), Ok(sound(3)));
    assert_eq!(trail.look(100), Ok(sound(5)));
    let change = "UPDATE audit_events SET payload = '{}' WHERE id = 2";
    place.raw().execute(change, []).unwrap();
    assert_eq!(trail.look(3), Ok(sound(3)));
    let found = trail.look(4).unwrap().findings;
    assert_eq!(found, [Finding::Altered { id: 2 }]);
    place
        .raw()
        .execute("DELETE FROM audit_events WHERE id = 5", [])
        .unwrap();
    let found = trail.look(2).unwrap().findings;
    assert_eq!(found, [Finding::CutOff { after: 4, last: 5 }]);
}

#[test]
fn what_is_not_there_is_not_made() {
    let place = Place::new();
    assert_eq!(
        Sqlite::new(place.path()).look(3),
        Err(Error::Missing { path: place.path() })
    );
    assert!(!place.path().exists());
    std::fs::File::create(place.path()).unwrap();
    let look = Sqlite::new(place.path()).look(3).unwrap();
    assert_eq!((look.schema, look.looked_at), (Schema::Empty, 0));
}

#[test]
fn an_earlier_file_is_told_as_one() {
    let place = Place::new();
    drop(place.earlier());
    let look = Sqlite::new(place.path()).look(3).unwrap();
    assert_eq!(look.schema, Schema::Earlier);
}

#[test]
fn what_may_not_be_written_is_named() {
    let place = Place::new();
    let trail = place.trail();
    let _ = trail.record(&events("e", 0..1)).unwrap();
    assert_eq!(trail.not_writable(), Vec::<PathBuf>::new());
    let below = place.path().with_file_name("none/there/audit.db");
    assert_eq!(Sqlite::new(below).not_writable(), Vec::<PathBuf>::new());
    let permissions = std::fs::Permissions::from_mode(0o400);
    std::fs::set_permissions(place.path(), permissions).unwrap();
    // The superuser may write to it all the same.
    if !rustix::process::geteuid().is_root() {
        assert_eq!(trail.not_writable(), [place.path()]);
    }
}
