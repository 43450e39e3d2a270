//! The end-to-end harness: real processes, a real Temporal server, and a
//! network that can be broken on purpose. It knows how to start, watch and end
//! things. It deliberately knows nothing of epochs, phases or votes; what a
//! scenario means is the business of the tests that use it.
//!
//! A test crate includes it with `#[path = "../support.rs"] mod support;`.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test crate uses the part it needs, and no crate uses it from outside"
)]

// A module that was itself reached through `#[path]` looks for its own modules
// beside itself, so the folder has to be named.
#[path = "support/binary.rs"]
pub mod binary;
#[path = "support/bytes.rs"]
pub mod bytes;
#[path = "support/cli.rs"]
pub mod cli;
#[path = "support/clock.rs"]
pub mod clock;
#[path = "support/daemon.rs"]
pub mod daemon;
#[path = "support/dead_ends.rs"]
pub mod dead_ends;
#[path = "support/disk.rs"]
pub mod disk;
#[path = "support/engine.rs"]
pub mod engine;
#[path = "support/guard.rs"]
pub mod guard;
#[path = "support/http.rs"]
pub mod http;
#[path = "support/lines.rs"]
pub mod lines;
#[path = "support/mcp.rs"]
pub mod mcp;
#[path = "support/output.rs"]
pub mod output;
#[path = "support/ports.rs"]
pub mod ports;
#[path = "support/promql.rs"]
pub mod promql;
#[path = "support/proxy.rs"]
pub mod proxy;
#[path = "support/python.rs"]
pub mod python;
#[path = "support/random.rs"]
pub mod random;
#[path = "support/sandbox.rs"]
pub mod sandbox;
#[path = "support/schema.rs"]
pub mod schema;
#[path = "support/server.rs"]
pub mod server;
#[path = "support/shells.rs"]
pub mod shells;
#[path = "support/start_dev.rs"]
pub mod start_dev;
#[path = "support/wait.rs"]
pub mod wait;
