//! A disk under the audit trail that fills up in the middle of an epoch: the epoch goes on, its
//! end waits for room, and then every row is there once.

use tokio::runtime::Runtime;

use crate::host::{Host, check_log};
use crate::kills::epochs::{Epoch, check_trail, compare_trail};
use crate::rpc::Rpc;
use crate::support::daemon::Daemon;
use crate::support::disk::Disk;
use crate::support::server::{ServerOptions, TemporalServer};

#[test]
fn a_full_disk_under_the_trail_holds_up_rows_and_nothing_else() {
    let host = Host::new();
    let address = host.address();
    fill_up(&host, &address, Host::start_through);
}

#[test]
fn a_full_disk_under_the_trail_holds_up_rows_on_a_server_and_nothing_else() {
    let Some(server) = TemporalServer::start(ServerOptions::default()) else {
        return;
    };
    let address = server.address();
    fill_up(&Host::new(), &address, |host, prefix| {
        host.start_worker(prefix, &address)
    });
}

fn fill_up(host: &Host, address: &str, start: impl Fn(&Host, &[String]) -> Daemon) {
    let trail = host.trail();
    let Some(disk) = Disk::mount(trail.parent().expect("it is in a folder")) else {
        return;
    };
    let mut daemon = start(host, &disk.inside());
    daemon.wait_ready();
    let pid = daemon.pid();
    let runtime = Runtime::new().expect("a runtime can be built");
    let (rpc, epochs) = runtime.block_on(async {
        let rpc = Rpc::connect(address).await;
        let queue = host.sandbox.task_queue();
        // One is under way when the disk is full, and one begins then.
        let mut under_way = Epoch::start(address, queue, "under-way").await;
        under_way.begin().await;
        disk.fill();
        let mut begins = Epoch::start(address, queue, "begins").await;
        begins.begin().await;
        for epoch in [&mut under_way, &mut begins] {
            epoch.finish().await;
            assert!(!epoch.is_closed(&rpc).await, "it waits for its trail");
        }
        disk.empty();
        let epochs = vec![under_way, begins];
        for epoch in &epochs {
            epoch.check(&rpc).await;
        }
        (rpc, epochs)
    });
    drop(rpc);
    assert_eq!((daemon.exit_status(), daemon.pid()), (None, pid));
    check_log(&daemon);
    // Nobody writes any more.
    let copy = disk.copy(&trail, host.sandbox.path());
    compare_trail(&host.sandbox, address, &copy, &epochs);
    check_trail(&copy, &epochs);
}
