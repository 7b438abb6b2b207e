#!/usr/bin/python3
"""What surrounds a run: where its temporary folder lies, how large a stack may be, which signals
are ignored, and what its children find in their environment."""
import os
import pathlib
import resource
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402
from support.stage import SLOW, Worlds, children, read, wait_for  # noqa: E402

SHORT = {"duration": "500ms", "trials": 3}
ALL_FOLDERS = """redis: {persistence: aof-always}
faults:
  - {at: 100ms, delay: 1, by: 5ms, for: 100ms}
  - {at: 200ms, jump: redis, by: 10s}
  - {at: 300ms, power_loss: redis, for: 100ms}
expect: {checks: {starvation: allowed, no_leader: allowed, two_lock_holders: allowed}}
"""


class Folders(Worlds):
    """Sockets, the clock library and the files that a loss of power cuts lie in TMPDIR."""

    def in_folder(self, name):
        place = f"{self.folder}/{name}"
        os.makedirs(place)
        run = self.run_scenario(
            self.scenario(ALL_FOLDERS, duration="600ms", trials=1), environment={"TMPDIR": place}
        )
        self.assertIn(run.returncode, (0, 1), run)
        self.assertEqual(run.stderr, "")
        self.assertEqual(os.listdir(place), [])

    def test_of_any_length(self):
        for length in (44, 45, 50, 58, 60, 61, 107, 250):
            with self.subTest(length):
                self.in_folder("d" * max(length - len(self.folder) - 1, 1))

    def test_of_any_name(self):
        for name in ("a blank", "a:colon", "$ORIGIN", 'a"quote', "ü", "%s"):
            with self.subTest(name):
                self.in_folder(name)

    def test_too_long(self):
        place = self.folder + "/" + "/".join(["d" * 200] * 6)
        os.makedirs(place)
        run = self.run_scenario(self.scenario(**SHORT), environment={"TMPDIR": place})
        self.assert_world_failed(run, "TMPDIR", "shorter")

    def test_that_is_relative(self):
        run = self.run_scenario(self.scenario(**SHORT), environment={"TMPDIR": "build"})
        self.assertEqual(run.returncode, 0, run)


@unittest.skipIf(SLOW, "the sanitizers make every frame larger")
class SmallStacks(Worlds):
    """Nothing large lies on a stack; a thread's is as large as the main one's may become."""

    def within(self, *arguments, **options):
        def shrink():
            resource.setrlimit(resource.RLIMIT_STACK, (128 << 10, 128 << 10))

        return self.hustings(*arguments, preexec_fn=shrink, **options)

    def test_every_verb(self):
        path = self.scenario(**SHORT)
        for host in ("processes", "model"):
            out = f"{self.folder}/{host}"
            words = ("run", "--on", host, "--jobs", "2", "--out", out, path)
            run = until_judged(
                lambda words=words, out=out: judged(self.within(*words), out)
            )
            self.assertEqual(run.returncode, 0, run)
            check = self.within("check", f"{out}/latest")
            self.assertEqual(check.returncode, 0, check)
        both = (f"{self.folder}/{host}/latest" for host in ("processes", "model"))
        for words in (("compare", *both), ("lint", path), ("lint", "--format", "json", path),
                      ("list",)):  # fmt: skip
            run = self.within(*words)
            self.assertIn(run.returncode, (0, 1, 4), run)
        drawn = "faults: [{randomly: {mean: 20ms}, pause: any, for: 10ms}]\n"
        chaos = self.scenario(drawn, **SHORT)
        for words in (("--print-plan",), ("--format", "json"), ("--format", "junit")):
            run = self.within("run", "--on", "model", "--out", self.out, *words, chaos)
            self.assertIn(run.returncode, (0, 1, 4), run)


class Secrets(Worlds):
    def test_the_password_is_not_in_the_childrens_environment(self):
        server = self.redis_server("--requirepass", "very-secret")
        environment = {"HUSTINGS_REDIS_PASSWORD": "very-secret"}
        path = self.scenario("faults: [{at: 10s, delay: 1, by: 1ms}]\n", duration="20s", trials=1)
        for options, count in ((("--redis", server.url), 6), ((), 7)):
            run = self.start_hustings(
                "run", "--out", self.out, *options, path, environment=environment
            )
            wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are up")
            # One that has just been forked has no name of its own yet, and forgets in this moment.
            wait_for(lambda: not children(run.pid, "hustings"), "everybody has a name")
            found = children(run.pid)
            self.assertEqual(len(found), count, found)
            for child in found:
                self.assertNotIn(b"very-secret", read(f"/proc/{child.pid}/environ"), child)
            self.finish(run)


class IgnoredSignals(Worlds):
    def test_nohup_protects_runs_of_the_model(self):
        path = self.scenario(duration="10s", trials=300)
        run = self.start_hustings(
            "run", "--on", "model", "--out", self.out, path,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        )  # fmt: skip
        wait_for(lambda: os.path.exists(f"{self.out}/latest/scenario.yaml"), "it runs")
        run.send_signal(signal.SIGHUP)
        ended = self.end(run)
        self.assertEqual(ended.returncode, 0, ended)


if __name__ == "__main__":
    unittest.main()
