//! Any request of every method. Most of its fields are random; those by which a request
//! finds what it is about are mostly what earlier answers gave, or it would find nothing.

use std::time::Duration;

use prost::Message;
use temporalio_common::protos::temporal::api::command::v1::Command;
use temporalio_common::protos::temporal::api::command::v1::command::Attributes;
use temporalio_common::protos::temporal::api::common::v1::{WorkflowExecution, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::CommandType;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::update::v1::UpdateRef;
use temporalio_common::protos::temporal::api::workflowservice::v1::*;

use super::message::any;
use crate::rpc::NAMESPACE;
use crate::support::random::Random;

/// So many workflow ids are in use; few, so that requests meet.
const IDS: u64 = 12;
/// Of each kind; the oldest are forgotten.
const KEPT: usize = 8;

/// What answers gave that later requests can use.
#[derive(Default)]
pub struct Pool {
    runs: Vec<String>,
    workflow_tasks: Vec<Vec<u8>>,
    activity_tasks: Vec<Vec<u8>>,
    pages: Vec<Vec<u8>>,
}

/// A field that is not just anything.
trait Known: Sized {
    fn known(pool: &Pool, random: &mut Random) -> Self;
}

impl Known for Option<WorkflowExecution> {
    fn known(pool: &Pool, random: &mut Random) -> Self {
        let run_id = match random.below(3) {
            0 => one_of(&pool.runs, random).unwrap_or_default(),
            _ => String::new(),
        };
        Some(WorkflowExecution {
            workflow_id: workflow_id(random),
            run_id,
        })
    }
}

impl Known for Option<WorkflowType> {
    fn known(_: &Pool, _: &mut Random) -> Self {
        Some(WorkflowType {
            name: "Anything".to_owned(),
        })
    }
}

impl Known for Option<TaskQueue> {
    fn known(_: &Pool, random: &mut Random) -> Self {
        Some(TaskQueue {
            name: format!("anything-{}", random.below(2)),
            ..Default::default()
        })
    }
}

impl Known for Option<UpdateRef> {
    fn known(pool: &Pool, random: &mut Random) -> Self {
        Some(UpdateRef {
            workflow_execution: Known::known(pool, random),
            update_id: format!("update-{}", random.below(4)),
        })
    }
}

fn workflow_id(random: &mut Random) -> String {
    format!("anything-{}", random.below(IDS))
}

fn one_of<T: Clone>(all: &[T], random: &mut Random) -> Option<T> {
    let place = random.below(u64::try_from(all.len()).ok().filter(|len| *len > 0)?);
    all.get(usize::try_from(place).ok()?).cloned()
}

fn keep<T>(all: &mut Vec<T>, new: T) {
    if all.len() == KEPT {
        all.remove(0);
    }
    all.push(new);
}

/// A request, encoded, with its method.
pub struct AnyRequest {
    pub method: &'static str,
    pub bytes: Vec<u8>,
    pub words: String,
}

/// Every method with its request, and the fields that are known rather than random.
macro_rules! methods {
    ($($method:literal $type:ident { $($field:ident),* } $($more:expr)?;)*) => {
        /// Every method of the service that the engine has, and some that it has not.
        pub const METHODS: &[&str] = &[$($method),*];

        /// A request of the method at this place.
        #[expect(unused_mut, reason = "of some nothing is known")]
        pub fn any_of(place: usize, pool: &Pool, random: &mut Random) -> AnyRequest {
            let wanted = METHODS[place];
            $(
                if wanted == $method {
                    // Some say nothing but what is known, some nothing that is.
                    let manner = random.below(10);
                    let mut request = match manner {
                        0..4 => $type::default(),
                        _ => any(random),
                    };
                    if manner != 9 {
                        $(request.$field = Known::known(pool, random);)*
                        $(
                            let more: fn(&mut $type, &Pool, &mut Random) = $more;
                            more(&mut request, pool, random);
                        )?
                    }
                    return AnyRequest {
                        method: $method,
                        bytes: request.encode_to_vec(),
                        words: format!("{request:?}"),
                    };
                }
            )*
            unreachable!("every method has its request")
        }
    };
}

/// Those of them that the engine has not.
pub const NOT_HERE: [&str; 5] = [
    "ResetWorkflowExecution",
    "CreateSchedule",
    "StartBatchOperation",
    "PollNexusTaskQueue",
    "UpdateWorkflowExecutionOptions",
];

fn namespace() -> String {
    NAMESPACE.to_owned()
}

fn token(tokens: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut token = one_of(tokens, random).unwrap_or_default();
    if random.below(8) == 0
        && let Some(byte) = token.last_mut()
    {
        *byte ^= 1;
    }
    token
}

/// Commands that are what they say they are, and have a name; all else is random.
fn commands(random: &mut Random) -> Vec<Command> {
    use Attributes::{
        CancelTimerCommandAttributes as CancelTimer,
        RequestCancelActivityTaskCommandAttributes as CancelActivity,
        ScheduleActivityTaskCommandAttributes as Activity,
        StartChildWorkflowExecutionCommandAttributes as Child,
        StartTimerCommandAttributes as Timer,
    };
    let mut commands: Vec<Command> = (0..random.below(4)).map(|_| any(random)).collect();
    for command in &mut commands {
        let name = format!("name-{}", random.below(5));
        match &mut command.attributes {
            Some(Activity(activity)) => {
                activity.activity_id = name;
                activity.activity_type = Some(any(random));
                activity.task_queue = Known::known(&Pool::default(), random);
                activity.start_to_close_timeout = Duration::from_secs(1).try_into().ok();
                if random.below(2) == 0 {
                    activity.retry_policy = None;
                }
            }
            Some(Timer(timer)) => {
                timer.timer_id = name;
                if random.below(2) == 0 {
                    timer.start_to_fire_timeout = Duration::from_millis(1).try_into().ok();
                }
            }
            Some(CancelTimer(timer)) => timer.timer_id = name,
            Some(CancelActivity(cancel)) => {
                cancel.scheduled_event_id = i64::try_from(random.below(20)).unwrap_or_default();
            }
            Some(Child(child)) => {
                child.workflow_id = workflow_id(random);
                child.workflow_type = Known::known(&Pool::default(), random);
                child.task_queue = Known::known(&Pool::default(), random);
                child.cron_schedule.clear();
            }
            _ => {}
        }
        if let Some(attributes) = &command.attributes
            && random.below(20) != 0
        {
            command.command_type = kind(attributes) as i32;
        }
    }
    commands
}

fn kind(attributes: &Attributes) -> CommandType {
    use CommandType as Kind;
    match attributes {
        Attributes::ScheduleActivityTaskCommandAttributes(_) => Kind::ScheduleActivityTask,
        Attributes::StartTimerCommandAttributes(_) => Kind::StartTimer,
        Attributes::CompleteWorkflowExecutionCommandAttributes(_) => {
            Kind::CompleteWorkflowExecution
        }
        Attributes::FailWorkflowExecutionCommandAttributes(_) => Kind::FailWorkflowExecution,
        Attributes::RequestCancelActivityTaskCommandAttributes(_) => {
            Kind::RequestCancelActivityTask
        }
        Attributes::CancelTimerCommandAttributes(_) => Kind::CancelTimer,
        Attributes::CancelWorkflowExecutionCommandAttributes(_) => Kind::CancelWorkflowExecution,
        Attributes::RequestCancelExternalWorkflowExecutionCommandAttributes(_) => {
            Kind::RequestCancelExternalWorkflowExecution
        }
        Attributes::RecordMarkerCommandAttributes(_) => Kind::RecordMarker,
        Attributes::ContinueAsNewWorkflowExecutionCommandAttributes(_) => {
            Kind::ContinueAsNewWorkflowExecution
        }
        Attributes::StartChildWorkflowExecutionCommandAttributes(_) => {
            Kind::StartChildWorkflowExecution
        }
        Attributes::SignalExternalWorkflowExecutionCommandAttributes(_) => {
            Kind::SignalExternalWorkflowExecution
        }
        Attributes::UpsertWorkflowSearchAttributesCommandAttributes(_) => {
            Kind::UpsertWorkflowSearchAttributes
        }
        Attributes::ProtocolMessageCommandAttributes(_) => Kind::ProtocolMessage,
        Attributes::ModifyWorkflowPropertiesCommandAttributes(_) => Kind::ModifyWorkflowProperties,
        Attributes::ScheduleNexusOperationCommandAttributes(_) => Kind::ScheduleNexusOperation,
        Attributes::RequestCancelNexusOperationCommandAttributes(_) => {
            Kind::RequestCancelNexusOperation
        }
    }
}

methods! {
    "StartWorkflowExecution" StartWorkflowExecutionRequest { workflow_type, task_queue }
        |r, _, random| { r.namespace = namespace(); r.workflow_id = workflow_id(random); };
    "SignalWorkflowExecution" SignalWorkflowExecutionRequest { workflow_execution }
        |r, _, _| r.namespace = namespace();
    "SignalWithStartWorkflowExecution" SignalWithStartWorkflowExecutionRequest { workflow_type, task_queue }
        |r, _, random| { r.namespace = namespace(); r.workflow_id = workflow_id(random); };
    "RequestCancelWorkflowExecution" RequestCancelWorkflowExecutionRequest { workflow_execution }
        |r, _, _| r.namespace = namespace();
    "TerminateWorkflowExecution" TerminateWorkflowExecutionRequest { workflow_execution }
        |r, _, _| r.namespace = namespace();
    "DeleteWorkflowExecution" DeleteWorkflowExecutionRequest { workflow_execution }
        |r, _, _| r.namespace = namespace();
    "ExecuteMultiOperation" ExecuteMultiOperationRequest {}
        |r, _, _| r.namespace = namespace();
    "UpdateWorkflowExecution" UpdateWorkflowExecutionRequest { workflow_execution }
        |r, _, _| r.namespace = namespace();
    "PollWorkflowExecutionUpdate" PollWorkflowExecutionUpdateRequest { update_ref }
        |r, _, _| r.namespace = namespace();
    "QueryWorkflow" QueryWorkflowRequest { execution }
        |r, _, _| r.namespace = namespace();
    "RespondQueryTaskCompleted" RespondQueryTaskCompletedRequest {}
        |r, pool, random| { r.namespace = namespace(); r.task_token = token(&pool.workflow_tasks, random); };
    "GetWorkflowExecutionHistory" GetWorkflowExecutionHistoryRequest { execution }
        |r, pool, random| { r.namespace = namespace(); r.next_page_token = page(pool, random); };
    "GetWorkflowExecutionHistoryReverse" GetWorkflowExecutionHistoryReverseRequest { execution }
        |r, pool, random| { r.namespace = namespace(); r.next_page_token = page(pool, random); };
    "DescribeWorkflowExecution" DescribeWorkflowExecutionRequest { execution }
        |r, _, _| r.namespace = namespace();
    "DescribeTaskQueue" DescribeTaskQueueRequest { task_queue }
        |r, _, _| r.namespace = namespace();
    "ListTaskQueuePartitions" ListTaskQueuePartitionsRequest { task_queue }
        |r, _, _| r.namespace = namespace();
    "PollWorkflowTaskQueue" PollWorkflowTaskQueueRequest { task_queue }
        |r, _, _| r.namespace = namespace();
    "PollActivityTaskQueue" PollActivityTaskQueueRequest { task_queue }
        |r, _, _| r.namespace = namespace();
    "RespondWorkflowTaskCompleted" RespondWorkflowTaskCompletedRequest {}
        |r, pool, random| {
            r.namespace = namespace();
            r.task_token = token(&pool.workflow_tasks, random);
            r.commands = commands(random);
        };
    "RespondWorkflowTaskFailed" RespondWorkflowTaskFailedRequest {}
        |r, pool, random| { r.namespace = namespace(); r.task_token = token(&pool.workflow_tasks, random); };
    "ResetStickyTaskQueue" ResetStickyTaskQueueRequest { execution }
        |r, _, _| r.namespace = namespace();
    "ShutdownWorker" ShutdownWorkerRequest {}
        |r, _, _| r.namespace = namespace();
    "RecordWorkerHeartbeat" RecordWorkerHeartbeatRequest {}
        |r, _, _| r.namespace = namespace();
    "RecordActivityTaskHeartbeat" RecordActivityTaskHeartbeatRequest {}
        |r, pool, random| { r.namespace = namespace(); r.task_token = token(&pool.activity_tasks, random); };
    "RecordActivityTaskHeartbeatById" RecordActivityTaskHeartbeatByIdRequest {}
        |r, _, random| { r.namespace = namespace(); r.workflow_id = workflow_id(random); };
    "RespondActivityTaskCompleted" RespondActivityTaskCompletedRequest {}
        |r, pool, random| { r.namespace = namespace(); r.task_token = token(&pool.activity_tasks, random); };
    "RespondActivityTaskCompletedById" RespondActivityTaskCompletedByIdRequest {}
        |r, _, random| { r.namespace = namespace(); r.workflow_id = workflow_id(random); };
    "RespondActivityTaskFailed" RespondActivityTaskFailedRequest {}
        |r, pool, random| { r.namespace = namespace(); r.task_token = token(&pool.activity_tasks, random); };
    "RespondActivityTaskFailedById" RespondActivityTaskFailedByIdRequest {}
        |r, _, random| { r.namespace = namespace(); r.workflow_id = workflow_id(random); };
    "RespondActivityTaskCanceled" RespondActivityTaskCanceledRequest {}
        |r, pool, random| { r.namespace = namespace(); r.task_token = token(&pool.activity_tasks, random); };
    "RespondActivityTaskCanceledById" RespondActivityTaskCanceledByIdRequest {}
        |r, _, random| { r.namespace = namespace(); r.workflow_id = workflow_id(random); };
    "ListWorkflowExecutions" ListWorkflowExecutionsRequest {}
        |r, pool, random| { r.namespace = namespace(); r.next_page_token = page(pool, random); };
    "ScanWorkflowExecutions" ScanWorkflowExecutionsRequest {}
        |r, pool, random| { r.namespace = namespace(); r.next_page_token = page(pool, random); };
    "ListOpenWorkflowExecutions" ListOpenWorkflowExecutionsRequest {}
        |r, pool, random| { r.namespace = namespace(); r.next_page_token = page(pool, random); };
    "ListClosedWorkflowExecutions" ListClosedWorkflowExecutionsRequest {}
        |r, pool, random| { r.namespace = namespace(); r.next_page_token = page(pool, random); };
    "CountWorkflowExecutions" CountWorkflowExecutionsRequest {}
        |r, _, _| r.namespace = namespace();
    "GetSearchAttributes" GetSearchAttributesRequest {};
    "RegisterNamespace" RegisterNamespaceRequest {};
    "DescribeNamespace" DescribeNamespaceRequest {};
    "ListNamespaces" ListNamespacesRequest {};
    "GetClusterInfo" GetClusterInfoRequest {};
    "GetSystemInfo" GetSystemInfoRequest {};
    "ResetWorkflowExecution" ResetWorkflowExecutionRequest { workflow_execution }
        |r, _, _| r.namespace = namespace();
    "CreateSchedule" CreateScheduleRequest {}
        |r, _, _| r.namespace = namespace();
    "StartBatchOperation" StartBatchOperationRequest {}
        |r, _, _| r.namespace = namespace();
    "PollNexusTaskQueue" PollNexusTaskQueueRequest { task_queue }
        |r, _, _| r.namespace = namespace();
    "UpdateWorkflowExecutionOptions" UpdateWorkflowExecutionOptionsRequest { workflow_execution }
        |r, _, _| r.namespace = namespace();
}

fn page(pool: &Pool, random: &mut Random) -> Vec<u8> {
    match random.below(3) {
        0 => token(&pool.pages, random),
        _ => Vec::new(),
    }
}

impl Pool {
    /// Learns from an answer.
    pub fn learn(&mut self, method: &str, answer: &[u8]) {
        match method {
            "StartWorkflowExecution" => {
                if let Ok(started) = StartWorkflowExecutionResponse::decode(answer) {
                    keep(&mut self.runs, started.run_id);
                }
            }
            "PollWorkflowTaskQueue" => {
                if let Ok(task) = PollWorkflowTaskQueueResponse::decode(answer)
                    && !task.task_token.is_empty()
                {
                    keep(&mut self.workflow_tasks, task.task_token);
                }
            }
            "PollActivityTaskQueue" => {
                if let Ok(task) = PollActivityTaskQueueResponse::decode(answer)
                    && !task.task_token.is_empty()
                {
                    keep(&mut self.activity_tasks, task.task_token);
                }
            }
            "RespondWorkflowTaskCompleted" => {
                if let Ok(next) = RespondWorkflowTaskCompletedResponse::decode(answer) {
                    if let Some(task) = next.workflow_task {
                        keep(&mut self.workflow_tasks, task.task_token);
                    }
                    for task in next.activity_tasks {
                        keep(&mut self.activity_tasks, task.task_token);
                    }
                }
            }
            "GetWorkflowExecutionHistory" => {
                if let Ok(page) = GetWorkflowExecutionHistoryResponse::decode(answer) {
                    keep(&mut self.pages, page.next_page_token);
                }
            }
            "ListWorkflowExecutions" => {
                if let Ok(page) = ListWorkflowExecutionsResponse::decode(answer) {
                    keep(&mut self.pages, page.next_page_token);
                }
            }
            _ => {}
        }
    }

    /// Whether there are tasks to be answered.
    pub fn tasks(&self) -> usize {
        self.workflow_tasks.len() + self.activity_tasks.len()
    }
}
