#!/usr/bin/env python3
"""Measures what users feel: latency of commands, throughput and size of epochs, memory
and CPU of the daemon, on a real Temporal dev server, with the release binaries.

    cargo build --release --locked --bins --example bare_query
    python3 benches/figures.py [--quick]

Prints a table, then one line of JSON. Figures are of this machine and this run; where
another program is named they are measured in the same run and given as a ratio. It
leaves out what needs the earlier implementation, which is not here.
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
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RELEASE = ROOT / "target/release"
AURA_MSG = str(RELEASE / "aura-msg")
AURAD = str(RELEASE / "aurad")
BARE = str(RELEASE / "examples/bare_query")
TEMPORAL = os.environ.get("AURA_TEST_TEMPORAL") or str(
    ROOT / "target/temporal-server/bin/temporal"
)
AXES = ("correctness", "test_quality", "elegance")
# The way of a plain epoch: 12 advances, 6 votes.
PLAIN = ["p2", "p3", "p4", "votes", "p5", "p6", "p7", "p8", "p9", "p10", "votes", "p11", "p12", "complete"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bench:
    def __init__(self, folder, dynamic=()):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        command = [TEMPORAL, "server", "start-dev", "--headless", "--ip", "127.0.0.1"]
        command += ["--port", str(self.port), "--http-port", str(free_port())]
        command += ["--metrics-port", str(free_port()), "--log-level", "error"]
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
                return time.monotonic() - began
        raise RuntimeError("aurad ended before it was ready")

    def kill_daemon(self, how=signal.SIGKILL):
        self.daemon.send_signal(how)
        self.daemon.wait()
        self.daemon.stderr.close()

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
        self.call("epoch", "start", "--epoch-id", epoch)

    def vote(self, epoch, axis):
        return self.call("signal", "vote", "--epoch-id", epoch, "--axis", axis, "--vote", "ACCEPT")

    def advance(self, epoch, phase):
        return self.call(
            "phase", "advance", "--epoch-id", epoch, "--to-phase", phase,
            "--triggered-by", "bench", "--condition", "measured",
        )

    def drive(self, epoch, steps=PLAIN):
        self.start_epoch(epoch)
        for step in steps:
            if step == "votes":
                for axis in AXES:
                    self.vote(epoch, axis)
            else:
                self.advance(epoch, step)

    def history(self, epoch):
        """The types of an epoch's events, and its bytes."""
        shown = subprocess.run(
            [TEMPORAL, "workflow", "show", "--address", self.address, "-w", epoch, "-o", "json"],
            capture_output=True, text=True, check=True,
        )
        described = subprocess.run(
            [TEMPORAL, "workflow", "describe", "--address", self.address, "-w", epoch, "-o", "json"],
            capture_output=True, text=True, check=True,
        )
        events = json.loads(shown.stdout)["events"]
        info = json.loads(described.stdout)["workflowExecutionInfo"]
        return [event["eventType"] for event in events], int(info["historySizeBytes"])

    def rss_mb(self):
        status = pathlib.Path(f"/proc/{self.daemon.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.daemon.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
    """Actions as Temporal Cloud counts them: one for all markers of one task."""
    actions, marked = 0, False
    for event in events:
        kind = event.removeprefix("EVENT_TYPE_")
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


def measure(bench, quick):
    figures = {}
    many = 20 if quick else 200
    figures["start to ready, s"] = round(bench.start_daemon(), 3)
    bench.kill_daemon(signal.SIGTERM)
    figures["start to ready, warm server, s"] = round(bench.start_daemon(), 3)
    figures["resident idle, MB"] = round(bench.rss_mb(), 1)

    figures["--help, ms"] = spread([bench.call("--help") for _ in range(many)])
    bench.start_epoch("latency")
    bench.call("query", "state", "--epoch-id", "latency")
    pairs = []
    for _ in range(many):
        ours = bench.call("query", "state", "--epoch-id", "latency")
        bare = bench.call(bench.address, "latency", program=BARE)
        pairs.append((ours, bare))
    figures["query state, ms"] = spread([ours for ours, _ in pairs])
    figures["bare gRPC connect and query, ms"] = spread([bare for _, bare in pairs])
    figures["query state / bare"] = round(
        statistics.median(ours / bare for ours, bare in pairs), 2
    )
    votes = []
    for number in range(many):
        time.sleep(0.25)
        votes.append(bench.vote("latency", AXES[number % 3]))
    figures["confirmed vote, 250 ms apart, ms"] = spread(votes)
    at_once = []
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        for _ in range(2 if quick else 10):
            at_once += pool.map(lambda n: bench.vote("latency", AXES[n % 3]), range(10))
            time.sleep(1)
    figures["ten confirmed votes at once, ms"] = spread(at_once)

    bench.drive("plain")
    time.sleep(1)
    events, size = bench.history("plain")
    figures["events of a plain epoch"] = len(events)
    figures["billable actions of a plain epoch"] = billable(events)
    figures["bytes of a plain epoch"] = size

    bench.start_epoch("growth")
    sizes = []
    for _ in range(50):
        for phase in ("p2", "p3") if not sizes else ("p4", "p3"):
            bench.advance("growth", phase)
            sizes.append(bench.history("growth")[1])
        if len(sizes) >= (20 if quick else 100):
            break
    steps = [after - before for before, after in zip(sizes, sizes[1:])]
    tenth = len(steps) // 10
    figures["bytes per advance, first tenth"] = round(statistics.mean(steps[:tenth]))
    figures["bytes per advance, last tenth"] = round(statistics.mean(steps[-tenth:]))

    epochs = 20 if quick else 100
    cpu, began = bench.cpu_seconds(), time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: bench.drive(f"many-{n}"), range(epochs)))
    taken = time.monotonic() - began
    figures["epochs per second, 20 drivers"] = round(epochs / taken, 2)
    figures["daemon CPU per epoch, s"] = round((bench.cpu_seconds() - cpu) / epochs, 4)
    time.sleep(2)
    counts = [len(bench.history(f"many-{n}")[0]) for n in range(0, epochs, max(1, epochs // 20))]
    figures["events of an epoch, 20 drivers"] = spread(counts, 1)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: bench.drive(f"open-{n}", PLAIN[:3]), range(200)))
    figures["resident with 200 open epochs, MB"] = round(bench.rss_mb(), 1)

    bench.kill_daemon()
    began = time.monotonic()
    bench.start_daemon()
    bench.call("query", "state", "--epoch-id", "latency")
    figures["first answer after kill -9, idle, s"] = round(time.monotonic() - began, 2)

    # A task in flight: the audit trail is held, and the daemon killed while it waits.
    held = sqlite3.connect(bench.folder / "audit.db", isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    bench.call("signal", "vote", "--epoch-id", "latency", "--axis", "elegance", "--vote", "ACCEPT", "--no-wait")
    time.sleep(0.15)
    bench.kill_daemon()
    held.execute("ROLLBACK")
    held.close()
    began = time.monotonic()
    bench.start_daemon()
    bench.call("query", "state", "--epoch-id", "latency", "--timeout", "30s")
    figures["first answer after kill -9, task in flight, s"] = round(time.monotonic() - began, 2)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument(
        "--lift-poll-limit",
        action="store_true",
        help="lift the dev server's 20 polls a second (history.transferProcessorMaxPollRPS)",
    )
    args = parser.parse_args()
    dynamic = ["history.transferProcessorMaxPollRPS=1000"] if args.lift_poll_limit else []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, dynamic)
        try:
            figures = measure(bench, args.quick)
        finally:
            bench.close()
    figures["machine"] = f"{os.cpu_count()} cores, {os.uname().sysname} {os.uname().machine}"
    width = max(len(name) for name in figures)
    for name, value in figures.items():
        print(f"{name:<{width}}  {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    sys.exit(main())
