"""A sweep over leases where no pause costs the leadership: by all figures the longest lease is as
good as any, but for what it costs after a crash. The shortest must be recommended."""
import csv
import os
import pathlib
import subprocess
import tempfile
import unittest

HUSTINGS = os.path.abspath(os.environ.get("HUSTINGS", "sim/hustings"))
MINE = """
name: mine
nodes: 3
duration: 30s
protocol: {lease: {duration: 3s, renew_deadline: 2s, retry: 500ms}}
work: {every: 50ms}
pauses: {table: gc.log, mean: 8s, who: leader}
expect: {settles_within: 10s, checks: {stale_write: allowed}}
"""
LEASES = ("{duration: 60s, renew_deadline: 40s, retry: 1s},"
          "{duration: 2s, renew_deadline: 1500ms, retry: 400ms},"
          "{duration: 8s, renew_deadline: 6s, retry: 1s}")
BEST = "Least without a leader: protocol.lease {duration: 2s,"
NO_PRICE = "so the price of a long lease is not in these figures"


class Leases(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-leases-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        (self.place / "gc.log").write_text("12\n30\n45\n", encoding="utf-8")
        (self.place / "mine.yaml").write_text(MINE, encoding="utf-8")

    def sweep(self, *words):
        """What it says, and the leaders that died at each point."""
        run = subprocess.run(
            [HUSTINGS, "sweep", "mine.yaml", "--set", f"protocol.lease={LEASES}", "--trials", "10",
             "--confirm", "0", "--into", "swept", *words],
            cwd=self.place, capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        with open(self.place / "swept/sweep.csv", newline="", encoding="utf-8") as file:
            died = [row["leader_crashes"] for row in csv.DictReader(file)]
        return " ".join(run.stdout.split()), died

    def test_the_shortest_of_equals_is_best(self):
        told, died = self.sweep()
        self.assertIn(BEST, told)
        self.assertIn(NO_PRICE, told)
        self.assertEqual(died, ["0"] * 3)

    def test_a_crash_shows_the_price(self):
        told, died = self.sweep("--set", "faults=[{at: 10s, crash: leader, for: 15s}]")
        self.assertIn(BEST, told)
        self.assertNotIn(NO_PRICE, told)
        self.assertEqual(died, ["10"] * 3)


if __name__ == "__main__":
    unittest.main()
