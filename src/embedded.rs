//! The embedded engine (being put together).

mod engine;
mod server;
mod store;
