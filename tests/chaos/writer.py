"""Random scenarios for the tests of plans, and the ways to write them."""
import json
import random
import subprocess

from histories import HUSTINGS

OF_SERVERS = ("cut", "delay", "late", "lose_reply", "reset", "slow", "expire_lock", "evict",
              "wrong_type")
CHECKS = ("two_lock_holders", "two_leaders", "foreign_release", "wrong_winner", "stale_result",
          "dead_leader", "disagreement", "no_leader", "starvation")
MOMENTS = ("asks_lock", "acquires_lock", "releases_lock", "reports", "follows", "leads")


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
        if dice.random() < 0.3:
            made["pauses"] = self.pauses()
            made["faults"] = dice.choice([made["faults"], [], None])
            if made["faults"] is None:
                del made["faults"]
        made["expect"] = {"checks": {check: "allowed" for check in CHECKS}}
        return made

    def pauses(self):
        dice = self.dice
        made = {"table": "gc.log", dice.choice(["mean", "every"]): self.ms(50, 700)}
        if dice.random() < 0.5:
            made["who"] = self.target("leader", "any")
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
        elif way == 2 and value.get("faults"):
            text = self.lines_in_brackets(value)
        else:
            text = "".join(self.block(value, ""))
        if self.dice.random() < 0.3:
            text = text.rstrip("\n")
        if self.dice.random() < 0.1:
            text = "\ufeff" + text
        return text.replace("\n", "\r\n") if self.dice.random() < 0.3 else text
