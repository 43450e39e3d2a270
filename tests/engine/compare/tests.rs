//! That differences are found, and shown with what is around them.

use super::difference;
use crate::scene::Record;

const NAMES: [&str; 2] = ["one", "other"];

fn record(notes: &[&str]) -> Record {
    Record::of_notes(notes)
}

#[test]
fn the_same_is_no_difference() {
    let same = record(&["a", "b"]);
    assert_eq!(
        difference("any", NAMES, [&same, &record(&["a", "b"])]),
        None
    );
}

#[test]
fn a_changed_line_is_shown_on_both_sides() {
    let shown = difference(
        "any",
        NAMES,
        [&record(&["a", "b", "c"]), &record(&["a", "x", "c"])],
    );
    assert_eq!(shown.as_deref(), Some("- one\n+ other\n  a\n- b\n+ x\n"));
}

#[test]
fn a_missing_line_is_shown_on_one_side() {
    let shown = difference("any", NAMES, [&record(&["a", "b"]), &record(&["a"])]);
    assert_eq!(shown.as_deref(), Some("- one\n+ other\n  a\n- b\n"));
    let shown = difference("any", NAMES, [&record(&["a", "a"]), &record(&["a"])]);
    assert_eq!(shown.as_deref(), Some("- one\n+ other\n  a\n- a\n"));
}

#[test]
fn equal_lines_between_changed_ones_are_not_shown() {
    let shown = difference(
        "any",
        NAMES,
        [&record(&["a", "b", "c"]), &record(&["x", "b", "y"])],
    );
    let expected = "- one\n+ other\n- a\n+ x\n- c\n+ y\n";
    assert_eq!(shown.as_deref(), Some(expected));
}
