//! Continue-as-new: what is carried over, and what must not be lost on the way.

use std::time::Duration;

use temporalio_client::{
    WorkflowExecuteUpdateOptions, WorkflowGetResultOptions, WorkflowStartOptions,
};
use temporalio_common::protos::temporal::api::enums::v1::{
    EventType, UpdateWorkflowExecutionLifecycleStage as Stage,
};
use temporalio_common::search_attributes::SearchAttributes;
use temporalio_common::{MemoValue, MemoValues};

use crate::hand::{Hand, commands};
use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Key, Next, Script, Step, WORD, act};

scenarios!("renewal": state_is_carried, thrice, memo_and_attributes_are_kept,
    memo_and_attributes_are_replaced, handlers_are_awaited, signal_meanwhile, signal_after,
    with_a_run_timeout, result_of_the_first_run, update_meanwhile, of_another_type,
    cancel_before);

async fn state_is_carried(scene: &Scene) {
    let next = Next {
        steps: vec![Step::Run(act("echo", "second"))],
        ..Next::default()
    };
    scene
        .play(
            "flow",
            vec![Step::Run(act("echo", "first")), Step::Renew(next)],
        )
        .await;
    last(scene).await;
}

async fn thrice(scene: &Scene) {
    let next = |steps| {
        Step::Renew(Next {
            steps,
            ..Next::default()
        })
    };
    let steps = vec![next(vec![next(vec![next(vec![Step::Run(act(
        "echo", "fourth",
    ))])])])];
    scene.play("flow", steps).await;
    last(scene).await;
}

async fn memo_and_attributes_are_kept(scene: &Scene) {
    let steps = vec![
        Step::Attribute(Key::Word, "upserted".to_owned()),
        Step::Memo("extra".to_owned(), Some("upserted".to_owned())),
        Step::Renew(Next::default()),
    ];
    decorated(scene, steps).await;
}

async fn memo_and_attributes_are_replaced(scene: &Scene) {
    let next = Next {
        memo: Some(("note".to_owned(), "of the second".to_owned())),
        word: Some("second".to_owned()),
        ..Next::default()
    };
    decorated(scene, vec![Step::Renew(next)]).await;
}

/// The run ends when its update is done.
async fn handlers_are_awaited(scene: &Scene) {
    let next = Next {
        drain: true,
        ..Next::default()
    };
    scene
        .play(
            "flow",
            vec![Step::Hear("renew".to_owned()), Step::Renew(next)],
        )
        .await;
    let id = scene.id("flow");
    scene.tasks(&id, 1).await;
    let request = scene.update_request("flow", "u1", "patient", "go", Stage::Accepted);
    scene.update(request).await.unwrap();
    scene.seen(&id, EventType::TimerFired, 1).await;
    scene.tasks(&id, 3).await;
    scene.tell("flow", "renew").await;
    scene.tasks(&id, 4).await;
    scene.tell("flow", "go").await;
    last(scene).await;
    let handle = scene.handle(&id);
    let options = WorkflowExecuteUpdateOptions::builder()
        .update_id("u2".to_owned())
        .build();
    let late = handle
        .execute_update(Script::add, "late".to_owned(), options)
        .await;
    scene.note("late", late.is_err());
}

/// It is in the first run, before the new one is tried again.
async fn signal_meanwhile(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    let task = hand.task().await;
    scene
        .signal(scene.signal_request("flow", "meanwhile"))
        .await
        .unwrap();
    let renew = || vec![commands::renew("hand", &scene.own("hand"))];
    let refused = hand.send(hand.answer(&task, renew())).await;
    scene.refused_in_words("renewal", &refused.unwrap_err());
    hand.do_next(renew()).await;
    hand.do_next(vec![commands::complete("done")]).await;
}

async fn signal_after(scene: &Scene) {
    let hand = Hand::new(scene);
    let first = scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::renew("hand", &scene.own("hand"))])
        .await;
    scene
        .signal(scene.signal_request("flow", "to the second"))
        .await
        .unwrap();
    let mut request = scene.signal_request("flow", "to the first");
    request.workflow_execution.as_mut().unwrap().run_id = first;
    scene.refused_in_words("to the first", &scene.signal(request).await.unwrap_err());
    hand.do_next(vec![commands::complete("done")]).await;
}

async fn with_a_run_timeout(scene: &Scene) {
    let next = Next {
        steps: vec![Step::Hear("never".to_owned())],
        run_timeout: Some(6000),
        ..Next::default()
    };
    scene.play("flow", vec![Step::Renew(next)]).await;
    last(scene).await;
}

/// A caller that asked the first run gets the last one's result, or not.
async fn result_of_the_first_run(scene: &Scene) {
    let options = WorkflowStartOptions::new(scene.staffed(), scene.id("flow")).build();
    let handle = scene
        .play_with(options, vec![Step::Renew(Next::default())])
        .await;
    let followed = handle.get_result(WorkflowGetResultOptions::default()).await;
    scene.note(
        "followed",
        format!("{:?}", followed.map_err(|error| error.to_string())),
    );
    last(scene).await;
}

/// An update that the closing task did not answer: the run it was for is over.
async fn update_meanwhile(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::marker("begun")]).await;
    let request = scene.update_request("flow", "u1", "any", "x", Stage::Completed);
    let answering = async {
        let task = hand.task().await;
        hand.complete(&task, vec![commands::renew("hand", &scene.own("hand"))])
            .await;
        let task = hand.task().await;
        let messages = task.messages.len();
        if messages > 0 {
            hand.send(hand.accepting(&task, Some("by the second"), Vec::new()))
                .await
                .unwrap();
        }
        messages
    };
    let (updated, _) = futures::join!(
        async {
            let updated = scene.update(request).await;
            match updated {
                Ok(answer) => format!("{:?} {:?}", answer.stage(), answer.outcome.is_some()),
                Err(status) => format!("{} {}", crate::refusal::kind(&status), status.message()),
            }
        },
        tokio::time::timeout(Duration::from_secs(5), answering)
    );
    scene.note("update", updated);
}

async fn of_another_type(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    hand.do_next(vec![commands::renew("other-hand", &scene.own("hand"))])
        .await;
    hand.do_next(vec![commands::complete("done")]).await;
}

/// A request to cancel that came before is not carried over.
async fn cancel_before(scene: &Scene) {
    let hand = Hand::new(scene);
    scene.start(scene.start_request("flow")).await.unwrap();
    scene.cancel(scene.cancel_request("flow")).await.unwrap();
    hand.do_next(vec![commands::renew("hand", &scene.own("hand"))])
        .await;
    hand.do_next(vec![commands::complete("done")]).await;
}

async fn decorated(scene: &Scene, steps: Vec<Step>) {
    let mut memo = MemoValues::default();
    memo.insert("note", MemoValue::new("of the first".to_owned()));
    let options = WorkflowStartOptions::new(scene.staffed(), scene.id("flow"))
        .memo(memo)
        .search_attributes(SearchAttributes::new([WORD.value_set("first".to_owned())]))
        .build();
    scene.play_with(options, steps).await;
    last(scene).await;
}

/// The result of the last run.
async fn last(scene: &Scene) {
    scene.result("flow").await;
}
