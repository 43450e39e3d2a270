//! How the steps of a script are done, and what each leaves in the log.

use std::time::Duration;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use temporalio_common::ActivityCloseTimeouts;
use temporalio_common::search_attributes::{SearchAttributeKey, SearchAttributes};
use temporalio_common::{MemoValue, MemoValues, RetryPolicy};
use temporalio_sdk::workflows::{join_all, select};
use temporalio_sdk::{
    ActivityCancellationType, ActivityExecutionError, ActivityOptions, ApplicationFailure,
    ContinueAsNewOptions, LocalActivityOptions, SignalWorkflowOptions, TimerOptions, TimerResult,
    WaitConditionOptions, WorkflowCancellationToken, WorkflowContext, WorkflowTermination,
};

use super::activities::Activities;
use super::steps::{Act, Key, Manner, Next, Step};
use super::{Play, Script, children, write};
use crate::desk;
use crate::refusal::chain;

pub const WORD: SearchAttributeKey<String> = SearchAttributeKey::keyword("EngineWord");
const UNREGISTERED: SearchAttributeKey<String> = SearchAttributeKey::keyword("EngineUnheardOf");

type Context = WorkflowContext<Script>;
type Done = Result<(), WorkflowTermination>;

/// Does a step; what it waits for can be cancelled by the token.
pub fn step(
    ctx: Context,
    step: Step,
    token: WorkflowCancellationToken,
) -> LocalBoxFuture<'static, Done> {
    async move {
        match step {
            Step::Run(act) => run(&ctx, act, token).await,
            Step::Sleep(millis) => sleep(&ctx, millis, token).await,
            Step::Hear(word) => return hear(&ctx, &word, token).await,
            Step::Until(word, inner) => return until(ctx, &word, *inner, &token).await,
            Step::Together(steps) => {
                let all = steps
                    .into_iter()
                    .map(|one| self::step(ctx.clone(), one, token.clone()));
                return join_all(all).await.into_iter().collect();
            }
            Step::Shielded(inner) => {
                return self::step(ctx, *inner, WorkflowCancellationToken::new()).await;
            }
            Step::AwaitCancel => {
                let why = ctx.cancelled().await;
                write(
                    &ctx,
                    format!("asked to cancel: {}", why.unwrap_or_default()),
                );
            }
            Step::GiveUp => return Err(WorkflowTermination::cancelled()),
            Step::Fail(message, kind) => return Err(failure(message, kind, false)),
            Step::FailForGood(message, kind) => return Err(failure(message, kind, true)),
            Step::FailBefore(attempt) => {
                let now = ctx.info().attempt();
                if now < attempt {
                    return Err(failure(format!("attempt {now}"), "Early".to_owned(), false));
                }
            }
            Step::Renew(next) => return renew(&ctx, next).await,
            Step::Child(kid) => children::child(&ctx, kid, token).await,
            Step::Tell(id, word) => tell(&ctx, id, word).await,
            Step::Cancel(id) => cancel(&ctx, id).await,
            Step::Attribute(key, value) => match key {
                Key::Word => ctx.upsert_search_attributes([WORD.value_set(value)]),
                Key::Unregistered => ctx.upsert_search_attributes([UNREGISTERED.value_set(value)]),
            },
            Step::NoAttribute(_) => ctx.upsert_search_attributes([WORD.value_unset()]),
            Step::Memo(key, value) => ctx
                .upsert_memo([(key, value.map(MemoValue::new))])
                .expect("a text can be a memo"),
            Step::Patch(name) => {
                let patched = ctx.patched(&name);
                write(&ctx, format!("patched {name}: {patched}"));
            }
            Step::PanicOnce(place) => {
                if !desk::is_open(&place) {
                    desk::open(&place);
                    panic!("on purpose, once");
                }
            }
            Step::Waver(place) => {
                if desk::is_open(&place) {
                    run(&ctx, super::act("echo", "wavered"), token).await;
                } else {
                    sleep(&ctx, 60_000, token).await;
                }
            }
        }
        Ok(())
    }
    .boxed_local()
}

async fn run(ctx: &Context, act: Act, token: WorkflowCancellationToken) {
    let name = act.name.clone();
    let outcome = if act.local {
        let options = local_options(&act, token);
        match name.as_str() {
            "flaky" => {
                ctx.execute_local_activity(Activities::flaky, act.input, options)
                    .await
            }
            "gate" => {
                ctx.execute_local_activity(Activities::gate, act.input, options)
                    .await
            }
            _ => {
                ctx.execute_local_activity(Activities::echo, act.input, options)
                    .await
            }
        }
    } else {
        let options = options(&act, token);
        match name.as_str() {
            "flaky" => {
                ctx.execute_activity(Activities::flaky, act.input, options)
                    .await
            }
            "hopeless" => {
                ctx.execute_activity(Activities::hopeless, act.input, options)
                    .await
            }
            "gate" => {
                ctx.execute_activity(Activities::gate, act.input, options)
                    .await
            }
            "silent" => {
                ctx.execute_activity(Activities::silent, act.input, options)
                    .await
            }
            "progress" => {
                ctx.execute_activity(Activities::progress, act.input, options)
                    .await
            }
            "later" => {
                ctx.execute_activity(Activities::later, act.input, options)
                    .await
            }
            _ => {
                ctx.execute_activity(Activities::echo, act.input, options)
                    .await
            }
        }
    };
    write(ctx, format!("{name}: {}", activity_outcome(&outcome)));
}

fn activity_outcome(outcome: &Result<String, ActivityExecutionError>) -> String {
    match outcome {
        Ok(value) => value.clone(),
        Err(error) => {
            let state = match error {
                ActivityExecutionError::Failed(failed) => format!("{:?}", failed.retry_state()),
                _ => "cancelled".to_owned(),
            };
            format!("{} ({state})", chain(error))
        }
    }
}

