#!/usr/bin/env python3
"""Measures what users feel: latency of commands, throughput and size of epochs, memory
and CPU of the daemon, on a real Temporal dev server, with the release binaries.

    cargo build --release --locked --bins --example bare_query
    python3 benches/figures.py [--quick] [--in-memory] [--lift-poll-limit]

Prints a table, each figure beside its goal, then one line of JSON. Figures are of this
machine and this run. What is compared with a bare gRPC client is measured in turns with
it; the earlier implementation is not here, so what is compared with it stands beside the
figures that were once measured of it. programs.py says where the binaries are looked for.
What concerns an engine without a server is left out.
"""

import argparse
import concurrent.futures
import signal
import sqlite3
import statistics
import sys
import tempfile
import time

from bench import AXES, DRIVERS, PLAIN, Bench, rss_settled
from programs import AURA_MSG, AURAD, BARE_QUERY, TEMPORAL, need
from table import Figures, machine, print_json, spread

# What starting a program costs by itself.
NOTHING = "/bin/true"
# Messages of a plain epoch, each confirmed by a query.
MESSAGES = 18
# The earlier implementation, on two cores with the same dev server.
EARLIER_CPU_S = 0.21
EARLIER_EPOCHS_PER_S = 3.3


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
    pairs = [(bench.call("--help"), bench.call(program=NOTHING)) for _ in range(many)]
    figures.add("--help, ms", spread([ours for ours, _ in pairs]))
    figures.add("a program that does nothing, ms", spread([nothing for _, nothing in pairs]))
    bench.start_epoch("latency")
    bench.call("query", "state", "--epoch-id", "latency")
    pairs = []
    for _ in range(many):
        ours = bench.call("query", "state", "--epoch-id", "latency")
        bare = bench.call(bench.address, "latency", program=BARE_QUERY)
        pairs.append((ours, bare))
    figures.add("query state, ms", spread([ours for ours, _ in pairs]))
    figures.add("bare gRPC connect and query, ms", spread([bare for _, bare in pairs]))
    figures.add("query state / bare", spread([ours / bare for ours, bare in pairs], 1))
    votes = []
    for number in range(many):
        time.sleep(0.25)
        votes.append(bench.vote("latency", AXES[number % 3]))
    figures.add("confirmed vote, 250 ms apart, ms", spread(votes))
    at_once = []
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        for _ in range(2 if quick else 20):
            at_once += pool.map(lambda n: bench.vote("latency", AXES[n % 3]), range(10))
            time.sleep(1)
    figures.add("ten confirmed votes at once, ms", spread(at_once))


def measure_histories(bench, figures, quick):
    counts, actions, sizes = [], [], []
    for number in range(1 if quick else 5):
        epoch = f"plain-{number}"
        bench.drive(epoch)
        bench.settle(epoch)
        events = bench.events(epoch)
        counts.append(len(events))
        actions.append(billable(events))
        sizes.append(bench.bytes(epoch))
    figures.add("events of a plain epoch", spread(counts, 1))
    figures.add("billable actions of a plain epoch, queries apart", spread(actions, 1))
    confirmed = [count + MESSAGES for count in actions]
    figures.add("billable actions of a plain epoch, with queries", spread(confirmed, 1))
    figures.add("bytes of a plain epoch", spread(sizes, 1))

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
    figures.add("bytes per advance, last / first", round(last / first, 3))


