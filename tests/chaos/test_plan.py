"""A plan is the scenario's own text with what was drawn: whatever the scenario and however it is
written, lint takes its plan, and in the model it does what the trial did."""
# ctest-timeout: 600
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from histories import Runs  # noqa: E402
from writer import Writer  # noqa: E402

COUNT = int(os.environ.get("HUSTINGS_PLANS", "150"))

LONG_TTL = """\
name: plan-ttl
nodes: 2
duration: 1s
lock: {token: {ttl: 300m}}
faults:
  - {randomly: {mean: 300ms}, flip: any, to: submit}
"""

EXPIRE = """\
name: plan-expire
nodes: 2
duration: 1s
faults:
  - {randomly: {mean: 200ms}, expire_lock: lock_holder}
expect: {checks: {two_lock_holders: allowed}}
"""

# A leader has the lock all the while: it is hit at once, and who leads next when he gets it.
LEASE = """\
name: plan-lease
nodes: 3
duration: 8s
protocol: {lease: {duration: 1s, renew_deadline: 700ms, retry: 200ms}}
faults:
  - randomly: {mean: 700ms}
    one_of: [{expire_lock: lock}, {pause: lock_holder, for: 20ms}, {crash: leader, for: 1s}]
expect: {checks: {two_lock_holders: allowed, two_leaders: allowed, idle_leader: allowed}}
"""

# Restarts at fixed times, of whom chaos may have crashed, or not.
RESTARTS = """\
name: plan-restarts
nodes: 3
duration: 3s
faults:
  - {at: 1s, restart: 1}       # if it is dead
  - at: 1500ms
    restart: [2, 3]            # both or one
  - {at: 1500ms, pause: [2, 3], for: 20ms}
  - randomly: {mean: 400ms, at_most_down: 3}   # who
    # crashes
    crash: any
  - {every: 1s, pause: 3, for: 10ms}
  # the end of the faults
"""

# Crashes again and again, of one whom chaos restarts; or not, and then lint finds no sense in it.
EVERY = """\
name: plan-every
nodes: 2
duration: 2s
faults: [{every: 300ms, crash: 1}, {randomly: {mean: 900ms}, restart: [1, master]}]   # all
expect: {checks: {dead_leader: allowed, no_leader: allowed}}
"""

STALLS = "# a log\n12.345\n150ms\r\n\n0.4 s  # long\n20\n7us\n"

SERVERS = """\
name: plan-servers
nodes: 3
duration: 2s
lock: none
redis: {topology: independent, servers: 5}
faults:
  - {at: 1s, crash: minority, for: 200ms}      # not chaos: it stays as it is
  - randomly: {mean: 100ms}
    one_of:
      - {stall: majority, for: 50ms}
      - {crash: [redis 1, redis 5], for: 20ms}
      - {cut: any, server: minority, for: 50ms}
      - {delay: lock_holder, by: 1ms, server: redis 4, for: 10ms}
expect: {checks: {two_lock_holders: allowed, two_leaders: allowed, stale_result: allowed}}
"""


