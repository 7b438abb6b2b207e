#!/usr/bin/python3
"""Members that are programs of the user's, killed from outside, with their keeper or the driver:
nobody is blamed for it, and nothing of them is left."""
# ctest-timeout: 300
import os
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import HarnessWasLate, ever_longer, in_time, until_judged  # noqa: E402
from support.programs import DAEMON, ProgramStage  # noqa: E402
from support.stage import children, wait_for  # noqa: E402


class Killed(ProgramStage):
    def run_with(self, path, count):
        """A run that has started so many programs; HarnessWasLate if it was over before that."""
        run = self.start_hustings("run", "--out", self.out, "--allow-exec", path)
        self.wait_in(run, lambda: len(self.marked()) == count, f"{count} programs run")
        return run

    def wait_in(self, run, condition, what):
        """Waits for what is to come within a run; HarnessWasLate if that is over before it."""
        wait_for(lambda: condition() or run.poll() is not None, what, 30)
        if run.poll() is not None:
            raise HarnessWasLate(f"the run was over before: {what}")

    def test_nothing_is_left_of_one_whose_keeper_is_killed(self):
        durations = ever_longer("2s", "6s", "25s")

        def story():
            run = self.run_with(self.program(DAEMON, duration=next(durations), protocol=""), 4)
            os.kill(children(run.pid, "hustings-keeper")[0].pid, signal.SIGKILL)
            self.wait_in(run, lambda: len(self.marked()) == 2, "one of each is gone")
            self.assertEqual(self.end(run).returncode, 4)  # it was killed, not by the scenario

        until_judged(story)

    def test_one_that_somebody_else_kills_is_not_blamed(self):
        source = "import time\ntime.sleep(60)"
        durations = ever_longer("2s", "6s", "25s")

        def story():
            path = self.program(source, duration=next(durations), protocol="")
            run = self.run_with(path, 2)
            os.kill(self.marked()[0].pid, signal.SIGKILL)
            self.wait_in(run, lambda: len(self.marked()) == 1, "one is gone")
            done = self.end(run)
            self.assertEqual(done.returncode, 4, done)
            in_time(self.out)
            self.assertIn("was killed by signal 9, not by the scenario", done.stdout)

        until_judged(story)

    def marked(self):
        return [process for process in self.left() if process.name.startswith("python")]

    def test_nothing_is_left_when_the_driver_is_killed(self):
        path = self.program(DAEMON)
        run = self.start_hustings("run", "--out", self.out, "--allow-exec", path)
        wait_for(lambda: os.path.exists(f"{self.folder}/stamps-2"), "the daemons run", 20)
        run.kill()
        run.wait()
        self.assertEqual(self.left_within(20), [])


if __name__ == "__main__":
    unittest.main()
