//! `aura-msg audit export`: a whole trail, or what is wanted of it, line by line. Nothing
//! is held in memory but the line that is being written.

use std::io::{self, BufWriter, Stdout, Write};
use std::ops::ControlFlow;

use clap::Args;

use super::entry::{COLUMNS, Entry};
use super::list::{forgotten, own_epoch};
use super::source::{Source, SourceArgs, blocking, unreadable};
use super::wanted::{Wanted, WantedArgs};
use crate::cli::args::Common;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::input;
use crate::cli::output::Report;
use crate::protocol::UnknownWord;

/// The words of `aura-msg audit export`.
#[derive(Debug, Args)]
#[command(mut_arg("format", |arg| arg.help(
    "Form of the lines: jsonl or csv [default: jsonl]"
)))]
pub struct ExportArgs {
    #[command(flatten)]
    own: Own,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct Own {
    #[command(flatten)]
    wanted: WantedArgs,

    #[command(flatten)]
    source: SourceArgs,
}

/// The form of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lines {
    /// An object each.
    Json,
    /// Values with commas between them, and their names in the first line.
    Csv,
}

/// What is to be exported, and how.
#[derive(Debug)]
pub(in crate::cli) struct Order {
    words: Own,
    lines: Lines,
}

/// The words, with the forms that every command has left to the common flags.
pub(in crate::cli) struct Sorted {
    pub(in crate::cli) own: Order,
    pub(in crate::cli) common: Common,
}

impl ExportArgs {
    /// Takes this command's own forms out of the common flag.
    pub(in crate::cli) fn sorted(self) -> Result<Sorted, Failure> {
        const WORDS: [&str; 2] = ["jsonl", "csv"];
        let Self {
            own: words,
            mut common,
        } = self;
        let lines = match common.format.as_deref() {
            None | Some("jsonl") => Lines::Json,
            Some("csv") => Lines::Csv,
            Some(other) => {
                let unknown = UnknownWord::new("export format", other, &WORDS);
                return Err(input::unknown("--format", &unknown));
            }
        };
        if lines == Lines::Csv {
            common.format = Some("text".to_owned());
        }
        let own = Order { words, lines };
        Ok(Sorted { own, common })
    }
}

pub(in crate::cli) async fn run(context: &Context<'_>, order: Order) -> Answer {
    let Order { words, lines } = order;
    let mut wanted = words.wanted.read()?;
    let mut notices = Vec::new();
    match words.source.find(context)? {
        Source::File(path) => blocking(path, move |trail| {
            let mut out = Out::new(lines).map_err(Failure::internal)?;
            let mut written = Ok(());
            trail
                .rows(&wanted.rows(false), |row| {
                    written = out.put(&wanted, &row.into());
                    match written {
                        Ok(()) => ControlFlow::Continue(()),
                        Err(_) => ControlFlow::Break(()),
                    }
                })
                .map_err(|error| unreadable(&error))?;
            ended(written.and_then(|()| out.end()))
        })
        .await
        .map(drop)?,
        Source::Epochs => {
            let epoch_id = own_epoch(context, &mut wanted)?;
            let client = context.connect().await?;
            let chain = client.audit_chain(&epoch_id).await?;
            notices.extend(chain.forgotten.as_deref().map(forgotten));
            let mut out = Out::new(lines).map_err(Failure::internal)?;
            for run_id in &chain.runs {
                let mut from = Some(0);
                while let Some(start) = from {
                    let page = client.audit_page(&epoch_id, run_id, start).await?;
                    from = page.next;
                    let wanted = wanted.clone();
                    // What reads it may be slow, and Ctrl-C is heard all the same.
                    let putting = move || {
                        let events = page.events.into_iter();
                        let written = events
                            .map(Entry::from)
                            .try_for_each(|entry| out.put(&wanted, &entry));
                        (out, written)
                    };
                    let put = tokio::task::spawn_blocking(putting).await;
                    let (back, written) = put.map_err(Failure::internal)?;
                    out = back;
                    if !ended(written)? {
                        return Ok(Report::printed());
                    }
                }
            }
            ended(out.end()).map(drop)?;
        }
    }
    Ok(Report {
        notices,
        ..Report::printed()
    })
}

/// Whether what was written has a reader still; one that has gone away is no error.
fn ended(written: io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(
            Kind::Internal,
            "not_written",
            "the export could not be written",
            error.to_string(),
            "what was written of it is not whole",
            "make room, or write it elsewhere, and export again",
        )),
    }
}

/// Where the lines go.
enum Out {
    Json(BufWriter<Stdout>),
    Csv(Box<csv::Writer<Stdout>>),
}

impl Out {
    fn new(lines: Lines) -> io::Result<Self> {
        Ok(match lines {
            Lines::Json => Self::Json(BufWriter::new(io::stdout())),
            Lines::Csv => {
                let mut out = Box::new(csv::Writer::from_writer(io::stdout()));
                out.write_record(COLUMNS).map_err(cause)?;
                Self::Csv(out)
            }
        })
    }

    /// Writes a line, if the entry is wanted.
    fn put(&mut self, wanted: &Wanted, entry: &Entry) -> io::Result<()> {
        if !wanted.has(entry) {
            return Ok(());
        }
        match self {
            Self::Json(out) => {
                serde_json::to_writer(&mut *out, entry)?;
                out.write_all(b"\n")
            }
            Self::Csv(out) => out.write_record(entry.cells()).map_err(cause),
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Json(mut out) => out.flush(),
            Self::Csv(mut out) => out.flush(),
        }
    }
}

/// What lies behind an error of the CSV writer, which would hide a closed pipe.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
