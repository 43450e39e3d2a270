//! The closed sets of words: their JSON is the word itself, and matching is exact.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wire;
use crate::protocol::constraint::ConstraintId;
use crate::protocol::effect::EventType;
use crate::protocol::finding::SeverityLevel;
use crate::protocol::handoff::ContentLevel;
use crate::protocol::refusal::RefusalCode;
use crate::protocol::review::CloseReason;
use crate::protocol::slice::{SliceMode, SliceState};
use crate::protocol::state::EpochStatus;
use crate::protocol::table::Gate;
use crate::protocol::vote::{ReviewAxis, VoteType};
use crate::protocol::{Domain, PhaseId, RoleId, Word};

/// Checks one set against the contract's words, and answers with its name.
fn check<T>(words: &str) -> &'static str
where
    T: Word + Serialize + DeserializeOwned + Debug,
{
    let name = std::any::type_name::<T>().rsplit("::").next().unwrap();
    assert_eq!(T::WORDS.join(" "), words, "{name}");
    for (value, word) in T::ALL.iter().zip(T::WORDS) {
        assert_eq!(wire(value), format!("\"{word}\""), "{name}");
        // Escapes are the same word: some encoders write them.
        let escaped = format!("\"\\u{:04x}{}\"", u32::from(word.as_bytes()[0]), &word[1..]);
        for json in [wire(value), escaped] {
            assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value, "{name}");
        }
        let (upper, lower) = (word.to_uppercase(), word.to_lowercase());
        let other_case = if upper == *word { lower } else { upper };
        for near in [
            other_case,
            format!(" {word}"),
            format!("{word} "),
            format!("{word}\0"),
        ] {
            refuse::<T>(&wire(&near), &T::WORDS.join(", "));
        }
    }
    for json in ["null", "true", "1", "1.5", "[]", "{}"] {
        refuse::<T>(json, "expected a string");
    }
    refuse::<T>("\"\"", &T::WORDS.join(", "));
    refuse::<T>("\"nonsense\"", &T::WORDS.join(", "));
    name
}

/// Checks that this is no word of the set, and that the error says what is.
fn refuse<T: DeserializeOwned + Debug>(json: &str, says: &str) {
    let error = serde_json::from_str::<T>(json).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

fn check_all() -> Vec<&'static str> {
    let mut names = vec![
        check::<PhaseId>("p1 p2 p3 p4 p5 p6 p7 p8 p9 p10 p11 p12 complete"),
        check::<Domain>("user plan impl"),
        check::<RoleId>("epoch architect reviewer supervisor worker"),
        check::<VoteType>("ACCEPT REVISE"),
        check::<ReviewAxis>("correctness test_quality elegance"),
        check::<SeverityLevel>("BLOCKER IMPORTANT MINOR"),
        check::<SliceMode>("tmux subprocess mock"),
        check::<EventType>(
            "phase_transition phase_advance vote_recorded blocker_recorded blocker_resolved \
             constraint_check advance_refused finding_recorded finding_resolved \
             session_registered session_ended slice_started slice_progress slice_finished \
             review_opened review_closed epoch_started epoch_cancelled epoch_completed \
             vote_missed",
        ),
        check::<SliceState>("waiting running succeeded failed blocked cancelled waived"),
        // `cancelling` is ours: what queries say while the children are ending.
        check::<EpochStatus>("running complete cancelling cancelled"),
        check::<ContentLevel>("full-provenance summary-with-ids"),
        check::<Gate>("consensus blockers slices review_rounds"),
        check::<CloseReason>("consensus revise left_phase deadline epoch_ended lost"),
        check::<RefusalCode>(&RefusalCode::WORDS.join(" ")),
        check::<ConstraintId>(&ConstraintId::WORDS.join(" ")),
    ];
    names.sort_unstable();
    names
}

#[test]
fn every_enum_is_its_words() {
    check_all();
}

#[test]
fn no_enum_is_forgotten() {
    let source = include_str!("../words.rs");
    let list = source
        .split("json_words!(")
        .nth(1)
        .unwrap()
        .split(')')
        .next()
        .unwrap();
    let listed: Vec<&str> = list
        .split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .collect();
    assert_eq!(check_all(), listed);
}

/// Clients branch on these; the contract names them in its text.
#[test]
fn the_refusal_codes_that_the_contract_names_exist() {
    for code in [
        "malformed",
        "too_long",
        "request_id_reused",
        "round_closed",
        "wrong_phase",
        "max_rounds",
        "complete",
    ] {
        assert!(RefusalCode::WORDS.contains(&code), "{code}");
    }
}

#[test]
fn the_axes_of_old_are_refused() {
    for old in ["A", "B", "C", "a", "b", "c"] {
        refuse::<ReviewAxis>(&wire(&old), "unknown axis");
    }
}

#[test]
fn an_over_long_word_is_not_repeated_in_full() {
    let long = "é".repeat(100_000);
    let error = serde_json::from_str::<PhaseId>(&wire(&long))
        .unwrap_err()
        .to_string();
    assert!(error.len() < 400, "{} bytes", error.len());
    assert!(
        error.contains("unknown phase") && error.contains("p12, complete"),
        "{error}"
    );
}
