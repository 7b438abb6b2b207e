#!/usr/bin/python3
"""Were the faults really injected? Each is run on real processes, and then two witnesses are asked
that know nothing of hustings' own records: Redis (MONITOR, and what its keys say) and the kernel
(/proc). The history is held against them where only it can say who had which token."""
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import Retold, code_however_late, judged  # noqa: E402
from support.stage import SLOW, Stage, children, wait_for  # noqa: E402

PACE = 3 if SLOW else 1
RELEASES = ("EVAL", "EVALSHA")


class Asked:
    """What the server was asked about one trial's keys: (seconds, verb, key, rest)."""

    def __init__(self, commands):
        self.list = [
            (at, words[0], word.split(":")[-1], words[1:])
            for at, words in commands
            for word in words[1:]
            if ":" in word and word.startswith("hustings:")
        ]

    def of(self, *verbs, key=None, word=None):
        """Those with one of the verbs, on the key, that have the word."""
        return [
            asked
            for asked in self.list
            if asked[1] in verbs
            and (key is None or asked[2] == key)
            and (word is None or word in asked[3])
        ]

    def reports(self, number):
        return self.of("HSET", key="nodes", word=str(number))


class Faults(Stage):
    LATE_ONES_COUNT = False

    def setUp(self):
        super().setUp()
        self.server = self.redis_server()
        self.redis = self.server.client()

    def start_story(self, text, jobs=1, **keys):
        """Starts a run on our server, with a witness listening from before the first command."""
        self.witness = self.monitor(self.server.socket)
        path = self.scenario(text, **{"duration": "600ms", "heal": "false", **keys})
        return self.start_hustings(
            "run", "--out", self.out, "--jobs", jobs, "--redis", self.server.url, path
        )

    def asked(self):
        """What has been asked until now."""
        self.redis.echo("enough")
        return self.witness.until("ECHO", "enough")

    def end_story(self, run):
        ended = self.end(run)
        if self.LATE_ONES_COUNT:
            code = code_however_late(ended, self.out)
        else:
            code = judged(ended, self.out).returncode
        self.assertIn(code, (0, 1), ended.stderr)
        self.assertEqual(ended.stderr, "")
        return Asked(self.asked())

    def tell(self, text, **keys):
        return self.end_story(self.start_story(text, **keys))

    def history(self, trial=1):
        with open(f"{self.out}/latest/history/trial-{trial:04}.jsonl", encoding="utf-8") as file:
            return [json.loads(line) for line in file][1:]

    def of(self, history, event, process=None):
        return [
            line
            for line in history
            if line["event"] == event and process in (None, line["process"])
        ]

    def members(self, run, name="hustings-node"):
        return sorted(children(run.pid, name), key=lambda process: process.pid)

    def wait_for_members(self, run, count=3):
        def all_members():
            members = self.members(run)
            return members if len(members) == count else None

        return wait_for(all_members, "the nodes are up")


