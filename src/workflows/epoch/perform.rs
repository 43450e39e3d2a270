//! The one interpreter of effects. It performs them one by one, in order, while the
//! handlers go on applying messages; none of it can hold a message up for longer than
//! one short audit write. What happens meanwhile besides messages, the end of a child or a
//! request to cancel, is applied at once, too: what a run is told, and when, must not
//! depend on how far it has come.

use std::future::{Future, poll_fn, ready};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use temporalio_sdk::{
    ContinueAsNewOptions, TimerOptions, WorkflowContext, WorkflowResult, WorkflowTermination,
};

use super::super::activity::{ProbeSearchAttributes, RecordAuditEvents};
use super::super::traced::Under;
use super::super::{attributes, options, payload, time};
use super::EpochWorkflow;
use super::children;
use super::measure;
use super::pump::Row;
use super::queue::Step;
use super::shell::Shell;
use super::watch::{Report, Watch, Watched};
use crate::contract::attributes::Shown;
use crate::contract::audit::AuditEvent;
use crate::contract::epoch::EpochResult;
use crate::failpoint;
use crate::protocol::effect::{Effect, Ending};
use crate::protocol::event::{ReviewLost, SliceLost, SliceReport};
use crate::protocol::state::EpochStatus;
use crate::protocol::{Event, Timestamp};
use crate::telemetry::metrics::{self, Stopwatch};

/// What effects are performed with.
pub(super) type Context = WorkflowContext<EpochWorkflow>;

/// How long to leave an audit trail alone that gave up, which none of ours does.
const AUDIT_RETRY: Duration = Duration::from_secs(10);

/// The last thing that a run asks for is a timer, as short as one can be on any server, so that
/// it ends with an event, in the same place for every replay. A worker that is told of the last
/// write a task later than a replay would otherwise end it later, after messages that the replay
/// then hears when it has ended.
const BARRIER: Duration = Duration::from_millis(1);

/// What to do now.
enum Todo {
    Wait,
    Publish(Vec<Shown>),
    /// Write these inside the task; they came at this moment.
    Inline(Vec<Row>, Timestamp),
    /// Write these by an ordinary activity.
    Deferred(Vec<AuditEvent>),
    Perform(Effect),
    Finish(Ending),
}

/// Performs effects until the epoch ends or goes on as a new run.
pub(super) async fn until_ended(ctx: &Context) -> WorkflowResult<EpochResult> {
    let mut events = Events {
        ctx,
        watch: Watch::default(),
        cancelled: Some(Box::pin(ctx.cancelled())),
    };
    say(ctx, "a run of the epoch began");
    if let Some(asked) = children::ask_for_children(ctx) {
        events.watch.add(asked);
    }
    // A command that no history has: what `aurad replay` is there to find.
    if failpoint::is_changed("epoch.commands") {
        let _ = ctx.timer(TimerOptions::builder(AUDIT_RETRY).build()).await;
    }
    loop {
        if events.next().await == Turn::NewRun {
            events.during(ctx.timer(options::timer(BARRIER))).await;
            if is_open(ctx) {
                return continue_as_new(ctx);
            }
        }
        let (todo, since, under) = with(ctx, |shell| {
            (shell.todo(), shell.queue.since, shell.queue.under.take())
        });
        let mut measured = None;
        let performing: Pin<Box<dyn Future<Output = Option<Watched<'_>>> + '_>> = match todo {
            Todo::Wait => continue,
            Todo::Finish(ending) => return finish(ctx, ending),
            Todo::Publish(shown) => {
                measured = Some(measure::PUBLISH);
                Box::pin(publish(ctx, shown))
            }
            Todo::Inline(rows, at) => Box::pin(write(ctx, rows, at, since)),
            Todo::Deferred(rows) => Box::pin(ready(Some(defer(ctx, rows)))),
            Todo::Perform(effect) => {
                measured = Some(measure::kind(&effect));
                Box::pin(children::perform(ctx, effect))
            }
        };
        let performing = match under {
            Some(origin) => Box::pin(ctx.with_context_value::<Under, _>(origin, performing)),
            None => performing,
        };
        if let Some(watched) = events.during(performing).await {
            events.watch.add(watched);
        }
        with(ctx, Shell::tell);
        if let Some(effect) = measured {
            done(ctx, effect, since);
        }
        // A replay performs again what an earlier process performed.
        if !ctx.is_replaying() {
            failpoint::hit("effect");
        }
    }
}

/// Why a wait is over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Work,
    NewRun,
}

/// What happens to a run besides messages.
struct Events<'a> {
    ctx: &'a Context,
    watch: Watch<'a>,
    /// The request to cancel; none once it has come.
    cancelled: Option<Pin<Box<dyn Future<Output = Option<String>> + 'a>>>,
}

