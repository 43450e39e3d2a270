//! An epoch for people: a drawing of its phases, then what there is of everything, and
//! last what comes next. Times are told by how long ago they were.

use super::{Place, Seen};
use crate::cli::commands::session::list::is_stale;
use crate::cli::commands::slice;
use crate::cli::commands::{finding, session};
use crate::cli::output::one_line;
use crate::cli::table;
use crate::contract::query::MoreState;
use crate::protocol::vote::ReviewAxis;
use crate::protocol::{PhaseId, Word};

/// As much of what was asked for as a line has room for.
const REQUEST: usize = 100;

impl Seen<'_> {
    /// Its lines.
    pub(in crate::cli::commands::epoch) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("Epoch:    {}", self.epoch_id)];
        if let Some(request) = self.request() {
            lines.push(format!("Request:  {request}"));
        }
        lines.push(format!("Status:   {}", self.status_line()));
        lines.push(format!("Phases:   {}", self.pipeline()));
        lines.push(format!("Phase:    {}", self.phase()));
        lines.push(format!("Role:     {}", self.state.current_role));
        lines.extend(self.votes());
        if let Some(more) = &self.state.more {
            lines.extend(self.parts(more));
        } else {
            lines.push(format!("Sessions: {}", self.state.active_session_count));
        }
        lines.extend(self.refusal());
        let next = self.next().lines(self.epoch_id);
        let mut next = next.into_iter();
        lines.extend(next.next().map(|first| format!("Next:     {first}")));
        lines.extend(next);
        // Texts of others are among them, and must not pass for lines of ours.
        lines.iter().map(|line| one_line(line)).collect()
    }

    fn request(&self) -> Option<String> {
        let text = &self.state.more.as_ref()?.description;
        let line = text.lines().find(|line| !line.trim().is_empty())?;
        let line = table::fitted(line.trim(), Some(REQUEST));
        let goes_on = text.trim().lines().count() > 1 && !line.ends_with('…');
        Some(if goes_on { format!("{line} …") } else { line })
    }

    fn status_line(&self) -> String {
        let started = self.state.more.as_ref().and_then(|more| more.started_at);
        match started {
            Some(at) => {
                let ago = table::before(at, self.now);
                format!("{}, started {ago} ago", self.status())
            }
            None => self.status(),
        }
    }

    /// Twelve phases in one line.
    fn pipeline(&self) -> String {
        let drawn: Vec<String> = PhaseId::specs()
            .iter()
            .map(|spec| format!("{}{}", Place::of(spec.id, self.state).sign(), spec.id))
            .collect();
        drawn.join(" ")
    }

    fn phase(&self) -> String {
        let phase = self.state.current_phase;
        let name = phase.spec().map_or_else(
            || "complete".to_owned(),
            |spec| format!("{phase} {} ({})", spec.title, spec.domain),
        );
        let more = self.state.more.as_ref();
        match more.and_then(|more| more.review_round.as_ref()) {
            Some(round) => format!("{name}, review round {}", round.round),
            None => name,
        }
    }

    /// In a review every axis; elsewhere the votes there are, which don't count.
    fn votes(&self) -> Vec<String> {
        let is_review = self.state.current_phase.is_review();
        if !is_review && self.state.votes.is_empty() {
            return Vec::new();
        }
        let more = self.state.more.as_ref();
        let round = more.and_then(|more| more.review_round.as_ref());
        let longest = ReviewAxis::WORDS.iter().map(|word| word.len()).max();
        let width = longest.unwrap_or(0);
        let mut lines = vec![if is_review {
            "Votes:".to_owned()
        } else {
            "Votes, not counted in this phase:".to_owned()
        }];
        for axis in ReviewAxis::ALL {
            let told = match self.state.votes.get(axis) {
                Some(vote) => {
                    let cast = round.and_then(|round| round.cast.get(axis));
                    let by = cast.map(|cast| {
                        let ago = table::before(cast.at, self.now);
                        match cast.reviewer_id.as_str() {
                            "" => format!(", {ago} ago"),
                            by => format!(" by {by}, {ago} ago"),
                        }
                    });
                    format!("{vote}{}", by.unwrap_or_default())
                }
                None if !is_review => continue,
                None => match round.and_then(|round| round.missed.get(axis)) {
                    Some(missed) => format!("missing: {} did not vote", missed.reviewer_id),
                    None => "missing".to_owned(),
                },
            };
            lines.push(format!("  {:<width$}  {told}", axis.word()));
        }
        lines
    }

    fn parts(&self, more: &MoreState) -> Vec<String> {
        let indented = |lines: Vec<String>| {
            let width = table::terminal_width();
            lines
                .into_iter()
                .map(move |line| table::fitted(&format!("  {line}"), width))
        };
        let mut lines = Vec::new();

        let open: Vec<_> = more
            .findings
            .iter()
            .filter(|found| found.resolution.is_none())
            .collect();
        lines.push(match more.findings.len() {
            0 => "Findings: none".to_owned(),
            all => format!(
                "Findings: {all}, {} open, {} of them BLOCKER",
                open.len(),
                more.blocker_count
            ),
        });
        if !open.is_empty() {
            lines.extend(indented(finding::list::lines(&open, self.now)));
        }

        let settled = more
            .slices
            .iter()
            .filter(|slice| slice.state.is_settled())
            .count();
        lines.push(match more.slices.len() {
            0 => "Slices:   none".to_owned(),
            all => format!("Slices:   {settled} of {all} settled"),
        });
        let rows: Vec<Vec<String>> = more
            .slices
            .iter()
            .map(|slice| {
                vec![
                    slice.slice_id.clone(),
                    slice.state.to_string(),
                    slice.attempt.to_string(),
                    table::before(slice.changed_at, self.now),
                    slice::list::note(slice, self.state.current_phase, more),
                ]
            })
            .collect();
        if !rows.is_empty() {
            let head = ["SLICE", "STATE", "RUNS", "SINCE", "NOTE"];
            lines.extend(indented(table::lines(&head, rows)));
        }

        let stale = more
            .sessions
            .iter()
            .filter(|session| is_stale(session, self.now))
            .count();
        lines.push(match self.state.active_session_count {
            0 => "Sessions: none".to_owned(),
            all => format!("Sessions: {all}, {stale} stale"),
        });
        if !more.sessions.is_empty() {
            lines.extend(indented(session::list::lines(&more.sessions, self.now)));
        }
        lines.push(format!(
            "Moves:    {} of {} tries; {} constraint violations noted",
            more.successful_transition_count,
            more.transition_count,
            more.constraint_violations_total
        ));
        lines
    }

    /// The last refusal, whatever it was of.
    fn refusal(&self) -> Vec<String> {
        let more = self.state.more.as_ref();
        let Some(refusal) = more.and_then(|more| more.last_refusal.as_ref()) else {
            let error = self.state.last_error.as_ref();
            return error
                .map(|error| format!("Refused:  {error}"))
                .into_iter()
                .collect();
        };
        let at = more.and_then(|more| more.refusals.last());
        let when = at.map(|last| {
            let by = last.actor.as_deref().filter(|actor| !actor.is_empty());
            let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
            format!("{} ago{by}: ", table::before(last.at, self.now))
        });
        vec![
            format!("Refused:  {}{}", when.unwrap_or_default(), refusal.what),
            format!("  why: {}", refusal.why),
            format!("  impact: {}", refusal.impact),
            format!("  fix: {}", refusal.fix),
        ]
    }
}
