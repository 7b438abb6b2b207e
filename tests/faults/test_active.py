#!/usr/bin/python3
"""Faults that are in force at once: each from its beginning to its own end, on both hosts alike.
What cannot be done is skipped with a reason; what there is room for in a file, runs."""
# ctest-timeout: 400
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[i]) for i in (0, 1)]
from support.stage import Stage  # noqa: E402
from support.trialhistory import History  # noqa: E402

HOSTS = ("model", "processes")
TIMING = "protocol: {article: {poll: 20ms}}\nlock: {token: {retry: 10ms}}\n"
REPORTING = "protocol: {article: {poll: 20ms, report: 40ms}}\nlock: {token: {retry: 10ms}}\n"
# Nothing but what the test is about.
ALLOWED = (
    "expect: {settles_within: 1s, checks: {two_lock_holders: allowed, two_leaders: allowed,\n"
    "  foreign_release: allowed, stale_result: allowed, dead_leader: allowed,\n"
    "  disagreement: allowed, no_leader: allowed, starvation: allowed}}\n"
)
# What a busy machine may add to any time.
SLACK_MS = 250


class Active(Stage):
    def play(self, host, faults, *, code=0, head="", ms=2000, nodes=2, expect=ALLOWED):
        path = self.scenario()
        pathlib.Path(path).write_text(
            f"name: active\nnodes: {nodes}\nduration: {ms}ms\n"
            + (head if "starts:" in head else "starts: {master: all_reported}\n" + head)
            + ("" if "lock:" in head else TIMING)
            + expect
            + "faults:\n"
            + "".join(f"  - {fault}\n" for fault in faults),
            encoding="utf-8",
        )
        run = self.run_scenario(path, "--on", host, "--seed", "1", "--trials", "1")
        self.assertEqual(run.returncode, code, run)
        return History(self.out)

    def each(self, *faults, **options):
        for host in HOSTS:
            with self.subTest(host):
                yield host, self.play(host, faults, **options)

    def about(self, host, value, exact):
        self.assertGreaterEqual(value, exact - 0.001)
        self.assertLess(value, exact + (3 if host == "model" else SLACK_MS))

    def healed(self, history, process):
        return [(e["instance"], e["t_ms"]) for e in history.of(process, "healed")]

    # --- links ---

    def test_a_long_cut_begins_in_a_short_one(self):
        """The leader cannot hear that another was elected, for as long as the long one lasts."""
        expect = (
            "expect: {settles_within: 1s, checks: {disagreement: always, two_leaders: allowed,\n"
            "  starvation: allowed}}\n"
        )
        for host, history in self.each(
            "{at: 900ms, cut: 1, for: 200ms}",
            "{at: 1s, cut: 1, for: 4s}",
            "{at: 1500ms, flip: master, to: submit}",
            ms=6000,
            expect=expect,
        ):
            (first, _), (second, end) = self.healed(history, 1)
            self.assertEqual((first, second), (0, 1))
            self.about(host, end, 5000)
            heard = [
                e["t_ms"]
                for e in history.of(1, "reply")
                if e["outcome"] not in ("unknown", "refused")
            ]
            self.assertEqual([t for t in heard if 901 + SLACK_MS < t < 5000], [])
            self.assertTrue([t for t in heard if t > 5000])

    def test_delays_add_up(self):
        """A round trip takes both ways: 20 ms, 60 ms, and 40 ms."""
        for host, history in self.each(
            "{at: 500ms, delay: 1, by: 10ms, for: 1s}",
            "{at: 1s, delay: 1, by: 20ms, for: 1s}",
            ms=2500,
        ):
            self.assertGreaterEqual(min(history.took(1, 550, 1000)), 20)
            self.assertGreaterEqual(min(history.took(1, 1100, 1500)), 60)
            late = min(history.took(1, 1700, 2000))
            self.assertGreaterEqual(late, 40)
            if host == "model":  # real ones may be busy
                self.assertLess(late, 42)
                self.assertLess(min(history.took(1, 2300, 2500)), 2)

    def test_what_awaits_a_request_meets_the_first_of_the_next_life(self):
        """The process has no request of its own while it is dead, and connecting is none. SETNX is
        applied, its answer is lost, so nobody sets a TTL: the lock is never free again. It is
        alone, so that the lock is free when it asks."""
        expect = (
            "expect: {lock_within: 1s, checks: {starvation: always, dead_leader: allowed,\n"
            "  disagreement: allowed, no_leader: allowed, two_leaders: allowed}}\n"
        )
        head = (
            "lock: {setnx: {retry: 10ms}}\nheal: false\nrequest_timeout: 100ms\n"
            "starts: {master: 2999ms}\nprotocol:\n"
            "  article: {decided_by: nodes, submits: nobody, report: 20ms, poll: 20ms}\n"
        )
        for _, history in self.each(
            "{at: 500ms, crash: 1, for: 500ms}",
            "{at: 700ms, lose_reply: 1}",
            ms=3000,
            nodes=1,
            head=head,
            expect=expect,
        ):
            born = history.of(1, "born")[1]["i"]
            first = next(r for q, r in history.exchanges(1) if q["i"] > born)
            self.assertEqual((first["op"], first["outcome"]), ("put_if_absent", "unknown"))
        for _, history in self.each(
            "{at: 500ms, crash: 1, for: 300ms}",
            "{at: 600ms, late: 1, by: 300ms}",
            "{every: 700ms, until: 800ms, reset: 1}",
            head=f"{TIMING}request_timeout: 5s\n",
        ):
            born = history.of(1, "born")[1]["i"]
            asked, first = next((q, r) for q, r in history.exchanges(1) if q["i"] > born)
            self.assertGreaterEqual(first["t_ms"] - asked["t_ms"], 300)
            (skipped,) = history.of(1, "skipped")
            self.assertEqual(skipped["why"], "another fault awaited its next request already")

    # --- members ---

    def test_a_pause_in_a_pause(self):
        for host, history in self.each(
            "{at: 500ms, pause: 1, for: 1s}",
            "{at: 700ms, pause: 1, for: 200ms}",
            "{at: 800ms, pause: 1, for: 900ms}",
        ):
            self.assertEqual(len(history.of(1, "paused")), 1)
            self.about(host, history.when(1, "resumed"), 1700)
            self.assertEqual([i for i, _ in self.healed(history, 1)], [1, 0, 2])
            self.assertEqual(history.of(1, "skipped"), [])

    def test_a_pause_ends_with_the_life(self):
        for _, history in self.each(
            "{at: 500ms, pause: 1, for: 1s}",
            "{at: 600ms, pause: 1, for: 700ms}",
            "{at: 700ms, crash: 1, for: 100ms}",
        ):
            self.assertEqual(history.of(1, "resumed"), [])
            self.assertEqual([i for i, _ in self.healed(history, 1)], [2])

    # --- the Redis ---

    def refused(self, history):
        replies = history.of(1, "reply") + history.of(2, "reply")
        return [e["t_ms"] for e in replies if e["outcome"] == "refused"]

    def test_memory_is_back_after_the_last(self):
        for host, history in self.each(
            "{at: 200ms, oom: redis, for: 300ms}",
            "{at: 400ms, oom: redis, for: 1200ms}",
            head=REPORTING,
        ):
            times = self.refused(history)
            self.assertTrue([t for t in times if 600 < t < 1500], times)
            self.assertLess(max(times), 1600 + SLACK_MS)
            (_, first), (_, last) = self.healed(history, "harness")
            self.about(host, first, 500)
            self.about(host, last, 1600)

    def test_what_is_done_to_the_redis_outlasts_its_restart(self):
        """Its memory is full and a list lies at the lock, before and after; without a file of its
        own, it begins with neither."""
        for fault, refused in (
            ("{at: 300ms, oom: redis, for: 3s}", ("put_if_absent",)),
            ("{at: 300ms, wrong_type: lock, for: 3s}", ()),
        ):
            for _, history in self.each(
                fault,
                "{at: 500ms, crash: redis, for: 100ms}",
                head=REPORTING,
                ms=4000,
            ):
                back = next(
                    e["t_ms"] for e in history.of("harness", "healed") if e["fault"] == "crash"
                )
                got = [
                    e["outcome"]
                    for p in (1, 2)
                    for e in history.of(p, "reply")
                    if e["op"] == "put_if_absent" and back + SLACK_MS < e["t_ms"] < 3290
                ]
                self.assertTrue(got)
                self.assertEqual(set(got), {"refused"} if refused else {"nil"}, fault)

    def test_a_jump_stays_when_a_drift_ends(self):
        """A clock that went back 100 s with the end of the drift would keep a dead one's lock."""
        expect = (
            "expect: {lock_within: 1s, checks: {dead_leader: allowed, two_leaders: allowed,\n"
            "  two_lock_holders: allowed,  # whoever is inside when the clock jumps\n"
            "  no_leader: allowed, disagreement: allowed}}\n"
        )
        head = (
            "heal: false\n"
            "protocol: {article: {poll: 20ms, report: 30ms}}\n"
            "lock: {token: {retry: 10ms, ttl: 300ms}}\n"
        )
        jump, dies = "{at: 300ms, jump: redis, by: 100s}", "{at: 550ms, crash: lock_holder}"
        for drift in ([], ["{at: 300ms, drift: redis, ppm: 1, for: 300ms}"]):
            for _, history in self.each(jump, *drift, dies, ms=3000, head=head, expect=expect):
                self.assertEqual(len(history.of("harness", "healed")), len(drift))

    def test_a_jump_takes_itself_back(self):
        """The lock of a dead holder is free at once by the jump, and not before its end without."""
        for host, history in self.each("{at: 500ms, jump: redis, by: -1s, for: 200ms}"):
            ((_, end),) = self.healed(history, "harness")
            self.about(host, end, 700)

    def test_beyond_the_bounds_it_is_skipped(self):
        """`settled` hides from lint what is out of bounds."""
        for _, history in self.each(
            "{at: 500ms, drift: 1, ppm: 800000}",
            "{when: settled, after: 1s, drift: 1, ppm: 800000}",
        ):
            (skipped,) = history.of(1, "skipped")
            self.assertIn("leave its bounds", skipped["why"])

    # --- limits ---

    def test_many_at_once(self):
        """3,000 pauses at a time, and a thousand that lie in wait for one holder."""
        history = self.play(
            "model",
            ["{at: 1s, pause: others, for: 500ms}"],
            head="lock: none\nstarts: {nodes: {within: 500ms}, master: all_reported}\n",
            nodes=3000,
        )
        paused = [e for e in history.events if e["event"] == "paused"]
        resumed = [e for e in history.events if e["event"] == "resumed"]
        self.assertEqual((len(paused), len(resumed)), (2999, 2999))
        self.assertEqual({e["t_ms"] for e in resumed}, {1500})

    def test_every_millisecond(self):
        for _, history in self.each(
            "{when: {who: 1, does: acquires_lock, nth: 5}, pause: 1, for: 1500ms}",
            "{every: 1ms, expire_lock: lock}",
            head="lock: {token: {ttl: 1m}}\n",
            ms=3000,
        ):
            faults = [e for e in history.events if e.get("fault") == "expire_lock"]
            self.assertGreater(len(faults), 100)

    def test_what_waits_for_one_step_is_done_at_that_step(self):
        """Also if the first of it stops or kills the process."""
        at = "when: {who: 1, does: asks_lock, nth: 2}"
        for _, history in self.each(
            f"{{{at}, pause: 1, for: 300ms}}", f"{{{at}, pause: 1, for: 600ms}}",
            f"{{{at}, pause: 2, for: 100ms}}",
        ):
            times = [e["t_ms"] for e in history.events if e["event"] == "fault"]
            self.assertEqual(len(times), 3)
            self.assertLess(times[2] - times[0], SLACK_MS)
            self.assertGreaterEqual(history.when(1, "resumed") - times[0], 600)
        for _, history in self.each(
            f"{{{at}, crash: 1}}", f"{{{at}, crash: 2}}", f"{{{at}, flip: 1, to: submit}}"
        ):
            died = [e["process"] for e in history.events if e["event"] == "died"]
            self.assertEqual(died, [1, 2])
            self.assertEqual(history.of(1, "skipped")[0]["why"], "it was dead")


if __name__ == "__main__":
    import unittest

    unittest.main()
