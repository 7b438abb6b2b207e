#!/usr/bin/python3
"""Ctrl-C and its likes: the first ends the trial under way and writes what is finished, exit 130;
the second is final, unless it comes so soon that it is the same."""
import json
import os
import pathlib
import pty
import shutil
import signal
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import HUSTINGS, ROOT, Worlds, children, read, wait_for  # noqa: E402

LONG = {"duration": "30s", "trials": 3}
SHORT = {"duration": "300ms", "trials": 50}
MODEL = {"duration": "30s", "trials": 1000000}


class Interrupts(Worlds):
    def start_run(self, *options, **keys):
        return self.start_hustings("run", "--out", self.out, *options, self.scenario(**keys))

    def assert_interrupted(self, run, *words):
        self.assertEqual(run.returncode, 130, run)
        self.assert_one_line(run.stderr, "hustings: interrupted", *words)

    def wait_for_nodes(self, run, count=3):
        wait_for(lambda: len(children(run.pid, "hustings-node")) == count, "the nodes are up")

    def test_the_first_trial_is_left_out(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            run = self.start_run(**LONG)
            self.wait_for_nodes(run)
            begun = time.monotonic()
            run.send_signal(number)
            self.assert_interrupted(self.end(run), f"no trial was finished: {self.out}/")
            self.assertLess(time.monotonic() - begun, 2)
            self.assertEqual(self.finished(), 0)
            self.assert_check_says(0, 3)

    def test_finished_trials_are_written_and_told(self):
        run = self.start_run("--jobs", "2", **SHORT)
        self.wait_for_rows(3)
        run.send_signal(signal.SIGINT)
        ended = self.end(run)
        finished = self.finished()
        self.assertTrue(3 <= finished < 50, finished)
        self.assert_interrupted(ended, f"{finished} of 50 trials were finished: {self.out}/")
        # The tables that come last are there, too.
        self.assertEqual({row["trials"] for row in self.rows("summary")}, {str(finished)})
        facts = json.loads(read(f"{self.out}/latest/run.json"))
        self.assertEqual(facts["host"], "processes")
        self.assertIn("elected", ended.stdout)
        self.assert_check_says(finished, 50)

    def assert_check_says(self, finished, planned):
        """Who judges the folder again is told that it is not whole."""
        check = self.hustings("check", f"{self.out}/latest")
        self.assertEqual(check.returncode, 4, check.stdout)
        words = f"the run was broken off: {finished} of {planned} trials were finished"
        self.assertIn(words, check.stdout)

    def test_a_killed_run_is_not_whole(self):
        run = self.start_run(**SHORT)
        self.wait_for_rows(1)
        run.kill()
        run.wait()
        self.assertEqual(self.left_within(2), [])
        self.assert_check_says(self.finished(), 50)

    def test_a_trial_that_was_over_before_an_earlier_one_counts(self):
        """The first trial's Redis stands still before anybody is elected."""
        run = self.start_hustings(
            "run", "--jobs", "2", "--out", self.out,
            self.scenario("expect: {settles_within: 60s}\n", duration="3s", trials=2,
                          starts="{master: 2500ms}"),
        )  # fmt: skip
        self.wait_for_nodes(run, 6)
        first = min(children(run.pid, "redis-server"), key=lambda one: one.pid)
        os.kill(first.pid, signal.SIGSTOP)
        self.addCleanup(self.let_go_on, first.pid)
        wait_for(lambda: len(children(run.pid, "redis-server")) == 1, "the second trial is over")
        run.send_signal(signal.SIGINT)
        self.assert_interrupted(self.end(run), f"1 of 2 trials were finished: {self.out}/")
        self.assertEqual([row["trial"] for row in self.rows("trials")], ["2"])
        self.assertEqual({row["trials"] for row in self.rows("summary")}, {"1"})

    @staticmethod
    def let_go_on(pid):
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            pass

    def test_no_further_scenario_is_begun(self):
        second = self.scenario(**SHORT)
        run = self.start_hustings("run", "--out", self.out, self.scenario(**LONG), second)
        self.wait_for_nodes(run)
        run.send_signal(signal.SIGINT)
        self.assert_interrupted(self.end(run))

    def blocked(self, *options, **keys):
        """A run that waits for the reader of its output, who does not read."""
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        run = self.start_hustings(
            "run", "--out", self.out, *options, self.scenario(**keys), stdout=writing
        )
        self.wait_for_rows(1)
        again = os.open(f"/proc/self/fd/{writing}", os.O_WRONLY | os.O_NONBLOCK)
        try:
            while True:
                os.write(again, b"x")
        except BlockingIOError:
            os.close(again)
            os.close(writing)
        return run

    @staticmethod
    def waits_to_write(run):
        """It sleeps in a system call on its standard output."""
        call = read(f"/proc/{run.pid}/syscall").split()
        return len(call) > 1 and call[1] == b"0x1"

    def test_a_second_one_is_final(self):
        """Whatever it is doing: here it waits in the middle of a run, or at its end."""
        for name, earlier in (("at the end", 1), ("in the middle", 0)):
            with self.subTest(name):
                run = self.blocked(**{**SHORT, "trials": 8})
                if earlier:
                    run.send_signal(signal.SIGINT)
                    wait_for(lambda: not children(run.pid), "the trial has ended")
                wait_for(lambda: self.waits_to_write(run), "it waits to write", 20)
                self.assertIsNone(run.poll())
                begun = time.monotonic()
                for _ in range(2 - earlier):
                    time.sleep(0.15)  # within 100 ms of the first it would be the same
                    run.send_signal(signal.SIGINT)
                self.assertEqual(run.wait(2), 130)
                self.assertLess(time.monotonic() - begun, 1)
                self.assertEqual(self.left_within(1), [])

    def test_a_second_one_is_final_on_the_model(self):
        run = self.blocked("--on", "model", **MODEL)
        run.send_signal(signal.SIGINT)
        wait_for(lambda: self.waits_to_write(run), "it waits to write its end", 20)
        time.sleep(0.15)
        self.assertIsNone(run.poll())
        run.send_signal(signal.SIGINT)
        self.assertEqual(run.wait(2), 130)

    def test_two_at_once_are_one(self):
        """As `timeout -s INT` sends them, to its child and to the group: what is finished is
        written, and the reports are whole. Whoever is stopped finds both when it goes on."""
        for host in ("processes", "model"):
            for form, read_it in (("json", json.loads), ("junit", ElementTree.fromstring)):
                with self.subTest(host=host, form=form):
                    run = self.endless(host, "--format", form)
                    run.send_signal(signal.SIGSTOP)
                    run.send_signal(signal.SIGINT)
                    run.send_signal(signal.SIGTERM)
                    run.send_signal(signal.SIGCONT)
                    ended = self.end(run)
                    self.assert_interrupted(ended)
                    read_it(ended.stdout)
                    self.assertEqual(self.left_within(1), [])

    def endless(self, host, *options):
        """A run that will not end by itself soon, and is in the midst of it."""
        shutil.rmtree(self.out, ignore_errors=True)
        if host == "processes":
            run = self.start_run(*options, **LONG)
            self.wait_for_nodes(run)
            return run
        run = self.start_run("--on", "model", *options, **MODEL)
        self.wait_for_rows(1)
        return run

    def test_one_that_comes_before_anything_runs(self):
        """Between the program's beginning and the first fork: at worst it dies of it."""
        path = self.scenario(**LONG)
        for moment in range(8):
            run = self.start_hustings("run", "--out", self.out, path)
            time.sleep(0.002 * moment)
            run.send_signal(signal.SIGINT)
            self.assertIn(self.end(run).returncode, (130, -signal.SIGINT), moment)
            self.assertEqual(self.left_within(1), [])

    def test_what_nohup_ignores_stays_ignored(self):
        run = self.start_hustings(
            "run", "--out", self.out, self.scenario(duration="700ms"),
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        )  # fmt: skip
        self.wait_for_nodes(run)
        run.send_signal(signal.SIGHUP)
        ended = self.end(run)
        self.assertNotEqual(ended.returncode, 130)
        self.assertEqual(self.finished(), 1)

    def test_a_real_terminal(self):
        """Ctrl-C typed: the terminal's whole foreground group gets it; the members must not."""
        path = self.scenario(**SHORT)
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(ROOT)
            os.execve(
                HUSTINGS, [HUSTINGS, "run", "--out", self.out, path],
                {**self.environment, "TERM": "xterm"},
            )  # fmt: skip
        try:
            self.wait_for_rows(2)
            wait_for(lambda: len(children(pid, "hustings-node")) == 3, "the nodes are up")
            group = os.tcgetpgrp(terminal)
            self.assertEqual(group, os.getpgid(pid))
            self.assertNotIn(group, [os.getpgid(child.pid) for child in children(pid)])
            os.write(terminal, b"\x03")
            screen = self.screen(terminal)
        finally:
            os.close(terminal)
            status = os.waitpid(pid, 0)[1]
        self.assertEqual(os.waitstatus_to_exitcode(status), 130, screen)
        self.assertIn(f"{self.finished()} of 50 trials were finished", screen)
        self.assertNotIn("killed by signal", screen)

    @staticmethod
    def screen(terminal):
        """All that is written to a terminal until nobody has it open any more."""
        written = b""
        try:
            while True:
                some = os.read(terminal, 65536)
                if not some:
                    break
                written += some
        except OSError:  # Linux's way to say that the other side has closed it
            pass
        return written.decode()


if __name__ == "__main__":
    unittest.main()
