//! `aura-msg slice logs`: the file that takes what a slice's command says, as it is, on the
//! machine where it is.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::lookup::{Found, SliceArgs, Wanted, is_here};
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::output::Report;
use crate::client::{Client, Deadline};
use crate::config::Layer;
use crate::connection::host_name;
use crate::contract::query::SliceView;
use crate::protocol::slice::{SliceMode, SliceState};

/// Between two looks at a log that is followed.
const LOOK: Duration = Duration::from_millis(200);
/// Looks at the log between two at the slice.
const LOOKS: u32 = 5;
/// Bytes taken from the log at once.
const CHUNK: usize = 64 * 1024;

/// The words of `aura-msg slice logs`.
#[derive(Debug, Args)]
pub struct LogsArgs {
    #[command(flatten)]
    slice: SliceArgs,

    #[arg(
        long,
        help = "Wait for the slice to run, and go on printing until it ends; without --timeout, \
                for as long as it takes"
    )]
    follow: bool,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: LogsArgs) -> Answer {
    let wanted = args.slice.check(context)?;
    if args.follow {
        follow(context, &wanted).await?;
    } else {
        let client = context.connect().await?;
        let state = client.state(&wanted.epoch_id).await?;
        let found = wanted.find(&client, &state).await?;
        let mut log = Log::open(&found)?;
        while log.print().await? {}
    }
    Ok(Report::printed())
}

/// Prints the log of the slice's present or next run, until that has ended.
async fn follow(context: &Context<'_>, wanted: &Wanted) -> Result<(), Failure> {
    let limit = (context.settings.timeout.source.layer() == Layer::Flag)
        .then(|| Deadline::after(context.settings.timeout.value));
    let has_limit = limit.is_some();
    let epoch_id = &wanted.epoch_id;
    let target = format!("the end of slice '{}'", wanted.slice_id);
    let begun = |slice: &SliceView| !matches!(slice.state, SliceState::Waiting);
    let watch = connect(context, limit)
        .await?
        .watch(epoch_id, &target, has_limit, |state| {
            let view = wanted.view(state);
            let is_due = view.as_ref().map_or(true, begun);
            is_due.then_some(view)
        });
    let slice = watch.await??;
    let attempt = slice.attempt;
    let mut log = begun_log(context, limit, wanted, attempt).await?;
    let ends = connect(context, limit)
        .await?
        .watch(epoch_id, &target, has_limit, |state| {
            let view = wanted.view(state);
            let is_over = view.as_ref().map_or(true, |slice| {
                slice.state != SliceState::Running || slice.attempt != attempt
            });
            is_over.then_some(view)
        });
    tokio::pin!(ends);
    loop {
        tokio::select! {
            over = &mut ends => {
                // What was said last is there by now.
                while log.print().await? {}
                return over?.map(drop);
            }
            () = tokio::time::sleep(LOOK) => while log.print().await? {},
        }
        if log.is_closed {
            return Ok(());
        }
    }
}

/// A connection whose deadline is that of the whole command, if it has one.
async fn connect(context: &Context<'_>, limit: Option<Deadline>) -> Result<Client, Failure> {
    let client = context.connect().await?;
    Ok(match limit {
        Some(limit) => client.with_deadline(limit),
        None => client,
    })
}

/// The log of a run, once it has one: its command begins a moment after the slice does.
async fn begun_log(
    context: &Context<'_>,
    limit: Option<Deadline>,
    wanted: &Wanted,
    attempt: u32,
) -> Result<Log, Failure> {
    loop {
        let client = connect(context, limit).await?;
        let state = client.state(&wanted.epoch_id).await?;
        let found = wanted.find(&client, &state).await?;
        let goes_on = found.slice.state == SliceState::Running && found.slice.attempt == attempt;
        let place = found.place();
        // Where it will be is known a moment before it is there.
        let is_begun = place.log.is_some_and(|log| {
            let is_elsewhere = !is_here(place.host.as_deref());
            is_elsewhere || PathBuf::from(log).exists()
        });
        if is_begun || !goes_on {
            return Log::open(&found);
        }
        tokio::time::sleep(LOOK * LOOKS).await;
    }
}

/// A log on this machine, and how far it has been printed.
pub(super) struct Log {
    path: PathBuf,
    printed: u64,
    is_closed: bool,
}

impl Log {
    /// The log of a slice's last run, if it is on this machine.
    pub(super) fn open(found: &Found) -> Result<Self, Failure> {
        let slice = &found.slice;
        let place = found.place();
        let fail = |code, why: String, fix: String| {
            Failure::new(
                Kind::Workflow,
                code,
                format!("the log of slice '{}' cannot be shown", slice.slice_id),
                why,
                "nothing was changed",
                fix,
            )
        };
        let show = format!(
            "`aura-msg slice show --slice-id {}` has what is known",
            slice.slice_id
        );
        let Some(path) = place.log else {
            let why = match (slice.state, slice.config.mode) {
                (SliceState::Waiting | SliceState::Blocked, _) => {
                    format!("it is {}, so no command of it has run", slice.state)
                }
                (_, SliceMode::Mock) => "mode mock runs no command".to_owned(),
                (state, _) => match &found.silent {
                    Some(error) => format!("its own workflow does not say where it is: {error}"),
                    None => format!("no command of it has left one; its state is {state}"),
                },
            };
            return Err(fail("no_log", why, show));
        };
        let host = place.host.as_deref();
        if !is_here(host) {
            let host = host.unwrap_or("another");
            let why = format!("it is on host {host}, in {path}; this is {}", host_name());
            return Err(fail(
                "other_host",
                why,
                format!("run the command on {host}"),
            ));
        }
        if let Err(error) = File::open(&path) {
            return Err(fail("log_unreadable", format!("{path}: {error}"), show));
        }
        Ok(Self {
            path: path.into(),
            printed: 0,
            is_closed: false,
        })
    }

    /// Prints what has come since, a piece at a time, away from the thread that listens for
    /// an interrupt; false when there is no more.
    async fn print(&mut self) -> Result<bool, Failure> {
        if self.is_closed {
            return Ok(false);
        }
        let (path, printed) = (self.path.clone(), self.printed);
        let copying =
            tokio::task::spawn_blocking(move || copy(&path, printed, &mut io::stdout().lock()));
        match copying.await.map_err(Failure::internal)? {
            Ok(copied) => {
                let is_more = copied != self.printed;
                self.printed = copied;
                Ok(is_more)
            }
            // Nobody reads it any more, which is no failure.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(false)
            }
            Err(error) => Err(Failure::internal(format!(
                "{}: {error}",
                self.path.display()
            ))),
        }
    }
}

/// Copies a piece of a file; the place after it. A file that is shorter than what was
/// printed was begun anew.
pub(super) fn copy(path: &Path, printed: u64, out: &mut impl Write) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let is_anew = file.metadata()?.len() < printed;
    let from = if is_anew { 0 } else { printed };
    file.seek(SeekFrom::Start(from))?;
    let mut piece = vec![0; CHUNK];
    let length = file.read(&mut piece)?;
    piece.truncate(length);
    out.write_all(&piece)?;
    out.flush()?;
    Ok(from + piece.len() as u64)
}
