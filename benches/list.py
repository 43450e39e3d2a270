#!/usr/bin/env python3
"""Measures the first page of `aura-msg epoch list` over many epochs on a Temporal dev
server against the bare list call, with the release binaries and in turns.

    cargo build --release --locked --bins --examples
    python3 benches/list.py [--epochs 10000] [--calls 100] [--in-memory] [--profile debug]

Prints a table, the ratio beside its goal, then one line of JSON. The epochs are started by
one process with one connection (examples/load.rs) and advanced once; the measuring begins
when the server's index has all of them and the server is idle. Starting ten thousand takes
a while. What the list shows is left to the tests.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time

import figures
from figures import Bench, Figures, spread

DRIVERS = 50
# Nothing is measured while the server still does more than this share of a processor.
IDLE = 0.05
SETTLING_S = 1800


def use_profile(profile):
    """Takes the binaries of a profile."""
    figures.RELEASE = figures.TARGET / profile
    figures.AURA_MSG = str(figures.RELEASE / "aura-msg")
    figures.AURAD = str(figures.RELEASE / "aurad")


def listed(bench):
    """How many open epochs the server's index has."""
    command = [figures.TEMPORAL, "workflow", "count", "--address", bench.address, "-o", "json"]
    command += ["--query", "WorkflowType = 'EpochWorkflow' AND ExecutionStatus = 'Running'"]
    done = figures.subprocess.run(command, capture_output=True, text=True, check=True)
    return int(json.loads(done.stdout)["count"])


def settle(bench, count):
    """Waits until all are listed and nothing is left to do for them."""
    deadline = time.monotonic() + SETTLING_S
    while time.monotonic() < deadline:
        before = bench.cpu_seconds() + bench.cpu_seconds(bench.server)
        time.sleep(2)
        used = bench.cpu_seconds() + bench.cpu_seconds(bench.server) - before
        if listed(bench) >= count and used / 2 < IDLE:
            return
    raise RuntimeError(f"not idle after {SETTLING_S} s: {listed(bench)} of {count} are listed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--in-memory", action="store_true")
    parser.add_argument("--profile", default="release")
    args = parser.parse_args()
    use_profile(args.profile)
    load, bare = (str(figures.RELEASE / "examples" / name) for name in ("load", "bare_list"))
    table = Figures()
    with tempfile.TemporaryDirectory() as folder:
        # Only the starting would wait for the pace that the server keeps otherwise.
        bench = Bench(folder, args.in_memory, ["history.transferProcessorMaxPollRPS=1000"])
        try:
            bench.start_daemon()
            command = ["epochs", bench.address, "many", str(args.epochs), str(DRIVERS), "p2"]
            table.add("epochs", args.epochs)
            table.add("starting them, s", round(bench.call(*command, program=load), 1))
            settle(bench, args.epochs)
            pairs = []
            for turn in range(args.calls):
                calls = [
                    lambda: bench.call("epoch", "list", program=figures.AURA_MSG),
                    lambda: bench.call(bench.address, program=bare),
                ]
                # Whoever goes first finds other caches.
                order = (0, 1) if turn % 2 == 0 else (1, 0)
                taken = {which: calls[which]() for which in order}
                pairs.append((taken[0], taken[1]))
        finally:
            bench.close()
    ours, theirs = ([pair[at] for pair in pairs] for at in (0, 1))
    table.add("epoch list, ms", spread(ours))
    table.add("bare gRPC connect and list, ms", spread(theirs))
    ratios = spread([ours / theirs for ours, theirs in pairs], scale=1)
    table.add("ratio of each pair", ratios)
    ratio = round(statistics.median(ours) / statistics.median(theirs), 2)
    table.add("ratio of the medians", ratio, most=2)
    table.show()
    return 0 if ratio <= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
