"""Whose histories a run keeps, and that all its trials are in the files all the same."""
import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")

CLUSTER = """
nodes: 2
duration: 600ms
starts: {master: all_reported}
protocol: {article: {poll: 20ms}}
lock: {token: {retry: 10ms}}
"""

# A leader that crashes in one trial of some hundred: of seed 1, first in trial 385.
RARE = "name: rare" + CLUSTER + """
faults:
  - randomly: {mean: 200ms, until: 400ms}
    one_of: [{flip: 2, to: prepare, weight: 1000}, {crash: 1, weight: 1}]
expect: {checks: {dead_leader: sometimes}}
"""

# The same, broken by that one trial, which is not among the first hundred.
RARE_VERDICT = RARE.replace("checks: {dead_leader: sometimes}",
                            "checks: {dead_leader: allowed}, verdicts: {dead: never}")

# In every trial the dead leader is elected.
SCENARIO = "name: many" + CLUSTER + """
faults: [{at: 300ms, crash: 1}]
expect: {checks: {dead_leader: %s}}
"""


class Histories(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-histories-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)

    def run_trials(self, trials, *words, expected="allowed", code=0):
        """The numbers of the trials whose histories are kept; those in trials.csv are all there."""
        path = self.place / "many.yaml"
        path.write_text(SCENARIO % expected, encoding="utf-8")
        out = self.place / "out"
        command = [HUSTINGS, "run", "--quiet", "--out", out, "--trials", str(trials), *words, path]
        done = until_judged(lambda: judged(subprocess.run(
            command, capture_output=True, text=True, timeout=50, check=False), out))
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        folder = out / "latest"
        with open(folder / "trials.csv", newline="", encoding="utf-8") as file:
            numbers = [int(row["trial"]) for row in csv.DictReader(file)]
        self.assertEqual(numbers, list(range(1, trials + 1)))
        return sorted(int(file.stem.split("-")[1]) for file in (folder / "history").iterdir())

    def test_the_model_keeps_few(self):
        for jobs in ("1", "3"):
            kept = self.run_trials(1000, "--on", "model", "--jobs", jobs)
            self.assertEqual(kept, list(range(1, 101)))

    def test_and_the_first_that_failed(self):
        kept = self.run_trials(1000, "--on", "model", expected="never", code=1)
        self.assertEqual(kept, list(range(1, 201)))

    def test_all_or_none_if_told_so(self):
        model = ("--on", "model", "--histories")
        self.assertEqual(self.run_trials(300, *model, "all"), list(range(1, 301)))
        self.assertEqual(self.run_trials(300, *model, "none"), [])

    def test_processes_keep_all(self):
        self.assertEqual(self.run_trials(2), [1, 2])
        self.assertEqual(self.run_trials(2, "--histories", "none"), [])

    def test_who_broke_another_expectation_is_kept_and_judged_again(self):
        path = self.place / "rare.yaml"
        path.write_text(RARE_VERDICT, encoding="utf-8")
        out = self.place / "out"
        ran = subprocess.run([HUSTINGS, "run", "--on", "model", "--trials", "500", "--out", out,
                              path], capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(ran.returncode, 1, ran.stderr)
        judged = subprocess.run([HUSTINGS, "check", out / "latest"],
                                capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(judged.returncode, 1, judged.stdout)
        self.assertIn("verdict dead: expected never", judged.stdout)

    def test_a_history_that_is_not_there_is_not_named(self):
        for kept in ("few", "none"):
            path = self.place / "many.yaml"
            path.write_text(SCENARIO % "never", encoding="utf-8")
            ran = subprocess.run([HUSTINGS, "run", "--on", "model", "--histories", kept, "--out",
                                  self.place / "out", path],
                                 capture_output=True, text=True, check=False)  # fmt: skip
            words = " ".join(ran.stdout.split())
            self.assertEqual("of history/trial-0001.jsonl" in words, kept == "few", words)
            self.assertEqual("its history, which was not kept" in words, kept == "none", words)
            self.assertEqual("hustings check" in words, kept == "few", words)

    def test_what_is_expected_of_all_is_not_judged_by_few(self):
        path = self.place / "rare.yaml"
        path.write_text(RARE, encoding="utf-8")
        out = self.place / "out"
        command = [HUSTINGS, "run", "--quiet", "--on", "model", "--trials", "500", "--out", out]
        for words, code, said in (
            ((), 4, "100 trials of 500 (those with a whole history): it could not be decided"),
            (("--histories", "all"), 0, "500 trials: every expectation held"),
        ):
            ran = subprocess.run([*command, *words, path], capture_output=True, check=False)
            self.assertEqual(ran.returncode, 0, ran.stdout)
            judged = subprocess.run([HUSTINGS, "check", out / "latest"],
                                    capture_output=True, text=True, check=False)  # fmt: skip
            self.assertIn(f"rare, {said}\n", judged.stdout)
            self.assertEqual(judged.returncode, code)

    def test_another_word_is_refused(self):
        done = subprocess.run([HUSTINGS, "run", "--histories", "some", "x.yaml"],
                              capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 2)
        self.assertIn('--histories "some": give all, few or none', done.stderr)


if __name__ == "__main__":
    unittest.main()
