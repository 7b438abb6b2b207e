#!/usr/bin/python3
"""One lock, two implementations: holder.c (the lock of src/) and holder.py (redis-py's Lock) play
against each other on one Redis. Most stories are told twice, with the sides exchanged."""
import functools
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import BUILD, Stage, wait_for  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SIDES = {"C": [BUILD / "tests" / "interop_holder"], "Python": [sys.executable, HERE / "holder.py"]}
PAIRS = [("C", "Python"), ("Python", "C")]


def both_ways(story):
    """The story is told twice, with the sides exchanged."""

    @functools.wraps(story)
    def told(self):
        for one, other in PAIRS:
            with self.subTest(first=one, second=other):
                self.redis.flushall()
                story(self, one, other)

    return told


class Holder:
    """A holder's process, to which one says words."""

    def __init__(self, process):
        self.process = process

    def tell(self, *words):
        print(*words, file=self.process.stdin, flush=True)

    def heard(self):
        line = self.process.stdout.readline().strip()
        if not line:
            self.process.wait(5)
            raise AssertionError(self.process.stderr.read())
        return line

    def says(self, *words):
        self.tell(*words)
        return self.heard()


class Lock(Stage):
    def setUp(self):
        super().setUp()
        self.server = self.redis_server()
        self.redis = self.server.client()

    def holder(self, side, ttl=60000, retry=10, timeout=5000):
        """Its lock outlives the test, unless that says how long it lives."""
        return Holder(
            self.start(*SIDES[side], self.server.socket, ttl, retry, timeout, stdin=-1)
        )

    def lapse(self):
        wait_for(lambda: self.redis.get("node_lock") is None, "the lock's TTL is over")

    def test_a_counter_written_by_both_comes_out_exact(self):
        holders = [self.holder(side, retry=2) for side in ("C", "Python", "C", "Python")]
        for holder in holders:
            holder.tell("count", 150)
        self.assertEqual([holder.heard() for holder in holders], ["150 counted, 0 lost"] * 4)
        self.assertEqual(self.redis.get("counter"), b"600")
        self.assertIsNone(self.redis.get("node_lock"))

    def test_the_token_is_32_hex_digits_and_fresh(self):
        for side in SIDES:
            holder = self.holder(side)
            seen = set()
            for _ in range(3):
                holder.says("acquire", 0)
                token = holder.says("token")
                self.assertRegex(token, "^[0-9a-f]{32}$")
                self.assertEqual(self.redis.get("node_lock").decode(), token)
                seen.add(token)
                holder.says("release")
            self.assertEqual(len(seen), 3, side)

    @both_ways
    def test_who_comes_second_gives_up_in_time(self, one, other):
        first, second = self.holder(one), self.holder(other, retry=100)
        self.assertEqual(first.says("acquire", 0), "held")
        second.says("pttl")  # it is up and connected
        begun = time.monotonic()
        self.assertEqual(second.says("acquire", 300), "busy")
        waited = time.monotonic() - begun
        # Tries at 0, 0.1 and 0.2 s at least, and none after 0.3 s; above that, slack for a busy
        # machine.
        self.assertTrue(0.19 < waited < 5, waited)
        self.assertEqual(first.says("release"), "free")
        self.assertEqual(second.says("acquire", 300), "held")

    @both_ways
    def test_nobody_releases_or_extends_anothers_lock(self, one, other):
        late, holder = self.holder(one, ttl=200), self.holder(other)
        self.assertEqual(late.says("acquire", 0), "held")
        self.lapse()
        self.assertEqual(holder.says("acquire", 0), "held")
        self.assertEqual(late.says("extend", 120000), "0")
        self.assertLessEqual(int(holder.says("pttl")), 60000)
        self.assertEqual(late.says("release"), "lost")
        self.assertEqual(self.redis.get("node_lock").decode(), holder.says("token"))
        self.assertEqual(holder.says("release"), "free")

    def test_a_lapsed_lock_can_be_neither_extended_nor_released(self):
        for side in SIDES:
            holder = self.holder(side, ttl=100)
            self.assertEqual(holder.says("acquire", 0), "held")
            self.lapse()
            self.assertEqual(holder.says("extend", 1000), "0")
            self.assertEqual(self.redis.exists("node_lock"), 0)
            self.assertEqual(holder.says("release"), "lost")

    @both_ways
    def test_a_server_that_forgot_the_scripts(self, one, other):
        first, second = self.holder(one), self.holder(other)
        for holder in (first, second):  # the scripts are loaded by now
            self.assertEqual(holder.says("acquire", 0), "held")
            self.assertEqual(holder.says("extend", 50000), "1")
            self.assertEqual(holder.says("release"), "free")
        for holder in (first, second):
            self.assertEqual(holder.says("acquire", 0), "held")
            self.redis.script_flush()
            self.assertEqual(holder.says("extend", 50000), "1")
            self.redis.script_flush()
            self.assertEqual(holder.says("release"), "free")

    @both_ways
    def test_an_extension_is_seen_by_the_other(self, one, other):
        first, second = self.holder(one, ttl=1000), self.holder(other)
        first.says("pttl")
        second.says("pttl")  # both are up
        self.assertEqual(first.says("acquire", 0), "held")
        self.assertEqual(first.says("extend", 60000), "1")
        self.assertTrue(1000 < int(second.says("pttl")) <= 60000)
        self.assertEqual(second.says("acquire", 1300), "busy")  # beyond the first 1000 ms
        self.assertEqual(first.says("release"), "free")

    @both_ways
    def test_a_killed_holder_keeps_the_other_out_no_longer_than_its_ttl(self, one, other):
        first, second = self.holder(one, ttl=500), self.holder(other, retry=100)
        second.says("pttl")
        begun = time.monotonic()
        self.assertEqual(first.says("acquire", 0), "held")
        first.process.kill()
        self.assertEqual(second.says("acquire", 0), "held")
        waited = time.monotonic() - begun
        # The TTL and one retry; above that only what a busy machine adds. Without a TTL: for ever.
        self.assertTrue(0.49 < waited < 0.6 + 9, waited)

    def test_a_stalled_servers_late_lock_is_recognised(self):
        holder = self.holder("C", ttl=30000, timeout=300)
        holder.says("pttl")
        os.kill(self.server.pid, signal.SIGSTOP)
        holder.tell("acquire", 0)
        time.sleep(0.5)
        os.kill(self.server.pid, signal.SIGCONT)
        self.assertEqual(holder.heard(), "held")
        self.assertEqual(self.redis.get("node_lock").decode(), holder.says("token"))
        self.assertEqual(holder.says("release"), "free")

    def test_a_stalled_servers_orphan_is_cleared_away_by_its_token(self):
        holder, other = self.holder("C", ttl=30000, timeout=300), self.holder("Python")
        holder.says("pttl")
        other.says("pttl")
        os.kill(self.server.pid, signal.SIGSTOP)
        self.assertEqual(holder.says("acquire", 100), "busy")
        os.kill(self.server.pid, signal.SIGCONT)
        # The server takes the SET of a client that has long given up; a TTL of 30 s would be left.
        wait_for(lambda: "cmdstat_set" in self.redis.info("commandstats"), "the late SET")
        self.assertEqual(other.says("acquire", 5000), "held")
        self.assertEqual(other.says("release"), "free")


if __name__ == "__main__":
    import unittest

    unittest.main()
