"""A plan is the scenario's own text with what was drawn: whatever the scenario and however it is
written, lint takes its plan, and in the model it does what the trial did."""
# ctest-timeout: 600
import json
import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from histories import HUSTINGS, Runs  # noqa: E402

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

OF_SERVERS = ("cut", "delay", "late", "lose_reply", "reset", "slow", "expire_lock", "evict",
              "wrong_type")
CHECKS = ("two_lock_holders", "two_leaders", "foreign_release", "wrong_winner", "stale_result",
          "dead_leader", "disagreement", "no_leader", "starvation")
MOMENTS = ("asks_lock", "acquires_lock", "releases_lock", "reports", "follows", "leads")


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


def locks_of_several():
    """Those that use more than one server; without any, the one that needs none."""
    told = subprocess.run([HUSTINGS, "list", "--format", "json"], capture_output=True, check=True)
    names = [row["name"] for row in json.loads(told.stdout)["locks"]
             if "independent" in row["topologies"]]
    return [name for name in names if name != "none"] or names


LOCKS_OF_SEVERAL = locks_of_several()


class Writer:
    """One random scenario, and one of the ways to write it."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.nodes = self.dice.randint(1, 5)
        self.servers = self.dice.choice([1, 1, 1, 2, 3, 5])
        self.lock = self.dice.choice(LOCKS_OF_SEVERAL)

    def ms(self, low, high):
        return f"{self.dice.randint(low, high)}ms"

    def process(self):
        return self.dice.choice([*range(1, self.nodes + 1), "master"])

    def processes(self):
        them = [*range(1, self.nodes + 1), "master"]
        return self.dice.sample(them, self.dice.randint(1, len(them)))

    def target(self, *words):
        kind = self.dice.random()
        if kind < 0.3:
            return self.process()
        return self.processes() if kind < 0.5 or not words else self.dice.choice(words)

    def server(self):
        dice = self.dice
        names = [f"redis {number + 1}" for number in range(self.servers)]
        return dice.choice([dice.choice(names), dice.sample(names, dice.randint(1, len(names))),
                            "minority", "majority"])

    def redis(self):
        return "redis" if self.servers == 1 else self.server()

    def fault(self):
        """With several servers, links and keys name theirs now and then."""
        made = self.some_fault()
        name = next(iter(made))
        if self.servers > 1 and self.lock == "none" and made[name] == "lock":
            return self.fault()
        if self.servers > 1 and name in OF_SERVERS and self.dice.random() < 0.5:
            made["server"] = self.server()
        return made

    def some_fault(self):
        dice = self.dice
        most = ("leader", "lock_holder", "any")
        all_ = (*most, "others")
        lasts = {"for": self.ms(10, 600)} if dice.random() < 0.7 else {}
        return dice.choice([
            lambda: {"flip": self.target(*all_), "to": dice.choice(["submit", "prepare"])},
            lambda: {"crash": self.target(*all_, self.redis()), **lasts},
            lambda: {"restart": self.target()},
            lambda: {"restart": self.target()},
            lambda: {"pause": self.target(*all_), **lasts},
            lambda: {"resume": self.target("leader", "lock_holder")},
            lambda: {"expire_lock": dice.choice(["lock", "lock_holder"])},
            lambda: {"hold_lock": self.target(*most), "for": self.ms(10, 900)},
            lambda: {"cut": self.target(*all_), **lasts,
                     "direction": dice.choice(["both", "requests", "replies"])},
            lambda: {"delay": self.target(*all_), "by": self.ms(1, 30), "jitter": "5ms", **lasts},
            lambda: {"late": self.target(*most), "by": self.ms(5, 900)},
            lambda: {"lose_reply": self.target(*most)},
            lambda: {"reset": self.target(*most), "point": dice.choice(["before", "applied"])},
            lambda: {"slow": self.target(*all_), "rate": dice.randint(1000, 9000), **lasts},
            lambda: {"stall": self.redis(), **lasts},
            lambda: {"power_loss": self.redis(), **lasts},
            lambda: {"restart": self.redis()},
            lambda: {"evict": "lock"},
            lambda: {"forget_scripts": self.redis()},
            lambda: {"wrong_type": "lock", **lasts},
            lambda: {"oom": self.redis(), **lasts},
            lambda: {"jump": self.redis(), "by": f"{dice.choice(['', '-'])}{dice.randint(1, 9)}s"},
            lambda: {"jump": self.target(*all_), "by": f"-{self.ms(1, 900)}"},
            lambda: {"drift": self.target(*all_), "ppm": dice.choice([-90000, 70000]), **lasts},
        ])()

    def randomly(self):
        dice = self.dice
        trigger = {"mean": self.ms(20, 700)}
        if dice.random() < 0.5:
            trigger["until"] = self.ms(700, 1500)
        if dice.random() < 0.8:
            trigger["at_most_down"] = dice.randint(0, self.nodes + 1)
        if dice.random() < 0.4:
            return {"randomly": trigger, **self.fault()}
        alternatives = [self.fault() for _ in range(dice.randint(1, 6))]
        for one in alternatives:
            if dice.random() < 0.5:
                one["weight"] = dice.randint(1, 20)
        return {"randomly": trigger, "one_of": alternatives}

    def entry(self):
        dice = self.dice
        kind = dice.random()
        if kind < 0.35:
            return {"at": f"{dice.randint(0, 14)}00ms", **self.fault()}
        if kind < 0.45:
            return {"every": self.ms(100, 700), **self.fault()}
        if kind < 0.5:
            return {"when": "settled", "after": self.ms(0, 400), **self.fault()}
        if kind < 0.6:
            return {"when": {"who": dice.choice(["any", self.dice.randint(1, self.nodes)]),
                             "does": dice.choice(MOMENTS), "nth": dice.randint(1, 5)},
                    **self.fault()}
        return self.randomly()

    def make(self):
        dice = self.dice
        made = {"name": "random", "nodes": self.nodes}
        if dice.random() < 0.5:
            made["trials"] = dice.choice([1, 7])
        if dice.random() < 0.5:
            made["seed"] = dice.choice([1, 2**63, 77])
        made["duration"] = "1500ms"
        if dice.random() < 0.3:
            made["heal"] = False
        if dice.random() < 0.7:
            made["protocol"] = {"article": {"decided_by": dice.choice(["master", "nodes"]),
                                            "report": self.ms(50, 900)}}
        if self.servers > 1:
            made["lock"] = self.lock
            made["redis"] = {"topology": "independent", "servers": self.servers}
        elif dice.random() < 0.7:
            made["lock"] = {dice.choice(["token", "setnx"]):
                            {"ttl": dice.choice(["100ms", "1s", "290m", "1440m"])}}
        if dice.random() < 0.3:
            made["starts"] = {"all": {"within": "100ms"}, "master": "all_reported"}
        made["faults"] = [self.entry() for _ in range(dice.randint(0, 5))]
        made["faults"].insert(dice.randint(0, len(made["faults"])), self.randomly())
        made["expect"] = {"checks": {check: "allowed" for check in CHECKS}}
        return made

    # --- ways to write it -----------------------------------------------------------------------

    def flow(self, value):
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key}: {self.flow(one)}" for key, one in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(one) for one in value) + "]"
        return json.dumps(value) if isinstance(value, bool) else str(value)

    def remark(self):
        return self.dice.choice(["", "", "", "   # größer, \"so\": it's"])

    def block(self, value, margin):
        """Lines of a map or list; some of what is in it in brackets."""
        items = value.items() if isinstance(value, dict) else [(None, one) for one in value]
        for key, one in items:
            head = margin + ("- " if key is None else f"{key}: ")
            if self.dice.random() < 0.1:
                yield margin + "# a remark\n"
            if not isinstance(one, (dict, list)) or not one or self.dice.random() < 0.3:
                yield head + self.flow(one) + self.remark() + "\n"
            elif key is None and isinstance(one, dict) and self.dice.random() < 0.7:
                lines = list(self.block(one, margin + "  "))
                first = next(i for i, line in enumerate(lines) if not line.strip().startswith("#"))
                lines[first] = margin + "- " + lines[first][len(margin) + 2:]
                yield from lines
            else:
                yield head.rstrip() + self.remark() + "\n"
                yield from self.block(one, margin + "  ")

    def lines_in_brackets(self, value):
        entries = [f"  {self.flow(one)}" for one in value["faults"]]
        rest = {key: one for key, one in value.items() if key != "faults"}
        texts = [entry + ("," if i + 1 < len(entries) else self.dice.choice(["", ","]))
                 + self.remark() for i, entry in enumerate(entries)]
        return ("".join(self.block(rest, "")) + "faults: [" + self.remark() + "\n"
                + "\n".join(texts) + "\n  ]" + self.remark() + "\n")

    def write(self, value):
        way = self.dice.randint(0, 5)
        if way == 0:
            text = json.dumps(value, indent=self.dice.choice([None, 2]))
        elif way == 1:
            text = self.flow(value) + "\n"
        elif way == 2:
            text = self.lines_in_brackets(value)
        else:
            text = "".join(self.block(value, ""))
        if self.dice.random() < 0.3:
            text = text.rstrip("\n")
        if self.dice.random() < 0.1:
            text = "\ufeff" + text
        return text.replace("\n", "\r\n") if self.dice.random() < 0.3 else text


class Plan(Runs):
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
        for text in (LONG_TTL, EXPIRE, RESTARTS, EVERY, SERVERS):
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
