//! `aura-msg hook`: what coding agents call at their events, and what sets that up.
//!
//! At an event an agent wants an answer at once and looks at nothing but the exit code: 0
//! goes on, 2 blocks, and anything else would be a failure that it passes over. So an event
//! ends in 0 or 2 whatever happens, within two seconds, and says nothing on standard output
//! but JSON. `install`, `uninstall` and `test` are for people and end like other commands.
//!
//! What may be blocked is a table of its own, in `rules`. It leaves out which agent calls
//! what by which name: that is `agent`.

mod agent;
mod answer;
mod asking;
pub(in crate::cli) mod event;
mod heard;
pub(in crate::cli) mod install;
mod rehearsal;
mod rules;
mod settings_file;
mod shell_commands;
pub(in crate::cli) mod test;

pub(in crate::cli) use agent::Agent;
