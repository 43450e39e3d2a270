//! `aura-msg audit verify`: whether anything was done to a trail besides appending to it,
//! by its chain of hashes and by what its epochs tell of themselves.

mod ask;
mod chain;
pub(in crate::cli::commands) mod output;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;

use self::chain::Checked;
use self::report::{Compared, Verdict};
use super::source::{Source, find};
use crate::cli::commands::Answer;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::input;
use crate::client::Deadline;

/// Epochs that give no answer one after the other before no more are asked: there is no
/// worker, and each would be waited for in vain.
const PATIENCE: usize = 2;

/// What is shown after the flags.
pub(in crate::cli) const AFTER_HELP: &str = "\
The chain shows what was altered, removed, doubled or added in the file by somebody who did \
not make a new chain. The epochs show the rest, rows cut off at the end too, as long as the \
server keeps their histories. Rows without a hash, as the earlier implementation writes them, \
are counted and are no findings. --timeout is for each epoch.

Exit codes: 0 no findings, 3 findings, 2 the server cannot be reached, 5 no worker answers.";

/// The words of `aura-msg audit verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Compare with this epoch only; the chain is that of the whole file all the same
    #[arg(long, value_name = "ID")]
    epoch_id: Option<String>,

    /// Recompute the chain only, without asking any epoch
    #[arg(long)]
    offline: bool,

    #[arg(
        long,
        value_name = "FILE",
        help = "Verify this file [default: as aurad is configured: audit_trail, audit_db_path]"
    )]
    db: Option<PathBuf>,
}

pub(in crate::cli) async fn run(context: &Context<'_>, args: VerifyArgs) -> Answer {
    let epoch_id = args.epoch_id.as_deref();
    let epoch_id = epoch_id
        .map(|text| input::epoch_id("--epoch-id", text))
        .transpose()?;
    let Source::File(path) = find(args.db.as_ref(), context)? else {
        return Err(nothing_to_compare());
    };
    let checked = Checked::read(path.clone()).await?;
    let mut verdict = Verdict::new(path, checked);
    let failure = if args.offline {
        None
    } else {
        compare(context, epoch_id, &mut verdict).await.err()
    };
    conclude(&verdict, failure)
}

/// Compares the trail with its epochs, one after the other.
async fn compare(
    context: &Context<'_>,
    only: Option<String>,
    verdict: &mut Verdict,
) -> Result<(), Failure> {
    let mut client = context.connect().await?;
    let mut runs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (epoch_id, run_id) in client.listed_runs(only.as_deref()).await? {
        runs.entry(epoch_id).or_default().insert(run_id);
    }
    match only {
        Some(epoch_id) => drop(runs.entry(epoch_id).or_default()),
        // All that the trail names; an epoch of which no row is left is on the list.
        None => {
            for epoch_id in &verdict.checked.epochs {
                runs.entry(epoch_id.clone()).or_default();
            }
        }
    }
    verdict.asked = true;
    let mut unanswered = 0;
    for (epoch_id, listed) in runs {
        client = client.with_deadline(Deadline::after(context.settings.timeout.value));
        let compared = if unanswered < PATIENCE {
            ask::compare(&client, &verdict.path, &epoch_id, &listed).await?
        } else {
            Compared::unasked(epoch_id)
        };
        unanswered = if compared.has_no_worker {
            unanswered + 1
        } else {
            0
        };
        verdict.epochs.push(compared);
    }
    verdict.is_complete = true;
    Ok(())
}

/// What comes of it: findings are told first, whatever else there is.
fn conclude(verdict: &Verdict, failure: Option<Failure>) -> Answer {
    let findings = verdict.findings();
    let first = findings.first().map(|found| found.what.clone());
    let count = findings.len();
    let unheard = verdict.epochs.iter().filter(|epoch| epoch.has_no_worker);
    let unheard = unheard.count();
    let mut report = verdict.report()?;
    if let Some(first) = first {
        if let Some(failure) = failure {
            let notice = format!(
                "the epochs were not asked for their part: {}: {}",
                failure.what, failure.why
            );
            report.notices.push(notice);
        }
        let found = match count {
            1 => "1 finding".to_owned(),
            more => format!("{more} findings"),
        };
        return Err(Failure::unmet(
            "audit_findings",
            format!("{found} in the audit trail"),
            first,
            "find out who wrote to the file besides aurad; aura-msg audit list --from-epoch tells \
             an epoch's own events, and a backup of the file has the rows",
            report,
        ));
    }
    if let Some(failure) = failure {
        return Err(failure.with_report(report));
    }
    if unheard > 0 {
        let failure = Failure::new(
            Kind::NotConfirmed,
            "not_compared",
            "the audit trail could not be compared with all of its epochs",
            format!("no worker answered for {unheard} of them"),
            "nothing was found so far; what these epochs would say is not known",
            "start aurad, and verify again; --offline recomputes the chain alone",
        );
        return Err(failure.with_report(report));
    }
    Ok(report)
}

fn nothing_to_compare() -> Failure {
    Failure::new(
        Kind::Configuration,
        "nothing_to_compare",
        "there is no second trail to compare the epochs with",
        "with audit_trail = temporal the epochs themselves are the trail",
        "nothing was verified",
        "name a file with --db, such as that of an aurad with a sqlite trail",
    )
}
