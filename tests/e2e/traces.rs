//! One trace from a command to what comes of it: `aura-msg`, the signal's handler, and the
//! activities, of which a collector in the test is told. And what a command does where the
//! collector is away: all that it would do otherwise.

use std::time::{Duration, Instant};

use crate::collector::{Collector, Span};
use crate::support::daemon::Daemon;
use crate::support::dead_ends::{BlackHole, Refused};
use crate::support::output::Output;
use crate::world::World;

/// What a loaded machine may take; a daemon sends its spans every few seconds.
const LIMIT: Duration = Duration::from_mins(1);
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// What a collector that says nothing may cost a command, with room for a busy machine; a
/// command that waited for it would take ten seconds.
const SILENCE: Duration = Duration::from_secs(5);

struct Traced {
    world: World,
    collector: Collector,
    daemon: Daemon,
}

impl Traced {
    fn start() -> Option<Self> {
        let world = World::alone().or_else(World::shared)?;
        let collector = Collector::start();
        let args = ["--allow-shell", "--otlp-endpoint", collector.address()];
        let daemon = world.daemon_with(&args, &[("OTEL_BSP_SCHEDULE_DELAY", "200")]);
        daemon.wait_ready();
        Some(Self {
            world,
            collector,
            daemon,
        })
    }

    /// A command whose spans are wanted.
    #[track_caller]
    fn say(&self, line: &str) -> Output {
        let cli = self.world.cli().env("AURA_EPOCH_ID", &self.world.epoch);
        cli.env(ENDPOINT, self.collector.address())
            .run(line.split(' '))
            .ok()
    }

    #[track_caller]
    fn wait(&self, name: &str, trace_id: &str) -> Span {
        let is_it = |span: &Span| span.name == name && span.trace_id == trace_id;
        self.collector.wait(name, LIMIT, is_it)
    }
}

#[test]
fn one_trace_leads_from_a_command_to_its_audit_row() {
    let Some(mut traced) = Traced::start() else {
        return;
    };
    let epoch = traced.world.epoch.clone();
    let _ = traced.say("epoch start --description traced");
    let vote = "signal vote --axis elegance --vote ACCEPT --request-id voted";
    let _ = traced.say(vote);
    let is_root = |span: &Span| span.name == "aura-msg signal vote";
    let command = traced.collector.wait("the command's span", LIMIT, is_root);
    assert_eq!(command.service, "aura-msg");
    assert_eq!(command.parent, "");
    assert_eq!(command.attributes["aura.epoch_id"], epoch);

    let handled = traced.wait("HandleSignal:submit_vote", &command.trace_id);
    assert_eq!(handled.service, "aurad");
    assert_eq!(handled.parent, command.id);
    assert_eq!(handled.attributes["aura.request_id"], "voted");
    assert_eq!(handled.attributes["temporalWorkflowID"], epoch);

    let written = traced.wait("RunActivity:record_audit_events", &command.trace_id);
    assert_eq!(written.service, "aurad");
    assert_eq!(written.parent, handled.id);
    assert_eq!(written.attributes["temporalWorkflowID"], epoch);

    // The epoch's start is a trace of its own.
    let is_start = |span: &Span| span.name == "aura-msg epoch start";
    let start = traced.collector.wait("the start's span", LIMIT, is_start);
    assert_ne!(start.trace_id, command.trace_id);

    // A replay makes no spans: what comes after it is in a trace of its own, and alone.
    let of_before = |traced: &Traced| {
        let spans = traced.collector.spans().into_iter();
        let before = [&command.trace_id, &start.trace_id];
        let spans = spans.filter(|span| before.contains(&&span.trace_id));
        let mut names: Vec<String> = spans.map(|span| span.name).collect();
        names.sort();
        names
    };
    let _ = traced.world.audit_rows_with("vote_recorded", 1);
    // With this answer the task that wrote it is done; the next daemon would do it again.
    let _ = traced.world.state();
    let before = of_before(&traced);
    traced.daemon.restart();
    traced.daemon.wait_ready();
    let _ = traced.say("phase advance --to-phase p2");
    let is_later = |span: &Span| span.name == "aura-msg phase advance";
    let later = traced.collector.wait("the later span", LIMIT, is_later);
    let _ = traced.wait("HandleSignal:advance_phase", &later.trace_id);
    let _ = traced.wait("RunActivity:record_audit_events", &later.trace_id);
    assert_eq!(of_before(&traced), before);
}

