#!/usr/bin/python3
"""Programs that make no claims: their traffic is read, and what they believe is inferred."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import HarnessWasLate, judged, until_judged  # noqa: E402
from support.stage import Stage  # noqa: E402
from support.trialhistory import History  # noqa: E402

LEASE = "protocol: {lease: {duration: 300ms, renew_deadline: 250ms, retry: 50ms}}\nheal: false\n"
REDIS_PY = pathlib.Path(__file__).resolve().parents[2] / "scenarios/libraries/redis-py.py"

# Its own script takes the lock.
OBSCURE = """
import os, time, redis
store = redis.Redis.from_url(os.environ["REDIS_URL"])
key = os.environ["HUSTINGS_LOCK_KEY"]
while True:
    store.eval("return redis.call('set', KEYS[1], 'x', 'px', 100)", 1, key)
    time.sleep(0.05)
"""


class Wild(Stage):
    def worker(self, faults="", duration="2s", work_ms=30):
        """A scenario of redis-py's lock with a TTL of 300 ms, as its worker has it, unclaimed."""
        command = f"[/usr/bin/env, HUSTINGS_CLAIMS=no, /usr/bin/python3, {REDIS_PY}, {self.folder}]"
        return self.scenario(
            f"{LEASE}program: {command}\nenv: {{WORK_MS: {work_ms}, REST_MS: 20}}\n"
            f"faults: [{faults}]\n",
            starts="{nodes: 0s}", duration=duration, nodes=2,
        )  # fmt: skip

    def play(self, path, event, least=1):
        """A trial that was judged, in which each program has come so far, however slow the machine:
        that there are so many of these events of each."""

        def story():
            run = judged(self.run_scenario(path, "--allow-exec"), self.out)
            history = History(self.out)
            if min(len(history.of(node, event)) for node in (1, 2)) < least:
                raise HarnessWasLate(f"the programs had hardly begun: {run.stdout}")
            return run, history

        return until_judged(story)

    def test_what_it_believes_is_inferred(self):
        run, history = self.play(self.worker(), "claim", least=3)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        for node in (1, 2):
            claims = history.of(node, "claim")
            self.assertEqual(
                [e["in_section"] for e in claims], [i % 2 == 0 for i in range(len(claims))]
            )
            self.assertTrue(all(e["inferred"] for e in claims), claims)
            self.assertIn("put_if_absent", [e["op"] for e in history.of(node, "request")])

    def test_two_hold_the_lock_when_one_is_paused_beyond_its_ttl(self):
        """It works for longer than it may take until it stands still."""
        fault = "{when: {who: 1, does: acquires_lock}, pause: 1, for: 1500ms}"
        path = self.worker(fault, duration="4s", work_ms=2000)
        run, history = self.play(path, "claim")
        self.assertEqual(run.returncode, 1, run.stdout)
        words = " ".join(run.stdout.split())
        self.assertRegex(words, "FAILED two_lock_holders: .*; inferred from the traffic of node 1")
        (paused,), (resumed,) = history.of(1, "paused"), history.of(1, "resumed")
        within = [
            e for e in history.of(2, "claim")
            if e["in_section"] and paused["t_ms"] < e["t_ms"] < resumed["t_ms"]
        ]  # fmt: skip
        self.assertTrue(within, run.stdout)

    def test_a_script_that_nobody_knows_leaves_it_undecided(self):
        path = pathlib.Path(self.folder, "worker.py")
        path.write_text(OBSCURE, encoding="utf-8")
        scenario = self.scenario(
            f"{LEASE}program: [/usr/bin/python3, worker.py, {self.folder}]\n",
            starts="{nodes: 0s}", duration="1s", nodes=2,
        )  # fmt: skip
        run, history = self.play(scenario, "obscure")
        self.assertEqual(run.returncode, 4, run.stdout)
        words = " ".join(run.stdout.split())
        self.assertIn("what a program believes could not be told by its traffic", words)
        (event,) = history.of(1, "obscure")
        self.assertIn("script", event["why"])
        commands = history.of(1, "command")
        sent = [e for e in commands if e["name"] == "EVAL" and "outcome" not in e]
        self.assertEqual({e["key"] for e in sent}, {"node_lock"})


if __name__ == "__main__":
    unittest.main()
