"""`run --set`: the values are in all that a run leaves, and in the commands that repeat it."""
import csv
import json
import os
import pathlib
import shlex
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HUSTINGS = os.path.abspath(os.environ.get("HUSTINGS", ROOT / "sim/hustings"))
SCENARIO = """\
name: set
nodes: 3   # as many as we have
duration: 6s
protocol: {lease: {duration: 3s, renew_deadline: 2s, retry: 500ms}}
faults:
  - {at: 1s, pause: leader, for: 1s}
  - {randomly: {mean: 2s}, crash: any, for: 500ms}
expect: {settles_within: 20s}
"""
SETS = ["nodes=5", "faults.1.for=2500ms", "lock=token"]


class Set(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-set-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        (self.place / "set.yaml").write_text(SCENARIO, encoding="utf-8")

    def hustings(self, *words, code=0, cwd=None, **how):
        run = subprocess.run(
            [HUSTINGS, *words], cwd=cwd or self.place, capture_output=True, text=True, check=False,
            **how,
        )  # fmt: skip
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def run_set(self, *words, **how):
        sets = [word for one in SETS for word in ("--set", one)]
        return self.hustings("run", "--on", "model", *sets, *words, **how)

    def elections(self, out, trial):
        path = self.place / out / "latest/elections.csv"
        with open(path, newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["seed"] == trial["seed"]]
        for row in rows:
            for name in ("run", "trial"):
                row.pop(name, None)
        return rows

    def test_a_trial_is_repeated_with_what_was_set(self):
        told = self.run_set("--trials", "3", "--out", "first", "set.yaml").stdout
        self.assertIn("Set: nodes=5, faults.1.for=2500ms, lock=token", told)
        self.assertIn("5 nodes elect a leader", told)
        scenario = (self.place / "first/latest/scenario.yaml").read_text(encoding="utf-8")
        self.assertIn("nodes: 5   # as many as we have", scenario)
        self.assertIn("{at: 1s, pause: leader, for: 2500ms}", scenario)
        run = json.loads((self.place / "first/latest/run.json").read_text(encoding="utf-8"))
        self.assertEqual(run["scenarios"][0]["set"], SETS)
        with open(self.place / "first/latest/trials.csv", newline="", encoding="utf-8") as file:
            trial = list(csv.DictReader(file))[1]
        words = shlex.split(trial["reproduce"])[1:]
        self.hustings(*words, "--out", str(self.place / "again"), cwd="/")
        self.assertEqual(self.elections("first", trial), self.elections("again", trial))
        self.assertGreater(len(self.elections("first", trial)), 1)

    def test_a_plan_has_what_was_set(self):
        plan = self.run_set("--print-plan", "--out", "first", "set.yaml").stdout
        self.assertIn("nodes: 5   # as many as we have", plan)
        self.assertIn("for: 2500ms", plan)
        self.hustings("lint", "-", input=plan)

    def test_stdin_and_wrong_keys(self):
        self.run_set("--out", "first", "-", input=SCENARIO)
        wrong = self.run_set("--set", "lock.token.tll=1s", "set.yaml", code=2)
        self.assertEqual(
            wrong.stderr,
            'set.yaml: with --set lock.token.tll=1s: "tll": unknown key; did you mean ttl?\n',
        )


if __name__ == "__main__":
    unittest.main()
