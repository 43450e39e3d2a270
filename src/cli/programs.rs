//! The command lines of both programs. The daemon's is handed in: what lies beside this
//! module is not known to it.

use clap::Command;

use super::args;

/// Both programs, as what their completions and manuals are made from.
#[derive(Clone, Copy, Debug)]
pub struct Programs {
    aurad: fn() -> Command,
}

impl Programs {
    /// With the command line of the daemon.
    pub const fn new(aurad: fn() -> Command) -> Self {
        Self { aurad }
    }

    pub(super) fn aurad(self) -> Command {
        (self.aurad)()
    }

    /// The command line of `aura-msg`.
    #[expect(clippy::unused_self, reason = "read beside the other one")]
    pub(super) fn aura_msg(self) -> Command {
        args::command()
    }
}
