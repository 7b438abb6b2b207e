#!/usr/bin/python3
"""Several servers, each with faults of its own, mean the same on both hosts: what befalls one
server, or the link to one, leaves the others alone, and a lock on a majority of them goes on as
long as a majority is there. That is what Redlock is for."""
# ctest-timeout: 300
import pathlib
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[i]) for i in (0, 1)]
from support.stage import Stage  # noqa: E402
from support.trialhistory import History  # noqa: E402

HOSTS = ("model", "processes")
SERVERS = (1, 2, 3)

# So long a member waits for a server, and so long for what the first server alone is asked. A busy
# machine may be late: what is under way when a fault begins or ends is passed over.
SERVER_TIMEOUT_MS = 100
EDGE_MS = 150

CLUSTER = (
    "nodes: 2\nstarts: {master: all_reported}\nprotocol: {article: {report: 20ms, poll: 20ms}}\n"
    f"lock: {{redlock: {{ttl: 10s, retry: 20ms, server_timeout: {SERVER_TIMEOUT_MS}ms}}}}\n"
    "redis: {topology: independent, servers: 3}\nrequest_timeout: 300ms\n"
    "expect: {settles_within: 5s, checks: {dead_leader: allowed, disagreement: allowed}}\n"
)


class OnHosts(Stage):
    def each(self, *faults, ms=3000, cluster=CLUSTER):
        for host in HOSTS:
            path = self.scenario()
            pathlib.Path(path).write_text(
                f"name: servers\nduration: {ms}ms\n{cluster}faults:\n"
                + "".join(f"  - {fault}\n" for fault in faults),
                encoding="utf-8",
            )
            run = self.run_scenario(path, "--on", host, "--seed", "1")
            with self.subTest(host=host):
                self.assertEqual(run.returncode, 0, run)
                yield History(self.out)

    @staticmethod
    def outcomes(history, server, begin, end, who=(1, 2)):
        """What was answered to the requests for the lock that went to a server within a time."""
        return [
            reply["outcome"]
            for process in who
            for request, reply in history.exchanges(process)
            if request["server"] == server
            and request["key"] == "lock"
            and begin + EDGE_MS <= request["t_ms"]
            and reply["t_ms"] <= end - EDGE_MS
        ]

    @staticmethod
    def entered(history, begin, end):
        """Who got the lock within a time."""
        return [
            event["process"]
            for event in history.events
            if event["event"] == "claim"
            and "acquires_lock" in event["happened"]
            and begin + EDGE_MS <= event["t_ms"] <= end
        ]

    def assert_goes_on(self, history, server, begin, end):
        """The server answers whatever it is asked."""
        outcomes = self.outcomes(history, server, begin, end)
        self.assertTrue(outcomes)
        self.assertLessEqual(set(outcomes), {"ok", "nil"})

    def assert_gone(self, history, server, begin, end, who=(1, 2)):
        outcomes = self.outcomes(history, server, begin, end, who)
        self.assertTrue(outcomes)
        self.assertLessEqual(set(outcomes), {"unknown", "refused"})

    def test_one_stalls_while_another_crashes(self):
        """Two of three are gone at once: nobody gets the lock. One by one, everybody goes on."""
        for history in self.each(
            "{at: 500ms, stall: redis 2, for: 3s}",
            "{at: 1500ms, crash: redis 3, for: 1s}",
            ms=4500,
        ):
            faults = [
                (event["fault"], event["server"], event["event"])
                for event in history.events
                if event["event"] in ("fault", "healed")
            ]
            self.assertEqual(
                faults,
                [("stall", 2, "fault"), ("crash", 3, "fault"), ("crash", 3, "healed"),
                 ("stall", 2, "healed")],
            )  # fmt: skip
            self.assertTrue(self.entered(history, 0, 500))
            self.assert_gone(history, 2, 500, 1500)
            self.assert_goes_on(history, 3, 500, 1500)
            self.assertTrue(self.entered(history, 500, 1500))  # by the first and the third
            self.assert_gone(history, 2, 1500, 2500)
            self.assert_gone(history, 3, 1500, 2500)
            self.assert_goes_on(history, 1, 1500, 2500)
            self.assertEqual(self.entered(history, 1500, 2500), [])
            self.assertTrue(self.entered(history, 2500, 3500))
            for server in SERVERS:
                self.assert_goes_on(history, server, 3500 + EDGE_MS, 4500)

    def test_a_link_to_one_is_cut(self):
        """Node 1 does without the third server, which node 2 reaches."""
        for history in self.each("{at: 500ms, cut: 1, server: redis 3, for: 1s}"):
            self.assert_gone(history, 3, 500, 1500, who=(1,))
            for server, who in ((1, (1, 2)), (2, (1, 2)), (3, (2,))):
                outcomes = self.outcomes(history, server, 500, 1500, who)
                self.assertTrue(outcomes)
                self.assertLessEqual(set(outcomes), {"ok", "nil"})
            self.assertEqual(set(self.entered(history, 500, 1500)) & {1, 2}, {1, 2})

    def test_links_to_two_are_cut(self):
        """Node 1 reaches no majority, and never gets the lock; node 2 does, as soon as what node 1
        may have had when its links were cut has run out."""
        cut = "{at: 500ms, cut: 1, server: [redis 1, redis 3], for: 1s}"
        for history in self.each(cut, cluster=CLUSTER.replace("ttl: 10s", "ttl: 400ms")):
            entered = set(self.entered(history, 500, 1500))
            self.assertNotIn(1, entered)
            self.assertIn(2, entered)

    def test_one_is_slower_than_the_others(self):
        for history in self.each("{at: 500ms, delay: [1, 2], by: 10ms, server: redis 2, for: 1s}"):
            for server in SERVERS:
                took = [
                    reply["t_ms"] - request["t_ms"]
                    for request, reply in history.exchanges(1)
                    if request["server"] == server
                    and request["key"] == "lock"
                    and 500 + EDGE_MS <= request["t_ms"] < 1500 - EDGE_MS
                ]
                self.assertTrue(took)
                if server == 2:
                    self.assertGreaterEqual(min(took), 20)
                else:
                    self.assertLess(min(took), 10)

    def test_a_key_is_gone_on_one(self):
        """Whoever has the lock has it by the other two."""
        for history in self.each(
            "{when: {who: 1, does: acquires_lock, nth: 3}, expire_lock: lock, server: redis 2}"
        ):
            (fault,) = history.of("harness", "fault")
            (gone,) = [e for e in history.of("harness", "expired") if e["t_ms"] < 3000]
            self.assertEqual((fault["server"], gone["server"]), (2, 2))
            released = [
                (request["server"], reply.get("integer"))
                for request, reply in history.exchanges(1)
                if request.get("moment") == "releases_lock" and request["t_ms"] >= fault["t_ms"]
            ][:3]
            self.assertEqual(sorted(released), [(1, "1"), (2, "0"), (3, "1")])

    def test_a_minority_is_no_majority(self):
        for history in self.each("{at: 500ms, crash: minority, for: 1s}"):
            ((server,),) = {tuple({e["server"]}) for e in history.of("harness", "fault")}
            self.assert_gone(history, server, 500, 1500)
            for other in set(SERVERS) - {server}:
                self.assert_goes_on(history, other, 500, 1500)


if __name__ == "__main__":
    unittest.main()
