//! Who reviews, and by when.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{User, file_source, refused, row};
use crate::config::Review;
use crate::protocol::vote::ReviewAxis;

#[test]
fn without_a_word_people_review_in_their_own_time() {
    let user = User::new();
    let review = user.aurad().review;
    assert_eq!(review, Review::default());
    assert_eq!(review.deadline, None);
    assert_eq!(review.remind_every, None);
    assert_eq!(review.runners, BTreeMap::new());
    assert_eq!(review.timeout, Duration::from_mins(30));
    let rows = user.aurad().describe();
    for (name, value) in [
        ("review.deadline", "unlimited"),
        ("review.remind_every", "never"),
        ("review.correctness", "none"),
        ("review.test_quality", "none"),
        ("review.elegance", "none"),
        ("review.timeout", "30m"),
    ] {
        assert_eq!(row(&rows, name), (value.into(), "default".into()), "{name}");
    }
}

#[test]
fn everything_that_can_be_said() {
    let user = User::new().config(
        "[review]\ndeadline = '2h'\nremind_every = '20m'\ntimeout = 90\n\
         correctness = 'a.b'\nelegance = 'c'\n\
         [runner.'a.b']\nargv = ['a']\n[runner.c]\nargv = ['c']\n",
    );
    let settings = user.aurad();
    assert_eq!(settings.notices, [""; 0]);
    let review = &settings.review;
    assert_eq!(review.deadline, Some(Duration::from_hours(2)));
    assert_eq!(review.remind_every, Some(Duration::from_mins(20)));
    assert_eq!(review.timeout, Duration::from_secs(90));
    assert_eq!(
        review.runners,
        BTreeMap::from([
            (ReviewAxis::Correctness, "a.b".to_owned()),
            (ReviewAxis::Elegance, "c".to_owned()),
        ])
    );
    let file = file_source(&user.home(".config/aura/config.toml"));
    let rows = settings.describe();
    for (name, value, source) in [
        ("review.deadline", "2h", &*file),
        ("review.remind_every", "20m", &file),
        ("review.correctness", "a.b", &file),
        ("review.test_quality", "none", "default"),
        ("review.elegance", "c", &file),
        ("review.timeout", "90s", &file),
    ] {
        assert_eq!(row(&rows, name), (value.into(), source.into()), "{name}");
    }
}

#[test]
fn a_reviewer_has_to_be_configured() {
    assert_eq!(
        refused(
            "[review]\n\nelegance = 'claud'\n[runner.claude]\nargv = ['c']\n[runner.\"b.c\"]\nargv = ['b']\n"
        ),
        [
            "FILE:3: elegance in [review] 'claud' is no configured runner",
            "the file configures claude, b.c",
            "correct line 3 of FILE: did you mean claude? Otherwise add [runner.claud]",
        ]
    );
    assert_eq!(
        refused("[review]\ntest_quality = 'x.y'\n"),
        [
            "FILE:2: test_quality in [review] 'x.y' is no configured runner",
            "the file configures no runner",
            "correct line 2 of FILE: add [runner.\"x.y\"]",
        ]
    );
    // The first by line, not by axis.
    let [what, ..] = refused("[review]\nelegance = 'e'\ncorrectness = 'c'\n");
    assert!(what.starts_with("FILE:2: elegance"), "{what}");
}

#[test]
fn what_means_nothing_is_refused() {
    for (line, fault) in [
        ("deadline = 'soon'", "'soon' is no duration"),
        ("deadline = 0", "'0' is no time at all"),
        ("remind_every = '1w'", "'1w' is no duration"),
        ("timeout = 'unlimited'", "'unlimited' is no duration"),
        ("correctness = ''", "'' is no runner's name"),
        ("correctness = 'a b'", "'a b' is no runner's name"),
        ("correctness = ['a']", "has the wrong type"),
        ("deadline = 1.5", "has the wrong type"),
    ] {
        let [what, ..] = refused(format!("[review]\n{line}\n"));
        let (key, _) = line.split_once(' ').unwrap();
        assert_eq!(what, format!("FILE:2: {key} in [review] {fault}"), "{line}");
    }
}

#[test]
fn no_limit_can_be_said() {
    let user = User::new().config("[review]\ndeadline = 'none'\nremind_every = 'unlimited'\n");
    let settings = user.aurad();
    assert_eq!(settings.review.deadline, None);
    assert_eq!(settings.review.remind_every, None);
    let (_, source) = row(&settings.describe(), "review.deadline");
    assert!(source.starts_with("file "), "{source}");
}

#[test]
fn reminders_that_never_come_are_noticed() {
    let user = User::new().config("[review]\ndeadline = '1h'\nremind_every = '60m'\n");
    assert_eq!(
        user.aurad().notices,
        [
            "remind_every 1h in [review] has no effect: a round is closed after its deadline, 1h; \
             make it shorter"
        ]
    );
    assert_eq!(user.aura_msg().notices, [""; 0]);
}
