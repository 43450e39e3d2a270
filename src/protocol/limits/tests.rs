//! Rings: what they keep, and what their copies share.

use super::*;

/// So heavy.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Heavy(usize);

impl Weigh for Heavy {
    fn weight(&self) -> usize {
        self.0
    }
}

fn ring(entries: &[usize]) -> Ring<Heavy> {
    let bound = Bound {
        count: 4,
        bytes: 10,
    };
    Ring::restore(bound, entries.iter().copied().map(Heavy), 0)
}

fn kept(ring: &Ring<Heavy>) -> Vec<usize> {
    ring.iter().map(|entry| entry.0).collect()
}

#[test]
fn the_oldest_leave_for_what_comes_and_for_what_grows() {
    assert_eq!(kept(&ring(&[1, 1, 1, 1, 2])), [1, 1, 1, 2]);
    assert_eq!(kept(&ring(&[3, 4, 5])), [4, 5]);
    // Not even the last one is kept if it comes as heavy as that; all are still counted.
    let mut all = ring(&[3, 11]);
    assert_eq!((kept(&all), all.total()), (vec![], 2));
    all.change_last(|_| panic!("there is none"));

    let mut all = ring(&[1, 2, 3]);
    all.change(|entry| entry.0 == 2, |entry| entry.0 = 7);
    assert_eq!(kept(&all), [7, 3]);
    all.change_last(|entry| entry.0 = 1);
    assert_eq!(kept(&all), [7, 1]);
    // What grows where it is stays.
    all.change_last(|entry| entry.0 = 11);
    assert_eq!((kept(&all), all.total()), (vec![11], 3));
}

#[test]
fn the_newest_that_is_meant_is_changed_and_no_copy_with_it() {
    let mut all = ring(&[2, 1, 2, 1]);
    let before = all.clone();
    all.change(|entry| entry.0 == 2, |entry| entry.0 = 3);
    all.change(|entry| entry.0 == 9, |_| panic!("none is meant"));
    assert_eq!(kept(&all), [2, 1, 3, 1]);
    assert_eq!(kept(&before), [2, 1, 2, 1]);
    all.push(Heavy(1));
    assert_eq!(kept(&all), [1, 3, 1, 1]);
    assert_eq!(kept(&before), [2, 1, 2, 1]);
}
