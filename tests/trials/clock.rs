//! A clock that jumps an hour ahead and back, and a daemon that is killed and starts again by
//! another clock than it ended by. What was set by the clock happens late or early, but it
//! happens, and once; nothing stands still for an hour.

use std::thread;
use std::time::Duration;

use temporalio_client::tonic::Code;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes as Does;
use temporalio_common::protos::temporal::api::command::v1::{Command, StartTimerCommandAttributes};
use temporalio_common::protos::temporal::api::enums::v1::CommandType;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollActivityTaskQueueRequest, PollActivityTaskQueueResponse, RespondActivityTaskFailedRequest,
};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::host::{Host, check_log};
use crate::kills::evidence::{check_ids, check_once};
use crate::kills::kill_alive;
use crate::kills::load::Load;
use crate::kills::plain::{Plain, command};
use crate::rpc::{NAMESPACE, Rpc, limited, queue, within};
use crate::support::clock::FalseClock;
use crate::support::random::{Random, from_environment};
use crate::support::wait::eventually;

/// A share of a run that is meant to be long, for every day.
const JUMPS: u64 = 20;
/// Every so many jumps the daemon starts anew.
const STARTING: u64 = 3;
/// Between two jumps.
const SPREAD_MS: u64 = 500;
const WRONG: [&str; 5] = ["+1h", "+0", "-1h", "+30m", "+0"];
/// More than the longest time for which the engine does not look at the clock, on a machine
/// that is busy; far from an hour.
const SOON: Duration = Duration::from_mins(1);

const ID: &str = "timed";
const ACTIVITY: &str = "again";

#[test]
fn a_clock_that_jumps_under_load_loses_nothing_and_has_nothing_done_twice() {
    let host = Host::new();
    let Some(clock) = FalseClock::right(host.sandbox.path()) else {
        return;
    };
    let mut random = Random::seeded();
    let jumps = from_environment("AURA_TEST_JUMPS").unwrap_or(JUMPS);
    let mut daemon = host.start_under(&clock);
    daemon.wait_ready();
    let load = Load::begin(&host);
    for jump in 0..jumps {
        let wrong = random.below(WRONG.len() as u64);
        clock.jump(WRONG[usize::try_from(wrong).unwrap()]);
        // Not for anything to happen: this is the random moment.
        thread::sleep(Duration::from_millis(random.below(SPREAD_MS)));
        assert!(!load.is_over(), "a driver failed after {jump} jumps");
        if random.below(STARTING) == 0 {
            kill_alive(&mut daemon);
            check_log(&daemon);
            daemon = host.start_under(&clock);
            daemon.wait_ready();
        }
    }
    clock.jump("+0");
    load.end(daemon, &format!("{jumps} jumps"));
}

#[test]
fn timers_fire_early_or_late_but_soon_and_once() {
    let host = Host::new();
    let Some(clock) = FalseClock::right(host.sandbox.path()) else {
        return;
    };
    let mut daemon = host.start_under(&clock);
    daemon.wait_ready();
    let runtime = Runtime::new().expect("a runtime can be built");
    let rpc = runtime.block_on(Rpc::connect(&host.address()));
    let mut timed = Timed {
        plain: runtime.block_on(Plain::start(&rpc, ID)),
        rpc,
        runtime,
    };
    timed.set(&[("half an hour", 1_800), ("a day", 86_400)]);
    clock.jump("+1h");
    timed.wait_fired("half an hour");
    timed.set(&[("ahead", 1)]);
    timed.wait_fired("ahead");
    clock.jump("+0");
    timed.set(&[("back", 1)]);
    timed.wait_fired("back");
    // Set by a clock that was ahead, and seen to by one that is right.
    timed.set(&[("before the end", 2)]);
    timed.fail_first_attempt();
    kill_alive(&mut daemon);
    daemon = host.start_under(&clock);
    daemon.wait_ready();
    timed.wait_second_attempt();
    timed.wait_fired("before the end");
    clock.jump("-1h");
    timed.set(&[("behind", 1)]);
    timed.wait_fired("behind");
    kill_alive(&mut daemon);
    daemon = host.start_under(&clock);
    daemon.wait_ready();
    timed.set(&[("behind again", 1)]);
    timed.wait_fired("behind again");

    let history = timed.history();
    check_ids(ID, &history);
    let expected = [
        "half an hour",
        "ahead",
        "back",
        "before the end",
        "behind",
        "behind again",
    ];
    check_once(
        ID,
        expected.map(str::to_owned),
        history.iter().filter_map(fired),
    );
    check_log(&daemon);
    daemon.terminate();
    assert!(daemon.wait_exit(SOON).success());
    assert_eq!(host.integrity(), "ok");
}

