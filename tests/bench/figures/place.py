"""Where it is measured: the programs, a folder, servers; and what comes of it, figures."""
import dataclasses
import json
import os
import pathlib
import platform
import resource
import shutil
import statistics
import subprocess
import tempfile

from support.stage import RedisServer, wait_for


@dataclasses.dataclass
class Figure:
    name: str
    value: float  # None: it could not be had
    unit: str = ""  # "": a ratio
    goal: float = None  # at most so much; None: there is no goal, it is for orientation
    note: str = ""
    pairs: list = dataclasses.field(default_factory=list)  # what the value is the median of
    reached: bool = None

    def __post_init__(self):
        if self.goal is not None:
            self.reached = self.value is not None and self.value <= self.goal


def ratio(name, pairs, goal=None, note=""):
    """A figure of (ours, theirs) pairs: the median of their ratios."""
    value = statistics.median(ours / theirs for ours, theirs in pairs)
    return Figure(name, value, goal=goal, note=note, pairs=pairs)


def middle(pairs, index):
    return statistics.median(pair[index] for pair in pairs)


def spent():
    """Processor time, in seconds, of all programs so far that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Place:
    def __init__(self, build, quick):
        self.build = pathlib.Path(build).resolve()
        self.hustings = self.build / "hustings"
        self.quick = quick
        self.processor = max(os.sched_getaffinity(0))  # the last: the first has the interrupts
        self.server = None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="bench", dir="/tmp")  # short: sockets lie in it
        self.scenarios = 0
        self.servers = []
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.stop()
        shutil.rmtree(self.folder)

    def pairs(self, wanted):
        """How many pairs: `wanted`, never less than seven when it counts."""
        assert wanted >= 7
        return 1 if self.quick else wanted

    def redis_server(self, *, pinned):
        """A warm redis-server with room for everybody. Pinned: on the processor of `run`'s."""
        folder = f"{self.folder}/r{len(self.servers)}"
        os.mkdir(folder)
        server = RedisServer(folder, ["--maxclients", "9000", "--tcp-backlog", "4096"])
        self.servers.append(server)
        wait_for(server.answers, "the server answers")
        if pinned:
            subprocess.run(
                ["taskset", "-a", "-p", "-c", str(self.processor), str(server.pid)],
                check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        return server

    def scenario(self, text):
        self.scenarios += 1
        path = f"{self.folder}/scenario{self.scenarios}.yaml"
        pathlib.Path(path).write_text(f"name: bench-{self.scenarios}\n{text}", encoding="utf-8")
        return path

    def hustings_run(self, server, out, path):
        return [self.hustings, "run", "--quiet", "--trials", "1", "--redis", server.url,
                "--out", out, path]  # fmt: skip

    def run(self, command, *, pinned=False, codes=(0,)):
        """Runs a program to its end, with one of these exit codes; returns what it printed."""
        command = [str(word) for word in command]
        if pinned:
            command = ["taskset", "-c", str(self.processor), *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode not in codes:
            raise SystemExit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
        return done.stdout

    def peak(self, command, codes=(0,)):
        """Runs a program to its end; returns the most memory that it had, in KiB."""
        told = self.program("bench_peak", *command)
        if told["code"] not in codes:
            raise SystemExit(f"{' '.join(map(str, command))}: exit {told['code']}")
        return told["kib"]

    def program(self, name, *arguments, pinned=False):
        """Runs one of the C programs; returns what it printed, from JSON."""
        return json.loads(self.run([self.build / "bench" / name, *arguments], pinned=pinned))

    def machine(self):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
        return {
            "processors": os.cpu_count(),
            "processor": names[0] if names else platform.machine(),
            "system": platform.release(),
            "load": os.getloadavg(),
        }
