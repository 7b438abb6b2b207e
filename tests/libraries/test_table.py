#!/usr/bin/python3
"""scenarios/libraries/run: what it makes of a trial, that each story goes with each library, that
the page says what the cells say, and one cell with redis-py, where that is installed."""
# ctest-timeout: 180
import csv
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support import stage  # noqa: E402

FOLDER = stage.ROOT / "scenarios" / "libraries"
sys.path.insert(0, str(FOLDER / "table"))
import cell  # noqa: E402
import libraries  # noqa: E402
import page  # noqa: E402
import stories  # noqa: E402

PAUSED, BORN = stories.STORIES["paused-holder"], stories.STORIES["born-expired"]
REDIS_PY, LEADER = libraries.LIBRARIES["redis-py"], libraries.LIBRARIES["ts-safe-redis-leader"]


def claim(at, process=1, **says):
    return {"event": "claim", "t_ms": at, "process": process, **says}


HIT = {"event": "fault", "index": 0, "t_ms": 1000}
BEFORE = claim(500, in_section=True)
ASKS = {"event": "request", "process": 2, "t_ms": 1500}
BOTH = "two_lock_holders"


def answer(at, outcome="ok", process=2):
    return {"event": "reply", "t_ms": at, "process": process, "op": "put_if_absent",
            "outcome": outcome}  # fmt: skip


class WhatATrialCameTo(unittest.TestCase):
    def ending(self, events, story=PAUSED, library=REDIS_PY, broken=(), said=(), undecided=""):
        row = {"undecided": undecided, "why_undecided": "", "two_lock_holders_ms": "1.5"}
        events = [*events, {"event": "phase", "t_ms": 6000}]
        trial = cell.judged(row, dict.fromkeys(broken, "why"), events, list(said), story, library)
        self.assertEqual(trial.together_ms, 1.5)
        return trial.ending

    def test_holds_only_if_the_fault_was_done_and_somebody_goes_on(self):
        after = claim(4000, 2, in_section=True)
        self.assertEqual(self.ending([BEFORE, HIT, ASKS, after]), "holds")
        self.assertEqual(self.ending([BEFORE, HIT, ASKS]), "blocks")
        self.assertEqual(self.ending([BEFORE, after]), "missed")
        skipped = {"event": "skipped", "index": 0, "why": "it was dead", "t_ms": 900}
        self.assertEqual(self.ending([BEFORE, skipped, after]), "missed")
        self.assertEqual(self.ending([BEFORE, HIT, {**ASKS, "t_ms": 3500}, after]), "missed")
        self.assertEqual(self.ending([BEFORE, claim(900), HIT, after]), "missed")

    def test_a_lock_is_lost_only_if_it_was(self):
        after, lost = claim(4000, 2, in_section=True), {"event": "expired", "t_ms": 1200}
        story = stories.STORIES["evicted"]
        events = [BEFORE, HIT, ASKS, lost, answer(1600), after]
        self.assertEqual(self.ending(events, story, broken=[BOTH]), "breaks")
        self.assertEqual(self.ending(events, story), "holds")
        events[4] = answer(1600, "nil")
        self.assertEqual(self.ending(events, story), "missed")
        self.assertEqual(self.ending([BEFORE, HIT, ASKS, answer(1600), after], story), "missed")

    def test_what_is_undecided_is_not_called_broken(self):
        after = claim(4000, in_section=True)
        self.assertEqual(self.ending([BEFORE, HIT, ASKS, after], broken=[BOTH]), "breaks")
        late = {"event": "undecided", "t_ms": 2000, "why": "late"}
        events = [BEFORE, HIT, ASKS, late, after]
        self.assertEqual(self.ending(events, broken=[BOTH]), "undecided")
        self.assertEqual(self.ending([BEFORE, HIT, ASKS, after], undecided=BOTH), "undecided")
        after = claim(4000, 2, in_section=True)
        self.assertEqual(self.ending([BEFORE, HIT, ASKS, after], undecided="idle_leader"), "holds")

    def test_who_claims_late_may_not_have_been_there_together(self):
        events = [BEFORE, HIT, ASKS, claim(4000, 2, in_section=True)]
        shell = libraries.LIBRARIES["redis-cli"]
        self.assertEqual(self.ending(events, library=shell, broken=[BOTH]), "undecided")

    def test_who_died_and_who_was_told_of_an_expired_lock(self):
        after = claim(4000, in_section=True)
        self.assertEqual(self.ending([BEFORE, HIT, ASKS, after], broken=["program_ended"]), "ends")
        said = ["ExecutionError Cannot extend an already-expired lock."]
        self.assertEqual(self.ending([after], story=BORN, said=said), "breaks")
        self.assertEqual(self.ending([after], story=BORN), "holds")

    def test_a_leader_that_stands_needs_its_lock(self):
        events = [claim(500, leads=True), answer(501), HIT, ASKS]
        lost = {"event": "expired", "t_ms": 2000}
        self.assertEqual(self.ending(events, library=LEADER), "holds")
        self.assertEqual(self.ending([*events, lost], library=LEADER), "blocks")
        self.assertEqual(self.ending([*events, lost, answer(2100)], library=LEADER), "holds")