fn options(act: &Act, token: WorkflowCancellationToken) -> ActivityOptions {
    let millis = |value: Option<u64>| value.map(Duration::from_millis);
    let close = match (millis(act.schedule_to_close), millis(act.start_to_close)) {
        (Some(schedule_to_close), Some(start_to_close)) => {
            ActivityCloseTimeouts::ScheduleAndStartToClose {
                schedule_to_close,
                start_to_close,
            }
        }
        (Some(schedule), None) => ActivityCloseTimeouts::ScheduleToClose(schedule),
        (None, start) => ActivityCloseTimeouts::StartToClose(start.unwrap_or_default()),
    };
    ActivityOptions::with_close_timeouts(close)
        .maybe_activity_id(act.id.clone())
        .maybe_task_queue(act.queue.clone())
        .maybe_schedule_to_start_timeout(millis(act.schedule_to_start))
        .maybe_heartbeat_timeout(millis(act.heartbeat))
        .maybe_retry_policy(retry(act))
        .cancellation_type(cancellation(act.cancel))
        .cancellation_token(token)
        .do_not_eagerly_execute(act.never_eager)
        .build()
}

fn local_options(act: &Act, token: WorkflowCancellationToken) -> LocalActivityOptions {
    LocalActivityOptions::builder()
        .maybe_activity_id(act.id.clone())
        .start_to_close_timeout(Duration::from_millis(act.start_to_close.unwrap_or(30_000)))
        .maybe_timer_backoff_threshold(act.timers_above.map(Duration::from_millis))
        .maybe_retry_policy(retry(act))
        .cancel_type(cancellation(act.cancel))
        .cancellation_token(token)
        .build()
}

fn retry(act: &Act) -> Option<RetryPolicy> {
    if act.attempts.is_none() && act.backoff.is_none() && act.hopeless.is_empty() {
        return None;
    }
    let policy = RetryPolicy::builder()
        .initial_interval(Duration::from_millis(act.backoff.unwrap_or(1000)))
        .backoff_coefficient(1.0)
        .maximum_attempts(act.attempts.unwrap_or_default())
        .non_retryable_error_types(act.hopeless.clone())
        .build();
    Some(policy)
}

fn cancellation(manner: Manner) -> ActivityCancellationType {
    match manner {
        Manner::Try => ActivityCancellationType::TryCancel,
        Manner::Wait => ActivityCancellationType::WaitCancellationCompleted,
        Manner::Abandon => ActivityCancellationType::Abandon,
    }
}

async fn sleep(ctx: &Context, millis: u64, token: WorkflowCancellationToken) {
    let options = TimerOptions::builder(Duration::from_millis(millis))
        .cancellation_token(token)
        .build();
    let slept = match ctx.timer(options).await {
        TimerResult::Fired => "slept",
        TimerResult::Cancelled => "woken",
    };
    write(ctx, slept.to_owned());
}

pub(super) async fn hear(ctx: &Context, word: &str, token: WorkflowCancellationToken) -> Done {
    let options = WaitConditionOptions::builder()
        .cancellation_token(token)
        .build();
    ctx.wait_condition_with_options(|state| state.inbox.iter().any(|told| told == word), options)
        .await?;
    ctx.state_mut(|state| {
        let at = state.inbox.iter().position(|told| told == word);
        at.map(|at| state.inbox.remove(at))
    });
    Ok(())
}

async fn until(ctx: Context, word: &str, inner: Step, token: &WorkflowCancellationToken) -> Done {
    let scope = token.child_token();
    let mut doing = step(ctx.clone(), inner, scope.clone()).fuse();
    let mut hearing = hear(&ctx, word, token.clone()).boxed_local().fuse();
    select! {
        done = doing => done,
        heard = hearing => {
            heard?;
            scope.cancel_with_reason(format!("told {word}"));
            doing.await
        }
    }
}

fn failure(message: String, kind: String, for_good: bool) -> WorkflowTermination {
    ApplicationFailure::builder(std::io::Error::other(message))
        .type_name(kind)
        .non_retryable(for_good)
        .build()
        .into()
}

async fn renew(ctx: &Context, next: Next) -> Done {
    if next.drain {
        let handlers = ctx.clone();
        ctx.wait_condition(move |_| handlers.all_handlers_finished())
            .await?;
    }
    let memo = next.memo.map(|(key, value)| {
        let mut memo = MemoValues::default();
        memo.insert(key, MemoValue::new(value));
        memo
    });
    let word = next
        .word
        .map(|word| SearchAttributes::new([WORD.value_set(word)]));
    let options = ContinueAsNewOptions::builder()
        .maybe_memo(memo)
        .maybe_search_attributes(word)
        .maybe_run_timeout(next.run_timeout.map(Duration::from_millis))
        .build();
    let log = ctx.state(|state| state.log.clone());
    let play = Play {
        steps: next.steps,
        log,
    };
    match ctx.continue_as_new(play, options) {
        Ok(never) => match never {},
        Err(end) => Err(end),
    }
}

async fn tell(ctx: &Context, id: String, word: String) {
    let other = ctx.external_workflow(id, None);
    let told = other
        .signal(Script::tell, word, SignalWorkflowOptions::default())
        .await;
    let outcome = told.map_or_else(|error| chain(&error), |()| "ok".to_owned());
    write(ctx, format!("telling: {outcome}"));
}

async fn cancel(ctx: &Context, id: String) {
    let other = ctx.external_workflow(id, None);
    let asked = other.cancel(Some("asked by another".to_owned())).await;
    let outcome = asked.map_or_else(|error| chain(&error), |()| "ok".to_owned());
    write(ctx, format!("cancelling: {outcome}"));
}
