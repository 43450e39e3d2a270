//! The checks of task titles. A title is held only to the rule of its own kind: one
//! that is neither a proposal, a review nor a follow-up may be called anything.

use crate::protocol::constraint::{ConstraintId, Violation, quoted};
use crate::protocol::vote::ReviewAxis;
use crate::protocol::words::Word;

/// The axes' names from when they had only letters; titles go on using them.
const AXIS_LETTERS: [&str; 3] = ["A", "B", "C"];

/// What a title of the follow-up cycle may begin with.
const FOLLOWUP_PREFIXES: [&str; 6] = [
    "FOLLOWUP:",
    "FOLLOWUP_URE:",
    "FOLLOWUP_URD:",
    "FOLLOWUP_PROPOSAL-",
    "FOLLOWUP_IMPL_PLAN:",
    "FOLLOWUP_SLICE-",
];

/// The wrong titles among these, each by the rule of its kind, in the order given.
pub fn check_naming(titles: &[String]) -> Vec<Violation> {
    titles
        .iter()
        .filter_map(|title| rule_for(title)?(title))
        .collect()
}

type Rule = fn(&str) -> Option<Violation>;

/// The rule that a title's shape asks for. Only what stands before the first colon
/// names the kind; behind it people may write about reviews in capitals. A review is
/// asked for first, because `PROPOSAL-2-REVIEW-A-1` is the review of a proposal.
fn rule_for(title: &str) -> Option<Rule> {
    let head = title.split(':').next().unwrap_or_default();
    if head.contains("-REVIEW-") {
        Some(check_review_title)
    } else if head.starts_with("PROPOSAL") {
        Some(check_proposal_title)
    } else if head.starts_with("FOLLOWUP") {
        Some(check_followup_title)
    } else if head.contains("REVIEW") {
        Some(check_review_title)
    } else {
        None
    }
}

/// Holds the title to `PROPOSAL-<number>:`, whatever its kind.
pub fn check_proposal_title(title: &str) -> Option<Violation> {
    let number_on = title.strip_prefix("PROPOSAL-");
    let named = number_on
        .and_then(after_number)
        .is_some_and(|rest| rest.starts_with(':'));
    (!named).then(|| {
        let advice = "call it 'PROPOSAL-<number>: <subject>'";
        wrong_title(ConstraintId::ProposalNaming, title, "proposal", advice)
    })
}

/// Holds the title to `<scope>-REVIEW-<axis>-<round>`, whatever its kind.
pub fn check_review_title(title: &str) -> Option<Violation> {
    let line = title.lines().next().unwrap_or_default();
    // From 1: a review of nothing has no scope.
    let named = (1..line.len())
        .filter_map(|at| line.get(at..))
        .any(starts_as_review);
    (!named).then(|| {
        let advice = format!(
            "call it '<scope>-REVIEW-<axis>-<round>', its axis one of {}, {}",
            AXIS_LETTERS.join(", "),
            ReviewAxis::WORDS.join(", ")
        );
        wrong_title(ConstraintId::ReviewNaming, title, "review", &advice)
    })
}

/// Holds the title to the prefixes of the follow-up cycle, whatever its kind.
pub fn check_followup_title(title: &str) -> Option<Violation> {
    let named = FOLLOWUP_PREFIXES
        .iter()
        .any(|prefix| title.starts_with(prefix));
    (!named).then(|| {
        let advice = format!("begin it with one of {}", FOLLOWUP_PREFIXES.join(" "));
        wrong_title(ConstraintId::FollowupLifecycle, title, "follow-up", &advice)
    })
}

fn starts_as_review(text: &str) -> bool {
    let Some(axis_on) = text.strip_prefix("-REVIEW-") else {
        return false;
    };
    AXIS_LETTERS
        .iter()
        .chain(ReviewAxis::WORDS)
        .filter_map(|axis| axis_on.strip_prefix(axis)?.strip_prefix('-'))
        .any(|round_on| after_number(round_on).is_some())
}

/// What follows the number that `text` begins with, if it does.
fn after_number(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

fn wrong_title(constraint: ConstraintId, title: &str, kind: &str, advice: &str) -> Violation {
    let message = format!("{} is no title for a {kind}; {advice}", quoted(title));
    Violation::new(constraint, message).with("title", title)
}
