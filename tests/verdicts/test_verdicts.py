"""What the tool says of scenarios in which something cannot be known, cannot happen or is easily
overlooked: the exit code, and the words on the screen. Each scenario lies beside this file; `hustings
check` must say the same of what was recorded."""
# ctest-timeout: 120
import glob
import os
import pathlib
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
HERE = pathlib.Path(__file__).parent
BOTH = ("model", "processes")


class Verdicts(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-verdicts-")
        self.addCleanup(place.cleanup)
        self.place = place.name

    def run_scenario(self, scenario, host="model", *options):
        """The exit code and what was printed, as one line."""
        path = HERE / scenario if isinstance(scenario, str) else scenario
        done = subprocess.run(
            [HUSTINGS, "run", "--on", host, "--out", self.place, *options, str(path)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, " ".join((done.stdout + done.stderr).split())

    def check_again(self):
        (folder,) = glob.glob(self.place + "/2*")
        done = subprocess.run(
            [HUSTINGS, "check", folder], capture_output=True, text=True, timeout=60, check=False
        )
        return done.returncode, " ".join((done.stdout + done.stderr).split())


class Liveness(Verdicts):
    """Whoever the healing restarts must follow, too."""

    def fails(self, scenario, host):
        code, text = self.run_scenario(scenario, host, "--trials", "1")
        self.assertEqual(code, 1, text)
        self.assertIn("no_leader: expected never, but trial 1 has it", text)
        self.assertIn("the master followed nobody and node 1 followed node 1", text)
        code, text = self.check_again()
        self.assertEqual(code, 1, text)
        self.assertIn("no_leader: expected never, but trial 1 has it", text)

    def test_kept_out_by_its_own_lock(self):
        self.fails("kept-out-by-its-own-lock.yaml", "model")

    def test_kept_out_by_its_own_lock_on_processes(self):
        self.fails("kept-out-by-its-own-lock.yaml", "processes")

    def test_kept_out_by_a_lock_that_never_ends(self):
        self.fails("kept-out-by-an-endless-lock.yaml", "model")

    def test_kept_out_by_a_lock_that_never_ends_on_processes(self):
        self.fails("kept-out-by-an-endless-lock.yaml", "processes")


if __name__ == "__main__":
    unittest.main()
