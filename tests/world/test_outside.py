#!/usr/bin/python3
"""What befalls a trial from outside, and the harness's own lateness: the trial is undecided, says
why, and the others go on."""
# ctest-timeout: 200
import json
import os
import re
import pathlib
import signal
import sys
import time

import redis

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import HarnessWasLate, Retold, in_time  # noqa: E402
from support.stage import Worlds, children, read, wait_for  # noqa: E402

# Long enough to find somebody in the middle of the second trial.
UNHURRIED = {"duration": "1s", "trials": 3}


# The relay and the Redis are asked for something late in the trial.
TOUCHES_ALL = (
    "faults: [{at: 900ms, delay: 1, by: 1ms, for: 50ms}, {every: 950ms, expire_lock: lock}]\n"
)


def is_stopped(pid):
    return read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[:1] == [b"T"]


def sleeps(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])


class Outside(Retold, Worlds):
    def begin(self, text="", **keys):
        path = self.scenario(text, **{**UNHURRIED, **keys})
        return self.start_hustings("run", "--out", self.out, path)

    def told(self, trial, kind):
        path = pathlib.Path(f"{self.out}/latest/history/trial-{trial:04}.jsonl")
        lines = path.read_text(encoding="utf-8").splitlines()
        return [e for e in map(json.loads, lines) if e.get("event") == kind]

    def reported(self, trial):
        """Whether a node has reported: the trial's time runs."""
        for socket in pathlib.Path(self.folder).glob(f"hustings-*/{trial}/redis.sock"):
            try:
                with redis.Redis(unix_socket_path=str(socket)) as client:
                    return client.hlen("nodes") > 0
            except redis.RedisError:
                pass
        return False

    def strike(self, name, number, text="", **keys):
        """Sends a signal to such a child in the middle of trial 2; returns the run and it."""
        run = self.begin(text, **keys)
        wait_for(lambda: self.reported(2), "the second trial runs")
        victim = children(run.pid, name)[0]
        os.kill(victim.pid, number)
        self.assert_in_time(run)
        return run, victim

    def assert_in_time(self, run):
        """What was just done to the second trial was done to it, and not to the next one."""
        if not list(pathlib.Path(self.folder).glob("hustings-*/2")):
            self.end(run)
            raise HarnessWasLate("the test was late: the second trial is over")

    def assert_undecided(self, run, *words, others="passed"):
        """The second trial is, for that reason."""
        ended = self.end(run)
        in_time(self.out)
        self.assertEqual(ended.returncode, 4, ended)
        for word in words:
            self.assertIn(word, " ".join(ended.stdout.split()))
        verdicts = [row["verdict"] for row in self.rows("trials")]
        self.assertEqual(verdicts.count("undecided"), 1, verdicts)
        self.assertEqual(set(verdicts) - {"undecided"}, {others}, verdicts)

    def test_a_node_is_killed(self):
        run, _ = self.strike("hustings-node", signal.SIGKILL)
        self.assert_undecided(run, "node", "was killed by signal 9 (Killed), not by the scenario")
        (death,) = self.told(2, "died")
        self.assertFalse(death["by_fault"])

    def test_the_redis_is_killed(self):
        run, _ = self.strike("redis-server", signal.SIGKILL)
        self.assert_undecided(run, "was killed by signal 9 (Killed), not by the scenario")

    def test_the_redis_is_shut_down(self):
        run, _ = self.strike("redis-server", signal.SIGTERM)
        self.assert_undecided(run, "was shut down, not by the scenario")

    def test_the_resource_is_killed(self):
        run = self.begin("work: {every: 10ms}\n")
        wait_for(lambda: self.reported(2), "the second trial runs")
        (victim,) = [process.pid for process in children(run.pid, "redis-server")
                     if b"/2-resource/" in read(f"/proc/{process.pid}/cmdline")]  # fmt: skip
        os.kill(victim, signal.SIGKILL)
        self.assert_in_time(run)
        self.assert_undecided(run, "the resource was killed by signal 9 (Killed), not by the")

    def test_the_relay_is_killed(self):
        run, _ = self.strike("hustings-relay", signal.SIGKILL, TOUCHES_ALL)
        self.assert_undecided(run, "the relay of the links was killed by signal 9")
        (skipped,) = self.told(2, "skipped")
        self.assertEqual(skipped["why"], "the relay of its link was gone")

    def stops(self, name, resumes):
        run, victim = self.strike(name, signal.SIGSTOP, TOUCHES_ALL)
        wait_for(lambda: is_stopped(victim.pid), f"{name} is stopped")
        if resumes:
            until = time.monotonic() + 0.3  # the driver has looked by then
            wait_for(lambda: time.monotonic() > until, "time goes by")
            os.kill(victim.pid, signal.SIGCONT)
        self.assert_undecided(run, "was stopped, not by the scenario")
        told = [event["why"].rpartition(" was ")[2] for event in self.told(2, "outside")]
        expected = ["stopped, not by the scenario", "resumed, not by the scenario"]
        self.assertEqual(told, expected[: 1 + resumes])

    def test_a_node_is_stopped(self):
        self.stops("hustings-node", False)

    def test_a_node_is_stopped_and_resumed(self):
        self.stops("hustings-node", True)

    def test_the_redis_is_stopped(self):
        self.stops("redis-server", False)

    def test_the_redis_is_stopped_and_resumed(self):
        self.stops("redis-server", True)

    def test_the_relay_is_stopped(self):
        self.stops("hustings-relay", False)

    def test_the_relay_is_stopped_and_resumed(self):
        self.stops("hustings-relay", True)

    def test_the_driver_is_late(self):
        """It is stopped for 1.5 s while a node is paused for 300 ms."""
        run = self.begin("faults: [{at: 1s, pause: 1, for: 300ms}]\n", duration="3s", trials=1)
        ended = self.stand_still(self.until_paused(run))
        self.assertEqual(ended.returncode, 4, ended)
        self.assertRegex(
            " ".join(ended.stdout.split()),
            r'the harness was late: "pause 1 for 300ms" lasted 1[5-9]\d\d ms',
        )
        (told,) = self.told(1, "undecided")[:1]
        self.assertIn("the harness was late", told["why"])

    def test_the_driver_is_late_when_nothing_is_due(self):
        """Whoever stood still with it may have been late, too: on a machine that did, all were."""
        run = self.begin(duration="4s", trials=1)
        wait_for(lambda: self.reported(1), "the trial runs")
        ended = self.stand_still(run, 0.7)
        self.assertEqual(ended.returncode, 4, ended)
        told = re.search(r"the harness was late: it was woken (\d+) ms later than it wanted to be",
                         " ".join(ended.stdout.split()))  # fmt: skip
        self.assertTrue(told, ended)
        self.assertGreater(int(told[1]), 600)

    def until_paused(self, run):
        """Until a node is paused, and the driver has gone on from there: it has slept a few times,
        and does so every 20 ms at least."""
        wait_for(
            lambda: any(is_stopped(node.pid) for node in children(run.pid, "hustings-node")),
            "a node is paused",
        )
        before = sleeps(run.pid)
        wait_for(lambda: sleeps(run.pid) > before + 3, "the driver goes on")
        return run

    def stand_still(self, run, seconds=1.5):
        """The driver is stopped for so long. Returns the end of its run."""
        os.kill(run.pid, signal.SIGSTOP)
        until = time.monotonic() + seconds
        wait_for(lambda: time.monotonic() > until, "time goes by")
        os.kill(run.pid, signal.SIGCONT)
        return self.end(run)

    def test_the_driver_is_late_to_start_one(self):
        run = self.begin("starts: {2: 1s}\nfaults: [{at: 100ms, pause: 1, for: 1400ms}]\n",
                         duration="3s", trials=1)  # fmt: skip
        ended = self.stand_still(self.until_paused(run))
        self.assertEqual(ended.returncode, 4, ended)
        self.assertRegex(
            " ".join(ended.stdout.split()),
            r"the harness was late: node 2, to start at 1000 ms, started [1-9]\d\d ms later",
        )

    def test_the_driver_is_late_to_draw(self):
        """What was drawn is told, not the first of the list, which never makes sense."""
        run = self.begin(
            "faults:\n  - {at: 500ms, pause: 1}\n"
            "  - {randomly: {mean: 50ms}, one_of: [{restart: 1}, {flip: 2, to: prepare}]}\n",
            duration="3s",
            trials=1,
        )
        self.stand_still(self.until_paused(run))
        late = [told["why"] for told in self.told(1, "undecided") if "due at" in told["why"]]
        self.assertTrue(late)
        for why in late:
            self.assertIn('"flip 2 to prepare"', why)


if __name__ == "__main__":
    import unittest

    unittest.main()
