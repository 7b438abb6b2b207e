"""What the course says comes true, comes true: the answer of each lesson, and what its cure cures.

A lesson's choices are judged by what the model recorded, not by what the file expects: for each
lesson there is one rule here that says, of the rows of a run, which choice they show. A choice that
is written anew needs a look at its rule.
"""
import csv
import glob
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "build" / "hustings"))
COURSE = ROOT / "scenarios" / "course"
LESSONS = sorted(path for path in os.listdir(COURSE) if path.endswith(".yaml"))


class Run:
    """One run of a scenario on the model: its rows, trial by trial."""

    def __init__(self, path, out):
        command = [HUSTINGS, "run", "--on", "model", "--quiet", "--out", out, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        self.held = done.returncode == 0
        self.said = done.stdout + done.stderr
        self.folder = pathlib.Path(out) / "latest"
        self.trials = {}
        for row in self.read("elections.csv"):
            self.trials.setdefault(row["trial"], []).append(row)
        self.violations = self.read("violations.csv")

    def read(self, name):
        with open(self.folder / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def winners(self):
        """Who was elected, one after the other; a set of what the trials show."""
        return {tuple(row["elected"] for row in rows if row["published_ms"])
                for rows in self.trials.values()}

    def after(self, cause):
        """The elections of this cause, one of each trial."""
        return [next(row for row in rows if row["cause"] == cause) for rows in self.trials.values()]

    def broken(self, check):
        """In how many trials."""
        return len({row["trial"] for row in self.violations if row["check"] == check})

    def overlap_ms(self, check):
        """The longest of each trial that is broken, the shortest of these."""
        longest = {}
        for row in self.violations:
            if row["check"] == check:
                length = float(row["until_ms"]) - float(row["at_ms"])
                longest[row["trial"]] = max(length, longest.get(row["trial"], 0))
        return min(longest.values(), default=0)


def only(choices, shown):
    """The choice of what all trials show alike; None if they do not."""
    return choices.get(*shown) if len(shown) == 1 else None


def first(run):
    return only({"1": "a", "5": "b"}, {winners[0] for winners in run.winners()})


def submits(run):
    return only({("1",): "a", ("1", "4"): "b", ("1", "4", "3"): "c"}, run.winners())


def master_submits(run):
    return only({("1", "0"): "a", ("1", "0", "1"): "b", ("1", "0", "2"): "c"}, run.winners())


def crash(run):
    elected = {(row["elected"], row["verdict"]) for row in run.after("crash")}
    return only({("2", "ok"): "a", ("1", "dead"): "b", ("", "none"): "c"}, elected)


def lock_expires(run):
    """Two inside: then it is b, as in c node 2 would be put out before."""
    return "b" if run.broken("two_lock_holders") == len(run.trials) else "a"


def master_crashes(run):
    """Followed for two seconds is who was elected before."""
    waits = [float(row["elect_ms"]) for rows in run.trials.values() for row in rows[1:]]
    return "b" if run.winners() == {("1", "3")} and min(waits) > 2000 else "a"


def early_bird(run):
    firsts = {winners[0] for winners in run.winners()}
    return "b" if len(firsts) > 1 else "a" if firsts == {"1"} else "c"


def lease(run):
    waits = [float(row["elect_ms"]) for row in run.after("crash") if row["published_ms"]]
    if len(waits) < len(run.trials):
        return "c"
    return "a" if max(waits) < 500 else "b" if min(waits) > 1600 and max(waits) < 2800 else None


def does_not_stop(run):
    return "c" if run.broken("two_leaders") == len(run.trials) else None


def fencing(run):
    if run.broken("stale_write") == len(run.trials):
        return "b"
    rejected = all(int(row["rejected_writes"]) > 0 for row in run.read("trials.csv"))
    return "c" if rejected else "a"


SHOWS = [first, submits, master_submits, crash, lock_expires, master_crashes, early_bird, lease,
         does_not_stop, fencing]  # fmt: skip


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="hustings-answers-")
        cls.addClassCleanup(shutil.rmtree, cls.place)

    def lessons(self):
        self.assertEqual(len(SHOWS), len(LESSONS))
        for name, shows in zip(LESSONS, SHOWS):
            yield name, shows, yaml.safe_load((COURSE / name).read_text(encoding="utf-8"))

    def run_model(self, path, name):
        return Run(path, os.path.join(self.place, name))

    def test_each_answer_comes_true(self):
        for name, shows, lesson in self.lessons():
            run = self.run_model(COURSE / name, name)
            self.assertTrue(run.held, run.said)
            self.assertEqual(lesson["answer"]["choice"], shows(run), name)

    def test_the_overlap_of_lesson_5_can_be_seen(self):
        run = self.run_model(COURSE / LESSONS[4], "visible")
        self.assertGreater(run.overlap_ms("two_lock_holders"), 700)

    def test_each_cure_holds_and_shows_something_else(self):
        for name, shows, lesson in self.lessons():
            if "cure" not in lesson:
                self.assertIn(name[:2], ("01", "02", "03"))  # where nothing is ill
                continue
            run = self.run_model(COURSE / lesson["cure"]["file"], "cured-" + name)
            self.assertTrue(run.held, run.said)
            self.assertNotEqual(lesson["answer"]["choice"], shows(run), name)

    def test_a_cure_is_the_one_change(self):
        """Beside what it expects, and what it says of itself."""
        apart = {"name", "about", "expect", "ask", "answer", "cure", "texts"}
        for name, _, lesson in self.lessons():
            if "cure" not in lesson:
                continue
            path = COURSE / lesson["cure"]["file"]
            cured = yaml.safe_load(path.read_text(encoding="utf-8"))
            changed = yaml.safe_load(lesson["cure"]["change"])
            if name.startswith("04"):
                apart |= {"faults", "starts"}  # of statuses, which a lease has not
            self.assertEqual(
                {key: value for key, value in cured.items() if key not in apart},
                {key: value for key, value in {**lesson, **changed}.items() if key not in apart})
            self.assertEqual(cured["name"], lesson["name"] + "-cured")

    def test_every_twin_belongs_to_a_lesson(self):
        named = {lesson["cure"]["file"] for _, _, lesson in self.lessons() if "cure" in lesson}
        found = {os.path.relpath(path, COURSE) for path in glob.glob(f"{COURSE}/cured/*.yaml")}
        self.assertEqual(named, found)


if __name__ == "__main__":
    unittest.main()
