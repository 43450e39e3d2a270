//! Reviewers that are commands: who is asked, and what their answers mean. An answer is one
//! line of JSON, the last of the output; whatever else a command does is no vote.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use temporalio_sdk::activities::{ActivityContext, ActivityError};

use super::host::{Command, CommandHost};
use crate::contract::command::{ReviewAnswer, ReviewOrder, ReviewSettings, ReviewerFinding};
use crate::contract::object;
use crate::protocol::limits::{LONG_TEXT, TEXT, head};
use crate::protocol::vote::VoteType;
use crate::protocol::{RoleId, Word};
use crate::runner::{Ended, How, HowEnded};

/// Findings that one answer may have.
const FINDINGS: usize = 50;

/// What the operator has set.
pub(super) fn settings(host: &CommandHost) -> ReviewSettings {
    let seconds = |time: Option<Duration>| time.map(|time| time.as_secs());
    ReviewSettings {
        deadline_s: seconds(host.review.deadline),
        remind_every_s: seconds(host.review.remind_every),
        runners: host.review.runners.clone(),
        timeout_s: host.review.timeout.as_secs(),
        queue: host.queue.clone(),
        host_timeout_s: host.host_timeout.as_secs().max(1),
    }
}

/// Has a runner judge an axis.
pub(super) async fn execute(
    host: &Arc<CommandHost>,
    ctx: &ActivityContext,
    order: ReviewOrder,
) -> Result<ReviewAnswer, ActivityError> {
    let runner = match host.runner(&order.runner) {
        Ok(runner) => runner,
        Err(why) => return Ok(no_vote(format!("runner_unknown: {why}"))),
    };
    let axis = order.axis.word();
    let (workflow_id, run_id) = super::caller(ctx);
    let command = Command {
        key: host.key(workflow_id, axis),
        run: format!("{run_id}/{}", order.attempt),
        owner: workflow_id.to_owned(),
        how: How::Subprocess,
        limit: Duration::from_secs(order.timeout_s.max(1)),
        input: request(&order).into_bytes(),
        variables: BTreeMap::from([
            ("AURA_EPOCH_ID", order.epoch_id.clone()),
            ("AURA_PHASE", order.phase.word().to_owned()),
            ("AURA_ROLE", RoleId::Reviewer.word().to_owned()),
            ("AURA_ROUND", order.round.to_string()),
            ("AURA_AXIS", axis.to_owned()),
        ]),
    };
    let done = host.run(ctx, runner, command).await?;
    Ok(match done.ended {
        Ok(ended) => answer(&ended),
        Err(why) => no_vote(why),
    })
}

/// What a reviewer reads.
fn request(order: &ReviewOrder) -> String {
    let ReviewOrder {
        epoch_id,
        phase,
        round,
        axis,
        request,
        ..
    } = order;
    format!(
        "Review {phase} of epoch {epoch_id}, round {round}: judge its {axis}.\n\
         End your output with one line of JSON: {{\"vote\": \"ACCEPT\" or \"REVISE\", \
         \"comment\": \"...\", \"findings\": [{{\"severity\": \"BLOCKER\", \"IMPORTANT\" or \
         \"MINOR\", \"slice_id\": null, \"summary\": \"...\"}}]}}\n\n{request}"
    )
}

#[derive(Deserialize)]
struct Said {
    vote: String,
    #[serde(default)]
    comment: String,
    #[serde(default)]
    findings: Vec<ReviewerFinding>,
}

/// What a command's end means.
fn answer(ended: &Ended) -> ReviewAnswer {
    let log = ended.log.display();
    match ended.how {
        HowEnded::Exited(0) => {}
        HowEnded::Exited(status) => {
            return no_vote(format!(
                "it ended with exit status {status}; its log is {log}"
            ));
        }
        HowEnded::Signalled(signal) => {
            return no_vote(format!("it was ended by signal {signal}; its log is {log}"));
        }
        HowEnded::TimedOut => return no_vote(format!("it took too long; its log is {log}")),
        HowEnded::Stopped(_) | HowEnded::Left(_) => {
            return no_vote("it was told to stop".to_owned());
        }
    }
    read(&ended.output).unwrap_or_else(|why| no_vote(format!("{why}; its log is {log}")))
}

/// Reads the last line of an output.
fn read(output: &str) -> Result<ReviewAnswer, String> {
    let last = output.trim_end().lines().next_back().unwrap_or_default();
    let Said {
        vote,
        comment,
        findings,
    } = object::read(last.trim().as_bytes())
        .map_err(|error| format!("its last line is no answer ({error})"))?;
    let vote: VoteType = vote.to_ascii_uppercase().parse().map_err(|_| {
        format!(
            "it votes neither ACCEPT nor REVISE but '{}'",
            head(&vote, 100)
        )
    })?;
    let cut = |finding: ReviewerFinding| ReviewerFinding {
        summary: head(&finding.summary, TEXT).to_owned(),
        slice_id: finding.slice_id.map(|id| head(&id, TEXT).to_owned()),
        ..finding
    };
    Ok(ReviewAnswer {
        vote: Some(vote),
        comment: head(&comment, LONG_TEXT).to_owned(),
        findings: findings.into_iter().take(FINDINGS).map(cut).collect(),
        problem: None,
    })
}

fn no_vote(why: String) -> ReviewAnswer {
    ReviewAnswer {
        problem: Some(why),
        ..ReviewAnswer::default()
    }
}

#[cfg(test)]
mod tests;