class Plan(Runs):
    def setUp(self):
        super().setUp()
        with open(os.path.join(self.place, "gc.log"), "w", encoding="utf-8") as file:
            file.write(STALLS)

    def write(self, text, name="scenario"):
        path = os.path.join(self.place, name + ".yaml")
        with open(path, "wb") as file:
            file.write(text.encode())
        return path

    def is_good(self, path):
        return self.hustings("lint", "--quiet", path).returncode == 0

    def events(self, out):
        (events,) = self.histories(os.path.join(out, "latest"))
        for event in events:
            for key in ("index", "instance", "why") if "fault" in event else ():
                event.pop(key, None)
            event.pop("i")
        return [event for event in events if event["event"] != "skipped"]

    def run_once(self, path, *options):
        self.runs += 1
        out = os.path.join(self.place, f"results-{self.runs}")
        done = self.hustings("run", "--on", "model", "--trials", "1", "--histories", "all", "--out",
                             out, *options, path, binary=True)
        self.assertIn(done.returncode, (0, 1, 4), done.stderr.decode())
        return done.stdout.decode(), self.events(out)

    def assert_reproduces(self, text, *options):
        """Returns the plan, which does what the trial did."""
        plan, events = self.run_once(self.write(text), "--print-plan", *options)
        path = self.write(plan, "plan")
        told = self.hustings("lint", "--quiet", path)  # it may warn
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr + plan)
        _, again = self.run_once(path)
        self.assertEqual(again, events, f"{text}\n{plan}")
        return plan

    def assert_lines_stay(self, text, plan):
        """All that the scenario says is there, in its order, faults aside in a comment, too."""
        newline = "\r\n" if "\r\n" in text else "\n"
        self.assertEqual(plan.count("\n"), plan.count(newline))

        def words(text):
            return re.sub(r"[\s,#\[\]]", "", text.replace("faults: []", "faults:"))

        left = words(plan)
        for line in text.split(newline):
            if re.match(r"\s*(trials|seed): \d+", line):
                continue
            for part in re.split(r"(?<=[}\]]), (?=[{\[])|(?<=faults: \[)|\s+(?=#)", line):
                _, found, left = left.partition(words(part)) if words(part) else ("", "-", left)
                self.assertTrue(found, f"{part!r} is gone from\n{plan}")

    def test_known_ones(self):
        for text in (LONG_TTL, EXPIRE, LEASE, RESTARTS, EVERY, SERVERS):
            for seed in range(1, 13):
                with self.subTest(text=text, seed=seed):
                    plan = self.assert_reproduces(text, "--seed", str(seed))
                    self.assert_lines_stay(text, plan)

    def test_only_what_must_change_changes(self):
        text = ("# yaml-language-server: $schema=x.json\n"
                "name: storm\nnodes: 3   # three\ntrials: 20   # many\nseed: 0x10\n"
                "duration: 1s\n\nfaults:   # all\n- {at: 10ms, flip: 1, to: submit}   # one\n"
                "- randomly: {mean: 300ms}   # now and then\n"
                "  one_of:\n    # the leader\n    - crash: leader   # ü\n\n# and\n"
                "- {at: 5ms, resume: 2}\n# the end\nheal: false")
        told = self.hustings("lint", "--quiet", self.write(text))
        self.assertIn("impossible", told.stdout + told.stderr)
        text = text.replace("resume: 2", "hold_lock: 2, for: 1ms")
        plan = self.assert_reproduces(text, "--seed", "16")
        drawn = re.findall(r"\n- \{at: [0-9.]+ms, crash: [123]\}", plan)
        self.assertGreater(len(drawn), 0)
        self.assertEqual(plan, text.replace("trials: 20", "trials: 1").replace(
            "- randomly: {mean: 300ms}   # now and then\n"
            "  one_of:\n    # the leader\n    - crash: leader   # ü\n",
            "# - randomly: {mean: 300ms}   # now and then\n"
            "#   one_of:\n#     # the leader\n#     - crash: leader   # ü\n"
            "# Drawn in trial 1 with seed 16, on model:" + "".join(drawn) + "\n"))

    def test_pauses_become_faults(self):
        text = ("name: stalls\nnodes: 3   # three\nduration: 2s\n"
                "pauses:   # ours\n  table: gc.log\n  mean: 200ms  # often\n# and\nheal: false\n")
        plan = self.assert_reproduces(text)
        drawn = re.findall(r"\n  - \{at: [0-9.]+ms, pause: [123], for: [0-9.]+[mu]s\}", plan)
        self.assertGreater(len(drawn), 3)
        self.assertEqual(plan, text.replace(
            "pauses:   # ours\n  table: gc.log\n  mean: 200ms  # often\n",
            "# pauses:   # ours\n#   table: gc.log\n#   mean: 200ms  # often\n"
            "faults:\n  # Drawn in trial 1 with seed 1, on model:" + "".join(drawn) + "\n"))

    def test_what_can_do_nothing_is_a_comment(self):
        plan, _ = self.run_once(self.write(RESTARTS), "--print-plan", "--seed", "2")
        self.assertIn("\n  # - {at: 1s, restart: 1}       # if it is dead\n"
                      "  # {at: 1s, restart: 1}: skipped, it was alive\n", plan)

    def test_too_many_to_write(self):
        text = ("name: many\nnodes: 3\nduration: 9s\n"
                "faults: [{randomly: {mean: 1ms}, flip: any, to: submit}]")
        self.runs += 1
        done = self.hustings("run", "--on", "model", "--print-plan", "--out", self.place,
                             self.write(text))
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("make mean: longer", done.stderr)

    def test_random_ones(self):
        good = 0
        seed = 0
        while good < COUNT:
            seed += 1
            self.assertLess(seed, 30 * COUNT, "hardly any of them lints")
            writer = Writer(seed)
            value = writer.make()
            text = writer.write(value)
            if not self.is_good(self.write(text)):
                continue
            good += 1
            with self.subTest(seed=seed):
                plan = self.assert_reproduces(text, "--seed", str(writer.dice.randint(0, 9)))
                if text.lstrip("\ufeff")[0] != "{":
                    self.assert_lines_stay(text, plan)
                if text.lstrip("\ufeff").startswith('{"') or text.startswith('{\n  "'):
                    json.loads(plan.lstrip("\ufeff"))  # a plan of JSON is JSON


if __name__ == "__main__":
    import unittest

    unittest.main()
