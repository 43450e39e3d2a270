//! An engine over a disk of maps, with a clock that a test moves and ids that count. It can
//! be killed at any transaction, and goes on from what is on the disk.

use std::sync::Arc;

use temporalio_common::protos::temporal::api::common::v1::{
    Payload, Payloads, WorkflowExecution, WorkflowType,
};
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceResponse, SignalWorkflowExecutionRequest, StartWorkflowExecutionRequest,
};

use super::disk::Disk;
use super::invariants;
use crate::embedded::engine::time::seconds;
use crate::embedded::engine::{Answer, Engine, Ids, Output, Past, Started, Time, Transaction};
use crate::embedded::store::{RunKey, Write, join};

pub(super) const NAMESPACE: &str = "default";
pub(super) const QUEUE: &str = "queue";

/// Where the engine is killed, counted in transactions, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) at: usize,
    pub(super) how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Before the commit; nobody was told.
    Lost,
    /// After the commit; nobody was told.
    Unheard,
    /// Before the commit, and against the rules the caller was told.
    Told,
}

/// The engine was killed under a call; what the caller was told of it, if anything.
#[derive(Clone, Debug)]
pub(super) struct Killed<T>(pub(super) Option<T>);

/// Ids that count, for all engines of one test.
#[derive(Debug)]
struct Counting(u128);

impl Ids for Counting {
    fn next(&mut self) -> String {
        self.0 += 1;
        uuid::Uuid::from_u128(self.0).to_string()
    }
}

pub(super) struct World {
    pub(super) engine: Engine,
    pub(super) disk: Arc<Disk>,
    pub(super) now: Time,
    pub(super) outputs: Vec<Output>,
    pub(super) transactions: usize,
    /// How often the engine was started: names and ids of each start are its own.
    pub(super) starts: u32,
    pub(super) cut: Option<Cut>,
    /// Whether writes wait for [`Self::flush`]: the disk is behind.
    pub(super) lagging: bool,
    /// Whether the invariants are looked at after each transaction.
    pub(super) watched: bool,
    behind: Vec<(u64, Vec<Write>)>,
}

impl World {
    pub(super) fn new() -> Self {
        let disk = Arc::<Disk>::default();
        let mut world = Self {
            engine: engine(&disk, 0),
            disk,
            now: seconds(1_000_000),
            outputs: Vec::new(),
            transactions: 0,
            starts: 0,
            cut: None,
            lagging: false,
            watched: true,
            behind: Vec::new(),
        };
        world
            .apply(|engine, transaction| {
                engine.register_namespace(transaction, NAMESPACE, |_| {
                    DescribeNamespaceResponse::default()
                })
            })
            .unwrap();
        world.transactions = 0;
        world
    }

    /// One transaction. In none of a test that kills the engine may it be used.
    pub(super) fn apply<T>(
        &mut self,
        request: impl FnOnce(&mut Engine, &mut Transaction) -> T,
    ) -> T {
        self.call(request)
            .ok()
            .expect("the engine is not to be killed here")
    }

    /// One transaction, unless it is the one at which the engine is killed.
    pub(super) fn call<T>(
        &mut self,
        request: impl FnOnce(&mut Engine, &mut Transaction) -> T,
    ) -> Result<T, Killed<T>> {
        let at = self.transactions;
        self.transactions += 1;
        let (answer, effects) = self.engine.transact(self.now, request);
        if let Some(cut) = self.cut.take_if(|cut| cut.at == at) {
            if cut.how == How::Unheard {
                self.flush();
                self.disk.apply(effects.writes);
            }
            self.restart();
            return Err(Killed((cut.how == How::Told).then_some(answer)));
        }
        self.behind
            .push((self.engine.transactions(), effects.writes));
        if !self.lagging {
            self.flush();
        }
        self.outputs.extend(effects.outputs);
        if self.watched {
            invariants::of_engine(&self.engine, self.now);
        }
        Ok(answer)
    }

    /// The disk catches up, in one commit.
    pub(super) fn flush(&mut self) {
        let mut behind = self.behind.drain(..);
        if let Some((mut last, mut all)) = behind.next() {
            for (transaction, writes) in behind {
                join(&mut all, writes);
                last = transaction;
            }
            self.disk.apply(all);
            self.engine.committed(last);
        }
    }

