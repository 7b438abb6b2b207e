"""Every lesson of the course, on real processes: its expectations hold, and what a student is told
to watch for is to be seen."""
# ctest-timeout: 240
import concurrent.futures
import csv
import glob
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import in_time, until_judged  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
LESSONS = sorted(glob.glob("scenarios/course/*.yaml"))


class Lessons(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """All are run, three at once: they wait for most of their time."""
        cls.place = tempfile.mkdtemp(prefix="hustings-lessons-")
        cls.addClassCleanup(shutil.rmtree, cls.place)
        pool = concurrent.futures.ThreadPoolExecutor(3)
        cls.addClassCleanup(pool.shutdown)
        cls.runs = {os.path.basename(path)[:2]: pool.submit(cls.tell, path) for path in LESSONS}

    @classmethod
    def tell(cls, path):
        """Fewer at a time if that was too much for the machine."""
        out = os.path.join(cls.place, os.path.basename(path)[:2])
        jobs = iter((10, 5))

        def story():
            command = [HUSTINGS, "run", "--jobs", str(next(jobs, 2)), "--format", "json", "--out",
                       out, path]  # fmt: skip
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
            in_time(out)
            return done

        return until_judged(story)

    def run_lesson(self, number):
        """The rows of elections.csv, trial by trial, and of violations.csv; the run must hold."""
        done = self.runs[number].result()
        out = os.path.join(self.place, number)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        (scenario,) = json.loads(done.stdout)["scenarios"]
        unmet = [point for point in scenario["expectations"] if point.get("failure")]
        self.assertEqual(unmet, [])
        trials = {}
        for row in self.read(out, "elections.csv"):
            trials.setdefault(row["trial"], []).append(row)
        self.assertEqual(len(trials), len(scenario["trials"]))
        return trials.values(), self.read(out, "violations.csv")

    @staticmethod
    def read(out, name):
        with open(os.path.join(out, "latest", name), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def winners(self, elections):
        return [(row["elected"], row["rule"]) for row in elections if row["published_ms"]]

    def test_they_are_numbered(self):
        numbers = [os.path.basename(path)[:2] for path in LESSONS]
        self.assertEqual(numbers, [f"{number:02}" for number in range(1, len(LESSONS) + 1)])
        for number in numbers:
            self.assertTrue(any(name.startswith(f"test_{number}_") for name in dir(self)), number)

    def test_01_the_lowest_number_by_rule_3(self):
        trials, violations = self.run_lesson("01")
        for elections in trials:
            self.assertEqual(self.winners(elections), [("1", "3")])
        self.assertEqual(violations, [])

    def test_02_submit_beats_prepare_by_rule_2(self):
        trials, _ = self.run_lesson("02")
        for elections in trials:
            self.assertEqual(self.winners(elections), [("1", "3"), ("4", "2"), ("3", "2")])

    def test_03_the_master_by_rule_1(self):
        trials, _ = self.run_lesson("03")
        for elections in trials:
            self.assertEqual(self.winners(elections), [("1", "3"), ("0", "1"), ("1", "2")])

    def test_04_the_dead_stay_elected(self):
        trials, violations = self.run_lesson("04")
        for elections in trials:
            (crash,) = [row for row in elections if row["cause"] == "crash"]
            self.assertEqual((crash["elected"], crash["verdict"]), ("1", "dead"))
        dead = [row for row in violations if row["check"] == "dead_leader"]
        self.assertEqual(len(dead), len(trials))

    def test_05_two_inside(self):
        trials, violations = self.run_lesson("05")
        inside = {row["trial"] for row in violations if row["check"] == "two_lock_holders"}
        self.assertEqual(len(inside), len(trials))
        self.assertTrue(all("2" in row["processes"].split() for row in violations))
        for trial in inside:
            length = max(float(row["until_ms"]) - float(row["at_ms"])
                         for row in violations if row["trial"] == trial)
            self.assertGreater(length, 500, "two are inside for long enough to be seen")

    def test_06_no_election_without_the_master(self):
        trials, _ = self.run_lesson("06")
        for elections in trials:
            self.assertEqual(self.winners(elections), [("1", "3"), ("3", "2")])
            self.assertGreater(float(elections[1]["elect_ms"]), 2000)

    def test_07_whoever_reports_first(self):
        trials, _ = self.run_lesson("07")
        first = [elections[0]["elected"] for elections in trials]
        self.assertGreater(len(set(first)), 1, first)

    def test_08_another_leads_when_the_lease_has_run_out(self):
        """Not before: the crash is 300 ms after a renewal at most, and the lease lasts for 2 s."""
        trials, violations = self.run_lesson("08")
        for elections in trials:
            start, crash = elections[:2]
            self.assertEqual((start["cause"], crash["cause"]), ("start", "crash"))
            self.assertEqual(crash["cause_node"], start["elected"])
            self.assertNotEqual(crash["elected"], start["elected"])
            self.assertGreater(float(crash["elect_ms"]), 1600)
        self.assertEqual(violations, [])

    def test_09_two_lead(self):
        trials, violations = self.run_lesson("09")
        for check in ("two_leaders", "idle_leader"):
            broken = {row["trial"] for row in violations if row["check"] == check}
            self.assertEqual(len(broken), len(trials), check)
        for row in violations:
            if row["check"] == "idle_leader":
                self.assertIn("(faults: cut of node", row["explanation"])

    def test_10_a_late_write_is_taken(self):
        trials, violations = self.run_lesson("10")
        late = {row["trial"] for row in violations if row["check"] == "stale_write"}
        self.assertEqual(len(late), len(trials))
        for elections in trials:
            self.assertEqual([row["cause"] for row in elections[:2]], ["start", "pause"])


if __name__ == "__main__":
    unittest.main()
