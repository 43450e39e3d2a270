//! A durable service in this process that speaks Temporal's frontend protocol over one
//! `SQLite` file: what a Temporal worker, client or tool needs of a server, for one machine.
//! It knows nothing of what the workflows are about.
//!
//! # What it speaks
//!
//! Of `temporal.api.workflowservice.v1.WorkflowService`:
//! - starting (id reuse and conflict policies, request ids, start delay), signals,
//!   signal-with-start, update-with-start, queries, updates, cancellation, termination,
//!   deletion;
//! - workflow tasks: normal and sticky, timed out, failed, heartbeats of local activities,
//!   tasks for queries and updates alone, tasks that go back with an answer;
//! - activities: four time-outs, retries, heartbeats, cancellation, eager start, completion
//!   by token and by id;
//! - timers, children with close policies, external signals and cancels, markers, search
//!   attributes, memo, continue-as-new, execution and run time-outs, retry policies;
//! - histories (pages, backwards, waiting for the next event), descriptions of workflows,
//!   task queues and namespaces, lists and counts (see `visibility`), registering
//!   namespaces, cluster and system information.
//!
//! Of `temporal.api.operatorservice.v1.OperatorService`: search attributes. Of
//! `grpc.health.v1.Health`: `Check`.
//!
//! # What it does not
//!
//! Cron and schedules, reset, batch operations, Nexus, worker versioning, archival, more
//! than one machine, TLS: these answer `UNIMPLEMENTED`, with a sentence. It listens on
//! loopback only, and on Linux lets in only the users that it is told of.
//!
//! # Where it deliberately differs
//!
//! A worker that answers a query alone sees the history as the last completed task left it,
//! where Temporal's server also shows what another task is for (see `engine::played`), and a
//! query that its worker does not answer for long is offered to the others.
//!
//! # How it is divided
//!
//! `server` moves bytes, `rpc` reads and writes messages, `engine` decides, and
//! `store` keeps; `service` holds them together and sees to it that nothing is told to
//! anybody before it is on the disk.

mod engine;
mod rpc;
mod server;
mod service;
mod store;
pub mod tools;
mod visibility;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use temporalio_client::callback_based::CallbackBasedGrpcService;
use temporalio_common::protos::temporal::api::workflowservice::v1::RegisterNamespaceRequest;
use tokio::task::JoinHandle;

use rpc::Rpc;
use server::Access;
use service::{Service, SystemClock};
use store::Store;

/// After so many events a workflow is told to continue as new, as by Temporal's own server.
pub const SUGGEST_CONTINUE_AS_NEW: u32 = 4096;

/// How an engine is started.
pub struct Options {
    /// The database; it is made if it is not there.
    pub database: PathBuf,
    /// What a commit waits for.
    pub synchronous: Synchronous,
    /// Where to listen; loopback, and port 0 takes a free one.
    pub listen: SocketAddr,
    /// Users of this machine who may connect besides the one that this process runs as.
    pub allow_users: BTreeSet<u32>,
    /// Namespaces that must be there.
    pub namespaces: Vec<String>,
    /// How long closed workflows are kept; none is for ever.
    pub retention: Option<Duration>,
    /// After how many events a workflow is told to continue as new; see
    /// [`SUGGEST_CONTINUE_AS_NEW`].
    pub suggest_continue_as_new: u32,
    /// Called when the engine cannot go on: what is in memory is more than what is on the
    /// disk, so the process must end and begin again from there.
    pub on_failure: Arc<dyn Fn(String) + Send + Sync>,
}

/// What a commit waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// Until the disk has it.
    #[default]
    Full,
    /// Until the system has it: nothing is lost with the process, but the last moments may
    /// be with the machine's power.
    Normal,
}

/// Why an engine was not started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be used.
    #[error("{0}")]
    Database(String),
    /// The address cannot be listened on.
    #[error("{0}")]
    Listen(String),
    /// What the database holds cannot be gone on with.
    #[error("{0}")]
    Content(String),
}

/// A running engine.
pub struct Embedded {
    service: Arc<Service>,
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Embedded {
    /// Opens the database, takes the port, and goes on with all open workflows.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let listener =
            server::bind(options.listen).map_err(|error| Error::Listen(error.to_string()))?;
        let address = listener
            .local_addr()
            .map_err(|error| Error::Listen(error.to_string()))?;
        let on_failure = Arc::clone(&options.on_failure);
        let opened = Store::open(
            &options.database,
            store::Options {
                synchronous: match options.synchronous {
                    Synchronous::Full => store::Synchronous::Full,
                    Synchronous::Normal => store::Synchronous::Normal,
                },
                on_failure: Box::new(move |error| on_failure(error.to_string())),
            },
        );
        let (store, loaded) = opened.map_err(|error| Error::Database(error.to_string()))?;
        let on_failure = Arc::clone(&options.on_failure);
        let service = Service::start(
            Arc::new(store),
            loaded,
            Box::new(SystemClock::new()),
            Box::new(engine::Random),
            options.suggest_continue_as_new,
            Box::new(move |what| on_failure(what)),
        )
        .map_err(|refusal| Error::Content(refusal.message))?;
        for name in options.namespaces {
            register(&service, &name).await?;
        }
        let serving = {
            let (service, stopping) = (Arc::clone(&service), Arc::clone(&service));
            let options = server::Options {
                access: Access::Users(options.allow_users),
                ..server::Options::default()
            };
            let handler = Arc::new(Rpc(service));
            async move {
                let stop = async move { stopping.stopping().await };
                if let Err(error) = server::serve(listener, handler, options, stop).await {
                    tracing::error!("the engine's port cannot be served: {error}");
                }
            }
        };
        let tasks = vec![
            tokio::spawn(serving),
            tokio::spawn(Arc::clone(&service).tick()),
            tokio::spawn(Arc::clone(&service).tidy(options.retention)),
        ];
        Ok(Self {
            service,
            address,
            tasks,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same service for a client in this process, without a socket between them.
    pub fn transport(&self) -> CallbackBasedGrpcService {
        server::callback(Arc::new(Rpc(Arc::clone(&self.service))))
    }

    /// Stops: long polls come back, running calls get a moment, and the database is closed.
    pub async fn stop(self) {
        self.service.stop();
        for task in self.tasks {
            // One that panicked has been logged.
            let _ended = task.await;
        }
        let store = Arc::clone(self.service.store());
        let closed = tokio::task::spawn_blocking(move || store.close()).await;
        if let Ok(Err(error)) = closed {
            tracing::error!("the engine's database was not closed well: {error}");
        }
    }
}

/// Makes a namespace unless it is there.
async fn register(service: &Arc<Service>, name: &str) -> Result<(), Error> {
    let registered = service
        .commit(|engine, transaction| {
            if engine.namespaces().get(name).is_ok() {
                return Ok(());
            }
            engine.register_namespace(transaction, name, |id| {
                rpc::described_namespace(id, name, RegisterNamespaceRequest::default())
            })
        })
        .await;
    registered.map_err(|refusal| Error::Content(refusal.message))
}
