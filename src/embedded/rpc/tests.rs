//! Changed requests, by the hundred thousand where asked to: each is answered, or refused
//! with a code that is meant, and the engine behind goes on. Their samples are about the same
//! few workflows, and have tokens as they are given out, so that many of them hit something.
//! Whole trials over a connection are `tests/trials/anything.rs`.

mod commands;
mod polls;
mod samples;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, timeout};
use tonic::{Code, Status};

use super::{OPERATOR_SERVICE, Rpc, WORKFLOW_SERVICE};
use crate::embedded::server::{Call, Handler, Origin};
use crate::embedded::{Embedded, Options, SUGGEST_CONTINUE_AS_NEW, Synchronous};
use crate::fuzz::feed;

/// After so many requests an engine begins anew: what they leave would slow it down.
const ANEW: usize = 2_000;
/// Polls and waits come back after this long.
const PATIENCE: Duration = Duration::from_millis(2);
/// What does not come back by then hangs.
const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn changed_requests_are_answered_or_refused() {
    let samples = samples::samples();
    let names: Vec<&str> = samples.iter().map(|(method, _)| *method).collect();
    // The first byte is the method's place.
    let bytes: Vec<Vec<u8>> = samples
        .iter()
        .enumerate()
        .map(|(place, (_, message))| [&[u8::try_from(place).unwrap()][..], message].concat())
        .collect();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (mut engine, mut asked) = (Running::start(&runtime), 0);
    feed(&bytes, |input| {
        let Some((place, message)) = input.split_first() else {
            return;
        };
        let method = names[usize::from(*place) % names.len()];
        if let Err(status) = engine.ask(&runtime, method, message) {
            assert!(is_meant(&status), "{method}: {status:?}");
        }
        asked += 1;
        if asked % ANEW == 0 {
            runtime.block_on(engine.embedded.take().unwrap().stop());
            engine = Running::start(&runtime);
        }
    });
    let answer = engine.ask(&runtime, "GetSystemInfo", &[]);
    assert!(answer.is_ok(), "{answer:?}");
    runtime.block_on(engine.embedded.take().unwrap().stop());
}

/// `Internal` means only what it means on a server, too: that a message cannot be read.
fn is_meant(status: &Status) -> bool {
    match status.code() {
        Code::Internal => status.message().contains("error unmarshalling request"),
        Code::Unknown | Code::DataLoss | Code::Unavailable => false,
        _ => true,
    }
}

struct Running {
    embedded: Option<Embedded>,
    rpc: Rpc,
    _folder: TempDir,
}

impl Running {
    fn start(runtime: &Runtime) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            database: folder.path().join("engine.db"),
            synchronous: Synchronous::Normal,
            listen: "127.0.0.1:0".parse().unwrap(),
            allow_users: BTreeSet::new(),
            namespaces: vec!["default".to_owned()],
            retention: None,
            suggest_continue_as_new: SUGGEST_CONTINUE_AS_NEW,
            on_failure: Arc::new(|why| panic!("{why}")),
        };
        let embedded = runtime.block_on(Embedded::start(options)).unwrap();
        let rpc = Rpc(Arc::clone(&embedded.service));
        Self {
            embedded: Some(embedded),
            rpc,
            _folder: folder,
        }
    }

    fn ask(&self, runtime: &Runtime, method: &str, body: &[u8]) -> Result<Vec<u8>, Status> {
        let service = match method {
            "AddSearchAttributes" | "RemoveSearchAttributes" | "ListSearchAttributes" => {
                OPERATOR_SERVICE
            }
            _ => WORKFLOW_SERVICE,
        };
        runtime.block_on(async {
            let call = self.rpc.call(Call {
                service: service.to_owned(),
                method: method.to_owned(),
                body: body.to_vec().into(),
                deadline: Some(Instant::now() + PATIENCE),
                origin: Origin::Tcp,
            });
            // As the transport does it: who has waited for long enough is gone.
            let in_time = timeout(LIMIT, timeout(PATIENCE * 100, call));
            let answer = in_time.await.expect("no request blocks the engine");
            answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("gone")))
        })
    }
}
