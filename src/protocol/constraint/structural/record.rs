//! What must be written down, and where.

use super::{StructuralFacts, found_if};
use crate::protocol::constraint::{ConstraintId, Violation, is_blank, quoted};

pub(super) fn integration_points_are_written(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let written = facts.has_integration_points?;
    let found = found_if(!written, || {
        let message = "the contracts between the slices are written nowhere; add an integration \
                       points section that names owner and consumers of each";
        Violation::new(ConstraintId::IntegrationPoints, message)
            .with("has_integration_points", written)
    });
    Some(found)
}

/// A summary of an interview is somebody's reading of it; the words themselves are kept.
pub(super) fn interview_is_complete(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let question = facts.question.as_deref()?;
    let options = facts.options.as_ref()?;
    let response = facts.response.as_deref()?;
    let missing = |field: &str| {
        let message = format!("the interview's record has no {field}; write it down word for word");
        Violation::new(ConstraintId::UreVerbatim, message).with("field", field)
    };
    let mut found = Vec::new();
    if is_blank(question) {
        found.push(missing("question"));
    }
    let option_count = options.iter().filter(|option| !is_blank(option)).count();
    if option_count == 0 {
        found.push(missing("options").with("option_count", option_count));
    }
    if is_blank(response) {
        found.push(missing("response"));
    }
    Some(found)
}

/// Asks only that the description begins with front matter and has the key somewhere;
/// whether the key stands inside the front matter is not looked at.
pub(super) fn references_are_in_front_matter(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let description = facts.task_description.as_deref()?;
    let keys = facts.required_ref_keys.as_ref()?;
    let has_front_matter = description.starts_with("---");
    let missing = keys
        .iter()
        .filter(|key| !has_front_matter || !description.contains(&format!("{key}:")));
    let found = missing.map(|key| {
        let line = quoted(&format!("{key}: <id>"));
        let message = if has_front_matter {
            format!(
                "the description lacks the reference {}; add the line {line} to its front matter",
                quoted(key)
            )
        } else {
            format!(
                "the description has no front matter for the reference {}; begin it with '---' and \
                 the line {line}",
                quoted(key)
            )
        };
        Violation::new(ConstraintId::FrontmatterRefs, message).with("missing_key", key)
    });
    Some(found.collect())
}
