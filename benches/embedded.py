#!/usr/bin/env python3
"""Measures the embedded engine: what a call, an epoch, an open and a closed workflow cost,
against a Temporal dev server on a file database with the same worker, with the release
binaries and in the same run.

    cargo build --release --locked --bins --examples
    python3 benches/embedded.py [--quick]

Prints a table, each figure beside its goal, then one line of JSON. What is compared is
measured in turns, so that what else the machine does hits all of it alike. Load comes from
one process with one connection (examples/load.rs), except where the time of a command is
the figure. It leaves out what figures.py measures on the real server alone.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import figures
from figures import AURAD, AXES, RELEASE, Bench, free_port, spread

LOAD = str(RELEASE / "examples/load")
DRIVERS = 20
# After an answer there is time for what the signal causes, so that this is not measured.
PAUSE_MS = 10


class Engine(Bench):
    """An `aurad --embedded` where figures.py has a server and an aurad."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.address = f"127.0.0.1:{free_port()}"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TEMPORAL_ADDRESS": self.address,
        }
        self.daemon = None

    def start_daemon(self):
        """Starts aurad; the seconds until it said that it is ready."""
        began = time.monotonic()
        command = [AURAD, "--embedded", "--db", str(self.folder / "engine.db")]
        command += ["--listen", self.address, "--audit-trail", f"sqlite:{self.folder}/audit.db"]
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


