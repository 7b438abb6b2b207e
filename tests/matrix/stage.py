"""The stage for tests of hustings matrix: a folder, and the verb run in it."""
import csv
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "sim" / "hustings"))
FOLDER = str(ROOT / "scenarios" / "catalogue")


def hustings(*words, cwd):
    return subprocess.run([HUSTINGS, *map(str, words)], cwd=cwd, capture_output=True, text=True,
                          timeout=200, env={**os.environ, "HUSTINGS_CALLED": "hustings"})


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def ms(text):
    return round(float(text) * 1000)


class Matrix(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def matrix(self, *words, codes=(0, 1, 4), into="m"):
        run = hustings("matrix", "--into", into, *words, cwd=self.folder)
        self.assertIn(run.returncode, codes, run.stdout + run.stderr)
        return run
