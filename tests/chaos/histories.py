"""Runs of hustings in a temporary place, and their histories, for the tests of chaos."""
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
from support.judged import code_however_late, judged, until_judged  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")


class Runs(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="hustings-chaos-")
        self.addCleanup(shutil.rmtree, self.place)
        self.runs = 0

    def scenario(self, text, name="scenario"):
        path = os.path.join(self.place, name + ".yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def hustings(self, *words, timeout=120, binary=False):
        return subprocess.run([HUSTINGS, *words], capture_output=True, text=not binary,
                              timeout=timeout, check=False)

    def run_on(self, host, path, *options, timeout=120, late_ones_count=False):
        """Runs it, until the harness was not late unless those trials count, too. Returns what the
        program did, and the folder of its results."""
        self.runs += 1
        out = os.path.join(self.place, f"results-{self.runs}")
        words = ("run", "--on", host, "--out", out, *options, path)
        if late_ones_count:
            done = self.hustings(*words, timeout=timeout)
            code = code_however_late(done, out)
        else:
            done = until_judged(lambda: judged(self.hustings(*words, timeout=timeout), out))
            code = done.returncode
        self.assertIn(code, (0, 1), done.stdout + done.stderr)
        return done, os.path.join(out, "latest")

    @staticmethod
    def histories(folder):
        """The events of each trial, in order."""
        for path in sorted(glob.glob(os.path.join(folder, "history", "*.jsonl"))):
            with open(path, encoding="utf-8") as file:
                yield [json.loads(line) for line in file][1:]
