"""The steps of the action in .github/actions/run, run as GitHub's runner would: with its variables,
in the user's folder. What it uploads nobody here takes.
"""
# ctest-timeout: 300
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from support.stage import HUSTINGS  # noqa: E402

ACTION = pathlib.Path(".github/actions/run")
HEAD = "nodes: 3\nduration: 3s\nstarts: {master: all_reported}\n"
HOLDS = f"name: holds\n{HEAD}"
BREAKS = f"name: breaks\n{HEAD}faults: [{{when: settled, after: 500ms, crash: leader}}]\n"


class Action(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-action-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        # Where the runner has put the action's repository, with a program that is built.
        self.repository = self.place / "_actions" / "hustings"
        shutil.copytree(ROOT / ACTION, self.repository / ACTION)
        (self.repository / "sim").mkdir()
        (self.repository / "sim" / "hustings").symlink_to(os.path.abspath(HUSTINGS))
        self.work = self.place / "my work"
        self.work.mkdir()
        (self.work / "holds.yaml").write_text(HOLDS, encoding="utf-8")
        (self.work / "breaks one.yaml").write_text(BREAKS, encoding="utf-8")

    def play(self, **inputs):
        """The action's own steps with these inputs: the exit code of the last, what they said, and
        what the action would hand out."""
        action = yaml.safe_load((self.repository / ACTION / "action.yml").read_text("utf-8"))
        given = {name: one.get("default", "") for name, one in action["inputs"].items()} | inputs
        files = {name: self.place / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        said = ""
        for step in action["runs"]["steps"]:
            if "run" not in step:
                continue
            own = {key: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
                   for key, value in step.get("env", {}).items()}  # fmt: skip
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=self.work, capture_output=True, text=True, check=False, timeout=100,
                env={**os.environ, "GITHUB_ACTION_PATH": str(self.repository / ACTION), **own,
                     **{name: str(path) for name, path in files.items()}},
            )  # fmt: skip
            said += done.stdout + done.stderr
            if done.returncode != 0:
                break
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        self.summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        return done.returncode, said, dict(line.split("=", 1) for line in lines)

    def suites(self, path):
        return [one.get("name") for one in ET.parse(self.work / path).iter("testsuite")]

    def test_what_holds(self):
        code, said, handed = self.play(scenario="holds.yaml", args="--on model --trials 3")
        self.assertEqual(code, 0, said)
        self.assertEqual(handed, {"verdict": "held", "junit": "hustings-results/junit.xml"})
        self.assertIn("holds, 3 trials: every expectation held", said)
        self.assertEqual(self.suites(handed["junit"]), ["holds"])
        self.assertEqual(self.summary, "hustings: held (exit 0)\n")

    def test_a_pattern_and_a_name_with_a_blank(self):
        for scenario in ("*.yaml", "  breaks one.yaml\nholds.yaml\n"):
            with self.subTest(scenario):
                code, said, handed = self.play(scenario=scenario, args="--on model", into="out put")
                self.assertEqual(code, 1, said)
                self.assertEqual(handed["verdict"], "failed")
                self.assertEqual(self.suites("out put/junit.xml"), ["breaks", "holds"])
                shutil.rmtree(self.work / "out put")

    def test_what_is_kept(self):
        self.play(scenario="holds.yaml", args="--on model")
        kept = sorted(path.name for path in (self.work / "hustings-results").iterdir())
        self.assertRegex(kept[0], r"^\d{8}T\d{6}Z-holds$")
        self.assertLessEqual(set(kept[1:]), {"junit.xml", "report.html"})  # the latter needs d3
        self.assertIn("junit.xml", kept)

    def test_what_is_wrong(self):
        for scenario, words in (("none*.yaml", "cannot be read"), ("", "scenario")):
            with self.subTest(scenario):
                code, said, handed = self.play(scenario=scenario, args="--on model")
                self.assertEqual(code, 2, said)
                self.assertEqual(handed["verdict"], "error")
                self.assertIn(words, said)

    def test_what_did_not_run_is_not_held(self):
        for inputs in ({"args": "--help"}, {"into": ""}, {"into": "x\nverdict=held"},
                       {"args": "--on model --"}):  # fmt: skip
            with self.subTest(inputs):
                code, said, handed = self.play(**{"scenario": "holds.yaml"} | inputs)
                self.assertEqual((code, handed), (2, {"verdict": "error"}), said)
                self.assertRegex(said, "hustings: (no scenario was run|give `(into|args)`)")
                shutil.rmtree(self.work / "hustings-results", ignore_errors=True)

    def test_what_an_earlier_step_left_is_not_its_own(self):
        self.play(scenario="holds.yaml", args="--on model", into="old")
        os.symlink(sorted(os.listdir(self.work / "old"))[0], self.work / "old" / "latest")
        code, said, handed = self.play(scenario="holds.yaml", args="--help", into="old")
        self.assertEqual((code, handed), (2, {"verdict": "error"}), said)
        self.assertFalse((self.work / "old" / "junit.xml").exists())

    def test_a_report_that_breaks_off_is_none(self):
        """The program says that all held; its report has no end, as on a full disk."""
        program = self.repository / "sim" / "hustings"
        program.unlink()
        program.write_text(
            '#!/bin/sh\n[ "$1" = run ] || exit 0\nmkdir -p results/a\nln -s a results/latest\n'
            "echo '<?xml version=\"1.0\"?><testsuites>'\n", encoding="utf-8"
        )  # fmt: skip
        program.chmod(0o755)
        code, said, handed = self.play(scenario="holds.yaml", into="results")
        self.assertEqual((code, handed), (2, {"verdict": "error"}), said)

    def test_jobs_do_not_share_an_artifact(self):
        """upload-artifact takes each name once in a workflow's run: jobs and the cells of a matrix
        have names of their own."""
        action = yaml.safe_load((ROOT / ACTION / "action.yml").read_text("utf-8"))
        name = action["inputs"]["artifact"]["default"]
        self.assertIn("${{ github.job }}", name)
        self.assertIn("${{ strategy.job-index }}", name)

    def test_options_are_not_commands(self):
        _, said, _ = self.play(scenario="holds.yaml", args="--on model; touch a; $(touch b) *")
        self.assertEqual(sorted(path.name for path in self.work.glob("[ab]")), [], said)


if __name__ == "__main__":
    unittest.main()
