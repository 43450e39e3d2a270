//! `aurad replay`: whether this binary can take over what another one has begun. It replays
//! histories, out of files or of everything that is open, and says of each whether it goes
//! on. It changes nothing anywhere, and holds one history at a time.

mod args;
mod json;
mod open;
mod report;
mod told;

use std::path::{Path, PathBuf};
use std::time::Duration;

use temporalio_client::tonic::Status;
use temporalio_common::protos::temporal::api::common::v1::WorkflowExecution;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use tokio::sync::oneshot;

pub use args::{Format, Order, Replay, Which};
use report::Report;
use told::{Execution, Verdict};

use super::exit::Exit;
use super::{connect, say};
use crate::config::aurad::{Flags, Settings};
use crate::config::{self, Address, ProcessEnv, Security};
use crate::telemetry::{self, Form};
use crate::workflows::replay::{Outcome, Replayer, WorkflowReplayFailure};

/// What does not come to an end within this time, never will.
const LONGEST: Duration = Duration::from_mins(2);
/// How long to try to reach the server where nobody says it.
const PATIENCE: Duration = Duration::from_secs(10);

const IMPACT: &str = "nothing was replayed";

/// What stops it.
struct Stop(Box<Problem>);

struct Problem {
    exit: Exit,
    category: &'static str,
    what: String,
    why: String,
    fix: String,
}

impl Stop {
    fn new(
        exit: Exit,
        category: &'static str,
        what: impl Into<String>,
        why: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self(Box::new(Problem {
            exit,
            category,
            what: what.into(),
            why: why.into(),
            fix: fix.into(),
        }))
    }

    fn of_config(error: &config::Error) -> Self {
        let category = "configuration error";
        Self::new(
            Exit::Usage,
            category,
            error.what(),
            error.why(),
            error.fix(),
        )
    }

    fn of_server(what: &str, status: &Status) -> Self {
        let why = format!("{:?}: {}", status.code(), status.message());
        let fix = "run it again; if it persists, `aura-msg doctor` tells more of the server";
        Self::new(Exit::Failed, "connection error", what, why, fix)
    }

    fn of_output(error: &std::io::Error) -> Self {
        let what = "standard output cannot be written";
        let fix = "write the report where there is room for it";
        Self::new(Exit::Failed, "output error", what, error.to_string(), fix)
    }
}

