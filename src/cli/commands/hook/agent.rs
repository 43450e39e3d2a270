//! The agents: how each names the events and its tools, and where its settings are. Facts
//! of theirs, kept in one place because they change.

use std::path::PathBuf;

use crate::config::Env;
use crate::config::{Error, env};
use crate::protocol::words::words;

words! {
    #[expect(unreachable_pub, reason = "the macro makes everything pub")]
    /// A coding agent that has hooks.
    Agent as "agent" {
        /// Claude Code.
        ClaudeCode = "claude-code",
        /// Codex CLI.
        Codex = "codex",
        /// Gemini CLI.
        Gemini = "gemini",
    }
}

words! {
    #[expect(unreachable_pub, reason = "the macro makes everything pub")]
    /// What happens in an agent, under aura's names.
    Event as "hook event" {
        /// A session begins or goes on.
        SessionStart = "session-start",
        /// A session ends.
        SessionEnd = "session-end",
        /// Somebody has typed a prompt.
        UserPromptSubmit = "user-prompt-submit",
        /// A tool is about to be used.
        PreToolUse = "pre-tool-use",
        /// The agent is about to stop working.
        Stop = "stop",
    }
}

/// What a tool does, as far as the protocol has a word to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    /// Changes files.
    Edit,
    /// Runs a command.
    Shell,
    /// Asks the user.
    Ask,
}

/// The tools that matter, of all agents: none of these names means something else in
/// another one.
const TOOLS: [(&str, Tool, Agent); 17] = [
    ("Edit", Tool::Edit, Agent::ClaudeCode),
    ("MultiEdit", Tool::Edit, Agent::ClaudeCode),
    ("Write", Tool::Edit, Agent::ClaudeCode),
    ("NotebookEdit", Tool::Edit, Agent::ClaudeCode),
    ("Bash", Tool::Shell, Agent::ClaudeCode),
    ("AskUserQuestion", Tool::Ask, Agent::ClaudeCode),
    ("apply_patch", Tool::Edit, Agent::Codex),
    ("Bash", Tool::Shell, Agent::Codex),
    ("shell", Tool::Shell, Agent::Codex),
    ("local_shell", Tool::Shell, Agent::Codex),
    ("exec_command", Tool::Shell, Agent::Codex),
    ("request_user_input", Tool::Ask, Agent::Codex),
    ("write_file", Tool::Edit, Agent::Gemini),
    ("replace", Tool::Edit, Agent::Gemini),
    ("edit", Tool::Edit, Agent::Gemini),
    ("run_shell_command", Tool::Shell, Agent::Gemini),
    ("ask_user", Tool::Ask, Agent::Gemini),
];

impl Agent {
    /// The agent's own name of an event, if it has that event.
    pub(super) const fn event_name(self, event: Event) -> Option<&'static str> {
        Some(match (self, event) {
            (_, Event::SessionStart) => "SessionStart",
            // Codex tells when a session begins, and not when it ends.
            (Self::Codex, Event::SessionEnd) => return None,
            (_, Event::SessionEnd) => "SessionEnd",
            (Self::Gemini, Event::UserPromptSubmit) => "BeforeAgent",
            (_, Event::UserPromptSubmit) => "UserPromptSubmit",
            (Self::Gemini, Event::PreToolUse) => "BeforeTool",
            (_, Event::PreToolUse) => "PreToolUse",
            (Self::Gemini, Event::Stop) => "AfterAgent",
            (_, Event::Stop) => "Stop",
        })
    }

    /// What a tool does; none where the protocol says nothing about it.
    pub(super) fn tool(self, name: &str) -> Option<Tool> {
        let found = TOOLS
            .iter()
            .find(|(known, _, agent)| *known == name && *agent == self);
        found.map(|(_, tool, _)| *tool)
    }

    /// A tool of this kind.
    pub(super) fn a_tool(self, kind: Tool) -> Option<&'static str> {
        let found = TOOLS
            .iter()
            .find(|(_, tool, agent)| *tool == kind && *agent == self);
        found.map(|(name, ..)| *name)
    }

    /// The tools that matter, as a pattern of the agent's settings.
    pub(super) fn tool_pattern(self) -> String {
        let own = TOOLS.iter().filter(|(.., agent)| *agent == self);
        let names: Vec<&str> = own.map(|(name, ..)| *name).collect();
        names.join("|")
    }

    /// In what its settings count time: how many of them make a second.
    pub(super) const fn per_second(self) -> u32 {
        match self {
            Self::ClaudeCode | Self::Codex => 1,
            Self::Gemini => 1000,
        }
    }

    /// The file that has its hooks: this folder's, or the user's.
    pub(super) fn settings_file(self, of_user: bool, env: &dyn Env) -> Result<PathBuf, Error> {
        let (folder, variable, file) = match self {
            Self::ClaudeCode => (".claude", Some("CLAUDE_CONFIG_DIR"), "settings.json"),
            Self::Codex => (".codex", Some("CODEX_HOME"), "hooks.json"),
            Self::Gemini => (".gemini", None, "settings.json"),
        };
        if !of_user {
            return Ok(PathBuf::from(folder).join(file));
        }
        let own = match variable {
            Some(variable) => env.var(variable)?,
            None => None,
        };
        if let Some(own) = own {
            return Ok(PathBuf::from(own).join(file));
        }
        let home = env.var(env::HOME)?.unwrap_or_else(|| "/".to_owned());
        Ok(PathBuf::from(home).join(folder).join(file))
    }
}
