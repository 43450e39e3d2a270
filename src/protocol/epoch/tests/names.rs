//! How phases are named, by people and on the wire; the other words of the contract.

use super::*;
use crate::protocol::effect::EventType;
use crate::protocol::phase::{Domain, RoleId};
use crate::protocol::words::Word;

/// The names that people type, from p1 on.
const NAMES: [&str; 12] = [
    "request",
    "elicit",
    "propose",
    "review",
    "uat",
    "ratify",
    "handoff",
    "impl_plan",
    "slice",
    "code_review",
    "impl_uat",
    "landing",
];

#[test]
fn a_phase_is_known_by_number_id_name_and_both() {
    for ((phase, name), number) in PHASES.into_iter().zip(NAMES).zip(1..) {
        let forms = [
            format!("{number}"),
            format!("p{number}"),
            format!("P{number}"),
            name.to_owned(),
            name.to_uppercase(),
            name.replace('_', "-"),
            format!("p{number}-{name}"),
            format!("p{number}_{name}"),
            format!("P{number}-{}", name.replace('_', "-").to_uppercase()),
        ];
        for form in forms {
            assert_eq!(PhaseId::parse_name(&form), Ok(phase), "{form}");
        }
        assert_eq!(phase.canonical(), format!("p{number}-{name}"));
        assert_eq!(phase.word(), format!("p{number}"));
    }
    for form in ["complete", "Complete", "COMPLETE"] {
        assert_eq!(PhaseId::parse_name(form), Ok(Complete));
    }
    assert_eq!(P8.canonical(), "p8-impl_plan");
    assert_eq!(Complete.canonical(), "complete");
}

#[test]
fn whatever_else_is_typed_names_no_phase_and_is_told_which_are() {
    let wrong = [
        "",
        "0",
        "13",
        "p0",
        "p13",
        "01",
        "p01",
        "+1",
        "p",
        "p1-",
        "p1-elicit",
        "1-request",
        "prequest",
        "p1request",
        "p11-request",
        "plan",
        "plan uat",
        "implplan",
        "review2",
        "p4-code_review",
        "complete-complete",
        "p13-complete",
        "complete_",
        "ｐ1",
        "１",
    ];
    for text in wrong {
        let error = PhaseId::parse_name(text).expect_err(text).to_string();
        assert!(
            error.contains("p8-impl_plan") && error.contains("complete"),
            "{error}"
        );
    }
    let long = PhaseId::parse_name(&"ü".repeat(10_000))
        .unwrap_err()
        .to_string();
    assert!(long.len() < 1_000, "{long}");
}

#[test]
fn on_the_wire_only_the_exact_word_counts() {
    assert_eq!("p8".parse(), Ok(P8));
    for text in [
        "P8",
        "8",
        "impl_plan",
        "p8-impl_plan",
        " p8",
        "p8 ",
        "Complete",
    ] {
        text.parse::<PhaseId>().expect_err(text);
    }
    for text in ["accept", "Accept", "revise", ""] {
        text.parse::<VoteType>().expect_err(text);
    }
    for text in ["A", "B", "C", "Correctness", "test-quality"] {
        text.parse::<ReviewAxis>().expect_err(text);
    }
}

#[test]
fn the_words_are_the_contracts() {
    let words: [(&[&str], &str); 8] = [
        (
            PhaseId::WORDS,
            "p1 p2 p3 p4 p5 p6 p7 p8 p9 p10 p11 p12 complete",
        ),
        (Domain::WORDS, "user plan impl"),
        (RoleId::WORDS, "epoch architect reviewer supervisor worker"),
        (VoteType::WORDS, "ACCEPT REVISE"),
        (ReviewAxis::WORDS, "correctness test_quality elegance"),
        (SeverityLevel::WORDS, "BLOCKER IMPORTANT MINOR"),
        (SliceMode::WORDS, "tmux subprocess mock"),
        (
            SliceState::WORDS,
            "waiting running succeeded failed blocked cancelled waived",
        ),
    ];
    for (words, wanted) in words {
        assert_eq!(words.join(" "), wanted);
    }
    assert_eq!(
        EventType::WORDS.join(" "),
        "phase_transition phase_advance vote_recorded blocker_recorded blocker_resolved \
         constraint_check advance_refused finding_recorded finding_resolved session_registered \
         session_ended slice_started slice_progress slice_finished review_opened review_closed \
         epoch_started epoch_cancelled epoch_completed vote_missed"
    );
}
