//! What the admin endpoint says of a daemon at work: whether it is ready, as its server
//! comes and goes and its audit trail breaks; and what it has counted, once each, also
//! after a daemon that was killed has replayed what came before.

use std::time::{Duration, Instant};

use crate::server::{Options, Server};
use crate::support::daemon::Daemon;
use crate::support::http::{self, Answer};
use crate::support::wait::eventually;
use crate::trail::Fault;
use crate::world::World;

/// What a loaded machine may take for anything that has no time of its own.
const LIMIT: Duration = Duration::from_mins(1);
/// By then it is known that the server is gone: after five seconds, or a little later on a
/// loaded machine.
const GONE_WITHIN: Duration = Duration::from_secs(10);

/// The endpoint of a daemon, and the daemon.
pub struct Asked {
    pub daemon: Daemon,
    address: String,
}

impl Asked {
    /// A daemon of this world with an endpoint, once it is ready.
    pub fn start(world: &World, args: &[&str]) -> Self {
        let args = [&["--admin", "127.0.0.1:0"], args].concat();
        let daemon = world.daemon_with(&args, &[]);
        daemon.wait_ready();
        let address = address(&daemon);
        Self { daemon, address }
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Kills the daemon and starts it again.
    pub fn restart(&mut self) {
        self.daemon.restart();
        self.daemon.wait_ready();
        self.address = address(&self.daemon);
    }

    pub fn get(&self, path: &str) -> Answer {
        http::get(&self.address, path).expect("it answers")
    }

    /// Waits until readiness is this, and gives the page.
    #[track_caller]
    pub fn wait_readiness(&self, status: u16, limit: Duration) -> String {
        eventually(&format!("readiness {status}"), limit, || {
            let answer = self.get("/readyz");
            (answer.status == status).then_some(answer.body)
        })
    }

    /// The sum of all series that begin so; none if there is no such series.
    pub fn value(&self, series: &str) -> Option<f64> {
        let page = self.get("/metrics").body;
        let values: Vec<f64> = page
            .lines()
            .filter(|line| line.starts_with(series))
            .filter_map(|line| line.rsplit(' ').next()?.parse().ok())
            .collect();
        (!values.is_empty()).then(|| values.iter().sum())
    }

    /// Waits until it is this.
    #[track_caller]
    pub fn wait_value(&self, series: &str, value: f64) {
        let mut last = None;
        let reached = crate::support::wait::within(LIMIT, || {
            last = self.value(series);
            last.filter(|last| (last - value).abs() < f64::EPSILON)
        });
        assert!(reached.is_some(), "{series} is {last:?}, and not {value}");
    }
}

fn address(daemon: &Daemon) -> String {
    let line = daemon.wait_for_line("admin endpoint at http://", LIMIT);
    let (_, address) = line.rsplit_once("http://").expect("it says where");
    address.to_owned()
}

#[test]
fn readiness_follows_the_server() {
    let Some(mut server) = Server::start(Options::default()) else {
        return;
    };
    let world = World::on(&server.address());
    let asked = Asked::start(&world, &[]);
    let page = asked.wait_readiness(200, LIMIT);
    for line in [
        "[+]daemon ok: running\n",
        "[+]connection ok: ",
        "[+]pollers ok: ",
        "[+]audit_trail ok: ",
        "[+]search_attributes ok: registered\n",
        "[+]engine ok: none in this process, a server is used\n",
        "\nreadyz check passed\n",
    ] {
        assert!(page.contains(line), "{line} {page}");
    }

    server.pause();
    let begun = Instant::now();
    let page = asked.wait_readiness(503, LIMIT);
    let took = begun.elapsed();
    assert!(took <= GONE_WITHIN, "it took {took:?}");
    assert!(page.contains("\n[-]connection failed: "), "{page}");
    assert_eq!(asked.get("/livez").status, 200);
    server.resume();
    let page = asked.wait_readiness(200, LIMIT);
    assert!(page.contains("\n[+]connection ok: "), "{page}");

    server.kill_hard();
    let begun = Instant::now();
    let page = asked.wait_readiness(503, LIMIT);
    let took = begun.elapsed();
    assert!(took <= GONE_WITHIN, "it took {took:?}");
    assert!(page.contains("\n[-]connection failed: "), "{page}");
    assert_eq!(asked.get("/livez").status, 200);
    assert_eq!(asked.value("aura_ready "), Some(0.0));
    server.restart();
    let page = asked.wait_readiness(200, LIMIT);
    assert!(page.contains("\n[+]connection ok: "), "{page}");
    asked.wait_value("aura_ready ", 1.0);
}

#[test]
fn readiness_names_a_broken_audit_trail_and_what_waits_for_it_is_told() {
    let Some(world) = World::shared() else { return };
    let asked = Asked::start(&world, &[]);
    asked.wait_readiness(200, LIMIT);
    let _ = world.start().ok();
    let broken = Fault::UnwritableFolder.inflict(&world.audit_db());
    world.advance_through(&["p2", "p3"]);
    let page = asked.wait_readiness(503, LIMIT);
    assert!(page.contains("\n[-]audit_trail failed: sqlite:"), "{page}");
    assert!(page.contains("\n[+]connection ok: "), "{page}");
    eventually("the rows of both steps wait", LIMIT, || {
        (asked.value("aura_audit_backlog_events ")? >= 2.0).then_some(())
    });
    assert_eq!(
        asked.value("aura_dependency_up{dependency=\"audit_trail\"}"),
        Some(0.0)
    );
    assert!(asked.value("aura_audit_write_failures_total ") > Some(0.0));
    broken.mend();
    asked.wait_readiness(200, LIMIT);
    asked.wait_value("aura_audit_backlog_events ", 0.0);
}

#[test]
fn what_was_counted_is_not_counted_again_by_a_replay() {
    let Some(world) = World::shared() else { return };
    let mut asked = Asked::start(&world, &[]);
    let _ = world.start().ok();
    world.advance_through(&["p2", "p3", "p4"]);
    world.accept();
    // Refused: the way goes through p5.
    let _ = world.advance("p9").code(3);
    for _ in 0..2 {
        let again = "signal vote --axis elegance --vote ACCEPT --request-id again";
        let _ = world.say(again).ok();
    }
    let advances = "aura_messages_applied_total{kind=\"advance_phase\"}";
    let votes = "aura_messages_applied_total{kind=\"submit_vote\"}";
    let refused =
        "aura_messages_refused_total{code=\"transition_not_allowed\",kind=\"advance_phase\"}";
    asked.wait_value(votes, 4.0);
    asked.wait_value(advances, 3.0);
    asked.wait_value(refused, 1.0);
    let repeated = "aura_messages_repeated_total{kind=\"submit_vote\"}";
    // A server may keep one signal of each id to itself.
    assert!(asked.value(repeated) <= Some(1.0));
    let measured = "aura_effect_latency_seconds_count{effect=\"audit\"}";
    assert!(asked.value(measured) >= Some(1.0));

    asked.restart();
    assert_eq!(asked.value(advances), Some(0.0));
    // The query makes the new process go through all of it.
    assert_eq!(world.state()["current_phase"], "p4");
    world.advance_through(&["p5"]);
    // Had the replay been counted, it would never be one.
    asked.wait_value(advances, 1.0);
    assert_eq!(asked.value(votes), Some(0.0));
    assert_eq!(asked.value(refused), None);
}

#[test]
fn an_engine_in_the_process_is_told_as_one() {
    let Some(world) = World::alone() else { return };
    let asked = Asked::start(&world, &[]);
    let page = asked.wait_readiness(200, LIMIT);
    let engine = format!("\n[+]engine ok: {}, namespace default\n", world.address);
    assert!(page.contains(&engine), "{page}");
}

#[test]
fn open_epochs_are_counted_by_phase() {
    let Some(server) = Server::start(Options::default()) else {
        return;
    };
    let world = World::on(&server.address());
    let one = world.beside(&format!("{}-a", world.epoch));
    let other = world.beside(&format!("{}-b", world.epoch));
    let _daemon = world.ready_daemon();
    let _ = one.start().ok();
    other.start_in("p2");
    // Counted at once by a daemon that starts, whoever works on them.
    eventually("the index has them", LIMIT, || {
        let listed = world.say("epoch list --format json").ok().json();
        let listed = listed.to_string();
        (listed.contains("p1") && listed.contains("p2")).then_some(())
    });
    let asked = Asked::start(&world, &[]);
    asked.wait_value("aura_epochs_open ", 2.0);
    asked.wait_value("aura_epochs{phase=\"p1\"}", 1.0);
    asked.wait_value("aura_epochs{phase=\"p2\"}", 1.0);
    asked.wait_value("aura_epochs{phase=\"p9\"}", 0.0);
    assert!(asked.value("aura_counted_timestamp_seconds ") > Some(1.0e9));
}
