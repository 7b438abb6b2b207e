"""The exact aim: a process stands still after the server has applied its request, and before it
reads the answer."""
# ctest-timeout: 180
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from histories import Runs  # noqa: E402

TTL_MS = 200
PAUSED_BEFORE_READING = f"""\
name: paused-before-reading
nodes: 3
trials: 100
duration: 1200ms
protocol: {{article: {{poll: 20ms}}}}
lock: {{token: {{ttl: {TTL_MS}ms, retry: 20ms}}}}
faults:
  - {{when: {{who: 1, does: asks_lock, applied: true}}, pause: 1, for: 500ms}}
expect: {{checks: {{starvation: allowed, disagreement: allowed}}}}
"""


class Applied(Runs):
    def assert_exact(self, events):
        """Node 1's SET NX was applied when it was paused, and its answer read when it went on. Who
        else was answered meanwhile, before its TTL was over: True if there was somebody."""
        (fault,) = [i for i, event in enumerate(events) if event["event"] == "fault"]
        own = [event for event in events if event["process"] == 1]
        paused = [i for i, event in enumerate(own) if event["event"] == "paused"]
        self.assertEqual(len(paused), 1)
        (at,) = paused
        asked = [event for event in own[:at] if event["event"] == "request"][-1]
        self.assertEqual((asked["op"], asked["moment"]), ("put_if_absent", "asks_lock"))
        self.assertEqual([event["event"] for event in own[at - 1:at + 2]],
                         ["fault", "paused", "resumed"])
        answer = [event for event in own[at:] if event["event"] == "reply"][0]
        self.assertEqual((answer["number"], answer["outcome"]), (asked["number"], "ok"))
        others = [event for event in events[fault:] if event["process"] in ("master", 2, 3)]
        busy = [event["outcome"] for event in others if event.get("op") == "put_if_absent"
                and event["event"] == "reply" and event["t_ms"] < asked["t_ms"] + TTL_MS]
        self.assertLessEqual(set(busy), {"nil"})  # it is node 1's, who does not know yet
        return bool(busy)

    def test_a_hundred_times_of_a_hundred_on_processes(self):
        """However late the harness is, for the process stands still meanwhile."""
        _, folder = self.run_on("processes", self.scenario(PAUSED_BEFORE_READING), "--jobs", "10",
                                late_ones_count=True)
        met = [self.assert_exact(events) for events in self.histories(folder)]
        self.assertEqual(len(met), 100)
        self.assertIn(True, met)  # in nearly all of them, unless the machine is busy

    def test_and_in_the_model(self):
        _, folder = self.run_on("model", self.scenario(PAUSED_BEFORE_READING))
        for events in self.histories(folder):
            self.assertTrue(self.assert_exact(events))

    def applied_to(self, host, does, lock="token"):
        """The requests after which node 1 (or the master) was killed, before it read the answer."""
        who = "master" if does in ("reads", "publishes") else "1"
        text = ("name: killed\nnodes: 3\ntrials: 3\nduration: 500ms\nheal: false\n"
                f"lock: {{{lock}: {{ttl: 1s, retry: 10ms}}}}\nfaults:\n"
                f"  - {{when: {{who: {who}, does: {does}, applied: true}}, crash: {who}}}\n"
                "expect: {checks: {dead_leader: allowed, disagreement: allowed}}\n")
        _, folder = self.run_on(host, self.scenario(text))
        for events in self.histories(folder):
            victim = "master" if who == "master" else 1
            own = [event for event in events if event["process"] == victim]
            self.assertEqual([event["event"] for event in own[-3:]], ["request", "fault", "died"])
            yield own[-3]

    def test_every_request_can_be_met_there(self):
        ops = {"asks_lock": "put_if_absent", "releases_lock": "delete_if_equal",
               "reports": "set_status", "reads": "read_ballot", "publishes": "set_result"}
        for host in ("model", "processes"):
            for does, op in ops.items():
                with self.subTest(host=host, does=does):
                    requests = list(self.applied_to(host, does))
                    self.assertEqual({request["op"] for request in requests}, {op})
                    self.assertEqual(len(requests), 3)
            with self.subTest(host=host, lock="setnx"):
                requests = list(self.applied_to(host, "releases_lock", "setnx"))
                self.assertEqual({request["op"] for request in requests}, {"delete"})


if __name__ == "__main__":
    import unittest

    unittest.main()
