//! Child workflows: how they end, and what their parent hears of it.

use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::scenarios;
use crate::scene::Scene;
use crate::script::{Kid, KidEnd, Step, act, kid};

scenarios!("children": result, failure, timed_out, terminated, cancelled, cancelled_by_the_parent,
    ignoring_the_parents_cancel, signalled_by_the_parent, retried, with_an_activity,
    exists, exists_closed, exists_failed, rejected, terminating_the_old, unknown_type,
    outliving_the_parent, renewed, own_queue_without_a_worker);

async fn result(scene: &Scene) {
    family(scene, vec![Step::Sleep(1)], Kid::default()).await;
}

async fn failure(scene: &Scene) {
    let fail = Step::Fail("on purpose".to_owned(), "Purpose".to_owned());
    family(scene, vec![fail], Kid::default()).await;
}

async fn timed_out(scene: &Scene) {
    let brief = Kid {
        run_timeout: Some(6000),
        ..Kid::default()
    };
    slow_family(scene, vec![Step::Sleep(600_000)], brief).await;
}

async fn retried(scene: &Scene) {
    let stubborn = Kid {
        attempts: Some(3),
        ..Kid::default()
    };
    slow_family(scene, vec![Step::FailBefore(2)], stubborn).await;
}

async fn with_an_activity(scene: &Scene) {
    family(
        scene,
        vec![Step::Run(act("echo", "from the child"))],
        Kid::default(),
    )
    .await;
}

async fn terminated(scene: &Scene) {
    begin(scene, Kid::default()).await;
    scene.terminate("child", "not wanted").await;
    scene.result("parent").await;
}

async fn cancelled(scene: &Scene) {
    begin(scene, Kid::default()).await;
    scene.ask_to_cancel("child", "not wanted").await;
    scene.result("parent").await;
}

async fn cancelled_by_the_parent(scene: &Scene) {
    begin(scene, Kid::default()).await;
    scene.tell("parent", "stop").await;
    scene.result("parent").await;
}

/// It is asked, and does what it had to do.
async fn ignoring_the_parents_cancel(scene: &Scene) {
    let steps = vec![
        Step::AwaitCancel,
        Step::Shielded(Box::new(Step::Run(act("echo", "cleaned up")))),
    ];
    let child = kid(scene.id("child"), steps);
    let steps = vec![Step::Until("stop".to_owned(), Box::new(Step::Child(child)))];
    scene.play("parent", steps).await;
    scene.tasks(&scene.id("parent"), 2).await;
    scene.tasks(&scene.id("child"), 1).await;
    scene.tell("parent", "stop").await;
    scene.result("parent").await;
}

async fn signalled_by_the_parent(scene: &Scene) {
    let hears = ["word", "end"].map(|word| Step::Hear(word.to_owned()));
    let child = Kid {
        then: KidEnd::Tell("word".to_owned()),
        ..kid(scene.id("child"), hears.to_vec())
    };
    scene.play("parent", vec![Step::Child(child)]).await;
    scene.tasks(&scene.id("parent"), 2).await;
    scene.tasks(&scene.id("child"), 1).await;
    scene.tell("parent", "word").await;
    // The parent knows that its signal has arrived before the child ends.
    scene.tasks(&scene.id("parent"), 4).await;
    scene.tell("child", "end").await;
    scene.result("parent").await;
}

async fn exists(scene: &Scene) {
    again(scene, vec![Step::Hear("never".to_owned())], "").await;
}

async fn exists_closed(scene: &Scene) {
    again(scene, vec![], "").await;
}

async fn exists_failed(scene: &Scene) {
    let fail = Step::Fail("on purpose".to_owned(), "Purpose".to_owned());
    again(scene, vec![fail], "failed-only").await;
}

async fn rejected(scene: &Scene) {
    again(scene, vec![], "reject").await;
}

async fn terminating_the_old(scene: &Scene) {
    again(scene, vec![Step::Hear("never".to_owned())], "terminate").await;
}

/// The service starts what nobody can do; its first task fails.
async fn unknown_type(scene: &Scene) {
    let stranger = Kid {
        kind: Some("unheard-of".to_owned()),
        at_close: "abandon".to_owned(),
        ..kid(scene.id("child"), vec![])
    };
    scene.play("parent", vec![Step::Child(stranger)]).await;
    scene.result("parent").await;
    scene
        .seen(&scene.id("child"), EventType::WorkflowTaskFailed, 1)
        .await;
}

async fn outliving_the_parent(scene: &Scene) {
    let child = Kid {
        at_close: "abandon".to_owned(),
        then: KidEnd::Leave,
        ..kid(scene.id("child"), vec![Step::Hear("word".to_owned())])
    };
    scene.play("parent", vec![Step::Child(child)]).await;
    scene.result("parent").await;
    scene.tasks(&scene.id("child"), 1).await;
    scene.tell("child", "word").await;
    scene.result("child").await;
}

/// The parent hears of the last run only.
async fn renewed(scene: &Scene) {
    let next = crate::script::Next {
        steps: vec![Step::Run(act("echo", "second run"))],
        ..Default::default()
    };
    family(scene, vec![Step::Renew(next)], Kid::default()).await;
}

async fn own_queue_without_a_worker(scene: &Scene) {
    let lonely = Kid {
        queue: Some(scene.own("nobody")),
        run_timeout: Some(1000),
        ..Kid::default()
    };
    slow_family(scene, vec![], lonely).await;
}

/// A parent that awaits one child, to the end. The child goes on once its parent has heard that
/// it was started: the two would otherwise be heard of in one task or in two, by chance.
async fn family(scene: &Scene, steps: Vec<Step>, child: Kid) {
    let mut gated = vec![Step::Hear("go".to_owned())];
    gated.extend(steps);
    let kid = Kid {
        id: scene.id("child"),
        steps: gated,
        ..child
    };
    scene.play("parent", vec![Step::Child(kid)]).await;
    scene.tasks(&scene.id("parent"), 2).await;
    scene.tasks(&scene.id("child"), 1).await;
    scene.tell("child", "go").await;
    scene.result("parent").await;
}

/// The same with a child that takes its time anyhow.
async fn slow_family(scene: &Scene, steps: Vec<Step>, child: Kid) {
    let kid = Kid {
        id: scene.id("child"),
        steps,
        ..child
    };
    scene.play("parent", vec![Step::Child(kid)]).await;
    scene.result("parent").await;
}

/// A parent with a child that waits; the word `stop` cancels it.
async fn begin(scene: &Scene, child: Kid) {
    let child = Kid {
        id: scene.id("child"),
        steps: vec![Step::Hear("never".to_owned())],
        ..child
    };
    let steps = vec![Step::Until("stop".to_owned(), Box::new(Step::Child(child)))];
    scene.play("parent", steps).await;
    scene.tasks(&scene.id("parent"), 2).await;
    scene.tasks(&scene.id("child"), 1).await;
}

/// A child with an id that has been used by a run which did these steps.
async fn again(scene: &Scene, before: Vec<Step>, reuse: &str) {
    let lasting = !matches!(before.as_slice(), [] | [Step::Fail(..)]);
    scene.play("child", before).await;
    if lasting {
        scene.tasks(&scene.id("child"), 1).await;
    } else {
        scene.closed(&scene.id("child")).await;
    }
    let child = Kid {
        reuse: reuse.to_owned(),
        ..kid(scene.id("child"), vec![Step::Run(act("echo", "again"))])
    };
    scene.play("parent", vec![Step::Child(child)]).await;
    scene.result("parent").await;
}
