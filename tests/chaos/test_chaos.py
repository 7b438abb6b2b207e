"""Chaos: faults at random times, within a budget; what was drawn can be written down and happens
again; everything heals."""
# ctest-timeout: 300
import collections
import csv
import json
import os
import pathlib
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from histories import Runs  # noqa: E402
from support.judged import judged, until_judged  # noqa: E402

STORM = """\
name: storm
nodes: 5
trials: 1000
duration: 10s
protocol: {article: {report: 500ms}}
request_timeout: 300ms
redis: {persistence: aof-everysec}
faults:
  - randomly: {mean: 400ms, until: 9s, at_most_down: 2}
    one_of:
      - {crash: any, for: 1s, weight: 2}
      - {pause: any, for: 500ms}
      - {pause: master, for: 300ms}
      - {flip: any, to: submit}
      - {flip: [1, 2, master], to: prepare}
      - {crash: lock_holder, for: 700ms}
      - {pause: lock_holder}
      - {resume: [1, 2, 3, 4, 5]}
      - {restart: [1, 2, 3, 4, 5]}
      - {expire_lock: lock}
      - {hold_lock: any, for: 2500ms}
      - {crash: leader}
      - {cut: any, for: 600ms}
      - {cut: lock_holder, for: 400ms, direction: replies}
      - {delay: any, by: 20ms, jitter: 10ms, for: 1s}
      - {late: any, by: 800ms}
      - {cut: any, for: 300ms, drop: true}
      - {lose_reply: any}
      - {lose: any, share: 30, for: 500ms}
      - {reset: any, point: applied}
      - {refuse_command: any, of: EVALSHA, error: READONLY}
      - {slow: any, rate: 5000, for: 500ms}
      - {stall: redis, for: 400ms}
      - {crash: redis, for: 200ms}
      - {power_loss: redis, for: 200ms}
      - {evict: lock}
      - {forget_scripts: redis}
      - {wrong_type: lock, for: 200ms}
      - {oom: redis, for: 200ms}
      - {refuse: redis, for: 200ms}
      - {jump: redis, by: 5s, for: 1s}
      - {jump: any, by: -1s}
      - {drift: any, ppm: 100000, for: 1s}
expect:
  checks: {two_lock_holders: allowed, two_leaders: allowed, stale_result: allowed,
           dead_leader: allowed, disagreement: allowed, starvation: allowed, no_leader: allowed}
"""


# The article's leaders do not resign: the storm of tests/chaos/test_lease.py has these.
ELSEWHERE = {"resign"}

# The lock may be gone by then; the trouble of the next request may be under way already.
MAY_COME_TO_NOTHING = (
    "expire_lock", "evict", "late", "lose", "lose_reply", "refuse_command", "reset"
)  # fmt: skip


def name_of(event):
    return event["process"]


