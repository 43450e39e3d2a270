"""What is measured: a daemon with its server, or with its engine inside, in a folder of its
own; the commands that drive it, and what /proc and Temporal's command line tell of it. What
is a figure is left to the scripts."""

import collections
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

from programs import AURA_MSG, AURAD, LOAD, TEMPORAL

AXES = ("correctness", "test_quality", "elegance")
# The way of a plain epoch: 12 advances, 6 votes.
PLAIN = [
    "p2", "p3", "p4", "votes", "p5", "p6", "p7", "p8", "p9", "p10", "votes", "p11", "p12",
    "complete",
]
# Twenty drivers wait for each other; what they wait is measured, and no failure.
PATIENT = ("--timeout", "60s")
# Epochs that are driven at once.
DRIVERS = 20
# After an answer there is time for what the signal causes, so that this is not measured.
PAUSE_MS = 10


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bench:
    """A Temporal dev server, an aurad on it, and commands."""

    def __init__(self, folder, in_memory=False, dynamic=()):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        command = [TEMPORAL, "server", "start-dev", "--headless", "--ip", "127.0.0.1"]
        command += ["--port", str(self.port), "--http-port", str(free_port())]
        command += ["--metrics-port", str(free_port()), "--log-level", "error"]
        if not in_memory:
            command += ["--db-filename", str(self.folder / "server.db")]
        for value in dynamic:
            command += ["--dynamic-config-value", value]
        self.server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.begin()

    def begin(self):
        """What a daemon is started with, and that there is none yet."""
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TEMPORAL_ADDRESS": self.address,
        }
        self.daemon = None
        self.said, self.heard = [], ()

    def command(self):
        """The words that start the daemon."""
        return [AURAD, "--audit-trail", f"sqlite:{self.folder}/audit.db"]

    def start_daemon(self, *more):
        """Starts aurad; the seconds until it said that it is ready."""
        began = time.monotonic()
        self.daemon = subprocess.Popen(
            [*self.command(), *more], env=self.env, stderr=subprocess.PIPE, text=True
        )
        self.said = []
        for line in self.daemon.stderr:
            self.said.append(line)
            if "aurad ready" in line:
                taken = time.monotonic() - began
                # Somebody has to read on, or the daemon stops when the pipe is full.
                threading.Thread(target=self.listen, daemon=True).start()
                return taken
        raise RuntimeError("aurad ended before it was ready: " + "".join(self.said))

    def listen(self):
        """Keeps the last of what the daemon says, for when something goes wrong."""
        heard = self.heard = collections.deque(maxlen=20)
        for line in self.daemon.stderr:
            heard.append(line)

    def kill_daemon(self, how=signal.SIGKILL):
        self.daemon.send_signal(how)
        self.daemon.wait()

    def close(self):
        if self.daemon and self.daemon.poll() is None:
            self.kill_daemon(signal.SIGTERM)
        self.server.terminate()
        self.server.wait()

    def call(self, *args, program=AURA_MSG):
        """Runs a command; its seconds."""
        began = time.monotonic()
        done = subprocess.run([program, *args], env=self.env, capture_output=True, text=True)
        taken = time.monotonic() - began
        if done.returncode != 0:
            said = "".join(self.heard)
            raise RuntimeError(f"{args}: exit {done.returncode}: {done.stderr}\n{said}")
        return taken

    def start_epoch(self, epoch):
        self.call("epoch", "start", "--epoch-id", epoch, *PATIENT)

    def vote(self, epoch, axis):
        return self.call(
            "signal", "vote", "--epoch-id", epoch, "--axis", axis, "--vote", "ACCEPT", *PATIENT,
        )

    def advance(self, epoch, phase, *more):
        return self.call(
            "phase", "advance", "--epoch-id", epoch, "--to-phase", phase,
            "--triggered-by", "bench", "--condition", "measured", *PATIENT, *more,
        )

    def drive(self, epoch, steps=PLAIN):
        """Takes an epoch through these steps; the seconds of each message."""
        self.start_epoch(epoch)
        taken = []
        for step in steps:
            if step == "votes":
                taken += [self.vote(epoch, axis) for axis in AXES]
            else:
                taken.append(self.advance(epoch, step))
        return taken

    def temporal(self, verb, epoch):
        """What Temporal's own command line says of an epoch."""
        command = [TEMPORAL, "workflow", verb, "--address", self.address, "-w", epoch, "-o", "json"]
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(shown.stdout)

    def events(self, epoch):
        """The types of an epoch's events."""
        events = self.temporal("show", epoch)["events"]
        return [event["eventType"].removeprefix("EVENT_TYPE_") for event in events]

    def bytes(self, epoch):
        """The bytes of an epoch's history."""
        return int(self.temporal("describe", epoch)["workflowExecutionInfo"]["historySizeBytes"])

    def settle(self, epoch):
        """Waits until nothing is to be done for an epoch: its events are all there."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            described = self.temporal("describe", epoch)
            pending = [described.get("pendingWorkflowTask"), described.get("pendingActivities")]
            if not any(pending):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{epoch} is not idle after a minute")

    def rss_mb(self, process=None):
        """The resident megabytes of the daemon, or of another process."""
        status = pathlib.Path(f"/proc/{(process or self.daemon).pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def open_files(self):
        """How many files and connections the daemon has open."""
        return len(os.listdir(f"/proc/{self.daemon.pid}/fd"))

    def threads(self):
        """How many threads the daemon has."""
        return len(os.listdir(f"/proc/{self.daemon.pid}/task"))

    def cpu_seconds(self, process=None):
        """What the daemon, or another process, has used of the processors so far."""
        pid = (process or self.daemon).pid
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Engine(Bench):
    """An `aurad --embedded` where a Bench has a server and an aurad."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.address = f"127.0.0.1:{free_port()}"
        self.begin()

    def command(self):
        words = [AURAD, "--embedded", "--db", str(self.folder / "engine.db")]
        words += ["--listen", self.address, "--audit-trail", f"sqlite:{self.folder}/audit.db"]
        return words

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


def rss_settled(bench, process=None, idle=0.04):
    """Resident megabytes of the daemon, or of another process, once it uses no more than
    this share of a processor: it has nothing to do then. It is waited for a minute."""
    before, deadline = bench.cpu_seconds(process), time.monotonic() + 60
    while True:
        time.sleep(0.5)
        now = bench.cpu_seconds(process)
        if now - before <= idle * 0.5 or time.monotonic() >= deadline:
            return round(bench.rss_mb(process), 1)
        before = now