def load(*words):
    done = subprocess.run([LOAD, *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"load {words}: {done.stderr}")
    return json.loads(done.stdout)


def open_epochs(bench, prefix, count):
    """Epochs that wait for votes."""
    load("epochs", bench.address, prefix, count, DRIVERS, "p4")


def close_epochs(bench, prefix, count):
    """Whole epochs; how many a second."""
    return count / load("epochs", bench.address, prefix, count, DRIVERS, "complete")


def signals(bench, epoch, count):
    return load("signals", bench.address, epoch, count, PAUSE_MS)


def rss_settled(bench):
    """Megabytes once it has nothing to do."""
    before = bench.cpu_seconds()
    while True:
        time.sleep(0.5)
        now = bench.cpu_seconds()
        if now - before <= 0.02:
            return round(bench.rss_mb(), 1)
        before = now


def ratio(ours, theirs):
    return round(statistics.median(ours) / statistics.median(theirs), 2)


def measure(folder, quick, tell):
    rounds, each = (2, 50) if quick else (5, 100)
    server, engine = Bench(folder), Engine(folder / "engine")
    try:
        server.start_daemon()
        tell("start to ready, new file, ms", round(engine.start_daemon() * 1000, 1))
        tell("resident at the start, MB", rss_settled(engine), "<= 20")
        latency(server, engine, folder, rounds, each, tell)
        commands(engine, 20 if quick else 200, tell)
        throughput(server, engine, quick, tell)
        restarts(engine, 100 if quick else 1_000, tell)
    finally:
        server.close()
        engine.close()
    few, many = Engine(folder / "few"), Engine(folder / "many")
    try:
        few.start_daemon()
        many.start_daemon()
        growth(few, many, rounds, each, 500 if quick else 10_000, tell)
    finally:
        few.close()
        many.close()


def latency(server, engine, folder, rounds, each, tell):
    for bench in (server, engine):
        open_epochs(bench, "open", 10)
    ours, theirs, commits, calls = [], [], [], []
    for number in range(rounds):
        ours += signals(engine, f"open-{number}", each)
        theirs += signals(server, f"open-{number}", each)
        commits += load("commits", folder / f"commits-{number}.db", each, PAUSE_MS)
        calls += load("calls", engine.address, each, PAUSE_MS)
    tell("signal acknowledged, embedded, ms", spread(ours))
    tell("signal acknowledged, dev server, ms", spread(theirs))
    tell("one commit of SQLite, ms", spread(commits))
    tell("a call that changes nothing, ms", spread(calls))
    tell("signal: dev server / embedded", ratio(theirs, ours), ">= 4")
    tell("signal: embedded / one commit", ratio(ours, commits), "<= 2")


def commands(engine, many, tell):
    votes = [engine.vote("open-8", AXES[number % 2]) for number in range(many)]
    tell("confirmed vote by aura-msg, ms", spread(votes), "median <= 10")
    at_once = []
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        for _ in range(max(2, many // 20)):
            at_once += pool.map(lambda n: engine.vote("open-9", AXES[n % 2]), range(10))
    tell("ten confirmed votes at once, ms", spread(at_once), "p95 <= 50")


def throughput(server, engine, quick, tell):
    # In turns, and the first of each does not count: there the server has a burst to spend.
    ours, theirs = [], []
    for turn in range(2 if quick else 4):
        ours.append(close_epochs(engine, f"run-{turn}", 40 if quick else 200))
        theirs.append(close_epochs(server, f"run-{turn}", 20 if quick else 40))
    tell("epochs per second, embedded", [round(rate, 1) for rate in ours])
    tell("epochs per second, dev server", [round(rate, 2) for rate in theirs])
    tell("epochs per second: embedded / dev server", ratio(ours[1:], theirs[1:]), ">= 10")


def restarts(engine, closed, tell):
    answers = []
    for _ in range(5):
        engine.kill_daemon()
        began = time.monotonic()
        engine.start_daemon()
        engine.call("query", "state", "--epoch-id", "open-0")
        answers.append(time.monotonic() - began)
    tell("first answer after kill -9, s", spread(answers, 1), "<= 0.3")
    busy = []
    for turn in range(5):
        loaded = subprocess.Popen(
            [LOAD, "epochs", engine.address, f"busy-{turn}", "1000", str(DRIVERS), "complete"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        time.sleep(0.5)
        engine.kill_daemon()
        loaded.kill()
        loaded.wait()
        began = time.monotonic()
        engine.start_daemon()
        engine.call("query", "state", "--epoch-id", f"busy-{turn}-0")
        busy.append(time.monotonic() - began)
    tell("first answer after kill -9 under load, s", spread(busy, 1), "<= 0.3")
    done = Engine(engine.folder / "restarts")
    try:
        done.start_daemon()
        close_epochs(done, "closed", closed)
        open_epochs(done, "open", closed // 10)
        starts = []
        for _ in range(5):
            done.kill_daemon(signal.SIGTERM)
            starts.append(done.start_daemon())
        name = f"start to ready, {closed} closed and {closed // 10} open, ms"
        tell(name, spread(starts), "median <= 100")
    finally:
        done.close()


def growth(few, many, rounds, each, closed, tell):
    open_epochs(few, "open", 10)
    open_epochs(many, "open", 200)
    tell("resident with 200 open epochs, MB", rss_settled(many), "<= 50")
    open_epochs(many, "more", 800)
    tell("resident with 1000 open epochs, MB", rss_settled(many), "< 150")
    close_epochs(many, "closed", closed)
    tell(f"resident after {closed} closed epochs more, MB", rss_settled(many))
    many.kill_daemon(signal.SIGTERM)
    tell(f"start to ready, {closed} closed and 1000 open, ms", round(many.start_daemon() * 1000))
    tell("resident after that, MB", rss_settled(many), "< 150")
    size = (many.folder / "engine.db").stat().st_size / 2**20
    tell("file, MB", round(size, 1))
    little, much = [], []
    for number in range(rounds):
        little += signals(few, f"open-{number}", each)
        much += signals(many, f"open-{number}", each)
    tell("signal acknowledged, 10 open, ms", spread(little))
    tell(f"signal acknowledged, {closed} closed and 1000 open, ms", spread(much))
    tell("signal: many / few", ratio(much, little), "<= 1.3")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    args = parser.parse_args()
    found = {}

    def tell(name, value, goal=None):
        found[name] = value
        print(f"{name:<52}  {value}" + (f"  (goal {goal})" if goal else ""), flush=True)

    with tempfile.TemporaryDirectory(dir=figures.TARGET) as folder:
        measure(pathlib.Path(folder), args.quick, tell)
    found["machine"] = f"{os.cpu_count()} cores, {os.uname().sysname} {os.uname().machine}"
    print(json.dumps(found))


if __name__ == "__main__":
    sys.exit(main())
