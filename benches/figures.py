#!/usr/bin/env python3
"""Measures what users feel: latency of commands, throughput and size of epochs, memory
and CPU of the daemon, on a real Temporal dev server, with the release binaries.

    cargo build --release --locked --bins --example bare_query
    python3 benches/figures.py [--quick] [--in-memory] [--lift-poll-limit]

Prints a table, each figure beside its goal, then one line of JSON. Figures are of this
machine and this run. What is compared with a bare gRPC client is measured in turns with
it; the earlier implementation is not here, so what is compared with it stands beside the
figures that were once measured of it. CARGO_TARGET_DIR is where the binaries are looked
for, and AURA_TEST_TEMPORAL names another server's program. What concerns an engine
without a server is left out.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
RELEASE = TARGET / "release"
AURA_MSG = str(RELEASE / "aura-msg")
AURAD = str(RELEASE / "aurad")
BARE = str(RELEASE / "examples/bare_query")
TEMPORAL = os.environ.get("AURA_TEST_TEMPORAL") or str(
    TARGET / "temporal-server/bin/temporal"
)
AXES = ("correctness", "test_quality", "elegance")
# The way of a plain epoch: 12 advances, 6 votes.
PLAIN = [
    "p2", "p3", "p4", "votes", "p5", "p6", "p7", "p8", "p9", "p10", "votes", "p11", "p12",
    "complete",
]
# Messages of a plain epoch, each confirmed by a query.
MESSAGES = 18
# Twenty drivers wait for each other; what they wait is measured, and no failure.
PATIENT = ("--timeout", "60s")
# The earlier implementation, on two cores with the same dev server.
EARLIER_CPU_S = 0.21
EARLIER_EPOCHS_PER_S = 3.3


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bench:
    def __init__(self, folder, in_memory=False, dynamic=()):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        command = [TEMPORAL, "server", "start-dev", "--headless", "--ip", "127.0.0.1"]
        command += ["--port", str(self.port), "--http-port", str(free_port())]
        command += ["--metrics-port", str(free_port()), "--log-level", "error"]
        if not in_memory:
            command += ["--db-filename", str(self.folder / "server.db")]
        for value in dynamic:
            command += ["--dynamic-config-value", value]
        self.server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TEMPORAL_ADDRESS": self.address,
        }
        self.daemon = None

    def start_daemon(self):
        """Starts aurad; the seconds until it said that it is ready."""
        began = time.monotonic()
        command = [AURAD, "--audit-trail", f"sqlite:{self.folder}/audit.db"]
        self.daemon = subprocess.Popen(command, env=self.env, stderr=subprocess.PIPE, text=True)
        for line in self.daemon.stderr:
            if "aurad ready" in line:
                taken = time.monotonic() - began
                # Somebody has to read on, or the daemon stops when the pipe is full.
                threading.Thread(target=self.daemon.stderr.read, daemon=True).start()
                return taken
        raise RuntimeError("aurad ended before it was ready")

    def kill_daemon(self, how=signal.SIGKILL):
        self.daemon.send_signal(how)
        self.daemon.wait()

    def close(self):
        if self.daemon and self.daemon.poll() is None:
            self.kill_daemon(signal.SIGTERM)
        self.server.terminate()
        self.server.wait()

    def call(self, *args, program=AURA_MSG):
        """Runs a command; its seconds."""
        began = time.monotonic()
        done = subprocess.run([program, *args], env=self.env, capture_output=True, text=True)
        taken = time.monotonic() - began
        if done.returncode != 0:
            raise RuntimeError(f"{args}: exit {done.returncode}: {done.stderr}")
        return taken

    def start_epoch(self, epoch):
        self.call("epoch", "start", "--epoch-id", epoch, *PATIENT)

    def vote(self, epoch, axis):
        return self.call(
            "signal", "vote", "--epoch-id", epoch, "--axis", axis, "--vote", "ACCEPT", *PATIENT,
        )

    def advance(self, epoch, phase, *more):
        return self.call(
            "phase", "advance", "--epoch-id", epoch, "--to-phase", phase,
            "--triggered-by", "bench", "--condition", "measured", *PATIENT, *more,
        )

    def drive(self, epoch, steps=PLAIN):
        """Takes an epoch through these steps; the seconds of each message."""
        self.start_epoch(epoch)
        taken = []
        for step in steps:
            if step == "votes":
                taken += [self.vote(epoch, axis) for axis in AXES]
            else:
                taken.append(self.advance(epoch, step))
        return taken

    def temporal(self, verb, epoch):
        """What Temporal's own command line says of an epoch."""
        command = [TEMPORAL, "workflow", verb, "--address", self.address, "-w", epoch, "-o", "json"]
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(shown.stdout)

    def events(self, epoch):
        """The types of an epoch's events."""
        events = self.temporal("show", epoch)["events"]
        return [event["eventType"].removeprefix("EVENT_TYPE_") for event in events]

    def bytes(self, epoch):
        """The bytes of an epoch's history."""
        return int(self.temporal("describe", epoch)["workflowExecutionInfo"]["historySizeBytes"])

    def settle(self, epoch):
        """Waits until nothing is to be done for an epoch: its events are all there."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            described = self.temporal("describe", epoch)
            pending = [described.get("pendingWorkflowTask"), described.get("pendingActivities")]
            if not any(pending):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{epoch} is not idle after a minute")

    def rss_mb(self):
        status = pathlib.Path(f"/proc/{self.daemon.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def cpu_seconds(self, process=None):
        """What the daemon, or another process, has used of the processors so far."""
        pid = (process or self.daemon).pid
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Figures:
    """What was measured, in order, each with its goal where there is one."""

    def __init__(self):
        self.rows = []

    def add(self, name, value, most=None, least=None, of=None):
        """A figure. `of` is the number that its goal is about, if it has several."""
        judged = value if of is None else value[of]
        goal, held = "", None
        if most is not None:
            goal, held = f"<= {most}", judged <= most
        if least is not None:
            goal, held = f">= {least}", judged >= least
        if goal and of:
            goal = f"{of} {goal}"
        self.rows.append((name, value, goal, held))

    def show(self):
        width = max(len(name) for name, *_ in self.rows)
        for name, value, goal, held in self.rows:
            verdict = {None: "", True: "holds", False: "MISSED"}[held]
            print(f"{name:<{width}}  {value}  {goal}  {verdict}".rstrip())
        print(json.dumps({name: value for name, value, *_ in self.rows}))


def spread(values, scale=1000):
    values = sorted(value * scale for value in values)
    return {
        "n": len(values),
        "median": round(statistics.median(values), 2),
        "p95": round(values[min(len(values) - 1, int(len(values) * 0.95))], 2),
        "min": round(values[0], 2),
        "max": round(values[-1], 2),
    }


def billable(events):
    """Actions as Temporal Cloud counts them: one for all markers of one task. What review
    children cost is left out: their starts, and the signals that tell them of the end."""
    actions, marked = 0, False
    for kind in events:
        if kind == "WORKFLOW_TASK_COMPLETED":
            marked = False
        if kind in {
            "WORKFLOW_EXECUTION_STARTED", "WORKFLOW_EXECUTION_SIGNALED",
            "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES", "ACTIVITY_TASK_SCHEDULED", "TIMER_STARTED",
        }:
            actions += 1
        if kind == "MARKER_RECORDED" and not marked:
            actions, marked = actions + 1, True
    return actions


def measure_commands(bench, figures, many, quick):
    figures.add("--help, ms", spread([bench.call("--help") for _ in range(many)]), most=5, of="median")
    bench.start_epoch("latency")
    bench.call("query", "state", "--epoch-id", "latency")
    pairs = []
    for _ in range(many):
        ours = bench.call("query", "state", "--epoch-id", "latency")
        bare = bench.call(bench.address, "latency", program=BARE)
        pairs.append((ours, bare))
    figures.add("query state, ms", spread([ours for ours, _ in pairs]), most=15, of="median")
    figures.add("bare gRPC connect and query, ms", spread([bare for _, bare in pairs]))
    ratio = statistics.median(ours / bare for ours, bare in pairs)
    figures.add("query state / bare", round(ratio, 2), most=2)
    votes = []
    for number in range(many):
        time.sleep(0.25)
        votes.append(bench.vote("latency", AXES[number % 3]))
    figures.add("confirmed vote, 250 ms apart, ms", spread(votes), most=25, of="median")
    at_once = []
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        for _ in range(2 if quick else 20):
            at_once += pool.map(lambda n: bench.vote("latency", AXES[n % 3]), range(10))
            time.sleep(1)
    figures.add("ten confirmed votes at once, ms", spread(at_once), most=500, of="p95")


def measure_histories(bench, figures, quick):
    bench.drive("plain")
    bench.settle("plain")
    events = bench.events("plain")
    actions = billable(events)
    figures.add("events of a plain epoch", len(events), most=150)
    figures.add("billable actions of a plain epoch, queries apart", actions, most=50)
    figures.add("billable actions of a plain epoch, with queries", actions + MESSAGES, most=70)
    figures.add("bytes of a plain epoch", bench.bytes("plain"))

    bench.start_epoch("growth")
    bench.advance("growth", "p2")
    sizes = []
    for number in range(20 if quick else 100):
        # Back and forth; the cap on rounds is passed with a reason, as it has to be.
        forth = number % 2 == 1
        more = ["--override", "measured"] if forth else []
        bench.advance("growth", "p4" if forth else "p3", *more)
        bench.settle("growth")
        sizes.append(bench.bytes("growth"))
    # By two, since a way forth opens a review and a way back closes it.
    steps = [after - before for before, after in zip(sizes[1::2], sizes[3::2])]
    tenth = max(1, len(steps) // 10)
    first, last = statistics.mean(steps[:tenth]), statistics.mean(steps[-tenth:])
    figures.add("bytes per advance, first tenth", round(first / 2))
    figures.add("bytes per advance, last tenth", round(last / 2))
    figures.add("bytes per advance, last / first", round(last / first, 3), most=1.05)


def measure_drivers(bench, figures, quick):
    epochs = 20 if quick else 100
    cpu, began = bench.cpu_seconds(), time.monotonic()
    server = bench.cpu_seconds(bench.server)
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        messages = sum(pool.map(lambda n: bench.drive(f"many-{n}"), range(epochs)), [])
    taken = time.monotonic() - began
    per_second, per_epoch = epochs / taken, (bench.cpu_seconds() - cpu) / epochs
    figures.add("epochs per second, 20 drivers", round(per_second, 2))
    figures.add("confirmed message, 20 drivers, ms", spread(messages))
    figures.add("epochs per second / earlier", round(per_second / EARLIER_EPOCHS_PER_S, 2), least=5)
    figures.add("daemon CPU per epoch, 20 drivers, s", round(per_epoch, 4))
    server = (bench.cpu_seconds(bench.server) - server) / epochs
    figures.add("server CPU per epoch, 20 drivers, s", round(server, 4))
    figures.add("daemon CPU per epoch / earlier", round(per_epoch / EARLIER_CPU_S, 3), most=0.2)
    some = [f"many-{n}" for n in range(0, epochs, max(1, epochs // 20))]
    for epoch in some:
        bench.settle(epoch)
    counts = spread([len(bench.events(epoch)) for epoch in some], 1)
    figures.add("events of an epoch, 20 drivers", counts, most=175, of="median")

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: bench.drive(f"open-{n}", PLAIN[:3]), range(200)))
    figures.add("resident with 200 open epochs, MB", round(bench.rss_mb(), 1), most=60)


def measure_kills(bench, figures):
    bench.settle("latency")
    bench.kill_daemon()
    began = time.monotonic()
    bench.start_daemon()
    bench.call("query", "state", "--epoch-id", "latency", "--timeout", "30s")
    taken = time.monotonic() - began
    figures.add("first answer after kill -9, idle, s", round(taken, 2), most=3)

    # A task in flight: the audit trail is held, and the daemon killed while it waits. Seen
    # from the end, since the moment may have been missed.
    for attempt in range(10):
        epoch = f"flight-{attempt}"
        bench.start_epoch(epoch)
        bench.settle(epoch)
        held = sqlite3.connect(bench.folder / "audit.db", isolation_level=None)
        held.execute("BEGIN EXCLUSIVE")
        bench.call(
            "signal", "vote", "--epoch-id", epoch, "--axis", "elegance", "--vote", "ACCEPT",
            "--no-wait",
        )
        time.sleep(0.15)
        bench.kill_daemon()
        held.execute("ROLLBACK")
        held.close()
        began = time.monotonic()
        bench.start_daemon()
        bench.call("query", "state", "--epoch-id", epoch, "--timeout", "30s")
        taken = time.monotonic() - began
        if "WORKFLOW_TASK_TIMED_OUT" in bench.events(epoch):
            figures.add("first answer after kill -9, task in flight, s", round(taken, 2), most=6)
            return
    raise RuntimeError("in ten tries the daemon was never killed with a task in flight")


def measure(bench, quick):
    figures = Figures()
    # The first start waits for the server, too.
    bench.start_daemon()
    starts = []
    for _ in range(2 if quick else 10):
        bench.kill_daemon(signal.SIGTERM)
        starts.append(bench.start_daemon())
    figures.add("start to ready, warm server, ms", spread(starts), most=200, of="median")
    figures.add("resident idle, MB", round(bench.rss_mb(), 1), most=30)
    measure_commands(bench, figures, 20 if quick else 200, quick)
    measure_histories(bench, figures, quick)
    measure_drivers(bench, figures, quick)
    measure_kills(bench, figures)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument(
        "--lift-poll-limit",
        action="store_true",
        help="lift the dev server's 20 polls a second (history.transferProcessorMaxPollRPS)",
    )
    parser.add_argument(
        "--in-memory",
        action="store_true",
        help="the dev server keeps its database in memory, not in a file",
    )
    args = parser.parse_args()
    dynamic = ["history.transferProcessorMaxPollRPS=1000"] if args.lift_poll_limit else []
    for program in (AURA_MSG, AURAD, BARE, TEMPORAL):
        if not os.access(program, os.X_OK):
            sys.exit(f"{program} is not there; the head of this file says how to build it")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, args.in_memory, dynamic)
        try:
            figures = measure(bench, args.quick)
        finally:
            bench.close()
    figures.add("cores", os.cpu_count())
    figures.add("system", f"{os.uname().sysname} {os.uname().machine}")
    figures.add("dev server's database", "memory" if args.in_memory else "file")
    figures.add("dev server's poll limit", "lifted" if args.lift_poll_limit else "20 a second")
    figures.show()


if __name__ == "__main__":
    sys.exit(main())
