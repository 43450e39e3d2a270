//! Versions of workers: which one is current, and which did a task. Temporal's server alone
//! knows them.

use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::SetWorkerDeploymentCurrentVersionRequest;

use super::{LIMIT, NAMESPACE, Raw};
use crate::support::wait::eventually;

impl Raw {
    /// Makes a version the current one, once the server has heard of it.
    #[track_caller]
    pub fn set_current_version(&self, deployment: &str, build_id: &str) {
        let message = SetWorkerDeploymentCurrentVersionRequest {
            namespace: NAMESPACE.to_owned(),
            deployment_name: deployment.to_owned(),
            build_id: build_id.to_owned(),
            identity: "raw".to_owned(),
            ..Default::default()
        };
        let what = format!("{build_id} is current");
        eventually(&what, LIMIT, || {
            let mut service = self.service();
            let asking =
                service.set_worker_deployment_current_version(Request::new(message.clone()));
            self.runtime.block_on(asking).ok()
        });
    }

    /// The version that has done the last task of a workflow, as its history tells.
    #[track_caller]
    pub fn version_of_last_task(&self, id: &str) -> Option<String> {
        let history = self.history_with(id, EventType::WorkflowTaskCompleted);
        let mut completed = history
            .into_iter()
            .rev()
            .filter_map(|event| match event.attributes {
                Some(Attributes::WorkflowTaskCompletedEventAttributes(completed)) => {
                    Some(completed)
                }
                _ => None,
            });
        Some(completed.next()?.deployment_version?.build_id)
    }
}
