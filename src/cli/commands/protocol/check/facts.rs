//! The arguments of structural constraints by name. The list is held against the facts of
//! the rules by the compiler: one that is missing here does not compile.

use serde::de::MapAccess;

use crate::protocol::constraint::StructuralFacts;

macro_rules! facts {
    ($($name:ident),+ $(,)?) => {
        /// All names.
        pub(super) const NAMES: &[&str] = &[$(stringify!($name)),+];

        /// Reads the value of the key that was read last; false if no fact is called so.
        pub(super) fn put<'de, A: MapAccess<'de>>(
            facts: &mut StructuralFacts,
            name: &str,
            map: &mut A,
        ) -> Result<bool, A::Error> {
            match name {
                $(stringify!($name) => facts.$name = Some(map.next_value()?),)+
                _ => return Ok(false),
            }
            Ok(true)
        }

        /// The names of those that are given.
        pub(super) fn given(facts: &StructuralFacts) -> Vec<&'static str> {
            let StructuralFacts { $($name),+ } = facts;
            let all = [$((stringify!($name), $name.is_some())),+];
            let given = all.into_iter().filter(|(_, is_given)| *is_given);
            given.map(|(name, _)| name).collect()
        }
    };
}

facts!(
    vote,
    has_todos,
    tests_pass,
    typecheck_pass,
    production_code_path,
    owner_ids,
    from_phase,
    to_phase,
    parent_id,
    child_id,
    blocker_task_id,
    severity_group_id,
    slice_id,
    has_important_or_minor,
    followup_created,
    role,
    action_type,
    phase,
    exploration_method,
    has_integration_points,
    slice_closed_by_worker,
    review_completed,
    review_cycle_count,
    blockers_remaining,
    importants_remaining,
    exited_on_worker_wave,
    asked_user,
    leaf_task_ids,
    question,
    options,
    response,
    task_description,
    required_ref_keys,
    leaf_task_id,
    followup_slice_id,
    command,
);
