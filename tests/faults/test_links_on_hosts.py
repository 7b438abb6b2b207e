#!/usr/bin/python3
"""Faults on links mean the same on both hosts: each story is told by real processes and by the
model, and ends the same way as far as it is not a matter of time, which the model has exact."""
# ctest-timeout: 180
# ctest-alone
import pathlib
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[i]) for i in (0, 1)]
from support.stage import Stage  # noqa: E402
from trialhistory import History  # noqa: E402

HOSTS = ("model", "processes")

# One node alone with its lock, so that nothing depends on who comes first.
ALONE = (
    "nodes: 1\ndecided_by: nodes\nsubmits: nobody\n"
    "timing: {report: 20ms, poll: 20ms, lock_retry: 10ms, lock_ttl: 400ms, "
    "request_timeout: 100ms}\n"
)


class OnHosts(Stage):
    def play(self, host, *faults, ms=2000):
        """The master starts when all is over."""
        path = self.scenario()
        pathlib.Path(path).write_text(
            f"name: links\nduration: {ms}ms\nstarts: {{master: {ms - 1}ms}}\n{ALONE}"
            f"expect: {{settles_within: 1s}}\nfaults:\n"
            + "".join(f"  - {fault}\n" for fault in faults),
            encoding="utf-8",
        )
        run = self.run_scenario(path, "--on", host, "--seed", "1")
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return History(self.out)

    def each(self, *faults, **options):
        for host in HOSTS:
            yield host, self.play(host, *faults, **options)

    def about(self, host, value, exact, slack=60):
        """Times: exact in the model but for its latencies, never too short on processes."""
        self.assertGreaterEqual(value, exact - 0.001)
        self.assertLess(value, exact + (3 if host == "model" else slack))

    @staticmethod
    def after(history, moment=0):
        """Exchanges of node 1 from a time on."""
        return [(q, r) for q, r in history.exchanges(1) if q["t_ms"] >= moment]

    def test_cut(self):
        for direction in ("both", "requests", "replies"):
            story = f"{{at: 500ms, cut: 1, for: 700ms, direction: {direction}}}"
            for host, history in self.each(story):
                begun, healed = history.when(1, "fault"), history.when(1, "healed")
                self.about(host, healed - begun, 700)
                cut = [r["outcome"] for q, r in self.after(history, begun) if r["t_ms"] < healed]
                self.assertEqual(cut[0], "unknown")
                self.assertEqual(set(cut[1:]), {"refused"})  # it cannot connect anew
                asked, replied = [
                    (q, r) for q, r in self.after(history) if r["t_ms"] >= healed
                ][0]
                self.assertLess(asked["t_ms"], healed + 50)
                self.assertIn(replied["outcome"], ("ok", "nil"))

    def test_delay(self):
        for host, history in self.each("{at: 500ms, delay: 1, by: 10ms, jitter: 2ms, for: 1s}"):
            begun, healed = history.when(1, "fault"), history.when(1, "healed")
            took = history.took(1, begun, healed - 30)
            self.assertGreater(len(took), 5)
            self.assertGreaterEqual(min(took), 20)
            self.assertLess(max(took), 25 if host == "model" else 100)
            self.assertLess(min(history.took(1, healed, 2000)), 5)

    def test_slow(self):
        for host, history in self.each("{at: 500ms, slow: 1, rate: 2000, for: 1s}"):
            begun, healed = history.when(1, "fault"), history.when(1, "healed")
            took = [
                r["t_ms"] - q["t_ms"]
                for q, r in self.after(history, begun)
                if q.get("moment") == "asks_lock" and r["t_ms"] < healed - 1
            ]
            self.assertTrue(took)
            self.about(host, min(took), 48.5)  # 92 bytes there and 5 back
            self.assertLess(min(history.took(1, healed, 2000)), 5)

    def test_late(self):
        """A late SET NX takes the lock for nobody: who wants it waits until its TTL is over."""
        for host, history in self.each(
            "{when: {who: 1, does: asks_lock, before: true, nth: 3}, late: 1, by: 600ms}"
        ):
            begun = history.when(1, "fault")
            asked, unknown = self.after(history, begun)[0]
            self.assertEqual((asked["moment"], unknown["outcome"]), ("asks_lock", "unknown"))
            self.about(host, unknown["t_ms"] - begun, 100)
            tries = [
                (q["t_ms"], r["outcome"])
                for q, r in self.after(history, unknown["t_ms"])
                if q.get("moment") == "asks_lock"
            ]
            busy = [at for at, outcome in tries if outcome == "nil"]
            self.assertTrue(busy)
            self.assertGreaterEqual(busy[0], begun + 600)
            self.assertLessEqual(busy[-1], begun + 600 + (402 if host == "model" else 460))
            self.assertIn("ok", [o for at, o in tries if at < begun + 600])
            self.assertIn("ok", [o for at, o in tries if at > busy[-1]])

    def test_late_heals_at_the_end(self):
        for _, history in self.each(
            "{when: {who: 1, does: asks_lock, before: true, nth: 3}, late: 1, by: 60m}",
            ms=1000,
        ):
            self.assertGreaterEqual(history.when(1, "healed"), 1000)

    def test_lose_reply(self):
        for host, history in self.each(
            "{when: {who: 1, does: asks_lock, before: true, nth: 3}, lose_reply: 1}"
        ):
            begun = history.when(1, "fault")
            (asked, unknown), (following, mine) = self.after(history, begun)[:2]
            self.assertEqual((asked["moment"], unknown["outcome"]), ("asks_lock", "unknown"))
            self.about(host, unknown["t_ms"] - begun, 100)
            self.assertEqual((following["op"], mine["outcome"]), ("get_token", "ok"))
            self.assertEqual(mine["token"], asked["token"])
            self.assertEqual(history.of(1, "healed"), [])

    def test_reset(self):
        for point, found in (("before", "nil"), ("applied", "ok")):
            for host, history in self.each(
                "{when: {who: 1, does: asks_lock, before: true, nth: 3}, reset: 1, "
                f"point: {point}}}"
            ):
                begun = history.when(1, "fault")
                (asked, unknown), (following, reply) = self.after(history, begun)[:2]
                self.assertEqual((asked["moment"], unknown["outcome"]), ("asks_lock", "unknown"))
                self.about(host, unknown["t_ms"] - begun, 0)
                self.assertEqual((following["op"], reply["outcome"]), ("get_token", found))

    def test_born_cut_off(self):
        """It is killed and started again while it is cut off: it connects when that heals."""
        for _, history in self.each(
            "{at: 300ms, cut: 1, for: 1s}", "{at: 500ms, crash: 1, for: 100ms}"
        ):
            healed = [e["t_ms"] for e in history.of(1, "healed") if e["fault"] == "cut"][0]
            first, again = history.of(1, "started")
            self.assertGreaterEqual(again["t_ms"], healed)
            self.assertLess(again["t_ms"], healed + 100)

    def test_paused_while_it_is_reset(self):
        for _, history in self.each(
            "{when: {who: 1, does: asks_lock, before: true, nth: 3}, reset: 1}",
            "{when: {who: 1, does: asks_lock, before: true, nth: 3}, pause: 1, for: 300ms}",
        ):
            resumed = history.when(1, "resumed")
            (asked, unknown) = self.after(history, resumed)[0]
            self.assertEqual((asked["moment"], unknown["outcome"]), ("asks_lock", "unknown"))

    def test_twice_is_nothing(self):
        """What is in force is not put on top of itself, and each heals its own."""
        for _, history in self.each(
            "{at: 300ms, cut: 1, for: 600ms, direction: replies}",
            "{at: 400ms, cut: 1, for: 100ms}",
            "{at: 500ms, cut: 1, for: 700ms, direction: requests}",
            "{at: 600ms, delay: 1, by: 5ms, for: 400ms}",
        ):
            told = [
                (e["index"], round(e["t_ms"], -2)) for e in history.of(1, "healed")
            ]
            self.assertEqual(told, [(1, 400), (0, 900), (3, 1000), (2, 1200)])

    def test_the_redis_crashes_behind_a_sound_link(self):
        """With a relay in between it looks as it does without: connecting is refused, at once."""
        for _, history in self.each(
            "{at: 500ms, crash: redis, for: 500ms}", "{at: 1900ms, delay: 1, by: 1ms, for: 10ms}"
        ):
            (fault,) = [e for e in history.of("harness", "fault")]
            (healed,) = [e for e in history.of("harness", "healed")]
            down = [
                (r["t_ms"] - q["t_ms"], r["outcome"])
                for q, r in self.after(history, fault["t_ms"])
                if r["t_ms"] < healed["t_ms"] - 20
            ]
            # Who is let in before the relay has noticed that nobody is behind it is told nothing.
            outcomes = {outcome for _, outcome in down}
            self.assertLessEqual(outcomes, {"unknown", "refused"})
            self.assertIn("refused", outcomes)
            self.assertLess(max(took for took, _ in down), 50)
            self.assertIn("ok", [r["outcome"] for _, r in self.after(history, healed["t_ms"])])

    def test_a_cut_hides_that_the_redis_crashes(self):
        """Its request is out when that happens; it learns of it by its patience alone."""
        for host, history in self.each(
            "{when: {who: 1, does: reports, before: true, nth: 3}, cut: 1, for: 800ms}",
            "{when: {who: 1, does: reports, before: true, nth: 3}, crash: redis, for: 100ms}",
        ):
            cut = [e["t_ms"] for e in history.of(1, "fault")][0]
            exchanges = self.after(history, cut)
            asked, unknown = exchanges[0]
            self.assertEqual(unknown["outcome"], "unknown")
            self.about(host, unknown["t_ms"] - asked["t_ms"], 100)
            then = [r["outcome"] for q, r in exchanges[1:] if r["t_ms"] < cut + 799]
            self.assertEqual(set(then), {"refused"})

    def test_the_model_repeats_itself(self):
        faults = [
            "{at: 300ms, delay: 1, by: 1ms, jitter: 5ms, for: 1s}",
            "{every: 100ms, until: 1s, lose_reply: any}",
            "{at: 1500ms, slow: any, rate: 5000, for: 200ms}",
        ]
        first = self.play("model", *faults).events
        self.assertEqual(self.play("model", *faults).events, first)


if __name__ == "__main__":
    unittest.main()