/// Replays what is asked for.
pub fn run(flags: Flags, order: &Order) -> Exit {
    if flags.verbose {
        telemetry::init(Form::Text, true);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let replayed = match runtime {
        Ok(runtime) => runtime.block_on(replay(flags, order)),
        Err(error) => Err(Stop::new(
            Exit::Failed,
            "internal error",
            "the runtime could not be started",
            error.to_string(),
            "free memory, or let this user have more threads",
        )),
    };
    match replayed {
        Ok(exit) => exit,
        Err(Stop(problem)) => {
            let Problem {
                exit,
                category,
                what,
                why,
                fix,
            } = *problem;
            say::problem(category, &what, &why, IMPACT, &fix);
            exit
        }
    }
}

async fn replay(flags: Flags, order: &Order) -> Result<Exit, Stop> {
    let mut report = Report::new(order.format);
    let (is_readable, none) = match &order.which {
        Which::Files(files) => (
            from_files(files, &mut report).await?,
            "0 histories replayed",
        ),
        Which::Open => {
            from_server(flags, &mut report).await?;
            (true, "nothing is open, so nothing had to be replayed")
        }
    };
    report
        .close(none)
        .map_err(|error| Stop::of_output(&error))?;
    if let Some(first) = &report.first {
        say::problem(
            "workflow error",
            &format!(
                "{} of {} do not replay, the first is {first}",
                report.failed, report.replayed
            ),
            "this aurad would ask for other commands than those that their histories have",
            "under this aurad they would stand still; nothing was changed",
            "let the earlier aurad go on with them, or keep the earlier order of commands behind \
             `patched()`; see docs/replay.md",
        );
        return Ok(Exit::Differs);
    }
    Ok(if is_readable {
        Exit::Stopped
    } else {
        Exit::Usage
    })
}

/// Whether all of the files could be read; what is wrong with the others is told.
async fn from_files(files: &[PathBuf], report: &mut Report) -> Result<bool, Stop> {
    let mut is_readable = true;
    for path in files {
        let events = match read(path) {
            Ok(events) => events,
            Err(why) => {
                tell_unreadable(path, &why);
                is_readable = false;
                continue;
            }
        };
        let mut execution = Execution::of(&events);
        execution.file = Some(path.display().to_string());
        let outcome = within_limit(events.clone()).await?;
        if let Outcome::Fails(WorkflowReplayFailure::InvalidHistory { message }) = &outcome {
            tell_unreadable(path, message);
            is_readable = false;
            continue;
        }
        let verdict = Verdict::of(&outcome, &events);
        let added = report.add(&execution, &verdict);
        added.map_err(|error| Stop::of_output(&error))?;
    }
    Ok(is_readable)
}

fn read(path: &Path) -> Result<Vec<HistoryEvent>, String> {
    let text = std::fs::read(path).map_err(|error| error.to_string())?;
    json::read(&text).map(|history| history.events)
}

fn tell_unreadable(path: &Path, why: &str) {
    say::problem(
        "validation error",
        &format!("{} cannot be read as a history", path.display()),
        why,
        "it was not replayed",
        "name a file that `temporal workflow show -o json` or `aurad db export-history` wrote",
    );
}

async fn from_server(flags: Flags, report: &mut Report) -> Result<(), Stop> {
    let (settings, security) = settings(flags)?;
    let client = connect::connect(&settings, &security, None)
        .await
        .map_err(|gone| {
            let what = format!("no server at {} within {:?}", gone.address, gone.limit);
            let fix = "start the server, or name another with --address; with an engine of its \
                       own, aurad has to run, and --embedded says so";
            Stop::new(Exit::Unreachable, "connection error", what, gone.last, fix)
        })?;
    let mut open = open::Open::new(client.clone());
    let list = |status: &Status| Stop::of_server("what is open could not be listed", status);
    while let Some(run) = open.next().await.map_err(|status| list(&status))? {
        let what = format!("the history of {} could not be fetched", run.workflow_id);
        let history = open::history(&client, &run).await;
        // One that is gone by now is none that this binary would take over.
        let Some(events) = history.map_err(|status| Stop::of_server(&what, &status))? else {
            continue;
        };
        let WorkflowExecution {
            workflow_id,
            run_id,
        } = run;
        let execution = Execution {
            workflow_id,
            run_id,
            ..Execution::of(&events)
        };
        let outcome = within_limit(events.clone()).await?;
        let verdict = Verdict::of(&outcome, &events);
        let added = report.add(&execution, &verdict);
        added.map_err(|error| Stop::of_output(&error))?;
    }
    Ok(())
}

/// The daemon's settings, as far as they say where the server is.
fn settings(flags: Flags) -> Result<(Settings, Security), Stop> {
    let mut settings =
        Settings::resolve(flags, &ProcessEnv).map_err(|error| Stop::of_config(&error))?;
    let security = settings
        .security()
        .map_err(|error| Stop::of_config(&error))?;
    if settings.verbose.value {
        for (name, value, source) in settings.describe() {
            say::line(&format!("{name} = {value} ({source})"));
        }
    }
    settings.connect_timeout.value.get_or_insert(PATIENCE);
    if settings.embedded.value {
        let listen = &settings.listen;
        if listen.value.port() == 0 {
            return Err(Stop::new(
                Exit::Usage,
                "configuration error",
                "nobody knows where the engine listens",
                format!("it takes a free port (listen, {})", listen.source),
                "name the address that aurad said when it was ready: --address IP:PORT, without \
                 --embedded",
            ));
        }
        settings.address.value = Address::from(listen.value);
    }
    Ok((settings, security))
}

/// Replays a history on a thread of its own, so that code that spins over it stops nothing
/// else.
async fn within_limit(events: Vec<HistoryEvent>) -> Result<Outcome, Stop> {
    let (answer, answered) = oneshot::channel();
    let spawned = std::thread::Builder::new()
        .name("replay".to_owned())
        .spawn(move || {
            // Nobody waits any more for one that is late.
            let _ = answer.send(replay_here(events));
        });
    let broken = |why: String| {
        let fix = "report it as a bug of aura, with the history";
        Stop::new(
            Exit::Failed,
            "internal error",
            "a replay broke off",
            why,
            fix,
        )
    };
    spawned.map_err(|error| broken(error.to_string()))?;
    match tokio::time::timeout(LONGEST, answered).await {
        Ok(Ok(outcome)) => outcome.map_err(broken),
        Ok(Err(_)) => Err(broken("its thread panicked".to_owned())),
        Err(_) => Ok(Outcome::Fails(WorkflowReplayFailure::Internal {
            reason: "deadline".to_owned(),
            message: format!("the replay did not come to an end within {LONGEST:?}"),
        })),
    }
}

fn replay_here(events: Vec<HistoryEvent>) -> Result<Outcome, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let replayer = Replayer::new().map_err(|error| error.to_string())?;
    let outcome = runtime.block_on(replayer.replay(events));
    outcome.map_err(|error| error.to_string())
}
