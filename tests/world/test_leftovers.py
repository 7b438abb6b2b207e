#!/usr/bin/python3
"""What a run writes into a Redis that hustings did not start is gone when it ends, however it ends.
What nobody could remove has a TTL, and `hustings clean` removes it: that, and nothing else."""
import os
import pathlib
import signal
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Worlds, children, wait_for  # noqa: E402

LONG = {"duration": "30s", "trials": 1}
SHORT = {"duration": "300ms", "trials": 2}
DEAD = "hustings:692a9c11-1f3:"


class Runs(Worlds):
    def setUp(self):
        super().setUp()
        self.server = self.redis_server()
        self.redis = self.server.client()
        self.addCleanup(self.redis.close)

    def start_run(self, path, *options):
        run = self.start_hustings(
            "run", "--out", self.out, "--redis", self.server.url, *options, path
        )
        # Of a trial: 0 is what the Redis was tried out with, before there was a guardian.
        wait_for(lambda: self.redis.keys("hustings:*:[1-9]:election_result"), "an election")
        return run

    def only_the_server(self):
        return [process.pid for process in self.left()] == [self.server.pid]

    def none_left(self):
        return not self.redis.keys("hustings:*")


class WhenItIsKilled(Runs):
    def test_the_guardian_removes_the_keys(self):
        self.redis.set("hustings:mine", 1)
        for jobs in ("1", "3"):
            run = self.start_run(self.scenario(duration="30s", trials=3), "--jobs", jobs)
            run.kill()
            run.wait()
            wait_for(lambda: self.redis.keys("hustings:*") == [b"hustings:mine"], "they are gone")
            wait_for(lambda: self.only_the_server(), "nobody is left", 2)

    def test_of_a_cluster_node(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        self.server = self.redis_server(
            "--cluster-enabled", "yes", "--cluster-port", port, "--bind", "127.0.0.1"
        )
        self.redis = self.server.client()
        self.addCleanup(self.redis.close)
        self.redis.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        wait_for(lambda: "cluster_state:ok" in self.cluster_info(), "the cluster is up")
        run = self.run_scenario(self.scenario(**SHORT), "--redis", self.server.url)
        self.assertEqual(run.returncode, 0, run)
        self.assertTrue(self.none_left(), self.redis.keys())
        run = self.start_run(self.scenario(**LONG))
        run.kill()
        run.wait()
        wait_for(self.none_left, "they are gone")

    def cluster_info(self):
        answer = self.redis.execute_command("CLUSTER", "INFO")
        return answer.decode() if isinstance(answer, bytes) else str(answer)

    def test_keys_that_cannot_be_removed_are_told(self):
        """Somebody takes our rights away while a trial runs."""
        run = self.start_run(self.scenario(duration="2s", trials=1, lock="none"))
        self.redis.execute_command("ACL", "SETUSER", "default", "-del")
        self.assert_world_failed(self.end(run), "NOPERM", "hustings clean --redis")
        self.redis.execute_command("ACL", "SETUSER", "default", "+@all")
        self.assertFalse(self.none_left())


class Names(Runs):
    def test_clean_knows_each_key_that_a_run_makes(self):
        """Those too that it makes before its first trial, to find out whether the Redis is of use:
        should it be killed then, they are left."""
        self.redis.config_set("notify-keyspace-events", "KA")
        told = self.redis.pubsub()
        self.addCleanup(told.close)
        told.psubscribe("__keyspace@0__:*")
        run = self.run_scenario(self.scenario(**SHORT), "--redis", self.server.url)
        self.assertEqual(run.returncode, 0, run)
        heard = iter(lambda: told.get_message(timeout=0.5), None)
        keys = {m["channel"].decode().partition(":")[2] for m in heard if m["type"] == "pmessage"}
        for key in keys:
            self.assertRegex(key, r"^hustings:[0-9a-f]+-[0-9a-f]+:[0-2]:[a-z_]+$")
        self.assertEqual({key.split(":")[2] for key in keys}, {"0", "1", "2"}, keys)


class TimeToLive(Runs):
    def test_every_key_has_one_that_outlives_the_trial(self):
        """The result is written anew by each election, which takes its TTL off."""
        path = self.scenario("lock: setnx\n", **LONG)
        run = self.start_run(path)
        (sign,) = self.redis.keys("*:alive")
        trial = sign.decode().removesuffix("alive")

        def lives():
            return [self.redis.ttl(trial + name) for name in ("nodes", "election_result")]

        wait_for(lambda: min(lives()) > 3600, "keys get a TTL", 15)
        self.assertLessEqual(max(lives()), 3600 + 60)
        self.assertLessEqual(self.redis.ttl(sign), 60)
        run.send_signal(signal.SIGINT)
        self.assertEqual(self.end(run).returncode, 130)
        self.assertTrue(self.none_left())

    def test_driver_and_guardian_are_killed(self):
        run = self.start_run(self.scenario(**LONG))
        (guardian,) = wait_for(lambda: children(run.pid, "hustings-guard"), "the guardian")
        os.kill(run.pid, signal.SIGSTOP)
        os.kill(guardian.pid, signal.SIGKILL)
        run.kill()
        run.wait()
        wait_for(lambda: self.only_the_server(), "nobody is left", 2)
        kept = self.hustings("clean", "--redis", self.server.url)
        self.assertEqual(kept.returncode, 0, kept)
        self.assertIn("kept ", kept.stdout)
        self.assertIn("Nothing to remove", kept.stdout)
        for sign in self.redis.keys("*:alive"):
            self.redis.delete(sign)  # a minute passes
        count = len(self.redis.keys("hustings:*"))
        self.assertGreater(count, 0)
        gone = self.hustings("clean", "--redis", self.server.url)
        self.assertEqual(gone.returncode, 0, gone)
        self.assertIn(f"removed  {count} key", gone.stdout)
        self.assertTrue(self.none_left())


class Clean(Runs):
    def fill(self, prefix, trials):
        for trial in trials:
            self.redis.set(f"{prefix}{trial}:node_lock", "t")
            self.redis.hset(f"{prefix}{trial}:nodes", "1", "x")

    def test_only_what_dead_runs_left(self):
        others = (
            "hustings:", "hustings:mine", "hustings:12-zz:1:nodes", "hustings:1-2:nodes",
            "hustings:1-2:x:nodes", "hustings:1-2:3:", "husting:1-2:3:nodes", "nodes",
        )  # fmt: skip
        for key in others:
            self.redis.set(key, "mine")
        self.fill(DEAD, (1, 2, 17))
        self.fill("hustings:692a9c12-7:", (1,))
        self.fill("hustings:692a9c13-8:", (1, 2))
        self.redis.set("hustings:692a9c13-8:2:alive", "1")
        run = self.hustings("clean", "--redis", self.server.url)
        self.assertEqual(run.returncode, 0, run)
        self.assertEqual(
            run.stdout.splitlines(),
            [
                "removed  6 keys of 3 trials: hustings:692a9c11-1f3:*, a run that process 499 began"
                " at 2025-11-29T07:09:05Z",
                "removed  2 keys of 1 trial: hustings:692a9c12-7:*, a run that process 7 began"
                " at 2025-11-29T07:09:06Z",
                "removed  2 keys of 1 trial: hustings:692a9c13-8:*, a run that process 8 began"
                " at 2025-11-29T07:09:07Z",
                "kept     hustings:692a9c13-8:*: this run lives, or did within the last 60 s",
                f"In all 10 keys of 3 runs removed from {self.server.url}.",
            ],
        )
        left = {key.decode() for key in self.redis.keys()}
        living = {f"hustings:692a9c13-8:2:{name}" for name in ("alive", "nodes", "node_lock")}
        self.assertEqual(left, {*others, *living})

    def test_a_living_run_is_left_alone(self):
        run = self.start_run(self.scenario(**LONG))
        before = len(self.redis.keys())
        clean = self.hustings("clean", "--redis", self.server.url)
        self.assertIn("kept ", clean.stdout)
        self.assertGreaterEqual(len(self.redis.keys()), before)
        run.send_signal(signal.SIGINT)
        self.assertEqual(self.end(run).returncode, 130)
        clean = self.hustings("clean", "--redis", self.server.url)
        self.assertIn("Nothing to remove", clean.stdout)

    def test_a_database_with_many_keys(self):
        with self.redis.pipeline(transaction=False) as pipeline:
            for number in range(20000):
                pipeline.set(f"other-{number}", "x")
            pipeline.execute()
        self.fill(DEAD, range(1, 300))
        run = self.hustings("clean", "--redis", self.server.url)
        self.assertIn("In all 598 keys of 1 run removed", run.stdout)
        self.assertEqual(self.redis.dbsize(), 20000)

    def test_the_database_of_the_url(self):
        self.fill(DEAD, (1,))
        run = self.hustings("clean", "--redis", self.server.url + "?db=3")
        self.assertIn("Nothing to remove", run.stdout)
        self.assertEqual(self.redis.dbsize(), 2)

    def test_a_redis_that_refuses(self):
        self.fill(DEAD, (1,))
        for command in ("scan", "del", "exists"):
            self.redis.execute_command("ACL", "SETUSER", "default", "+@all", f"-{command}")
            run = self.hustings("clean", "--redis", self.server.url)
            self.assert_fails(run, command.upper(), "NOPERM")
            self.redis.execute_command("ACL", "SETUSER", "default", "+@all")

    def assert_fails(self, run, *words):
        self.assertEqual(run.returncode, 3, run)
        self.assert_one_line(run.stderr, "hustings clean: ", *words)

    def test_usage(self):
        for arguments in ((), ("--redis",), ("--redis", "x"), ("--redis", self.server.url, "x")):
            run = self.hustings("clean", *arguments)
            self.assertEqual(run.returncode, 2, run)
        run = self.hustings("clean", "--redis", f"unix://{self.folder}/none.sock")
        self.assert_fails(run, "none.sock")


if __name__ == "__main__":
    unittest.main()
