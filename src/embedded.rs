//! The embedded engine (being put together).

mod engine;
mod store;
