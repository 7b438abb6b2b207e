#!/usr/bin/python3
"""hustings run --watch on the model: held, stepped forward and back, hurt by hand; what was done by
hand is saved, and is the same trial again; without a terminal nothing is different."""
import os
import pathlib
import re
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from pseudo import END, HOME, LEFT, RIGHT, Pseudo  # noqa: E402
from support.stage import ROOT, Stage, read  # noqa: E402

LESSON = "scenarios/course/04-the-leader-crashes.yaml"


class WatchModel(Stage):
    def setUp(self):
        super().setUp()
        self.environment = {**self.environment, "TERM": "xterm", "LC_ALL": "C.UTF-8"}

    def watch(self, *options):
        arguments = ["run", "--on", "model", "--watch", "--out", self.out, *options, LESSON]
        return Pseudo(arguments, self.environment)

    def events(self, screen):
        return int(re.search(r"event ([\d,]+)", screen.text())[1].replace(",", ""))

    def steps(self, path):
        run = self.hustings("play", path)
        self.assertEqual(run.returncode, 0, run)
        # Which fault of the file it was differs.
        return re.sub(r" \((crash|pause|resume|cut|flip).*\)", "", run.stdout)

    def test_hurt_by_hand(self):
        with self.watch("--trials", "1", "--slow", "10") as screen:
            screen.until("playing  speed 1/10")
            screen.type(" n")
            screen.until("publishes node 1 by rule 3")
            screen.type("c")
            screen.until("crash whom? 0 the master, 1 to 5")
            screen.type("3")
            screen.until("done: crash node 3")
            self.assertIn("dead", screen.line("node 3"))
            number = self.events(screen)
            screen.type(RIGHT + RIGHT)
            screen.until(f"event {number + 2}")
            screen.type(LEFT * 4)
            screen.until(f"event {number - 2}")
            self.assertIn("prepare", screen.line("node 3"))
            screen.type("p2")  # another future
            screen.until("done: pause node 2")
            self.assertIn("paused", screen.line("node 2"))
            self.assertIn("prepare", screen.line("node 3"))
            screen.type("p2")
            screen.until("done: resume node 2")
            self.assertNotIn("paused", screen.line("node 2"))
            screen.type("x9")
            screen.until("there is no such member")
            screen.type("q")
            self.assertEqual(screen.end(), 0)
            self.assertTrue(screen.is_restored())
            self.assertIn("every expectation held", screen.all)
        saved = f"{self.out}/latest/by-hand-0001.yaml"
        words = read(saved).decode()
        self.assertIn("pause: 2", words)
        self.assertNotIn("crash: 3", words)
        once = self.steps(f"{self.out}/latest")
        run = self.hustings("run", "--on", "model", "--out", f"{self.folder}/again", saved)
        self.assertEqual(run.returncode, 0, run)
        self.assertEqual(self.steps(f"{self.folder}/again/latest"), once)

    def test_nothing_by_hand_is_the_run_without_a_screen(self):
        plain = self.hustings(
            "run", "--on", "model", "--watch", "--trials", "3",
            "--out", f"{self.folder}/plain", LESSON,
        )  # fmt: skip
        self.assertEqual(plain.returncode, 0, plain)
        self.assertNotIn("\x1b", plain.stdout)
        with self.watch("--trials", "3") as screen:
            screen.until("trial 1 of 3")
            screen.type("]")
            screen.until("trial 2 of 3")
            screen.type("[")
            screen.until("a trial that was left is over")
            screen.type("q")
            self.assertEqual(screen.end(), 0)
        for table in ("trials.csv", "elections.csv"):
            self.assertEqual(
                read(f"{self.out}/latest/{table}"), read(f"{self.folder}/plain/latest/{table}")
            )
        self.assertFalse(list(pathlib.Path(self.out).glob("*/by-hand*")))

    def test_to_the_end_and_beyond(self):
        """A trial that is at its end can be left, stepped in, and hurt no more."""
        plain = self.hustings("run", "--on", "model", "--out", f"{self.folder}/plain", LESSON)
        self.assertEqual(plain.returncode, 0, plain)
        with self.watch("--trials", "2", "--speed", "50") as screen:
            screen.until("at the end")  # it has come to it by itself
            count = self.events(screen)
            for beyond in (RIGHT, END, END, "."):
                screen.type(beyond)
            screen.type("v")
            screen.until("there is no later broken promise")
            screen.type(" ")
            screen.until("this is the end of the trial")
            screen.type("c3")
            screen.until("crash node 3: not done, the trial is over")
            self.assertEqual(self.events(screen), count)
            screen.type("[")
            screen.until("a trial that was left is over")
            screen.type(HOME)
            screen.until("event 0")
            screen.type("  ")
            screen.until("held")
            screen.type(END)
            screen.until("at the end")
            self.assertEqual(self.events(screen), count)
            screen.type("]")
            screen.until("trial 2 of 2")
            screen.type(END + "]")  # and of the last trial to the next, which there is not
            self.assertEqual(screen.end(), 0, screen.text())
            self.assertTrue(screen.is_restored())
            self.assertIn("every expectation held", screen.all)
        self.assertEqual(len(self.rows("trials")), 2)
        self.assertEqual(
            read(f"{self.out}/latest/history/trial-0001.jsonl"),
            read(f"{self.folder}/plain/latest/history/trial-0001.jsonl"),
        )
        self.assertFalse(list(pathlib.Path(self.out).glob("*/by-hand*")))

    def test_q_at_the_end(self):
        for keys, code in (
            (END, 0),
            (HOME + "c3" + END, 1),  # then nobody else is there for the fault of the file
            (END + LEFT + "p1" + RIGHT + END + END, 0),  # not done: everything is healed by then
        ):
            with self.subTest(keys), self.watch("--trials", "1") as screen:
                screen.until("trial 1 ")
                screen.type(keys)
                screen.until("at the end")
                screen.type("q")
                self.assertEqual(screen.end(), code, screen.text())
                self.assertTrue(screen.is_restored())
                self.assertEqual(len(self.rows("trials")), 1)
                saved = list(pathlib.Path(f"{self.out}/latest/").glob("by-hand*"))
                self.assertEqual(len(saved), code)

    def test_ctrl_c(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number), self.watch("--trials", "3") as screen:
                screen.until("trial 1 of 3")
                screen.type("]")
                screen.until("trial 2 of 3")
                os.kill(screen.pid, number)
                self.assertEqual(screen.end(), 130)
                self.assertTrue(screen.is_restored())
                self.assertIn("hustings: interrupted; 1 of 3 trials were finished", screen.all)

    def test_what_is_told_of_a_bug_is_seen(self):
        with self.watch("--trials", "1") as screen:
            screen.until("trial 1 ")
            with open(f"/proc/{screen.pid}/fd/2", "w", encoding="utf-8") as errors:
                errors.write("Assertion `two == 3' failed.\n")
            os.kill(screen.pid, signal.SIGABRT)
            self.assertEqual(screen.end(), -signal.SIGABRT)
            self.assertTrue(screen.is_restored())
            self.assertIn("Assertion `two == 3' failed.", screen.text())

    def test_slow_goes_with_the_model(self):
        run = self.hustings("run", "--slow", "20", LESSON)
        self.assertEqual((run.returncode, run.stdout), (2, ""), run)
        self.assert_one_line(run.stderr, "--slow and --speed go with --watch --on model")


if __name__ == "__main__":
    os.chdir(ROOT)
    unittest.main()
