//! What concerns reading alone: a trail that cannot be written to is held to this, too.

use super::*;

/// Runs everything on trails that `fill` makes with these events in them. Epochs are always
/// named: not every trail can tell all at once.
pub(in crate::audit) fn suite(fill: impl Fn(&[AuditEvent]) -> Box<dyn AuditTrail>) {
    let there = [events("a", 0..80), events("b", 0..80)].concat();
    let named = ["a", "b", "nowhere", ""].map(|epoch| Some(epoch.to_owned()));
    filters(&*fill(&there), &there, &named);

    // Neither by id nor by time.
    let there = vec![event("b", 7), event("a", 3), event("b", 1), event("b", 0)];
    let filter = AuditFilter {
        epoch_id: Some("b".to_owned()),
        ..AuditFilter::default()
    };
    assert_eq!(
        fill(&there).query(&filter).unwrap(),
        [event("b", 7), event("b", 1), event("b", 0)]
    );
}

/// Asks for every combination of a few words, of a trail that holds these events.
pub(super) fn filters(trail: &dyn AuditTrail, there: &[AuditEvent], epochs: &[Option<String>]) {
    let phases = [None, Some(PhaseId::P4), Some(PhaseId::Complete)];
    let roles = [None, Some(RoleId::Reviewer), Some(RoleId::Epoch)];
    for epoch_id in epochs {
        for phase in phases {
            for role in roles {
                let filter = AuditFilter {
                    epoch_id: epoch_id.clone(),
                    phase,
                    role,
                };
                let mut expected = there.to_vec();
                expected.retain(|event| {
                    epoch_id
                        .as_ref()
                        .is_none_or(|wanted| *wanted == event.epoch_id)
                        && phase.is_none_or(|wanted| wanted == event.phase)
                        && role.is_none_or(|wanted| wanted == event.role)
                });
                assert_eq!(trail.query(&filter).unwrap(), expected, "{filter:?}");
            }
        }
    }
}
