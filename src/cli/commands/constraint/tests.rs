//! The examples are what they say, and say all that there is.

use std::collections::BTreeSet;

use super::{examples, explain};
use crate::cli::commands::protocol::check::document::Document;
use crate::protocol::Word;
use crate::protocol::constraint::ConstraintId;

#[test]
fn every_example_violates_its_constraint() {
    for id in ConstraintId::ALL {
        let checked = explain::checked_examples(*id).unwrap();
        assert_eq!(checked.is_empty(), *id == ConstraintId::ActionableErrors);
        for example in checked {
            assert!(!example.violations.is_empty(), "{id}");
        }
    }
}

/// The contract's table names the keys; a union over the forms of each constraint.
#[test]
fn the_examples_show_every_key_of_the_context() {
    let wanted: [(&str, &[&str]); 6] = [
        (
            "C-worker-gates",
            &["blocker_count", "gate", "passed", "phase"],
        ),
        (
            "C-vertical-slices",
            &[
                "current_role",
                "owner_count",
                "owners",
                "phase",
                "production_code_path",
            ],
        ),
        ("C-ure-verbatim", &["field", "option_count"]),
        (
            "C-clean-review-exit",
            &[
                "blockers_remaining",
                "exited_on_worker_wave",
                "importants_remaining",
            ],
        ),
        (
            "C-blocker-dual-parent",
            &["blocker_task_id", "severity_group_id", "slice_id"],
        ),
        (
            "C-followup-leaf-adoption",
            &["followup_slice_id", "leaf_task_id", "severity_group_id"],
        ),
    ];
    for (id, keys) in wanted {
        let checked = explain::checked_examples(examples::find(id).unwrap()).unwrap();
        let found: BTreeSet<&str> = checked
            .iter()
            .flat_map(|example| &example.violations)
            .flat_map(|violation| violation.context.keys().map(String::as_str))
            .collect();
        assert_eq!(found, keys.iter().copied().collect(), "{id}");
    }
}

#[test]
fn the_rule_names_every_argument() {
    for id in ConstraintId::ALL {
        for argument in examples::arguments(*id) {
            let named = id.how().contains(&argument) || argument == "title";
            assert!(named, "{id} does not tell of {argument}");
        }
    }
}

/// So the arguments of an example are all needed, and no more than needed.
#[test]
fn an_example_without_one_of_its_arguments_is_told_so() {
    for id in ConstraintId::ALL {
        for argument in examples::arguments(*id) {
            let mut document: serde_json::Value = examples::of(*id)
                .iter()
                .map(|text| serde_json::from_str(text).unwrap())
                .find(|document: &serde_json::Value| document.get("checks").is_some())
                .unwrap();
            document["checks"][0]
                .as_object_mut()
                .unwrap()
                .remove(&argument);
            let mistake = Document::parse(&document.to_string())
                .err()
                .expect("it is refused");
            let told = format!("{mistake:?}");
            assert!(
                told.contains(&argument) && told.contains(id.word()),
                "{told}"
            );
        }
    }
}

#[test]
fn ids_are_found_in_other_spellings_and_near_ones_are_offered() {
    for text in ["C-dep-direction", "dep-direction", " c_DEP_direction"] {
        assert_eq!(examples::find(text), Ok(ConstraintId::DepDirection));
    }
    let told = examples::find("C-dep-directoin").unwrap_err();
    assert_eq!(
        told,
        "unknown constraint 'C-dep-directoin'; did you mean C-dep-direction?"
    );
    let told = examples::find("nothing like it").unwrap_err();
    assert!(told.contains("valid: "), "{told}");
}