class Exact(Faults):
    """A `when` is exact: the process has done what it waits for, and not one thing more. So it is
    however late the harness is, for the process stands still meanwhile: such trials count too."""

    TRIALS = 25 if SLOW else 100
    # Node 2 comes first, by far.
    FIRST = {"starts": f"{{1: {150 * PACE}ms, master: {155 * PACE}ms}}", "nodes": 2,
             "trials": TRIALS, "duration": f"{200 * PACE}ms", "jobs": 6}  # fmt: skip
    LATE_ONES_COUNT = True

    def token_of(self, trial, process):
        """The token of a process's one request for the lock. Nothing of it follows its death."""
        history = self.history(trial)
        mine = [line for line in history if line["process"] == process]
        asked = [line for line in self.of(mine, "request") if line["op"] == "put_if_absent"]
        self.assertEqual(len(asked), 1, trial)
        died = [line for line in mine if line["event"] == "died"]
        self.assertEqual([(line["signal"], line["by_fault"]) for line in died], [(9, True)], trial)
        self.assertGreaterEqual(mine.index(died[0]), len(mine) - 2, "only the fault is told later")
        return asked[0]["token"]

    def test_a_crash_at_acquires_lock_leaves_the_lock_every_time(self):
        asked = self.tell(
            "lock: {token: {ttl: 30s}}\n"
            "faults:\n  - {when: {who: 2, does: acquires_lock}, crash: 2}\n", **self.FIRST,
        )  # fmt: skip
        self.assertEqual(asked.reports(2), [])
        self.assertEqual(asked.reports(1), [], "the lock is 2's, and 2 is gone")
        for trial in range(1, self.TRIALS + 1):
            token = self.token_of(trial, 2)
            self.assertEqual(len(asked.of("SET", key="node_lock", word=token)), 1, trial)
            self.assertEqual(asked.of(*RELEASES, word=token), [], trial)
            for other in self.of(self.history(trial), "reply"):
                if other["op"] == "put_if_absent" and other["process"] != 2:
                    self.assertEqual(other["outcome"], "nil", "held in Redis")

    def test_a_crash_before_reports_lets_no_report_out_every_time(self):
        asked = self.tell(
            "faults:\n  - {when: {who: 2, does: reports, before: true}, crash: 2}\n", **self.FIRST
        )
        self.assertEqual(asked.reports(2), [])
        for trial in range(1, self.TRIALS + 1):
            token = self.token_of(trial, 2)
            self.assertEqual(len(asked.of("SET", key="node_lock", word=token)), 1, trial)
            self.assertEqual(asked.of(*RELEASES, word=token), [], trial)

    def test_a_crash_at_reports_lets_one_out_and_no_release(self):
        keys = {**self.FIRST, "trials": 20}
        asked = self.tell("faults:\n  - {when: {who: 2, does: reports}, crash: 2}\n", **keys)
        self.assertEqual(len(asked.reports(2)), 20)
        for trial in range(1, 21):
            self.assertEqual(asked.of(*RELEASES, word=self.token_of(trial, 2)), [], trial)

    def test_the_lock_is_there_in_redis_with_its_ttl(self):
        run = self.start_story(
            "lock: {token: {ttl: 30s}}\n"
            "faults:\n  - {when: {who: 2, does: acquires_lock}, crash: 2}\n",
            **{**self.FIRST, "trials": 1, "duration": "1s"},
        )
        wait_for(lambda: self.redis.keys("*:[1-9]:node_lock"), "the lock is taken")
        wait_for(lambda: len(self.members(run)) == 1, "one has crashed")
        (key,) = self.redis.keys("*:[1-9]:node_lock")
        token = self.redis.get(key).decode()
        self.assertGreater(self.redis.pttl(key), 28000)
        self.end_story(run)
        self.assertEqual(token, self.token_of(1, 2))

    def test_the_nth_time_is_counted(self):
        asked = self.tell(
            "protocol: {article: {report: 50ms, poll: 20ms}}\n"
            "faults:\n  - {when: {who: 2, does: reports, nth: 3}, crash: 2}\n",
            nodes=2, duration=f"{PACE}s",
        )  # fmt: skip
        self.assertEqual(len(asked.reports(2)), 3)


