#!/usr/bin/env python3
"""Has one `aurad --embedded` carry many epochs, one after the other, and tells what of it
grows: memory, files, threads, the file of the engine.

    cargo build --release --locked --bins --examples
    python3 benches/soak.py [--epochs 20000] [--rounds 40] [--save]

The epochs are driven in rounds; after each the daemon is idle, and is looked at. The first
quarter is warming up. Through what comes after it a line is fitted: bytes for each epoch, and
for each activity as the daemon itself counts them. In the end the daemon is started anew on
the same file, which tells what was the process's own. Prints a table and one line of JSON;
exit code 1 where something grows by more than it may. `--save` writes soak.json, of which
docs/benchmarks.md is made. How fast it is, is left to embedded.py.
"""

import argparse
import json
import re
import signal
import sys
import tempfile
import time
import urllib.request

from bench import Engine, close_epochs, rss_settled
from programs import AURAD, LOAD, ROOT, TARGET, need
from table import fit, is_worth_saving, machine, print_json, print_table

# Activities that the SDK has carried out; inside of a workflow task, and by themselves.
COUNTED = re.compile(
    r"^temporal_(local_)?activity_execution_latency(_seconds)?_count(\{[^}]*\})? (\S+)", re.M
)
# So much more at the end than at its beginning is no growth of files and threads.
SLACK = 4
WHOLE = 20_000
# The workflows that the daemon remembers, their reviews among them, and some more.
FILLED = 500
RESULTS = ROOT / "benches/soak.json"


class Soak(Engine):
    """A daemon that counts what it does."""

    def command(self):
        return [*super().command(), "--admin", "127.0.0.1:0"]

    def activities(self):
        """How many activities it has carried out."""
        told = re.search(r"admin endpoint at (http://[\d.:]+)", "".join(self.said))
        with urllib.request.urlopen(f"{told.group(1)}/metrics", timeout=10) as answer:
            page = answer.read().decode()
        return sum(float(found.group(4)) for found in COUNTED.finditer(page))

    def stored_mb(self):
        """The engine's file, and what is not yet in it."""
        files = self.folder.glob("engine.db*")
        return round(sum(file.stat().st_size for file in files) / 2**20, 1)


def drive(soak, rounds, each):
    """Drives the epochs; what was seen after each round."""
    seen = []
    for number in range(rounds):
        rate = close_epochs(soak, f"round-{number}", each)
        seen.append({
            "epochs": (number + 1) * each,
            "activities": soak.activities(),
            "resident_mb": rss_settled(soak),
            "files": soak.open_files(),
            "threads": soak.threads(),
            "stored_mb": soak.stored_mb(),
            "epochs_per_s": round(rate, 1),
        })
        print(seen[-1], file=sys.stderr, flush=True)
    return seen


def judge(seen, limits):
    """Figures of the samples after the warm-up: name, value, limit, whether it is kept."""
    def column(name, scale=1):
        return [sample[name] * scale for sample in seen]

    resident = column("resident_mb", 2**20)
    rows = []
    for name, per in (("epoch", "epochs"), ("activity", "activities")):
        slope, error = fit(column(per), resident)
        most = limits.get(name)
        # Only what is beyond doubt is above a limit.
        kept = most is None or slope - 2 * error <= most
        rows.append((f"bytes of memory per {name}", round(slope), round(error), most, kept))
    slope, error = fit(column("epochs"), column("stored_mb", 2**20))
    rows.append(("bytes of file per epoch", round(slope), round(error), None, True))
    for name in ("files", "threads"):
        slope, error = fit(column("epochs"), column(name))
        reach = seen[-1]["epochs"] - seen[0]["epochs"]
        grown, doubt = round(slope * reach, 1), round(error * reach, 1)
        rows.append((f"{name} grown", grown, doubt, SLACK, grown - 2 * doubt <= SLACK))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--epochs", type=int, default=WHOLE)
    parser.add_argument("--rounds", type=int, default=40, help="samples; 8 at least")
    parser.add_argument("--most-per-activity", type=float, default=1_000, metavar="BYTES")
    parser.add_argument("--save", action="store_true", help="write benches/soak.json")
    args = parser.parse_args()
    need(AURAD, LOAD)
    of = machine()
    if args.save and (args.epochs < WHOLE or not is_worth_saving(of)):
        sys.exit(f"only {WHOLE} epochs of a release build of unchanged sources can be saved")
    if args.rounds < 8 or args.epochs < args.rounds:
        sys.exit("there have to be 8 rounds, and an epoch for each")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=TARGET) as folder:
        soak = Soak(f"{folder}/soak")
        try:
            soak.start_daemon()
            first = rss_settled(soak)
            seen = drive(soak, args.rounds, args.epochs // args.rounds)
            soak.kill_daemon(signal.SIGTERM)
            soak.start_daemon()
            anew = rss_settled(soak)
        finally:
            soak.close()
    warm = seen[args.rounds // 4:]
    if warm[0]["epochs"] < FILLED:
        note = "what fills up to its bounds still did so, and is taken for growth"
        print(f"a warm-up of less than {FILLED} epochs: {note}", file=sys.stderr)
    rows = judge(warm, {"activity": args.most_per_activity})
    last = seen[-1]
    facts = {
        "epochs": last["epochs"],
        "activities": last["activities"],
        "resident at the start, MB": first,
        "resident after the warm-up, MB": warm[0]["resident_mb"],
        "resident at the end, MB": last["resident_mb"],
        "resident after a new start on the same file, MB": anew,
        "file at the end, MB": last["stored_mb"],
        "files open at the end": last["files"],
        "threads at the end": last["threads"],
        "taken, s": round(time.monotonic() - began),
    }
    print_table([("what", "value", "+/-", "at most", "")] + [
        (name, str(value), "", "", "") for name, value in facts.items()
    ] + [
        (name, str(value), str(error), "" if most is None else f"{most:g}",
         "" if most is None else "holds" if kept else "MISSED")
        for name, value, error, most, kept in rows
    ])
    fitted = {
        name: {"value": value, "standard_error": error, "most": most, "holds": kept}
        for name, value, error, most, kept in rows
    }
    everything = {"machine": of, "facts": facts, "fitted": fitted, "samples": seen}
    print_json(everything)
    if args.save:
        RESULTS.write_text(json.dumps(everything, indent=1) + "\n")
    return 0 if all(kept for *_, kept in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
