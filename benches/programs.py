"""Where the programs are that are measured. AURA_BENCH_PROFILE names another profile than
release, for trying a script out: figures of a debug build say nothing. CARGO_TARGET_DIR is
where they are looked for, and AURA_TEST_TEMPORAL names another server's program."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
PROFILE = os.environ.get("AURA_BENCH_PROFILE", "release")
BUILT = TARGET / ("debug" if PROFILE == "dev" else PROFILE)
AURA_MSG = str(BUILT / "aura-msg")
AURAD = str(BUILT / "aurad")
BARE_QUERY = str(BUILT / "examples/bare_query")
BARE_LIST = str(BUILT / "examples/bare_list")
LOAD = str(BUILT / "examples/load")
TEMPORAL = os.environ.get("AURA_TEST_TEMPORAL") or str(TARGET / "temporal-server/bin/temporal")


def need(*programs):
    """Ends the script where one of them is missing."""
    for program in programs:
        if not os.access(program, os.X_OK):
            sys.exit(f"{program} is not there; the head of this script says how to build it")
