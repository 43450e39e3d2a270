//! Signals as they arrive: bytes that should be one JSON object. Whatever they are,
//! the result is a message; what cannot be read becomes a `malformed` event.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::epoch::{
    FindingResolveSignal, FindingSignal, PhaseAdvanceSignal, PlanSlicesSignal, ReviewVoteSignal,
    SessionNoteSignal, SessionRegisterSignal, SliceOrderSignal, SliceProgressSignal,
};
use super::review::{ReviewFinishedSignal, VoteMissedSignal};
use super::slice::{SliceFinishedSignal, StartSlice};
use super::{fingerprint, object};
use crate::protocol::event::RegisterSession;
use crate::protocol::words::{Word, words};
use crate::protocol::{Envelope, Event, Message};

words! {
    /// The signals of an epoch.
    EpochSignal as "signal" {
        /// Move on.
        AdvancePhase = "advance_phase",
        /// A vote.
        SubmitVote = "submit_vote",
        /// Progress of a leaf task.
        SliceProgress = "slice_progress",
        /// A session announces itself.
        RegisterSession = "register_session",
        /// A session lives.
        SessionHeartbeat = "session_heartbeat",
        /// A session ends.
        EndSession = "end_session",
        /// A finding.
        RecordFinding = "record_finding",
        /// A finding is dealt with.
        ResolveFinding = "resolve_finding",
        /// Declare a slice.
        StartSlice = "start_slice",
        /// Declare a plan.
        PlanSlices = "plan_slices",
        /// Stop a slice.
        CancelSlice = "cancel_slice",
        /// A slice need not succeed.
        WaiveSlice = "waive_slice",
        /// Run a slice again.
        RetrySlice = "retry_slice",
        /// A slice's end.
        SliceFinished = "slice_finished",
        /// A review's end.
        ReviewFinished = "review_finished",
        /// A reviewer that was asked did not vote.
        VoteMissed = "vote_missed",
    }
}

/// A signal's content with what identifies the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enveloped<T> {
    /// The content.
    #[serde(flatten)]
    pub content: T,
    /// The sender's id for the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Who sends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// What identifies a message whose content could not be read, as far as it has it: one
/// part that is no text does not hide the other.
#[derive(Default, Deserialize)]
struct Sender {
    #[serde(default, deserialize_with = "text_or_none")]
    request_id: Option<String>,
    #[serde(default, deserialize_with = "text_or_none")]
    actor: Option<String>,
}

/// The same where both must be right, if they are there.
#[derive(Deserialize)]
#[expect(dead_code, reason = "reading it is the check")]
struct StrictSender {
    #[serde(default)]
    request_id: Option<String>,
    #[serde(default)]
    actor: Option<String>,
}

impl Sender {
    /// Reads what an object has. A list has neither, although serde would take its first
    /// two texts for them.
    fn of(json: &[u8]) -> Self {
        if json.trim_ascii_start().starts_with(b"{") {
            serde_json::from_slice(json).unwrap_or_default()
        } else {
            Self::default()
        }
    }
}

fn text_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

/// A signal's content, read; or why it could not be read.
pub struct Received<T> {
    /// What identifies the message.
    pub envelope: Envelope,
    /// The content, or what is wrong with it.
    pub content: Result<T, String>,
}

impl<T> Received<T> {
    /// A signal whose payload could not even be taken as JSON.
    pub fn unreadable(signal: &str, bytes: &[u8], why: String) -> Self {
        let fingerprint = fingerprint::of_bytes(signal, bytes);
        let envelope = Envelope {
            request_id: None,
            fingerprint,
            actor: None,
        };
        Self {
            envelope,
            content: Err(why),
        }
    }
}

impl<T> Received<T> {
    /// The envelope and the event: the content's, or that of a message that could not
    /// be read.
    pub fn into_event<E>(
        self,
        event: impl FnOnce(T) -> E,
        malformed: impl FnOnce(String) -> E,
    ) -> (Envelope, E) {
        let Self { envelope, content } = self;
        (envelope, content.map_or_else(malformed, event))
    }
}

