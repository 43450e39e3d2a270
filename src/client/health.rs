//! What a server tells of itself, of its namespace and of who works for it. Nothing here
//! changes anything on it, and nothing is judged.

use std::time::{Duration, Instant, SystemTime};

use temporalio_client::tonic::metadata::MetadataMap;
use temporalio_client::tonic::{Response, Status};
use temporalio_common::protos::temporal::api::enums::v1::{IndexedValueType, TaskQueueType};
use temporalio_common::protos::temporal::api::operatorservice::v1::ListSearchAttributesRequest;
use temporalio_common::protos::temporal::api::taskqueue::v1::{PollerInfo, TaskQueue};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceRequest, DescribeTaskQueueRequest, GetSystemInfoRequest,
};

use super::call::Client;
use super::error::Error;
use super::list::moment;
use super::status::{Meaning, meaning};
use crate::contract::attributes::{self, Kind};
use crate::contract::time::WireTime;
use crate::protocol::Timestamp;

/// A server that has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSeen {
    /// Its version, as it says it.
    pub version: String,
    /// How long it took to answer.
    pub latency: Duration,
    /// Its clock, if its answers tell a time: those that come through a proxy mostly do.
    pub clock: Option<Clock>,
}

/// Two clocks, read at about the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The server's, in whole seconds.
    pub server: WireTime,
    /// This machine's, between question and answer.
    pub here: WireTime,
}

/// A namespace that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceSeen {
    /// How long closed workflows are kept, if it says.
    pub retention: Option<Duration>,
}

/// A search attribute of aura's, as the namespace knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeSeen {
    /// Its name.
    pub name: &'static str,
    /// The type it should have.
    pub wanted: Kind,
    /// The type it has; none where the namespace does not know it.
    pub found: Option<String>,
}

/// Which tasks a worker asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tasks {
    /// To carry workflows on.
    Workflow,
    /// To carry out what they ask for.
    Activity,
}

/// Somebody who asks a task queue for tasks. A server remembers it for some minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poller {
    /// What it calls itself.
    pub identity: String,
    /// When it asked last, by the server's clock.
    pub asked_at: Option<WireTime>,
    /// What it was built from, if it says.
    pub build_id: Option<String>,
}

impl Client {
    /// Asks a server what it is, and looks at its clock.
    pub async fn server(&self) -> Result<ServerSeen, Error> {
        let mut service = self.service();
        let (asked, asked_at) = (Instant::now(), SystemTime::now());
        let call = service.get_system_info(self.request(GetSystemInfoRequest::default()));
        let answer = match tokio::time::timeout(self.deadline.left(), call).await {
            Ok(answer) => answer.map_err(|status| self.called(status))?,
            Err(_) => return Err(self.silent(&Status::deadline_exceeded("no answer in time"))),
        };
        let latency = asked.elapsed();
        let clock = date(answer.metadata()).map(|server| Clock {
            server,
            here: here(asked_at + latency / 2),
        });
        Ok(ServerSeen {
            version: Response::into_inner(answer).server_version,
            latency,
            clock,
        })
    }

    /// Asks for the namespace.
    pub async fn namespace_seen(&self) -> Result<NamespaceSeen, Error> {
        let message = DescribeNamespaceRequest {
            namespace: self.namespace.clone(),
            ..Default::default()
        };
        let mut service = self.service();
        let answer = self
            .within(service.describe_namespace(self.request(message)))
            .await
            .map_err(|status| self.called(status))?;
        let retention = answer.config.and_then(|config| {
            let time = config.workflow_execution_retention_ttl?;
            u64::try_from(time.seconds).ok().map(Duration::from_secs)
        });
        Ok(NamespaceSeen { retention })
    }

