#!/usr/bin/python3
"""Faults of the Redis and of clocks, on real processes: that what was claimed to be injected was
injected, as the Redis itself tells (INFO, PTTL, TIME, MONITOR) while the trial runs, and as the
processes saw it (their history); and that healing healed, for both."""
# ctest-timeout: 180
import pathlib
import sys
import threading
import time
import unittest
import warnings

import redis

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import Retold, judged  # noqa: E402
from support.stage import Stage, children, settings, wait_for  # noqa: E402
from support.trialhistory import History  # noqa: E402

# An answer never takes that long, unless the scenario says so.
PATIENCE_MS = 500
TIMING = {"report": "100ms", "poll": "30ms", "lock_retry": "20ms",
          "request_timeout": f"{PATIENCE_MS}ms"}  # fmt: skip
# The nodes only look who is elected, and nobody is.
IDLE = {"report": None, "top": "starts: {master: 4900ms}\nheal: false\n", "duration": "5s"}
# Each fault is in force for so long; the Redis is looked at meanwhile.
LASTS = 1200


class Answers(threading.Thread):
    """Asks a Redis something again and again, and keeps the answers: (when, answer), times on our
    monotonic clock. An answer that does not come is None."""

    def __init__(self, path, ask, run):
        super().__init__(daemon=True)
        self.client = redis.Redis(unix_socket_path=path, socket_timeout=0.3)
        self.ask, self.process, self.heard = ask, run, []
        self.start()

    def run(self):
        while self.process.poll() is None:
            try:
                answer = self.ask(self.client)
            except (redis.RedisError, OSError):
                answer = None
            self.heard.append((time.monotonic(), answer))
            time.sleep(0.01)
        self.client.connection_pool.disconnect()
        while self.heard and self.heard[-1][1] is None:
            self.heard.pop()  # the server ends a little before the run


def errors(client, name):
    """How often the Redis has answered so."""
    told = client.info("errorstats").get(f"errorstat_{name}", "count=0")
    return int(str(told).partition("=")[2])


