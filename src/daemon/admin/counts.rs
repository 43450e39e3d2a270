//! How many epochs and slices are open, which only the server knows. It is asked now and
//! then, never because somebody asks the endpoint: an index has its price.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use temporalio_client::Client;
use temporalio_client::tonic::{Request, Status};
use temporalio_common::protos::temporal::api::workflowservice::v1::CountWorkflowExecutionsRequest;
use tokio::time::{sleep, timeout};

use crate::contract::names::{self, search_attribute};
use crate::protocol::{PhaseId, Word};
use crate::telemetry::metrics::{self, names as metric};

/// How often.
const EVERY: Duration = Duration::from_secs(30);
/// After a failure.
const AGAIN: Duration = Duration::from_secs(10);
/// What one question may take, and the pause between two, so that the index has others'
/// questions in between.
const LIMIT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// Counts for as long as the runtime lives. After a failure the last numbers stay, with
/// the moment that they are of.
pub(super) async fn keep(client: Client) {
    loop {
        match count_all(&client).await {
            Ok(()) => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH);
                let now = now.unwrap_or_default().as_secs_f64();
                metrics::gauge(&metric::COUNTED, &[]).set(now);
                sleep(EVERY).await;
            }
            Err(why) => {
                metrics::counter(&metric::COUNT_FAILURES, &[]).increment();
                tracing::debug!(why, "open epochs could not be counted");
                sleep(AGAIN).await;
            }
        }
    }
}

/// Those that can be counted without search attributes come first.
async fn count_all(client: &Client) -> Result<(), String> {
    let open = |kind: &str| format!("WorkflowType = '{kind}' AND ExecutionStatus = 'Running'");
    let epochs = count(client, open(names::EPOCH_WORKFLOW)).await?;
    metrics::gauge(&metric::EPOCHS_OPEN, &[]).set(epochs);
    let slices = count(client, open(names::SLICE_WORKFLOW)).await?;
    metrics::gauge(&metric::SLICES_OPEN, &[]).set(slices);
    let mut by_phase = Vec::new();
    for phase in PhaseId::ALL {
        let query = format!(
            "{} AND {} = '{}'",
            open(names::EPOCH_WORKFLOW),
            search_attribute::PHASE,
            phase.word()
        );
        by_phase.push((phase.word(), count(client, query).await?));
    }
    // All or none: a page with a part of them would add up to nothing.
    for (phase, count) in by_phase {
        metrics::gauge(&metric::EPOCHS, &[phase]).set(count);
    }
    Ok(())
}

async fn count(client: &Client, query: String) -> Result<f64, String> {
    let request = CountWorkflowExecutionsRequest {
        namespace: client.options().namespace.clone(),
        query,
    };
    sleep(PAUSE).await;
    let mut service = client.connection().workflow_service();
    let asked = service.count_workflow_executions(Request::new(request));
    let told = |status: Status| format!("{}: {}", status.code(), status.message());
    let answer = timeout(LIMIT, asked).await;
    let answer = answer.map_err(|_| format!("no answer within {LIMIT:?}"))?;
    let count = answer.map_err(told)?.into_inner().count;
    Ok(u32::try_from(count).unwrap_or(u32::MAX).into())
}
