#!/usr/bin/env python3
"""Measures every figure that aura has a goal for, and prints them as one table and one line
of JSON: each with its goal, its middle and spread, and what it is compared with in the same
run; and the machine.

    cargo build --release --locked --bins --examples
    python3 benches/all.py [--quick] [--save]

The goals are in goals.json. figures.py, embedded.py and list.py do the measuring, one after
the other, and tell on standard error how far they are; the whole takes some half an hour on
two cores. `--save` writes results.json, of which docs/benchmarks.md is made; it takes release
builds, whole runs and unchanged sources only. Growth over a long life is left to soak.py. The
exit code is 1 where a goal is missed.
"""

import argparse
import importlib
import json
import subprocess
import sys
import traceback

from programs import ROOT
from table import (
    GOALS, Figures, goal_text, holds, is_worth_saving, machine, print_json, print_table,
    the_one,
)

RESULTS = ROOT / "benches/results.json"


def measure(quick):
    """All figures, by bench and name. What a bench has found until it fails is kept."""
    found = {}
    epochs, calls = (200, 10) if quick else (10_000, 100)
    for bench, script, amount in (
        ("server", "figures", (quick,)),
        ("embedded", "embedded", (quick,)),
        ("list", "list", (epochs, calls)),
    ):
        figures = Figures(bench, sys.stderr)
        found[bench] = figures.found
        try:
            # Imported by its name: list is also a thing of Python's own.
            importlib.import_module(script).run(figures, *amount)
        except (RuntimeError, OSError, subprocess.SubprocessError):
            traceback.print_exc()
    return found


def row(goal, found):
    """A goal with what was found of it."""
    value = found[goal["bench"]].get(goal["figure"])
    if value is None:
        return {**goal, "value": None, "median": None, "n": 0, "holds": False}
    summary = value if isinstance(value, dict) else {"n": 1, "median": value}
    result = {**goal, "value": the_one(value, goal.get("of")), **summary}
    if "against" in goal:
        result["against_value"] = the_one(found[goal["bench"]].get(goal["against"]))
    return {**result, "holds": holds(goal, value)}


def cells(result):
    """A row in words."""
    lies = f"{result['min']} - {result['max']}" if "min" in result else ""
    against = f"{result['against']}: {result.get('against_value')}" if "against" in result else ""
    earlier = str(result.get("earlier", ""))
    verdict = "holds" if result["holds"] else "MISSED"
    unit, value = result.get("unit", ""), result["value"]
    return (
        result["what"].replace("`", ""), goal_text(result), f"{value} {unit}".strip(),
        str(result["median"]), lies, str(result["n"]), against, earlier, verdict,
    )


COLUMNS = ("what", "goal", "value", "median", "from - to", "n", "against", "earlier", "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="few repetitions, to try it out")
    parser.add_argument("--save", action="store_true", help="write benches/results.json")
    args = parser.parse_args()
    of = machine()
    if args.save and (args.quick or not is_worth_saving(of)):
        sys.exit("only a whole run of a release build of unchanged sources can be saved")
    found = measure(args.quick)
    rows = [row(goal, found) for goal in GOALS]
    print_table([COLUMNS, *map(cells, rows)])
    print(", ".join(f"{name}: {value}" for name, value in of.items()))
    everything = {"machine": of, "quick": args.quick, "rows": rows, "figures": found}
    print_json(everything)
    if args.save and not all(result["n"] for result in rows):
        sys.exit("not everything was measured, so nothing is saved")
    if args.save:
        RESULTS.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n")
    return 0 if all(result["holds"] for result in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
