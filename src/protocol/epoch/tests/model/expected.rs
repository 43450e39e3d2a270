//! What an action should lead to, worked out from the contract alone: §2 the table, §3
//! the gates, §4 slices and rounds. It shares nothing with the code under test but the
//! enums.

use super::{Action, Blocker, Small};
use crate::protocol::epoch::tests::targets;
use crate::protocol::phase::PhaseId::{self, Complete, P4, P5, P8, P9, P10, P11};
use crate::protocol::slice::SliceState::{
    self, Blocked, Cancelled, Failed, Running, Succeeded, Waiting, Waived,
};
use crate::protocol::state::{EpochStatus as Status, Settings};
use crate::protocol::vote::VoteType::Accept;

/// The state that an action leads to; none where it is refused.
pub(super) fn expected(rules: &Settings, now: &Small, action: Action) -> Option<Small> {
    let mut next = now.clone();
    let running = now.status == Status::Running;
    match action {
        // Reports and the end of a cancel are heard in every status.
        Action::Finish { slice, success } => {
            let work = &mut next.slices.as_mut()?[slice];
            if work.0 == Running {
                *work = match (success, work.1) {
                    (true, _) => (Succeeded, false),
                    (false, true) => (Cancelled, false),
                    (false, false) => (Failed, false),
                };
                if work.0 == Failed && rules.fail_fast {
                    stop_all(&mut next);
                }
            }
        }
        Action::Stale(_) => return now.slices.map(|_| next),
        Action::Settle => {
            if now.status == Status::Cancelling {
                next.status = Status::Cancelled;
            }
        }
        Action::CancelEpoch => match now.status {
            Status::Running => {
                next.status = Status::Cancelling;
                stop_all(&mut next);
            }
            Status::Cancelling => {}
            Status::Complete | Status::Cancelled => return None,
        },
        _ if !running => return None,
        Action::Advance { to, overriding } => step(rules, &mut next, to, overriding)?,
        Action::Vote(axis, verdict) => {
            // Elsewhere it is shown, and does not matter.
            if matches!(now.phase, P4 | P10) {
                next.verdicts[axis] = Some(verdict);
            }
        }
        Action::Record(one) => {
            (now.blockers[one] == Blocker::Unknown).then_some(())?;
            next.blockers[one] = Blocker::Open;
        }
        Action::Resolve(one) => {
            (now.blockers[one] == Blocker::Open).then_some(())?;
            next.blockers[one] = Blocker::Resolved;
        }
        Action::Plan => {
            (matches!(now.phase, P8 | P9) && now.slices.is_none()).then_some(())?;
            next.slices = Some([(Waiting, false); 2]);
        }
        Action::Cancel(slice) => {
            let work = &mut next.slices.as_mut()?[slice];
            *work = match work.0 {
                Waiting | Blocked => (Cancelled, false),
                Running => (Running, true),
                _ => return None,
            };
        }
        Action::Waive(slice) => {
            let work = &mut next.slices.as_mut()?[slice];
            matches!(work.0, Waiting | Blocked | Failed | Cancelled).then_some(())?;
            *work = (Waived, false);
        }
        Action::Retry(slice) => {
            (now.phase == P9).then_some(())?;
            let work = &mut next.slices.as_mut()?[slice];
            matches!(work.0, Failed | Cancelled | Succeeded).then_some(())?;
            *work = (Waiting, false);
        }
    }
    schedule(rules, &mut next);
    Some(next)
}

/// An advance that the table has and whose gates are open.
fn step(rules: &Settings, epoch: &mut Small, to: PhaseId, overriding: bool) -> Option<()> {
    let from = epoch.phase;
    targets(from).contains(&to).then_some(())?;
    let consensus = epoch.verdicts == [Some(Accept); 3];
    let review = [P4, P10].iter().position(|review| *review == to);
    let open = match (from, to) {
        (P4, P5) => consensus,
        (P10, P11) => consensus && !epoch.blockers.contains(&Blocker::Open),
        (P9, P10) => epoch
            .slices
            .is_none_or(|work| work.iter().all(|(state, _)| settled(*state))),
        _ => true,
    };
    let capped = review
        .zip(rules.max_rounds)
        .is_some_and(|(at, max)| epoch.rounds[at] >= max);
    (open && (overriding || !capped)).then_some(())?;

    // A way back is no consensus, even with three ACCEPTs: only moving on starts anew.
    match (from, to) {
        (P4, P5) => epoch.rounds[0] = 0,
        (P10, P11) => epoch.rounds[1] = 0,
        _ => {}
    }
    if let Some(at) = review {
        epoch.rounds[at] = (epoch.rounds[at] + 1).min(rules.max_rounds.unwrap_or(0));
    }
    epoch.verdicts = [None; 3];
    epoch.phase = to;
    if to == Complete {
        epoch.status = Status::Complete;
    }
    Some(())
}

fn settled(state: SliceState) -> bool {
    matches!(state, Succeeded | Waived)
}

fn stop_all(epoch: &mut Small) {
    for work in epoch
        .slices
        .iter_mut()
        .flatten()
        .filter(|work| work.0 == Running)
    {
        work.1 = true;
    }
}

/// Blocks and starts what must be blocked and may run; `b` depends on `a`.
fn schedule(rules: &Settings, epoch: &mut Small) {
    let may_run = epoch.phase == P9 && epoch.status == Status::Running;
    let Some(slices) = &mut epoch.slices else {
        return;
    };
    let hindered = matches!(slices[0].0, Failed | Cancelled);
    match (slices[1].0, hindered) {
        (Waiting, true) => slices[1].0 = Blocked,
        (Blocked, false) => slices[1].0 = Waiting,
        _ => {}
    }
    let failed = slices.iter().any(|work| work.0 == Failed);
    if !may_run || (rules.fail_fast && failed) {
        return;
    }
    let ready = [true, settled(slices[0].0)];
    for (at, ready) in ready.into_iter().enumerate() {
        let busy = slices.iter().filter(|work| work.0 == Running).count();
        let free = busy < usize::try_from(rules.parallel_slices).unwrap_or(usize::MAX);
        if slices[at].0 == Waiting && ready && free {
            slices[at] = (Running, false);
        }
    }
}
