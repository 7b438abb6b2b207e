"""The catalogue of failure stories: its files, and runs of them, several at once."""
import concurrent.futures
import csv
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from support.judged import judged, until_judged  # noqa: E402

FOLDER = ROOT / "scenarios" / "catalogue"
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "sim" / "hustings"))
HOSTS = ("processes", "model")
# For editors; the first line of each file.
MODELINE = "# yaml-language-server: $schema=../scenario.schema.json"
AT_ONCE = 6  # a story mostly waits; two cores carry so many

# Stories of Redis-lock elections that need what is not here yet.
WAITING = [
    (9, "A failover loses the lock that was not yet replicated", "Sentinel"),
    (10, "A stopped primary comes back and goes on as one", "Sentinel"),
    (11, "A primary restarts empty before anybody notices", "Sentinel"),
    (25, "An expired lock is extended", "a lock that does so"),
    (28, "Two believe in leases of different length", "parameters for each node"),
    (31, "A replica's clock says that the lock is gone", "Sentinel"),
    (34, "A consensus is implemented wrongly", "raft"),
    (35, "Both sides of a partition wrote", "Sentinel"),
]


@dataclasses.dataclass
class Story:
    """One file, whose head has four items: what happens, what breaks, who told it, the cure."""

    name: str
    path: pathlib.Path
    number: int
    told: str
    breaks: str
    source: str
    cure: str
    text: str

    @property
    def twin(self):
        path = FOLDER / f"{self.name}-cured.yaml"
        return path if path.exists() else None

    def expects(self, often):
        """The checks that are expected so often."""
        return checks_of(self.text, often)


def checks_of(text, often):
    found = re.search(r"^  checks: \{([^}]*)\}", text, re.M)
    pairs = re.findall(r"(\w+): (\w+)", found.group(1)) if found else []
    return [check for check, word in pairs if word == often]


def head_of(text):
    """The comment at the beginning, as one line an item: an item goes on in lines that are
    indented."""
    items = []
    for line in text.splitlines():
        if line == MODELINE:
            continue
        if not line.startswith("# "):
            break
        if line.startswith("#   ") and items:
            items[-1] += " " + line[4:].strip()
        else:
            items.append(line[2:])
    return items


def files():
    return sorted(FOLDER.glob("*.yaml"))


def stories():
    """All stories, by their numbers."""
    found = []
    for path in files():
        if path.stem.endswith("-cured"):
            continue
        text = path.read_text()
        told, breaks, source, cure = head_of(text)
        number, told = re.fullmatch(r"Story (\d+): (.*)", told).groups()
        found.append(Story(path.stem, path, int(number), told,
                           breaks.removeprefix("Breaks: "), source.removeprefix("Told by: "),
                           cure.removeprefix("Cure: "), text))
    return sorted(found, key=lambda story: story.number)


@dataclasses.dataclass
class Outcome:
    """What became of a file on a host."""

    path: pathlib.Path
    host: str
    code: int
    seconds: float
    output: str
    broken: set  # the checks that were violated in some trial


def run(path, host, *options, hustings=HUSTINGS):
    """Runs a file, until the harness was not late."""
    with tempfile.TemporaryDirectory(prefix="hustings-catalogue-") as out:
        begin = time.monotonic()
        command = [hustings, "run", "--on", host, "--quiet", "--out", out, *options, str(path)]
        done = until_judged(lambda: judged(subprocess.run(
            command, capture_output=True, text=True, timeout=180, check=False), out))
        seconds = time.monotonic() - begin
        broken = set()
        violations = os.path.join(out, "latest", "violations.csv")
        if os.path.exists(violations):
            with open(violations, newline="", encoding="utf-8") as file:
                broken = {row["check"] for row in csv.DictReader(file)}
    return Outcome(path, host, done.returncode, seconds, done.stdout + done.stderr, broken)


def run_all(jobs, at_once=AT_ONCE):
    """Runs (path, host, options…) tuples, several at once. Yields outcomes as they come."""
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        waiting = [pool.submit(run, *job) for job in jobs]
        for one in concurrent.futures.as_completed(waiting):
            yield one.result()


def can(host, hustings=HUSTINGS):
    """The faults that a host can do, as `hustings list faults` says."""
    done = subprocess.run([hustings, "list", "faults"], capture_output=True, text=True, check=True)
    faults, fault = set(), None
    for line in done.stdout.splitlines():
        name = re.match(r"  (\w+) ", line)
        if name:
            fault = name.group(1)
            faults.add(fault)
        elif line.strip() == f"not possible on: {host}":
            faults.discard(fault)
    return faults


def faults_of(text):
    """The entries of `faults:`, as (first line, line behind the last)."""
    lines = text.splitlines()
    if "faults:" not in lines:
        return []
    at = lines.index("faults:") + 1
    entries = []
    while at < len(lines) and lines[at].startswith(" "):
        if lines[at].startswith("  - "):
            entries.append([at, at + 1])
        elif not lines[at].startswith("  #"):
            entries[-1][1] = at + 1
        at += 1
    return entries


def without(text, *indexes):
    """The scenario without these entries of `faults:`."""
    lines = text.splitlines()
    entries = faults_of(text)
    for index in sorted(indexes, reverse=True):
        del lines[entries[index][0]:entries[index][1]]
    if len(indexes) == len(entries):
        lines.remove("faults:")
    return "\n".join(lines) + "\n"


def as_json(path):
    done = subprocess.run([HUSTINGS, "lint", "--format", "json", str(path)],
                          capture_output=True, text=True, check=False)
    return json.loads(done.stdout)[0]
