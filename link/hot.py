#!/usr/bin/env python3
"""Finds out which functions aurad and aura-msg run in everyday work, and writes hot.ld, by
which the linker lays them next to each other; build.rs says what for. Needs valgrind, and
both programs as the release profile builds them without the list: of functions outside of
the section `.text` valgrind does not say where they are.

    rm link/hot.ld
    cargo build --release --locked
    python3 link/hot.py

The list is of beginnings of names, without the hashes in them, so it outlives changes of
the code and of what it depends on. What it misses costs memory and nothing else; a test
says when too much of it names nothing any more (`cargo test --test it linking`).
"""

import bisect
import pathlib
import re
import subprocess
import sys
import tempfile
from collections import Counter

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benches"))
from programs import AURA_MSG, AURAD, need  # noqa: E402

SCRIPT = ROOT / "link/hot.ld"
HEAD = """/* What runs every day, so that it lies next to each other: made by hot.py. First what
   aura-msg runs, then what a start of aurad needs besides, then what its epochs need, and
   at last what the compiler took for unlikely. */
SECTIONS {
  .text.hot : {
"""
TAIL = """    *(.text.unlikely.*)
  }
} INSERT BEFORE .text;
"""
# What a line is worth, in bytes of functions that are not needed: the linker compares a
# hundred thousand names with each line.
LINE = 1024
# What a function costs that is left out: the kernel maps so much around it.
STRAY = 65536


def need_plain(program):
    """Ends the script where the program was linked by the list."""
    sections = subprocess.run(["readelf", "-SW", program], check=True, capture_output=True, text=True)
    if ".text.hot" in sections.stdout:
        sys.exit(f"{program} was linked by the list; the head of this script says how to build it")


