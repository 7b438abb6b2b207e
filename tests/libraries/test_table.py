#!/usr/bin/python3
"""scenarios/libraries/run: what it makes of a trial, that each story goes with each library, that
the page says what the cells say, and one cell with redis-py, where that is installed."""
# ctest-timeout: 420
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support import stage  # noqa: E402
from support.judged import HarnessWasLate, until_judged  # noqa: E402

FOLDER = stage.ROOT / "scenarios" / "libraries"
sys.path.insert(0, str(FOLDER / "table"))
import cell  # noqa: E402
import libraries  # noqa: E402
import page  # noqa: E402
import stories  # noqa: E402

CELLS = cell.read_cells(FOLDER / "table" / "cells.csv")
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

    def test_a_lock_that_is_kept_needs_another_that_was_refused_it(self):
        story = stories.STORIES["redis-kept"]
        self.assertLess(ASKS["t_ms"] - HIT["t_ms"], story.rival_ms)
        events, after = [BEFORE, HIT, ASKS], claim(4000, 2, in_section=True)
        self.assertEqual(self.ending([*events, answer(1600, "nil"), after], story), "holds")
        self.assertEqual(self.ending([*events, after], story), "missed")
        self.assertEqual(self.ending([*events, answer(1600, "error"), after], story), "missed")
        self.assertEqual(self.ending([*events, answer(3600, "nil"), after], story), "missed")

    def test_who_gives_back_again_needs_a_next_one(self):
        story = stories.STORIES["release-answer-lost"]
        late = {"event": "fault", "index": 1, "t_ms": 5900}  # it need not come
        gives = {**answer(1300, "nil", 1), "op": "delete_if_equal"}
        after = claim(4000, 2, in_section=True)
        events = [BEFORE, HIT, answer(1200), gives, after, late]
        self.assertEqual(self.ending(events, story), "holds")
        self.assertEqual(self.ending([BEFORE, HIT, answer(1200), after], story), "holds")
        self.assertEqual(self.ending([BEFORE, HIT, gives, answer(1400), after], story), "missed")
        self.assertEqual(self.ending([BEFORE, HIT, answer(1200, "nil"), after], story), "missed")
        # Later than that the lock may have run out, and was not given back.
        self.assertEqual(self.ending([BEFORE, HIT, answer(2100), after], story), "missed")

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


class TheStories(unittest.TestCase):
    def test_two_at_once_can_be_or_the_story_says_why_it_asks_something_else(self):
        """Without another that asks for the lock in time, "never two at once" could not fail."""
        for story in stories.STORIES.values():
            ways = [story.rival_ms > 0, story.regiven, story.no_rival != ""]
            self.assertEqual(ways.count(True), 1, story.name)


def red(story, ending=None):
    """The libraries that are red in that story, or are so by that ending."""
    return {
        row["library"] for row in CELLS.values()
        if row["story"] == story and (int(row[ending]) if ending else page.is_red(row))
    }  # fmt: skip


def of(story):
    """The libraries that the story was put to."""
    return {row["library"] for row in CELLS.values() if row["story"] == story}


RENEWS = {library.name for library in libraries.LIBRARIES.values() if library.renews}