    /// Asks which of aura's search attributes the namespace has.
    pub async fn attributes_seen(&self) -> Result<Vec<AttributeSeen>, Error> {
        let message = ListSearchAttributesRequest {
            namespace: self.namespace.clone(),
        };
        let mut operator = self.operator();
        let known = self
            .within(operator.list_search_attributes(self.request(message)))
            .await
            .map_err(|status| self.called(status))?
            .custom_attributes;
        let seen = attributes::ALL.into_iter().map(|(name, wanted)| {
            let found = known.get(name).map(|kind| kind_words(*kind));
            AttributeSeen {
                name,
                wanted,
                found,
            }
        });
        Ok(seen.collect())
    }

    /// Asks who has asked a task queue for tasks lately, whoever asked last first.
    pub async fn pollers(&self, queue: &str, tasks: Tasks) -> Result<Vec<Poller>, Error> {
        let kind = match tasks {
            Tasks::Workflow => TaskQueueType::Workflow,
            Tasks::Activity => TaskQueueType::Activity,
        };
        let message = DescribeTaskQueueRequest {
            namespace: self.namespace.clone(),
            task_queue: Some(TaskQueue {
                name: queue.to_owned(),
                ..Default::default()
            }),
            task_queue_type: kind as i32,
            ..Default::default()
        };
        let mut service = self.service();
        let answer = self
            .within(service.describe_task_queue(self.request(message)))
            .await
            .map_err(|status| self.called(status))?;
        let mut pollers: Vec<Poller> = answer.pollers.into_iter().map(Poller::from).collect();
        pollers.sort_by_key(|poller| std::cmp::Reverse(poller.asked_at));
        Ok(pollers)
    }

    /// What a status means of a call that is about no workflow.
    pub(super) fn called(&self, status: Status) -> Error {
        match meaning(&status) {
            Meaning::OutOfTime | Meaning::Busy => self.silent(&status),
            // There is nothing else that could not be found.
            Meaning::NotFound => Error::Server(status),
            _ => self.error("", status),
        }
    }
}

impl From<PollerInfo> for Poller {
    #[expect(deprecated, reason = "older servers have no other place for it")]
    fn from(info: PollerInfo) -> Self {
        let earlier = info.worker_version_capabilities.map(|of| of.build_id);
        let build_id = info.deployment_options.map(|of| of.build_id).or(earlier);
        Self {
            identity: info.identity,
            asked_at: info.last_access_time.map(|at| moment(at.seconds, at.nanos)),
            build_id: build_id.filter(|id| !id.is_empty()),
        }
    }
}

/// A type's name, as the server's command line takes it.
fn kind_words(kind: i32) -> String {
    IndexedValueType::try_from(kind)
        .map_or_else(|_| format!("type {kind}"), |kind| format!("{kind:?}"))
}

/// The time of an answer, if it tells one. HTTP has it in its headers; of gRPC nothing of
/// the kind is asked.
fn date(headers: &MetadataMap) -> Option<WireTime> {
    let text = headers.get("date")?.to_str().ok()?;
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(WireTime(Timestamp::from_micros(at.as_microsecond())))
}

fn here(at: SystemTime) -> WireTime {
    let since = at.duration_since(SystemTime::UNIX_EPOCH);
    let micros = since.unwrap_or_default().as_micros();
    WireTime(Timestamp::from_micros(
        i64::try_from(micros).unwrap_or(i64::MAX),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_an_answer_is_read_where_there_is_one() {
        let mut headers = MetadataMap::new();
        assert_eq!(date(&headers), None);
        headers.insert("date", "Thu, 26 Nov 2026 07:13:50 GMT".parse().unwrap());
        let read = date(&headers).map(|at| at.to_string());
        assert_eq!(read.as_deref(), Some("2026-11-26T07:13:50+00:00"));
        headers.insert("date", "now".parse().unwrap());
        assert_eq!(date(&headers), None);
    }

    #[test]
    fn a_type_is_called_as_it_would_be_typed() {
        assert_eq!(
            kind_words(IndexedValueType::KeywordList as i32),
            "KeywordList"
        );
        assert_eq!(kind_words(99), "type 99");
    }
}
