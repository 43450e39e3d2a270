//! Asking epochs for their audit events, for a trail that they keep themselves. It blocks
//! the calling thread, as trails do.

use std::time::Duration;

use temporalio_client::Client;
use temporalio_client::tonic::{Code, Status};
use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads};
use temporalio_common::protos::temporal::api::query::v1::WorkflowQuery;
use tokio::runtime::Handle;

use super::server::query_run;
use crate::audit::{Epochs, Error};
use crate::contract::audit::{AuditPage, AuditRequest};
use crate::contract::names::query;

/// How long an epoch may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The epochs of a namespace.
#[derive(Clone)]
pub struct EpochsOf {
    client: Client,
    runtime: Handle,
}

impl EpochsOf {
    /// The epochs that this client reaches. Call it inside the runtime that it is used in.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            runtime: Handle::current(),
        }
    }

    async fn ask(&self, epoch_id: &str, run_id: &str, from: u64) -> Result<Payload, Status> {
        // The contract's types always serialize.
        let data = serde_json::to_vec(&AuditRequest { from }).unwrap_or_default();
        let metadata = [("encoding".to_owned(), b"json/plain".to_vec())];
        let argument = Payload {
            metadata: metadata.into_iter().collect(),
            data,
            ..Payload::default()
        };
        let query = WorkflowQuery {
            query_type: query::AUDIT_EVENTS.to_owned(),
            query_args: Some(Payloads {
                payloads: vec![argument],
            }),
            ..WorkflowQuery::default()
        };
        let run = (epoch_id, run_id);
        let asked = query_run(&self.client, run, query, Some(PATIENCE));
        tokio::time::timeout(PATIENCE, asked)
            .await
            .map_err(|_| Status::deadline_exceeded("no worker answered in time"))?
    }
}

impl Epochs for EpochsOf {
    fn page(&self, epoch_id: &str, run_id: &str, from: u64) -> Result<Option<AuditPage>, Error> {
        let fail = |detail: String| Error::Epoch {
            epoch_id: epoch_id.to_owned(),
            detail,
        };
        match self.runtime.block_on(self.ask(epoch_id, run_id, from)) {
            Ok(answer) => serde_json::from_slice(&answer.data)
                .map(Some)
                .map_err(|error| fail(format!("its answer cannot be read: {error}"))),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(fail(status.message().to_owned())),
        }
    }
}