class WhatToRead(unittest.TestCase):
    """The sentences of README.md below the table, as far as cells can contradict them."""

    def test_what_all_stand(self):
        for story in ("calm", "short-pause", "crashed-holder", "redis-kept"):
            self.assertEqual(red(story), set(), story)
            self.assertTrue(of(story), story)

    def test_who_alone_is_red(self):
        for story in ("release-refused", "renewal-lost"):
            self.assertEqual(red(story), {"ts-safe-redis-leader"}, story)
        for story in ("late-release", "release-answer-lost"):
            self.assertEqual(red(story), {"redis-leader"}, story)
        for story in ("answer-lost", "half-taken"):
            self.assertEqual(red(story, "blocks"), {"symfony-lock"}, story)
            self.assertEqual(red(story), {"symfony-lock"}, story)
        self.assertEqual(red("redis-stalls"), {"redis-py-renewed", "redis-leader"})
        self.assertEqual(red("born-expired"), {"redlock-5", "redlock-5-acquire"})
        self.assertEqual(of("born-expired") - red("born-expired"), {"sesamecare-redlock"})
        self.assertEqual(red("other-worker-ends"), {"rq-scheduler"})

    def test_who_alone_is_not(self):
        self.assertEqual(of("late-answer") - red("late-answer"), {"redlock-4", "symfony-lock"})
        self.assertEqual(of("redis-emptied") - red("redis-emptied"), {"redis-leader"})
        for story in stories.STORIES.values():
            if not story.safe and story.name != "redis-emptied":
                self.assertEqual(of(story.name) - red(story.name), set(), story.name)

    def test_those_that_prolong(self):
        self.assertEqual(of("long-work") - red("long-work"), RENEWS)
        self.assertEqual(red("holder-cut-off", "breaks"), RENEWS)
        self.assertEqual(red("renewal-refused", "breaks"), {"redlock-5", "sesamecare-redlock"})
        self.assertEqual(red("renewal-refused", "ends"), {"redis-semaphore"})
        self.assertEqual(red("renewal-refused", "blocks"), {"ts-safe-redis-leader"})

    def test_who_says_nothing_to_the_late_holder(self):
        silent = {row["library"] for row in CELLS.values()
                  if row["story"] == "paused-holder" and not row["says"]}  # fmt: skip
        leaders = {"redis-leader", "ts-safe-redis-leader"}  # which tell it by an event
        self.assertEqual(
            silent - leaders, {"symfony-lock", "redis-semaphore", "sesamecare-redlock"}
        )

    def test_how_long_was_left_to_those_that_block(self):
        left = re.findall(r"in the ([\d.]+) s that were left", str([*CELLS.values()]))
        self.assertGreater(len(left), 10)
        self.assertTrue(all(3 <= float(seconds) <= 5 for seconds in left), left)


class ThePage(unittest.TestCase):
    def test_says_what_the_cells_say(self):
        text = page.README.read_text(encoding="utf-8")
        self.assertEqual(page.made(text, CELLS), text)

    def test_each_cell_is_of_what_stands_here_now(self):
        for row in CELLS.values():
            self.assertTrue(cell.is_of_now(row), row)
            self.assertFalse(cell.is_of_now({**row, "digest": "0" * 8}))
            self.assertEqual(sum(int(row[ending]) for ending in cell.ENDINGS), 10, row)

    def test_a_cell_is_of_a_story_that_applies(self):
        row = {"story": "born-expired", "library": "redis-py"}
        row["digest"] = cell.digest(stories.STORIES["born-expired"], REDIS_PY)
        self.assertFalse(cell.is_of_now(row))

    def test_a_cell_changes_with_its_story_its_worker_and_its_helper(self):
        folder = libraries.FOLDER
        for path in ("stories/calm.yaml", "redis-py.py", "hustings.py"):
            with tempfile.TemporaryDirectory() as copy:
                shutil.copytree(folder, copy, dirs_exist_ok=True, symlinks=True,
                                ignore=shutil.ignore_patterns("node_modules"))  # fmt: skip
                text = pathlib.Path(copy, path).read_text(encoding="utf-8")
                pathlib.Path(copy, path).write_text(text + "nodes: 9\n", encoding="utf-8")
                says = "import cell, libraries, stories; print(cell.digest("
                says += "stories.STORIES['calm'], libraries.LIBRARIES['redis-py']))"
                run = subprocess.run(["/usr/bin/python3", "-c", says], cwd=f"{copy}/table",
                                     capture_output=True, text=True, check=True)  # fmt: skip
                now = cell.digest(stories.STORIES["calm"], REDIS_PY)
                self.assertNotEqual(run.stdout.strip(), now, path)

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
        """It is run once, and then read. A cell that misses, or is undecided, is put again."""
        if libraries.why_not_installed("redis-py"):
            self.skipTest("redis-py is not installed")
        words = ("--trials", "1", "crashed-holder", "redis-py")

        def story():
            run = self.put(*words)
            self.assertIn(run.returncode, (0, 1), run.stderr)
            if run.returncode == 1:
                self.assertRegex(run.stdout, r"(undecided|missed) 1 of 1\n")
                raise HarnessWasLate(run.stdout)
            return run

        run = until_judged(story, seconds=100)
        self.assertRegex(run.stdout, r"^crashed-holder +redis-py +\S+ +holds, 1 of 1\n$")
        with open(f"{self.folder}/cells.csv", encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
        self.assertEqual((row["trials"], row["version"]), ("1", libraries.version_of(REDIS_PY)))
        again = self.put(*words, HUSTINGS="/bin/false")
        self.assertEqual((again.returncode, again.stdout), (0, run.stdout))


if __name__ == "__main__":
    unittest.main()
