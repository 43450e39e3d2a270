//! How tasks, slices and code hang together: who owns what, and what belongs to what.

use super::{StructuralFacts, found_if};
use crate::protocol::constraint::{ConstraintId, Violation, is_blank, quoted};

/// Two slices that write the same code collide; code that nobody owns is not written.
pub(super) fn path_has_one_owner(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let path = facts.production_code_path.as_deref()?;
    let mut owners: Vec<&str> = Vec::new();
    for owner in present(facts.owner_ids.as_ref()?) {
        // Named twice, an owner is still one.
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    let message = if is_blank(path) {
        "no code path is named; name the path whose owner is to be checked".to_owned()
    } else if owners.is_empty() {
        format!("{} has no owner; assign it to one slice", quoted(path))
    } else if owners.len() > 1 {
        let count = owners.len();
        format!(
            "{} has {count} owners; leave it to one slice and cut the others",
            quoted(path)
        )
    } else {
        return Some(Vec::new());
    };
    let violation = Violation::new(ConstraintId::VerticalSlices, message)
        .with("production_code_path", path)
        .with("owner_count", owners.len())
        .with("owners", owners.join(","));
    Some(vec![violation])
}

pub(super) fn dependency_joins_two(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let parent = facts.parent_id.as_deref()?;
    let child = facts.child_id.as_deref()?;
    let wrong = |message: String| {
        Violation::new(ConstraintId::DepDirection, message)
            .with("parent_id", parent)
            .with("child_id", child)
    };
    let mut found = Vec::new();
    if is_blank(parent) {
        found.push(wrong(
            "the dependency has no parent; name the task that waits".to_owned(),
        ));
    }
    if is_blank(child) {
        found.push(wrong(
            "the dependency has no child; name the task it waits for".to_owned(),
        ));
    }
    if parent == child && !is_blank(parent) {
        let message = format!(
            "{} depends on itself; name the task it really waits for",
            quoted(parent)
        );
        found.push(wrong(message));
    }
    Some(found)
}

/// The group shows a blocker to the reviewers, the slice shows it to whoever fixes it.
pub(super) fn blocker_has_both_parents(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let blocker = facts.blocker_task_id.as_deref()?;
    let group = facts.severity_group_id.as_deref()?;
    let slice = facts.slice_id.as_deref()?;
    let wrong = |rest: &str| {
        let message = format!("blocker {} {rest}", quoted(blocker));
        Violation::new(ConstraintId::BlockerDualParent, message).with("blocker_task_id", blocker)
    };
    let mut found = Vec::new();
    if is_blank(group) {
        let violation = wrong("is in no severity group; make it a child of the BLOCKER group");
        found.push(violation.with("severity_group_id", group));
    }
    if is_blank(slice) {
        let violation = wrong("belongs to no slice; make it a child of the slice it blocks");
        found.push(violation.with("slice_id", slice));
    }
    if group == slice && !is_blank(group) {
        let violation = wrong("has one parent for both; name the severity group and the slice");
        found.push(
            violation
                .with("severity_group_id", group)
                .with("slice_id", slice),
        );
    }
    Some(found)
}

pub(super) fn slice_has_leaves(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let slice = facts.slice_id.as_deref()?;
    let leaves = present(facts.leaf_task_ids.as_ref()?).count();
    let found = found_if(leaves == 0, || {
        let message = format!(
            "slice {} has no leaf tasks; break it down before it is assigned",
            quoted(slice)
        );
        Violation::new(ConstraintId::SliceLeafTasks, message)
            .with("slice_id", slice)
            .with("leaf_count", leaves)
    });
    Some(found)
}

/// A leaf task that moves to a follow-up keeps its group, or the finding behind it is
/// lost from sight.
pub(super) fn followup_leaf_has_both_parents(facts: &StructuralFacts) -> Option<Vec<Violation>> {
    let leaf = facts.leaf_task_id.as_deref()?;
    let ids = [
        ("leaf_task_id", leaf, "has no id; name it"),
        (
            "severity_group_id",
            facts.severity_group_id.as_deref()?,
            "lost its severity group; keep it a child of the group it was found in",
        ),
        (
            "followup_slice_id",
            facts.followup_slice_id.as_deref()?,
            "is in no follow-up slice; make it a child of the slice that takes it over",
        ),
    ];
    let blank = ids.into_iter().filter(|(_, id, _)| is_blank(id));
    let found = blank.map(|(key, id, rest)| {
        let message = format!("leaf task {} {rest}", quoted(leaf));
        Violation::new(ConstraintId::FollowupLeafAdoption, message)
            .with("leaf_task_id", leaf)
            .with(key, id)
    });
    Some(found.collect())
}

/// The ids of a list that name something.
fn present(ids: &[String]) -> impl Iterator<Item = &str> {
    ids.iter().map(String::as_str).filter(|id| !is_blank(id))
}
