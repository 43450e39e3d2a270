"""Figures as a table and as JSON: how values are summed up, which goal of goals.json they
are held to, and the machine that they are of. What is measured is left to the scripts."""

import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys

from programs import AURAD, PROFILE, ROOT, TEMPORAL


GOALS = json.loads((ROOT / "benches/goals.json").read_text())


def the_one(value, of=None):
    """The number of a figure that a goal is about: it may have several."""
    return value[of or "median"] if isinstance(value, dict) else value


def goal_text(goal):
    """A goal in words."""
    sign, number = ("<=", goal["most"]) if "most" in goal else (">=", goal["least"])
    of = f"{goal['of']} " if goal.get("of", "median") != "median" else ""
    return f"{of}{sign} {number}"


def holds(goal, value):
    """Whether a figure is as good as its goal."""
    number = the_one(value, goal.get("of"))
    return number <= goal["most"] if "most" in goal else number >= goal["least"]


class Figures:
    """What a script has measured, in order; each is told at once, with its goal, if any."""

    def __init__(self, bench, out=sys.stdout):
        self.goals = {goal["figure"]: goal for goal in GOALS if goal["bench"] == bench}
        self.found = {}
        self.out = out

    def add(self, name, value):
        self.found[name] = value
        goal, verdict = self.goals.get(name), ""
        if goal:
            verdict = f"({goal_text(goal)}: {'holds' if holds(goal, value) else 'MISSED'})"
        print(f"{name:<56}  {value}  {verdict}".rstrip(), file=self.out, flush=True)

    def all_hold(self):
        """Whether every goal was measured, and is kept."""
        return all(
            name in self.found and holds(goal, self.found[name])
            for name, goal in self.goals.items()
        )


def spread(values, scale=1000, digits=2):
    """Many values in one: how many, the middle, and how far they lie apart."""
    values = sorted(value * scale for value in values)
    return {
        "n": len(values),
        "median": round(statistics.median(values), digits),
        "p95": round(values[min(len(values) - 1, int(len(values) * 0.95))], digits),
        "min": round(values[0], digits),
        "max": round(values[-1], digits),
    }


def fit(xs, ys):
    """The line through these points by least squares: its slope, and the slope's standard
    error, which says how far the slope is to be trusted."""
    count, x_mean, y_mean = len(xs), statistics.mean(xs), statistics.mean(ys)
    width = sum((x - x_mean) ** 2 for x in xs)
    slope = sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys)) / width
    left = sum((y - y_mean - slope * (x - x_mean)) ** 2 for x, y in zip(xs, ys))
    return slope, (left / max(1, count - 2) / width) ** 0.5


def print_table(rows):
    """Rows of texts, the first of them the names of the columns, under each other."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths)).rstrip())


def asked(*command):
    """The first line that a program answers, or what went wrong."""
    unknown = f"unknown ({command[0]} did not say)"
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    except OSError:
        return unknown
    lines = done.stdout.splitlines()
    return lines[0] if done.returncode == 0 and lines else unknown


def commit():
    """The commit that is measured, `-dirty` where files differ from it; results of an earlier
    measurement do not count, since they change nothing that is measured."""
    of = asked("git", "describe", "--always")
    everything_else = ("--", ".", ":!benches/results.json", ":!benches/soak.json")
    changed = asked("git", "diff", "--stat", "HEAD", *everything_else)
    return of if changed.startswith("unknown") else f"{of}-dirty"


def machine():
    """What the figures are of: when, which programs, and on what."""
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", cpuinfo)
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "aurad": asked(AURAD, "--version"),
        "commit": commit(),
        "profile": PROFILE,
        "server": asked(TEMPORAL, "--version"),
        "cores": os.cpu_count(),
        "processor": model.group(1) if model else platform.machine(),
        "memory_gb": round(int(memory.group(1)) / 2**20, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2),
    }


def is_worth_saving(of):
    """Whether what was measured can be had again: a release build of a known commit."""
    is_known = not of["commit"].startswith("unknown") and "-dirty" not in of["commit"]
    return is_known and of["profile"] != "debug"


def print_json(value):
    print(json.dumps(value))
