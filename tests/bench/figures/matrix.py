"""A matrix of the catalogue, as the README has it: what its cells cost beside their trials, what a
second core brings although no two cells are alike, and what memory more cells take."""
import pathlib
import shutil
import time

from figures.place import Figure, middle, ratio, spent

ROOT = pathlib.Path(__file__).resolve().parents[3]
STORIES = ROOT / "scenarios/catalogue"
# The README's; only that everything has a price matters here.
AGAINST = (
    "own,article+token,lease:on_renew_failure=retry_for_ever+setnx,lease+token,"
    "lease+token+fencing,lease+record+fencing,lease+redlock"
)
EITHER = (0, 1, 4)  # whether everything held is not what is measured


def leases(count):
    return ",".join(
        f"lease:duration={2000 + 10 * i}ms+token"
        for i in range(count)
    )


def measure(place):
    """a matrix of the catalogue: beside its trials, on two cores, its memory"""
    out = pathlib.Path(place.folder) / "matrix"

    def matrix(jobs, against=AGAINST, trials=2 if place.quick else 100):
        shutil.rmtree(out, ignore_errors=True)
        place.run([place.hustings, "matrix", STORIES, "--against", against, "--trials", trials,
                   "--jobs", jobs, "--into", out], codes=EITHER)  # fmt: skip

    def alone(cells):
        place.run([place.hustings, "run", "--quiet", "--on", "model", "--histories", "none",
                   "--out", out / "ran", *cells], codes=EITHER)  # fmt: skip

    def took(jobs):
        began = time.monotonic()
        matrix(jobs)
        return time.monotonic() - began

    pairs = []
    for _ in range(place.pairs(7)):
        before = spent()
        matrix(1)
        between = spent()
        alone(sorted((out / "cells").glob("*.yaml")))
        pairs.append((between - before, spent() - between))
    note = f"{middle(pairs, 0):.2f} s; {middle(pairs, 1):.2f} s"
    yield ratio("matrix: cells / their trials alone", pairs, goal=1.2, note=note)

    pairs = [(took(2), took(1)) for _ in range(place.pairs(7))]
    note = f"{middle(pairs, 0):.2f} s and {middle(pairs, 1):.2f} s"
    yield ratio("matrix: two cores / one", pairs, goal=1 / 1.9, note=note)

    few, many = (1, 2) if place.quick else (6, 60)
    peaks = [place.peak([place.hustings, "matrix", STORIES, "--against", leases(count),
                         "--trials", 1, "--jobs", 2, "--into", f"{out}-{count}"], codes=EITHER)
             for count in (many, few)]  # fmt: skip
    note = f"{len(list(STORIES.glob('*.yaml')))} stories; {peaks[0]:,.0f} and {peaks[1]:,.0f} KiB"
    name = f"matrix: peak of {many} / {few} combinations"
    yield Figure(name, peaks[0] / peaks[1], goal=1.1, note=note)
