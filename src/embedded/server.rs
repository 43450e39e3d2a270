//! The transport: gRPC over loopback TCP, and the same service called in this process.
//!
//! It moves bytes. Any `/package.Service/Method` is handed to one [`Handler`] as a [`Call`],
//! and what that answers goes back; only `grpc.health.v1` is answered here. It knows no
//! message of the Temporal API, holds no state of a workflow and decides nothing about one.
//!
//! Who does what when a client goes away: a client that resets its call, or whose connection
//! breaks, has its handler's future **dropped** at the await where it stands, within moments.
//! A handler learns by that (by `Drop`) that a poller is gone, and must therefore have no
//! await between two halves of a change. In this process the same holds for a future that
//! the client drops.
//!
//! Left out: TLS, and with it anything but loopback; server reflection; streaming calls.

mod accept;
mod access;
mod call;
mod connection;
mod health;
#[cfg(target_os = "linux")]
mod holder;
mod in_process;
mod listen;
mod seldom;
#[cfg(target_os = "linux")]
mod sock_diag;
#[cfg(target_os = "linux")]
mod socket_table;
mod unary;

#[cfg(test)]
mod tests;

pub(super) use accept::{Options, serve};
pub(super) use access::Access;
pub(super) use call::{Call, Handler, Origin};
pub(super) use in_process::callback;
pub(super) use listen::bind;
