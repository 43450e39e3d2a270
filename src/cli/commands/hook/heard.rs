//! What an agent says of an event: JSON on standard input, read for the little that is
//! needed. Whatever else is in it, or if it is none, the event is still an event.

use std::io::{self, Read};

use serde_json::Value;

/// The most that is read; a tool's input may be a whole file.
const MOST: u64 = 4 * 1024 * 1024;

/// What was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// The agent's id of its session.
    pub(super) session_id: Option<String>,
    /// The model, where the agent tells.
    pub(super) model: Option<String>,
    /// The tool that is about to be used.
    pub(super) tool: Option<String>,
    /// The command that it is to run.
    pub(super) command: Option<String>,
    /// Whether the agent goes on only because a hook has kept it from stopping before.
    pub(super) was_stopped_before: bool,
}

impl Heard {
    /// Reads standard input to its end. Blocks for as long as the agent keeps it open.
    pub(super) fn read() -> Result<Self, String> {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .take(MOST)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        Self::of(&bytes)
    }

    /// What these bytes say.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let text = |name: &str| value[name].as_str().map(str::to_owned);
        Ok(Self {
            session_id: text("session_id").filter(|id| !id.is_empty()),
            model: text("model").filter(|model| !model.is_empty()),
            tool: text("tool_name"),
            command: command(&value["tool_input"]["command"]),
            was_stopped_before: value["stop_hook_active"].as_bool().unwrap_or(false),
        })
    }
}

/// A command, as a line or as words: the script of `bash -lc SCRIPT` is the last of them.
fn command(value: &Value) -> Option<String> {
    match value {
        Value::String(line) => Some(line.clone()),
        Value::Array(words) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            match words.as_slice() {
                [_, flag, script] if flag.starts_with('-') && flag.ends_with('c') => {
                    Some((*script).to_owned())
                }
                words => Some(words.join(" ")),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::{feed, texts};

    #[test]
    fn changed_words_of_agents_are_heard_or_are_no_json() {
        let samples = texts([
            r#"{"session_id":"s1","model":"m","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"git commit -m x"},"stop_hook_active":true}"#,
            r#"{"session_id":"s1","tool_name":"shell","tool_input":{"command":["bash","-lc","git commit"]}}"#,
        ]);
        feed(&samples, |bytes| {
            if let Ok(heard) = Heard::of(bytes) {
                assert_ne!(heard.session_id.as_deref(), Some(""));
            }
        });
    }

    #[test]
    fn what_is_needed_is_read_and_the_rest_is_passed_over() {
        let said = br#"{"session_id":"s1","transcript_path":"/t","cwd":"/w","model":"m",
            "hook_event_name":"PreToolUse","tool_name":"Bash",
            "tool_input":{"command":"git commit -m x","timeout":5},"stop_hook_active":true}"#;
        let heard = Heard::of(said).expect("it is JSON");
        assert_eq!(heard.session_id.as_deref(), Some("s1"));
        assert_eq!(heard.model.as_deref(), Some("m"));
        assert_eq!(heard.tool.as_deref(), Some("Bash"));
        assert_eq!(heard.command.as_deref(), Some("git commit -m x"));
        assert!(heard.was_stopped_before);
    }

    #[test]
    fn values_of_other_types_say_nothing() {
        let said = br#"{"session_id":7,"tool_name":null,"tool_input":"x","stop_hook_active":"y"}"#;
        assert_eq!(Heard::of(said), Ok(Heard::default()));
        for said in ["", "null", "[]", "3", "\"x\""] {
            let heard = Heard::of(said.as_bytes());
            assert_eq!(heard.unwrap_or_default(), Heard::default(), "{said}");
        }
        assert!(Heard::of(b"{nonsense").is_err());
    }

    #[test]
    fn commands_may_be_words() {
        let said = |json: &str| {
            let heard = Heard::of(format!(r#"{{"tool_input":{{"command":{json}}}}}"#).as_bytes());
            heard.expect("it is JSON").command
        };
        assert_eq!(
            said(r#"["bash","-lc","git commit"]"#),
            Some("git commit".into())
        );
        assert_eq!(said(r#"["git","commit"]"#), Some("git commit".into()));
        assert_eq!(said("[]"), Some(String::new()));
        assert_eq!(said("7"), None);
    }
}
