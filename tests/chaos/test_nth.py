"""A moment drawn by the seed, `nth: {from: …, to: …}`: exactly there, the same on both hosts,
another in each trial; a plan has it as a number."""
# ctest-timeout: 120
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from histories import Runs  # noqa: E402

FIRST, LAST = 3, 18
SCENARIO = """\
name: nth
nodes: 2
duration: 1500ms
protocol: {lease: {duration: 1s, renew_deadline: 800ms, retry: 100ms}}
work: {every: 50ms}
faults:
  - {when: {who: any, does: writes, nth: {from: 3, to: 18}, before: true}, pause: leader, for: 5ms}
  - when:
      who: any
      sends: EVALSHA
      before: true
      nth:
        to: 7
        from: 2   # of its renewals
    delay: leader
    by: 1ms
    for: 5ms
  - {when: {does: settled, nth: {from: 1, to: 1}}, delay: leader, by: 1ms, for: 5ms}
"""
OPERATIONS = ("write", "extend_if_equal")


def times(events):
    """The how many-th write, and the how many-th renewal, the first and the second fault met."""
    met = []
    for index, operation in enumerate(OPERATIONS):
        (at,) = [i for i, event in enumerate(events)
                 if event["event"] == "fault" and event["index"] == index]
        met.append(1 + sum(event["event"] == "request" and event["op"] == operation
                           for event in events[:at]))
    return tuple(met)


class Nth(Runs):
    def drawn(self, host, path, *options):
        _, folder = self.run_on(host, path, "--histories", "all", *options)
        return [times(events) for events in self.histories(folder)]

    def test_each_trial_draws_its_own_and_both_hosts_the_same(self):
        path = self.scenario(SCENARIO)
        model = self.drawn("model", path, "--trials", "200", "--seed", "9")
        self.assertEqual({write for write, _ in model}, set(range(FIRST, LAST + 1)))
        self.assertEqual({renewal for _, renewal in model}, set(range(2, 8)))
        self.assertEqual(self.drawn("processes", path, "--trials", "3", "--seed", "9"), model[:3])

    def test_a_plan_has_it_as_a_number(self):
        path, numbers = self.scenario(SCENARIO), set()
        for seed in ("4", "5", "6"):
            done, folder = self.run_on("model", path, "--print-plan", "--seed", seed)
            (write, renewal), = [times(events) for events in self.histories(folder)]
            want = (SCENARIO.replace("name: nth", f"name: nth\nseed: {seed}")
                    .replace("{from: 3, to: 18}", str(write))
                    .replace("to: 7\n        from: 2 ", f"{renewal} ")
                    .replace("{from: 1, to: 1}", "1"))
            self.assertEqual(sorted(done.stdout.split("\n")), sorted(want.split("\n")))
            plan = self.scenario(done.stdout, "plan")
            self.assertEqual(self.drawn("model", plan), [(write, renewal)])
            numbers.add(write)
        self.assertGreater(len(numbers), 1)

    def test_faults_with_the_same_when_come_together(self):
        when = "{when: {who: any, does: writes, nth: {from: 3, to: 18}, before: true}"
        path = self.scenario(SCENARIO.split("faults:")[0] + f"faults:\n  - {when}, delay: leader, "
                             f"by: 1ms, for: 5ms}}\n  - {when}, pause: leader, for: 5ms}}\n")
        _, folder = self.run_on("model", path, "--trials", "20", "--histories", "all")
        for events in self.histories(folder):
            one, other = [event["t_ns"] for event in events if event["event"] == "fault"]
            self.assertEqual(one, other)

    def test_a_moment_that_never_came_is_told_with_its_range(self):
        path = self.scenario(SCENARIO.replace("from: 3, to: 18", "from: 300, to: 1800"))
        done, _ = self.run_on("model", path)
        self.assertIn("nobody ever wrote as many times as was drawn (300 to 1800)",
                      " ".join(done.stdout.split()))


if __name__ == "__main__":
    unittest.main()