#[test]
fn a_daemon_says_once_that_the_collector_is_away() {
    let Some(world) = World::alone().or_else(World::shared) else {
        return;
    };
    let refused = Refused::reserve();
    let endpoint = format!("http://{}", refused.address());
    let args = ["--otlp-endpoint", endpoint.as_str()];
    let mut daemon = world.daemon_with(&args, &[("OTEL_BSP_SCHEDULE_DELAY", "50")]);
    daemon.wait_ready();
    let _ = world.start();
    world.advance_through(&["p2"]);
    daemon.wait_for_line("spans are lost", LIMIT);
    world.advance_through(&["p3", "p4"]);
    daemon.terminate();
    assert!(daemon.wait_exit(LIMIT).success());
    let logs = daemon.logs();
    let said = logs.iter().filter(|line| line.contains("spans are lost"));
    assert_eq!(said.count(), 1, "{logs:?}");
}

#[test]
fn a_slices_command_is_part_of_the_trace_that_asked_for_it() {
    let Some(traced) = Traced::start() else {
        return;
    };
    traced.world.start_in("p9");
    let slice = "slice start --slice-id s --mode subprocess --command true --wait";
    let _ = traced.say(slice);
    let is_root = |span: &Span| span.name == "aura-msg slice start";
    let asked = traced.collector.wait("the command's span", LIMIT, is_root);
    let handled = traced.wait("HandleSignal:start_slice", &asked.trace_id);
    assert_eq!(handled.parent, asked.id);
    for name in [
        "RunActivity:place_slice_command",
        "RunActivity:execute_slice_command",
    ] {
        let done = traced.wait(name, &asked.trace_id);
        assert_eq!(done.parent, handled.id, "{name}");
        assert!(
            done.attributes["temporalWorkflowID"].ends_with("-slice-s"),
            "{done:?}"
        );
    }
    let told = traced.wait("HandleSignal:slice_finished", &asked.trace_id);
    assert_eq!(told.service, "aurad");
    // What nobody traced has traces of its own, and no command is in them.
    let spans = traced.collector.spans();
    let advances = spans
        .iter()
        .filter(|span| span.name == "HandleSignal:advance_phase");
    let mut count = 0;
    for advance in advances {
        count += 1;
        assert_eq!(advance.parent, "");
        assert_ne!(advance.trace_id, asked.trace_id);
    }
    assert!(count >= 8, "{count} advances");
}

#[test]
fn a_collector_that_is_away_costs_a_command_nothing() {
    let Some(world) = World::alone().or_else(World::shared) else {
        return;
    };
    let daemon = world.ready_daemon();
    let _ = world.start();
    let (refused, hole) = (Refused::reserve(), BlackHole::open());
    let plain = world.run(&["query", "state"]).ok();
    for endpoint in [
        format!("http://{}", refused.address()),
        format!("http://{}", hole.address()),
        "no address".to_owned(),
    ] {
        let ask = |more: &[(&str, &str)]| {
            let cli = world.cli().env("AURA_EPOCH_ID", &world.epoch);
            let cli = more
                .iter()
                .fold(cli, |cli, (name, value)| cli.env(name, value));
            let begun = Instant::now();
            let output = cli.env(ENDPOINT, &endpoint).run(["query", "state"]).ok();
            (output, begun.elapsed())
        };
        let (output, took) = ask(&[]);
        assert_eq!(output.stdout, plain.stdout, "{endpoint}");
        assert_eq!(output.stderr, "", "{endpoint}");
        assert!(took < SILENCE, "{endpoint}: {took:?}");
        let (output, _) = ask(&[("OTEL_LOG_LEVEL", "warn")]);
        assert_eq!(output.stdout, plain.stdout, "{endpoint}");
        let said = output
            .stderr
            .lines()
            .filter(|line| line.contains("spans cannot be sent"));
        assert_eq!(said.count(), 1, "{endpoint}: {}", output.stderr);
    }
    drop(daemon);
}
