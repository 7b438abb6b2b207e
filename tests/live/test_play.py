#!/usr/bin/python3
"""hustings play: keys in a real terminal, stepping back, lines for a pipe, and that the terminal
is as it was however the program ends."""
import os
import pathlib
import re
import shutil
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from pseudo import END, HOME, LEFT, RIGHT, Pseudo  # noqa: E402
from support.stage import ROOT, Stage  # noqa: E402

LESSON = "scenarios/course/05-the-lock-expires.yaml"


class Play(Stage):

    def setUp(self):
        super().setUp()
        run = self.hustings(
            "run", "--on", "model", "--trials", "2", "--seed", "1", "--out", self.out, LESSON
        )
        self.assertEqual(run.returncode, 0, run)
        self.results = os.path.join(self.out, "latest")
        self.environment = {**self.environment, "TERM": "xterm", "LC_ALL": "C.UTF-8"}

    def play(self, *arguments, **options):
        return Pseudo(["play", *arguments, self.results], self.environment, **options)

    def assert_restored(self, screen):
        self.assertTrue(screen.is_restored(), repr(screen.all[-200:]))

    def test_a_step_forward_and_back(self):
        with self.play("--at", "302ms") as screen:
            first = screen.until("held")
            seen = []
            screen.type(RIGHT)  # from between two events to one
            screen.until("event 97 of")
            for _ in range(5):
                before = screen.line(" of 5.0 s")
                seen.append(screen.text())
                screen.type(RIGHT)
                number = int(re.search(r"event (\d+)", before)[1])
                screen.until(f"event {number + 1} of")
            for text in reversed(seen):
                screen.type(LEFT)
                screen.until(re.search(r"event \d+ of", text)[0])
                self.assertEqual(screen.text(), text)
            self.assertIn("trial 1 of 2", first)
            screen.type("q")
            self.assertEqual(screen.end(), 0)
            self.assert_restored(screen)

    def test_jumps_and_trials(self):
        with self.play("--at", "0s") as screen:
            screen.until("held")
            screen.type("n")
            screen.until("publishes node 1 by rule 3")
            screen.type("c")
            screen.until("this key means nothing here")
            screen.type("v")
            screen.until("two_lock_holders")
            self.assertIn("gone: unaware", screen.text())
            screen.type("]")
            screen.until("trial 2 of 2")
            screen.type(" " + END)
            screen.until("at the end")
            screen.type(HOME)
            screen.until("event 0 of")
            self.assertIn("not started yet", screen.text())
            self.assertNotIn("dead", screen.text())
            screen.type("?")
            screen.until("one event forward, back")
            screen.type("\x1b")
            screen.until("its last step")
            screen.type("q")
            self.assertEqual(screen.end(), 0)

    def test_time_passes_and_can_be_held(self):
        with self.play("--slow", "2") as screen:
            screen.until("playing  speed 1/2")
            screen.type("-")
            screen.until("speed 1/5")
            screen.until("publishes node 1 by rule 3")
            screen.type(" ")
            screen.until("held  speed 1/5")
            screen.type("q")
            self.assertEqual(screen.end(), 0)

    def test_the_window_may_change(self):
        with self.play("--at", "302ms", columns=100, rows=30) as screen:
            screen.until("held")
            screen.resize(40, 12)
            screen.until("q: end")
            self.assertEqual(len(screen.cells), 12)
            screen.type("q")
            self.assertEqual(screen.end(), 0)

    def test_however_it_ends_the_terminal_is_as_it_was(self):
        # A sanitizer makes an exit of its own of some signals.
        options = os.environ.get("ASAN_OPTIONS", "")
        self.environment["ASAN_OPTIONS"] = f"{options}:handle_segv=0:handle_sigbus=0"
        for number in (
            signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGSEGV,
            signal.SIGABRT, signal.SIGBUS,
        ):  # fmt: skip
            with self.subTest(number), self.play("--at", "302ms") as screen:
                screen.until("held")
                self.assertTrue(screen.alternate and screen.hidden)
                os.kill(screen.pid, number)
                self.assertEqual(screen.end(), -number)
                self.assert_restored(screen)

    def test_ctrl_c(self):
        with self.play("--at", "302ms") as screen:
            screen.until("held")
            screen.type("\x03")
            self.assertEqual(screen.end(), -signal.SIGINT)
            self.assert_restored(screen)

    def test_ctrl_z_and_back(self):
        bash = shutil.which("bash")
        if not bash:
            self.skipTest("there is no bash, whose jobs can be stopped")
        with Pseudo(
            ["--norc", "--noprofile", "-i"],
            {**self.environment, "PS1": "$> "},
            columns=160,
            program=bash,
        ) as screen:
            screen.until("$>")
            screen.type(f"$HUSTINGS play --at 302ms {self.results}\r")
            screen.until("held")
            screen.type("\x1a")
            screen.until("Stopped")
            self.assertFalse(screen.alternate or screen.hidden)
            screen.type("stty -a | tr ';' '\\n' | grep -c -e '-icanon' -e '-echo '\r")
            screen.until("\n0")
            screen.type("fg\r")
            screen.until("q: end")
            self.assertTrue(screen.alternate)
            screen.type(RIGHT)
            screen.until("event 97 of")
            screen.type("q")
            screen.until("$>")
            screen.type("echo it is over $?\r")
            screen.until("it is over 0")
            self.assertFalse(screen.alternate or screen.hidden)
            screen.type("exit\r")
            self.assertEqual(screen.end(), 0)

    def test_lines_for_a_pipe(self):
        whole = self.hustings("play", self.results)
        self.assertEqual((whole.returncode, whole.stderr), (0, ""))
        lines = whole.stdout.splitlines()
        self.assertIn("   0.300700 s  node 3 asks for the lock (sends put_if_absent lock)", lines)
        self.assertNotIn("\x1b", whole.stdout)
        part = self.hustings("play", "--at", "301ms", "--until", "302ms", self.results)
        times = [float(line.split()[0]) for line in part.stdout.splitlines()]
        self.assertTrue(times and 0.301 <= min(times) and max(times) <= 0.302, times)
        self.assertEqual(part.stdout.splitlines(), [line for line in lines if line in part.stdout])
        few = self.hustings("play", "--lines", "3", self.results)
        self.assertEqual(few.stdout.splitlines(), lines[:3])
        other = self.hustings("play", "--trial", "2", self.results)
        self.assertNotEqual(other.stdout, whole.stdout)

    def test_what_is_wrong(self):
        for arguments, code, words in (
            ([], 2, "which history or results folder?"),
            ([self.results, LESSON], 2, "one history or results folder at a time, but 2"),
            (["nowhere"], 3, "nowhere: No such file or directory"),
            (["--trial", "9", self.results], 3, "no history of trial 9"),
            (["--speed", "0", self.results], 2, '--speed "0"'),
            (["--at", "3", self.results], 2, "give a time with its unit"),
            (["scenarios"], 3, "there is no history (.jsonl) in it"),
            ([LESSON], 3, LESSON),
        ):
            with self.subTest(arguments):
                run = self.hustings("play", *arguments)
                self.assertEqual((run.returncode, run.stdout), (code, ""), run)
                self.assertTrue(run.stderr.startswith("hustings play: "), run)
                self.assertIn(words, run.stderr.split("\n")[0])


if __name__ == "__main__":
    os.chdir(ROOT)
    unittest.main()