def trace(folder):
    """Does everyday work. Gives, in the order of the list, programs with the files of this
    folder that callgrind left of them."""
    home = {"HOME": folder, "PATH": "/usr/bin:/bin", "AURA_TIMEOUT": "120s"}

    def traced(name, *command):
        tool = ["valgrind", "--tool=callgrind", "--dump-instr=yes"]
        return [*tool, f"--callgrind-out-file={folder}/{name}", *command]

    daemon = subprocess.Popen(
        traced("aurad", AURAD, "--embedded", "--listen", "127.0.0.1:0"),
        env=home,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in daemon.stderr:
        if ready := re.search(r"aurad ready: .* at (\S+), embedded", line):
            break
    else:
        sys.exit("aurad did not become ready")
    home["TEMPORAL_ADDRESS"] = ready[1]
    home["AURA_EPOCH_ID"] = "hot"
    # Writes what has been run so far to a file with `.1` at its end.
    subprocess.run(["callgrind_control", "--dump", str(daemon.pid)], check=True, capture_output=True)
    calls = []

    def say(*words):
        calls.append(f"aura-msg-{len(calls)}")
        subprocess.run(traced(calls[-1], AURA_MSG, *words), env=home, check=True, capture_output=True)

    def advance(*phases):
        for phase in phases:
            say("phase", "advance", "--to-phase", phase)

    def accept():
        for axis in ["correctness", "test_quality", "elegance"]:
            say("signal", "vote", "--axis", axis, "--vote", "ACCEPT")

    say("--help")
    say("epoch", "start", "--description", "Everyday work")
    advance("p2", "p3", "p4")
    accept()
    advance("p5", "p6", "p7", "p8", "p9", "p10")
    accept()
    say("query", "state")
    advance("p11", "p12", "complete")
    daemon.terminate()
    daemon.stderr.read()
    daemon.wait()
    return [(AURA_MSG, calls), (AURAD, ["aurad.1"]), (AURAD, ["aurad"])]


def executed(folder, names, program):
    """The addresses of a program's instructions that were run, from callgrind's files."""
    addresses = set()
    for name in names:
        objects, is_here, at = {}, False, 0
        for line in open(f"{folder}/{name}"):
            if named := re.match(r"(c?)ob=\((\d+)\)(?: (.*))?", line):
                if named[3]:
                    objects[named[2]] = named[3].strip()
                if not named[1]:
                    is_here = objects[named[2]] == program
            elif line[0] in "0+-*":
                # Absolute, or after the line before, or the same as there.
                position = line.split(" ", 1)[0]
                if position[0] == "0":
                    at = int(position, 16)
                elif position != "*":
                    at += int(position)
                if is_here:
                    addresses.add(at)
    return addresses


def without_hashes(name):
    """A symbol's name as a pattern for all that are called so, whatever they hash to."""
    name = re.sub(r"(\.llvm)\.\d+$", "", name)
    name = re.sub(r"(17h)[0-9a-f]{16}E$", r"\1*", name)
    return re.sub(r"Cs[0-9A-Za-z]+_", "Cs*_", name) if name.startswith("_R") else name


def functions_of(program):
    """Its functions by address: address, size, name without hashes."""
    listed = subprocess.run(["nm", "-S", program], check=True, capture_output=True, text=True).stdout
    fields = (line.split(" ", 3) for line in listed.splitlines() if line.count(" ") == 3)
    found = {int(at, 16): (int(size, 16), name) for at, size, kind, name in fields if kind in "tTwW"}
    return sorted((at, size, without_hashes(name)) for at, (size, name) in found.items())


def counted(functions, addresses):
    """How many functions of each name have such an address."""
    starts = [at for at, _, _ in functions]
    hit = {bisect.bisect_right(starts, address) - 1 for address in addresses}
    return Counter(functions[n][2] for n in hit if n >= 0)


def cover(sizes, counts):
    """The beginnings of names that take in what was run at the least cost."""
    names = sorted(sizes)
    upto = [0]
    for name in names:
        upto.append(upto[-1] + sizes[name])

    def best(low, high, depth):
        """Cost and lines for the names from `low` to `high`, which begin with the same
        `depth` characters: one line for all of them, none, or the best of their parts."""
        wanted = sum(counts[name] for name in names[low:high])
        if not wanted:
            return 0, []
        first, last = names[low], names[high - 1]
        parts = []
        if high - low > 1:
            while first[depth : depth + 1] == last[depth : depth + 1]:
                depth += 1
            at = low
            while at < high:
                letter, start = names[at][depth : depth + 1], at
                while at < high and names[at][depth : depth + 1] == letter:
                    at += 1
                parts.append(best(start, at, depth + 1))
        whole = LINE + upto[high] - upto[low], [first[:depth].rstrip("*") + "*"]
        apart = sum(cost for cost, _ in parts), [line for _, lines in parts for line in lines]
        options = [whole, (wanted * STRAY, []), *([apart] if parts else [])]
        return min(options, key=lambda option: option[0])

    return best(0, len(names), 0)[1]


def main():
    need(AURAD, AURA_MSG)
    need_plain(AURAD)
    need_plain(AURA_MSG)
    functions = {program: functions_of(program) for program in [AURA_MSG, AURAD]}
    sizes = Counter()
    for listed in functions.values():
        own = Counter()
        for _, size, name in listed:
            own[name] += size
        sizes |= own
    with tempfile.TemporaryDirectory() as folder:
        runs = [
            counted(functions[program], executed(folder, names, program))
            for program, names in trace(folder)
        ]
    script = HEAD
    for counts in runs:
        lines = cover(sizes, counts)
        beginnings = tuple(line[:-1] for line in lines)
        taken = [name for name in sizes if name.startswith(beginnings)]
        print(f"{len(lines)} lines, {sum(sizes.pop(name) for name in taken) / 1e6:.1f} MB")
        script += "    *(\n" + "".join(f"      .text.{line}\n" for line in lines) + "    )\n"
    SCRIPT.write_text(script + TAIL)


if __name__ == "__main__":
    main()
