#!/usr/bin/env python3
"""Measures the first page of `aura-msg epoch list` over many epochs on a Temporal dev
server against the bare list call, with the release binaries and in turns.

    cargo build --release --locked --bins --examples
    python3 benches/list.py [--epochs 10000] [--calls 100] [--in-memory]

Prints a table, the ratio beside its goal, then one line of JSON. The epochs are started by
one process with one connection (examples/load.rs) and advanced once; the measuring begins
when the server's index has all of them and the server is idle. Starting ten thousand takes
a while. What the list shows is left to the tests.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time

from bench import Bench
from programs import AURA_MSG, AURAD, BARE_LIST, LOAD, TEMPORAL, need
from table import Figures, machine, print_json, spread

DRIVERS = 50
# Nothing is measured while the server still does more than this share of a processor.
IDLE = 0.05
SETTLING_S = 1800


def listed(bench):
    """How many open epochs the server's index has."""
    command = [TEMPORAL, "workflow", "count", "--address", bench.address, "-o", "json"]
    command += ["--query", "WorkflowType = 'EpochWorkflow' AND ExecutionStatus = 'Running'"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
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


def run(figures, epochs, calls, in_memory=False):
    """Measures it on a server of its own."""
    need(AURA_MSG, AURAD, BARE_LIST, LOAD, TEMPORAL)
    with tempfile.TemporaryDirectory() as folder:
        # Only the starting would wait for the pace that the server keeps otherwise.
        bench = Bench(folder, in_memory, ["history.transferProcessorMaxPollRPS=1000"])
        try:
            bench.start_daemon()
            command = ["epochs", bench.address, "many", str(epochs), str(DRIVERS), "p2"]
            figures.add("epochs in the list", epochs)
            figures.add("starting them, s", round(bench.call(*command, program=LOAD), 1))
            settle(bench, epochs)
            pairs = []
            for turn in range(calls):
                both = [
                    lambda: bench.call("epoch", "list", program=AURA_MSG),
                    lambda: bench.call(bench.address, program=BARE_LIST),
                ]
                # Whoever goes first finds other caches.
                order = (0, 1) if turn % 2 == 0 else (1, 0)
                taken = {which: both[which]() for which in order}
                pairs.append((taken[0], taken[1]))
        finally:
            bench.close()
    figures.add("epoch list, ms", spread([ours for ours, _ in pairs]))
    figures.add("bare gRPC connect and list, ms", spread([theirs for _, theirs in pairs]))
    figures.add("epoch list / bare", spread([ours / theirs for ours, theirs in pairs], 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--epochs", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--in-memory", action="store_true")
    args = parser.parse_args()
    figures = Figures("list")
    run(figures, args.epochs, args.calls, args.in_memory)
    print_json({"machine": machine(), **figures.found})
    return 0 if figures.all_hold() else 1


if __name__ == "__main__":
    sys.exit(main())
