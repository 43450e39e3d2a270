//! A command's span, where a collector is asked for: it begins with the connection, goes
//! along with what is sent, and is sent itself when the command has answered. Nothing that
//! is wrong with it changes what a command does, prints or ends with; it costs at most a
//! moment at the end.

use std::ffi::OsString;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{args, output};
use crate::config::aura_msg::Settings;
use crate::config::{Env, env, otlp};
use crate::connection;
use crate::telemetry::trace::{Collector, EPOCH, End, Keeping, Origin, Span};

/// How long an answered command may wait for the collector.
const FAREWELL: Duration = Duration::from_millis(100);
const PROGRAM: &str = "aura-msg";

/// The span of this process's command, once it has begun.
static RUNNING: Mutex<Option<Running>> = Mutex::new(None);

/// The epoch that it is about.
static ABOUT: Mutex<Option<String>> = Mutex::new(None);

struct Running {
    span: Span,
    keeping: Keeping,
    /// Whether somebody wants to know why spans are lost.
    is_told: bool,
}

/// Begins the span, if a collector is asked for and it has not begun; gives what goes along
/// with what is sent.
pub(super) fn begin(settings: &Settings, env: &dyn Env) -> Option<Vec<u8>> {
    settings.otlp_endpoint.value.as_ref()?;
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if running.is_none() {
        *running = start(settings, env);
    }
    let origin = running.as_ref()?.span.origin();
    origin.map(|origin| origin.header())
}

fn start(settings: &Settings, env: &dyn Env) -> Option<Running> {
    let is_told = is_told(env);
    let otlp = match otlp::collector(&settings.otlp_endpoint, env) {
        Ok(otlp) => otlp?,
        Err(why) => {
            if is_told {
                output::say(&why);
            }
            return None;
        }
    };
    let keeping = Collector {
        endpoint: otlp.endpoint,
        authority: otlp.authority,
        program: PROGRAM,
        instance: connection::identity(PROGRAM),
    }
    .keep();
    let text = |name: &'static str| env.get(name).and_then(|value| value.into_string().ok());
    let caller = Origin::of_caller(text(env::TRACEPARENT), text(env::TRACESTATE));
    let words: Vec<OsString> = std::env::args_os().collect();
    let span = Span::begin(End::Asking, &name(&words), "", caller.as_ref(), &[]);
    Some(Running {
        span,
        keeping,
        is_told,
    })
}

/// Whether OpenTelemetry's messages are wanted. Its own default is that they are, which would
/// put a line between an agent and its answer.
fn is_told(env: &dyn Env) -> bool {
    let level = env.get(env::OTEL_LOG_LEVEL);
    level.is_some_and(|level| level != "none" && level != "off")
}

/// Says which epoch it is about; that is often known before there is a connection.
pub(super) fn about(epoch_id: &str) {
    let mut about = ABOUT.lock().unwrap_or_else(PoisonError::into_inner);
    *about = Some(epoch_id.to_owned());
}

/// Ends the span, if there is one, and sends it. A command that failed says why.
pub(super) async fn end(failed: Option<&str>) {
    let running = RUNNING
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let Some(Running {
        mut span,
        keeping,
        is_told,
    }) = running
    else {
        return;
    };
    let about = ABOUT.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(epoch_id) = about {
        span.note(EPOCH, &epoch_id);
    }
    if let Some(why) = failed {
        span.fail(&why);
    }
    drop(span);
    if let Err(error) = keeping.send(FAREWELL).await
        && is_told
    {
        output::say(&error.to_string());
    }
}

/// What a command is called, without its flags: what people wrote is no part of it.
fn name(words: &[OsString]) -> String {
    let command = args::command();
    let mut at = &command;
    let mut name = PROGRAM.to_owned();
    for word in words.iter().skip(1) {
        let Some(next) = at.find_subcommand(word) else {
            break;
        };
        name = format!("{name} {}", next.get_name());
        at = next;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_words_of_the_callers() {
        let name = |line: &str| name(&line.split(' ').map(Into::into).collect::<Vec<_>>());
        assert_eq!(name("x signal vote --axis vote"), "aura-msg signal vote");
        assert_eq!(name("x doctor --epoch-id query"), "aura-msg doctor");
        assert_eq!(name("x signal --help"), "aura-msg signal");
        assert_eq!(name("x 'secret"), "aura-msg");
    }
}
