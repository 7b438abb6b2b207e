"""The README's sweep: its command leaves the picture and the words that stand there."""
# ctest-timeout: 300
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HUSTINGS = os.path.abspath(os.environ.get("HUSTINGS", ROOT / "sim/hustings"))


@unittest.skipIf(os.environ.get("HUSTINGS_SANITIZED") == "ON", "it takes ten times as long")
class Readme(unittest.TestCase):
    def test_picture_and_words_are_those_of_the_command(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        command = re.search(r"^    sim/hustings (sweep (?:.*\\\n)*.*)$", text, re.M)[1]
        with tempfile.TemporaryDirectory(prefix="hustings-readme-") as place:
            words = shlex.split(command.replace("\\\n", ""))
            run = subprocess.run(
                [HUSTINGS, *words, "--into", place], cwd=ROOT, capture_output=True, text=True,
                env={**os.environ, "COLUMNS": "80"}, check=False,
            )  # fmt: skip
            self.assertEqual(run.returncode, 0, run.stderr)
            picture = (pathlib.Path(place) / "sweep.svg").read_text(encoding="utf-8")
        self.assertEqual(picture, (ROOT / "sim/sweep/picture.svg").read_text(encoding="utf-8"))
        shown = text[text.index(command) :].split("```")[1]
        for part in shown.split("  …\n"):
            self.assertIn(part.strip("\n"), run.stdout)

    def test_the_lease_counts_from_its_last_renewal(self):
        """What is left of a lease that is due for renewal is what it bears: 2.3 s of the shorter
        one, 2.1 s of the longer one, whose renewals are rarer."""
        shorter, longer = (
            "{duration: 2.5s, renew_deadline: 2s, retry: 200ms}",
            "{duration: 3s, renew_deadline: 2s, retry: 900ms}",
        )
        with tempfile.TemporaryDirectory(prefix="hustings-renewal-") as place:
            run = subprocess.run(
                [HUSTINGS, "sweep", "scenarios/catalogue/leader-stalls.yaml", "--into", place,
                 "--set", "duration=30s", "--set", f"protocol.lease={shorter},{longer}",
                 "--set", "faults.1.for=1s,2s,2.2s,2.5s", "--confirm", "4000"],
                cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            self.assertEqual(run.returncode, 0, run.stderr)
            advice = (pathlib.Path(place) / "advice.txt").read_text(encoding="utf-8")
        bears = re.search(r"Recommended: protocol.lease (\{.*?\}): no split brain up to a pause of "
                          r"([0-9.]+)s", advice)
        self.assertEqual(bears[1], shorter, advice)
        self.assertGreater(float(bears[2]), 2.2, advice)
        self.assertLess(float(bears[2]), 2.4, advice)


if __name__ == "__main__":
    unittest.main()
