//! What a script can be told to do. Times are milliseconds.

use serde::{Deserialize, Serialize};

/// One step; the next begins when it is over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Step {
    /// An activity, and what came of it.
    Run(Act),
    /// A timer.
    Sleep(u64),
    /// Until this word is signalled.
    Hear(String),
    /// Another step, which is cancelled when this word is signalled.
    Until(String, Box<Self>),
    /// Several at once.
    Together(Vec<Self>),
    /// Another step, which goes on when the workflow is cancelled.
    Shielded(Box<Self>),
    /// Until the workflow is asked to cancel.
    AwaitCancel,
    /// The workflow ends as cancelled.
    GiveUp,
    /// The workflow fails, with this message and type.
    Fail(String, String),
    /// As `Fail`, and no retry policy can help.
    FailForGood(String, String),
    /// The workflow fails in attempts before this one.
    FailBefore(u32),
    /// The workflow goes on in another run.
    Renew(Next),
    /// A child workflow, and what came of it.
    Child(Kid),
    /// A word for another workflow.
    Tell(String, String),
    /// Another workflow is asked to cancel.
    Cancel(String),
    /// A search attribute of type keyword.
    Attribute(Key, String),
    /// A search attribute is removed.
    NoAttribute(Key),
    /// A memo field; none removes it.
    Memo(String, Option<String>),
    /// A patch marker.
    Patch(String),
    /// The workflow task panics, unless this place at the desk is open; it opens it.
    PanicOnce(String),
    /// A timer until this place at the desk is open, and an activity from then on: not
    /// deterministic.
    Waver(String),
}

/// Search attributes by what is known of them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Key {
    Word,
    Unregistered,
}

/// How an activity is cancelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manner {
    #[default]
    Try,
    Wait,
    Abandon,
}

/// An activity.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Act {
    pub name: String,
    pub input: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_to_close: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_to_close: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_to_start: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<u64>,
    /// At most so many attempts; none leaves the service's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// Before the second attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff: Option<u64>,
    /// Types of failures that are not tried again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hopeless: Vec<String>,
    pub cancel: Manner,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub local: bool,
    /// Of a local one: longer waits between attempts become timers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timers_above: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub never_eager: bool,
}

/// An activity of this name, with a generous time limit.
pub fn act(name: &str, input: impl Into<String>) -> Act {
    Act {
        name: name.to_owned(),
        input: input.into(),
        start_to_close: Some(30_000),
        ..Act::default()
    }
}

/// The same as a local activity.
pub fn local(name: &str, input: impl Into<String>) -> Act {
    Act {
        local: true,
        ..act(name, input)
    }
}

/// A child workflow.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kid {
    pub id: String,
    /// None is a script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// `terminate`, `abandon` or `cancel`; none is the service's default.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub at_close: String,
    /// `allow`, `failed-only`, `reject` or `terminate`; none is the SDK's default.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reuse: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_timeout: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    pub then: KidEnd,
}

/// What is done with a child that has started.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub enum KidEnd {
    #[default]
    Await,
    /// It is left alone.
    Leave,
    /// When the parent has heard a word, it passes it on, and awaits the child.
    Tell(String),
}

/// A child that plays this script.
pub fn kid(id: impl Into<String>, steps: Vec<Step>) -> Kid {
    Kid {
        id: id.into(),
        steps,
        ..Kid::default()
    }
}

/// The run that follows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Next {
    pub steps: Vec<Step>,
    /// Whether running handlers are waited for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub drain: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_timeout: Option<u64>,
}
