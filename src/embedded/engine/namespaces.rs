//! Namespaces, and the search attributes that each has. A namespace is there only if it was
//! registered.

use std::collections::{BTreeMap, HashMap};

use prost::Message;
use temporalio_common::protos::temporal::api::common::v1::SearchAttributes;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueueConfig;
use temporalio_common::protos::temporal::api::workflowservice::v1::DescribeNamespaceResponse;

use super::error::{Answer, Refusal};
use super::queue::{QueueKey, QueueKind};
use super::{Engine, Transaction};
use crate::embedded::store::Write;

/// Search attributes that the engine itself sets or knows.
const SYSTEM: [&str; 14] = [
    "WorkflowId",
    "RunId",
    "WorkflowType",
    "TaskQueue",
    "ExecutionStatus",
    "StartTime",
    "ExecutionTime",
    "CloseTime",
    "ExecutionDuration",
    "HistoryLength",
    "HistorySizeBytes",
    "StateTransitionCount",
    "ParentWorkflowId",
    "ParentRunId",
];

/// Attributes that workers may set though nobody registered them.
const PREDEFINED: [&str; 7] = [
    "BatcherUser",
    "BinaryChecksums",
    "BuildIds",
    "TemporalChangeVersion",
    "TemporalNamespaceDivision",
    "TemporalPauseInfo",
    "TemporalReportedProblems",
];

/// All namespaces.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Namespaces {
    map: BTreeMap<String, Namespace>,
}

/// One of them.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Namespace {
    pub(in crate::embedded) id: String,
    pub(in crate::embedded) description: DescribeNamespaceResponse,
    /// Custom search attributes with their types.
    pub(in crate::embedded) attributes: HashMap<String, i32>,
    /// Settings of task queues, by name and by whether they carry activities.
    queues: BTreeMap<(String, bool), TaskQueueConfig>,
}

/// A namespace as it is kept.
#[derive(Clone, PartialEq, Message)]
struct StoredNamespace {
    #[prost(message, optional, tag = "1")]
    description: Option<DescribeNamespaceResponse>,
    #[prost(message, repeated, tag = "2")]
    queues: Vec<StoredQueue>,
}

/// A task queue's settings as they are kept.
#[derive(Clone, PartialEq, Message)]
struct StoredQueue {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(bool, tag = "2")]
    activities: bool,
    #[prost(message, optional, tag = "3")]
    config: Option<TaskQueueConfig>,
}

impl Namespace {
    fn stored(&self) -> Vec<u8> {
        let queues = self
            .queues
            .iter()
            .map(|((name, activities), config)| StoredQueue {
                name: name.clone(),
                activities: *activities,
                config: Some(config.clone()),
            });
        StoredNamespace {
            description: Some(self.description.clone()),
            queues: queues.collect(),
        }
        .encode_to_vec()
    }
}

impl Namespaces {
    pub(in crate::embedded) fn get(&self, name: &str) -> Answer<&Namespace> {
        if name.is_empty() {
            return Err(Refusal::invalid("Namespace not set on request."));
        }
        self.map
            .get(name)
            .ok_or_else(|| Refusal::no_namespace(name))
    }

    /// The id of one that is known to be there.
    pub(in crate::embedded) fn id(&self, name: &str) -> String {
        let found = self.map.get(name);
        found
            .map(|namespace| namespace.id.clone())
            .unwrap_or_default()
    }

    /// The one with this id.
    pub(in crate::embedded) fn by_id(&self, id: &str) -> Answer<&Namespace> {
        let found = self.map.values().find(|namespace| namespace.id == id);
        found.ok_or_else(|| Refusal::no_namespace(id))
    }

    pub(in crate::embedded) fn all(&self) -> impl Iterator<Item = &Namespace> {
        self.map.values()
    }

    /// Puts one in as it was stored.
    pub(in crate::embedded) fn insert(&mut self, name: String, id: String, data: &[u8]) {
        // What was written by a later release may say more; what can't be read at all says
        // nothing that the engine needs.
        let stored = StoredNamespace::decode(data).unwrap_or_default();
        let queues = stored.queues.into_iter().map(|queue| {
            let key = (queue.name, queue.activities);
            (key, queue.config.unwrap_or_default())
        });
        let namespace = Namespace {
            id,
            description: stored.description.unwrap_or_default(),
            queues: queues.collect(),
            ..Namespace::default()
        };
        self.map.insert(name, namespace);
    }

    pub(in crate::embedded) fn insert_attribute(
        &mut self,
        namespace: &str,
        name: String,
        kind: i32,
    ) {
        if let Some(namespace) = self.map.get_mut(namespace) {
            namespace.attributes.insert(name, kind);
        }
    }

    /// Holds search attributes against those that the namespace has, and gives each value
    /// the type that it is stored under.
    pub(in crate::embedded) fn check_attributes(
        &self,
        namespace: &str,
        attributes: &mut SearchAttributes,
    ) -> Answer<()> {
        let known = &self.get(namespace)?.attributes;
        for (name, payload) in &mut attributes.indexed_fields {
            if let Some(kind) = known.get(name) {
                let word = type_name(*kind);
                let null = payload.metadata.get("encoding").map(Vec::as_slice);
                if null != Some(b"binary/null") && !fits(*kind, &payload.data) {
                    let value = String::from_utf8_lossy(&payload.data);
                    return Err(Refusal::invalid(format!(
                        "invalid value for search attribute {name} of type {word}: value from <{value}>"
                    )));
                }
                payload
                    .metadata
                    .insert("type".to_owned(), word.as_bytes().to_vec());
            } else if SYSTEM.contains(&name.as_str()) {
                return Err(Refusal::invalid(format!(
                    "{name} attribute can't be set in SearchAttributes"
                )));
            } else if !PREDEFINED.contains(&name.as_str()) {
                return Err(Refusal::invalid(format!(
                    "Namespace {namespace} has no mapping defined for search attribute {name}"
                )));
            }
        }
        Ok(())
    }
}

