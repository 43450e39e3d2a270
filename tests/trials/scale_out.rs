//! Three daemons on one task queue of a real server, as on three machines: each has a home
//! of its own, so that they share nothing but the server, and each in turn is killed, is
//! missed for a while, and comes back. `AURA_TEST_EPOCHS` says how many epochs they carry.
//! On the embedded engine there is no such thing: its file has one daemon.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::host::check_log;
use crate::kills::epochs::{self, Epoch};
use crate::rpc::Rpc;
use crate::support::cli::AuraMsg;
use crate::support::daemon::Daemon;
use crate::support::random::from_environment;
use crate::support::sandbox::Sandbox;
use crate::support::server::{ServerOptions, TemporalServer};
use crate::support::wait::eventually;

/// A share of the 300 that it is meant for.
const EPOCHS: u64 = 40;
const DAEMONS: usize = 3;
const SENDERS: usize = 8;
/// An epoch is driven in three legs: its start, the way to the first review, the rest.
const LEGS: usize = 3;
/// So many legs come to their end while a daemon is away, and as many after it is back,
/// before the next one is killed.
const BETWEEN: usize = 4;
/// A task that a dead daemon held is missed for its timeout, and so are its children's.
const PROGRESS_LIMIT: Duration = Duration::from_mins(2);
const SETTLE_LIMIT: Duration = Duration::from_mins(1);
/// Tasks come as fast as there are workers for them: the pace of twenty a second, which the
/// server keeps otherwise, is that of one machine.
const UNTHROTTLED: (&str, &str) = ("history.transferProcessorMaxPollRPS", "1000");

/// What each epoch tells of itself, in order: `epochs.rs` says what is said to it.
const EVENTS: [&str; 28] = [
    "epoch_started",
    "session_registered",
    "session_registered",
    "phase_transition",
    "phase_transition",
    "phase_transition",
    "review_opened",
    "vote_recorded",
    "vote_recorded",
    "vote_recorded",
    "review_closed",
    "phase_transition",
    "phase_transition",
    "phase_transition",
    "constraint_check",
    "phase_transition",
    "phase_transition",
    "constraint_check",
    "phase_transition",
    "review_opened",
    "vote_recorded",
    "vote_recorded",
    "vote_recorded",
    "review_closed",
    "phase_transition",
    "phase_transition",
    "phase_transition",
    "epoch_completed",
];

#[test]
fn three_daemons_carry_epochs_while_each_is_killed_in_turn() {
    let Some(mut scene) = Scene::start(|_| "temporal".to_owned()) else {
        return;
    };
    let count = from_environment("AURA_TEST_EPOCHS").unwrap_or(EPOCHS);
    let epochs = scene.carry(usize::try_from(count).unwrap());
    // With this trail the epochs are what there is to verify.
    for epoch in &epochs {
        scene.check_events(epoch.id());
    }
}

/// Daemons of one machine may have one file, whose chain and rows can be verified.
#[test]
fn three_daemons_keep_one_file_while_each_is_killed_in_turn() {
    let folder = Sandbox::new();
    let trail = folder.path().join("audit.db");
    let Some(mut scene) = Scene::start(|_| format!("sqlite:{}", trail.display())) else {
        return;
    };
    let count = from_environment("AURA_TEST_EPOCHS").unwrap_or(EPOCHS) / 2;
    let epochs = scene.carry(usize::try_from(count.max(1)).unwrap());
    epochs::compare_trail(scene.home(), &scene.address(), &trail, &epochs);
    drop(scene);
    epochs::check_trail(&trail, &epochs);
}

/// A server and the daemons on it, each with its home.
struct Scene {
    daemons: Vec<Daemon>,
    homes: Vec<Sandbox>,
    server: TemporalServer,
}

impl Scene {
    /// Starts them all; none where there can be no server.
    fn start(trail: impl Fn(usize) -> String) -> Option<Self> {
        let server = TemporalServer::start(ServerOptions {
            dynamic_config: vec![UNTHROTTLED],
            ..ServerOptions::default()
        })?;
        let homes: Vec<Sandbox> = (0..DAEMONS).map(|_| Sandbox::new()).collect();
        let queue = homes[0].task_queue();
        let daemons = homes.iter().enumerate().map(|(number, home)| {
            Daemon::start(home, env!("CARGO_BIN_EXE_aurad"), |command| {
                command
                    .args(["--address", &server.address(), "--task-queue", queue])
                    .args(["--audit-trail", &trail(number)])
            })
        });
        let daemons: Vec<Daemon> = daemons.collect();
        for daemon in &daemons {
            daemon.wait_ready();
        }
        Some(Self {
            daemons,
            homes,
            server,
        })
    }

    fn address(&self) -> String {
        self.server.address()
    }

    /// The home whose task queue is everybody's.
    fn home(&self) -> &Sandbox {
        &self.homes[0]
    }

