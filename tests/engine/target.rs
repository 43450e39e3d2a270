//! What the scenarios run on. Everything that knows how a target is started is here; the
//! rest of the suite knows an address.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::{Arc, OnceLock};
use std::thread;

use aura::embedded::{Embedded, Options, Synchronous};

use crate::support::binary;
use crate::support::server::{ServerOptions, TemporalServer};

/// A service under test.
pub struct Target {
    /// What it is called in a difference.
    pub name: &'static str,
    /// Host and port of its frontend.
    pub address: String,
    /// What keeps workflow ids, queues and the like of two targets apart that are one
    /// server. Both are as long, since sizes are compared.
    pub mark: &'static str,
    /// Whether a task can get lost between it and a worker whose poll ends just then, as
    /// happens to the real server on a busy machine: it counts on the task's time limit.
    pub loses_tasks: bool,
}

/// The targets of this test process; none where there is no server to compare with, which
/// has been reported.
#[track_caller]
pub fn targets() -> Option<&'static [Target; 2]> {
    static TARGETS: OnceLock<[Target; 2]> = OnceLock::new();

    binary::locate_or_skip()?;
    Some(TARGETS.get_or_init(|| {
        [
            Target {
                name: "server",
                address: server().address(),
                mark: "ea",
                loses_tasks: true,
            },
            Target {
                name: "embedded",
                address: embedded(),
                mark: "eb",
                loses_tasks: false,
            },
        ]
    }))
}

/// The real server that all scenarios share.
pub fn server() -> &'static TemporalServer {
    static SERVER: OnceLock<TemporalServer> = OnceLock::new();

    SERVER.get_or_init(|| {
        let options = ServerOptions {
            // It deletes a run only when it has noted that the run's close is dealt with,
            // which it does twice a minute.
            dynamic_config: vec![
                ("history.transferProcessorUpdateAckInterval", "\"500ms\""),
                ("history.visibilityProcessorUpdateAckInterval", "\"500ms\""),
            ],
            ..ServerOptions::default()
        };
        TemporalServer::start(options).expect("its program was located")
    })
}

/// An embedded engine in this process, and where it listens.
fn embedded() -> String {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (tell, told) = std::sync::mpsc::channel();
    let serve = move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
        runtime.block_on(async {
            let options = Options {
                database: folder.path().join("engine.db"),
                synchronous: Synchronous::Full,
                listen: (Ipv4Addr::LOCALHOST, 0).into(),
                allow_users: BTreeSet::new(),
                namespaces: vec!["default".to_owned()],
                retention: None,
                suggest_continue_as_new: 4_096,
                on_failure: Arc::new(|why| panic!("{why}")),
            };
            let engine = Embedded::start(options).await.expect("the engine starts");
            tell.send(engine.address()).expect("the test waits for it");
            std::future::pending::<()>().await;
        });
    };
    thread::Builder::new()
        .name("embedded".to_owned())
        .spawn(serve)
        .expect("a thread can be made");
    let address = told.recv().expect("the engine tells where it listens");
    address.to_string()
}
