//! A bad line between the programs and their server: one that is cut again and again at
//! random moments, and one that is slow. An epoch goes its whole course over it, daemon and
//! commands alike, and every message of it is applied once and audited once.

use std::thread;
use std::time::Duration;

use crate::course::Course;
use crate::evidence::{check_log, check_trail};
use crate::kills::die_at_random;
use crate::server::Server;
use crate::support::proxy::CuttingProxy;
use crate::support::random::Random;
use crate::temporal::Workflow;
use crate::world::World;

const LIMIT: Duration = Duration::from_mins(2);
/// How long a line stays cut or frozen at most.
const LONGEST_MS: u64 = 400;
/// What a byte takes, each way, and how many of them go at once: some forty kilobytes a
/// second.
const SLOW: (Duration, usize) = (Duration::from_millis(50), 2 * 1024);

#[test]
fn over_a_line_that_is_cut_again_and_again_nothing_is_lost_or_done_twice() {
    let Some(server) = Server::shared() else {
        return;
    };
    let mut proxy = CuttingProxy::to(&server.address());
    let world = World::on(&server.address()).through(proxy.address());
    let mut random = Random::seeded();
    let _daemon = die_at_random(server, &world, |daemon| {
        // Frozen, the connection lives on; cut, whatever was on its way is gone.
        if random.below(3) == 0 {
            proxy.stall();
        } else {
            proxy.cut();
        }
        // The fault itself.
        thread::sleep(Duration::from_millis(random.below(LONGEST_MS)));
        proxy.heal();
        assert_eq!(daemon.exit_status(), None, "it gets over a broken line");
    });
    check_trail(&world);
}

#[test]
fn over_a_slow_line_an_epoch_goes_its_course() {
    let Some(server) = Server::shared() else {
        return;
    };
    let mut proxy = CuttingProxy::to(&server.address());
    let (delay, bytes) = SLOW;
    proxy.slow_down(delay, bytes);
    let world = World::on(&server.address()).through(proxy.address());
    let mut daemon = world.ready_daemon();
    let _ = world.start();
    let course = Course::whole();
    let epoch = Workflow::new(server, &world.epoch);
    course.go(&world, epoch, |_| {});
    epoch.wait_status("COMPLETED", LIMIT);
    course.check(&world);
    assert_eq!(daemon.exit_status(), None);
    check_log(&daemon);
}
