//! Queries: asked, and answered by workers.

use std::sync::Arc;
use std::time::Duration;

use temporalio_common::protos::temporal::api::query::v1::QueryRejected;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    QueryWorkflowRequest, QueryWorkflowResponse, RespondQueryTaskCompletedRequest,
    RespondQueryTaskCompletedResponse,
};
use tokio::time::{Instant, sleep_until};

use super::{Context, limits};
use crate::embedded::engine::{Answer, Asked, QueryAnswer, Refusal, Token};
use crate::embedded::service::Service;

/// How often it is looked whether a worker has had a query for too long.
const LOOK: Duration = Duration::from_secs(1);

/// How long an asker waits that does not say.
const LONGEST: Duration = Duration::from_secs(30);

pub(super) async fn query(
    context: Context,
    request: QueryWorkflowRequest,
) -> Answer<QueryWorkflowResponse> {
    let args = request
        .query
        .as_ref()
        .and_then(|query| query.query_args.as_ref());
    limits::check(args)?;
    let service = &context.service;
    let (asked, seq) = service.transact(|engine, transaction| -> Answer<_> {
        let asked = engine.ask(transaction, request)?;
        let told = match &asked {
            Asked::Waits { id, .. } => Some((*id, service.hub().query(*id))),
            Asked::Rejected(_) => None,
        };
        Ok((asked, told))
    })?;
    // A refusal may rest on what is not on the disk yet, too.
    service.wait(seq).await?;
    let (asked, told) = asked?;
    let (sticky, Some((id, mut told))) = (
        match asked {
            Asked::Waits { sticky, .. } => sticky,
            Asked::Rejected(status) => {
                return Ok(QueryWorkflowResponse {
                    query_rejected: Some(QueryRejected { status }),
                    ..Default::default()
                });
            }
        },
        told,
    ) else {
        return Err(Refusal::internal("a query waits without a number"));
    };
    let guard = Asker {
        service: Arc::clone(service),
        id,
    };
    let now = Instant::now();
    let longest = now + LONGEST;
    // Whose time is over is cut off by the transport; until then an answer may still come.
    let until = context.deadline.unwrap_or(longest);
    // A worker's own queue may be that of a worker that hangs.
    let mut patience = sticky
        .and_then(|nanos| u64::try_from(nanos).ok())
        .map(|nanos| now + Duration::from_nanos(nanos));
    let mut look = now + LOOK;
    let result = loop {
        let redirect = patience.unwrap_or(until);
        tokio::select! {
            answer = &mut told => break answer.map_err(|_| gone())??,
            () = sleep_until(until) => return Err(timed_out()),
            () = sleep_until(redirect), if patience.is_some() => {
                patience = None;
                service.transact(|engine, transaction| engine.redirect_query(transaction, id))?;
            }
            () = sleep_until(look) => {
                look += LOOK;
                service.transact(|engine, transaction| engine.offer_query_again(transaction, id))?;
            }
            () = service.stopping() => return Err(gone()),
        }
    };
    drop(guard);
    Ok(QueryWorkflowResponse {
        query_result: result,
        ..Default::default()
    })
}

fn gone() -> Refusal {
    Refusal::unavailable("the engine is stopping")
}

fn timed_out() -> Refusal {
    Refusal::deadline("no worker answered the query in time")
}

/// Somebody who waits for an answer; when they go, so does the query.
struct Asker {
    service: Arc<Service>,
    id: u64,
}

impl Drop for Asker {
    fn drop(&mut self) {
        self.service.hub().forget_query(self.id);
        // An engine that is broken has no use for this either.
        let _broken = self
            .service
            .transact(|engine, _| engine.forget_query(self.id));
    }
}

pub(super) async fn respond(
    context: Context,
    request: RespondQueryTaskCompletedRequest,
) -> Answer<RespondQueryTaskCompletedResponse> {
    let token = Token::read(&request.task_token)?;
    let answer = QueryAnswer {
        kind: request.completed_type,
        result: request.query_result,
        error: request.error_message,
        failure: request.failure,
    };
    context
        .service
        .commit(|engine, transaction| {
            engine.put_query_down(token.run, token.query);
            engine.answer_query(transaction, token.query, answer)
        })
        .await?;
    Ok(RespondQueryTaskCompletedResponse {})
}