/// Reads a signal's payload: the content by itself, so that what is wrong with it can be
/// named, and the sender's part by itself, so that neither hides the other.
pub fn receive<T: DeserializeOwned + Serialize>(signal: &str, json: &[u8]) -> Received<T> {
    let content = object::read::<T>(json).and_then(|content| {
        object::read::<StrictSender>(json)?;
        Ok(content)
    });
    let Sender { request_id, actor } = Sender::of(json);
    let fingerprint = match &content {
        Ok(content) => fingerprint::of_signal(signal, content),
        Err(_) => fingerprint::of_bytes(signal, json),
    };
    Received {
        envelope: Envelope {
            request_id,
            fingerprint,
            actor,
        },
        content,
    }
}

impl EpochSignal {
    /// The message that a payload of this signal is.
    pub fn decode(self, json: &[u8]) -> Message {
        let name = self.word();
        match self {
            Self::AdvancePhase => {
                read::<PhaseAdvanceSignal>(name, json, |s| Event::AdvancePhase(s.into()))
            }
            Self::SubmitVote => {
                read::<ReviewVoteSignal>(name, json, |s| Event::SubmitVote(s.into()))
            }
            Self::SliceProgress => {
                read::<SliceProgressSignal>(name, json, |s| Event::ReportProgress(s.into()))
            }
            Self::RegisterSession => read::<SessionRegisterSignal>(name, json, |s| {
                Event::RegisterSession(RegisterSession(s.into()))
            }),
            Self::SessionHeartbeat => {
                read::<SessionNoteSignal>(name, json, |n| Event::HeartbeatSession(n.into()))
            }
            Self::EndSession => {
                read::<SessionNoteSignal>(name, json, |n| Event::EndSession(n.into()))
            }
            Self::RecordFinding => {
                read::<FindingSignal>(name, json, |s| Event::RecordFinding(s.into()))
            }
            Self::ResolveFinding => {
                read::<FindingResolveSignal>(name, json, |s| Event::ResolveFinding(s.into()))
            }
            Self::StartSlice => read::<StartSlice>(name, json, |s| Event::StartSlice(s.into())),
            Self::PlanSlices => {
                read::<PlanSlicesSignal>(name, json, |s| Event::PlanSlices(s.into()))
            }
            Self::CancelSlice => {
                read::<SliceOrderSignal>(name, json, |o| Event::CancelSlice(o.into()))
            }
            Self::WaiveSlice => {
                read::<SliceOrderSignal>(name, json, |o| Event::WaiveSlice(o.into()))
            }
            Self::RetrySlice => {
                read::<SliceOrderSignal>(name, json, |o| Event::RetrySlice(o.into()))
            }
            Self::SliceFinished => {
                read::<SliceFinishedSignal>(name, json, |s| Event::FinishSlice(s.into()))
            }
            Self::ReviewFinished => {
                read::<ReviewFinishedSignal>(name, json, |f| f.into_event(name))
            }
            Self::VoteMissed => read::<VoteMissedSignal>(name, json, |m| Event::MissVote(m.into())),
        }
    }

    /// The message of a signal whose payload is not one piece of JSON.
    pub fn unreadable(self, bytes: &[u8], why: String) -> Message {
        let name = self.word();
        into_message(
            name,
            Received::<Event>::unreadable(name, bytes, why),
            |event| event,
        )
    }
}

fn read<T: DeserializeOwned + Serialize>(
    signal: &str,
    json: &[u8],
    event: impl FnOnce(T) -> Event,
) -> Message {
    into_message(signal, receive::<T>(signal, json), event)
}

fn into_message<T>(signal: &str, received: Received<T>, event: impl FnOnce(T) -> Event) -> Message {
    let malformed = |why| Event::Malformed {
        message: signal.to_owned(),
        why,
    };
    let (envelope, event) = received.into_event(event, malformed);
    Message { envelope, event }
}
