//! A disk under the engine's file that fills up, and one that may only be read.

use std::time::Duration;

use temporalio_client::tonic::{Code, Status};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::workflowservice::v1::SignalWorkflowExecutionRequest;
use tokio::runtime::Runtime;

use crate::host::{Host, check_log, integrity};
use crate::kills::evidence::{check_ids, check_once};
use crate::kills::plain::{Plain, start};
use crate::rpc::{NAMESPACE, Rpc, is_gone, latest, limited, text, within};
use crate::support::daemon::{Daemon, READY_MARKER};
use crate::support::disk::Disk;

const LIMIT: Duration = Duration::from_secs(30);
const LARGE: &str = "64m";
/// Of a signal; some dozens of them fill the disk.
const BYTES: usize = 100_000;
const MOST_SIGNALS: usize = 1_000;

const ID: &str = "full";

#[test]
fn a_full_disk_ends_it_with_a_message_and_loses_nothing_acknowledged() {
    let host = Host::new();
    let Some(disk) = Disk::mount(host.database().parent().unwrap()) else {
        return;
    };
    let runtime = Runtime::new().expect("a runtime can be built");
    let mut daemon = host.start_through(&disk.inside());
    daemon.wait_ready();
    let acknowledged = runtime.block_on(fill(&host));
    let status = daemon.wait_exit(LIMIT);
    check_end(&daemon, status.code(), "no room to write to the database");
    check_log(&daemon);

    // Nothing has changed: it does not get far, and says why, or it lives with what is left.
    let mut again = host.start_through(&disk.inside());
    if !again.has_line(READY_MARKER, LIMIT) {
        let status = again.wait_exit(LIMIT);
        check_end(&again, status.code(), "no room");
    }
    drop(again);

    disk.remount(&format!("size={LARGE}"));
    let mut daemon = host.start_through(&disk.inside());
    daemon.wait_ready();
    runtime.block_on(async {
        let rpc = Rpc::connect(&host.address()).await;
        let history = rpc.history(ID, "").await.expect("it is there");
        check_ids(ID, &history);
        let mut found: Vec<String> = history
            .iter()
            .filter_map(|event| match event.attributes.as_ref()? {
                Attributes::WorkflowExecutionSignaledEventAttributes(signaled) => {
                    Some(signaled.signal_name.clone())
                }
                _ => None,
            })
            .collect();
        // The last was written or not; nobody was told.
        found.retain(|name| *name != signal_name(acknowledged));
        check_once(ID, (0..acknowledged).map(signal_name), found);
        signal(&rpc, acknowledged).await.expect("there is room");
        Plain::drive(&rpc, "after").await.check().await;
    });
    daemon.terminate();
    assert!(daemon.wait_exit(LIMIT).success());
    let copy = disk.copy(&host.database(), host.sandbox.path());
    assert_eq!(integrity(&copy), "ok");
}

#[test]
fn a_disk_that_may_only_be_read_is_refused_with_a_message() {
    let host = Host::new();
    let Some(disk) = Disk::mount(host.database().parent().unwrap()) else {
        return;
    };
    // A new file, and then one that is there.
    for _ in 0..2 {
        disk.remount("ro");
        let mut daemon = host.start_through(&disk.inside());
        let status = daemon.wait_exit(LIMIT);
        check_end(&daemon, status.code(), "ead-only");
        disk.remount("rw");
        let mut daemon = host.start_through(&disk.inside());
        daemon.wait_ready();
        daemon.terminate();
        assert!(daemon.wait_exit(LIMIT).success());
    }
}

#[track_caller]
fn check_end(daemon: &Daemon, code: Option<i32>, why: &str) {
    let logs = daemon.logs();
    assert_eq!(code, Some(1), "{logs:#?}");
    let says = |word: &str| logs.iter().any(|line| line.contains(word));
    assert!(says(why), "no {why:?} in {logs:#?}");
    assert!(says("engine.db"), "it names its file: {logs:#?}");
}

/// Sends signals until none is acknowledged any more; how many were.
async fn fill(host: &Host) -> usize {
    let rpc = Rpc::connect(&host.address()).await;
    start(&rpc, ID).await;
    for number in 0..MOST_SIGNALS {
        let Err(status) = signal(&rpc, number).await else {
            continue;
        };
        assert!(
            is_gone(&status) || status.code() == Code::Unavailable,
            "{status:?}"
        );
        assert!(number > 0, "there was room for some");
        return number;
    }
    panic!("the disk is never full");
}

async fn signal(rpc: &Rpc, number: usize) -> Result<(), Status> {
    let request = SignalWorkflowExecutionRequest {
        namespace: NAMESPACE.to_owned(),
        workflow_execution: latest(ID),
        signal_name: signal_name(number),
        input: text(&"x".repeat(BYTES)),
        request_id: format!("{ID}/{number}"),
        ..Default::default()
    };
    let mut service = rpc.service();
    let call = service.signal_workflow_execution(limited(request));
    within(call).await.map(drop)
}

fn signal_name(number: usize) -> String {
    format!("signal-{number}")
}
