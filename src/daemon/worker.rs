//! The workers: one per task queue and one for the commands of this host, each on a thread of its own, since the SDK's worker
//! is bound to one and may panic. One that ends or panics is built again; one that does
//! so again and again ends the daemon, for the service manager to see.

mod options;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use temporalio_client::Client;
use temporalio_sdk::runtime::worker_tuner::{FixedSizeSlotSupplier, TunerHolder};
use temporalio_sdk::runtime::{PollerBehavior, Runtime};
use temporalio_sdk::{Worker, WorkerOptions, WorkerOptionsBuilder};
use tokio::sync::{mpsc, watch};

use super::connect::identity;
use crate::activities::{Activities, Attempts};
use crate::config::aurad::Worker as Settings;
use crate::workflows::{self, EpochWorkflow, ReviewPhaseWorkflow, SliceWorkflow};

/// A task for a dead worker's cache is given to another after this long.
const STICKY_TIMEOUT: Duration = Duration::from_secs(2);
/// Commands that run here or wait for a place.
const WAITING_COMMANDS: usize = 1_000;
/// How often the server is told that a command runs, which is when a wish to stop it is heard.
const COMMAND_BEAT: Duration = Duration::from_secs(4);
/// More ends than this within the window end the daemon.
const MAX_ENDS: usize = 5;
const WINDOW: Duration = Duration::from_mins(1);

/// What workers are built from.
pub(super) struct Plan {
    pub(super) runtime: Runtime,
    pub(super) client: Client,
    pub(super) task_queues: Vec<String>,
    pub(super) activities: Activities,
    pub(super) grace_period: Duration,
    pub(super) settings: Settings,
}

/// The running workers.
pub(super) struct Fleet {
    threads: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
    shutdowns: Arc<Mutex<Vec<Shutdown>>>,
    failures: mpsc::Receiver<String>,
}

type Shutdown = (usize, Box<dyn Fn() + Send>);

impl Fleet {
    /// Builds the first worker of every queue, so that what is wrong with them is known,
    /// and starts them.
    pub(super) fn start(plan: Plan) -> Result<Self, String> {
        let plan = Arc::new(plan);
        let (stop, stopping) = watch::channel(false);
        let own = usize::from(!plan.activities.host().queue.is_empty());
        let seats = plan.task_queues.len() + own;
        let (report, failures) = mpsc::channel(seats);
        let shutdowns = Arc::new(Mutex::new(Vec::new()));
        let mut threads = Vec::new();
        for index in 0..seats {
            let first = build(&plan, index, &shutdowns)?;
            let seat = Seat {
                plan: Arc::clone(&plan),
                index,
                shutdowns: Arc::clone(&shutdowns),
                stopping: stopping.clone(),
                report: report.clone(),
                tokio: tokio::runtime::Handle::current(),
            };
            let thread = std::thread::Builder::new()
                .name(format!("worker-{index}"))
                .spawn(move || seat.keep(first))
                .map_err(|error| error.to_string())?;
            threads.push(thread);
        }
        Ok(Self {
            threads,
            stop,
            shutdowns,
            failures,
        })
    }

    /// Waits until a worker has failed for good.
    pub(super) async fn failed(&mut self) -> String {
        match self.failures.recv().await {
            Some(failure) => failure,
            None => "the workers are gone".to_owned(),
        }
    }

    /// Stops polling, lets activities finish, and waits for the workers to end.
    pub(super) async fn drain(self) {
        let Self {
            threads,
            stop,
            shutdowns,
            failures: _,
        } = self;
        // Nobody listens any more only if every worker has ended.
        let _ = stop.send(true);
        for (_, shutdown) in lock(&shutdowns).iter() {
            shutdown();
        }
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                // A thread's panics are caught and logged inside it.
                let _ = thread.join();
            }
        });
        let _ = joined.await;
    }
}

/// One queue's place in the fleet.
struct Seat {
    plan: Arc<Plan>,
    index: usize,
    shutdowns: Arc<Mutex<Vec<Shutdown>>>,
    stopping: watch::Receiver<bool>,
    report: mpsc::Sender<String>,
    tokio: tokio::runtime::Handle,
}

