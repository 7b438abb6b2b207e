#!/usr/bin/python3
"""The lock `record` shared with a program that writes the same record by redis-py: ours and theirs
take over from each other, after the time that the record says."""
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Stage, wait_for  # noqa: E402

LEASE_MS = 900
LEASE = ("--protocol", "lease", "--lock", "record", "--duration", f"{LEASE_MS}ms",
         "--renew-deadline", "600ms", "--retry", "50ms")  # fmt: skip
SET = ("if (redis.call('GET', KEYS[1]) or '') == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2])"
       " return 1 end return 0")  # fmt: skip
THEIRS = "f" * 32


class Record(Stage):
    def setUp(self):
        super().setUp()
        self.server = self.redis_server()
        self.redis = self.server.client()
        self.compare_and_set = self.redis.register_script(SET)

    def node(self, number):
        return self.start_hustings(
            "node", "--id", str(number), *LEASE, "--redis", self.server.url, stdin=-1
        )

    def hears(self, process, words):
        lines = []
        while not lines or words not in lines[-1]:
            lines.append(process.stdout.readline())
            self.assertTrue(lines[-1], f"it ended without {words!r}: {lines}")

    def record(self):
        return json.loads(self.redis.get("node_lock") or "null")

    def write(self, seen, **changed):
        """Sets the record if it is still as it was seen. Returns what is there now, or None."""
        new = {**(seen or {}), **changed}
        texts = [json.dumps(seen) if seen else "", json.dumps(new)]
        return new if self.compare_and_set(["node_lock"], texts) == 1 else None

    def test_theirs_takes_over_from_ours_and_ours_from_theirs(self):
        ours = self.node(3)
        self.hears(ours, "is elected: leads in term 1")
        seen = self.record()
        self.assertEqual((seen["leaseMs"], seen["transitions"]), (LEASE_MS, 1))
        self.assertRegex(seen["holder"], "^0000000300000001[0-9a-f]{16}$")
        self.assertEqual(self.redis.pttl("node_lock"), -1)
        wait_for(lambda: self.record()["renew"] > seen["renew"], "node 3 renews its record")
        self.assertIsNone(self.write(seen, holder=THEIRS))  # it has changed

        ours.kill()
        seen, began = self.record(), time.monotonic()
        wait_for(lambda: time.monotonic() - began > LEASE_MS / 1000, "it has not changed for long")
        mine = self.write(seen, holder=THEIRS, leaseMs=2 * LEASE_MS, transitions=2)
        self.assertTrue(mine, (seen, self.record()))

        other, began = self.node(4), time.monotonic()
        for renew in range(1, 4):  # theirs, for as long as they renew it
            time.sleep(LEASE_MS / 2000)
            mine = self.write(mine, renew=mine["renew"] + renew)
            self.assertTrue(mine, self.record())
        last = time.monotonic()
        self.hears(other, "is elected: leads in term")
        # Mixed durations: it waited for as long as the record says, not for its own.
        self.assertGreaterEqual(time.monotonic() - last, 2 * LEASE_MS / 1000 - 0.06)
        self.assertEqual(self.record()["transitions"], 3)
        self.assertRegex(self.record()["holder"], "^00000004")

    def test_one_that_was_given_back_is_free_at_once(self):
        self.redis.set("node_lock", json.dumps({"holder": "", "leaseMs": 60000, "acquire": 1,
                                                "renew": 2, "transitions": 7}))  # fmt: skip
        self.hears(self.node(3), "is elected: leads in term 1")
        self.assertEqual(self.record()["transitions"], 8)

    def test_a_leader_whose_record_is_anothers_steps_down(self):
        ours = self.node(3)
        self.hears(ours, "is elected: leads in term 1")
        self.redis.set("node_lock", "somebody's, in words of their own")
        self.hears(ours, "nobody is elected any more")
        self.assertEqual(self.redis.get("node_lock"), b"somebody's, in words of their own")


if __name__ == "__main__":
    unittest.main()
