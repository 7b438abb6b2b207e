#!/usr/bin/python3
"""hustings run --watch on real processes: the trial on the screen as it runs, hurt by hand; what
was done by hand is saved, and happens again; whatever ends it, nothing is left behind."""
# ctest-timeout: 120
import json
import os
import pathlib
import re
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from pseudo import END, RIGHT, Pseudo  # noqa: E402
from support.stage import Worlds, children, read, wait_for  # noqa: E402


class WatchProcesses(Worlds):
    def setUp(self):
        super().setUp()
        self.environment = {**self.environment, "TERM": "xterm", "LC_ALL": "C.UTF-8"}

    def watch(self, *options, text="", **keys):
        path = self.scenario(text, **{"nodes": 3, "trials": 1, **keys})
        return Pseudo(["run", "--watch", "--out", self.out, *options, path], self.environment)

    def faults(self, folder):
        """What was done, in order: (what, to whom); and what was healed, all at one moment."""
        path = pathlib.Path(f"{folder}/latest/history/trial-0001.jsonl")
        events = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        told = [(e["event"], e["fault"], e["process"]) for e in events if "fault" in e]
        faults = [what for what in told if what[0] == "fault"]
        return faults, sorted(what for what in told if what[0] == "healed")

    def test_hurt_by_hand(self):
        with self.watch(duration="4s") as screen:
            screen.until("on real processes")
            screen.until("leads")
            screen.type("c3")
            screen.until("done: crash node 3")
            screen.until("× node 3  dead")
            screen.type("p3")
            screen.until("pause node 3: not done, it was dead")
            screen.type("c9")
            screen.until("there is no such member")
            screen.type("x2")
            screen.until("done: cut off node 2")
            screen.until("cut off")
            screen.type("h")
            screen.until("done: heal everything")
            screen.until("node 2 reaches the Redis again")
            self.assertNotIn("dead", screen.line("node 3"))
            self.assertNotIn("cut off", screen.line("node 2"))
            self.assertIn(screen.end(), (0, 4), screen.text())  # 4: the harness was late
            self.assertTrue(screen.is_restored())
            said = re.sub(r"\s+", "", screen.all)
            self.assertIn("byhand", said)
            saved = f"{self.out}/latest/by-hand-0001.yaml"
            self.assertIn(re.sub(r"latest.*", "", saved), said)
        words = read(saved).decode()
        self.assertRegex(words, r"\n  - \{at: [\d.]+ms, crash: 3, for: [\d.]+ms\}\n")
        self.assertRegex(words, r"\n  # \{at: [\d.]+ms, pause: 3\}: skipped, it was dead\n")
        self.assertEqual(self.hustings("lint", "--quiet", saved).returncode, 0)
        again = self.hustings("run", "--out", f"{self.folder}/again", saved)
        self.assertIn(again.returncode, (0, 4), again)
        self.assertEqual(self.faults(f"{self.folder}/again"), self.faults(self.out))

    def test_trials_one_after_the_other(self):
        """What is told of a trial stays on the terminal; and a hand is on the one that runs."""
        with self.watch("--trials", "2", duration="1500ms") as screen:
            screen.until("trial 2 of 2")
            screen.until("leads")
            screen.type("p1")
            screen.until("done: pause node 1")
            screen.type("p1")
            screen.until("done: resume node 1")
            self.assertIn(screen.end(), (0, 4))
            self.assertTrue(screen.is_restored())
            self.assertIn("trial 1/2", screen.all)
            self.assertIn("trial 2/2", screen.all)
        self.assertFalse(pathlib.Path(f"{self.out}/latest/by-hand-0001.yaml").exists())
        words = read(f"{self.out}/latest/by-hand-0002.yaml").decode()
        self.assertRegex(words, r"pause: 1\}\n  - \{at: [\d.]+ms, resume: 1\}")
        self.assertIn("by-hand-0002.yaml", self.rows("trials")[1]["reproduce"])

    def test_a_broken_promise_is_repeated_as_it_was_done(self):
        """By the scenario that was saved: the seed alone would not do it again."""
        with self.watch(duration="2s", text="expect: {leaders: [7]}\n", nodes=7) as screen:
            screen.until("leads")
            screen.type("p3")
            screen.until("done: pause node 3")
            code = screen.end()
            said = re.sub(r"\s+", "", screen.all)
        self.assertIn(code, (1, 4), said)  # 4: the harness was late
        if code == 1:
            self.assertRegex(said, r"repeat\S*by-hand-0001\.yaml--seed")

    def test_to_the_end(self):
        """A trial ends by itself, whatever was typed; at its end it is played, and left."""
        with self.watch(duration="1200ms") as screen:
            screen.until("on real processes")
            screen.type(END + RIGHT + "n ]")  # the last of them tells that none does anything
            screen.until("it runs in real time; afterwards, hustings play shows it slowly")
            self.assertIn(screen.end(), (0, 4), screen.text())  # 4: the harness was late
            self.assertTrue(screen.is_restored())
        self.assertEqual(len(self.rows("trials")), 1)
        with Pseudo(["play", "--speed", "50", f"{self.out}/latest"], self.environment) as screen:
            screen.until("at the end")
            screen.type(END + RIGHT + "." + END + "t")
            screen.until("there is no later fault")
            screen.type("q")
            self.assertEqual(screen.end(), 0, screen.text())
            self.assertTrue(screen.is_restored())

    def ends(self, how):
        with self.watch(duration="60s") as screen:
            screen.until("leads")
            screen.type("p2")
            screen.until("done: pause node 2")
            nodes = [node.pid for node in children(screen.pid, "hustings-node")]
            self.assertEqual(len(nodes), 3)
            how(screen)
            self.assertEqual(screen.end(), 130)
            self.assertTrue(screen.is_restored())
            self.assertIn("interrupted", screen.all)
        wait_for(lambda: not any(pathlib.Path(f"/proc/{pid}").exists() for pid in nodes), "all end")
        self.assertEqual(self.left_within(1), [])

    def test_ctrl_c(self):
        self.ends(lambda screen: screen.type("\x03"))

    def test_q_ends_it_as_ctrl_c_does(self):
        self.ends(lambda screen: screen.type("q"))

    def test_a_signal(self):
        self.ends(lambda screen: os.kill(screen.pid, signal.SIGTERM))

    def test_without_a_terminal_there_is_no_screen(self):
        path = self.scenario(duration="300ms", trials=1)
        run = self.hustings("run", "--watch", "--out", self.out, path)
        self.assertIn(run.returncode, (0, 4), run)
        self.assertNotIn("\x1b", run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
