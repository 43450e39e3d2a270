//! What a refused call said, in the terms that clients decide by: the code and the types
//! of the details. The words are for people, and differ between servers of one version;
//! scenarios that compare them say so.

use prost::Message;
use temporalio_client::tonic::Status;
use temporalio_common::protos::google::rpc::Status as RpcStatus;

/// The code and the types of the details.
pub fn kind(status: &Status) -> String {
    let details = RpcStatus::decode(status.details()).unwrap_or_default();
    let types: Vec<&str> = details
        .details
        .iter()
        .filter_map(|detail| detail.type_url.rsplit(['.', '/']).next())
        .collect();
    format!("{:?} [{}]", status.code(), types.join(", "))
}

/// A detail of this type, if there is one.
pub fn detail<T: Message + Default>(status: &Status) -> Option<T> {
    let details = RpcStatus::decode(status.details()).unwrap_or_default();
    let [detail] = details.details.as_slice() else {
        return None;
    };
    T::decode(detail.value.as_slice()).ok()
}

/// An error and what caused it, outermost first.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = vec![error.to_string()];
    let mut next = error.source();
    while let Some(error) = next {
        let said = error.to_string();
        // Many say what their source says, in order to be readable alone.
        if !words.iter().any(|known| known.contains(&said)) {
            words.push(said);
        }
        next = error.source();
    }
    words.join(": ")
}
