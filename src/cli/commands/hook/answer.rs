//! What an agent is told: JSON on standard output, and if it is blocked a failure with a
//! reason, which all three agents show to the model. All three read the same fields.

use serde_json::json;

use super::agent::{Agent, Event};
use crate::cli::commands::Answer;
use crate::cli::failure::{Failure, Kind};
use crate::cli::output::Report;

/// An answer to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// Go on.
    GoOn {
        /// What the agent should know.
        context: Option<String>,
        /// What the user should see.
        warning: Option<String>,
    },
    /// Don't.
    Block {
        /// What is wrong with going on.
        what: String,
        /// Why that is known, or not.
        why: String,
        /// What to do.
        instead: String,
    },
}

impl Reply {
    /// Go on; there is nothing to say.
    pub(super) const NOTHING: Self = Self::GoOn {
        context: None,
        warning: None,
    };

    /// Go on, and let the user see this.
    pub(super) fn warn(warning: impl Into<String>) -> Self {
        Self::GoOn {
            context: None,
            warning: Some(warning.into()),
        }
    }

    /// Standard output. An empty one is no JSON for some agents, so it is never empty.
    pub(super) fn stdout(&self, agent: Agent, event: Event) -> String {
        let mut answer = json!({});
        if let Self::GoOn { context, warning } = self {
            if let (Some(context), Some(name)) = (context, agent.event_name(event)) {
                answer["hookSpecificOutput"] =
                    json!({ "hookEventName": name, "additionalContext": context });
            }
            if let Some(warning) = warning {
                answer["systemMessage"] = json!(warning);
            }
        }
        answer.to_string()
    }

    /// The command's answer: exit code 0 goes on, 2 blocks.
    pub(super) fn answer(self, agent: Agent, event: Event) -> Answer {
        let out = self.stdout(agent, event);
        let report = Report {
            text: out.clone(),
            json: out,
            notices: Vec::new(),
        };
        match self {
            Self::GoOn { .. } => Ok(report),
            Self::Block { what, why, instead } => {
                let impact = format!("{event} is blocked");
                let failure = Failure::new(Kind::Blocked, "blocked", what, why, impact, instead);
                Err(Failure {
                    report: Some(Box::new(report)),
                    ..failure
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_json_and_say_what_they_have_to() {
        let (agent, event) = (Agent::Gemini, Event::UserPromptSubmit);
        assert_eq!(Reply::NOTHING.stdout(agent, event), "{}");
        let told = Reply::GoOn {
            context: Some("p4".into()),
            warning: Some("hm".into()),
        };
        assert_eq!(
            told.stdout(agent, event),
            "{\"hookSpecificOutput\":{\"hookEventName\":\"BeforeAgent\",\"additionalContext\":\"p4\"},\
             \"systemMessage\":\"hm\"}"
        );
        assert!(told.answer(agent, event).is_ok());
        let no = Reply::Block {
            what: "no".into(),
            why: "since".into(),
            instead: "else".into(),
        };
        let failure = no.answer(agent, Event::Stop).expect_err("it blocks");
        assert_eq!(failure.kind.exit_code(), 2);
        assert_eq!(failure.report.expect("JSON is wanted").text, "{}");
    }
}
