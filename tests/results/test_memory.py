# ctest-timeout: 300
"""How much memory a run takes: the same for many trials as for few, although it judges all of them
together at its end; and a matrix of many cells as one of few."""
import contextlib
import fcntl
import os
import pathlib
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")
CATALOGUE = pathlib.Path(__file__).resolve().parents[2] / "scenarios" / "catalogue"
SANITIZED = os.environ.get("HUSTINGS_SANITIZED") == "ON"

# In every trial a check is broken, and there are elections with two causes.
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

# A cluster of a thousand: what is kept for a trial in the making, and of those that wait.
LARGE = """
name: large
nodes: 1000
duration: 2s
protocol: {article: {poll: 100ms}}
expect: {checks: {no_leader: allowed, starvation: allowed, disagreement: allowed}}
"""
MEMBER = 20000

# What differs grows to its full size: the spreads of times, of which each takes 0.5 MB.
FEW, MANY = 10000, 100000
GROWS_BY = 4 << 20

# Kept until the end, the cells of a matrix and their files took 1.8 MB of so many combinations.
COMBINATIONS = 60
MATRIX_GROWS_BY = 600 << 10
F_SETPIPE_SZ = 1031


def peak_of(pid):
    """The most memory that a process had so far, in bytes; 0: it has ended."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next((int(line.split()[1]) << 10 for line in status.splitlines()
                 if line.startswith("VmHWM:")), 0)  # fmt: skip


@unittest.skipIf(SANITIZED, "the sanitizers keep memory that was freed")
class Memory(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-memory-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)

    def peak(self, trials, form="text", scenario=SCENARIO):
        """The most memory that the run had, in bytes, shortly before its end."""
        path = self.place / "many.yaml"
        path.write_text(scenario, encoding="utf-8")
        run = subprocess.Popen(
            [HUSTINGS, "run", "--on", "model", "--quiet", "--histories", "none", "--format", form,
             "--jobs", "1", "--out", self.place / "out", "--trials", str(trials), path],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        # What wait4() tells begins with the memory of the process that started it: ours.
        peak = 0
        while run.poll() is None:
            peak = peak_of(run.pid) or peak
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(0.02)
        self.assertEqual(run.returncode, 0)
        return peak

    def test_many_trials_take_no_more_than_few(self):
        for form in ("text", "json"):
            with self.subTest(form):
                few, many = self.peak(FEW, form), self.peak(MANY, form)
                self.assertLess(many - few, GROWS_BY, f"{few} and {many} bytes")

    def test_a_member_takes_little(self):
        peak = self.peak(16, scenario=LARGE)
        self.assertLess(peak, 1000 * MEMBER)

    def matrix_peak(self, combinations):
        """The most memory that a matrix had until it told its table, when its files are written.
        The table is longer than the pipe, so that it waits there for whoever reads."""
        against = [f"lease:duration={2000 + 10 * i}ms+token" for i in range(combinations)]
        ours, its = os.pipe()
        fcntl.fcntl(its, F_SETPIPE_SZ, 4096)
        run = subprocess.Popen(
            [HUSTINGS, "matrix", CATALOGUE, "--against", ",".join(against), "--trials", "1",
             "--jobs", "1", "--into", self.place / f"m{combinations}"],
            stdout=its, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(its)
        with open(ours, "rb") as table:
            self.assertTrue(table.read(1))
            peak = peak_of(run.pid)
            table.read()
        self.assertEqual(run.wait(60), 1)
        return peak

    def test_a_matrix_of_many_cells_takes_no_more_than_one_of_few(self):
        few, many = self.matrix_peak(COMBINATIONS // 3), self.matrix_peak(COMBINATIONS)
        self.assertGreater(few, 0)
        self.assertLess(many - few, MATRIX_GROWS_BY, f"{few} and {many} bytes")


if __name__ == "__main__":
    unittest.main()
