# ctest-label: bench-smoke
# ctest-alone
"""The benchmarks still run, and yield every figure. How large one is, in sizes this small, is
nothing to test."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

RUN = pathlib.Path(__file__).resolve().parent / "run"


class Benchmarks(unittest.TestCase):
    def test_every_figure_is_had(self):
        with tempfile.TemporaryDirectory() as folder:
            told = f"{folder}/figures.json"
            done = subprocess.run(
                [RUN, "--quick", "--build", os.environ["HUSTINGS_BUILD"], "--json", told],
                capture_output=True, text=True,
            )  # fmt: skip
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            figures = json.loads(pathlib.Path(told).read_text(encoding="utf-8"))["figures"]
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 1 + len(figures), done.stdout)
        for figure in figures:
            with self.subTest(figure["name"]):
                if figure["note"].endswith("is not installed"):
                    self.skipTest(figure["note"])
                self.assertIsNotNone(figure["value"], figure)
                self.assertGreater(figure["value"], 0, figure)
                self.assertEqual(figure["reached"] is None, figure["goal"] is None, figure)

    def test_an_unknown_name_is_refused(self):
        done = subprocess.run([RUN, "speed"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn('there is no "speed"', done.stderr)


if __name__ == "__main__":
    unittest.main()
