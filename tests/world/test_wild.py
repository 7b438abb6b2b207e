#!/usr/bin/python3
"""Programs that make no claims: their traffic is read, and what they believe is inferred."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import HarnessWasLate, ever_longer, judged, until_judged  # noqa: E402
from support.stage import SLOW, Stage  # noqa: E402
from support.trialhistory import History  # noqa: E402

LEASE = "protocol: {lease: {duration: 300ms, renew_deadline: 250ms, retry: 50ms}}\nheal: false\n"
REDIS_PY = pathlib.Path(__file__).resolve().parents[2] / "scenarios/libraries/redis-py.py"

# Its own script takes the lock.
OBSCURE = """
import os, time, redis
store = redis.Redis.from_url(os.environ["REDIS_URL"])
key = os.environ["HUSTINGS_LOCK_KEY"]
while True:
    store.eval("return redis.call('set', KEYS[1], 'x', 'px', 100)", 1, key)
    time.sleep(0.05)
"""

# It claims that it leads, and renews its lock in time by a script of its own.
CLAIMS = """
import json, os, time, redis
store = redis.Redis.from_url(os.environ["REDIS_URL"])
key, me = os.environ["HUSTINGS_LOCK_KEY"], os.environ["HUSTINGS_ID"]
renew = store.register_script("return redis.call('pexpire', KEYS[1], ARGV[1])")
def claim(leads):
    print(json.dumps({"claim": {"leads": leads, "at_s": time.monotonic()}}), flush=True)
claim(False)
while not store.set(key, me, nx=True, px=400):
    time.sleep(0.1)
claim(True)
while renew([key], [400]):
    time.sleep(0.1)
claim(False)
"""

# The lock of many a blog: whoever is late removes the lock of the next one.
SETNX = """
import os, time, redis
store = redis.Redis.from_url(os.environ["REDIS_URL"])
key = os.environ["HUSTINGS_LOCK_KEY"]
me = os.environ["HUSTINGS_ID"].encode()
while True:
    if store.setnx(key, me):
        store.expire(key, 2)
        time.sleep(1)
        if store.get(key) == me:
            store.delete(key)
    time.sleep(0.05)
"""


# Takes the lock on one connection, closes it, and releases on another, as a shell does.
CLOSES = """
import os, time, uuid, redis
key = os.environ["HUSTINGS_LOCK_KEY"]
def ask(*words):
    store = redis.Redis.from_url(os.environ["REDIS_URL"])
    answer = store.execute_command(*words)
    store.close()
    return answer
while True:
    if ask("SET", key, uuid.uuid4().hex, "NX", "PX", 60000):
        time.sleep(0.05)
        ask("DEL", key)
    time.sleep(0.05)
"""

# The first takes the lock and keeps it; the second waits for that, empties another database of the
# Redis, which is no word about the lock, and then the whole Redis.
FLUSHES = """
import os, time, redis
store = redis.Redis.from_url(os.environ["REDIS_URL"])
key = os.environ["HUSTINGS_LOCK_KEY"]
if os.environ["HUSTINGS_ID"] == "1":
    store.set(key, "me", nx=True, px=60000)
else:
    while store.get(key) is None:
        time.sleep(0.02)
    cache = redis.Redis.from_url(os.environ["REDIS_URL"].removesuffix("/0") + "/3")
    cache.delete(key)
    cache.flushdb()
    assert store.get(key) == b"me"
    store.flushall()