impl Seat {
    /// Runs a worker, and another when it ends, until the fleet is drained.
    fn keep(self, first: Worker) {
        let _inside = self.tokio.enter();
        let mut worker = Some(first);
        let mut ends: Vec<Instant> = Vec::new();
        while !*self.stopping.borrow() {
            let why = match worker.take() {
                Some(running) => self.run(running),
                None => match build(&self.plan, self.index, &self.shutdowns) {
                    Ok(built) => {
                        worker = Some(built);
                        continue;
                    }
                    Err(error) => error,
                },
            };
            if *self.stopping.borrow() {
                return;
            }
            let now = Instant::now();
            ends.retain(|end| now.duration_since(*end) < WINDOW);
            ends.push(now);
            let queue = self.queue();
            if ends.len() > MAX_ENDS {
                let failure = format!("the worker of {queue} ended {MAX_ENDS} times: {why}");
                // The daemon is ending already if nobody hears it.
                let _ = self.report.blocking_send(failure);
                return;
            }
            tracing::error!("the worker of {queue} ended: {why}; building another");
        }
    }

    /// Runs a worker to its end, and says how it ended.
    fn run(&self, mut worker: Worker) -> String {
        // The worker is dropped here whatever happens, and nothing else is shared with it.
        match catch_unwind(AssertUnwindSafe(|| self.tokio.block_on(worker.run()))) {
            Ok(Ok(())) => "it stopped by itself".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(panic) => format!("it panicked: {}", panic_text(&*panic)),
        }
    }

    fn queue(&self) -> &str {
        queue(&self.plan, self.index)
    }
}

fn build(plan: &Plan, index: usize, shutdowns: &Mutex<Vec<Shutdown>>) -> Result<Worker, String> {
    let is_shared = index < plan.task_queues.len();
    let options = WorkerOptions::new(queue(plan, index))
        .deployment_options(options::deployment(&plan.settings, is_shared))
        .client_identity_override(identity())
        .sticky_queue_schedule_to_start_timeout(STICKY_TIMEOUT)
        .graceful_shutdown_period(plan.grace_period)
        .activity_inbound_interceptor(Attempts)
        .register_activities(plan.activities.clone());
    let options = if is_shared {
        let mut options = options
            .register_workflow::<EpochWorkflow>()
            .and_then(WorkerOptionsBuilder::register_workflow::<SliceWorkflow>)
            .and_then(WorkerOptionsBuilder::register_workflow::<ReviewPhaseWorkflow>)
            .map_err(|error| error.to_string())?
            .build();
        if let Some(hand_on) = workflows::traced::interceptor() {
            options.register_workflow_interceptors(vec![hand_on]);
        }
        options::limit(&mut options, &plan.settings);
        options
    } else {
        options
            .tuner(waiting_commands())
            .activity_task_poller_behavior(PollerBehavior::SimpleMaximum(1))
            .max_heartbeat_throttle_interval(COMMAND_BEAT)
            .build()
    };
    let worker = Worker::new(&plan.runtime, plan.client.clone(), options)
        .map_err(|error| error.to_string())?;
    let mut shutdowns = lock(shutdowns);
    shutdowns.retain(|(seat, _)| *seat != index);
    shutdowns.push((index, Box::new(worker.shutdown_handle())));
    Ok(worker)
}

/// All commands that wait for a place on this host, so that a busy host is not taken for one
/// that is away; and as little as can be of what that queue has none of.
fn waiting_commands() -> TunerHolder {
    let least = || FixedSizeSlotSupplier::new(2);
    TunerHolder::builder()
        .activity_task_slot_supplier(FixedSizeSlotSupplier::new(WAITING_COMMANDS))
        .workflow_task_slot_supplier(least())
        .local_activity_task_slot_supplier(least())
        .nexus_task_slot_supplier(least())
        .build()
}

/// The queue of a seat; the last one is this host's own.
fn queue(plan: &Plan, index: usize) -> &str {
    let shared = plan.task_queues.get(index).map(String::as_str);
    shared.unwrap_or_else(|| &plan.activities.host().queue)
}

fn lock(shutdowns: &Mutex<Vec<Shutdown>>) -> std::sync::MutexGuard<'_, Vec<Shutdown>> {
    // The list is whole between its two changes, whoever panicked.
    shutdowns.lock().unwrap_or_else(PoisonError::into_inner)
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}
