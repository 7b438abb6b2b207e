"""What a split brain brings about: a leader of a lease stalls beyond it, just before a write goes
out. Unfenced, that write gets through in each trial; fenced, in none, unless the Redis loses the
counter."""
# ctest-timeout: 300
import csv
import glob
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import code_however_late, judged_rows, until_judged  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
SCENARIO = """\
name: leader-stalls
nodes: 3
protocol: {{lease: {{duration: 2s, renew_deadline: 1500ms, retry: 300ms}}}}
{fencing}work: {{every: 50ms}}
duration: 8s
faults:
  - {{when: {{who: any, does: writes, nth: 20, before: true}}, pause: leader, for: 3s}}
expect:
  checks: {{stale_write: {often}}}
  settles_within: 1s
"""
LOST = """\
name: counter-lost
nodes: 3
lock: LOCK
fencing: true
protocol: {lease: {duration: 2s, renew_deadline: 1500ms, retry: 300ms, release_on_stop: STOP}}
work: {every: 50ms}
duration: 10s
faults:
FAULTS
expect:
  checks: {stale_write: OFTEN, two_leaders: allowed, two_lock_holders: allowed,
           idle_leader: allowed}
"""
# The next leader gets the number of the one that stands still, or a lower one than the resource
# has seen.
SAME_NUMBER = """\
  - {at: 2s, crash: redis, for: 1s}
  - {when: {who: any, does: writes, nth: 60, before: true}, pause: leader, for: 4s}"""
LOWER_NUMBER = """\
  - {at: 1s, resign: leader}
  - {at: 3s, resign: leader}
  - {at: 6s, crash: redis, for: 1s}"""
UNFENCED = SCENARIO.format(fencing="", often="always")
FENCED = SCENARIO.format(fencing="fencing: true\n", often="never")


class Work(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-work-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)

    def run_text(self, text, host, trials, *options):
        """What was printed, as one line, and the rows of trials.csv that were judged: all on the
        model, and on processes those for which the harness was not late."""
        path = self.place / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        out = self.place / "out"
        command = [HUSTINGS, "run", "--on", host, "--out", str(out), "--trials", str(trials),
                   "--jobs", "5", *options, str(path)]  # fmt: skip

        def story():
            done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
            self.assertEqual(code_however_late(done, out), 0, done.stdout + done.stderr)
            return done, judged_rows(done, out)

        done, rows = until_judged(story)
        if host == "model":
            self.assertEqual(len(rows), trials)
        return " ".join(done.stdout.split()), rows

    def counted(self, column):
        """The sum of a column of trials.csv, over all trials."""
        path = self.place / "out" / "latest" / "trials.csv"
        with open(path, newline="", encoding="utf-8") as file:
            return sum(int(row[column]) for row in csv.DictReader(file))

    def gets_through(self, host, trials):
        text, rows = self.run_text(UNFENCED, host, trials)
        for row in rows:
            self.assertEqual(row["stale_writes"], "1", row)
            self.assertEqual(row["rejected_writes"], "0", row)
        self.assertIn(f"; {self.counted('stale_writes')} stale writes got through.", text)

    def is_kept_out(self, host, trials):
        text, rows = self.run_text(FENCED, host, trials)
        self.assertEqual({row["stale_writes"] for row in rows}, {"0"})
        self.assertEqual({row["verdict"] for row in rows}, {"passed"})
        for row in rows:
            self.assertGreaterEqual(int(row["rejected_writes"]), 1, row)
        self.assertIn(f"; {self.counted('rejected_writes'):,} stale writes were rejected.", text)

    def test_unfenced_it_gets_through_in_each_trial(self):
        self.gets_through("model", 300)

    def test_unfenced_it_gets_through_on_processes(self):
        self.gets_through("processes", 5)

    def test_fenced_never(self):
        self.is_kept_out("model", 100000)

    def test_fenced_never_on_processes(self):
        self.is_kept_out("processes", 5)

    def lost(self, lock, faults, often, host, trials):
        text = LOST.replace("LOCK", lock, 1).replace("FAULTS", faults).replace("OFTEN", often)
        text = text.replace("STOP", str("resign" in faults).lower())
        return self.run_text(text, host, trials)

    def test_a_counter_that_is_lost_lets_a_stale_write_through(self):
        for lock in ("token", "record"):
            with self.subTest(lock):
                text, rows = self.lost(lock, SAME_NUMBER, "always", "model", 100)
                self.assertEqual({row["stale_writes"] for row in rows}, {"1"})
                self.assertIn("; 100 stale writes got through.", text)

    def test_a_counter_that_is_lost_stops_who_leads_rightfully(self):
        for lock in ("token", "record"):
            with self.subTest(lock):
                text, rows = self.lost(lock, LOWER_NUMBER, "never", "model", 100)
                rejected = [int(row["rejected_writes"]) for row in rows]
                self.assertGreater(min(rejected), 0)
                self.assertIn(
                    f"; {sum(rejected):,} writes of the newest leader were rejected: the fencing "
                    "numbers went back",
                    text,
                )
                self.assertNotIn("stale writes were rejected", text)

    def events(self, text):
        """Those before the answer to the first stale write, without what fencing adds; and that."""
        self.run_text(text, "model", 1)
        (path,) = glob.glob(str(self.place / "out" / "latest" / "history" / "*.jsonl"))
        with open(path, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file][1:]
        resumed = [line["i"] for line in lines if line["event"] == "resumed"][0]
        after = [line for line in lines[resumed:] if line["process"] == lines[resumed]["process"]]
        (stale, *_) = [line["i"] for line in after
                       if line["event"] == "reply" and line["op"] == "write"]  # fmt: skip
        for line in lines:
            line.pop("epoch", None)
            line["op"] = line.get("op", "").replace("put_fenced", "put_if_absent")
            if line["op"] == "put_if_absent":
                line.pop("integer", None)
        return lines[:stale], lines[stale]

    def test_fencing_changes_nothing_up_to_the_first_rejected_write(self):
        unfenced, through = self.events(UNFENCED)
        fenced, rejected = self.events(FENCED)
        self.assertEqual(unfenced, fenced)
        self.assertEqual((through["outcome"], rejected["outcome"]), ("ok", "nil"))
        self.assertEqual(through["t_ns"], rejected["t_ns"])

    def test_faults_on_the_redis_spare_the_resource(self):
        """Whoever is cut off from every Redis, or has none, can still write: a cut, a crash."""
        cut = FENCED.replace("pause: leader, for: 3s", "cut: leader, for: 3s")
        for text in (cut, cut.replace("cut: leader", "stall: redis")):
            text = text.replace("stale_write: never", "stale_write: allowed")
            _, rows = self.run_text(text, "model", 20)
            for row in rows:
                self.assertGreater(int(row["writes"]), 60, row)
            (path, *_) = sorted(glob.glob(str(self.place / "out" / "latest" / "history" / "*")))
            with open(path, encoding="utf-8") as file:
                lines = [json.loads(line) for line in file][1:]
            begun = [line["i"] for line in lines if line["event"] == "fault"][0]
            healed = [line["i"] for line in lines if line["event"] == "healed"][0]
            written = [line for line in lines[begun:healed]
                       if line["event"] == "reply" and line["op"] == "write"]  # fmt: skip
            self.assertGreater(len(written), 20)
            self.assertEqual({line["outcome"] for line in written}, {"ok"})


if __name__ == "__main__":
    unittest.main()
