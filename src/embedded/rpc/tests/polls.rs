//! Polls that wait: which of them gets a task, with which commit, and where it goes when they
//! go.

use futures::future::BoxFuture;
use futures::poll;
use prost::Message;
use temporalio_common::protos::temporal::api::common::v1::WorkflowType;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse, StartWorkflowExecutionRequest,
};

use super::*;

type Calling = BoxFuture<'static, Result<Vec<u8>, Status>>;

impl Running {
    fn begin(&self, method: &str, request: &impl Message, patience: Duration) -> Calling {
        self.rpc.call(Call {
            service: WORKFLOW_SERVICE.to_owned(),
            method: method.to_owned(),
            body: request.encode_to_vec().into(),
            deadline: Some(Instant::now() + patience),
            origin: Origin::Tcp,
        })
    }

    fn polling(&self, patience: Duration) -> Calling {
        let request = PollWorkflowTaskQueueRequest {
            namespace: "default".to_owned(),
            task_queue: Some(queue()),
            ..Default::default()
        };
        self.begin("PollWorkflowTaskQueue", &request, patience)
    }

    /// A poll that waits by now.
    async fn waiting(&self, patience: Duration) -> Calling {
        let mut polling = self.polling(patience);
        assert!(poll!(&mut polling).is_pending());
        polling
    }

    fn starting(&self, id: &str) -> Calling {
        let request = StartWorkflowExecutionRequest {
            namespace: "default".to_owned(),
            workflow_id: id.to_owned(),
            workflow_type: Some(WorkflowType {
                name: "K".to_owned(),
            }),
            task_queue: Some(queue()),
            request_id: id.to_owned(),
            ..Default::default()
        };
        self.begin("StartWorkflowExecution", &request, LIMIT)
    }

    fn transactions(&self) -> u64 {
        self.rpc.0.look(|_| ()).unwrap().1.0
    }

    fn has_waiting(&self) -> bool {
        format!("{:?}", self.rpc.0.pollers()) != "{}"
    }

    fn stop(&mut self, runtime: &Runtime) {
        runtime.block_on(self.embedded.take().unwrap().stop());
    }
}

fn queue() -> TaskQueue {
    TaskQueue {
        name: "q".to_owned(),
        ..Default::default()
    }
}

/// The workflow of the task, and how many events came with it.
async fn task(polling: Calling) -> (String, usize) {
    let answer = timeout(LIMIT, polling).await.expect("it waits no longer");
    let task = PollWorkflowTaskQueueResponse::decode(&*answer.unwrap()).unwrap();
    (
        task.workflow_execution.unwrap_or_default().workflow_id,
        task.history.unwrap_or_default().events.len(),
    )
}

fn with_engine(course: impl AsyncFnOnce(&Running)) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut running = Running::start(&runtime);
    runtime.block_on(course(&running));
    running.stop(&runtime);
}

#[test]
fn a_task_shares_the_commit_of_what_it_is_for() {
    with_engine(async |engine| {
        let (first, second) = (engine.waiting(LIMIT).await, engine.waiting(LIMIT).await);
        let before = engine.transactions();
        engine.starting("a").await.unwrap();
        assert_eq!(engine.transactions(), before + 1);
        engine.starting("b").await.unwrap();
        assert_eq!(engine.transactions(), before + 2);
        // The one that has waited longest comes first. Its task is begun.
        assert_eq!(task(first).await, ("a".to_owned(), 3));
        assert_eq!(task(second).await, ("b".to_owned(), 3));
        assert_eq!(engine.transactions(), before + 2);
        assert!(!engine.has_waiting());
    });
}

#[test]
fn a_poll_that_has_gone_gets_nothing() {
    with_engine(async |engine| {
        drop(engine.waiting(LIMIT).await);
        assert!(!engine.has_waiting());
        let polling = engine.waiting(LIMIT).await;
        engine.starting("a").await.unwrap();
        assert_eq!(task(polling).await, ("a".to_owned(), 3));
    });
}

#[test]
fn a_poll_whose_time_is_over_waits_no_longer() {
    with_engine(async |engine| {
        // It comes back half a second before its caller gives up.
        let polling = engine.waiting(Duration::from_millis(520)).await;
        assert_eq!(task(polling).await, (String::new(), 0));
        assert!(!engine.has_waiting());
        engine.starting("a").await.unwrap();
        let polling = engine.polling(LIMIT);
        assert_eq!(task(polling).await, ("a".to_owned(), 3));
    });
}

#[test]
fn what_was_taken_out_for_a_poll_that_goes_is_for_the_next() {
    with_engine(async |engine| {
        for round in 0..60 {
            let id = format!("w-{round}");
            let gone = engine.waiting(LIMIT).await;
            let mut starting = engine.starting(&id);
            let has_started = match round % 3 {
                // Before the commit, most likely.
                0 => poll!(&mut starting).is_ready(),
                // About when it is told.
                1 => (&mut starting).await.is_ok(),
                // Before it can have been taken out.
                _ => false,
            };
            let next = engine.waiting(LIMIT).await;
            drop(gone);
            if !has_started {
                starting.await.unwrap();
            }
            assert_eq!(task(next).await.0, id);
        }
        assert!(!engine.has_waiting());
    });
}
