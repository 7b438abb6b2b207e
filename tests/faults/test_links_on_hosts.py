#!/usr/bin/python3
"""Faults on links mean the same on both hosts: each story is told by real processes and by the
model, and ends the same way as far as it is not a matter of time, which the model has exact."""
# ctest-timeout: 300
import pathlib
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[i]) for i in (0, 1)]
from support.stage import Stage  # noqa: E402
from support.trialhistory import History  # noqa: E402

HOSTS = ("model", "processes")

# How long a process waits for an answer; and what a busy machine may add to any time. What happens
# at once and what happens for want of an answer can be told apart all the same.
PATIENCE_MS = 500
SLACK_MS = 400

# One node alone with its lock, so that nothing depends on who comes first.
LOCK = f"lock: {{token: {{retry: 10ms, ttl: 1s}}}}\nrequest_timeout: {PATIENCE_MS}ms\n"
ALONE = (
    "nodes: 1\nprotocol:\n"
    f"  article: {{decided_by: nodes, submits: nobody, report: 20ms, poll: 20ms}}\n{LOCK}"
)

# It stands still until the fault is in force: no request of its slips by meanwhile.
IT_ASKS = "when: {who: 1, does: asks_lock, before: true, nth: 3}"


class OnHosts(Stage):
    def play(self, host, *faults, ms=3000, cluster=ALONE):
        """The master starts when all is over."""
        path = self.scenario()
        pathlib.Path(path).write_text(
            f"name: links\nduration: {ms}ms\nstarts: {{master: {ms - 1}ms}}\n{cluster}"
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

    def about(self, host, value, exact):
        """Times: exact in the model but for its latencies, never too short on processes."""
        self.assertGreaterEqual(value, exact - 0.001)
        self.assertLess(value, exact + (3 if host == "model" else SLACK_MS))

    @staticmethod
    def after(history, moment=0):
        """Exchanges of node 1 from a time on."""
        return [(q, r) for q, r in history.exchanges(1) if q["t_ms"] >= moment]

    def test_cut(self):
        for direction in ("both", "requests", "replies"):
            story = f"{{{IT_ASKS}, cut: 1, for: 1500ms, direction: {direction}}}"
            for host, history in self.each(story):
                begun, healed = history.when(1, "fault"), history.when(1, "healed")
                self.about(host, healed - begun, 1500)
                cut = [
                    r["outcome"]
                    for q, r in self.after(history, begun)
                    if r["t_ms"] < begun + 1500
                ]
                self.assertEqual(cut[0], "unknown")
                self.assertEqual(set(cut[1:]), {"refused"})  # it cannot connect anew
                # (What was asked just before may be told just after that it was refused.)
                asked, replied = self.after(history, healed)[0]
                self.assertLess(asked["t_ms"], healed + SLACK_MS)
                self.assertIn(replied["outcome"], ("ok", "nil"))

    def test_delay(self):
        for host, history in self.each(f"{{{IT_ASKS}, delay: 1, by: 10ms, jitter: 2ms, for: 1s}}"):
            begun, healed = history.when(1, "fault"), history.when(1, "healed")
            took = history.took(1, begun, begun + 1000)
            self.assertGreater(len(took), 5)
            self.assertGreaterEqual(min(took), 20)
            self.assertLess(max(took), 25 if host == "model" else SLACK_MS)
            self.assertLess(min(history.took(1, healed, 3000)), 10)

    def test_slow(self):
        for host, history in self.each(f"{{{IT_ASKS}, slow: 1, rate: 2000, for: 1s}}"):
            begun, healed = history.when(1, "fault"), history.when(1, "healed")
            took = [
                r["t_ms"] - q["t_ms"]
                for q, r in self.after(history, begun)
                if q.get("moment") == "asks_lock" and r["t_ms"] < begun + 1000
            ]
            self.assertTrue(took)
            self.about(host, min(took), 49)  # 93 bytes there and 5 back
            self.assertLess(min(history.took(1, healed, 3000)), 10)

    def test_late(self):
        """A late SET NX takes the lock for nobody: who wants it waits until its TTL is over."""
        for host, history in self.each(
            "{when: {who: 1, does: asks_lock, before: true}, late: 1, by: 1200ms}",
            "{at: 1700ms, flip: 1, to: submit}",  # until then it wants nothing more
            cluster=f"nodes: 1\nprotocol: {{article: {{poll: 20ms}}}}\n{LOCK}",
        ):
            begun = history.of(1, "fault")[0]["t_ms"]
            asked, unknown = self.after(history, begun)[0]
            self.assertEqual((asked["moment"], unknown["outcome"]), ("asks_lock", "unknown"))
            self.about(host, unknown["t_ms"] - begun, PATIENCE_MS)
            tries = [
                (q["t_ms"], r["outcome"])
                for q, r in self.after(history, unknown["t_ms"])
                if q.get("moment") == "asks_lock"
            ]
            busy = [at for at, outcome in tries if outcome == "nil"]
            self.assertTrue(busy)
            self.assertGreaterEqual(busy[0], begun + 1200)
            self.assertLess(busy[-1], begun + 2200 + (3 if host == "model" else SLACK_MS))
            self.assertIn("ok", [o for at, o in tries if at < begun + 1200])
            self.assertIn("ok", [o for at, o in tries if at > busy[-1]])

    def test_lose(self):
        """The next two, each in vain; then all is as before."""
        for host, history in self.each(f"{{{IT_ASKS}, lose: 1, count: 2}}"):
            exchanges = self.after(history, history.when(1, "fault"))
            for asked, unknown in exchanges[:2]:
                self.assertEqual(unknown["outcome"], "unknown")
                self.about(host, unknown["t_ms"] - asked["t_ms"], PATIENCE_MS)
            self.assertNotIn("unknown", [r["outcome"] for _, r in exchanges[2:]])
            self.assertEqual(history.of(1, "healed"), [])

    def test_lose_all_for_a_while(self):
        """Two overlap; each ends by itself."""
        for host, history in self.each(
            f"{{{IT_ASKS}, lose: 1, for: 1200ms}}", "{at: 500ms, lose: 1, share: 50, for: 100ms}"
        ):
            begun = history.of(1, "fault")[0]["t_ms"]
            healed = history.of(1, "healed")[-1]["t_ms"]
            self.about(host, healed - begun, 1200)
            within = [r["outcome"] for q, r in self.after(history, begun) if q["t_ms"] < healed]
            self.assertEqual(set(within), {"unknown"})
            then = [r["outcome"] for _, r in self.after(history, healed)]
            self.assertNotIn("unknown", then)
            self.assertTrue(then)

    def test_a_cut_that_drops(self):
        """A request for the lock that is sent into it takes the lock at its end, or never."""
        for drop in ("false", "true"):
            for host, history in self.each(
                "{when: {who: 1, does: asks_lock, before: true}, cut: 1, for: 1s, "
                f"direction: requests, drop: {drop}}}",
                "{at: 700ms, crash: 1, for: 100ms}",
                cluster=f"nodes: 1\nprotocol: {{article: {{poll: 20ms}}}}\n"
                "lock: {token: {retry: 10ms, ttl: 1s}}\nrequest_timeout: 500ms\n",
            ):
                healed = history.of(1, "healed")[-1]["t_ms"]
                asked = [r["outcome"] for q, r in self.after(history, healed - 1)
                         if q.get("moment") == "asks_lock"]  # fmt: skip
                self.assertEqual("nil" in asked, drop == "false")
                self.assertIn("ok", asked)

    def test_late_heals_at_the_end(self):
        for _, history in self.each(f"{{{IT_ASKS}, late: 1, by: 60m}}", ms=1000):
            self.assertGreaterEqual(history.when(1, "healed"), 1000)

    def test_lose_reply(self):
        for host, history in self.each(f"{{{IT_ASKS}, lose_reply: 1}}"):
            begun = history.when(1, "fault")
            (asked, unknown), (following, mine) = self.after(history, begun)[:2]
            self.assertEqual((asked["moment"], unknown["outcome"]), ("asks_lock", "unknown"))
            self.about(host, unknown["t_ms"] - begun, PATIENCE_MS)
            self.assertEqual((following["op"], mine["outcome"]), ("get_token", "ok"))
            self.assertEqual(mine["token"], asked["token"])
            self.assertEqual(history.of(1, "healed"), [])

    def test_reset(self):
        for point, found in (("before", "nil"), ("applied", "ok")):
            for host, history in self.each(f"{{{IT_ASKS}, reset: 1, point: {point}}}"):
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
            self.assertLess(again["t_ms"], healed + SLACK_MS)

    def test_paused_while_it_is_reset(self):
        for _, history in self.each(
            f"{{{IT_ASKS}, reset: 1}}", f"{{{IT_ASKS}, pause: 1, for: 300ms}}"
        ):
            resumed = history.when(1, "resumed")
            (asked, unknown) = self.after(history, resumed)[0]
            self.assertEqual((asked["moment"], unknown["outcome"]), ("asks_lock", "unknown"))

    def test_each_lasts_to_its_own_end(self):
        """Several of one kind are in force at once, and each end takes only itself away."""
        for host, history in self.each(
            "{at: 300ms, cut: 1, for: 600ms, direction: replies}",
            "{at: 400ms, cut: 1, for: 100ms}",
            "{at: 500ms, cut: 1, for: 700ms, direction: requests}",
            "{at: 600ms, delay: 1, by: 5ms, for: 400ms}",
        ):
            told = [(e["index"], e["t_ms"]) for e in history.of(1, "healed")]
            self.assertEqual([index for index, _ in told], [1, 0, 3, 2])
            for (_, at), exact in zip(told, (500, 900, 1000, 1200)):
                self.about(host, at, exact)

    def test_the_redis_crashes_behind_a_sound_link(self):
        """With a relay in between it looks as it does without: what was under way is unknown, then
        connecting is refused, at once."""
        crash = f"{{{IT_ASKS}, crash: redis, for: 500ms}}"
        relayed = "{at: 2900ms, delay: 1, by: 1ms, for: 10ms}"
        for faults in ([crash], [crash, relayed]):
            for _, history in self.each(*faults):
                (fault,) = [e["t_ms"] for e in history.of("harness", "fault")]
                (healed,) = [e["t_ms"] for e in history.of("harness", "healed")]
                down = [
                    (r["t_ms"] - q["t_ms"], r["outcome"])
                    for q, r in self.after(history, fault)
                    if r["t_ms"] < fault + 500
                ]
                outcomes = [outcome for _, outcome in down]
                self.assertEqual(outcomes[0], "unknown")
                self.assertGreater(len(outcomes), 2)
                self.assertEqual(set(outcomes[1:]), {"refused"})
                self.assertLess(max(took for took, _ in down), SLACK_MS)
                self.assertIn("ok", [r["outcome"] for _, r in self.after(history, healed)])

    def test_a_cut_hides_that_the_redis_crashes(self):
        """Its request is out when that happens; it learns of it by its patience alone."""
        for host, history in self.each(
            "{when: {who: 1, does: reports, before: true, nth: 3}, cut: 1, for: 2s}",
            "{when: {who: 1, does: reports, before: true, nth: 3}, crash: redis, for: 100ms}",
        ):
            cut = [e["t_ms"] for e in history.of(1, "fault")][0]
            exchanges = self.after(history, cut)
            asked, unknown = exchanges[0]
            self.assertEqual(unknown["outcome"], "unknown")
            self.about(host, unknown["t_ms"] - asked["t_ms"], PATIENCE_MS)
            then = [r["outcome"] for q, r in exchanges[1:] if r["t_ms"] < cut + 2000]
            self.assertEqual(set(then), {"refused"})

    def test_the_model_repeats_itself(self):
        faults = [
            "{at: 300ms, delay: 1, by: 1ms, jitter: 5ms, for: 1s}",
            "{every: 100ms, until: 1s, lose_reply: any}",
            "{at: 1s, lose: 1, share: 30, for: 400ms}",
            "{at: 1500ms, slow: any, rate: 5000, for: 200ms}",
        ]
        first = self.play("model", *faults).events
        self.assertEqual(self.play("model", *faults).events, first)


if __name__ == "__main__":
    unittest.main()
