#!/usr/bin/python3
"""The wall clock of a program is shifted where the scenario says so, and nobody else's; of one that
does not ask the C library for the time this is refused, or skipped, with the reason."""
# ctest-timeout: 300
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402
from support.stage import Stage  # noqa: E402
from support.trialhistory import History  # noqa: E402

# Writes how far its wall clock is ahead of its monotonic clock, and what it is started with.
SHOWING = """
import os, time
print(os.environ.get("LD_PRELOAD", "none"), file=open("preload-" + os.environ["HUSTINGS_ID"], "w"))
with open("shown-" + os.environ["HUSTINGS_ID"], "a", buffering=1) as file:
    while True:
        file.write(f"{time.time() - time.monotonic()}\\n")
        time.sleep(0.01)
"""

ENDLESS = "#include <unistd.h>\nint main(void) { for (;;) { sleep(1); } }\n"


class ProgramClocks(Stage):
    def programs(self, words, faults, duration="2s"):
        return self.scenario(
            f"program: {words}\nheal: false\nfaults:\n{faults}",
            starts="{nodes: 0s}", duration=duration, nodes=2,
        )  # fmt: skip

    def jumps(self, words, after=1):
        faults = f"  - {{at: {after}s, jump: 1, by: 60s}}\n"
        return self.programs(words, faults, f"{after + 1}s")

    def show(self, faults, duration):
        """By how much each program's clock went ahead, from its first look on."""
        for node in (1, 2):
            for name in ("shown", "preload"):
                pathlib.Path(self.folder, f"{name}-{node}").unlink(missing_ok=True)
        path = self.programs(f"[/usr/bin/python3, worker.py, {self.folder}]", faults, duration)
        run = judged(self.run_once(path, "--allow-exec", timeout=100), self.out)
        self.assertIn(run.returncode, (0, 1), run)
        return [self.gains(node) for node in (1, 2)]

    def gains(self, node):
        path = pathlib.Path(self.folder, f"shown-{node}")
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        shown = [float(line) for line in text.split("\n")[:-1]]
        return [one - shown[0] for one in shown]

    def shown(self, make_faults, is_enough):
        """The same, of a trial that is long enough for it on this machine."""
        pathlib.Path(self.folder, "worker.py").write_text(SHOWING, encoding="utf-8")
        for half in (1, 4, 15):
            faults, duration = make_faults(half), f"{2 * half}s"
            gains = until_judged(lambda f=faults, d=duration: self.show(f, d))
            if is_enough(*gains):
                break
        return gains

    def started_with(self, node):
        return pathlib.Path(self.folder, f"preload-{node}").read_text(encoding="utf-8").strip()

    def test_it_jumps_and_nobody_else_does(self):
        """Its monotonic clock does not: the difference of the two is a minute more."""
        first, second = self.shown(
            lambda half: f"  - {{at: {half}s, jump: 1, by: 60s}}\n",
            lambda first, second: first and second and first[-1] > 1,
        )
        self.assertAlmostEqual(first[-1], 60, delta=1)
        self.assertTrue(all(abs(gain) < 1 or abs(gain - 60) < 1 for gain in first), first)
        self.assertTrue(all(abs(gain) < 1 for gain in second), second)
        self.assertIn("hustings_clock.so", self.started_with(1))
        self.assertEqual(self.started_with(2), "none")
        (fault,) = History(self.out).of(1, "fault")
        self.assertEqual(fault["fault"], "jump")

    def test_it_drifts(self):
        """At twice the rate it gains as much as passes."""
        first, second = self.shown(
            lambda half: f"  - {{at: {half}s, drift: 1, ppm: 1000000}}\n",
            lambda first, second: first and second and first[-1] > 0.2,
        )
        self.assertGreater(first[-1], 0.2)
        self.assertTrue(all(b - a > -0.05 for a, b in zip(first, first[1:])), first)
        self.assertTrue(all(abs(gain) < 0.1 for gain in second), second)

    def test_it_is_as_ahead_when_it_is_started_again(self):
        first, _ = self.shown(
            lambda half: f"  - {{at: {half * 600}ms, jump: 1, by: 60s}}\n"
            f"  - {{at: {half * 700}ms, crash: 1, for: 50ms}}\n",
            lambda first, second: first and second and first[-1] > 1,
        )
        self.assertAlmostEqual(first[-1], 60, delta=1)

    # --- those of which it is refused ---

    def refusal(self, words):
        run = self.run_scenario(self.jumps(words), "--allow-exec")
        self.assertEqual(run.returncode, 3, run)
        self.assert_one_line(run.stderr, "the clock of node 1", "cannot be shifted: ")
        return run.stderr

    def static(self):
        source = pathlib.Path(self.folder, "static.c")
        source.write_text(ENDLESS, encoding="utf-8")
        made = subprocess.run(
            ["cc", "-static", "-o", f"{self.folder}/static", source],
            check=False, capture_output=True,
        )  # fmt: skip
        if made.returncode != 0:
            self.skipTest("cc -static does not work here")
        return f"{self.folder}/static"

    def executable(self, name, text):
        path = pathlib.Path(self.folder, name)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def test_a_static_program_is_refused(self):
        self.static()
        self.assertIn("./static is linked statically", self.refusal("[./static]"))

    def test_so_is_a_script_of_one(self):
        self.executable("script", f"#!{self.static()}\n")
        self.assertIn("static is linked statically", self.refusal("[./script]"))

    def test_a_setuid_program_is_refused(self):
        path = f"{self.folder}/setuid"
        shutil.copy(shutil.which("sleep"), path)
        os.chmod(path, 0o755 | stat.S_ISUID)
        self.assertIn("setuid is setuid", self.refusal("[./setuid, '60']"))

    def test_one_that_is_not_there_is_refused(self):
        self.assertIn("is not there", self.refusal("[./nothing]"))

    def test_nothing_of_it_runs_before_the_trial(self):
        """It is started to see whether the library takes hold of it, and ends before main()."""
        self.executable("lives", f"#!/bin/sh\necho lived >> {self.folder}/lives.txt\nsleep 60\n")
        run = self.run_scenario(self.jumps("[./lives]"), "--allow-exec")
        self.assertIn(run.returncode, (0, 1), run)
        lives = pathlib.Path(self.folder, "lives.txt").read_text(encoding="utf-8").split()
        self.assertLessEqual(len(lives), 2)

    def test_what_a_shell_starts_is_seen_when_the_fault_comes(self):
        """The shell goes by the library, what it has become does not: the fault is skipped."""
        self.static()
        for after in (1, 4, 15):  # on a slow machine the shell has not started it before
            path = self.jumps("[sh, -c, './static; ./static']", after)
            run = self.run_scenario(path, "--allow-exec")
            self.assertIn(run.returncode, (0, 1), run)
            skipped = History(self.out).of(1, "skipped")
            if skipped:
                break
        (skipped,) = skipped
        self.assertIn("past the library that shifts its clock", skipped["why"])


if __name__ == "__main__":
    unittest.main()
