"""The cures of the lessons hold on real processes, once each, as `hustings course` runs them."""
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
from multiprocessing.pool import ThreadPool

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
CURES = sorted(glob.glob("scenarios/course/cured/*.yaml"))
AT_ONCE = 4  # they mostly wait


class Cures(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="hustings-cures-")
        self.addCleanup(shutil.rmtree, self.place)

    def run_once(self, path):
        out = os.path.join(self.place, os.path.basename(path))
        command = [HUSTINGS, "run", "--trials", "1", "--quiet", "--out", out, path]
        return until_judged(lambda: judged(subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False), out))

    def test_they_hold(self):
        self.assertEqual(len(CURES), 7)
        with ThreadPool(AT_ONCE) as pool:
            for done in pool.map(self.run_once, CURES):
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
