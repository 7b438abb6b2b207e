#!/usr/bin/python3
"""Shipped scenarios by their names, from any folder: `hustings run course/05`, `paused-holder`.
What lies in the folder that one is in comes first."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import HUSTINGS, ROOT  # noqa: E402

SCENARIOS = ROOT / "scenarios"
LESSON = SCENARIOS / "course" / "05-the-lock-expires.yaml"


class Names(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_it(self, *words, cwd=None):
        return subprocess.run(
            [HUSTINGS, *words], cwd=cwd or self.folder, capture_output=True, text=True, check=False,
            env={**os.environ, "XDG_STATE_HOME": self.folder},
        )  # fmt: skip

    def meant(self, *words, cwd=None):
        """The file that each word means; None where there is none."""
        linted = self.run_it("lint", "--format", "json", "--", *words, cwd=cwd)
        return [one["file"] if one["ok"] else None for one in json.loads(linted.stdout)]

    def test_every_shipped_scenario_has_its_names(self):
        words, wanted = [], []
        for path in sorted(SCENARIOS.glob("**/*.yaml")):
            way = str(path.relative_to(SCENARIOS))
            names = [way, way.removesuffix(".yaml"), f"scenarios/{way}"]
            if path.parent.name in ("course", "catalogue"):
                names += [path.name, path.stem]
            if path.parent.name == "course":
                number, _, bare = path.stem.partition("-")
                names += [f"course/{number}", number, str(int(number)), bare, f"course/{bare}"]
            words += names
            wanted += [str(path)] * len(names)
        self.assertGreater(len(words), 100)
        self.assertEqual(self.meant(*words), wanted)

    def test_other_words_are_no_names(self):
        words = [
            "course/77", "nothing", "05-", "course/", "course/05/", "README", "README.md",
            "scenario.schema.json", "../scenarios/course/05", "course/../course/05", "0", "-1",
            "course/cured/../05", "x" * 3000, f"course/{'x' * 3000}", "", "/course/05", "%s",
        ]  # fmt: skip
        self.assertEqual(self.meant(*words), [None] * len(words))
        run = self.run_it("run", "course/77")
        self.assertIn("list scenarios", run.stderr)

    def test_who_mistypes_a_name_is_told_the_near_one(self):
        for word, near in (("leaderstalls", "catalogue/leader-stalls"),
                           ("paused_holder.yaml", "catalogue/paused-holder"),
                           ("scenarios/course/the-leader-crash", "course/the-leader-crashes")):
            for verb in (["run"], ["matrix", "--against", "own"], ["sweep", "--set", "nodes=3"]):
                told = self.run_it(*verb, word)
                self.assertEqual(told.returncode, 2, told.stdout + told.stderr)
                self.assertEqual(len(told.stderr.splitlines()), 1, told.stderr)
                self.assertIn(f"did you mean {near}? See: hustings list scenarios", told.stderr)
                self.assertEqual(self.meant(near), self.meant(f"{near}.yaml"))
        told = self.run_it("run", "course/11")
        self.assertNotIn("did you mean", told.stderr)
        self.assertIn("see: hustings list scenarios", told.stderr)

    def test_what_lies_here_comes_first(self):
        here = pathlib.Path(self.folder)
        (here / "course").mkdir()
        for name in ("05", "the-lock-expires", "paused-holder", "course/05"):
            (here / name).write_text("name: mine\nnodes: 3\nduration: 1s\n", encoding="utf-8")
        words = ["05", "the-lock-expires", "paused-holder", "course/05", "course/06"]
        others = str(SCENARIOS / "course" / "06-the-master-crashes.yaml")
        self.assertEqual(self.meant(*words), [*words[:4], others])

    def test_where_they_lie_the_path_is_short(self):
        way = "scenarios/course/05-the-lock-expires.yaml"
        self.assertEqual(self.meant("course/05", "5", cwd=ROOT), [way, way])

    def test_every_verb_that_takes_a_scenario_takes_a_name(self):
        for words in (
            ("run", "--on", "model", "--trials", "1", "05"),
            ("matrix", "--against", "lease+token", "--trials", "1", "course/05"),
            ("sweep", "--set", "lock.token.ttl=1s", "--trials", "1", "the-lock-expires"),
            ("course", "--on", "model", "--answer", "a", "course/05"),
            ("course", "--on", "model", "--answer", "a", "05-the-lock-expires"),
            ("course", "--on", "model", "--answer", "a", "course/05-the-lock-expires.yaml"),
        ):
            with self.subTest(words):
                run = self.run_it(*words)
                self.assertEqual((run.returncode, run.stderr), (0, ""), run)
                self.assertTrue(os.listdir(f"{self.folder}/results"))
        folder = self.run_it("matrix", "--trials", "1", "--against", "lease+token", "course")
        self.assertIn("the-lock-expires", folder.stdout, folder)

    def test_what_is_shipped_is_not_rewritten_by_its_name(self):
        before = LESSON.read_bytes()
        self.assertEqual(self.run_it("lint", "--fix", "course/05").returncode, 2)
        self.assertEqual(LESSON.read_bytes(), before)

    def test_the_command_that_repeats_it_names_the_file(self):
        run = self.run_it("run", "--on", "model", "--trials", "1", "--format", "json", "5")
        self.assertEqual(run.returncode, 0, run)
        results = next(pathlib.Path(self.folder, "results").glob("2*"))
        (trial,) = (results / "trials.csv").read_text(encoding="utf-8").splitlines()[1:]
        self.assertIn(f" run {LESSON} ", trial)


if __name__ == "__main__":
    unittest.main()