impl Engine {
    /// Makes a namespace.
    pub(in crate::embedded) fn register_namespace(
        &mut self,
        transaction: &mut Transaction,
        name: &str,
        describe: impl FnOnce(&str) -> DescribeNamespaceResponse,
    ) -> Answer<()> {
        if self.namespaces.map.contains_key(name) {
            return Err(Refusal::namespace_exists());
        }
        let id = self.ids.next();
        let namespace = Namespace {
            id: id.clone(),
            description: describe(&id),
            ..Namespace::default()
        };
        let data = namespace.stored();
        transaction.writes.push(Write::Namespace {
            name: name.to_owned(),
            id: id.clone(),
            data,
        });
        self.namespaces.map.insert(name.to_owned(), namespace);
        Ok(())
    }

    /// A task queue's settings.
    pub(super) fn queue_config(&self, queue: &QueueKey) -> Answer<TaskQueueConfig> {
        let namespace = self.namespaces.get(&queue.namespace)?;
        let key = (queue.name.clone(), queue.kind == QueueKind::Activity);
        Ok(namespace.queues.get(&key).cloned().unwrap_or_default())
    }

    /// Keeps a task queue's settings.
    pub(super) fn set_queue_config(
        &mut self,
        transaction: &mut Transaction,
        queue: &QueueKey,
        config: TaskQueueConfig,
    ) -> Answer<()> {
        let name = &queue.namespace;
        let namespace = self.namespaces.map.get_mut(name);
        let namespace = namespace.ok_or_else(|| Refusal::no_namespace(name))?;
        let key = (queue.name.clone(), queue.kind == QueueKind::Activity);
        namespace.queues.insert(key, config);
        transaction.writes.push(Write::Namespace {
            name: name.clone(),
            id: namespace.id.clone(),
            data: namespace.stored(),
        });
        Ok(())
    }

    /// Adds custom search attributes; ones that are there with the same type are left.
    pub(in crate::embedded) fn add_search_attributes(
        &mut self,
        transaction: &mut Transaction,
        namespace: &str,
        attributes: &HashMap<String, i32>,
    ) -> Answer<()> {
        let known = &self.namespaces.get(namespace)?.attributes;
        let mut new: Vec<_> = attributes.iter().collect();
        new.sort();
        for (name, kind) in &new {
            if SYSTEM.contains(&name.as_str()) || PREDEFINED.contains(&name.as_str()) {
                return Err(Refusal::already_exists(format!(
                    "Search attribute {name} already exists."
                )));
            }
            match known.get(*name) {
                Some(there) if there != *kind => {
                    return Err(Refusal::already_exists(format!(
                        "Search attribute {name} already exists with the type {}.",
                        type_name(*there)
                    )));
                }
                _ => {}
            }
            if type_name(**kind).is_empty() {
                return Err(Refusal::invalid(format!(
                    "Unable to save search attributes: unknown type {kind} of {name}."
                )));
            }
        }
        for (name, kind) in new {
            transaction.writes.push(Write::SearchAttribute {
                namespace: namespace.to_owned(),
                name: name.clone(),
                kind: Some(*kind),
            });
            self.namespaces
                .insert_attribute(namespace, name.clone(), *kind);
        }
        Ok(())
    }

    /// Removes custom search attributes; values that runs have of them stay with the runs.
    pub(in crate::embedded) fn remove_search_attributes(
        &mut self,
        transaction: &mut Transaction,
        namespace: &str,
        names: &[String],
    ) -> Answer<()> {
        let known = &self.namespaces.get(namespace)?.attributes;
        if let Some(unknown) = names.iter().find(|name| !known.contains_key(*name)) {
            return Err(Refusal::not_found(format!(
                "Search attribute {unknown} doesn't exist."
            )));
        }
        for name in names {
            transaction.writes.push(Write::SearchAttribute {
                namespace: namespace.to_owned(),
                name: name.clone(),
                kind: None,
            });
            if let Some(namespace) = self.namespaces.map.get_mut(namespace) {
                namespace.attributes.remove(name);
            }
        }
        Ok(())
    }
}

/// Whether a value, as JSON, can be one of this type. Null and an empty list take one away.
fn fits(kind: i32, json: &[u8]) -> bool {
    use serde_json::Value;
    let Ok(value) = serde_json::from_slice::<Value>(json) else {
        return false;
    };
    let one = |value: &Value| match kind {
        3 => value.is_i64(),
        4 => value.is_number(),
        5 => value.is_boolean(),
        6 => value
            .as_str()
            .is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()),
        _ => value.is_string(),
    };
    match &value {
        Value::Null => true,
        // A list of one is as good as that one.
        Value::Array(values) => (kind == 7 || values.len() <= 1) && values.iter().all(one),
        value => one(value),
    }
}

/// A type's name as it stands in a payload's metadata; empty for one that is unknown.
const fn type_name(kind: i32) -> &'static str {
    match kind {
        1 => "Text",
        2 => "Keyword",
        3 => "Int",
        4 => "Double",
        5 => "Bool",
        6 => "Datetime",
        7 => "KeywordList",
        _ => "",
    }
}
