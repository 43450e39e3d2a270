//! SDK workers, each on a thread and a connection of its own, so that one can vanish as if
//! its process had been killed: what it held is answered by nobody, and its polls are cut.

use std::thread::{self, JoinHandle};
use std::time::Duration;

use temporalio_client::{Client, ClientOptions, Connection, ConnectionOptions, Url};
use temporalio_sdk::runtime::{PollerBehavior, Runtime, RuntimeOptions};
use temporalio_sdk::{Worker, WorkerOptions};
use tokio::sync::oneshot;

use crate::script::Script;
use crate::script::activities::Activities;

pub const NAMESPACE: &str = "default";

/// What scenarios may want of a worker of their own.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// How long a task waits for this worker before any other may have it.
    pub sticky: Duration,
    /// Workflows kept in memory; with none, every task brings the whole history.
    pub cached: usize,
    /// How many polls for tasks of each kind.
    pub polls: usize,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            sticky: Duration::from_secs(10),
            cached: 200,
            polls: 3,
        }
    }
}

enum Ending {
    Shutdown,
    Vanish,
}

/// A running worker. Dropped, it vanishes.
pub struct Hired {
    end: Option<oneshot::Sender<Ending>>,
    thread: Option<JoinHandle<()>>,
}

/// Starts a worker for this task queue, which can play scripts.
pub fn hire(address: &str, queue: &str, manner: Manner) -> Hired {
    let (end, ended) = oneshot::channel();
    let (address, queue) = (address.to_owned(), queue.to_owned());
    let thread = thread::Builder::new()
        .name(format!("worker {queue}"))
        .spawn(move || work(&address, &queue, manner, ended))
        .expect("a thread can be started");
    Hired {
        end: Some(end),
        thread: Some(thread),
    }
}

impl Hired {
    /// Stops it as a deployment would: it finishes what it does and takes leave.
    pub async fn shut_down(self) {
        self.stop(Ending::Shutdown).await;
    }

    /// Takes it away as a crash would.
    pub async fn vanish(self) {
        self.stop(Ending::Vanish).await;
    }

    async fn stop(mut self, ending: Ending) {
        if let (Some(end), Some(thread)) = (self.end.take(), self.thread.take()) {
            let _ = end.send(ending);
            let ended = tokio::task::spawn_blocking(move || thread.join()).await;
            ended
                .expect("waiting for a thread does not fail")
                .expect("a worker does not panic");
        }
    }
}

/// A connection of the caller's own.
pub async fn connect(address: &str, identity: &str) -> Connection {
    let url: Url = format!("http://{address}")
        .parse()
        .expect("an address makes a URL");
    let options = ConnectionOptions::new(url)
        .identity(identity.to_owned())
        .build();
    Connection::connect(options)
        .await
        .expect("the target can be connected to")
}

fn work(address: &str, queue: &str, manner: Manner, ended: oneshot::Receiver<Ending>) {
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    tokio.block_on(async {
        let connection = connect(address, "worker").await;
        let options = ClientOptions::new(NAMESPACE).build();
        let client = Client::new(connection, options).expect("a client needs a connection only");
        let options = RuntimeOptions::builder()
            .heartbeat_interval(None)
            .build()
            .expect("the options are good");
        let runtime = Runtime::from_current_tokio(options).expect("there is a runtime");
        let options = options_for(queue, manner);
        let mut worker =
            Worker::new(&runtime, client, options).expect("a worker of this kind can be made");
        let shut_down = worker.shutdown_handle();
        let running = worker.run();
        tokio::pin!(running);
        tokio::select! {
            ran = &mut running => ran.expect("a worker runs until it is stopped"),
            ending = ended => if let Ok(Ending::Shutdown) = ending {
                shut_down();
                running.await.expect("a worker stops when told to");
            },
        }
    });
    // What the worker still does is cut off where it is.
    tokio.shutdown_background();
}

fn options_for(queue: &str, manner: Manner) -> WorkerOptions {
    const THROTTLE: Duration = Duration::from_millis(100);

    WorkerOptions::new(queue.to_owned())
        .client_identity_override("worker".to_owned())
        .max_cached_workflows(manner.cached)
        .workflow_task_poller_behavior(PollerBehavior::SimpleMaximum(manner.polls))
        .activity_task_poller_behavior(PollerBehavior::SimpleMaximum(manner.polls))
        .sticky_queue_schedule_to_start_timeout(manner.sticky)
        .max_heartbeat_throttle_interval(THROTTLE)
        .default_heartbeat_throttle_interval(THROTTLE)
        .graceful_shutdown_period(Duration::from_secs(1))
        .register_activities(Activities)
        .register_workflow::<Script>()
        .expect("one workflow of this name")
        .build()
}
