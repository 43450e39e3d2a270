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
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from bench import (
    AXES, DRIVERS, PAUSE_MS, Bench, Engine, close_epochs, load, open_epochs, rss_settled, signals,
)
from programs import AURA_MSG, AURAD, LOAD, TARGET, TEMPORAL, need
from table import Figures, machine, print_json, spread

def ratios(ours, theirs):
    """How many times one is the other, round by round: the middle of each is compared."""
    pairs = zip(ours, theirs)
    return spread([statistics.median(one) / statistics.median(other) for one, other in pairs], 1)


def flat(rounds):
    return [value for each in rounds for value in each]


def measure(folder, quick, figures):
    rounds, each = (2, 50) if quick else (5, 100)
    server, engine = Bench(folder), Engine(folder / "engine")
    try:
        server.start_daemon()
        figures.add("start to ready, new file, ms", round(engine.start_daemon() * 1000, 1))
        dev = round(server.rss_mb(server.server), 1)
        figures.add("resident dev server at the start, MB", dev)
        figures.add("resident at the start, MB", rss_settled(engine))
        latency(server, engine, folder, rounds, each, figures)
        commands(engine, 20 if quick else 200, figures)
        throughput(server, engine, quick, figures)
        restarts(engine, 100 if quick else 1_000, figures)
    finally:
        server.close()
        engine.close()
    few, many = Engine(folder / "few"), Engine(folder / "many")
    try:
        few.start_daemon()
        many.start_daemon()
        growth(few, many, rounds, each, 500 if quick else 10_000, figures)
    finally:
        few.close()
        many.close()


def latency(server, engine, folder, rounds, each, figures):
    for bench in (server, engine):
        open_epochs(bench, "open", 10)
    ours, theirs, commits, calls = [], [], [], []
    for number in range(rounds):
        ours.append(signals(engine, f"open-{number}", each))
        theirs.append(signals(server, f"open-{number}", each))
        commits.append(load("commits", folder / f"commits-{number}.db", each, PAUSE_MS))
        calls.append(load("calls", engine.address, each, PAUSE_MS))
    figures.add("signal acknowledged, embedded, ms", spread(flat(ours)))
    figures.add("signal acknowledged, dev server, ms", spread(flat(theirs)))
    figures.add("one commit of SQLite, ms", spread(flat(commits)))
    figures.add("a call that changes nothing, ms", spread(flat(calls)))
    figures.add("signal: dev server / embedded", ratios(theirs, ours))
    figures.add("signal: embedded / one commit", ratios(ours, commits))


def commands(engine, many, figures):
    votes = [engine.vote("open-8", AXES[number % 2]) for number in range(many)]
    figures.add("confirmed vote by aura-msg, ms", spread(votes))
    at_once = []
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        for _ in range(max(2, many // 20)):
            at_once += pool.map(lambda n: engine.vote("open-9", AXES[n % 2]), range(10))
    figures.add("ten confirmed votes at once, ms", spread(at_once))


def throughput(server, engine, quick, figures):
    # In turns, and the first of each does not count: there the server has a burst to spend.
    ours, theirs = [], []
    for turn in range(2 if quick else 4):
        ours.append(close_epochs(engine, f"run-{turn}", 40 if quick else 200))
        theirs.append(close_epochs(server, f"run-{turn}", 20 if quick else 40))
    rates = [one / other for one, other in zip(ours[1:], theirs[1:])]
    figures.add("epochs per second, embedded", spread(ours, 1))
    figures.add("epochs per second, dev server", spread(theirs, 1))
    figures.add("epochs per second: embedded / dev server", spread(rates, 1))
    open_epochs(server, "open-too", 190)
    figures.add("resident dev server after the epochs, MB", rss_settled(server, server.server))


def restarts(engine, closed, figures):
    answers = []
    for _ in range(5):
        engine.kill_daemon()
        began = time.monotonic()
        engine.start_daemon()
        engine.call("query", "state", "--epoch-id", "open-0")
        answers.append(time.monotonic() - began)
    figures.add("first answer after kill -9, s", spread(answers, 1))
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
    figures.add("first answer after kill -9 under load, s", spread(busy, 1))
    done = Engine(engine.folder / "restarts")
    try:
        done.start_daemon()
        close_epochs(done, "closed", closed)
        open_epochs(done, "open", closed // 10)
        starts = []
        for _ in range(5):
            done.kill_daemon(signal.SIGTERM)
            starts.append(done.start_daemon())
        figures.add("closed epochs of that start, a tenth of it open besides", closed)
        figures.add("start to ready, closed and open epochs, ms", spread(starts))
    finally:
        done.close()


def growth(few, many, rounds, each, closed, figures):
    open_epochs(few, "open", 10)
    open_epochs(many, "open", 200)
    figures.add("resident with 200 open epochs, MB", rss_settled(many))
    open_epochs(many, "more", 800)
    figures.add("resident with 1000 open epochs, MB", rss_settled(many))
    close_epochs(many, "closed", closed)
    figures.add(f"resident after {closed} closed epochs more, MB", rss_settled(many))
    many.kill_daemon(signal.SIGTERM)
    began = round(many.start_daemon() * 1000)
    figures.add(f"start to ready, {closed} closed and 1000 open, ms", began)
    figures.add("resident after that, MB", rss_settled(many))
    size = (many.folder / "engine.db").stat().st_size / 2**20
    figures.add("file, MB", round(size, 1))
    little, much = [], []
    for number in range(rounds):
        little.append(signals(few, f"open-{number}", each))
        much.append(signals(many, f"open-{number}", each))
    figures.add("signal acknowledged, 10 open, ms", spread(flat(little)))
    figures.add(f"signal acknowledged, {closed} closed and 1000 open, ms", spread(flat(much)))
    figures.add("signal: many / few", ratios(much, little))


def run(figures, quick):
    """Measures all of it."""
    need(AURA_MSG, AURAD, LOAD, TEMPORAL)
    with tempfile.TemporaryDirectory(dir=TARGET) as folder:
        measure(pathlib.Path(folder), quick, figures)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    figures = Figures("embedded")
    run(figures, parser.parse_args().quick)
    print_json({"machine": machine(), **figures.found})


if __name__ == "__main__":
    sys.exit(main())
