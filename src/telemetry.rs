//! Logs: in which form, where they go, and how much of them; the names that ids have in
//! them; spans; and what is counted. Data goes to standard output and never through here.

pub mod ids;
mod journal;
mod json;
pub mod metrics;
pub mod trace;

use std::io::{self, IsTerminal};
use std::panic::PanicHookInfo;
use std::sync::OnceLock;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use json::Json;

/// What is logged where `RUST_LOG` does not say otherwise: ours from INFO on, and of the
/// SDK what an operator can act on.
const DEFAULT: &str = "info,temporalio_sdk_core=warn,temporalio_client=warn,temporalio_sdk=warn";

const VERBOSE: &str = "info,aura=debug";

/// In which form to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines for people, on standard error.
    Text,
    /// One JSON object per line, on standard error.
    Json,
    /// Entries of the journal.
    Journald,
    /// `Journald` where standard error leads to the journal, and `Text` elsewhere.
    Auto,
}

/// The form of this process's log.
static FORM: OnceLock<Form> = OnceLock::new();

type Written = Box<dyn Layer<Registry> + Send + Sync>;

/// Whether standard error has lines for people, so that others may stand between them.
pub fn is_for_people() -> bool {
    FORM.get().is_none_or(|form| *form == Form::Text)
}

/// Logs from now on in this form, or as text where there is no journal; `verbose` adds what
/// is of use to those who look for a fault. A second call, as in tests, leaves the first in
/// place.
pub fn init(form: Form, verbose: bool) {
    let form = match form {
        Form::Auto if journal::is_stderr() => Form::Journald,
        Form::Auto => Form::Text,
        other => other,
    };
    let (form, written, lost) = match form {
        Form::Json => (form, Json::new(io::stderr).boxed(), None),
        Form::Journald => match journal::layer() {
            Ok(layer) => (form, layer.boxed(), None),
            Err(error) => (Form::Text, text(), Some(error)),
        },
        Form::Text | Form::Auto => (Form::Text, text(), None),
    };
    let default = if verbose { VERBOSE } else { DEFAULT };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::registry().with(written.with_filter(filter));
    if log.try_init().is_err() {
        return;
    }
    let _ = FORM.set(form);
    if let Some(error) = lost {
        tracing::warn!(%error, "the journal takes no entries: logging as text instead");
    }
    if form != Form::Text {
        // What is no line of the log would be lost there, or no JSON.
        std::panic::set_hook(Box::new(log_panic));
    }
}

/// Lines for people.
fn text() -> Written {
    tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false)
        .boxed()
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let said = panic.payload_as_str().unwrap_or("no message");
    let thread = std::thread::current();
    tracing::error!(place, thread = thread.name(), "a thread panicked: {said}");
}