class Chaos(Runs):
    def down_at_most(self, events):
        """The most processes that were dead or stopped at once before the end."""
        down, most = set(), 0
        for event in events:
            if event["event"] == "phase" and event["phase"] == "liveness":
                return most, down
            if event["event"] in ("died", "paused"):
                down.add(name_of(event))
            elif event["event"] in ("born", "resumed"):
                down.discard(name_of(event))
            most = max(most, len(down))
        return most, down

    def test_the_storm_has_every_fault(self):
        listed = self.hustings("list", "faults").stdout
        drawn = set(re.findall(r"- \{(\w+):", STORM))
        self.assertEqual(drawn | ELSEWHERE, set(re.findall(r"^  (\w+) ", listed, re.M)))
        self.assertEqual(drawn & ELSEWHERE, set())
        storms = (pathlib.Path(__file__).parent / "test_lease.py").read_text(encoding="utf-8")
        for fault in ELSEWHERE:
            self.assertIn(f"- {{{{{fault}: ", storms)

    def test_a_thousand_trials_are_all_decided(self):
        done, folder = self.run_on("model", self.scenario(STORM), "--format", "json")
        (scenario,) = json.loads(done.stdout)["scenarios"]
        self.assertEqual(len(scenario["trials"]), 1000)
        self.assertFalse(scenario["undecided"])
        with open(os.path.join(folder, "trials.csv"), newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        verdicts = collections.Counter(row["verdict"] for row in rows)
        self.assertEqual(sum(verdicts.values()), 1000)
        self.assertGreaterEqual(min(float(row["duration_ms"]) for row in rows), 10000)
        self.assertEqual(set(verdicts) - {"passed", "failed"}, set(), verdicts)

    def test_never_more_are_down_than_the_budget_allows(self):
        for budget in (0, 1, 2, 6):
            text = STORM.replace("at_most_down: 2", f"at_most_down: {budget}")
            _, folder = self.run_on("model", self.scenario(text), "--trials", "40")
            most = [self.down_at_most(events)[0] for events in self.histories(folder)]
            self.assertEqual(len(most), 40)
            self.assertLessEqual(max(most), budget)
            if budget < 6:
                self.assertEqual(max(most), budget, "the budget is never used")

    def test_only_what_is_possible_is_drawn(self):
        _, folder = self.run_on("model", self.scenario(STORM), "--trials", "150",
                                "--histories", "all")
        drawn = collections.Counter()
        for events in self.histories(folder):
            for event in events:
                if event["event"] in ("fault", "skipped"):
                    drawn[event["fault"]] += 1
                if event["event"] == "skipped":
                    self.assertIn(event["fault"], MAY_COME_TO_NOTHING, event)
        for fault in re.findall(r"- \{(\w+):", STORM):
            self.assertGreater(drawn[fault], 0, fault)

    def test_everything_is_up_when_the_faults_are_over(self):
        _, folder = self.run_on("model", self.scenario(STORM), "--trials", "40")
        broken = 0
        for events in self.histories(folder):
            (end,) = [i for i, event in enumerate(events)
                      if event["event"] == "phase" and event["phase"] == "liveness"]
            healed = [event["process"] for event in events[:end] if event["event"] == "healed"]
            broken += len(healed)
            state = {}
            for event in events:
                if event["event"] in ("born", "died", "paused", "resumed"):
                    state[name_of(event)] = event["event"]
            self.assertEqual(set(state.values()) - {"born", "resumed"}, set())
        self.assertGreater(broken, 0)

    def test_weights_and_mean_are_as_said(self):
        text = ("name: dice\nnodes: 2\nduration: 100s\ntrials: 20\nheal: false\nfaults:\n"
                "  - randomly: {mean: 100ms, until: 90s}\n"
                "    one_of: [{flip: 1, to: submit, weight: 3}, {flip: 2, to: prepare}]\n"
                "expect: {checks: {two_leaders: allowed, disagreement: allowed, no_leader: allowed,"
                " stale_result: allowed}}\n")
        _, folder = self.run_on("model", self.scenario(text))
        gaps, drawn = [], collections.Counter()
        for events in self.histories(folder):
            last = 0.0
            for event in events:
                if event["event"] == "fault":
                    gaps.append(event["t_ms"] - last)
                    last = event["t_ms"]
                    drawn[event["process"]] += 1
            self.assertLess(last, 90000)
        count = len(gaps)
        self.assertAlmostEqual(sum(gaps) / count, 100, delta=3)
        self.assertAlmostEqual(sum(gap > 100 for gap in gaps) / count, 0.368, delta=0.015)
        self.assertAlmostEqual(sum(gap > 300 for gap in gaps) / count, 0.050, delta=0.008)
        self.assertAlmostEqual(drawn[1] / count, 0.75, delta=0.015)

    def test_one_group_does_not_disturb_another(self):
        one = ("name: two\nnodes: 4\nduration: 5s\ntrials: 3\nfaults:\n"
               "  - {randomly: {mean: 100ms}, flip: [1], to: submit}\n")
        two = one + "  - {randomly: {mean: 50ms}, flip: [2], to: submit}\n"
        told = "expect: {checks: {two_leaders: allowed, stale_result: allowed}}\n"

        def times(text):
            _, folder = self.run_on("model", self.scenario(text + told))
            return [[event["t_ns"] for event in events
                     if event["event"] == "fault" and event["process"] == 1]
                    for events in self.histories(folder)]

        alone = times(one)
        self.assertEqual(alone, times(two))
        self.assertEqual(len({tuple(trial) for trial in alone}), 3)  # each trial has its own seed

    # --- the plan -------------------------------------------------------------------------------

    def plan_of(self, host, path, *options):
        out = os.path.join(self.place, "planned")
        words = ("run", "--on", host, "--print-plan", "--out", out, *options, path)
        done = until_judged(lambda: judged(self.hustings(*words), out))
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.stdout, list(self.histories(os.path.join(out, "latest")))[0]

    @staticmethod
    def without_places(events):
        """What happened, but for the places in the file's list of faults."""
        for event in events:
            by_fault = "fault" in event or event["event"] == "command"
            for key in ("index", "instance", "why") if by_fault else ():
                event.pop(key, None)
            event.pop("i")
        return events

    @staticmethod
    def without_nothing(events):
        """Without the faults that came to nothing: the plan leaves them away."""
        return [event for event in events if event["event"] != "skipped"]

    def test_a_plan_does_in_the_model_what_chaos_did(self):
        path = self.scenario(STORM)
        for seed in range(1, 21):
            text, events = self.plan_of("model", path, "--seed", str(seed))
            self.assertEqual(re.findall(r"^ *[^ #].*randomly", text, re.M), [])
            self.assertEqual(f"\nseed: {seed}\n" in text, seed != 1)  # 1 is the default
            plan = self.scenario(text, "plan")
            self.assertEqual(self.hustings("lint", "--quiet", plan).stdout, "")
            _, folder = self.run_on("model", plan)
            (again,) = self.histories(folder)
            self.assertEqual(self.without_places(again),
                             self.without_places(self.without_nothing(events)))

    def test_a_plan_of_real_processes_loads(self):
        short = STORM.replace("duration: 10s", "duration: 3s").replace("until: 9s", "until: 2500ms")
        short = short.replace("mean: 400ms", "mean: 100ms")
        text, events = self.plan_of("processes", self.scenario(short))
        faults = [event for event in self.without_nothing(events) if event["event"] == "fault"]
        self.assertGreater(len(faults), 5)
        self.assertLessEqual(self.down_at_most(events)[0], 2)
        plan = self.scenario(text, "plan")
        self.assertEqual(self.hustings("lint", "--quiet", plan).stdout, "")
        self.assertEqual(text.count("\n  - {"), len(faults))

    def test_a_plan_is_of_one_trial_with_chaos(self):
        calm = self.scenario("name: calm\nnodes: 2\nduration: 1s\n", "calm")
        done = self.hustings("run", "--print-plan", calm)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("its own plan", done.stderr)
        storm = self.scenario(STORM)
        for words in (["--trials", "2", storm], [storm, storm]):
            done = self.hustings("run", "--on", "model", "--print-plan", *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""))


if __name__ == "__main__":
    import unittest

    unittest.main()
