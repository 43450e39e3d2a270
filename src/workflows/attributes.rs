//! The contract's search attributes as the SDK's typed keys.

use temporalio_common::search_attributes::{
    SearchAttributeKey, SearchAttributeUpdate, SearchAttributes,
};

use crate::contract::attributes::{self, Kind, Shown};
use crate::contract::names::search_attribute;

/// The one by which it shows whether attributes can be written at all.
pub(super) const EPOCH_ID: SearchAttributeKey<String> =
    SearchAttributeKey::text(search_attribute::EPOCH_ID);

/// What brings the server's list in line with what an epoch shows.
pub(super) fn updates(shown: Vec<Shown>) -> Vec<SearchAttributeUpdate> {
    shown.into_iter().map(update).collect()
}

/// What a child shows.
pub(super) fn of_child(epoch_id: &str) -> SearchAttributes {
    SearchAttributes::new(attributes::of_child(epoch_id).into_iter().map(update))
}

fn update((name, kind, value): Shown) -> SearchAttributeUpdate {
    match kind {
        Kind::Keyword => SearchAttributeKey::keyword(name).value_set(value),
        Kind::Text => SearchAttributeKey::text(name).value_set(value),
    }
}
