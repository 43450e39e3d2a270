//! Nonsense of every kind, told to the engine and to the real server in the same words:
//! both say no with the same code and the same details. And clients that leave in the
//! middle: the engine forgets them, and goes on.

mod gone;
mod said;

use std::collections::BTreeSet;

use tokio::runtime::Runtime;

use crate::host::{Host, check_log, resident};
use crate::kills::plain::Plain;
use crate::rpc::Rpc;
use crate::support::server::{ServerOptions, TemporalServer};

/// What the engine may keep of megabytes that it was sent, in megabytes: the database's cache and
/// what the allocator does not give back.
const GROWTH: u64 = 60;

/// Where the engine's code is another one, and why that is right; all that begins so.
const DIFFERENT: [(&str, &str); 5] = [
    (
        "ListNamespaces no text",
        "a text where a number belongs is skipped there",
    ),
    (
        "signal 100,000 bytes",
        "the answer there repeats the id, and is too long for clients",
    ),
    ("describe 100,000 bytes", "the same"),
    ("terminate 100,000 bytes", "the same"),
    (
        "a list from ",
        "pages are JSON there, and what is wrong with them has no code",
    ),
];

#[test]
fn nonsense_is_refused_as_by_the_real_server() {
    let Some(server) = TemporalServer::start(ServerOptions::default()) else {
        return;
    };
    let host = Host::new();
    let daemon = host.start_ready();
    let runtime = Runtime::new().expect("a runtime can be built");
    runtime.block_on(async {
        let expected = said::all(&server.address()).await;
        let found = said::all(&host.address()).await;
        // Once more, now that everything is warm.
        let before = resident(&daemon);
        said::all(&host.address()).await;
        let after = resident(&daemon);
        assert!(after < before + GROWTH, "from {before} to {after} MB");
        let different: Vec<String> = expected
            .iter()
            .zip(&found)
            .filter(|((what, server), (same, engine))| {
                assert_eq!(what, same);
                let excused = DIFFERENT.iter().any(|(begin, _)| what.starts_with(begin));
                server != engine && !excused
            })
            .map(|((what, server), (_, engine))| format!("{what}: {server}, here {engine}"))
            .collect();
        assert_eq!(expected.len(), found.len());
        assert!(different.is_empty(), "{different:#?}");
        let refused: BTreeSet<&str> = found.iter().map(|(_, code)| code.as_str()).collect();
        assert!(
            refused.len() > 4,
            "it was told all kinds of things: {refused:?}"
        );
        let rpc = Rpc::connect(&host.address()).await;
        Plain::drive(&rpc, "after").await.check().await;
    });
    check_log(&daemon);
}