    /// Throws the engine away with all that is not on the disk, and starts another.
    pub(super) fn restart(&mut self) {
        self.behind.clear();
        self.outputs.clear();
        self.starts += 1;
        self.engine = engine(&self.disk, self.starts);
        {
            let tables = self.disk.tables();
            let attributes = tables.search_attributes.iter();
            let attributes = attributes
                .map(|((namespace, name), kind)| (namespace.clone(), name.clone(), *kind))
                .collect();
            self.engine.load(tables.namespaces.clone(), attributes);
        }
        let open = self.disk.open();
        let lagging = std::mem::replace(&mut self.lagging, false);
        for stored in open {
            self.apply(|engine, transaction| engine.restore(transaction, stored))
                .unwrap();
        }
        self.lagging = lagging;
        invariants::of_engine(&self.engine, self.now);
    }

    /// Lets time pass, and all that is due by then happen.
    pub(super) fn pass(&mut self, span: Time) {
        self.now += span;
        while self.apply(|engine, transaction| engine.fire(transaction, 256)) {}
    }

    pub(super) fn start(&mut self, request: StartWorkflowExecutionRequest) -> Answer<Started> {
        self.apply(|engine, transaction| engine.start(transaction, request))
    }

    pub(super) fn signal(&mut self, workflow_id: &str, name: &str, request_id: &str) -> Answer<()> {
        let request = signal(workflow_id, name, request_id);
        self.apply(|engine, transaction| engine.signal(transaction, request))
    }

    pub(super) fn history(&self, run: RunKey) -> Vec<HistoryEvent> {
        self.disk.history(run)
    }

    /// The names of a run's events, without what they begin with.
    pub(super) fn names(&self, run: RunKey) -> Vec<String> {
        self.history(run).iter().map(name).collect()
    }

    /// The last event of a run.
    pub(super) fn last(&self, run: RunKey) -> Attributes {
        self.history(run).pop().unwrap().attributes.unwrap()
    }
}

fn engine(disk: &Arc<Disk>, starts: u32) -> Engine {
    let highest = disk.tables().runs.keys().next_back().copied().unwrap_or(0);
    let ids = Counting(u128::from(starts) << 64);
    let past: Arc<dyn Past> = Arc::clone(disk) as _;
    Engine::new(Box::new(ids), past, highest + 1)
}

/// `WorkflowTaskScheduled`, and so on.
pub(super) fn name(event: &HistoryEvent) -> String {
    format!("{:?}", event.event_type())
}

/// A workflow of a type, under an id.
pub(super) fn start(workflow_type: &str, workflow_id: &str) -> StartWorkflowExecutionRequest {
    StartWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_id: workflow_id.to_owned(),
        workflow_type: Some(WorkflowType {
            name: workflow_type.to_owned(),
        }),
        task_queue: Some(TaskQueue {
            name: QUEUE.to_owned(),
            ..Default::default()
        }),
        request_id: format!("start {workflow_id}"),
        ..Default::default()
    }
}

pub(super) fn signal(
    workflow_id: &str,
    name: &str,
    request_id: &str,
) -> SignalWorkflowExecutionRequest {
    SignalWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_execution: Some(execution(workflow_id)),
        signal_name: name.to_owned(),
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

/// Whichever run of a workflow id.
pub(super) fn execution(workflow_id: &str) -> WorkflowExecution {
    WorkflowExecution {
        workflow_id: workflow_id.to_owned(),
        run_id: String::new(),
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is for fields that may have none"
)]
pub(super) fn text(text: &str) -> Option<Payloads> {
    Some(Payloads {
        payloads: vec![Payload {
            data: text.as_bytes().to_vec(),
            ..Default::default()
        }],
    })
}

/// What [`text`] was made of.
pub(super) fn read(payloads: Option<&Payloads>) -> String {
    let first = payloads.and_then(|payloads| payloads.payloads.first());
    String::from_utf8(
        first
            .map(|payload| payload.data.clone())
            .unwrap_or_default(),
    )
    .unwrap()
}