class Kinds(Retold, Faults):
    BUSY = "protocol: {article: {report: 50ms, poll: 20ms}}\nlock: {token: {retry: 10ms}}\n"

    def gap(self, times):
        return max(later - earlier for earlier, later in zip(times, times[1:]))

    def test_flip(self):
        asked = self.tell("faults:\n  - {at: 400ms, flip: 2, to: submit}\n", duration="900ms")
        said = [json.loads(words[-1])["status"] for _, _, _, words in asked.reports(2)]
        self.assertEqual(said[:2], ["prepare", "submit"])
        self.assertNotIn("submit", [w[-1] for *_, w in asked.reports(3)])

    def test_resign(self):
        """Its leader gives back the lock, which would last for 9 s more, and another gets it."""
        lease = "{duration: 9s, renew_deadline: 5s, retry: 100ms, release_on_stop: true}"
        asked = self.tell(
            f"protocol: {{lease: {lease}}}\n"
            "faults:\n  - {when: {who: any, does: leads}, after: 250ms, resign: leader}\n",
            starts="{all: 0s}", nodes=2, duration="1200ms",
        )  # fmt: skip
        history = self.history()
        first, second = [line for line in self.of(history, "claim") if "leads" in line["happened"]]
        token = next(line["token"] for line in self.of(history, "request", first["process"])
                     if line["op"] == "put_if_absent")
        scripts = asked.of(*RELEASES, word=token)
        with_ttl = [words for *_, words in scripts if words[-1] == "9000"]
        self.assertGreater(len(with_ttl), 0, "it renewed before")
        self.assertEqual(scripts[-1][3][-1], token, "and then gave the lock back")
        self.assertEqual(len(scripts), len(with_ttl) + 1)
        self.assertLess(second["t_ms"] - first["t_ms"], 1000)

    def test_crash(self):
        run = self.start_story(self.BUSY + "faults:\n  - {at: 300ms, crash: 2}\n", duration="800ms")
        pids = [process.pid for process in self.wait_for_members(run)]
        wait_for(lambda: len(self.members(run)) == 2, "one is gone")
        gone = set(pids) - {process.pid for process in self.members(run)}
        asked = self.end_story(run)
        self.assertEqual(gone, {pids[1]}, pids)
        last = {number: asked.reports(number)[-1][0] for number in (1, 2, 3)}
        self.assertLess(last[2], min(last[1], last[3]) - 0.2)

    def test_restart(self):
        run = self.start_story(
            "faults:\n  - {at: 500ms, crash: 2}\n  - {at: 800ms, restart: 2}\n", duration="1300ms"
        )
        before = {process.pid for process in self.wait_for_members(run)}
        wait_for(lambda: len(self.members(run)) == 2, "one is gone")
        after = {process.pid for process in self.wait_for_members(run)}
        asked = self.end_story(run)
        self.assertEqual(len(after - before), 1, "a new process under the old number")
        said = [json.loads(words[-1]) for *_, words in asked.reports(2)]
        self.assertEqual(said, [{"id": 2, "status": "prepare"}] * 2, "it has forgotten everything")

    def test_pause_and_resume(self):
        for text in (
            "faults:\n  - {at: 300ms, pause: 2, for: 400ms}\n",
            "faults:\n  - {at: 300ms, pause: 2}\n  - {at: 700ms, resume: 2}\n",
        ):
            run = self.start_story(self.BUSY + text, duration="1200ms")
            pids = [process.pid for process in self.wait_for_members(run)]
            stopped = wait_for(
                lambda: [p for p in self.members(run) if p.state == "T"], "one has stopped"
            )
            self.assertEqual([process.pid for process in stopped], [pids[1]])
            wait_for(lambda: not any(p.state == "T" for p in self.members(run)), "it goes on")
            self.assertEqual([process.pid for process in self.members(run)], pids)
            times = [at for at, *_ in self.end_story(run).reports(2)]
            self.assertGreater(self.gap(times), 0.35)
            self.assertGreater(times[-1] - times[0], 0.5, "it reports again")

    def test_a_pause_at_a_moment_stops_it_right_there(self):
        """In its section: it holds the lock while it stands, and writes when it goes on."""
        run = self.start_story(
            "lock: {token: {ttl: 30s}}\n"
            "faults:\n  - {when: {who: 2, does: acquires_lock}, pause: 2, for: 1s}\n",
            starts="{1: 50ms, 3: 50ms, master: 50ms}", duration="2s",
        )  # fmt: skip
        wait_for(lambda: any(p.state == "T" for p in self.members(run)), "one has stopped")
        (key,) = self.redis.keys("*:[1-9]:node_lock")
        token = self.redis.get(key).decode()
        self.assertFalse(self.redis.hexists(key.replace(b"node_lock", b"nodes"), "2"))
        asked = self.end_story(run)
        taken = asked.of("SET", key="node_lock", word=token)[0][0]
        self.assertGreater(asked.reports(2)[0][0] - taken, 0.99)

    def test_expire_lock(self):
        """The key is gone, its holder is not told, and its release finds nothing of its own."""
        asked = self.tell(
            "lock: {token: {ttl: 30s}}\n"
            "faults:\n  - {when: {who: 2, does: acquires_lock}, expire_lock: lock}\n",
        )
        history = self.history()
        token = next(
            line["token"]
            for line in self.of(history, "request", 2)
            if line["op"] == "put_if_absent"
        )
        taken = asked.of("SET", key="node_lock", word=token)[-1][0]
        ((expired, *_),) = asked.of("PEXPIRE", key="node_lock")
        reported = asked.reports(2)[0][0]
        self.assertTrue(taken < expired < reported)
        release = next(
            line for line in self.of(history, "reply", 2) if line["op"] == "delete_if_equal"
        )
        self.assertEqual(release["integer"], "0")
        self.assertEqual(len(self.of(history, "expired")), 1)

    def test_hold_lock(self):
        """Longer than the TTL: another takes the lock meanwhile, and Redis gives it."""
        asked = self.tell(
            "lock: {token: {ttl: 200ms, retry: 20ms}}\n"
            "faults:\n  - {when: {who: 2, does: acquires_lock}, hold_lock: 2, for: 500ms}\n",
            starts="{1: 50ms, 3: 50ms, master: 50ms}", duration="1s",
        )
        history = self.history()
        acquired = next(
            line["t_ms"]
            for line in self.of(history, "claim", 2)
            if "acquires_lock" in line["happened"]
        )
        others = [
            line
            for line in self.of(history, "reply")
            if line["process"] != 2
            and line["op"] == "put_if_absent"
            and line["outcome"] == "ok"
            and acquired + 190 < line["t_ms"] < acquired + 500
        ]
        self.assertTrue(others)
        token = next(
            line["token"]
            for line in reversed(self.of(history, "request", 2))
            if line["op"] == "put_if_absent" and line["t_ms"] <= acquired
        )
        taken = asked.of("SET", key="node_lock", word=token)[-1][0]
        self.assertGreater(asked.reports(2)[0][0] - taken, 0.49)

    def test_a_stall_ends_when_everything_is_healed(self):
        path = self.scenario(
            "lock: {token: {ttl: 300ms}}\n"
            "faults:\n  - {when: {who: 2, does: acquires_lock}, hold_lock: 2, for: 20s}\n"
            "expect:\n  checks: {two_lock_holders: allowed}\n  settles_within: 10s\n",
            duration="1s",
        )
        begun = time.monotonic()
        run = judged(self.run_once(path), self.out)
        self.assertEqual(run.returncode, 0, run)
        self.assertLess(time.monotonic() - begun, 15, "of 20 s that the stall would have lasted")

    def test_the_master_crashes_and_comes_back(self):
        run = self.start_story(
            "faults:\n  - {at: 500ms, crash: master}\n  - {at: 900ms, restart: master}\n",
            starts=None, duration="1300ms",
        )  # fmt: skip
        first = wait_for(lambda: self.members(run, "hustings-master"), "the master is up")[0].pid
        wait_for(lambda: not self.members(run, "hustings-master"), "the master is gone")
        second = wait_for(lambda: self.members(run, "hustings-master"), "it is back")[0].pid
        self.assertNotEqual(first, second)
        reads = [at for at, *_ in self.end_story(run).of("HGETALL", key="nodes")]
        self.assertGreater(self.gap(reads), 0.35)
        self.assertGreater(reads[-1] - reads[0], 0.5)


if __name__ == "__main__":
    unittest.main()