impl Events<'_> {
    /// Waits for work, or for the time for a new run, which messages alone can bring
    /// although they leave no work.
    async fn next(&mut self) -> Turn {
        let ctx = self.ctx;
        let mut work = pin!(ctx.wait_condition_with_options(
            |workflow| workflow.shell.as_ref().is_ok_and(Shell::has_work),
            options::wait(),
        ));
        self.during(poll_fn(|cx| {
            if is_time_for_new_run(ctx) {
                return Poll::Ready(Turn::NewRun);
            }
            // The wait is on a token of its own, so it ends only when there is work.
            work.as_mut().poll(cx).map(|_| Turn::Work)
        }))
        .await
    }

    /// Awaits something, and applies meanwhile what happens.
    async fn during<T>(&mut self, something: impl Future<Output = T>) -> T {
        let mut something = pin!(something);
        poll_fn(|cx| {
            note_suggestion(self.ctx);
            while let Poll::Ready(report) = self.watch.poll(cx) {
                self.take(report);
            }
            if let Some(cancelled) = &mut self.cancelled
                && let Poll::Ready(reason) = cancelled.as_mut().poll(cx)
            {
                self.cancelled = None;
                self.cancel(reason.unwrap_or_default());
            }
            if look(self.ctx, Shell::is_cancel_settled) {
                happen(self.ctx, Event::SettleCancel);
            }
            something.as_mut().poll(cx)
        })
        .await
    }

    fn cancel(&mut self, reason: String) {
        happen(self.ctx, Event::RequestCancel { reason });
        self.after(options::CANCEL_PATIENCE, Report::Patience);
    }

    /// Reports this after so long.
    fn after(&mut self, time: Duration, report: Report) {
        let timer = self.ctx.timer(options::timer(time));
        self.watch.add(Box::pin(async move {
            timer.await;
            report
        }));
    }

    fn take(&mut self, report: Report) {
        let ctx = self.ctx;
        let at = now(ctx);
        match report {
            Report::AuditDeferred(true) => with(ctx, |shell| shell.pump.deferred_written(at)),
            Report::AuditDeferred(false) => self.after(AUDIT_RETRY, Report::AuditRetry),
            Report::AuditRetry => with(ctx, |shell| shell.pump.deferred_failed(at)),
            Report::SliceEnded {
                slice_id,
                attempt,
                result,
            } => {
                let slice_id = slice_id.to_string();
                let event = match result {
                    Ok(result) => Event::FinishSlice(SliceReport {
                        slice_id,
                        attempt,
                        outcome: result.into(),
                    }),
                    Err(why) => Event::LoseSlice(SliceLost {
                        slice_id,
                        attempt,
                        why,
                    }),
                };
                happen(ctx, event);
            }
            Report::ReviewEnded {
                phase,
                round,
                how: why,
            } => happen(ctx, Event::LoseReview(ReviewLost { phase, round, why })),
            Report::Children(found) => children::lose_closed_children(ctx, &found),
            Report::Patience => happen(ctx, Event::SettleCancel),
        }
        with(ctx, Shell::tell);
    }
}

impl Shell {
    /// What came before a new run was suggested is still done: a replay may have done it
    /// already, since it may be told earlier that a write is done. What has come since is left
    /// to the new run.
    fn is_new_run_due(&self) -> bool {
        self.suggested.is_some_and(|at| {
            !self.pump.has_work() && !self.queue.has_work_from_before(at, self.pump.is_empty())
        })
    }

    fn has_work(&self) -> bool {
        self.pump.has_work() || self.queue.has_work(self.pump.is_empty())
    }

    /// What waits longest; and before it, what the trail has room for again.
    fn todo(&mut self) -> Todo {
        loop {
            if let Some(events) = self.pump.batch() {
                return Todo::Deferred(events);
            }
            match self.queue.next(self.pump.is_empty()) {
                Step::Nothing => return Todo::Wait,
                Step::Publish(shown) => return Todo::Publish(shown),
                Step::Write(rows, at) if self.pump.is_inline(&rows, at) => {
                    self.made.begin(&rows);
                    return Todo::Inline(rows, at);
                }
                Step::Write(rows, _) => self.pump.push(rows),
                Step::Perform(effect) => return Todo::Perform(effect),
                Step::Finish(ending) => return Todo::Finish(ending),
            }
        }
    }
}

async fn publish(ctx: &Context, wanted: Vec<Shown>) -> Option<Watched<'_>> {
    let known = match with(ctx, |shell| shell.attributes) {
        Some(known) => known,
        // Whoever started the epoch with attributes has shown that they can be written.
        None if ctx.search_attributes().contains_key(&attributes::EPOCH_ID) => true,
        None => ctx
            .execute_local_activity(ProbeSearchAttributes, (), options::inline())
            .await
            .unwrap_or(false),
    };
    with(ctx, |shell| shell.attributes = Some(known));
    if !known {
        return None;
    }
    let wanted = attributes::updates(wanted);
    let shown = ctx.search_attributes();
    let mut after = shown.clone();
    for update in wanted.iter().cloned() {
        after.apply(update);
    }
    if after.to_proto() != shown.to_proto() {
        ctx.upsert_search_attributes(wanted);
    }
    None
}

