#!/usr/bin/python3
"""Every scenario that is shipped, run twice in the model, with 1 job and with 8: the same CSV, the
same histories, byte for byte."""
# ctest-timeout: 300
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "build/hustings"))
SCENARIOS = sorted((ROOT / "scenarios").glob("*/*.yaml"))

# These say when and how it was run.
APART = {"run.json", "scenario.yaml"}


def run(scenario, folder, jobs):
    done = subprocess.run(
        [HUSTINGS, "run", "--on", "model", "--jobs", str(jobs), "--trials", "20", "--quiet",
         "--out", folder, str(scenario)],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        sys.exit(f"{scenario}: exit {done.returncode}: {done.stderr}")
    latest = (pathlib.Path(folder) / "latest").resolve()
    return {
        str(path.relative_to(latest)): path.read_bytes()
        for path in sorted(latest.rglob("*"))
        if path.is_file() and path.name not in APART
    }


class SameSeedSameBytes(unittest.TestCase):
    def test_every_scenario(self):
        self.assertTrue(SCENARIOS)
        for scenario in SCENARIOS:
            with self.subTest(scenario.name), tempfile.TemporaryDirectory() as folder:
                first = run(scenario, os.path.join(folder, "1"), 1)
                self.assertIn("elections.csv", first)
                self.assertIn("history/trial-0020.jsonl", first)
                for name, jobs in (("2", 1), ("3", 8)):
                    again = run(scenario, os.path.join(folder, name), jobs)
                    self.assertEqual(sorted(first), sorted(again))
                    for file in first:
                        self.assertTrue(first[file] == again[file], f"{file} with {jobs} jobs")


if __name__ == "__main__":
    unittest.main()
