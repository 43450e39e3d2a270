//! Epochs and plain workflows that are driven while something is done to the engine, and what
//! must hold of them in the end, whatever it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, JoinSet};

use super::epochs::{self, Epoch};
use super::plain::{self, Plain};
use crate::host::{Host, check_log};
use crate::rpc::Rpc;
use crate::support::daemon::Daemon;

/// Epochs and plain workflows that are driven at the same time.
const DRIVERS: usize = 4;
/// Epochs that nobody touches meanwhile.
const IDLE: usize = 3;
/// Until all that was under way has come to its end.
const SETTLE_LIMIT: Duration = Duration::from_mins(2);

/// All that is under way on a host.
pub struct Load<'a> {
    host: &'a Host,
    runtime: Runtime,
    rpc: Rpc,
    idle: Vec<Epoch>,
    enough: Arc<AtomicBool>,
    driving: JoinHandle<Driven>,
}

impl<'a> Load<'a> {
    /// Begins on an engine that is ready.
    pub fn begin(host: &'a Host) -> Self {
        let runtime = Runtime::new().expect("a runtime can be built");
        let rpc = runtime.block_on(Rpc::connect(&host.address()));
        let idle = runtime.block_on(begin_some(host));
        let enough = Arc::new(AtomicBool::new(false));
        let driving = runtime.spawn(drive_many(
            host.address(),
            host.sandbox.task_queue().to_owned(),
            rpc.clone(),
            Arc::clone(&enough),
        ));
        Self {
            host,
            runtime,
            rpc,
            idle,
            enough,
            driving,
        }
    }

    /// Whether a driver has failed; none ends by itself.
    pub fn is_over(&self) -> bool {
        self.driving.is_finished()
    }

    /// Lets all come to its end on a daemon that is ready, and checks that everything that
    /// was acknowledged happened, and once. `after` says what was done to it.
    pub fn end(self, mut daemon: Daemon, after: &str) {
        let Self {
            host,
            runtime,
            rpc,
            mut idle,
            enough,
            driving,
        } = self;
        enough.store(true, Ordering::SeqCst);
        let driven = runtime.block_on(async { tokio::time::timeout(SETTLE_LIMIT, driving).await });
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
            rpc.wait_count("ExecutionStatus = 'Running'", 0, SETTLE_LIMIT)
                .await;
        });
        tell(after, &epochs, &plain);
        check_log(&daemon);
        epochs::compare_trail(&host.sandbox, &host.address(), &host.trail(), &epochs);
        daemon.terminate();
        assert!(daemon.wait_exit(Duration::from_secs(30)).success());
        assert_eq!(host.integrity(), "ok");
        epochs::check_trail(&host.trail(), &epochs);
    }
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
fn tell(after: &str, epochs: &[Epoch], plain: &[Plain]) {
    let acknowledged: usize = plain.iter().map(|plain| plain.acknowledged).sum();
    eprintln!(
        "{after}: {} epochs, {} plain workflows with {acknowledged} acknowledged tasks and \
         activities",
        epochs.len(),
        plain.len(),
    );
}
