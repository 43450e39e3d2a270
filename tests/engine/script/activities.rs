//! The activities that scripts run. Those that wait do so at the desk, where a scenario
//! can see that they have begun, and let them go on.

use std::io;
use std::time::Duration;

use temporalio_macros::activities;
use temporalio_sdk::ApplicationFailure;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

use crate::desk;

/// How often an activity that can be cancelled says that it lives: cancellation comes
/// with the answer.
const HEARTBEAT: Duration = Duration::from_millis(50);

/// They have no state.
pub struct Activities;

#[activities]
impl Activities {
    /// Gives back what it got.
    #[activity(name = "echo")]
    pub async fn echo(_ctx: ActivityContext, text: String) -> Result<String, ActivityError> {
        Ok(text)
    }

    /// Fails in attempts before the one that is its input.
    #[activity(name = "flaky")]
    pub async fn flaky(ctx: ActivityContext, good: String) -> Result<String, ActivityError> {
        let attempt = ctx.info().attempt;
        match good.parse() {
            Ok(good) if attempt < good => {
                Err(failure(&format!("attempt {attempt}"), "Flaky", false))
            }
            _ => Ok(format!("good in attempt {attempt}")),
        }
    }

    /// Fails with a type that is its input, in a way that no retry can help.
    #[activity(name = "hopeless")]
    pub async fn hopeless(_ctx: ActivityContext, kind: String) -> Result<String, ActivityError> {
        Err(failure("no hope", &kind, true))
    }

    /// Waits until its place at the desk is open, or it is cancelled.
    #[activity(name = "gate")]
    pub async fn gate(ctx: ActivityContext, place: String) -> Result<String, ActivityError> {
        desk::arrive(&place);
        let opened = desk::opened(&place);
        tokio::pin!(opened);
        loop {
            tokio::select! {
                () = &mut opened => return Ok("through the gate".to_owned()),
                () = ctx.cancelled() => return Err(ActivityError::cancelled_with_details("at the gate")),
                () = tokio::time::sleep(HEARTBEAT) => ctx.record_heartbeat(0_u32).await?,
            }
        }
    }

    /// Waits until its place is open, without a sign of life, deaf to cancellation.
    #[activity(name = "silent")]
    pub async fn silent(_ctx: ActivityContext, place: String) -> Result<String, ActivityError> {
        desk::arrive(&place);
        desk::opened(&place).await;
        Ok("spoke at last".to_owned())
    }

    /// Records progress and fails once; then tells what it had recorded.
    #[activity(name = "progress")]
    pub async fn progress(ctx: ActivityContext, mark: String) -> Result<String, ActivityError> {
        let recorded: Option<String> = ctx.heartbeat_details().deserialize()?;
        if let Some(recorded) = recorded {
            return Ok(format!("went on from {recorded}"));
        }
        ctx.record_heartbeat(mark).await?;
        Err(failure("lost its way", "Lost", false))
    }

    /// Leaves its token at the desk, to be completed by whoever has it.
    #[activity(name = "later")]
    pub async fn later(ctx: ActivityContext, place: String) -> Result<String, ActivityError> {
        desk::leave_token(&place, &ctx.info().task_token);
        Err(ActivityError::WillCompleteAsync)
    }
}

fn failure(message: &str, kind: &str, for_good: bool) -> ActivityError {
    ApplicationFailure::builder(io::Error::other(message.to_owned()))
        .type_name(kind.to_owned())
        .non_retryable(for_good)
        .build()
        .into()
}
