#!/usr/bin/python3
"""The driver is killed by SIGKILL, whatever it is doing: a second later no member, no guardian, no
redis-server and no temporary folder is left.

The moments are drawn by a seed, which HUSTINGS_SEED changes and a failure prints."""
import glob
import os
import pathlib
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Stage, children, wait_for  # noqa: E402

SEED = int(os.environ.get("HUSTINGS_SEED", "1"))
FAULTS = """faults:
  - {at: 100ms, pause: 2}
  - {at: 150ms, crash: 3, for: 50ms}
  - {at: 200ms, hold_lock: 1, for: 3s}
expect:
  checks: {two_leaders: allowed, two_lock_holders: allowed, dead_leader: allowed}
"""


class Orphans(Stage):
    def folders(self):
        return glob.glob(f"{self.folder}/hustings-*")

    def kill(self, run):
        """SIGKILL, and a second later nothing is left."""
        run.kill()
        run.wait()
        self.assertEqual(self.left_within(1), [])
        self.assertEqual(self.folders(), [])

    def start_run(self, path, *options):
        return self.start_hustings("run", "--out", self.out, *options, path)

    def kill_when(self, condition, path, *options):
        run = self.start_run(path, *options)
        wait_for(lambda: condition(run.pid), "the moment to kill it", 10)
        self.kill(run)

    # --- moments that one can name ---

    def test_while_the_server_boots(self):
        path = self.scenario(duration="20s")
        self.kill_when(lambda pid: children(pid, "hustings-guard"), path)
        self.kill_when(lambda pid: self.folders(), path)
        self.kill_when(lambda pid: children(pid, "redis-server"), path)

    def test_while_it_forks(self):
        path = self.scenario(duration="20s", nodes=300)
        self.kill_when(lambda pid: len(children(pid)) > 100, path)

    def test_while_it_runs_with_members_stopped_and_crashed(self):
        path = self.scenario(FAULTS, duration="20s")
        self.kill_when(
            lambda pid: any(process.state == "T" for process in children(pid)), path
        )

    def test_while_it_heals(self):
        """Members that were paused are going on; the liveness phase never finds a leader."""
        path = self.scenario(
            "protocol: {article: {submits: nobody}}\nfaults:\n  - {at: 100ms, pause: [1, 2]}\n"
            "expect:\n  settles_within: 20s\n", duration="300ms",
        )  # fmt: skip
        run = self.start_run(path)
        wait_for(lambda: any(p.state == "T" for p in children(run.pid)), "members are paused")
        wait_for(lambda: not any(p.state == "T" for p in children(run.pid)), "they go on")
        self.kill(run)

    def test_while_members_work(self):
        """The protected resource is a server, too."""
        path = self.scenario("work: {every: 10ms}\n", duration="20s")
        self.kill_when(
            lambda pid: len(children(pid, "redis-server")) == 2
            and len(children(pid, "hustings-node")) == 3,
            path,
        )

    def test_while_the_guardian_sees_to_it_alone(self):
        """Grandchildren: what a redis-server of ours forks is found by its group."""
        path = self.scenario(duration="20s")
        run = self.start_run(path)
        wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are up")
        group = children(run.pid, "hustings-guard")[0].pid
        grandchild = self.start(
            "sleep", "60", preexec_fn=lambda: os.setpgid(0, group), stdout=None, stderr=None
        )
        self.kill_but(run, grandchild)

    def kill_but(self, run, grandchild):
        run.kill()
        run.wait()
        self.assertEqual(grandchild.wait(1), -signal.SIGKILL)
        self.assertEqual(self.left_within(1), [])

    # --- moments drawn ---

    def test_at_20_moments(self):
        dice = random.Random(SEED)
        paths = {jobs: self.scenario(FAULTS, duration="250ms", trials=50) for jobs in (1, 2)}
        for turn in range(20):
            jobs = 2 if turn % 5 == 4 else 1
            # Dense in the first 60 ms, in which everything is built up; the rest is a trial and
            # more.
            moment = dice.uniform(0, 0.06) if turn % 2 else dice.uniform(0.06, 0.7)
            with self.subTest(seed=SEED, turn=turn, moment=moment, jobs=jobs):
                run = self.start_run(paths[jobs], "--jobs", jobs)
                time.sleep(moment)
                self.kill(run)


if __name__ == "__main__":
    unittest.main()
