#!/usr/bin/python3
"""hustings redis: a Redis by hand. Its port and its socket answer, the commands that it prints
work, and it is gone, with its folder, however its parent ends."""
import glob
import os
import pathlib
import re
import shlex
import signal
import socket
import sys
import unittest

import redis

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Stage, children, read, wait_for  # noqa: E402


class RedisVerb(Stage):
    def begin(self, *options):
        """Starts one on a free port; what it says, up to its last command."""
        verb = self.start_hustings("redis", "--port", "0", *options)
        said = ""
        while "GET election_result" not in said:
            line = verb.stdout.readline()
            self.assertTrue(line, said)
            said += line
        return verb, said

    def is_gone(self, port):
        with socket.socket() as probe:
            refused = probe.connect_ex(("127.0.0.1", port)) != 0
        return refused and not glob.glob(f"{self.folder}/hustings-*")

    def test_port_and_socket_are_one_redis_of_this_machine_alone(self):
        _, said = self.begin()
        port = int(re.search(r"redis://127\.0\.0\.1:(\d+)\n", said)[1])
        path = re.search(r"unix:(\S+)\n", said)[1]
        redis.Redis("127.0.0.1", port).set("a", "1")
        client = redis.Redis(unix_socket_path=path)
        self.assertEqual(client.get("a"), b"1")
        self.assertEqual(client.config_get("bind"), {"bind": "127.0.0.1"})

    def test_the_commands_that_it_prints_work(self):
        _, said = self.begin()
        commands = re.findall(r"^  (\S.* (?:node|master)\b.*)$", said, re.MULTILINE)
        self.assertEqual(len(commands), 3)
        nodes = [self.start(*shlex.split(command)) for command in commands]
        for process, words in zip(nodes, ("has reported", "has reported", "has published")):
            line = "-"
            while line and words not in line:
                line = process.stdout.readline()
            self.assertTrue(line, words)

    def test_it_is_gone_however_it_ends(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            with self.subTest(number.name):
                verb, said = self.begin()
                port = int(re.search(r":(\d+)\n", said)[1])
                verb.send_signal(number)
                code = 0 if number != signal.SIGKILL else -signal.SIGKILL
                self.assertEqual(verb.wait(10), code)
                said = verb.stdout.read()
                self.assertEqual(said, "" if code else
                                 "\nThe Redis is gone, and so is what was in it.\n")
                self.assertEqual(self.left_within(2), [])
                # a process that exits has no environment any more, but its port for a moment
                wait_for(lambda port=port: self.is_gone(port), "port and folder are gone", 1)

    def test_it_stays_when_it_was_stopped_and_goes_on(self):
        """Ctrl-Z and fg. That it still waits is seen at what it says when the server ends."""
        verb, said = self.begin()
        client = redis.Redis("127.0.0.1", port=int(re.search(r":(\d+)\n", said)[1]))
        client.set("a", "1")
        def state():
            return read(f"/proc/{verb.pid}/stat").rpartition(b") ")[2][:1]

        for _ in range(3):
            verb.send_signal(signal.SIGSTOP)
            wait_for(lambda: state() == b"T", "it stands still")
            verb.send_signal(signal.SIGCONT)
            wait_for(lambda: state() in (b"R", b"S"), "it goes on")
        self.assertEqual(client.get("a"), b"1")
        os.kill(children(verb.pid, "redis-server")[0].pid, signal.SIGKILL)
        self.assertEqual(verb.wait(10), 3)

    def test_a_redis_that_does_not_stay_is_told(self):
        verb, _ = self.begin()
        wait_for(lambda: children(verb.pid, "redis-server"), "the server")
        os.kill(children(verb.pid, "redis-server")[0].pid, signal.SIGKILL)
        self.assertEqual(verb.wait(10), 3)
        self.assert_one_line(verb.stderr.read(), "hustings redis: ", "has ended by itself")

    def test_without_its_guardian_it_ends(self):
        verb, said = self.begin()
        port = int(re.search(r":(\d+)\n", said)[1])
        guardian = next(child for child in children(verb.pid) if child.name != "redis-server")
        os.kill(guardian.pid, signal.SIGKILL)
        self.assertEqual(verb.wait(10), 3)
        self.assert_one_line(verb.stderr.read(), "hustings redis: ", "the guardian process")
        wait_for(lambda: self.is_gone(port), "port and folder are gone", 1)

    def test_it_can_be_ended_before_it_answers(self):
        program = pathlib.Path(self.folder, "silent")
        begun = pathlib.Path(self.folder, "begun")
        program.write_text(
            f'#!/bin/sh\ncase "$*" in *version*) exec redis-server --version;; esac\n'
            f"touch {begun}\nexec sleep 60\n", encoding="utf-8",
        )  # fmt: skip
        program.chmod(0o755)
        verb = self.start_hustings("redis", "--port", "0", "--redis-server", str(program))
        wait_for(begun.exists, "the server")
        verb.send_signal(signal.SIGINT)
        self.assertEqual(verb.wait(5), 0)  # it would wait for 10 s

    def test_what_cannot_be_is_one_line(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            run = self.hustings("redis", "--port", str(taken.getsockname()[1]))
        self.assertEqual(run.returncode, 3)
        self.assert_one_line(run.stderr, "is taken", "--port N")
        for words, said in ((["--redis-server", "nope"], "no such program"),
                            (["--redis-server", "/bin/false", "--port", "0"], "does not come up")):
            run = self.hustings("redis", *words)
            self.assertEqual((run.returncode, run.stdout), (3, ""))
            self.assert_one_line(run.stderr, "hustings redis: ", said)
        self.assertEqual(self.hustings("redis", "7000").returncode, 2)


class Refused(Stage):
    """A node by hand tells the words of a Redis that refuses it."""

    def test_at_the_door(self):
        server = self.redis_server("--requirepass", "s3cret")
        for words, environment in (("NOAUTH Authentication required", {}),
                                   ("WRONGPASS ", {"HUSTINGS_REDIS_PASSWORD": "other"})):
            for verb in (["node", "1"], ["master"]):
                run = self.hustings(*verb, "--redis", server.url, environment=environment)
                self.assertEqual(run.returncode, 3)
                self.assert_one_line(run.stderr, f"hustings {verb[0]}: ", words,
                                     "HUSTINGS_REDIS_PASSWORD")

    def test_while_it_runs(self):
        """Once, though it asks again and again."""
        server = self.redis_server("--min-replicas-to-write", "1")
        node = self.start_hustings("node", "1", "--redis", server.url)
        line = "-"
        while line and "refuses SET: NOREPLICAS Not enough good replicas to write" not in line:
            line = node.stdout.readline()
        self.assertTrue(line)
        server.client().config_set("min-replicas-to-write", "0")
        while line and "has reported" not in line:
            line = node.stdout.readline()
            self.assertNotIn("NOREPLICAS", line)
        self.assertTrue(line)

    def test_nobody_there_is_told_how_to_start_one(self):
        run = self.hustings("node", "1", "--redis", f"unix:{self.folder}/none")
        self.assertEqual(run.returncode, 3)
        self.assert_one_line(run.stderr, "with hustings redis")


if __name__ == "__main__":
    unittest.main()