class WhatALibrarySays(stage.Stage):
    def test_is_told_by_the_logs_of_its_trial(self):
        logs = pathlib.Path(self.folder, "logs")
        logs.mkdir()
        (logs / "trial-0001-node-2.log").write_text("hello\nsays: LockError gone\n")
        (logs / "trial-0001-node-1.log").write_text("says: expired 7 ms before\n")
        (logs / "trial-0002-node-1.log").write_text("says: of another trial\n")
        said = list(cell.log_lines(logs.parent, 1))
        self.assertEqual(said, ["expired 7 ms before", "LockError gone"])

    def test_a_loss_goes_before_what_is_said_more_often(self):
        trials = [cell.Trial("breaks", says=("busy 123", "LockNotOwnedError")),
                  cell.Trial("holds", says=("busy 456",))]  # fmt: skip
        version = pathlib.Path(self.folder, "latest")
        version.mkdir()
        (version / "run.json").write_text('{"redis_version": "7.0.15"}')
        row = cell.row_of(PAUSED, REDIS_PY, trials, version.parent)
        self.assertEqual((row["says"], row["breaks"], row["holds"]), ("LockNotOwnedError", 1, 1))


class ThePage(unittest.TestCase):
    def test_says_what_the_cells_say(self):
        text = page.README.read_text(encoding="utf-8")
        self.assertEqual(page.made(text, cell.read_cells(FOLDER / "table" / "cells.csv")), text)

    def test_words(self):
        row = dict.fromkeys(cell.ENDINGS, "0") | {"trials": "10", "holds": "10"}
        self.assertEqual(page.cell_words(row), "holds")
        self.assertFalse(page.is_red(row))
        row |= {"holds": "7", "breaks": "2", "undecided": "1"}
        self.assertEqual(page.cell_words(row), "breaks 2, undecided 1 of 10")
        self.assertTrue(page.is_red(row))


class Runs(stage.Stage):
    def put(self, *words, **environment):
        return subprocess.run(
            [FOLDER / "run", "--cells", f"{self.folder}/cells.csv", *words],
            capture_output=True, text=True, check=False, timeout=150, stdin=subprocess.DEVNULL,
            env={**os.environ, "HUSTINGS": str(stage.HUSTINGS), **environment},
        )  # fmt: skip

    def test_each_story_is_a_scenario_for_each_library(self):
        paths = []
        for story in stories.STORIES.values():
            paths.append(story.path)
            for library in libraries.LIBRARIES.values():
                if stories.why_not(story, library) is None:
                    paths.append(pathlib.Path(self.folder, f"{story.name}.{library.name}.yaml"))
                    paths[-1].write_text(stories.scenario(story, library), encoding="utf-8")
        run = subprocess.run([stage.HUSTINGS, "lint", "--quiet", *paths], capture_output=True,
                             text=True, check=False)  # fmt: skip
        self.assertEqual((run.returncode, run.stdout), (0, ""), run.stderr)
        self.assertGreater(len(paths), 100)

    def test_a_word_that_is_neither(self):
        run = self.put("paused-holder", "redlok")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertIn("redlok: no story and no library", run.stderr)

    def test_a_library_that_is_not_there(self):
        """On a machine without node, as far as PATH goes."""
        for tool in ("sh", "dirname", "cmp", "sed", "tr", "cat", "id", "env"):
            os.symlink(f"/usr/bin/{tool}", f"{self.folder}/{tool}")
        run = self.put("calm", "redlock-4", PATH=self.folder)
        self.assertEqual((run.returncode, run.stdout), (3, ""))
        words = "redlock-4 is not installed: scenarios/libraries/install redlock-4\n"
        self.assertEqual(run.stderr, words)

    def test_one_cell(self):
        """It is run once, and then read."""
        if libraries.why_not_installed("redis-py"):
            self.skipTest("redis-py is not installed")
        run = self.put("--trials", "1", "crashed-holder", "redis-py")
        self.assertIn(run.returncode, (0, 1), run.stderr)  # 1: late three times
        words = "(holds,|undecided|missed) 1 of 1"
        self.assertRegex(run.stdout, rf"^crashed-holder +redis-py +\S+ +{words}\n")
        with open(f"{self.folder}/cells.csv", encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
        self.assertEqual((row["trials"], row["version"]), ("1", libraries.version_of(REDIS_PY)))
        if row["holds"] == "1":
            again = self.put("--trials", "1", "crashed-holder", "redis-py", HUSTINGS="/bin/false")
            self.assertEqual((again.returncode, again.stdout), (0, run.stdout))


if __name__ == "__main__":
    unittest.main()
