"""A stage for tests that start real processes: a folder, servers, runs of hustings, and the check
at the end that everything which was started is gone.

    class Story(Stage):
        def test_something(self):
            server = self.redis_server()
            run = self.hustings("run", self.scenario(nodes=3), "--redis", server.url)
            self.assertEqual(run.returncode, 0, run)
"""
import csv
import ctypes
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import redis

from support.judged import judged, until_judged

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("HUSTINGS_BUILD", ROOT / "build"))
HUSTINGS = os.environ.get("HUSTINGS", str(BUILD / "hustings"))
SLOW = os.environ.get("HUSTINGS_SANITIZED") == "ON"

# hustings falls back to /tmp when a socket's path would become too long.
TMPDIR_MAX = 60


def settings(times):
    """The lines of a scenario for these parameters: {"poll": "20ms", "lock_retry": "5ms", …}."""
    lock, protocol, top = [], [], []
    for key, value in times.items():
        if key == "request_timeout":
            top.append(f"{key}: {value}\n")
        elif key.startswith("lock_"):
            lock.append(f"{key.removeprefix('lock_')}: {value}")
        else:
            protocol.append(f"{key}: {value}")
    lines = f"protocol: {{article: {{{', '.join(protocol)}}}}}\n" if protocol else ""
    lines += f"lock: {{token: {{{', '.join(lock)}}}}}\n" if lock else ""
    return lines + "".join(top)


def server_program():
    """A program that is redis-server when called so."""
    for name in ("redis-server", "valkey-server", "keydb-server"):
        found = shutil.which(name)
        if found:
            return found
    beside = BUILD / "redis-server"
    return str(beside) if beside.exists() else shutil.which("redis-check-rdb")


def wait_for(condition, what, seconds=10.0):
    """Waits until `condition()` is true and returns its value; AssertionError after the bound."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.002)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


class Process:
    """A process that is not necessarily our child, as /proc shows it."""

    def __init__(self, pid):
        self.pid = pid
        # The name may hold blanks and brackets: what follows the last ")" is regular.
        head, _, rest = read(f"/proc/{pid}/stat").rpartition(b")")
        fields = rest.split()
        self.name = head.partition(b"(")[2].decode()
        self.state = fields[0].decode() if fields else "gone"
        self.parent = int(fields[1]) if fields else 0

    def alive(self):
        return self.state not in ("gone", "Z", "X")

    def __repr__(self):
        return f"{self.pid} {self.name} {self.state}"


def all_processes():
    found = (Process(int(name)) for name in os.listdir("/proc") if name.isdigit())
    return [process for process in found if process.alive()]


def children(pid, name=None):
    """A process's children. Asks the kernel for them where it tells, which is far quicker than to
    look at all processes."""
    told = f"/proc/{pid}/task/{pid}/children"
    if os.path.exists(told):
        found = [Process(int(child)) for child in read(told).split()]
    else:
        found = [process for process in all_processes() if process.parent == pid]
    return [p for p in found if p.alive() and (name is None or p.name == name)]


class Monitor:
    """What a Redis is asked, as its MONITOR tells it: commands as lists of words, in order."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self.socket.sendall(b"MONITOR\r\n")
        self.lines = self.socket.makefile("rb")
        assert self.lines.readline() == b"+OK\r\n"

    def told(self):
        """(seconds, who, words) of every command from now on. Who: the client's address, which is
        its own over TCP alone; or "lua", for what the script does that was told of last."""
        for line in self.lines:
            head, _, words = line.decode().partition("] ")
            at, _, who = head.lstrip("+").split()
            quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', words)
            yield float(at), who, [re.sub(r"\\(.)", r"\1", word) for word in quoted]

    def commands(self):
        """(seconds, words) of every command from now on that is not a script's."""
        for at, who, words in self.told():
            if who != "lua":
                yield at, words

    def until(self, *words):
        """Everything up to the first command that begins with these words, with its time."""
        heard = []
        for at, command in self.commands():
            heard.append((at, command))
            if command[: len(words)] == list(words):
                return heard
        raise AssertionError(f"no {words}, but {heard}")

    def close(self):
        self.lines.close()
        self.socket.close()


LIBC = ctypes.CDLL(None)


def die_with_parent():
    """For a child: the kernel kills it when the test is killed. Call in the child, before exec."""
    PR_SET_PDEATHSIG = 1
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class RedisServer:
    """A redis-server of the test's own, on a Unix socket (and on a loopback port, if given)."""

    def __init__(self, folder, options):
        self.socket = f"{folder}/redis.sock"
        self.url = f"unix://{self.socket}"
        with open(f"{folder}/log", "wb") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", folder,
                 "--save", "", *options],
                executable=server_program(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=die_with_parent,
            )  # fmt: skip
        self.pid = self.process.pid

    def client(self, **options):
        return redis.Redis(unix_socket_path=self.socket, **options)

    def answers(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.socket) == 0

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


