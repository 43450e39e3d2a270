//! Starts: with ids that are taken, with ids that were used, and what a start can carry.

use std::time::Duration;

use temporalio_client::tonic::Status;
use temporalio_common::protos::temporal::api::common::v1::{Memo, SearchAttributes};
use temporalio_common::protos::temporal::api::enums::v1::{
    WorkflowIdConflictPolicy as Conflict, WorkflowIdReusePolicy as Reuse,
};
use temporalio_common::protos::temporal::api::errordetails::v1::WorkflowExecutionAlreadyStartedFailure;
use temporalio_common::protos::temporal::api::workflowservice::v1::StartWorkflowExecutionRequest;

use crate::hand::{Hand, commands, payload, text};
use crate::refusal;
use crate::scenarios;
use crate::scene::Scene;

scenarios!("starting": while_one_runs, while_one_runs_terminating, after_a_completed_one,
    after_a_failed_one, after_a_terminated_one, conflict_fails, conflict_uses_existing,
    conflict_terminates, same_request_twice, same_request_after_the_end,
    same_request_for_another, delayed, delayed_and_signalled, with_memo_and_attributes,
    with_an_unregistered_attribute, with_an_attribute_of_another_type, incomplete,
    contradicting_policies, long_names, with_metadata);

async fn while_one_runs(scene: &Scene) {
    for reuse in [
        Reuse::AllowDuplicate,
        Reuse::AllowDuplicateFailedOnly,
        Reuse::RejectDuplicate,
    ] {
        let name = format!("{reuse:?}");
        let first = scene.start(scene.start_request(&name)).await.unwrap();
        let second = scene.start(again(scene, &name, reuse)).await;
        record(scene, &name, &first, second);
    }
}

#[expect(deprecated, reason = "clients still send it")]
async fn while_one_runs_terminating(scene: &Scene) {
    let first = scene.start(scene.start_request("flow")).await.unwrap();
    let second = scene
        .start(again(scene, "flow", Reuse::TerminateIfRunning))
        .await;
    record(scene, "second", &first, second);
}

async fn after_a_completed_one(scene: &Scene) {
    after(scene, |hand| {
        Box::pin(async move {
            hand.do_next(vec![commands::complete("done")]).await;
        })
    })
    .await;
}

async fn after_a_failed_one(scene: &Scene) {
    after(scene, |hand| {
        Box::pin(async move {
            hand.do_next(vec![commands::fail("failed")]).await;
        })
    })
    .await;
}

async fn after_a_terminated_one(scene: &Scene) {
    for reuse in [
        Reuse::AllowDuplicate,
        Reuse::AllowDuplicateFailedOnly,
        Reuse::RejectDuplicate,
    ] {
        let name = format!("{reuse:?}");
        let first = scene.start(scene.start_request(&name)).await.unwrap();
        scene
            .try_terminate(scene.terminate_request(&name))
            .await
            .unwrap();
        let second = scene.start(again(scene, &name, reuse)).await;
        record(scene, &name, &first, second);
    }
}

async fn conflict_fails(scene: &Scene) {
    conflict(scene, Conflict::Fail).await;
}

async fn conflict_uses_existing(scene: &Scene) {
    conflict(scene, Conflict::UseExisting).await;
}

async fn conflict_terminates(scene: &Scene) {
    conflict(scene, Conflict::TerminateExisting).await;
}

async fn same_request_twice(scene: &Scene) {
    let request = scene.start_request("flow");
    let first = scene.start(request.clone()).await.unwrap();
    let second = scene.start(request).await;
    record(scene, "again", &first, second);
}

async fn same_request_after_the_end(scene: &Scene) {
    let request = scene.start_request("flow");
    let first = scene.start(request.clone()).await.unwrap();
    Hand::new(scene)
        .do_next(vec![commands::complete("done")])
        .await;
    let second = scene.start(request).await;
    record(scene, "again", &first, second);
}

/// A request id belongs to its workflow id.
async fn same_request_for_another(scene: &Scene) {
    let request = scene.start_request("flow");
    let first = scene.start(request.clone()).await.unwrap();
    let other = StartWorkflowExecutionRequest {
        workflow_id: scene.id("other"),
        ..request
    };
    let second = scene.start(other).await;
    record(scene, "other", &first, second);
}

async fn delayed(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.workflow_start_delay = Duration::from_secs(4).try_into().ok();
    scene.start(request).await.unwrap();
    scene.note(
        "events at once",
        scene.history(&scene.id("flow"), "").await.len(),
    );
    Hand::new(scene)
        .do_next(vec![commands::complete("done")])
        .await;
}

/// The signal does not end the delay: the first task waits for it all the same.
async fn delayed_and_signalled(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.workflow_start_delay = Duration::from_secs(5).try_into().ok();
    scene.start(request).await.unwrap();
    scene
        .signal(scene.signal_request("flow", "early"))
        .await
        .unwrap();
    let events = scene.history(&scene.id("flow"), "").await;
    scene.note("after the signal", crate::hand::shape(&events));
    Hand::new(scene)
        .do_next(vec![commands::complete("done")])
        .await;
}

async fn with_memo_and_attributes(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.memo = Some(Memo {
        fields: [("note".to_owned(), payload("kept"))].into(),
    });
    request.search_attributes = attributes("EngineWord");
    request.input = text("input");
    scene.start(request).await.unwrap();
    let info = scene
        .describe("flow")
        .await
        .workflow_execution_info
        .unwrap();
    scene.note(
        "memo",
        format!(
            "{:?}",
            info.memo
                .map(|memo| memo.fields.into_keys().collect::<Vec<_>>())
        ),
    );
    let attributes = info.search_attributes.unwrap_or_default().indexed_fields;
    let word = attributes.get("EngineWord").cloned().unwrap_or_default();
    scene.note("data", String::from_utf8_lossy(&word.data));
    let kind = word.metadata.get("type").cloned().unwrap_or_default();
    scene.note("type", String::from_utf8_lossy(&kind));
}