/// Writes rows inside the task; if that fails, they are tried until it succeeds.
async fn write(
    ctx: &Context,
    rows: Vec<Row>,
    at: Timestamp,
    since: Option<Stopwatch>,
) -> Option<Watched<'_>> {
    let events: Vec<AuditEvent> = rows.iter().map(|row| row.event.clone()).collect();
    let written = ctx
        .execute_local_activity(RecordAuditEvents, events, options::inline())
        .await;
    if written.is_ok() {
        done(ctx, measure::AUDIT, since);
    }
    with(ctx, |shell| {
        if written.is_err() {
            shell.pump.defer(rows, at);
        }
        shell.made.end();
    });
    None
}

/// Has an ordinary activity write events until it succeeds.
fn defer(ctx: &Context, events: Vec<AuditEvent>) -> Watched<'_> {
    let since = (!ctx.is_replaying()).then(Stopwatch::start);
    let writing = ctx.execute_activity(RecordAuditEvents, events, options::deferred());
    Box::pin(async move {
        let is_written = writing.await.is_ok();
        if is_written {
            done(ctx, measure::AUDIT_DEFERRED, since);
        }
        Report::AuditDeferred(is_written)
    })
}

/// Measures an effect that is done, if all of it happened here.
fn done(ctx: &Context, effect: &str, since: Option<Stopwatch>) {
    if let Some(since) = since.filter(|_| !ctx.is_replaying()) {
        metrics::effect_done(effect, since);
    }
}

/// Notes when a new run was first suggested.
fn note_suggestion(ctx: &Context) {
    if ctx.continue_as_new_suggested() && look(ctx, |shell| shell.suggested.is_none()) {
        let at = now(ctx);
        with(ctx, |shell| shell.suggested = Some(at));
    }
}

/// A new run is begun between effects, when nothing is in flight that would report to
/// this one; not while cancelling, which is short and ends the run anyway.
fn is_time_for_new_run(ctx: &Context) -> bool {
    is_open(ctx) && look(ctx, Shell::is_new_run_due)
}

fn is_open(ctx: &Context) -> bool {
    look(ctx, |shell| {
        matches!(
            shell.state().status,
            EpochStatus::Running | EpochStatus::Complete
        )
    })
}

fn continue_as_new(ctx: &Context) -> WorkflowResult<EpochResult> {
    say(ctx, "the epoch goes on in a new run");
    let input = payload::of(&with(ctx, |shell| {
        shell.has_ended = true;
        shell.carry()
    }));
    let options = ContinueAsNewOptions::builder()
        .task_timeout(options::TASK_TIMEOUT)
        .build();
    match ctx.continue_as_new(input, options)? {}
}

fn finish(ctx: &Context, ending: Ending) -> WorkflowResult<EpochResult> {
    let result = with(ctx, |shell| {
        shell.has_ended = true;
        EpochResult::from(shell.state())
    });
    say(ctx, "the epoch is closed");
    match ending {
        Ending::Completed => Ok(result),
        Ending::Cancelled => Err(WorkflowTermination::cancelled_with_details(result)),
    }
}

/// Logs something of the run itself, unless this is a replay.
fn say(ctx: &Context, what: &str) {
    let is_live = !ctx.is_replaying();
    look(ctx, |shell| shell.say(is_live, what));
}

/// Applies an event of the workflow's own.
pub(super) fn happen(ctx: &Context, event: Event) {
    let at = now(ctx);
    let is_live = !ctx.is_replaying();
    with(ctx, |shell| {
        shell.is_live = is_live;
        shell.happen(at, event);
    });
}

fn now(ctx: &Context) -> Timestamp {
    time::timestamp(ctx.workflow_time())
}

/// Looks at the shell. Whatever takes it to change it has the run looked at again, so what
/// is looked at in every turn must not.
fn look<R>(ctx: &Context, f: impl FnOnce(&Shell) -> R) -> R {
    ctx.state(|workflow| match &workflow.shell {
        Ok(shell) => f(shell),
        Err(_) => unreachable!("effects are performed for a usable input only"),
    })
}

/// The shell; `until_ended` runs only where there is one.
pub(super) fn with<R>(ctx: &Context, f: impl FnOnce(&mut Shell) -> R) -> R {
    ctx.state_mut(|workflow| match &mut workflow.shell {
        Ok(shell) => f(shell),
        Err(_) => unreachable!("effects are performed for a usable input only"),
    })
}
