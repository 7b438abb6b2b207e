#!/usr/bin/python3
"""Several servers in one scenario: a fault of one leaves the others alone, and so does a fault on
the link between one process and one server."""
import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import code_however_late  # noqa: E402
from support.stage import Stage, children, wait_for  # noqa: E402

STORY = """
lock: none
redis: {topology: independent, servers: 2}
protocol: {article: {report: 50ms, poll: 50ms}}
request_timeout: 200ms
faults:
  - {at: 300ms, stall: redis 2, for: 300ms}
  - {at: 400ms, jump: redis 2, by: 1s}
  - {at: 700ms, crash: redis 2, for: 200ms}
  - {at: 700ms, cut: 2, server: redis 2, for: 300ms}
  - {at: 1200ms, crash: redis 1, for: 300ms}
  - {at: 1900ms, cut: 3, server: redis 1, for: 400ms}
  - {at: 2000ms, oom: redis 2, for: 200ms}
expect:
  settles_within: 5s
  checks:
    two_lock_holders: allowed
    two_leaders: allowed
    wrong_winner: allowed
    no_leader: allowed
    disagreement: allowed
    stale_result: allowed
"""


class Several(Stage):
    def events(self):
        path = f"{self.out}/latest/history/trial-0001.jsonl"
        with open(path, encoding="utf-8") as lines:
            head = json.loads(next(lines))
            return head, [json.loads(line) for line in lines]

    def test_each_has_faults_of_its_own(self):
        run = self.run_scenario(self.scenario(STORY, duration="2500ms", nodes=3))
        self.assertEqual(run.returncode, 0, run)
        head, events = self.events()
        self.assertEqual((head["topology"], head["servers"]), ("independent", 2))
        faults = [(e["fault"], e["server"]) for e in events if e["event"] == "fault"]
        self.assertEqual(
            faults,
            [("stall", 2), ("jump", 2), ("crash", 2), ("cut", 2), ("crash", 1), ("cut", 1)]
            + [("oom", 2)],
        )
        healed = [(e["fault"], e["server"]) for e in events if e["event"] == "healed"]
        self.assertEqual(sorted(healed), sorted(faults))

        # The election asks the first server alone.
        def failed(begin, end, *who):
            return [
                e["process"]
                for e in events
                if e["event"] == "reply"
                and begin <= e["t_ms"] < end
                and e["outcome"] in ("unknown", "refused")
                and (not who or e["process"] in who)
            ]

        self.assertEqual(failed(0, 1200), [])  # whatever befell the second server
        self.assertNotEqual(failed(1200, 1700), [])
        self.assertEqual(failed(1900, 2500, 1, 2), [])
        self.assertIn(3, failed(1900, 2500, 3))
        self.assertEqual(self.left(), [])

    def test_each_is_a_process_of_its_own(self):
        """And all are gone at the end."""
        path = self.scenario(
            "lock: none\nredis: {topology: independent, servers: 3}\n"
            "expect: {checks: {two_lock_holders: allowed}}\n",
            duration="1s",
        )
        run = self.start_hustings("run", "--out", self.out, path)
        there = wait_for(
            lambda: len(found := children(run.pid, "redis-server")) == 3 and found, "three servers"
        )
        self.assertEqual(code_however_late(self.end(run), self.out), 0)
        self.assertEqual([one for one in there if os.path.exists(f"/proc/{one.pid}")], [])

    def test_a_redis_of_the_users_is_one(self):
        several = "lock: none\nredis: {topology: independent, servers: 3}\n"
        path = self.scenario(several, duration="1s")
        run = self.run_scenario(path, "--redis", "unix:/nowhere")
        self.assertEqual(run.returncode, 2, run)
        self.assert_one_line(run.stderr, "it has 3 Redis servers, and --redis names one; leave out")


if __name__ == "__main__":
    unittest.main()
