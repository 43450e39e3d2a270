//! What a worker is told by its server: every call goes through as it is, but for histories,
//! which are edited so that a run is the same for whoever plays it (`settled`, and
//! `crate::history`).

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use prost::Message;
use temporalio_client::callback_based::{
    CallbackBasedGrpcService, GrpcRequest, GrpcSuccessResponse,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryRequest, RespondQueryTaskCompletedRequest,
    RespondWorkflowTaskCompletedResponse,
};
use tonic::Status;

use super::readings::{Reading, Readings};
use crate::failpoint;

/// A service, and what is being read from it.
struct Told {
    service: CallbackBasedGrpcService,
    readings: Mutex<Readings>,
}

/// The same service, for a worker.
pub(super) fn to_worker(service: CallbackBasedGrpcService) -> CallbackBasedGrpcService {
    let told = Arc::new(Told {
        service,
        readings: Mutex::default(),
    });
    CallbackBasedGrpcService {
        callback: Arc::new(move |request| {
            let told = Arc::clone(&told);
            Box::pin(async move { told.call(request).await })
        }),
    }
}

impl Told {
    async fn call(&self, request: GrpcRequest) -> Result<GrpcSuccessResponse, Status> {
        let answer = self.answer_to(&request.rpc, &request.proto);
        let mut response = (self.service.callback)(request).await?;
        let edited = match answer {
            Answer::Other => None,
            Answer::Task => edited(&response.proto, |task| {
                self.readings(|readings| readings.given(task))
            }),
            Answer::NextTask => edited(
                &response.proto,
                |completed: &mut RespondWorkflowTaskCompletedResponse| {
                    if failpoint::is_changed("task.lost") {
                        return completed.workflow_task.take().is_some();
                    }
                    let task = completed.workflow_task.as_mut();
                    task.is_some_and(|task| self.readings(|readings| readings.given(task)))
                },
            ),
            Answer::Page(reading) => edited(&response.proto, |page| {
                self.readings(|readings| readings.read(reading, page))
            }),
        };
        if let Some(edited) = edited {
            response.proto = edited;
        }
        Ok(response)
    }

    /// What a call will be answered with; and what the worker says with it is noted.
    fn answer_to(&self, rpc: &str, proto: &Bytes) -> Answer {
        match rpc {
            "PollWorkflowTaskQueue" => Answer::Task,
            "RespondWorkflowTaskCompleted" => Answer::NextTask,
            "GetWorkflowExecutionHistory" => {
                match GetWorkflowExecutionHistoryRequest::decode(&**proto) {
                    Ok(request) => {
                        Answer::Page(self.readings(|readings| readings.asked_for(&request)))
                    }
                    Err(_) => Answer::Other,
                }
            }
            "RespondQueryTaskCompleted" => {
                if let Ok(request) = RespondQueryTaskCompletedRequest::decode(&**proto) {
                    self.readings(|readings| readings.answered(&request.task_token));
                }
                Answer::Other
            }
            _ => Answer::Other,
        }
    }

    fn readings<T>(&self, f: impl FnOnce(&mut Readings) -> T) -> T {
        // They are whole between any two changes, whoever panicked.
        f(&mut self.readings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a call is answered with.
enum Answer {
    /// A task, or none.
    Task,
    /// That a task's end was heard, and with it the next one if that was asked for.
    NextTask,
    /// The page of a history that comes next in this reading.
    Page(Reading),
    /// Nothing with a history in it.
    Other,
}

/// A message that was changed, anew; none if it was not, or is none.
fn edited<M: Message + Default>(
    bytes: &[u8],
    edit: impl FnOnce(&mut M) -> bool,
) -> Option<Vec<u8>> {
    let mut message = M::decode(bytes).ok()?;
    edit(&mut message).then(|| message.encode_to_vec())
}
