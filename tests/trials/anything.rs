//! Requests of all kinds with random content: each is answered or refused with a code that
//! is meant, and the engine goes on, then and after a restart, when it reads what it kept
//! of them. `AURA_TEST_REQUESTS` says how many, and `AURA_TEST_SEED` which.

mod message;
mod requests;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use temporalio_client::tonic::{Code, Status};
use tokio::runtime::Runtime;

use crate::host::{Host, check_log, resident};
use crate::kills::plain::Plain;
use crate::rpc::Rpc;
use crate::support::random::{Random, from_environment};
use crate::wire::{WORKFLOW_SERVICE, Wire};
pub use requests::{METHODS, NOT_HERE};
use requests::{Pool, any_of};

const REQUESTS: u64 = 4_000;
/// Requests under way at once, of which some wait for as long as they may.
const AT_ONCE: u64 = 40;
const LIMIT: Duration = Duration::from_millis(600);
/// What an engine may grow by that has so many workflows open, in megabytes.
const GROWTH: u64 = 100;
/// The codes that mean something to a client. `Internal` is not among them: it is the
/// engine's word for what must not happen.
const MEANT: [Code; 9] = [
    Code::InvalidArgument,
    Code::NotFound,
    Code::AlreadyExists,
    Code::FailedPrecondition,
    Code::ResourceExhausted,
    Code::Unimplemented,
    Code::DeadlineExceeded,
    Code::Cancelled,
    Code::PermissionDenied,
];

#[test]
fn requests_with_any_content_are_answered_or_refused() {
    let mut random = Random::seeded();
    let count = from_environment("AURA_TEST_REQUESTS").unwrap_or(REQUESTS);
    let host = Host::new();
    let runtime = Runtime::new().expect("a runtime can be built");
    let mut daemon = host.start_ready();
    let before = resident(&daemon);
    let mut seen: BTreeMap<(&str, String), usize> = BTreeMap::new();
    runtime.block_on(async {
        let wire = Wire::connect(&host.address()).await;
        let mut pool = Pool::default();
        for _ in 0..count / AT_ONCE {
            let requests = (0..AT_ONCE).map(|_| {
                let place = random.below(METHODS.len() as u64);
                // Half of all requests are the ones that make something happen.
                let place = match random.below(2) {
                    0 => place,
                    _ => ESSENTIAL[usize::try_from(place).unwrap() % ESSENTIAL.len()],
                };
                any_of(usize::try_from(place).unwrap(), &pool, &mut random)
            });
            let calls = requests.map(|request| {
                let path = format!("/{WORKFLOW_SERVICE}/{}", request.method);
                let wire = &wire;
                async move {
                    let answer = wire.send(&path, request.bytes, LIMIT).await;
                    (request.method, request.words, answer)
                }
            });
            for (method, words, answer) in join_all(calls.collect::<Vec<_>>()).await {
                let code = answer.as_ref().map_or_else(Status::code, |_| Code::Ok);
                *seen.entry((method, format!("{code:?}"))).or_default() += 1;
                match answer {
                    Ok(answer) => pool.learn(method, &answer),
                    Err(status) => assert!(
                        MEANT.contains(&status.code()),
                        "{method}: {status:?}\n{words}\n{:#?}",
                        daemon.logs()
                    ),
                }
            }
            assert_eq!(daemon.exit_status(), None, "the engine goes on");
        }
        assert!(pool.tasks() > 0, "some of it was work: {seen:?}");
        tell(&seen);
        still_works(&host, "after-requests").await;
    });
    let after = resident(&daemon);
    assert!(after < before + GROWTH, "from {before} to {after} MB");
    check_log(&daemon);
    daemon.kill();
    assert_eq!(host.integrity(), "ok");
    let daemon = host.start_ready();
    runtime.block_on(still_works(&host, "after-restart"));
    check_log(&daemon);
}

/// Starts, polls for tasks, answers to them.
const ESSENTIAL: [u64; 8] = [0, 0, 1, 16, 16, 17, 18, 18];

async fn still_works(host: &Host, id: &str) {
    let rpc = Rpc::connect(&host.address()).await;
    Plain::drive(&rpc, id).await.check().await;
}

#[expect(clippy::print_stderr, reason = "who changes the generator looks at it")]
fn tell(seen: &BTreeMap<(&str, String), usize>) {
    for ((method, code), times) in seen {
        eprintln!("{method} {code}: {times}");
    }
}
