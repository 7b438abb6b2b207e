"""A sweep beside its trials: what a cell costs besides, and what a second core and a second shard
bring. One thread is measured by its processor's time, two by the wall's."""
import os
import pathlib
import re
import shutil
import subprocess
import time

from figures.place import Figure, middle, ratio, spent

HERE = pathlib.Path(__file__).resolve().parents[2]
# As little as there can be: of so many cells only the number counts.
LEAST = """
nodes: 1
duration: 1ms
"""
# Equal cells: only the seed differs.
LEASE = """
nodes: 3
duration: 20s
protocol: {lease: {duration: 3s, renew_deadline: 2s, retry: 500ms}}
work: {every: 50ms}
faults: [{at: 5s, pause: leader, for: 4s}]
expect: {settles_within: 10s, checks: {stale_write: allowed}}
"""
CELLS = 32


def measure(place):
    """a sweep: beside its trials, on two cores, in two shards, its memory"""
    path = place.scenario(LEASE)
    trials = 2 if place.quick else 100
    out = f"{place.folder}/sweep"
    cells = ["--set", f"seed=1..{CELLS}/{CELLS}", "--confirm", 0, "--quiet"]

    def sweep(jobs):
        place.run([place.hustings, "sweep", path, *cells, "--trials", trials, "--jobs", jobs,
                   "--into", out])  # fmt: skip
        shutil.rmtree(out)

    def alone():
        place.run([place.hustings, "run", "--quiet", "--on", "model", "--histories", "none",
                   "--trials", trials * CELLS, "--out", out, path])  # fmt: skip
        shutil.rmtree(out)

    def shards(count):
        tasks = [
            subprocess.Popen(
                [str(word) for word in (place.hustings, "sweep", path, *cells, "--trials", trials,
                                        "--jobs", 1, "--into", out, "--shard", f"{i}/{count}")],
                stdout=subprocess.DEVNULL,
            )
            for i in range(1, count + 1)
        ]  # fmt: skip
        for task in tasks:
            if task.wait() != 0:
                raise SystemExit(f"a shard of a sweep: exit {task.returncode}")
        shutil.rmtree(out)

    def used(what, *words):
        before = spent()
        what(*words)
        return spent() - before

    def took(what, *words):
        began = time.monotonic()
        what(*words)
        return time.monotonic() - began

    count = place.pairs(7)
    pairs = [(used(sweep, 1), used(alone)) for _ in range(count)]
    note = f"{CELLS} cells of {trials} trials: {middle(pairs, 0):.2f} s; {middle(pairs, 1):.2f} s"
    yield ratio("sweep: cells / their trials alone", pairs, goal=1.2, note=note)
    trials *= 4  # the start of the program shall not count
    pairs = [(took(sweep, 2), took(sweep, 1)) for _ in range(count)]
    note = f"{middle(pairs, 0):.2f} s and {middle(pairs, 1):.2f} s"
    yield ratio("sweep: two cores / one", pairs, goal=1 / 1.9, note=note)
    pairs = [(took(shards, 2), took(shards, 1)) for _ in range(count)]
    note = f"{middle(pairs, 0):.2f} s and {middle(pairs, 1):.2f} s"
    yield ratio("sweep: two shards / one", pairs, goal=1 / 1.8, note=note)

    def peak(side):
        return place.peak([place.hustings, "sweep", place.scenario(LEAST), "--trials", 1,
                           "--confirm", 0, "--quiet", "--set", f"seed=1..{side}/{side}", "--set",
                           f"duration=1ms..9ms/{side}", "--jobs", 2,
                           "--into", f"{out}-{side}"])  # fmt: skip

    few, many = (2, 4) if place.quick else (71, 225)
    peaks = [peak(many), peak(few)]
    note = f"{peaks[0]:,.0f} and {peaks[1]:,.0f} KiB"
    name = f"sweep: peak of {many * many:,} / {few * few:,} cells"
    yield Figure(name, peaks[0] / peaks[1], goal=1.1, note=note)


def slurm(place):
    """a sweep as an array of a Slurm of its own: two tasks over one, of half a minute or more"""
    name = "slurm: two tasks / one"
    words = [HERE / "sweep/slurm", 2 if place.quick else 32000]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          env={**os.environ, "HUSTINGS": str(place.hustings)})  # fmt: skip
    if done.returncode == 77:
        yield Figure(name, None, goal=1 / 1.8, note="Slurm is not installed")
        return
    found = re.search(r"one task: (\d+) ms; two tasks: (\d+) ms", done.stdout)
    if done.returncode != 0 or not found:
        raise SystemExit(f"tests/sweep/slurm: exit {done.returncode}\n{done.stdout}{done.stderr}")
    one, two = int(found[1]) / 1000, int(found[2]) / 1000
    yield ratio(name, [(two, one)], goal=1 / 1.8, note=f"{two:.1f} s and {one:.1f} s")
