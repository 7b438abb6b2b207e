#!/usr/bin/python3
"""A lease shared with redis-py: our leader and a program that holds redis-py's Lock under the same
key take over from each other, and neither extends or releases what is the other's."""
import pathlib
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Stage, wait_for  # noqa: E402

TTL_MS = 900
LEASE = ("--protocol", "lease", "--duration", f"{TTL_MS}ms", "--renew-deadline", "600ms",
         "--retry", "50ms")  # fmt: skip


class Lease(Stage):
    def setUp(self):
        super().setUp()
        self.server = self.redis_server()
        self.redis = self.server.client()
        self.lock = self.redis.lock("node_lock", timeout=TTL_MS / 1000, sleep=0.01)

    def node(self, number):
        return self.start_hustings(
            "node", "--id", str(number), *LEASE, "--redis", self.server.url, stdin=-1
        )

    def hears(self, process, words):
        """Reads what a process of hustings prints until a line holds the words."""
        lines = []
        while not lines or words not in lines[-1]:
            lines.append(process.stdout.readline())
            self.assertTrue(lines[-1], f"it ended without {words!r}: {lines}")

    def holder(self):
        value = self.redis.get("node_lock")
        return value and int(value[:8], 16)

    def test_redis_py_takes_over_from_ours_and_ours_from_redis_py(self):
        ours = self.node(3)
        self.hears(ours, "is elected: leads in term 1")
        self.assertRegex(self.redis.get("node_lock"), rb"^0000000300000001[0-9a-f]{16}$")
        self.assertFalse(self.lock.acquire(blocking_timeout=2 * TTL_MS / 1000))  # it is renewed
        ours.kill()
        left_ms = self.redis.pttl("node_lock")
        began = time.monotonic()
        self.assertTrue(self.lock.acquire(blocking_timeout=3))
        self.assertGreaterEqual((time.monotonic() - began) * 1000, left_ms - 20)

        other = self.node(4)
        token = self.lock.local.token
        for _ in range(5):  # theirs, for as long as they extend it
            time.sleep(TTL_MS / 2000)
            self.assertTrue(self.lock.extend(TTL_MS / 1000, replace_ttl=True))
            self.assertEqual(self.redis.get("node_lock"), token)
        self.lock.release()
        self.hears(other, "is elected: leads in term 1")
        wait_for(lambda: self.holder() == 4, "node 4 holds the lock")

    def test_a_leader_whose_lock_redis_py_has_steps_down(self):
        ours = self.node(3)
        self.hears(ours, "is elected: leads in term 1")
        theirs = uuid.uuid1().hex.encode()
        self.redis.set("node_lock", theirs, px=TTL_MS)
        self.hears(ours, "nobody is elected any more")
        self.assertEqual(self.redis.get("node_lock"), theirs)
        self.assertLessEqual(self.redis.pttl("node_lock"), TTL_MS)


if __name__ == "__main__":
    unittest.main()
