//! Words of a command that are declared when the command is the one that was called: each
//! call of `aura-msg` would otherwise declare those of all commands, a thousand flags, which
//! takes longer than the rest of a small command.

use clap::builder::Resettable;
use clap::error::Error;
use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::Common;

/// What a command is called with.
pub(in crate::cli) type Words<T> = Deferred<With<T>>;

/// A command's own words, and those that every command has.
#[derive(Debug, Args)]
pub struct With<T: Args> {
    #[command(flatten)]
    pub(in crate::cli) own: T,
    #[command(flatten)]
    pub(in crate::cli) common: Common,
}

/// Declared on demand: a command that has them gets them as clap builds it.
#[derive(Debug)]
pub struct Deferred<T>(pub(in crate::cli) T);

/// Declares the words. What the command says of itself stays: their own comment is for who
/// reads the code.
pub(in crate::cli) fn declare<T: Args>(command: Command) -> Command {
    let about = Resettable::from(command.get_about().cloned());
    let long_about = Resettable::from(command.get_long_about().cloned());
    T::augment_args(command).about(about).long_about(long_about)
}

impl<T: Args> Args for Deferred<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(declare::<T>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        command.defer(T::augment_args_for_update)
    }
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
