//! The store.

pub(super) mod write;