class Stage(unittest.TestCase):
    def setUp(self):
        base = tempfile.gettempdir()
        if len(base) > TMPDIR_MAX - 10:
            base = "/tmp"
        self.folder = tempfile.mkdtemp(prefix="s", dir=base)
        self.tag = f"HUSTINGS_STAGE={self.folder}"
        self.environment = dict(
            os.environ, TMPDIR=self.folder, HUSTINGS_STAGE=self.folder, NO_COLOR="1"
        )
        self.servers = 0
        self.scenarios = 0
        self.addCleanup(self.clear)

    def clear(self):
        """Nothing may be left; what is, is ended here, and the test fails."""
        left = self.left_within(2)
        for process in left:
            os.kill(process.pid, signal.SIGKILL)
        shutil.rmtree(self.folder)
        self.assertEqual(left, [], "left behind")

    def left(self):
        """Processes of this stage: by the tag in their environment, or (redis-server writes over
        its environment) by the folder in their command line."""
        tag = self.tag.encode()
        folder = self.folder.encode()
        return [
            process
            for process in all_processes()
            if process.pid != os.getpid()
            and (
                tag in read(f"/proc/{process.pid}/environ").split(b"\0")
                or folder in read(f"/proc/{process.pid}/cmdline")
            )
        ]

    def left_within(self, seconds):
        until = time.monotonic() + seconds
        while True:
            left = self.left()
            if not left or time.monotonic() > until:
                return left
            time.sleep(0.01)

    # --- what one starts ---

    def redis_server(self, *options):
        self.servers += 1
        folder = f"{self.folder}/r{self.servers}"
        os.mkdir(folder)
        server = RedisServer(folder, options)
        self.addCleanup(server.stop)
        wait_for(server.answers, "the server answers")
        return server

    def start(self, *command, environment=None, **options):
        """Starts a program; it is killed at the end of the test if it is still there."""
        process = subprocess.Popen(
            [str(word) for word in command],
            env={**self.environment, **(environment or {})},
            **{
                "cwd": ROOT,
                "stdin": subprocess.DEVNULL,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "text": True,
                **options,
            },
        )
        self.addCleanup(self.finish, process)
        return process

    @staticmethod
    def finish(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()

    def start_hustings(self, *arguments, **options):
        return self.start(HUSTINGS, *arguments, **options)

    def hustings(self, *arguments, timeout=30, **options):
        """Runs hustings to its end."""
        return self.end(self.start_hustings(*arguments, **options), timeout)

    @staticmethod
    def end(process, timeout=60):
        """Waits for the end of what was started, and what it printed."""
        out, err = process.communicate(timeout=timeout)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def python(self, script, *arguments, **options):
        return self.start(sys.executable, script, *arguments, **options)

    def monitor(self, path):
        monitor = Monitor(path)
        self.addCleanup(monitor.close)
        return monitor

    # --- what one runs, and what comes of it ---

    def scenario(self, text="", **top):
        """Writes a scenario: `top` as its plain keys, `text` below them. Returns its path."""
        self.scenarios += 1
        path = f"{self.folder}/scenario{self.scenarios}.yaml"
        keys = {"name": f"story-{self.scenarios}", "about": "A test.", "nodes": 3, **top}
        if "starts:" not in text:
            keys.setdefault("starts", "{master: all_reported}")
        keys = {key: value for key, value in keys.items() if value is not None}
        head = "".join(f"{key}: {value}\n" for key, value in keys.items())
        pathlib.Path(path).write_text(head + text, encoding="utf-8")
        return path

    @property
    def out(self):
        return f"{self.folder}/results"

    def run_once(self, path, *options, **more):
        """Runs a scenario; if the harness was late, that is what came of it."""
        return self.hustings("run", "--out", self.out, *options, path, **more)

    def run_scenario(self, path, *options, **more):
        """Runs a scenario until the harness was not late in it: see support/judged.py. Whoever
        watches it from outside must tell all of it again, and uses run_once()."""
        return until_judged(lambda: judged(self.run_once(path, *options, **more), self.out))

    run_judged = run_scenario

    def rows(self, table):
        """The rows of a table of the newest results, as dicts."""
        with open(f"{self.out}/latest/{table}.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def assert_one_line(self, text, *words):
        lines = text.splitlines()
        self.assertEqual(len(lines), 1, text)
        for word in words:
            self.assertIn(word, lines[0])


class Worlds(Stage):
    """Stages on which the world fails: one line, exit 3, and what was finished before is kept."""

    def assert_world_failed(self, run, *words):
        self.assertEqual(run.returncode, 3, run)
        self.assert_one_line(run.stderr, "hustings: ", *words)

    def finished(self):
        """How many trials are in the tables, which must be whole."""
        trials = [row["trial"] for row in self.rows("trials")]
        self.assertEqual(trials, [str(number) for number in range(1, len(trials) + 1)])
        elections = {row["trial"] for row in self.rows("elections")}
        self.assertLessEqual(elections, set(trials))
        for trial in trials:
            history = pathlib.Path(f"{self.out}/latest/history/trial-{int(trial):04}.jsonl")
            self.assertTrue(history.read_text(encoding="utf-8").endswith("\n"))
        return len(trials)

    def wait_for_rows(self, count):
        """Waits until so many trials are in trials.csv."""
        path = f"{self.out}/latest/trials.csv"
        wait_for(lambda: read(path).count(b"\n") > count, f"{count} trials are written", 20)
