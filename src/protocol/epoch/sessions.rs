//! Agents' sessions, and the progress they report.

use super::super::effect::{EventType, Fields};
use super::super::event::{Progress, SessionNote};
use super::super::id::check_id;
use super::super::limits::{self, head};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::session::{Registration, Session};
use super::super::words::Word;
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn register_session(&mut self, said: Registration) -> Result<(), Refusal> {
        if said.epoch_id != self.state.epoch_id.as_str() {
            return Err(Refusal::new(
                RefusalCode::EpochMismatch,
                format!(
                    "session '{}' was not registered",
                    head(&said.session_id, 200)
                ),
                format!(
                    "it names epoch '{}', and this is '{}'",
                    head(&said.epoch_id, 200),
                    self.state.epoch_id
                ),
                "nothing changed",
                "register with the epoch that the session works on",
            ));
        }
        check_id("session id", &said.session_id, limits::ID).map_err(|error| {
            Refusal::new(
                RefusalCode::InvalidId,
                format!(
                    "session '{}' was not registered",
                    head(&said.session_id, 200)
                ),
                error.to_string(),
                "nothing changed",
                "use 1 to 1,000 printable bytes",
            )
        })?;
        if self.state.sessions.find(&said.session_id).is_some() {
            self.state.sessions.touch(&said.session_id, self.at);
            self.note =
                Some("this session is registered; the first registration stands".to_owned());
            return Ok(());
        }
        let payload = Fields::default()
            .with("session_id", said.session_id.as_str())
            .with("role", said.role.map(Word::word))
            .with("model_harness", said.model_harness.as_str())
            .with("model", said.model.as_str());
        let (registered_at, last_seen) = (self.at, self.at);
        self.state.sessions.add(Session {
            registration: said,
            registered_at,
            last_seen,
        });
        self.audit(EventType::SessionRegistered, payload);
        Ok(())
    }

    pub(super) fn heartbeat_session(&mut self, note: &SessionNote) -> Result<(), Refusal> {
        if self.state.sessions.touch(&note.session_id, self.at) {
            return Ok(());
        }
        Err(unknown(&note.session_id))
    }

    pub(super) fn end_session(&mut self, note: &SessionNote) -> Result<(), Refusal> {
        if self.state.sessions.end(&note.session_id).is_none() {
            return Err(unknown(&note.session_id));
        }
        let payload = Fields::default()
            .with("session_id", note.session_id.as_str())
            .with("reason", note.reason.as_str());
        self.audit(EventType::SessionEnded, payload);
        Ok(())
    }

    pub(super) fn report_progress(&mut self, progress: Progress) {
        let payload = Fields::default()
            .with("slice_id", progress.slice_id.as_str())
            .with("leaf_task_id", progress.leaf_task_id.as_str())
            .with("stage_name", progress.stage_name.as_str())
            .with("completed", progress.completed);
        self.state.progress.push(progress);
        self.audit(EventType::SliceProgress, payload);
    }
}

fn unknown(session_id: &str) -> Refusal {
    Refusal::new(
        RefusalCode::SessionUnknown,
        format!("session '{}' is not active", head(session_id, 200)),
        "it was never registered, has ended, or made room for newer ones",
        "nothing changed",
        "register the session again",
    )
}
