//! Logs: where they go and how much of them. Data goes to standard output and never
//! through here.

pub mod metrics;

use std::io;

use tracing_subscriber::EnvFilter;

/// What is logged where `RUST_LOG` does not say otherwise: ours from INFO on, and of the
/// SDK what an operator can act on.
const DEFAULT: &str = "info,temporalio_sdk_core=warn,temporalio_client=warn,temporalio_sdk=warn";

const VERBOSE: &str = "info,aura=debug";

/// Sends logs to standard error; `verbose` adds what is of use to those who look for a fault.
pub fn init(verbose: bool) {
    let default = if verbose { VERBOSE } else { DEFAULT };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    // A second call, as in tests, leaves the first in place.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
        .with_target(false)
        .try_init();
}
