#!/usr/bin/python3
"""Faults on links, on real processes: that what was claimed to be injected was injected, as the
Redis sees it (MONITOR, CLIENT LIST) and as the process does (its history), and that healing
healed."""
# ctest-timeout: 300
import os
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[i]) for i in (0, 1)]
from support.listened import BUSY, PATIENCE_MS, Listened  # noqa: E402
from support.judged import HarnessWasLate, code_however_late, in_time, until_judged  # noqa: E402
from support.stage import SLOW, Process, children, wait_for  # noqa: E402
from support.trialhistory import History  # noqa: E402

# Node 2 stands still until the fault is in force: no request of its slips by meanwhile.
NODE_2_ASKS = "when: {who: 2, does: asks_lock, before: true, nth: 5}"


class Links(Listened):
    # --- cut ---

    def test_cut_both_ways(self):
        history, heard = self.play([f"{{{NODE_2_ASKS}, cut: 2, for: 2s}}"], duration="4s")
        begun, healed = history.when(2, "fault"), history.when(2, "healed")
        self.assertGreaterEqual(healed - begun, 2000)
        # The Redis heard nothing of 2 for that long, and of 1 all the while; then both again.
        stopped = self.assert_gap(self.reports(heard, 2), 1.95)
        self.assertTrue(any(at > stopped + 1.95 for at in self.reports(heard, 2)))
        self.assertTrue(any(stopped < at < stopped + 1.9 for at in self.reports(heard, 1)))
        # 2 did not know what became of its request, and could not connect anew.
        outcomes = [
            reply["outcome"]
            for _, reply in history.exchanges(2)
            if begun <= reply["t_ms"] < begun + 2000
        ]
        self.assertIn("refused", outcomes)
        self.assertLessEqual(set(outcomes), {"unknown", "refused"})
        self.assertNotIn("unknown", {reply["outcome"] for _, reply in history.exchanges(1)})
        after = {r["outcome"] for _, r in history.exchanges(2) if r["t_ms"] > healed}
        self.assertIn("ok", after)

    def test_cut_requests_closes_nothing(self):
        redis = self.server.client()
        scenario = self.scenario(
            f"duration: 3s\n{BUSY}faults:\n  - {{at: 300ms, cut: [1, 2], direction: requests}}\n",
            nodes=2,
        )
        run = self.start_hustings(
            "run", "--out", self.out, scenario, "--redis", self.server.url, "--seed", "1"
        )

        def silent():
            # Not the test's, nor the relay's own, which never says a word.
            mine = [c for c in redis.client_list() if c["cmd"] not in ("client", "NULL")]
            return sum(int(c["idle"]) >= 1 for c in mine) >= 2

        wait_for(silent, "two connections are there and say nothing")
        run.communicate(timeout=30)
        history = History(self.out)
        for node in (1, 2):
            # It healed at the end, whatever the scenario forgot.
            begun, healed = history.when(node, "fault"), history.when(node, "healed")
            self.assertGreater(healed, 2999)
            replies = [r for _, r in history.exchanges(node) if begun + 400 < r["t_ms"] < 3000]
            self.assertTrue(replies)
            self.assertLessEqual({r["outcome"] for r in replies}, {"unknown", "refused"})

    def test_cut_replies_lets_requests_pass(self):
        history, heard = self.play(
            ["{when: {who: 2, does: reports, before: true, nth: 5}, cut: 2, for: 1500ms, "
             "direction: replies}"],
            duration="3s",
        )  # fmt: skip
        begun, healed = history.when(2, "fault"), history.when(2, "healed")
        request, reply = next(
            (q, r) for q, r in history.exchanges(2) if q["t_ms"] >= begun and "moment" in q
        )
        self.assertEqual((request["moment"], reply["outcome"]), ("reports", "unknown"))
        # All five reports got to the Redis; the next comes when the link is whole again.
        stopped = self.assert_gap(self.reports(heard, 2), 1.45)
        self.assertEqual(sum(at <= stopped for at in self.reports(heard, 2)), 5)
        self.assertGreater(healed - begun, 1499)

    # --- delay, slow ---

    def test_delay(self):
        history, heard = self.play(
            [f"{{{NODE_2_ASKS}, delay: 2, by: 40ms, jitter: 5ms, for: 1500ms}}"], duration="3s"
        )
        begun, healed = history.when(2, "fault"), history.when(2, "healed")
        # What is under way when it heals arrives at once.
        late = history.took(2, begun, begun + 1500)
        self.assertGreaterEqual(min(late), 80)
        self.assertGreaterEqual(len(late), 5)
        self.assertLess(min(history.took(2, 0, begun)), 40)
        self.assertLess(min(history.took(2, healed, 3000)), 40)
        self.assertLess(min(history.took(1, begun, healed)), 40)
        spans = self.spans(history, heard)
        self.assertGreaterEqual(max(spans), 0.080)
        self.assertLess(min(spans), 0.040)
        self.assertLess(min(spans[-5:]), 0.080)  # healed: each would take longer otherwise

    def test_slow(self):
        history, heard = self.play(
            [f"{{{NODE_2_ASKS}, slow: 2, rate: 2000, for: 1500ms}}"], duration="3s"
        )
        begun, healed = history.when(2, "fault"), history.when(2, "healed")
        # Asking for the lock takes 98 bytes and a prefix there, at least 4 back: 51 ms and more.
        asked = [
            reply["t_ms"] - request["t_ms"]
            for request, reply in history.exchanges(2)
            if request.get("moment") == "asks_lock" and begun <= request["t_ms"]
            and reply["t_ms"] <= begun + 1500
        ]  # fmt: skip
        self.assertTrue(asked)
        self.assertGreaterEqual(min(asked), 51)
        self.assertLess(min(history.took(2, healed, 3000)), 40)
        # The Redis hears the report, of 80 bytes and a prefix, that much after the lock was taken.
        spans = self.spans(history, heard)
        self.assertGreaterEqual(max(spans), 0.042)
        self.assertLess(min(spans), 0.020)
        self.assertLess(min(spans[-5:]), 0.042)  # healed

    # --- late, lose_reply, reset ---

    def test_late_from_a_dead_process(self):
        """2 sends its third report and is killed; the report arrives all the same, much later."""
        history, heard = self.play(
            ["{when: {who: 2, does: reports, before: true, nth: 3}, late: 2, by: 1500ms}",
             "{when: {who: 2, does: reports, nth: 3}, crash: 2}"],
            extra="heal: false\n", duration="3s",
        )  # fmt: skip
        died = history.when(2, "died")
        request, reply = history.exchanges(2)[-1]
        self.assertEqual((request["moment"], reply["outcome"]), ("reports", "unknown"))
        self.assertLess(died, request["t_ms"] + 1500)
        reports = self.reports(heard, 2)
        self.assertEqual(len(reports), 3)
        self.assertGreaterEqual(reports[2] - reports[1], 1.500)

    def test_late_is_delivered_at_the_end(self):
        history, heard = self.play(
            [f"{{when: {{who: 2, does: reports, before: true, nth: {nth}}}, late: 2, by: 60m}}"
             for nth in (3, 4, 5)],
            duration="2s",
        )  # fmt: skip
        self.assertEqual(len(history.of(2, "fault")), 3)
        healed = history.of(2, "healed")
        self.assertEqual(sorted(event["index"] for event in healed), [0, 1, 2])
        self.assertGreater(min(event["t_ms"] for event in healed), 1999)
        sent = [q for q in history.of(2, "request") if q.get("moment") == "reports"]
        answered = [q for q, _ in history.exchanges(2) if q.get("moment") == "reports"]
        # The last one may have been on its way when the trial ended; one more may have been sent
        # since then, of which the history says nothing. If the three were lost, 2 would be missing.
        self.assertIn(len(self.reports(heard, 2)), range(len(answered), len(sent) + 2))

    def test_lose_reply_of_the_lock(self):
        history, heard = self.play(
            ["{when: {who: 2, does: asks_lock, before: true, nth: 3}, lose_reply: 2}"]
        )
        begun = history.when(2, "fault")
        asked, unknown = next((q, r) for q, r in history.exchanges(2) if q["t_ms"] >= begun)
        self.assertEqual((asked["moment"], unknown["outcome"]), ("asks_lock", "unknown"))
        self.assertGreaterEqual(unknown["t_ms"] - asked["t_ms"], PATIENCE_MS - 1)
        self.assertEqual(history.of(2, "healed"), [])
        # The Redis was asked all the same, and not twice. (If somebody else had the lock just then,
        # 2 asked again later, with the same token.)
        with_token = [w for _, w in heard if asked["token"] in w and w[0] == "SET"]
        asks = [q for q in history.of(2, "request")
                if q.get("moment") == "asks_lock" and q["token"] == asked["token"]]  # fmt: skip
        self.assertEqual(len(with_token), len(asks))
        self.assertGreaterEqual(len(asks), 1)

    def test_lose_the_lock(self):
        """Its next two requests never come to the Redis, and it waits for each in vain."""
        history, heard = self.play(
            ["{when: {who: 2, does: asks_lock, before: true, nth: 3}, lose: 2, count: 2}"]
        )
        begun = history.when(2, "fault")
        since = [(q, r) for q, r in history.exchanges(2) if q["t_ms"] >= begun]
        self.assertEqual(since[0][0]["moment"], "asks_lock")
        for asked, unknown in since[:2]:
            self.assertEqual(unknown["outcome"], "unknown")
            self.assertGreaterEqual(unknown["t_ms"] - asked["t_ms"], PATIENCE_MS - 1)
        self.assertNotIn("unknown", [r["outcome"] for _, r in since[2:]])
        token = since[0][0]["token"]
        tries = [q for q in history.of(2, "request") if q.get("token") == token]
        sent = sum(q["op"] == "put_if_absent" for q in tries)
        came = sum(w[0] == "SET" and w[2] == token for _, w in heard)
        self.assertEqual(came, sent - 1)

    def test_lose_a_share(self):
        """Half of what it sends in 3 s; nothing of that is heard, and everything else is."""

        def story():
            history, heard = self.play(
                ["{at: 200ms, lose: 1, share: 50, for: 3s}"], nodes=1, duration="4s",
                timing="protocol: {article: {report: 10ms, poll: 20ms}}\n"
                "lock: {token: {retry: 5ms}}\nrequest_timeout: 50ms\n",
            )  # fmt: skip
            begun, healed = history.when(1, "fault"), history.when(1, "healed")
            reports = [(q, r) for q, r in history.exchanges(1) if q.get("moment") == "reports"]
            within = [r["outcome"] for q, r in reports if begun <= q["t_ms"] and r["t_ms"] < healed]
            self.assertIn("unknown", within)
            self.assertIn("ok", within)
            known = sum(r["outcome"] == "ok" for _, r in reports)
            sent = sum(q.get("moment") == "reports" for q in history.of(1, "request"))
            lost = sum(r["outcome"] == "unknown" for _, r in reports)
            came = len(self.reports(heard, 1))
            self.assertGreater(lost, 2)
            self.assertGreaterEqual(came, known)
            # One more may have been sent since the history ended.
            if came > sent - lost + 1:
                # An answer that comes after its 50 ms is not in the history. If there was one, it
                # was not alone: others took more than 20 ms, or were given up more than 10 ms late.
                in_time(self.out)
                late = [r["t_ms"] - q["t_ms"] - (60 if r["outcome"] == "unknown" else 20)
                        for q, r in history.exchanges(1)]  # fmt: skip
                self.assertGreater(max(late), 0, "what was lost is heard, and nobody was late")
                raise HarnessWasLate(f"an answer was {max(late)} ms later than such are")

        until_judged(story)

    def test_cut_that_drops(self):
        """What is sent into it never comes; what a sound cut would deliver at its end."""
        for drop, missing in ((False, 0), (True, 1)):
            with self.subTest(drop=drop):
                history, heard = self.play(
                    ["{when: {who: 2, does: asks_lock, before: true, nth: 3}, cut: 2, for: 700ms, "
                     f"direction: requests, drop: {str(drop).lower()}}}"]
                )  # fmt: skip
                begun = history.when(2, "fault")
                asked, reply = next((q, r) for q, r in history.exchanges(2) if q["t_ms"] >= begun)
                self.assertEqual((asked["moment"], reply["outcome"]), ("asks_lock", "unknown"))
                tries = [q for q in history.of(2, "request") if q.get("token") == asked["token"]]
                sent = sum(q["op"] == "put_if_absent" for q in tries)
                refused = sum(
                    r["outcome"] == "refused" and q["op"] == "put_if_absent"
                    for q, r in history.exchanges(2) if q.get("token") == asked["token"]
                )  # fmt: skip
                came = sum(w[0] == "SET" and w[2] == asked["token"] for _, w in heard)
                self.assertEqual(came, sent - refused - missing)

    def test_reset_before_and_applied(self):
        for point, missing in (("before", 1), ("applied", 0)):
            with self.subTest(point=point):
                history, heard = self.play(
                    ["{when: {who: 2, does: asks_lock, before: true, nth: 3}, reset: 2, "
                     f"point: {point}}}"]
                )  # fmt: skip
                begun = history.when(2, "fault")
                asked, reply = next((q, r) for q, r in history.exchanges(2) if q["t_ms"] >= begun)
                self.assertEqual((asked["moment"], reply["outcome"]), ("asks_lock", "unknown"))
                # At once, not by patience.
                self.assertLess(reply["t_ms"] - asked["t_ms"], PATIENCE_MS - 10)
                tries = [q for q in history.of(2, "request") if q.get("token") == asked["token"]]
                sent = sum(q["op"] == "put_if_absent" for q in tries)
                came = sum(w[0] == "SET" and w[2] == asked["token"] for _, w in heard)
                self.assertEqual(came, sent - missing)

    # --- exact aim, 100 times of 100 ---

    def hit_100_times(self, fault, arrive, *, seconds, patience="500ms"):
        """Each of its first hundred reports: as the process sees them, and as the Redis does. It is
        killed after fifty more, so that both have seen the same."""
        faults = [
            f"{{when: {{who: 1, does: reports, before: true, nth: {nth}}}, {fault}}}"
            for nth in range(100, 0, -1)
        ]
        faults.insert(0, "{when: {who: 1, does: reports, nth: 150}, crash: 1}")
        for duration in (seconds, 3 * seconds):  # as long as the machine takes
            history, heard = self.play(
                faults, nodes=1, duration=f"{duration}s",
                timing="protocol: {article: {report: 5ms, poll: 20ms}}\n"
                f"lock: {{token: {{retry: 5ms}}}}\nrequest_timeout: {patience}\n",
                extra="heal: false\n",
            )  # fmt: skip
            if history.of(1, "died"):
                break
        hits = history.of(1, "fault")[:100]
        self.assertEqual({hit["fault"] for hit in hits}, {fault.partition(":")[0]})
        for hit in hits:
            asked, reply = next((q, r) for q, r in history.exchanges(1) if q["i"] > hit["i"])
            self.assertEqual((asked["moment"], reply["outcome"]), ("reports", "unknown"))
        sent = [r for q, r in history.exchanges(1) if q.get("moment") == "reports"]
        self.assertEqual(len(sent), 150)
        self.assertEqual([r["outcome"] for r in sent[100:]], ["ok"] * 50)
        self.assertEqual(len(self.reports(heard, 1)), arrive)

    def test_reset_before_hits_100_of_100(self):
        self.hit_100_times("reset: 1", 50, seconds=5)

    def test_reset_applied_hits_100_of_100(self):
        self.hit_100_times("reset: 1, point: applied", 150, seconds=5)

    def test_lose_reply_hits_100_of_100(self):
        self.hit_100_times("lose_reply: 1", 150, seconds=16, patience="100ms")

    def test_late_hits_100_of_100(self):
        self.hit_100_times("late: 1, by: 1s", 150, seconds=16, patience="100ms")

    # --- the relay itself ---

    def test_no_relay_without_link_faults(self):
        """… and only those have one whom a fault may concern."""
        for faults, relays, through in (
            ("[{at: 1s, pause: 1, for: 100ms}]", 0, 0),
            ("[{at: 1s, cut: 2, for: 100ms}]", 1, 1),
            ("[{at: 1s, cut: any, for: 100ms}]", 1, 3),
            ("[{at: 1s, lose_reply: leader}]", 1, 4),
        ):
            scenario = self.scenario(f"duration: 2s\nfaults: {faults}\n", nodes=3)
            run = self.start_hustings("run", "--out", self.out, scenario)
            wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are there")
            found = children(run.pid, "hustings-relay")
            doors = [
                name
                for folder in pathlib.Path(self.folder).glob("hustings-*/links-1")
                for name in os.listdir(folder)
            ]
            self.assertEqual((len(found), len(doors)), (relays, through), faults)
            run.communicate(timeout=30)
            self.assertEqual(code_however_late(run, self.out), 0)

    def start_with_relay(self):
        scenario = self.scenario("duration: 20s\nfaults: [{at: 10s, cut: 2, for: 100ms}]\n")
        run = self.start_hustings("run", "--out", self.out, scenario)
        wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are there")
        (relay,) = children(run.pid, "hustings-relay")
        return run, relay

    def test_a_dead_driver_leaves_no_relay(self):
        run, relay = self.start_with_relay()
        run.kill()
        run.wait()
        wait_for(lambda: not Process(relay.pid).alive(), "the relay goes", 5 if SLOW else 1)

    # --- a Redis of the user's, with a password ---

    def test_greetings_are_no_requests(self):
        self.server = self.redis_server("--requirepass", "secret")
        self.server.url = f"unix://{self.server.socket}"
        self.environment["HUSTINGS_REDIS_PASSWORD"] = "secret"
        scenario = self.scenario(
            f"duration: 1s\n{BUSY}faults:\n"
            "  - {when: {who: 1, does: reports, before: true, nth: 2}, reset: 1}\n"
            "  - {when: {who: 1, does: asks_lock, before: true, nth: 4}, reset: 1}\n",
            nodes=1,
        )
        run = self.run_scenario(scenario, "--redis", self.server.url, "--seed", "1")
        self.assertIn(run.returncode, (0, 1), run.stderr)
        history = History(self.out)
        self.assertEqual(len(history.of(1, "fault")), 2)
        for hit in history.of(1, "fault"):
            _, reply = next((q, r) for q, r in history.exchanges(1) if q["i"] > hit["i"])
            self.assertEqual(reply["outcome"], "unknown")


if __name__ == "__main__":
    import unittest

    unittest.main()
