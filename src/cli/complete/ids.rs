//! The ids that only a server knows: of open epochs, and of an epoch's slices. A script
//! made with `--dynamic` asks for them while somebody types, so they come within a second
//! or not at all, and whatever goes wrong is silence.
//!
//! It leaves out how a shell shows them; that is `dynamic`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Arg, CommandFactory, FromArgMatches, Parser};

use crate::cli::args::{Common, EpochArgs};
use crate::cli::caught;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::client::Wanted;
use crate::config::Env;
use crate::protocol::words::words;
use crate::protocol::{UnknownWord, Word};

/// What scripts call. Nobody types it, and so it is no command.
pub(super) const CALL: &str = "__complete";

/// The whole time there is, however long a command may take otherwise.
const LIMIT: Duration = Duration::from_secs(1);

/// How many epochs are looked at, the latest first; servers give no more at once.
const EPOCHS: usize = 1_000;

words! {
    #[expect(unreachable_pub, reason = "the macro makes everything pub")]
    /// The kinds of ids.
    Kind as "kind of ids" {
        /// Those of open epochs.
        Epochs = "epoch-ids",
        /// Those of the slices of the epoch that is meant.
        Slices = "slice-ids",
    }
}

/// What a line may say that decides whom to ask, and for what.
#[derive(Debug, Parser)]
#[command(args_override_self = true)]
struct Line {
    #[command(flatten)]
    epoch: EpochArgs,
    #[command(flatten)]
    common: Common,
}

/// Whether it is a script that calls: `__complete KIND BEGINNING LINE…`, where the line is
/// what was typed before the word that is to be completed.
pub(in crate::cli) fn are_asked(words: &[OsString]) -> bool {
    words.get(1).is_some_and(|word| word == CALL)
}

/// Prints the ids that begin so, one a line, or nothing. The exit code says nothing either:
/// a shell would show it.
pub(in crate::cli) fn print(words: &[OsString], env: &dyn Env) -> ExitCode {
    let found = caught(|| find(words, env));
    if let Ok(Ok(ids)) = found
        && !ids.is_empty()
    {
        // The shell may have given up.
        let _ = writeln!(io::stdout(), "{}", ids.join("\n"));
    }
    ExitCode::SUCCESS
}

fn find(words: &[OsString], env: &dyn Env) -> Result<Vec<String>, Failure> {
    let word = |n: usize| words.get(n).and_then(|word| word.to_str());
    let wrong = |error: UnknownWord| Failure::internal(error.to_string());
    let kind = Kind::from_word(word(2).unwrap_or_default()).map_err(wrong)?;
    let beginning = word(3).unwrap_or_default();
    let line = Line::read(words.get(4..).unwrap_or_default())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::internal)?;
    let asking = runtime.block_on(async {
        // It counts here, too, whatever the client waits for that has no deadline.
        tokio::time::timeout(LIMIT, line.ask(kind, env)).await
    });
    // A name that is still being looked up is not waited for.
    runtime.shutdown_background();
    let mut ids = asking.map_err(Failure::internal)??;
    ids.retain(|id| id.starts_with(beginning) && !id.contains(char::is_control));
    Ok(ids)
}

impl Line {
    /// Reads what was typed, as far as it matters here. The rest, wrong words among it, is
    /// the command's business.
    fn read(line: &[OsString]) -> Result<Self, Failure> {
        let mut command = Self::command();
        command.build();
        let mut kept = vec![OsString::from("aura-msg")];
        let mut words = line.iter();
        while let Some(word) = words.next() {
            let text = word.to_str().unwrap_or_default();
            let (flag, joined) = match text.split_once('=') {
                Some((flag, _)) => (flag, true),
                None => (text, false),
            };
            let mut known = command.get_arguments();
            let Some(arg) = known.find(|arg| is_spelled(arg, flag)) else {
                continue;
            };
            let value = if joined || !arg.get_action().takes_values() {
                None
            } else if let Some(value) = words.next() {
                Some(value)
            } else {
                // Its value is what is being typed.
                break;
            };
            kept.push(word.clone());
            kept.extend(value.cloned());
        }
        let matches = command.try_get_matches_from(kept);
        matches
            .and_then(|matches| Self::from_arg_matches(&matches))
            .map_err(Failure::internal)
    }

    async fn ask(self, kind: Kind, env: &dyn Env) -> Result<Vec<String>, Failure> {
        // Nobody watches.
        let progress = Progress::of(None);
        let mut context = Context::new(self.common, env, &progress)?;
        let limit = &mut context.settings.timeout.value;
        *limit = LIMIT.min(*limit);
        match kind {
            Kind::Epochs => {
                let client = context.connect().await?;
                let (epochs, _) = client.list(&Wanted::default(), EPOCHS).await?;
                Ok(epochs.into_iter().map(|epoch| epoch.epoch_id).collect())
            }
            Kind::Slices => {
                let epoch = context.epoch_id(&self.epoch)?;
                let state = context.connect().await?.state(&epoch).await?;
                let slices = state.more.map(|more| more.slices).unwrap_or_default();
                Ok(slices.into_iter().map(|slice| slice.slice_id).collect())
            }
        }
    }
}

/// Whether this is how the flag is written, as help shows it.
fn is_spelled(arg: &Arg, word: &str) -> bool {
    let longs = arg.get_long_and_visible_aliases().unwrap_or_default();
    match (word.strip_prefix("--"), word.strip_prefix('-')) {
        (Some(long), _) => longs.contains(&long),
        (None, Some(short)) => arg.get_short().is_some_and(|it| short == it.to_string()),
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::Line;

    fn read(line: &str) -> Line {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        Line::read(&words).unwrap_or_else(|failure| panic!("{line}: {failure:?}"))
    }

    #[test]
    fn a_line_says_whom_to_ask_and_the_rest_of_it_is_passed_over() {
        let line = read(
            "aura-msg slice show --nonsense --address a:1 --server-address=b:2 -n team --tls \
             --reason --epoch-id e --slice-id",
        );
        assert_eq!(line.common.address.as_deref(), Some("b:2"));
        assert_eq!(line.common.namespace.as_deref(), Some("team"));
        assert_eq!(line.epoch.epoch_id.as_deref(), Some("e"));
    }

    #[test]
    fn a_flag_whose_value_is_being_typed_says_nothing_yet() {
        let line = read("aura-msg query state --epoch-id e --address");
        assert_eq!(line.common.address, None);
        assert_eq!(line.epoch.epoch_id.as_deref(), Some("e"));
        assert_eq!(read("").epoch.epoch_id, None);
        assert_eq!(read("- -- = --= -n").common.namespace, None);
    }
}
