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


if __name__ == "__main__":
    unittest.main()
