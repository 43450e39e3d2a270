//! Commands on this host: started, recorded, watched, ended, and found again after a
//! crash. It knows nothing of epochs, configuration or the durable engine; who may run
//! what, and what a result means, is decided above.
//!
//! A command is run under a *key*, and never twice side by side: not in this process, not
//! by two daemons, not after a daemon was killed. Everything about a key lies in one
//! directory (`place`). Whoever works on a key holds the lock in there (`lock`). A command
//! is started by way of a launcher, which is this program executed again: it writes down
//! what it is and then becomes the command (`launch`, `record`), while it still holds the
//! lock. So there is no moment at which a command lives and nothing tells of it. In a tmux
//! window the launcher stays, and a file stands for the lock (`tmux`).
//!
//! Apart from all that, a command may be given a git work tree of its own (`worktree`).
//!
//! What it can do is Linux's: processes are looked up below `/proc`.

pub mod launch;
pub mod worktree;

mod capture;
mod digest;
mod error;
mod files;
mod group;
mod host;
mod interrupt;
mod job;
mod lock;
mod place;
mod processes;
mod record;
mod register;
mod subprocess;
mod tmux;
mod turns;

pub use capture::OUTPUT_LIMIT;
pub use error::Error;
pub use host::{Host, Hunted, Left};
pub use job::{Ended, How, HowEnded, Job, OnShutdown, Reason, Stop};
pub use tmux::attach_command;