async fn with_an_unregistered_attribute(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.search_attributes = attributes("EngineUnheardOf");
    scene.refused_in_words("start", &scene.start(request).await.unwrap_err());
}

async fn with_an_attribute_of_another_type(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.search_attributes = attributes("EngineCount");
    scene.refused("start", &scene.start(request).await.unwrap_err());
}

/// Each thing that a start must say.
async fn incomplete(scene: &Scene) {
    let mut attempts: Vec<(&str, StartWorkflowExecutionRequest)> = Vec::new();
    let mut change = |what, change: fn(&mut StartWorkflowExecutionRequest)| {
        let mut request = scene.start_request("flow");
        change(&mut request);
        attempts.push((what, request));
    };
    change("no id", |request| request.workflow_id.clear());
    change("no type", |request| request.workflow_type = None);
    change("no queue", |request| request.task_queue = None);
    change("no namespace", |request| request.namespace.clear());
    change("no request id", |request| request.request_id.clear());
    change("negative timeout", |request| {
        let mut timeout = request.workflow_run_timeout.unwrap_or_default();
        timeout.seconds = -1;
        request.workflow_run_timeout = Some(timeout);
    });
    change("bad retry policy", |request| {
        request.retry_policy = commands::retries(-1);
    });
    change("bad cron", |request| {
        "never".clone_into(&mut request.cron_schedule);
    });
    for (what, request) in attempts {
        scene.outcome(what, &scene.start(request).await);
    }
}

#[expect(deprecated, reason = "clients still send it")]
async fn contradicting_policies(scene: &Scene) {
    let mut request = scene.start_request("flow");
    request.workflow_id_reuse_policy = Reuse::TerminateIfRunning as i32;
    request.workflow_id_conflict_policy = Conflict::Fail as i32;
    scene.outcome("terminate and fail", &scene.start(request).await);
    let mut request = scene.start_request("flow");
    request.workflow_id_reuse_policy = Reuse::RejectDuplicate as i32;
    request.workflow_id_conflict_policy = Conflict::TerminateExisting as i32;
    scene.outcome("reject and terminate", &scene.start(request).await);
}

async fn long_names(scene: &Scene) {
    let long = || "x".repeat(1001);
    let mut request = scene.start_request("flow");
    request.workflow_id = long();
    scene.outcome("id", &scene.start(request).await);
    let mut request = scene.start_request("flow");
    request.workflow_type.as_mut().unwrap().name = long();
    scene.outcome("type", &scene.start(request).await);
    let mut request = scene.start_request("flow");
    request.task_queue.as_mut().unwrap().name = long();
    scene.outcome("queue", &scene.start(request).await);
    let mut request = scene.start_request("flow");
    request.request_id = long();
    scene.outcome("request id", &scene.start(request).await);
}

/// A summary for people.
async fn with_metadata(scene: &Scene) {
    use temporalio_common::protos::temporal::api::sdk::v1::UserMetadata;
    let mut request = scene.start_request("flow");
    request.user_metadata = Some(UserMetadata {
        summary: Some(payload("in short")),
        details: Some(payload("at length")),
    });
    scene.start(request).await.unwrap();
    let config = scene.describe("flow").await.execution_config.unwrap();
    scene.note("described", config.user_metadata.is_some());
    scene.note("queue", config.task_queue.unwrap_or_default().name);
    scene.note(
        "task timeout",
        format!("{:?}", config.default_workflow_task_timeout),
    );
}

type Ending = for<'a> fn(&'a Hand<'a>) -> futures::future::BoxFuture<'a, ()>;

async fn after(scene: &Scene, ending: Ending) {
    let hand = Hand::new(scene);
    for reuse in [
        Reuse::AllowDuplicate,
        Reuse::AllowDuplicateFailedOnly,
        Reuse::RejectDuplicate,
    ] {
        let name = format!("{reuse:?}");
        let first = scene.start(scene.start_request(&name)).await.unwrap();
        ending(&hand).await;
        let second = scene.start(again(scene, &name, reuse)).await;
        let started = second.is_ok();
        record(scene, &name, &first, second);
        if started {
            hand.do_next(vec![commands::complete("done again")]).await;
        }
    }
}

async fn conflict(scene: &Scene, policy: Conflict) {
    let first = scene.start(scene.start_request("flow")).await.unwrap();
    let mut request = scene.start_request("flow");
    request.workflow_id_conflict_policy = policy as i32;
    let second = scene.start(request).await;
    record(scene, "second", &first, second);
}

fn again(scene: &Scene, name: &str, reuse: Reuse) -> StartWorkflowExecutionRequest {
    StartWorkflowExecutionRequest {
        workflow_id_reuse_policy: reuse as i32,
        ..scene.start_request(name)
    }
}

fn record(scene: &Scene, what: &str, first: &str, second: Result<String, Status>) {
    match second {
        Ok(run) => scene.note(
            what,
            if run == first {
                "the same run"
            } else {
                "a new run"
            },
        ),
        Err(status) => {
            scene.refused(what, &status);
            let detail = refusal::detail::<WorkflowExecutionAlreadyStartedFailure>(&status);
            let names_first = detail.is_some_and(|detail| detail.run_id == first);
            scene.note("and names the first run", names_first);
        }
    }
}

fn attributes(name: &str) -> Option<SearchAttributes> {
    Some(SearchAttributes {
        indexed_fields: [(name.to_owned(), payload("value"))].into(),
    })
}