/// A workflow that sets timers, and has one activity, which fails the first time.
struct Timed {
    plain: Plain,
    rpc: Rpc,
    runtime: Runtime,
}

impl Timed {
    /// Sets timers of so many seconds in its next task, and schedules its activity.
    #[track_caller]
    fn set(&mut self, timers: &[(&str, i64)]) {
        let mut commands: Vec<Command> = timers.iter().map(start_timer).collect();
        if timers[0].0 == "before the end" {
            commands.push(self.plain.schedule(ACTIVITY));
        }
        let name = timers[0].0.to_owned();
        self.runtime.block_on(async {
            let answering = self
                .plain
                .answer_task(commands, |event| started(event).as_ref() == Some(&name));
            let answered = timeout(SOON, answering).await;
            answered.expect("a task is given out and its answer is taken");
        });
    }

    #[track_caller]
    fn wait_fired(&self, name: &str) {
        eventually(&format!("{name:?} fires"), SOON, || {
            let history = self.history();
            let fired: Vec<String> = history.iter().filter_map(fired).collect();
            fired.iter().any(|fired| fired == name).then_some(())
        });
    }

    /// Its next attempt comes a second after.
    #[track_caller]
    fn fail_first_attempt(&self) {
        let task = self.wait_attempt(1);
        self.runtime.block_on(async {
            let failed = RespondActivityTaskFailedRequest {
                namespace: NAMESPACE.to_owned(),
                task_token: task.task_token,
                ..Default::default()
            };
            let mut service = self.rpc.service();
            let call = service.respond_activity_task_failed(limited(failed));
            // An attempt whose time was over before has failed as well.
            if let Err(status) = within(call).await {
                assert_eq!(status.code(), Code::NotFound, "{status}");
            }
        });
    }

    #[track_caller]
    fn wait_second_attempt(&self) {
        let _ = self.wait_attempt(2);
    }

    #[track_caller]
    fn wait_attempt(&self, attempt: i32) -> PollActivityTaskQueueResponse {
        eventually(&format!("attempt {attempt}"), SOON, || {
            let poll = PollActivityTaskQueueRequest {
                namespace: NAMESPACE.to_owned(),
                task_queue: queue(ID),
                ..Default::default()
            };
            let mut service = self.rpc.service();
            let call = service.poll_activity_task_queue(limited(poll));
            let task = self.runtime.block_on(within(call)).ok()?;
            (task.attempt == attempt).then_some(task)
        })
    }

    fn history(&self) -> Vec<HistoryEvent> {
        let asked = async { timeout(SOON, self.plain.history()).await };
        self.runtime.block_on(asked).expect("the engine answers")
    }
}

fn start_timer((name, seconds): &(&str, i64)) -> Command {
    let attributes = StartTimerCommandAttributes {
        timer_id: (*name).to_owned(),
        start_to_fire_timeout: Some(prost_wkt_types::Duration {
            seconds: *seconds,
            nanos: 0,
        }),
    };
    let attributes = Does::StartTimerCommandAttributes(attributes);
    command(CommandType::StartTimer, attributes)
}

fn started(event: &HistoryEvent) -> Option<String> {
    match event.attributes.as_ref()? {
        Attributes::TimerStartedEventAttributes(started) => Some(started.timer_id.clone()),
        _ => None,
    }
}

fn fired(event: &HistoryEvent) -> Option<String> {
    match event.attributes.as_ref()? {
        Attributes::TimerFiredEventAttributes(fired) => Some(fired.timer_id.clone()),
        _ => None,
    }
}