class Witnesses(Retold, Stage):
    def setUp(self):
        super().setUp()
        # redis-py leaves the socket of a refused connection to the collector of garbage.
        warnings.simplefilter("ignore", ResourceWarning)

    def begin(self, *faults, duration="3s", top="", **timing):
        """Starts a trial, and waits until its Redis is there."""
        times = {key: time for key, time in {**TIMING, **timing}.items() if time}
        election = settings(times)
        path = self.scenario(
            f"{top}{election}faults:\n"
            + "".join(f"  - {fault}\n" for fault in faults),
            nodes=2, duration=duration,
        )  # fmt: skip
        run = self.start_hustings("run", "--out", self.out, path)
        self.socket = wait_for(lambda: self.find_socket(run), "the Redis is there")
        return run

    def find_socket(self, run):
        found = list(pathlib.Path(self.folder).glob("hustings-*/1/redis.sock"))
        return str(found[0]) if found and children(run.pid, "hustings-node") else None

    def watch(self, run, ask):
        """What the Redis answers until the run is over; and the trial's history."""
        return [answer for _, answer in self.watch_closely(run, ask)]

    def watch_closely(self, run, ask):
        """The same, with the times of the answers."""
        answers = Answers(self.socket, ask, run)
        ended = self.end(run)
        answers.join()
        self.assertIn(judged(ended, self.out).returncode, (0, 1), ended.stderr)
        self.history = History(self.out)
        return answers.heard

    def times(self, who):
        """When its fault began and healed, in ms."""
        faults = [e for e in self.history.events if e["event"] == "fault" and e["process"] == who]
        healed = [e for e in self.history.events if e["event"] == "healed" and e["process"] == who]
        return faults[-1]["t_ms"], healed[-1]["t_ms"] if healed else None

    def exchanges(self, begin, end=float("inf"), who=(1, 2)):
        """(request, reply) that were begun and answered within a time."""
        return [
            (q, r)
            for process in who
            for q, r in self.history.exchanges(process)
            if begin <= q["t_ms"] and r["t_ms"] < end
        ]

    def outcomes(self, begin, end=float("inf"), moment=None):
        return {
            r["outcome"]
            for q, r in self.exchanges(begin, end)
            if moment in (None, q.get("moment"))
        }

    def assert_well_again(self, healed):
        """Both report again, and their Redis answers all they ask."""
        for who in (1, 2):
            reported = [
                r["outcome"]
                for q, r in self.exchanges(healed, who=(who,))
                if q.get("moment") == "reports"
            ]
            self.assertIn("ok", reported)

    # --- the server stands still, dies, comes back ---

    def test_stall(self):
        lasts = 3000  # the test must see it and ask meanwhile
        run = self.begin(f"{{at: 700ms, stall: redis, for: {lasts}ms}}", duration="5s")
        client = redis.Redis(unix_socket_path=self.socket)
        client.set("mine", 1, px=60000)
        client.connection_pool.disconnect()
        stopped = wait_for(
            lambda: [one for one in children(run.pid, "redis-server") if one.state == "T"],
            "the server stands still",
        )
        heard = self.watch(run, lambda client: client.pttl("mine"))
        begun, healed = self.times("harness")
        self.assertEqual(len(stopped), 1)
        self.assertGreaterEqual(healed - begun, lasts)
        self.assertIsNone(heard[0])  # it does not answer …
        self.assertTrue(0 < heard[-1] < 60000 - 1000)  # … and keys grow old all the same
        # Who waits for an answer does so in vain, without being refused.
        self.assertEqual(self.outcomes(begun + 300, begun + lasts), {"unknown"})
        self.assert_well_again(healed)

    def run_ids(self, fault, persistence):
        run = self.begin(fault, duration="4s", top=f"redis: {{persistence: {persistence}}}\n")
        heard = self.watch(run, lambda client: client.info("server")["run_id"])
        begun, healed = self.times("harness")
        self.assertIn(None, heard)
        self.assertEqual(len(set(heard) - {None}), 2)  # another server, at the same place
        # What was under way may have been done; after that connecting is refused.
        for who in (1, 2):
            down = [r["outcome"] for _, r in self.exchanges(begun, begun + LASTS, who=(who,))]
            self.assertIn("refused", down)
            self.assertNotIn("ok", down[down.index("refused"):])
        self.assert_well_again(healed)

    def test_crash(self):
        self.run_ids(f"{{at: 700ms, crash: redis, for: {LASTS}ms}}", "none")

    def test_power_loss(self):
        self.run_ids(f"{{at: 700ms, power_loss: redis, for: {LASTS}ms}}", "aof-everysec")

    def test_restart(self):
        run = self.begin("{at: 700ms, crash: redis}", "{at: 2s, restart: redis}", duration="4s")
        heard = self.watch(run, lambda client: client.info("server")["run_id"])
        self.assertIn(None, heard)
        self.assertEqual(len(set(heard) - {None}), 2)  # another server, at the same place
        restarted = [e["t_ms"] for e in self.history.of("harness", "fault")][-1]
        self.assert_well_again(restarted)

    # --- what it keeps ---

    def test_evict(self):
        run = self.begin("{when: {who: 2, does: acquires_lock, nth: 3}, evict: lock}")
        heard = self.watch(
            run,
            lambda client: (
                client.info("stats")["evicted_keys"],
                client.config_get("maxmemory")["maxmemory"],
            ),
        )
        # One key (a new server has evicted none), and there is as much memory as before.
        self.assertEqual(heard[-1], (1, "0"))
        # Its holder finds out when it releases: there is nothing of its own.
        begun, _ = self.times("harness")
        released = [
            r["integer"]
            for q, r in self.exchanges(begun, who=(2,))
            if q["op"] == "delete_if_equal" and r["outcome"] == "ok"
        ]
        self.assertEqual((released[0], set(released[1:])), ("0", {"1"}))

    def test_forget_scripts(self):
        times = range(500, 2500, 100)
        run = self.begin(*[f"{{at: {at}ms, forget_scripts: redis}}" for at in times])
        heard = self.watch(run, lambda client: errors(client, "NOSCRIPT"))
        self.assertGreaterEqual(heard[-1], 2)  # of a new server
        # Who called one sends it whole, and its lock is released as ever.
        begun = self.history.of("harness", "fault")[0]["t_ms"]
        released = [
            r["outcome"] for q, r in self.exchanges(begun) if q["op"] == "delete_if_equal"
        ]
        self.assertGreater(len(released), 5)
        self.assertEqual(set(released), {"ok"})

    def test_wrong_type(self):
        run = self.begin(
            f"{{at: 700ms, wrong_type: lock, for: {LASTS}ms}}",
            # A lock that is held for so long that it is seen.
            f"{{at: {700 + LASTS + 200}ms, hold_lock: 1, for: 500ms}}",
        )
        heard = self.watch(run, lambda client: client.type("node_lock"))
        self.assertIn(b"list", heard)
        after = heard[len(heard) - heard[::-1].index(b"list"):]
        self.assertIn(b"string", after)
        begun, healed = self.times("harness")
        self.assertEqual(self.outcomes(begun + 300, begun + LASTS, "asks_lock"), {"nil"})
        self.assert_well_again(healed)

    def test_oom(self):
        run = self.begin(f"{{at: 700ms, oom: redis, for: {LASTS}ms}}")
        heard = self.watch(
            run,
            lambda client: (
                client.config_get("maxmemory")["maxmemory"],
                errors(client, "OOM"),
            ),
        )
        limits = [answer[0] for answer in heard if answer]
        self.assertEqual(("1" in limits, limits[-1]), (True, "0"))
        self.assertGreater(heard[-1][1], 0)
        begun, healed = self.times("harness")
        self.assertEqual(self.outcomes(begun + 300, begun + LASTS, "asks_lock"), {"refused"})
        self.assert_well_again(healed)

    def test_refuse(self):
        """Releases are refused, too; what is read is not."""
        for error, setting, on, off in (
            ("MISCONF", "stop-writes-on-bgsave-error", "yes", "no"),
            ("NOREPLICAS", "min-replicas-to-write", "1", "0"),
        ):
            with self.subTest(error=error):
                run = self.begin(
                    "{when: {who: 1, does: releases_lock, before: true, nth: 3}, refuse: redis, "
                    f"error: {error}, for: {LASTS}ms}}"
                )
                heard = self.watch(
                    run,
                    lambda client, error=error, setting=setting: (
                        client.config_get(setting)[setting],
                        errors(client, error),
                    ),
                )
                told = [answer[0] for answer in heard if answer]
                self.assertEqual((on in told, told[-1]), (True, off))
                begun, healed = self.times("harness")
                until = begun + LASTS
                self.assertEqual(self.outcomes(begun + 50, until, "releases_lock"), {"refused"})
                self.assertEqual(self.outcomes(begun + 50, until, "asks_lock"), {"refused"})
                self.assertLessEqual(self.outcomes(begun + 50, until, "reads"), {"ok", "nil"})
                self.assert_well_again(healed)

    def test_refuse_outlasts_a_restart(self):
        """… without a moment in which it accepts anything."""
        for error in ("MISCONF", "NOREPLICAS"):
            with self.subTest(error=error):
                run = self.begin(
                    f"{{at: 500ms, refuse: redis, error: {error}, for: 1s}}",
                    "{at: 700ms, crash: redis, for: 50ms}",
                )
                self.watch(run, lambda client: client.time())
                asked = self.outcomes(600, 1400, "asks_lock")
                self.assertLessEqual(asked, {"refused", "unknown"})
                self.assertIn("refused", self.outcomes(1000, 1400, "asks_lock"))

    # --- clocks ---

    @staticmethod
    def ahead(client):
        """How far the server's clock is ahead, in s."""
        seconds, micros = client.time()
        return seconds + micros / 1e6 - time.time()

    def assert_lock_passes_on(self, begun, held_until):
        """While node 2 is inside, another gets the lock."""
        taken = [
            r["t_ms"]
            for q, r in self.exchanges(begun, held_until, who=(1,))
            if q.get("moment") == "asks_lock" and r["outcome"] == "ok"
        ]
        self.assertTrue(taken)
        return taken[0]

    def test_jump_of_the_server(self):
        run = self.begin(
            "{when: {who: 2, does: acquires_lock, nth: 3}, hold_lock: 2, for: 2s}",
            "{when: {who: 2, does: acquires_lock, nth: 3}, after: 300ms, jump: redis, by: 60s, "
            "for: 1s}",
            lock_ttl="30s", duration="5s",
        )  # fmt: skip
        heard = [a for a in self.watch(run, self.ahead) if a is not None]
        begun, healed = self.times("harness")
        self.assertAlmostEqual(max(heard), 60, delta=0.5)
        self.assertAlmostEqual(heard[-1], 0, delta=0.5)
        self.assert_lock_passes_on(begun, begun + 1000)
        self.assertGreaterEqual(healed - begun, 1000)
        expired = [e["t_ms"] for e in self.history.of("harness", "expired")]
        self.assertTrue(begun <= expired[0] < begun + 1000)

    def test_drift_of_the_server(self):
        """It runs twice as fast: three seconds of a TTL are over in one and a half."""
        run = self.begin(
            "{at: 500ms, drift: redis, ppm: 1000000, for: 4s}",
            "{when: {who: 2, does: acquires_lock, nth: 10}, hold_lock: 2, for: 3s}",
            lock_ttl="3s", duration="6s",
        )  # fmt: skip
        heard = [a for a in self.watch(run, self.ahead) if a is not None]
        self.assertGreater(max(heard), 3)
        self.assertAlmostEqual(heard[-1], 0, delta=0.5)
        held = self.history.when(2, "fault")
        self.assertLess(self.times("harness")[0], held)
        taken = self.assert_lock_passes_on(held, held + 2800)
        self.assertGreater(taken - held, 1400)

    @staticmethod
    def looks(client):
        """How often the Redis was asked who is elected."""
        return client.info("commandstats").get("cmdstat_get", {"calls": 0})["calls"]

    def looked(self, who):
        return [q["t_ms"] for q in self.history.of(who, "request") if q["op"] == "get_result"]

    def test_jump_of_a_process(self):
        """It looks again when its wait is over by its own clock; the Redis hears it."""
        run = self.begin("{at: 2s, jump: 1, by: 61s}", poll="1m", **IDLE)
        heard = [calls for calls in self.watch(run, self.looks) if calls is not None]
        begun, _ = self.times(1)
        self.assertEqual((len(self.looked(1)), self.looked(2)), (1, []))
        self.assertTrue(begun <= self.looked(1)[0] < begun + 1000)
        self.assertLessEqual({2, 3}, set(heard))  # two were in scripts that released the lock

    def test_drift_of_processes(self):
        """By clocks that run twice as fast they look twice as often, until they go right again."""
        run = self.begin("{at: 1s, drift: [1, 2], ppm: 1000000, for: 2s}", poll="200ms", **IDLE)
        heard = [(at, calls) for at, calls in self.watch_closely(run, self.looks) if calls]
        begun, healed = self.times(1)
        gaps = [(at, after - at) for at, after in zip(self.looked(1), self.looked(1)[1:])]
        fast = [gap for at, gap in gaps if begun <= at < begun + 1800]
        right = [gap for at, gap in gaps if at < begun - 200 or at > healed]
        self.assertTrue(100 <= min(fast) < 200)
        self.assertGreaterEqual(min(right), 200)
        # Within a second the two of them can look twelve times, at the right pace.
        most = max(
            calls - before
            for at, before in heard for then, calls in heard if at <= then <= at + 1
        )  # fmt: skip
        self.assertGreater(most, 12)


if __name__ == "__main__":
    unittest.main()
