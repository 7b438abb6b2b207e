"""A sweep and a matrix that are killed at any moment, 20 times, and taken up again: at the end they
have left the same bytes as runs that nothing befell."""
# ctest-timeout: 300
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HUSTINGS = os.path.abspath(os.environ.get("HUSTINGS", ROOT / "sim/hustings"))
# With sanitizers all takes ten times as long: fewer trials and kills then.
SANITIZED = os.environ.get("HUSTINGS_SANITIZED") == "ON"
KILLS = 5 if SANITIZED else 20
TRIALS = 5 if SANITIZED else 60
ATTEMPTS = 400  # of which one that was faster than we are was not killed

EDGE = """
name: edge
nodes: 3
duration: 20s
protocol: {lease: {duration: 3s, renew_deadline: 2s, retry: 500ms}}
work: {every: 50ms}
faults:
  - {when: {who: any, does: writes, nth: 20, before: true}, pause: leader, for: 1s}
expect: {settles_within: 10s, checks: {stale_write: allowed}}
"""
STORIES = [
    str(ROOT / f"scenarios/catalogue/{name}.yaml")
    for name in ("leader-stalls", "leader-not-heard", "server-clock-forward", "fsync-window")
]


class Killed(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-killed-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        (self.place / "edge.yaml").write_text(EDGE, encoding="utf-8")

    def start(self, words, into):
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SLURM_", "JOB_COMPLETION", "OMPI_"))
        }
        return subprocess.Popen(
            [HUSTINGS, *map(str, words), "--into", into], cwd=self.place, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run_whole(self, words, into):
        run = self.start(words, into)
        said = run.communicate(timeout=200)[1]
        self.assertIn(run.returncode, (0, 1), said)

    def files(self, into):
        """Without the parts of files that a kill may leave, which mean nothing, and without what
        says when and how it ran."""
        found = (path for path in sorted((self.place / into).rglob("*")) if path.is_file())
        return {
            str(path.relative_to(self.place / into)): path.read_bytes()
            for path in found
            if not path.name.startswith(".") and path.name != "run.json"
        }

    def check(self, seed, *words):
        began = time.monotonic()
        self.run_whole(words, "whole")
        lasts = time.monotonic() - began
        whole = self.files("whole")
        self.assertIn("cells.txt", whole)
        draw = random.Random(seed)
        killed = finished = 0
        for _ in range(ATTEMPTS):
            if killed == KILLS:
                break
            run = self.start(words, "again")
            try:  # this wait is the random moment, and nothing depends on how long it is
                run.wait(timeout=draw.random() * lasts)
            except subprocess.TimeoutExpired:
                pass
            run.send_signal(signal.SIGKILL)
            said = run.communicate()[1]
            killed += run.returncode == -signal.SIGKILL
            if run.returncode != -signal.SIGKILL:
                self.assertIn(run.returncode, (0, 1), said)
                self.assertEqual(self.files("again"), whole)
                shutil.rmtree(self.place / "again")
                finished += 1
        self.assertEqual(killed, KILLS, f"{finished} were faster")
        self.run_whole(words, "again")
        self.assertEqual(self.files("again"), whole)

    def test_a_sweep(self):
        self.check(
            7, "sweep", "edge.yaml", "--trials", TRIALS, "--set", "faults.1.for=500ms..6s/12",
            "--set", "work.every=50ms,100ms", "--confirm", "100",
        )  # fmt: skip

    def test_a_matrix(self):
        self.check(
            4, "matrix", "--against", "own,article+token,lease+setnx,lease+token+fencing",
            "--trials", TRIALS, *STORIES,
        )  # fmt: skip


if __name__ == "__main__":
    unittest.main()
