//! What may happen, and how likely it is.

use proptest::collection::vec;
use proptest::prelude::*;
use temporalio_common::protos::temporal::api::command::v1::Command;
use temporalio_common::protos::temporal::api::common::v1::RetryPolicy;
use temporalio_common::protos::temporal::api::enums::v1::ParentClosePolicy;

use super::super::worker::{
    activity, cancel_activity, cancel_timer, child, complete, continue_as_new, fail, tell, timer,
};
use crate::embedded::engine::time::{duration, seconds};

/// Workflows that there may be; few, so that they meet.
pub(super) const IDS: [&str; 3] = ["one", "two", "three"];

#[derive(Clone, Debug)]
pub(super) enum Step {
    Start {
        id: usize,
        policy: i32,
        retries: bool,
        timeout: i64,
    },
    Signal {
        id: usize,
        request: u8,
    },
    Update {
        id: usize,
        update: u8,
    },
    Query {
        id: usize,
    },
    Cancel {
        id: usize,
    },
    Terminate {
        id: usize,
    },
    Delete {
        id: usize,
    },
    Poll {
        own: bool,
    },
    /// Answers one of the tasks that are held, or were.
    Answer {
        which: usize,
        commands: Vec<Order>,
        messages: u8,
        keep: bool,
        more: bool,
    },
    Fail {
        which: usize,
    },
    /// The worker was gone before it had the task.
    Lose {
        which: usize,
    },
    PollActivity {
        in_process: bool,
    },
    EndActivity {
        which: usize,
        how: u8,
    },
    Heartbeat {
        which: usize,
    },
    LoseActivity {
        which: usize,
    },
    BeginPoll,
    Leave,
    Pass(i64),
    /// The clock is put, and nothing is done about it.
    Jump(i64),
    /// The disk falls behind, or catches up.
    Lag(bool),
    Restart,
}

/// A command, most of which make sense at some time.
#[derive(Clone, Debug)]
pub(super) enum Order {
    Activity { id: u8, retries: bool, eager: bool },
    CancelActivity(i64),
    Timer(u8, i64),
    CancelTimer(u8),
    Child(usize, u8),
    Tell(usize),
    Complete,
    Fail,
    Renew,
    Nonsense,
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![
        3 => (0..3_u8, any::<bool>(), any::<bool>())
            .prop_map(|(id, retries, eager)| Order::Activity { id, retries, eager }),
        1 => (0..20_i64).prop_map(Order::CancelActivity),
        3 => (0..3_u8, 1..20_i64).prop_map(|(id, length)| Order::Timer(id, length)),
        1 => (0..3_u8).prop_map(Order::CancelTimer),
        2 => (0..IDS.len(), 0..4_u8).prop_map(|(id, policy)| Order::Child(id, policy)),
        2 => (0..IDS.len()).prop_map(Order::Tell),
        1 => Just(Order::Complete),
        1 => Just(Order::Fail),
        1 => Just(Order::Renew),
        1 => Just(Order::Nonsense),
    ]
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let id = || 0..IDS.len();
    let which = || 0..6_usize;
    prop_oneof![
        6 => (id(), 0..4, any::<bool>(), prop_oneof![Just(0), 5..40_i64]).prop_map(
            |(id, policy, retries, timeout)| Step::Start { id, policy, retries, timeout }
        ),
        6 => (id(), 0..8_u8).prop_map(|(id, request)| Step::Signal { id, request }),
        4 => (id(), 0..4_u8).prop_map(|(id, update)| Step::Update { id, update }),
        2 => id().prop_map(|id| Step::Query { id }),
        1 => id().prop_map(|id| Step::Cancel { id }),
        1 => id().prop_map(|id| Step::Terminate { id }),
        1 => id().prop_map(|id| Step::Delete { id }),
        10 => any::<bool>().prop_map(|own| Step::Poll { own }),
        10 => (which(), vec(order(), 0..4), any::<u8>(), any::<bool>(), any::<bool>()).prop_map(
            |(which, commands, messages, keep, more)| Step::Answer {
                which, commands, messages, keep, more
            }
        ),
        1 => which().prop_map(|which| Step::Fail { which }),
        1 => which().prop_map(|which| Step::Lose { which }),
        4 => any::<bool>().prop_map(|in_process| Step::PollActivity { in_process }),
        4 => (which(), 0..4_u8).prop_map(|(which, how)| Step::EndActivity { which, how }),
        1 => which().prop_map(|which| Step::Heartbeat { which }),
        1 => which().prop_map(|which| Step::LoseActivity { which }),
        1 => Just(Step::BeginPoll),
        1 => Just(Step::Leave),
        4 => (0..15_i64).prop_map(Step::Pass),
        1 => (-60..60_i64).prop_map(Step::Jump),
        1 => any::<bool>().prop_map(Step::Lag),
        1 => Just(Step::Restart),
    ]
}

impl Order {
    pub(super) fn command(&self) -> Command {
        match self {
            Self::Activity { id, retries, eager } => activity(&format!("a{id}"), |command| {
                command.request_eager_execution = *eager;
                command.heartbeat_timeout = Some(duration(seconds(4)));
                command.schedule_to_start_timeout = Some(duration(seconds(20)));
                command.start_to_close_timeout = Some(duration(seconds(10)));
                command.retry_policy = Some(RetryPolicy {
                    maximum_attempts: if *retries { 3 } else { 1 },
                    ..Default::default()
                });
            }),
            Self::CancelActivity(event_id) => cancel_activity(*event_id),
            Self::Timer(id, length) => timer(&format!("t{id}"), seconds(*length)),
            Self::CancelTimer(id) => cancel_timer(&format!("t{id}")),
            Self::Child(id, policy) => {
                let policy = ParentClosePolicy::try_from(i32::from(*policy)).unwrap();
                child("any", IDS[*id], policy)
            }
            Self::Tell(id) => tell(IDS[*id], "told"),
            Self::Complete => complete("done"),
            Self::Fail => fail(),
            Self::Renew => continue_as_new(""),
            Self::Nonsense => timer("", 0),
        }
    }
}
