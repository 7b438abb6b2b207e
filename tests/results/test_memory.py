"""How much memory a run needs for each of its trials, which it judges together at its end."""
import os
import pathlib
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")
SANITIZED = os.environ.get("HUSTINGS_SANITIZED") == "ON"

# In every trial a check is broken.
SCENARIO = """
name: many
nodes: 2
duration: 600ms
starts: {master: all_reported}
protocol: {article: {poll: 20ms}}
lock: {token: {retry: 10ms}}
faults: [{at: 300ms, crash: 1}]
expect: {checks: {dead_leader: always}}
"""

FEW, MANY = 2000, 42000
BYTES_A_TRIAL = 256


@unittest.skipIf(SANITIZED, "the sanitizers keep memory that was freed")
class Memory(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-memory-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)

    def peak(self, trials):
        """The most memory that the run had, in bytes."""
        path = self.place / "many.yaml"
        path.write_text(SCENARIO, encoding="utf-8")
        run = subprocess.Popen(
            [HUSTINGS, "run", "--on", "model", "--quiet", "--histories", "none",
             "--out", self.place / "out", "--trials", str(trials), path],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(run.returncode, 0)
        return usage.ru_maxrss * 1024

    def test_a_trial_leaves_little_behind(self):
        few, many = self.peak(FEW), self.peak(MANY)
        self.assertLess((many - few) / (MANY - FEW), BYTES_A_TRIAL, f"{few} and {many} bytes")


if __name__ == "__main__":
    unittest.main()
