//! `kill -9` at random moments under load, with one check at the end: what was
//! acknowledged is there, and nothing is there twice. `AURA_TEST_KILLS_EMBEDDED` says how
//! often, and `AURA_TEST_SEED` when.

pub mod epochs;
pub mod evidence;
pub mod plain;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::host::{Host, check_log};
use crate::rpc::Rpc;
use crate::support::daemon::READY_MARKER;
use crate::support::random::{Random, from_environment};
use epochs::Epoch;
use plain::Plain;

/// A share of a run that is meant to be long, for every day.
const KILLS: u64 = 60;
/// A kill comes within this time after the start of a process, every fourth time, or else
/// after it is ready.
const SPREAD_MS: u64 = 300;
const STARTING: u64 = 4;
const READY_LIMIT: Duration = Duration::from_secs(30);
/// Epochs and plain workflows that are driven at the same time.
const DRIVERS: usize = 4;
/// Epochs that nobody touches while there are kills.
const IDLE: usize = 3;
/// From the last kill to the end of all that was under way.
const SETTLE_LIMIT: Duration = Duration::from_mins(2);

#[test]
fn killed_at_random_moments_under_load_it_loses_nothing_and_does_nothing_twice() {
    let mut random = Random::seeded();
    let kills = from_environment("AURA_TEST_KILLS_EMBEDDED").unwrap_or(KILLS);
    let host = Host::new();
    let runtime = Runtime::new().expect("a runtime can be built");
    let mut daemon = host.start_ready();
    let rpc = runtime.block_on(Rpc::connect(&host.address()));

    let mut idle = runtime.block_on(begin_some(&host));
    let enough = Arc::new(AtomicBool::new(false));
    let load = runtime.spawn(drive_many(
        host.address(),
        host.sandbox.task_queue().to_owned(),
        rpc.clone(),
        Arc::clone(&enough),
    ));
    for kill in 0..kills {
        if random.below(STARTING) != 0 {
            let ready = daemon.has_line(READY_MARKER, READY_LIMIT);
            assert!(ready, "it is ready after {kill} kills");
        }
        // Not for anything to happen: this is the random moment.
        thread::sleep(Duration::from_millis(random.below(SPREAD_MS)));
        assert!(!load.is_finished(), "a driver failed after {kill} kills");
        check_log(&daemon);
        let status = daemon.kill();
        assert_eq!(
            std::os::unix::process::ExitStatusExt::signal(&status),
            Some(Signal::KILL.as_raw()),
            "it lived until it was killed: {:#?}",
            daemon.logs()
        );
        daemon = host.start();
    }
    daemon.wait_ready();
    enough.store(true, Ordering::SeqCst);
    let driven = runtime.block_on(async { tokio::time::timeout(SETTLE_LIMIT, load).await });
    let Driven { mut epochs, plain } = driven
        .expect("all that was under way comes to its end")
        .expect("no driver fails");
    runtime.block_on(async {
        for epoch in &mut idle {
            epoch.finish().await;
        }
        epochs.append(&mut idle);
        for epoch in &epochs {
            epoch.check(&rpc).await;
        }
        for plain in &plain {
            plain.check().await;
        }
        for (kind, expected) in [("EpochWorkflow", epochs.len()), (plain::KIND, plain.len())] {
            let query = format!("WorkflowType = '{kind}'");
            assert_eq!(rpc.count(&query).await.unwrap(), expected, "runs of {kind}");
        }
        let open = rpc.count("ExecutionStatus = 'Running'").await;
        assert_eq!(open.unwrap(), 0, "nothing is left open");
    });
    tell(kills, &epochs, &plain);
    check_log(&daemon);
    epochs::compare_trail(&host.sandbox, &host.address(), &host.trail(), &epochs);
    daemon.terminate();
    assert!(daemon.wait_exit(Duration::from_secs(30)).success());
    assert_eq!(host.integrity(), "ok");
    epochs::check_trail(&host.trail(), &epochs);
}

struct Driven {
    epochs: Vec<Epoch>,
    plain: Vec<Plain>,
}

async fn begin_some(host: &Host) -> Vec<Epoch> {
    let mut begun = Vec::new();
    for number in 0..IDLE {
        let id = format!("idle-{number}");
        let mut epoch = Epoch::start(&host.address(), host.sandbox.task_queue(), &id).await;
        epoch.begin().await;
        begun.push(epoch);
    }
    begun
}

/// Drives one after the other, several at a time, until it is enough.
async fn drive_many(address: String, queue: String, rpc: Rpc, enough: Arc<AtomicBool>) -> Driven {
    let (mut drivers, mut hands) = (JoinSet::new(), JoinSet::new());
    for driver in 0..DRIVERS {
        let (address, queue) = (address.clone(), queue.clone());
        let over = Arc::clone(&enough);
        drivers.spawn(async move {
            let mut driven = Vec::new();
            while !over.load(Ordering::SeqCst) {
                let id = format!("epoch-{driver}-{}", driven.len());
                let mut epoch = Epoch::start(&address, &queue, &id).await;
                epoch.begin().await;
                epoch.finish().await;
                driven.push(epoch);
            }
            driven
        });
        let (rpc, over) = (rpc.clone(), Arc::clone(&enough));
        hands.spawn(async move {
            let mut driven = Vec::new();
            while !over.load(Ordering::SeqCst) {
                let id = format!("plain-{driver}-{}", driven.len());
                driven.push(Plain::drive(&rpc, &id).await);
            }
            driven
        });
    }
    let (mut epochs, mut plain) = (Vec::new(), Vec::new());
    loop {
        // Whichever ends first: a failure is to be known at once.
        tokio::select! {
            Some(driven) = drivers.join_next() => epochs.extend(driven.expect("no driver fails")),
            Some(driven) = hands.join_next() => plain.extend(driven.expect("no driver fails")),
            else => return Driven { epochs, plain },
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "whoever runs it for long wants to know how much it was"
)]
fn tell(kills: u64, epochs: &[Epoch], plain: &[Plain]) {
    let acknowledged: usize = plain.iter().map(|plain| plain.acknowledged).sum();
    eprintln!(
        "{kills} kills: {} epochs, {} plain workflows with {acknowledged} acknowledged tasks and \
         activities",
        epochs.len(),
        plain.len(),
    );
}
