"""Where an election's time goes: over trials full of chaos the stages are never negative, and those
that are there add up to elect_ms and settle_ms as elections.csv shows them, to the last digit. Who
had asked for the lock before an election became due need not notice it."""
# ctest-timeout: 120
import csv
import decimal
import os
import shutil
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
MICROSECOND = decimal.Decimal("0.001")  # times are rounded
STAGES = [stage + "_ms" for stage in ("detect", "lock", "read", "decide", "publish", "spread")]
CHAOS = """\
name: chaos
nodes: 4
PROTOCOL
duration: 4s
request_timeout: 150ms
network: {latency: {p50: 200us, p99: 5ms}}
faults:
  - randomly: {mean: 200ms, until: 3500ms}
    one_of:
      - {crash: any, for: 300ms}
      - {pause: any, for: 150ms}
      - {pause: leader, for: 700ms}
      - {cut: any, for: 400ms}
      - {crash: redis, for: 20ms}
      - {lose_reply: any, for: 200ms}
      - {reset: any}
      - FLIP
"""
ARTICLE = "protocol: {article: {poll: 20ms, report: 100ms%s}}\nlock: %s"
LEASE = "protocol: {lease: {duration: 600ms, renew_deadline: 400ms, retry: 100ms}}\nlock: %s"
KINDS = {  # name: (protocol and lock, trials, stages that never happen)
    "article": (ARTICLE % ("", "{token: {ttl: 300ms, retry: 10ms}}"), 300, []),
    "nodes": (ARTICLE % (", decided_by: nodes", "{setnx: {ttl: 300ms, retry: 10ms}}"), 200, []),
    "unlocked": (ARTICLE % (", master_locks: false", "token"), 150, ["lock_ms"]),
    "none": (ARTICLE % ("", "none"), 150, ["lock_ms"]),
    "lease": (LEASE % "token", 200, ["read_ms", "publish_ms"]),
    "record": (LEASE % "record", 150, ["read_ms", "publish_ms"]),
}


class Stages(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="hustings-stages-")
        self.addCleanup(shutil.rmtree, self.place)

    def elections(self, kind, trials, host="model"):
        path = os.path.join(self.place, kind + ".yaml")
        flip = "{resign: leader}" if "lease" in KINDS[kind][0] else "{flip: any, to: submit}"
        text = CHAOS.replace("PROTOCOL", KINDS[kind][0]).replace("FLIP", flip)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        out = os.path.join(self.place, kind)
        done = subprocess.run(
            [HUSTINGS, "run", "--on", host, "--trials", str(trials), "--seed", "10",
             "--histories", "none", "--out", out, path],
            capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
        self.assertIn(done.returncode, (0, 1, 4), done.stdout + done.stderr)
        path = os.path.join(out, "latest", "elections.csv")
        with open(path, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))

    def check(self, row, absent):
        def ms(*names):
            return sum(decimal.Decimal(row[name]) for name in names if row[name])

        there = [stage for stage in STAGES if row[stage]]
        self.assertTrue(all(ms(stage) >= 0 for stage in there), row)
        self.assertFalse(set(there) & set(absent), row)
        self.assertEqual(bool(row["spread_ms"]), bool(row["settled_ms"]), row)
        if not row["published_ms"]:
            self.assertEqual(there, [], row)
        elif row["detect_ms"]:
            self.assertEqual(ms(*STAGES[:-1]), ms("elect_ms"), row)
        if row["settled_ms"]:
            self.assertEqual(ms("elect_ms", "spread_ms"), ms("settle_ms"), row)
        if row["lock_wait_ms"] and row["detect_ms"]:
            self.assertTrue(row["lock_ms"], row)
            had_asked = ms("lock_wait_ms") > ms("detect_ms", "lock_ms") + MICROSECOND
            if had_asked:  # before the election became due
                self.assertEqual(ms("detect_ms"), 0, row)
            return had_asked
        return False

    def test_they_add_up_whatever_happens(self):
        trials = waited = 0
        for kind, (_, count, absent) in KINDS.items():
            with self.subTest(kind):
                rows = self.elections(kind, count)
                waited += sum(self.check(row, absent) for row in rows)
                whole = [row for row in rows if all(row[s] for s in STAGES if s not in absent)]
                self.assertGreater(len(whole), count, "few tell anything")
                takes_time = {s for s in STAGES if any(float(row[s] or 0) for row in rows)}
                self.assertEqual(takes_time - {"decide_ms"}, set(STAGES) - {"decide_ms", *absent})
                trials += count
        self.assertGreaterEqual(trials, 1000)
        self.assertGreater(waited, 100)

    def test_so_they_do_on_processes(self):
        rows = self.elections("article", 1, host="processes")
        for row in rows:
            self.check(row, [])
        self.assertTrue(any(row["detect_ms"] for row in rows), rows)


if __name__ == "__main__":
    unittest.main()