def measure_drivers(bench, figures, quick):
    rounds, each = (2, 20) if quick else (5, 40)
    rates, ours, theirs, messages = [], [], [], []
    for turn in range(rounds):
        began, cpu = time.monotonic(), bench.cpu_seconds()
        server = bench.cpu_seconds(bench.server)
        with concurrent.futures.ThreadPoolExecutor(DRIVERS) as pool:
            driven = pool.map(lambda n: bench.drive(f"many-{turn}-{n}"), range(each))
            messages += sum(driven, [])
        rates.append(each / (time.monotonic() - began))
        ours.append((bench.cpu_seconds() - cpu) / each)
        theirs.append((bench.cpu_seconds(bench.server) - server) / each)
    figures.add("epochs per second, 20 drivers", spread(rates, 1))
    figures.add("confirmed message, 20 drivers, ms", spread(messages))
    figures.add("epochs per second / earlier", spread(rates, 1 / EARLIER_EPOCHS_PER_S))
    figures.add("daemon CPU per epoch, 20 drivers, s", spread(ours, 1, 4))
    figures.add("server CPU per epoch, 20 drivers, s", spread(theirs, 1, 4))
    figures.add("daemon CPU per epoch / earlier", spread(ours, 1 / EARLIER_CPU_S, 3))
    some = [f"many-0-{n}" for n in range(20)]
    for epoch in some:
        bench.settle(epoch)
    counts = spread([len(bench.events(epoch)) for epoch in some], 1)
    figures.add("events of an epoch, 20 drivers", counts)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: bench.drive(f"open-{n}", PLAIN[:3]), range(200)))
    figures.add("resident with 200 open epochs, MB", round(bench.rss_mb(), 1))
    server = round(bench.rss_mb(bench.server), 1)
    figures.add("resident dev server with 200 open epochs, MB", server)


def measure_kills(bench, figures, times):
    bench.settle("latency")
    answers = []
    for _ in range(times):
        bench.kill_daemon()
        answers.append(first_answer(bench, "latency"))
        bench.settle("latency")
    figures.add("first answer after kill -9, idle, s", spread(answers, 1))
    held, tries = [], 0
    while len(held) < times:
        if tries == 10 * times:
            raise RuntimeError(f"in {tries} tries a task was in flight {len(held)} times")
        held += filter(None, [killed_in_flight(bench, tries)])
        tries += 1
    figures.add("first answer after kill -9, task in flight, s", spread(held, 1))


def first_answer(bench, epoch):
    """Starts a daemon; the seconds until it has answered."""
    began = time.monotonic()
    bench.start_daemon()
    bench.call("query", "state", "--epoch-id", epoch, "--timeout", "30s")
    return time.monotonic() - began


def killed_in_flight(bench, number):
    """Has a daemon die with a task in flight: the audit trail is held, and the daemon killed
    while it waits. The seconds until the next one has answered; None where the moment was
    missed, which is seen from the end."""
    epoch = f"flight-{number}"
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
    taken = first_answer(bench, epoch)
    return taken if "WORKFLOW_TASK_TIMED_OUT" in bench.events(epoch) else None


def measure(bench, figures, quick):
    # The first start waits for the server, too.
    bench.start_daemon()
    starts, idle = [], []
    for _ in range(2 if quick else 10):
        bench.kill_daemon(signal.SIGTERM)
        starts.append(bench.start_daemon())
        idle.append(rss_settled(bench))
    figures.add("start to ready, warm server, ms", spread(starts))
    figures.add("resident idle, MB", spread(idle, 1))
    figures.add("resident dev server, MB", round(bench.rss_mb(bench.server), 1))
    measure_commands(bench, figures, 20 if quick else 200, quick)
    measure_histories(bench, figures, quick)
    measure_drivers(bench, figures, quick)
    measure_kills(bench, figures, 1 if quick else 5)


def run(figures, quick, in_memory=False, lifted=False):
    """Measures all of it on a server of its own."""
    need(AURA_MSG, AURAD, BARE_QUERY, TEMPORAL)
    dynamic = ["history.transferProcessorMaxPollRPS=1000"] if lifted else []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, in_memory, dynamic)
        try:
            measure(bench, figures, quick)
        finally:
            bench.close()
    figures.add("dev server's database", "memory" if in_memory else "file")
    figures.add("dev server's poll limit", "lifted" if lifted else "20 a second")


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
    figures = Figures("server")
    run(figures, args.quick, args.in_memory, args.lift_poll_limit)
    print_json({"machine": machine(), **figures.found})


if __name__ == "__main__":
    sys.exit(main())
