# ctest-timeout: 300
"""A server that stands still while a thousand processes connect to it loses none of them; nor does
one that stands still later, though they all come anew.

What makes this hard: a Unix socket has room for 511 who wait to be let in; whoever comes later
waits outside, and is told "try again" when his time is up, which one may take for an error.
"""
import json
import os
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import SLOW, Stage, wait_for  # noqa: E402

NODES = 100 if SLOW else 1000
STALL_MS = 600
ATTEMPTS = 5


class StalledStart(Stage):
    def test_nobody_is_lost(self):
        # A server counts who gave up outside and came again twice, until it has looked at both.
        server = self.redis_server("--maxclients", "8000")
        client = server.client()
        path = self.scenario(
            "request_timeout: 200ms\n"
            "expect: {checks: {two_lock_holders: allowed, no_leader: allowed,\n"
            "                  disagreement: allowed}}\n",
            nodes=NODES, lock="none", duration="3s", heal="false",
        )  # fmt: skip
        for _ in range(ATTEMPTS):
            if self.stalled(server, client, path):
                break
        else:
            self.fail("the stall never met the start: all were connected already")
        self.assert_nobody_lost()

    def stalled(self, server, client, path):
        """Runs the scenario and stops the server while its processes connect. False: too late."""

        def connected():
            return client.info("clients")["connected_clients"]

        before = connected()
        run = self.start_hustings("run", "--out", self.out, "--redis", server.url, path)
        some = wait_for(lambda: connected() - before > NODES // 20 and connected(), "some connect")
        os.kill(server.pid, signal.SIGSTOP)
        time.sleep(STALL_MS / 1000)  # this is the fault, not a wait for something
        os.kill(server.pid, signal.SIGCONT)
        out, err = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 0, out + err)
        wait_for(lambda: connected() == before, "all are gone")
        return some - before < NODES * 9 // 10

    def test_nobody_is_locked_out_later(self):
        """All give up within the stall, again and again, and wait outside so often."""
        path = self.scenario(
            "request_timeout: 100ms\n"
            "expect: {checks: {two_lock_holders: allowed, two_leaders: allowed,\n"
            "                  no_leader: allowed, stale_result: allowed,\n"
            "                  disagreement: allowed}}\n"
            f"faults: [{{at: 2s, stall: redis, for: {STALL_MS}ms}}]\n",
            nodes=NODES // 4, lock="none", duration="4s", heal="false",
        )  # fmt: skip
        run = self.run_scenario(path, timeout=60)
        self.assertEqual(run.returncode, 0, run)

    def assert_nobody_lost(self):
        started, reported, dead = set(), set(), []
        with open(f"{self.out}/latest/history/trial-0001.jsonl", encoding="utf-8") as file:
            next(file)
            for event in map(json.loads, file):
                kind = event["event"]
                if kind == "started":
                    started.add(event["process"])
                elif kind == "died":
                    dead.append(event)
                elif kind == "reply" and event["op"] == "set_status":
                    reported.add(event["process"])
        nodes = set(range(1, NODES + 1))
        self.assertEqual(dead, [])
        self.assertEqual(nodes - started, set())
        self.assertEqual(nodes - reported, set())


if __name__ == "__main__":
    unittest.main()
