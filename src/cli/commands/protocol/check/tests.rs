//! Descriptions: what is looked at, and that nothing passes unseen. What is said of wrong
//! ones is tested with the program.

use super::AFTER_HELP;
use super::document::Document;
use super::verdict::Verdict;
use crate::fuzz::{feed, texts};
use crate::protocol::Word;

/// What a description violates.
#[track_caller]
fn found(text: &str) -> Vec<&'static str> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(mistake) => panic!("{mistake:?}\n{text}"),
    };
    let parts = Verdict::of(&document).0;
    let all = parts.into_iter().flat_map(|part| part.violations);
    all.map(|violation| violation.constraint.word()).collect()
}

#[test]
fn changed_descriptions_are_judged_or_refused() {
    let docs = include_str!("../../../../../docs/simulate.md");
    let form = docs.split("```json file=\"login.json\"\n").nth(1).unwrap();
    let (_, rest) = AFTER_HELP.split_once(":\n").unwrap();
    let samples = [form.split("```"), rest.split("\n\n")].map(|mut parts| parts.next().unwrap());
    feed(&texts(samples), |bytes| {
        if let Ok(document) = Document::parse(&String::from_utf8_lossy(bytes)) {
            let _ = Verdict::of(&document);
        }
    });
}

#[test]
fn what_the_help_shows_is_a_description() {
    let (_, rest) = AFTER_HELP.split_once(":\n").unwrap();
    let form = rest.split("\n\n").next().unwrap();
    assert_eq!(
        found(form),
        [
            "C-agent-commit",
            "C-audit-never-delete",
            "C-handoff-skill-invocation"
        ]
    );
}

#[test]
fn what_the_docs_show_is_a_description() {
    let docs = include_str!("../../../../../docs/simulate.md");
    let form = docs.split("```json file=\"login.json\"\n").nth(1).unwrap();
    let form = form.split("```").next().unwrap();
    assert_eq!(found(form), ["C-audit-never-delete"]);
}

#[test]
fn a_named_constraint_is_checked_alone() {
    let both = r#""slice_id": "", "leaf_task_ids": []"#;
    let any = format!(r#"{{"checks": [{{{both}}}]}}"#);
    assert_eq!(found(&any), ["C-slice-leaf-tasks"]);
    let with_blocker =
        format!(r#"{{"checks": [{{{both}, "blocker_task_id": "b", "severity_group_id": "g"}}]}}"#);
    assert_eq!(
        found(&with_blocker),
        ["C-blocker-dual-parent", "C-slice-leaf-tasks"]
    );
}

#[test]
fn a_title_is_held_to_its_kind_and_by_name_to_any() {
    assert_eq!(found(r#"{"titles": ["anything"]}"#), [""; 0]);
    let by_name = r#"{"checks": [{"constraint": "C-followup-lifecycle", "title": "anything"}]}"#;
    assert_eq!(found(by_name), ["C-followup-lifecycle"]);
}

#[test]
fn a_state_has_the_role_of_its_phase_unless_it_says_another() {
    assert_eq!(found(r#"{"state": {"current_phase": "request"}}"#), [""; 0]);
    assert_eq!(
        found(r#"{"state": {"current_phase": "complete"}}"#),
        [""; 0]
    );
    let boss = r#"{"state": {"current_phase": "p1", "current_role": "boss"}}"#;
    assert_eq!(found(boss), ["C-vertical-slices"]);
}