time.sleep(600)
"""


class Wild(Stage):
    def worker(self, duration):
        """A scenario of redis-py's lock with a TTL of 300 ms, as its worker has it, unclaimed."""
        command = f"[/usr/bin/env, HUSTINGS_CLAIMS=no, /usr/bin/python3, {REDIS_PY}, {self.folder}]"
        return self.scenario(
            f"{LEASE}program: {command}\nenv: {{WORK_MS: 30, REST_MS: 20}}\n",
            starts="{nodes: 0s}", duration=duration, nodes=2,
        )  # fmt: skip

    def play(self, make, event, least=1):
        """A trial, of what `make` returns for a duration, that was judged, in which each program
        has come so far, however slow the machine: that there are so many of these events of each.
        """
        durations = ever_longer("2s", "8s", "20s")

        def story():
            path = make(next(durations))
            run = judged(self.run_once(path, "--allow-exec", timeout=90), self.out)
            history = History(self.out)
            if min(len(history.of(node, event)) for node in (1, 2)) < least:
                raise HarnessWasLate(f"the programs had hardly begun: {run.stdout}")
            return run, history

        return until_judged(story)

    def test_what_it_believes_is_inferred(self):
        run, history = self.play(self.worker, "claim", least=3)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        words = " ".join(run.stdout.split())
        self.assertIn("What the programs believe is inferred from their traffic", words)
        self.assertNotIn("by what they ask for", words)
        for node in (1, 2):
            claims = history.of(node, "claim")
            self.assertEqual(
                [e["in_section"] for e in claims], [i % 2 == 0 for i in range(len(claims))]
            )
            self.assertTrue(all(e["inferred"] for e in claims), claims)
            self.assertIn("put_if_absent", [e["op"] for e in history.of(node, "request")])

    def test_who_empties_the_redis_releases_the_lock_of_another(self):
        pathlib.Path(self.folder, "worker.py").write_text(FLUSHES, encoding="utf-8")
        durations = ever_longer("2s", "8s", "20s")

        def story():
            path = self.scenario(f"program: [/usr/bin/python3, worker.py, {self.folder}]\n",
                                 starts="{nodes: 0s}", duration=next(durations), nodes=2)
            run = judged(self.run_once(path, "--allow-exec", timeout=90), self.out)
            asked = [e for e in History(self.out).of(2, "request") if e["op"] == "delete"]
            if not asked:
                raise HarnessWasLate(f"it did not come so far: {run.stdout}")
            return run, asked

        run, asked = until_judged(story)
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertEqual(len(asked), 1)
        (broken,) = [r for r in self.rows("violations") if r["check"] == "foreign_release"]
        self.assertAlmostEqual(float(broken["at_ms"]), asked[0]["t_ms"], places=2)
        self.assertIn("node 2 releases a lock that is not its own, but that of node 1",
                      " ".join(run.stdout.split()))

    def overlap(self, begins_ms, head, also=""):
        """Who is granted the lock stands still beyond its TTL before it reads the answer, another
        gets the lock, and stands still in its section; the first reads its answer 200 ms later,
        and stays for 100 ms. The second begins after `begins_ms`, when the first is to have the
        lock. Returns the checks that are broken then, and how long, from when the judgement says
        that two are inside, the first stays."""
        path = self.scenario(
            head + """
lock: {token: {ttl: 300ms, retry: 20ms}}
heal: false
faults:
  - {when: {who: 1, gets: SET, applied: true}, pause: 1}
  - {when: {who: 2, does: acquires_lock}, pause: 2, for: 3s}
  - {when: {who: 2, does: acquires_lock}, after: 200ms, resume: 1}
""" + also, nodes=2, duration=f"{2 * begins_ms}ms", starts=f"{{1: 0s, 2: {begins_ms}ms}}",
        )  # fmt: skip
        run = judged(self.run_once(path, "--allow-exec", timeout=90), self.out)
        history = History(self.out)
        inside = [e for e in history.of(2, "claim") if e["in_section"]]
        if not inside or not history.of(1, "resumed") or len(history.of(2, "paused")) != 1:
            raise HarnessWasLate(f"the second came too late, or first: {run.stdout}")
        broken = self.rows("violations")
        begins = float(broken[0]["at_ms"])
        leaves = min(
            e["t_ms"]
            for e in history.of(1, "claim")
            if not e["in_section"] and e["t_ms"] > begins
        )
        return {row["check"] for row in broken}, leaves - begins

    @unittest.skipIf(SLOW, "with the sanitizers times are no longer alike to 10 ms")
    def test_is_judged_like_our_own_lock_under_the_same_story(self):
        """The same check is broken, and for as long, within 10 ms."""
        own = "protocol: {article: {decided_by: nodes}}"
        stays = "  - {when: {who: 1, does: acquires_lock}, hold_lock: 1, for: 100ms}\n"
        wild = (
            f"program: [/usr/bin/env, HUSTINGS_CLAIMS=no, /usr/bin/python3, {REDIS_PY}, "
            f"{self.folder}]\nenv: {{WORK_MS: 100}}"
        )

        begins = ever_longer(1500, 5000, 12000)

        def story():
            checks, stay_ms = self.overlap(next(begins), wild)
            our_checks, our_stay_ms = self.overlap(1500, own, stays)
            self.assertEqual((checks, our_checks), ({"two_lock_holders"}, {"two_lock_holders"}))
            if abs(stay_ms - our_stay_ms) >= 10:
                raise HarnessWasLate(f"{stay_ms} ms here, {our_stay_ms} ms there")

        until_judged(story)

    def removes_late(self, fault):
        """Node 1's DEL, of a lock of 2 s, is passed on after node 2 has got the lock. Returns the
        run, and the rows of foreign_release."""
        pathlib.Path(self.folder, "worker.py").write_text(SETNX, encoding="utf-8")
        durations = ever_longer("6s", "6s", "6s", "15s", "20s")

        def story():
            path = self.scenario(
                "lock: {token: {ttl: 2s, retry: 50ms}}\nheal: false\n"
                f"program: [/usr/bin/python3, worker.py, {self.folder}]\nfaults:\n{fault}",
                nodes=2, starts="{1: 0s, 2: 500ms}", duration=next(durations),
            )  # fmt: skip
            run = judged(self.run_scenario(path, "--allow-exec"), self.out)
            history = History(self.out)
            answers, released = (
                [e["t_ms"] for e in history.of(n, "reply") if e["op"] == "delete"] for n in (1, 2)
            )
            inside = history.of(2, "claim")
            # Node 2 may hear by its EXPIRE that the lock is gone, before node 1 hears of its DEL.
            if not answers or not inside or not (
                inside[0]["t_ms"] < answers[0] < min(released, default=answers[0] + 1)
            ):
                raise HarnessWasLate(f"node 2 did not have it meanwhile: {run.stdout}")
            return run, [r for r in self.rows("violations") if r["check"] == "foreign_release"]

        return until_judged(story)

    def test_a_release_that_stood_counts_when_it_goes_on(self):
        """… at a breakpoint, or on a slow link: what it removes is the lock that is there then."""
        stands = """
  - {when: {who: 1, sends: DEL, before: true}, pause: 1}
  - {when: {who: 2, does: acquires_lock}, resume: 1}
"""
        for fault in stands, "  - {at: 0s, late: 1, of: DEL, by: 1500ms}\n":
            with self.subTest(fault):
                run, broken = self.removes_late(fault)
                self.assertEqual(run.returncode, 1, run.stdout)
                self.assertEqual(len(broken), 1, run.stdout)
                self.assertIn("node 1 released the lock at", broken[0]["explanation"])
                self.assertIn("was node 2's", broken[0]["explanation"])

    def test_a_script_that_nobody_knows_leaves_it_undecided(self):
        path = pathlib.Path(self.folder, "worker.py")
        path.write_text(OBSCURE, encoding="utf-8")

        def obscure(duration):
            return self.scenario(
                f"heal: false\nprogram: [/usr/bin/python3, worker.py, {self.folder}]\n",
                starts="{nodes: 0s}", duration=duration, nodes=2,
            )  # fmt: skip

        run, history = self.play(obscure, "obscure")
        self.assertEqual(run.returncode, 4, run.stdout)
        words = " ".join(run.stdout.split())
        self.assertIn("what a program believes could not be told by its traffic", words)
        (event,) = history.of(1, "obscure")
        self.assertIn("script", event["why"])
        commands = history.of(1, "command")
        sent = [e for e in commands if e["name"] == "EVAL" and "outcome" not in e]
        self.assertEqual({e["key"] for e in sent}, {"node_lock"})

    def test_a_lock_that_outlives_its_connection_is_undecided_until_that_is_said(self):
        path = pathlib.Path(self.folder, "worker.py")
        path.write_text(CLOSES, encoding="utf-8")

        def closes(more):
            def make(duration):
                return self.scenario(
                    f"program: [/usr/bin/python3, worker.py, {self.folder}]\n{more}",
                    starts="{nodes: 0s}", duration=duration, nodes=2,
                )  # fmt: skip

            return make

        run, history = self.play(closes(""), "claim", least=3)
        words = " ".join(run.stdout.split())
        self.assertEqual(run.returncode, 4, words)
        self.assertIn("UNDECIDED two_lock_holders", words)
        self.assertIn("lock_outlives: true in the scenario settles that", words)
        self.assertNotIn("never two at once", words)
        self.assertIn("lock lasts 1m by what they ask for, but 2s by the scenario", words)
        self.assertEqual(len(history.of(1, "obscure")), 1)
        said = "lock_outlives: true\nlock: {token: {ttl: 1m}}\n"
        run, history = self.play(closes(said), "claim", least=3)
        words = " ".join(run.stdout.split())
        self.assertEqual(run.returncode, 0, words)
        self.assertNotIn("by what they ask for", words)
        self.assertIn("never two at once", words)
        self.assertEqual(history.of(1, "obscure"), [])

    def test_a_leader_that_claims_is_not_blamed_for_a_script_that_nobody_knows(self):
        """It renews, and nobody can see it: whether it outstays its lease is not known."""
        path = pathlib.Path(self.folder, "worker.py")
        path.write_text(CLAIMS, encoding="utf-8")

        def claims(duration):
            return self.scenario(
                "protocol: own_leader\nlock: {token: {ttl: 400ms}}\nheal: false\n"
                f"program: [/usr/bin/python3, worker.py, {self.folder}]\n"
                "faults:\n  - {when: {who: 1, does: leads}, pause: 1, for: 50ms}\n",
                starts="{1: 0s, 2: 500ms}", duration=duration, nodes=2,
            )  # fmt: skip

        durations = ever_longer("2s", "8s", "20s")

        def story():
            run = judged(self.run_scenario(claims(next(durations)), "--allow-exec"), self.out)
            history = History(self.out)
            if not history.of(1, "obscure"):
                raise HarnessWasLate(f"it had hardly begun: {run.stdout}")
            return run, history

        run, history = until_judged(story)
        words = " ".join(run.stdout.split())
        self.assertEqual(run.returncode, 4, run.stdout)
        self.assertIn("what a program does to the lock could not be told by its traffic", words)
        told = json.loads(pathlib.Path(self.out, "latest", "run.json").read_text(encoding="utf-8"))
        points = told["scenarios"][0]["summary"]["points"]
        endings = {point["name"]: point["ending"] for point in points}
        self.assertEqual(endings["idle_leader"], "undecided")
        self.assertEqual(endings["foreign_release"], "undecided")
        self.assertNotIn("undecided", endings["two_leaders"])


if __name__ == "__main__":
    unittest.main()
