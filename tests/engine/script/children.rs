//! Child workflows of a script.

use std::time::Duration;

use temporalio_common::data_converters::RawValue;
use temporalio_common::{RetryPolicy, UntypedWorkflow};
use temporalio_sdk::{
    ChildWorkflowExecutionError, ChildWorkflowOptions, ParentClosePolicy, SignalWorkflowOptions,
    WorkflowCancellationToken, WorkflowContext, WorkflowIdReusePolicy,
};

use super::steps::{Kid, KidEnd};
use super::{Play, Script, play, write};
use crate::refusal::chain;

/// Starts a child and does with it what is asked.
pub async fn child(ctx: &WorkflowContext<Script>, kid: Kid, token: WorkflowCancellationToken) {
    let options = options(&kid, token);
    let outcome = if let Some(kind) = kid.kind {
        let start =
            ctx.start_child_workflow(UntypedWorkflow::new(kind), RawValue::default(), options);
        match start.await {
            Ok(_) => "started".to_owned(),
            Err(error) => chain(&error),
        }
    } else {
        let play = Play::from(kid.steps);
        match ctx.start_child_workflow(Script::run, play, options).await {
            Err(error) => chain(&error),
            Ok(started) => {
                if let KidEnd::Tell(word) = &kid.then {
                    // It can't be cancelled here, and so can't fail.
                    let _ = play::hear(ctx, word, WorkflowCancellationToken::new()).await;
                    let options = SignalWorkflowOptions::default();
                    let told = started.signal(Script::tell, word.clone(), options).await;
                    write(ctx, format!("telling the child: {}", told.is_ok()));
                }
                if matches!(kid.then, KidEnd::Leave) {
                    "started".to_owned()
                } else {
                    result(&started.result().await)
                }
            }
        }
    };
    write(ctx, format!("child: {outcome}"));
}

fn result(result: &Result<Vec<String>, ChildWorkflowExecutionError>) -> String {
    match result {
        Ok(log) => format!("[{}]", log.join("; ")),
        Err(error) => chain(error),
    }
}

fn options(kid: &Kid, token: WorkflowCancellationToken) -> ChildWorkflowOptions {
    let at_close = match kid.at_close.as_str() {
        "terminate" => ParentClosePolicy::Terminate,
        "abandon" => ParentClosePolicy::Abandon,
        "cancel" => ParentClosePolicy::RequestCancel,
        _ => ParentClosePolicy::Unspecified,
    };
    let reuse = match kid.reuse.as_str() {
        "allow" => WorkflowIdReusePolicy::AllowDuplicate,
        "failed-only" => WorkflowIdReusePolicy::AllowDuplicateFailedOnly,
        "reject" => WorkflowIdReusePolicy::RejectDuplicate,
        "terminate" => WorkflowIdReusePolicy::TerminateIfRunning,
        _ => WorkflowIdReusePolicy::Unspecified,
    };
    let retry = kid.attempts.map(|attempts| {
        RetryPolicy::builder()
            .initial_interval(Duration::from_secs(1))
            .backoff_coefficient(1.0)
            .maximum_attempts(attempts)
            .build()
    });
    ChildWorkflowOptions::builder()
        .workflow_id(kid.id.clone())
        .parent_close_policy(at_close)
        .id_reuse_policy(reuse)
        .cancellation_token(token)
        .maybe_task_queue(kid.queue.clone())
        .maybe_run_timeout(kid.run_timeout.map(Duration::from_millis))
        .maybe_retry_policy(retry)
        .build()
}
