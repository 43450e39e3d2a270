//! A workflow that does what its input says, so that each scenario reads in one place: its
//! input is a list of steps, its result the log of what came of them. It also has a
//! signal, queries and updates for scenarios to talk to. How steps are done is in `play`.

use serde::{Deserialize, Serialize};
use temporalio_macros::{workflow, workflow_methods};
use temporalio_sdk::{SyncWorkflowContext, WorkflowContext, WorkflowContextView, WorkflowResult};

pub mod activities;
mod children;
mod play;
mod steps;

pub use play::WORD;
pub use steps::{Act, Key, Kid, KidEnd, Manner, Next, Step, act, kid, local};

/// How it is started by name.
pub const NAME: &str = "script";

/// The error that handlers give.
type Refusal = Box<dyn std::error::Error + Send + Sync>;

/// The state of a script.
#[workflow]
#[derive(Default)]
pub struct Script {
    /// Words that were signalled and that no step has waited for yet.
    inbox: Vec<String>,
    log: Vec<String>,
}

/// What a script begins with: its steps, and the log of the run before.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Play {
    pub steps: Vec<Step>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
}

impl From<Vec<Step>> for Play {
    fn from(steps: Vec<Step>) -> Self {
        Self {
            steps,
            log: Vec::new(),
        }
    }
}

#[workflow_methods]
impl Script {
    #[run(name = "script")]
    pub async fn run(ctx: &mut WorkflowContext<Self>, play: Play) -> WorkflowResult<Vec<String>> {
        // What was signalled before comes after what was carried over.
        ctx.state_mut(|state| state.log.splice(0..0, play.log).for_each(drop));
        let token = ctx.cancellation_token();
        for step in play.steps {
            play::step(ctx.clone(), step, token.clone()).await?;
        }
        Ok(ctx.state(|state| state.log.clone()))
    }

    /// A word for those who wait for one.
    #[signal]
    pub fn tell(&mut self, _ctx: &mut SyncWorkflowContext<Self>, word: String) {
        self.log.push(format!("told {word}"));
        self.inbox.push(word);
    }

    #[query]
    pub fn log(&self, _view: &WorkflowContextView) -> Vec<String> {
        self.log.clone()
    }

    #[query]
    pub fn broken(&self, _view: &WorkflowContextView) -> Result<String, Refusal> {
        Err("this query always fails".into())
    }

    /// Done at once: its place in the log.
    #[update]
    pub fn add(
        &mut self,
        _ctx: &mut SyncWorkflowContext<Self>,
        word: String,
    ) -> Result<usize, Refusal> {
        if word == "poison" {
            return Err("poison is not for adding".into());
        }
        self.log.push(format!("added {word}"));
        Ok(self.log.len())
    }

    #[update_validator(add)]
    #[expect(clippy::ptr_arg, reason = "validators get what updates get")]
    fn validate_add(&self, _view: &WorkflowContextView, word: &String) -> Result<(), Refusal> {
        if word.is_empty() {
            return Err("there must be a word".into());
        }
        Ok(())
    }

    /// Done when a timer has fired, and a word was told.
    #[update]
    pub async fn patient(ctx: &mut WorkflowContext<Self>, word: String) -> Result<String, Refusal> {
        ctx.timer(std::time::Duration::from_secs(1)).await;
        ctx.wait_condition(|state| state.inbox.contains(&word))
            .await?;
        ctx.state_mut(|state| state.log.push(format!("waited for {word}")));
        Ok(word)
    }
}

/// One line in the log.
fn write(ctx: &WorkflowContext<Script>, line: String) {
    ctx.state_mut(|state| state.log.push(line));
}
