"""Stalls drawn from an engineer's own table: the same lengths in the same order for a seed, pauses
on both hosts, and what they cost."""
# ctest-timeout: 120
import csv
import json
import os
import re
import shlex
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from histories import Runs  # noqa: E402

TABLE = "# lengths of a week\n20\n35ms   # short\n0.02 s\n700ms\n"
LENGTHS = {20_000_000, 35_000_000, 700_000_000}
SCENARIO = """\
name: stalls
nodes: 3
duration: {duration}
protocol: {{lease: {{duration: 600ms, renew_deadline: 400ms, retry: 100ms}}}}
pauses: {{table: gc.log, {pauses}}}
expect:
  checks: {{two_leaders: allowed, two_lock_holders: allowed, disagreement: allowed}}
"""


class Stalls(Runs):
    def stalls(self, pauses, duration="4s", table=TABLE):
        with open(os.path.join(self.place, "gc.log"), "w", encoding="utf-8") as file:
            file.write(table)
        return self.scenario(SCENARIO.format(pauses=pauses, duration=duration))

    @staticmethod
    def rows(folder, name):
        with open(os.path.join(folder, name), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def drawn(self, folder):
        """Of each trial, the lengths that were ordered, in ns, and those that came of it, in ms."""
        for events in self.histories(folder):
            faults = [event for event in events if event["event"] == "fault"]
            self.assertTrue(all(event["fault"] == "pause" for event in faults))
            ends = {event["instance"]: event["t_ms"] for event in events
                    if event["event"] == "healed"}
            yield ([int(event["param"]) for event in faults],
                   [ends[event["instance"]] - event["t_ms"] for event in faults
                    if event["instance"] in ends])

    def check_lengths(self, folder, at_least):
        orders = []
        for ordered, lasted in self.drawn(folder):
            self.assertGreaterEqual(len(ordered), at_least)
            self.assertLessEqual(set(ordered), LENGTHS)
            for want, got in zip(ordered, lasted):
                self.assertGreater(got, want / 1e6 - 1)
            orders.append(ordered)
        return orders

    def test_lengths_are_drawn_by_the_seed_and_only_by_it(self):
        """Whom it hits changes nothing about how long the nth one lasts."""
        orders = []
        for who in ("any", "leader", "2"):
            path = self.stalls(f"every: 800ms, who: {who}", duration="20s")
            _, folder = self.run_on("model", path, "--seed", "9")
            (order,) = self.check_lengths(folder, 10)
            orders.append(order)
        self.assertEqual(orders[0], orders[1])
        self.assertEqual(orders[0], orders[2])
        self.assertEqual(set(orders[0]), LENGTHS)

    def test_processes_are_paused_likewise(self):
        path = self.stalls("every: 800ms, who: any")
        _, folder = self.run_on("processes", path, "--seed", "9")
        (real,) = self.check_lengths(folder, 4)
        _, folder = self.run_on("model", path, "--seed", "9")
        (model,) = self.check_lengths(folder, 4)
        self.assertEqual(real, model)

    def test_what_they_cost(self):
        """A pause of 700 ms always costs the leadership where the deadline is 400 ms; one of 35 ms
        or less never does: deadline and retry are 300 ms apart."""
        path = self.stalls("every: 2s, who: leader", duration="41s")
        done, folder = self.run_on("model", path, "--trials", "30", "--histories", "all")
        orders = [order for order, _ in self.drawn(folder)]
        rows = self.rows(folder, "trials.csv")
        for order, row in zip(orders, rows):
            self.assertEqual(int(row["stalls"]), len(order))
            self.assertEqual(int(row["stalls_that_cost"]), order.count(700_000_000))
        stalls = sum(int(row["stalls"]) for row in rows)
        cost = sum(int(row["stalls_that_cost"]) for row in rows)
        self.assertIn(f"{stalls} stalls: {cost} of them ({100 * cost / stalls:.1f} %) cost the "
                      "leadership, and because of these nobody led for ",
                      " ".join(done.stdout.split()))
        told = self.hustings("check", folder)
        self.assertIn(f"({100 * cost / stalls:.1f} %) cost the leadership", told.stdout)

    def test_the_one_that_cost_most_can_be_looked_at(self):
        """Also where its history was not kept: by a command that shows that very trial."""
        path = self.stalls("every: 4s, who: leader", duration="8s", table="20\n30\n40\n50\n600\n")
        for kept in ("all", "none"):
            done, folder = self.run_on(
                "model", path, "--trials", "30", "--seed", "5", "--histories", kept)  # fmt: skip
            said, folder = " ".join(done.stdout.split()), os.path.realpath(folder)
            most = re.search(r"([\d.,]+ ms) at most at a time\. The longest was in trial (\d+)\. "
                             r"see it (\S+hustings) (.*?) (?=Not tested|Never)", said)  # fmt: skip
            self.assertTrue(most, said)
            shown = self.hustings(*shlex.split(most[4])).stdout
            self.assertIn("is paused, while it leads", shown)
            if kept == "none":
                self.assertIn("1 of them (100.0 %) cost the leadership", " ".join(shown.split()))
                self.assertIn(most[1] + " at most at a time", " ".join(shown.split()))
            told = self.hustings("check", "--explain", most[2], folder)
            if kept == "none":
                row = self.rows(folder, "trials.csv")[int(most[2]) - 1]
                self.assertIn(f"this runs it again: {row['reproduce']}", told.stderr)
                self.assertEqual(told.returncode, 3)
            else:
                self.assertIn("is paused, while it leads", told.stdout)

    def test_who_stood_still_writes_before_it_looks_at_its_lease(self):
        """Both timers have run out when a leader goes on. That of its next write was due first."""
        path = self.stalls("every: 1070ms, until: 1300ms, who: leader", "3s", "900\n")
        with open(path, "a", encoding="utf-8") as file:
            file.write("  settles_within: 5s\nwork: {every: 20ms}\n")
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("checks: {", "checks: {stale_write: allowed, ")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        for host, trials, at_least in (("model", 100, 90), ("processes", 5, 1)):
            _, folder = self.run_on(host, path, "--trials", str(trials))
            stale = [int(row["stale_writes"]) for row in self.rows(folder, "trials.csv")]
            self.assertEqual(len(stale), trials)
            self.assertGreaterEqual(sum(count > 0 for count in stale), at_least, host)

    def costs(self, length, trials=60):
        """In how many trials one pause of this length costs the leadership. The lease is 600 ms."""
        text = SCENARIO.replace("pauses: {{table: gc.log, {pauses}}}",
                                "starts: {{all: {{within: 2s}}}}\n"
                                "faults: [{{at: 5s, pause: leader, for: {pauses}}}]")
        path = self.scenario(text.format(pauses=length, duration="8s"))
        _, folder = self.run_on("model", path, "--trials", str(trials), "--histories", "none")
        rows = self.rows(folder, "trials.csv")
        self.assertEqual({row["stalls"] for row in rows}, {"1"})
        return sum(int(row["stalls_that_cost"]) for row in rows)

    def test_it_is_the_deadline_that_counts(self):
        self.assertEqual(self.costs("299ms"), 0)
        self.assertEqual(self.costs("401ms"), 60)
        self.assertIn(self.costs("350ms"), range(15, 46))  # half of them, by chance

    def test_a_trial_with_many_elections_takes_a_short_line(self):
        path = self.stalls("every: 900ms, who: leader", duration="40s", table="20\n")
        done, _ = self.run_on("model", path, "--trials", "2")
        lines = [line for line in done.stdout.splitlines() if line.startswith("  trial ")]
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertEqual(line.count("nobody (withdrawn)"), 2, line)
            self.assertRegex(line, r"(…|\.\.\.) and \d+ more$")

    def test_what_was_withdrawn_is_not_told_as_a_failure(self):
        path = self.stalls("every: 2s, who: leader", duration="7s", table="20\n")
        for trials in ("1", "3"):
            text = " ".join(self.run_on("model", path, "--trials", trials)[0].stdout.split())
            self.assertIn(" nobody - - withdrawn " if trials == "1" else "nobody had to be elected",
                          text)  # fmt: skip
            self.assertIn("none cost the leadership", text)
            self.assertNotIn(" none ", text.partition("stalls: ")[0])
            self.assertNotIn("nobody was elected", text)

    def test_long_times_have_commas(self):
        path = self.stalls("every: 3s, who: leader", duration="100s", table="900\n")
        text = " ".join(self.run_on("model", path, "--trials", "100")[0].stdout.split())
        self.assertRegex(text, r"nobody led for \d,\d{3}\.\d s in all, \d[\d,.]+ ms at most at a "
                               r"time \(p99 [\d,.]+ ms\)\.")

    def test_no_stale_write_proves_little(self):
        path = self.stalls("every: 2s, who: leader", duration="7s", table="20\n")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for more, told in (("", False), ("work: {every: 50ms}\n", True),
                           ("work: {every: 50ms}\nfencing: true\n", False)):
            said = self.run_on("model", self.scenario(text + more))[0].stdout
            self.assertEqual("That does not show that you need no fencing" in said, told, said)

    def test_bounds_that_held_are_told(self):
        path = self.stalls("every: 2s, who: leader", duration="7s", table="20\n")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        path = self.scenario(text + "  leaderless_ms: {max: 3000}\n  elect_ms: {max: 2500}\n")
        said = " ".join(self.run_on("model", path)[0].stdout.split())
        self.assertRegex(said, r"bounds elect_ms max: [\d.,]+ ms \(bound 2,500\.0 ms\) "
                               r"leaderless_ms: [\d.,]+ ms \(bound 3,000\.0 ms\)")

    def test_short_ones_cost_nothing(self):
        path = self.stalls("mean: 100ms", table="10\n25ms\n", duration="10s")
        done, folder = self.run_on("model", path, "--trials", "20")
        self.assertIn("stalls: none cost the leadership.", " ".join(done.stdout.split()))
        cost = [row["stalls_that_cost"] for row in self.rows(folder, "trials.csv")]
        self.assertEqual(cost, ["0"] * 20)

    def test_nothing_is_said_where_none_can_cost(self):
        """By the article's rules, who is paused goes on being what it says: nobody is elected for
        it, and no stall was put to that test."""
        path = self.stalls("mean: 100ms", duration="10s")
        with open(path, encoding="utf-8") as file:
            lease = "{lease: {duration: 600ms, renew_deadline: 400ms, retry: 100ms}}"
            path = self.scenario(file.read().replace(lease, "article"), "article")
        done, folder = self.run_on("model", path, "--trials", "5")
        self.assertNotIn("the leadership", done.stdout)
        self.assertNotIn("the leadership", self.hustings("check", folder).stdout)
        rows = self.rows(folder, "trials.csv")
        self.assertTrue(all(int(row["stalls"]) > 0 for row in rows), rows)
        self.assertEqual([row["stalls_that_cost"] for row in rows], [""] * 5)
        told = self.hustings("run", "--on", "model", "--out", self.place, "--format", "json", path)
        (scenario,) = json.loads(told.stdout)["scenarios"]
        self.assertEqual([trial["stalls_that_cost"] for trial in scenario["trials"]], [None])

    def test_results_are_judged_again_without_the_table(self):
        path = self.stalls("mean: 300ms")
        _, folder = self.run_on("model", path)
        os.remove(os.path.join(self.place, "gc.log"))
        told = self.hustings("check", folder)
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
        told = self.hustings("run", "--on", "model", "--out", self.place, path)
        self.assertEqual(told.returncode, 2)
        self.assertIn("gc.log: cannot be read: No such file or directory", told.stderr)


if __name__ == "__main__":
    unittest.main()
