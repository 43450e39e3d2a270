//! `aura-msg audit list`: the latest events of a trail.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use clap::Args;

use super::entry::Entry;
use super::source::{Source, SourceArgs, blocking, unreadable};
use super::wanted::{Wanted, WantedArgs};
use crate::cli::args::EpochArgs;
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Report;
use crate::cli::{input, table};
use crate::client::Client;
use crate::protocol::Timestamp;

/// The words of `aura-msg audit list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    wanted: WantedArgs,

    /// How many at most: the latest of them, in the order in which they were written
    #[arg(long, default_value = "50", value_name = "N")]
    limit: String,

    #[command(flatten)]
    source: SourceArgs,
}

/// The latest entries, in order.
struct Latest {
    entries: VecDeque<Entry>,
    limit: usize,
    has_more: bool,
    /// A run of an epoch whose events are gone.
    forgotten: Option<String>,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: ListArgs) -> Answer {
    let mut wanted = args.wanted.read()?;
    let limit = input::number("--limit", &args.limit)?;
    let latest = Latest {
        entries: VecDeque::new(),
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
        has_more: false,
        forgotten: None,
    };
    let found = match args.source.find(context)? {
        Source::File(path) => {
            let wanted = wanted.clone();
            blocking(path, move |trail| {
                let mut latest = latest;
                let read = trail.rows(&wanted.rows(true), |row| {
                    let entry = row.into();
                    if wanted.has(&entry) {
                        latest.put_before(entry)
                    } else {
                        ControlFlow::Continue(())
                    }
                });
                read.map(|()| latest).map_err(|error| unreadable(&error))
            })
            .await?
        }
        Source::Epochs => {
            let epoch_id = own_epoch(context, &mut wanted)?;
            let client = context.connect().await?;
            latest.told(&client, &epoch_id, &wanted).await?
        }
    };
    found.report(wanted.epoch_id.is_some())
}

/// The epoch that is to tell its own events: one has to be named, here or by the
/// environment.
pub(super) fn own_epoch(context: &Context<'_>, wanted: &mut Wanted) -> Result<String, Failure> {
    let args = EpochArgs {
        epoch_id: wanted.epoch_id.clone(),
    };
    let epoch_id = context.epoch_id(&args)?;
    wanted.epoch_id = Some(epoch_id.clone());
    Ok(epoch_id)
}

/// That an epoch's first events are gone.
pub(super) fn forgotten(run_id: &str) -> String {
    format!(
        "the server has forgotten run {run_id} of this epoch and those before it; their events \
         are not told"
    )
}

impl Latest {
    /// The next earlier one.
    fn put_before(&mut self, entry: Entry) -> ControlFlow<()> {
        if self.entries.len() == self.limit {
            self.has_more = true;
            return ControlFlow::Break(());
        }
        self.entries.push_front(entry);
        ControlFlow::Continue(())
    }

    /// The next later one.
    fn put_after(&mut self, entry: Entry) {
        if self.entries.len() == self.limit {
            self.has_more = true;
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    /// What an epoch tells of itself.
    async fn told(
        mut self,
        client: &Client,
        epoch_id: &str,
        wanted: &Wanted,
    ) -> Result<Self, Failure> {
        let chain = client.audit_chain(epoch_id).await?;
        for run_id in &chain.runs {
            let mut from = Some(0);
            while let Some(start) = from {
                let page = client.audit_page(epoch_id, run_id, start).await?;
                let entries = page.events.into_iter().map(Entry::from);
                for entry in entries.filter(|entry| wanted.has(entry)) {
                    self.put_after(entry);
                }
                from = page.next;
            }
        }
        self.forgotten = chain.forgotten;
        Ok(self)
    }

    fn report(self, of_one_epoch: bool) -> Answer {
        let Self {
            entries,
            limit,
            has_more,
            forgotten: gone,
        } = self;
        let entries = Vec::from(entries);
        let notice = has_more
            .then(|| format!("there are more than these {limit}: --limit N shows more of them"));
        Ok(Report {
            text: text(&entries, of_one_epoch, table::now()),
            json: serde_json::to_string_pretty(&entries).map_err(Failure::internal)?,
            notices: notice
                .into_iter()
                .chain(gone.as_deref().map(forgotten))
                .collect(),
        })
    }
}

fn text(entries: &[Entry], of_one_epoch: bool, now: Timestamp) -> String {
    if entries.is_empty() {
        return "No events".to_owned();
    }
    let rows = entries.iter().map(|entry| {
        let ago = entry
            .at()
            .map_or_else(|| "-".to_owned(), |at| table::before(at, now));
        let mut row = vec![ago];
        if !of_one_epoch {
            row.push(entry.epoch_id.clone());
        }
        let actor = entry.actor.clone().filter(|actor| !actor.is_empty());
        row.extend([
            entry.event_type.clone(),
            entry.phase.clone(),
            entry.role.clone(),
            actor.unwrap_or_else(|| "-".to_owned()),
            entry.details(),
        ]);
        row
    });
    let mut head = vec!["AGO", "EPOCH", "EVENT", "PHASE", "ROLE", "ACTOR", "DETAILS"];
    if of_one_epoch {
        head.remove(1);
    }
    table::lines(&head, rows.collect()).join("\n")
}