    /// Has so many epochs, at least, driven to their ends while the daemons are killed in
    /// turn, each once at least, and checks each epoch.
    fn carry(&mut self, count: usize) -> Vec<Epoch> {
        let runtime = Runtime::new().expect("a runtime can be built");
        let began = Instant::now();
        let drivers = Arc::new(Drivers {
            address: self.address(),
            queue: self.home().task_queue().to_owned(),
            next: AtomicUsize::new(0),
            legs: AtomicUsize::new(0),
            enough: AtomicBool::new(false),
        });
        let legs = || drivers.legs.load(Ordering::SeqCst);
        let load = runtime.spawn(drive(Arc::clone(&drivers)));
        let go_on = || {
            let wanted = legs() + BETWEEN;
            eventually("the daemons that are there go on", PROGRESS_LIMIT, || {
                (legs() >= wanted || load.is_finished()).then_some(())
            });
        };
        let mut kills = 0;
        while (legs() < LEGS * count || kills < DAEMONS) && !load.is_finished() {
            let daemon = &mut self.daemons[kills % DAEMONS];
            daemon.kill();
            kills += 1;
            go_on();
            daemon.restart();
            daemon.wait_ready();
            go_on();
        }
        drivers.enough.store(true, Ordering::SeqCst);
        let epochs = runtime.block_on(load).expect("no sender fails");
        assert!(epochs.len() >= count, "only {} epochs", epochs.len());
        let carried = began.elapsed();
        let rpc = runtime.block_on(Rpc::connect(&self.address()));
        let (mut changes, mut workers) = (0, BTreeSet::new());
        for epoch in &epochs {
            runtime.block_on(epoch.check(&rpc));
            let history = runtime.block_on(rpc.history(epoch.id(), ""));
            let mine = workers_of(&history.expect("an epoch has a history"));
            changes += usize::from(mine.len() > 1);
            workers.extend(mine);
        }
        assert!(workers.len() >= DAEMONS, "each worked: {workers:?}");
        assert!(changes > 0, "no epoch went from one daemon to another");
        check_lists(&runtime, &rpc, epochs.len());
        for daemon in &self.daemons {
            check_log(daemon);
        }
        tell(&epochs, kills, changes, carried);
        epochs
    }

    /// Checks that an epoch has made each of its events once.
    fn check_events(&self, epoch: &str) {
        let exported = AuraMsg::new(self.home(), env!("CARGO_BIN_EXE_aura-msg"))
            .connected_to(&self.address())
            .run(["audit", "export", "--from-epoch", "--epoch-id", epoch])
            .ok();
        let events: Vec<serde_json::Value> = exported
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line is JSON"))
            .collect();
        let kinds: Vec<&str> = events
            .iter()
            .filter_map(|event| event["event_type"].as_str())
            .collect();
        assert_eq!(kinds, EVENTS, "{epoch}: each event once, in order");
        let ids: BTreeSet<&str> = events
            .iter()
            .filter_map(|event| event["event_id"].as_str())
            .collect();
        assert_eq!(ids.len(), EVENTS.len(), "{epoch}: {ids:?}");
    }
}

/// Checks that the server knows these epochs and no others, and that all are closed.
fn check_lists(runtime: &Runtime, rpc: &Rpc, count: usize) {
    for (query, expected) in [
        ("WorkflowType = 'EpochWorkflow'", count),
        ("ExecutionStatus = 'Running'", 0),
    ] {
        runtime.block_on(rpc.wait_count(query, expected, SETTLE_LIMIT));
    }
}

/// What the senders know of each other.
struct Drivers {
    address: String,
    queue: String,
    /// The number of the next epoch.
    next: AtomicUsize,
    /// Legs that have come to their end.
    legs: AtomicUsize,
    /// No more epochs are begun.
    enough: AtomicBool,
}

/// Drives epochs until it is enough, several at a time, each by one sender.
async fn drive(drivers: Arc<Drivers>) -> Vec<Epoch> {
    let mut senders = JoinSet::new();
    for _ in 0..SENDERS {
        let drivers = Arc::clone(&drivers);
        senders.spawn(async move {
            let Drivers {
                address,
                queue,
                next,
                legs,
                enough,
            } = &*drivers;
            let mut driven = Vec::new();
            while !enough.load(Ordering::SeqCst) {
                let id = format!("epoch-{}", next.fetch_add(1, Ordering::SeqCst));
                let mut epoch = Epoch::start(address, queue, &id).await;
                legs.fetch_add(1, Ordering::SeqCst);
                epoch.begin().await;
                legs.fetch_add(1, Ordering::SeqCst);
                epoch.finish().await;
                legs.fetch_add(1, Ordering::SeqCst);
                driven.push(epoch);
            }
            driven
        });
    }
    let mut epochs = Vec::new();
    while let Some(driven) = senders.join_next().await {
        epochs.extend(driven.expect("no sender fails"));
    }
    epochs
}

/// The processes that completed the tasks of a run.
fn workers_of(history: &[HistoryEvent]) -> BTreeSet<String> {
    let completed = history.iter().filter_map(|event| match &event.attributes {
        Some(Attributes::WorkflowTaskCompletedEventAttributes(done)) => Some(done.identity.clone()),
        _ => None,
    });
    completed.collect()
}

#[expect(
    clippy::print_stderr,
    reason = "whoever runs it for long wants to know how much it was"
)]
fn tell(epochs: &[Epoch], kills: usize, changes: usize, carried: Duration) {
    eprintln!(
        "{} epochs in {:.1} s, {kills} kills: {changes} epochs had more than one process",
        epochs.len(),
        carried.as_secs_f64(),
    );
}
