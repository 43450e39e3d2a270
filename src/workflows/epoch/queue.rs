//! What waits to be done, first in, first out, in groups: what one activation brought is
//! one group, and is done before what a later one brings.
//!
//! A replay has to ask for the same things in the same order, although it may be told
//! earlier that an audit write is done: where a query is answered meanwhile, the server
//! records the write in one task and the workflow hears of it in the next, after the
//! messages of that task; a replay hears of it in the first. So nothing here depends on
//! what has come in since: a group is closed once its activation is over or it has begun,
//! its rows are written together and without those of others, and what it shows is what
//! there was to show when it came.

use std::collections::VecDeque;

use super::pump::Row;
use crate::contract::attributes::Shown;
use crate::protocol::Timestamp;
use crate::protocol::effect::{Effect, Ending};
use crate::telemetry::metrics::Stopwatch;
use crate::telemetry::trace::Origin;

/// Events of one write, and their bytes: well under the server's limit for a payload.
pub(super) const BATCH: usize = 200;
pub(super) const BATCH_BYTES: usize = 400_000;

/// By what a group came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The beginning of the run; its first messages are of the same activation.
    Start,
    /// Messages.
    Messages,
    /// The workflow itself.
    Own,
}

/// What is to be done next.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Nothing.
    Nothing,
    /// Show these attributes.
    Publish(Vec<Shown>),
    /// Write these rows, which came at this moment.
    Write(Vec<Row>, Timestamp),
    /// Do something about a child.
    Perform(Effect),
    /// Close the execution, once the rows handed over before are written.
    Finish(Ending),
}

/// The groups that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    groups: VecDeque<Group>,
    /// When what is added now was received, if that was here and not in a replay.
    pub(super) received: Option<Stopwatch>,
    /// The same of what was handed out last.
    pub(super) since: Option<Stopwatch>,
    /// Which trace what is added now is part of, where spans are wanted.
    pub(super) origin: Option<Origin>,
    /// The same of what was handed out last.
    pub(super) under: Option<Origin>,
}

#[derive(Debug)]
struct Group {
    cause: Cause,
    at: Timestamp,
    begun: bool,
    received: Option<Stopwatch>,
    origin: Option<Origin>,
    attributes: Vec<Shown>,
    rows: VecDeque<Row>,
    effects: VecDeque<Effect>,
}

impl Queue {
    /// Adds what came about: rows, other effects, and what is to be shown now if that is
    /// among them.
    pub(super) fn add(
        &mut self,
        cause: Cause,
        at: Timestamp,
        rows: Vec<Row>,
        effects: Vec<Effect>,
        attributes: impl FnOnce() -> Vec<Shown>,
    ) {
        if rows.is_empty() && effects.is_empty() {
            return;
        }
        let group = self.open(cause, at);
        group.rows.extend(rows);
        for effect in effects {
            // Showing the attributes once shows all that the activation has changed.
            if effect != Effect::PublishAttributes || !group.effects.contains(&effect) {
                group.effects.push_back(effect);
            }
        }
        if group.effects.contains(&Effect::PublishAttributes) {
            group.attributes = attributes();
        }
    }

    /// The last group if it is still open for this, otherwise a new one.
    fn open(&mut self, cause: Cause, at: Timestamp) -> &mut Group {
        let joins = self.groups.back().is_some_and(|last| {
            !last.begun
                && match last.cause {
                    Cause::Start => cause != Cause::Own,
                    Cause::Messages | Cause::Own => last.cause == cause && last.at == at,
                }
        });
        if !joins {
            self.groups.push_back(Group {
                cause,
                at,
                begun: false,
                received: self.received,
                origin: self.origin.clone(),
                attributes: Vec::new(),
                rows: VecDeque::new(),
                effects: VecDeque::new(),
            });
        }
        let last = self.groups.len() - 1;
        let group = &mut self.groups[last];
        if group.cause != cause {
            (group.cause, group.at) = (cause, at);
        }
        group
    }

    /// Whether `next` has something; closing has to wait until the trail `is_written`.
    pub(super) fn has_work(&self, is_written: bool) -> bool {
        match self.groups.front() {
            None => false,
            Some(group) => !group.only_finishes() || is_written || self.groups.len() > 1,
        }
    }

    /// Whether there is something to do that came before this moment.
    pub(super) fn has_work_from_before(&self, at: Timestamp, is_written: bool) -> bool {
        let mut before = self.groups.iter().filter(|group| group.at < at);
        before.any(|group| !group.is_done() && (!group.only_finishes() || is_written))
    }

    /// Takes out what is to be done next.
    pub(super) fn next(&mut self, is_written: bool) -> Step {
        loop {
            let later = self.groups.len() > 1;
            let Some(group) = self.groups.front_mut() else {
                return Step::Nothing;
            };
            group.begun = true;
            self.since = group.received;
            self.under.clone_from(&group.origin);
            match group.effects.front() {
                Some(Effect::PublishAttributes) => {
                    group.effects.pop_front();
                    return Step::Publish(std::mem::take(&mut group.attributes));
                }
                _ if !group.rows.is_empty() => return Step::Write(group.batch(), group.at),
                Some(Effect::Finish(_)) if later => {
                    // What came while it waited has rows that must be written first.
                    let finish = group.effects.pop_front();
                    if let Some(last) = self.groups.back_mut() {
                        last.effects.extend(finish);
                    }
                }
                Some(Effect::Finish(ending)) => {
                    let ending = *ending;
                    if !is_written {
                        return Step::Nothing;
                    }
                    return Step::Finish(ending);
                }
                Some(_) => {
                    if let Some(effect) = group.effects.pop_front() {
                        return Step::Perform(effect);
                    }
                }
                None => {
                    self.groups.pop_front();
                }
            }
        }
    }

    /// Encoded bytes of the rows whose turn has not begun.
    pub(super) fn bytes(&self) -> usize {
        let waiting = self.groups.iter().filter(|group| !group.begun);
        waiting
            .flat_map(|group| &group.rows)
            .map(|row| row.bytes)
            .sum()
    }

    /// Rows that wait.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    /// Other effects that wait, in order; those that only show the attributes once.
    pub(super) fn effects(&self) -> Vec<&Effect> {
        let mut effects: Vec<&Effect> = Vec::new();
        for effect in self.groups.iter().flat_map(|group| &group.effects) {
            if *effect != Effect::PublishAttributes || !effects.contains(&effect) {
                effects.push(effect);
            }
        }
        effects
    }
}

impl Group {
    fn is_done(&self) -> bool {
        self.rows.is_empty() && self.effects.is_empty()
    }

    fn only_finishes(&self) -> bool {
        self.rows.is_empty() && matches!(self.effects.front(), Some(Effect::Finish(_)))
    }

    /// As many of its rows as one write takes.
    fn batch(&mut self) -> Vec<Row> {
        let mut bytes = 0;
        let fits = |row: &&Row| {
            bytes += row.bytes;
            bytes <= BATCH_BYTES
        };
        let count = self.rows.iter().take(BATCH).take_while(fits).count();
        self.rows.drain(..count.max(1)).collect()
    }
}

#[cfg(test)]
mod tests;
