#!/usr/bin/python3
"""hustings node and hustings master by hand: each in a terminal of its own, with words typed into
it, and its output read as a person reads it."""
import os
import pathlib
import pty
import re
import select
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import HUSTINGS, ROOT, Stage, read  # noqa: E402


class Terminal:
    """A program in a terminal; what it wrote is read as it comes."""

    def __init__(self, arguments, environment):
        self.pid, self.side = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execve(HUSTINGS, [HUSTINGS, *arguments], environment)
        self.written = ""
        self.seen = 0

    def shows(self, words, seconds=5):
        """Waits for the words below what was seen last; returns their line."""
        until = time.monotonic() + seconds
        while True:
            at = self.written.find(words, self.seen)
            end = self.written.find("\n", at)
            if at >= 0 and end >= 0:
                self.seen = end
                return self.written[self.written.rfind("\n", 0, at) + 1 : end].rstrip("\r")
            left = until - time.monotonic()
            if left < 0 or not select.select([self.side], [], [], left)[0]:
                raise AssertionError(f"no {words!r} in\n{self.written}")
            self.written += os.read(self.side, 4096).decode()

    def type(self, text):
        os.write(self.side, text.encode())

    def end(self):
        """Its exit code, or minus the signal."""
        try:
            while True:
                self.written += os.read(self.side, 4096).decode()
        except OSError:  # nobody has the other side open any more
            pass
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.side)
        self.pid = 0
        return code

    def stop(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            self.end()


class ByHand(Stage):
    def setUp(self):
        super().setUp()
        self.server = self.redis_server()

    def terminal(self, *arguments):
        terminal = Terminal([*arguments, "--redis", self.server.url], self.environment)
        self.addCleanup(terminal.stop)
        return terminal

    def test_a_class_begins(self):
        """Three nodes and a master, in four terminals."""
        nodes = {}
        for number in (1, 2, 3):
            nodes[number] = self.terminal("node", "--id", str(number))
            nodes[number].shows(f"Node {number}, at {self.server.url}. Type submit or prepare")
            nodes[number].shows("has reported prepare, under the lock")
        master = self.terminal("master")
        master.shows(f"The master, at {self.server.url}. Type submit or prepare to flip its status")
        master.shows("has published: node 1 is elected by rule 3, term 1")
        nodes[1].shows("is elected: leads in term 1")
        nodes[1].shows("turns to submit")
        nodes[1].shows("has reported submit, under the lock")
        nodes[2].shows("follows node 1 (term 1)")

        nodes[2].type("submit\n")
        nodes[2].shows("turns to submit")
        nodes[2].shows("has reported submit")
        nodes[1].type("prepare\n")
        nodes[1].shows("turns to prepare")
        master.shows("has published: node 2 is elected by rule 2, term 2")
        nodes[1].shows("follows node 2 (term 2)")
        nodes[2].shows("is elected: leads in term 2")

        master.type("submit\n")
        master.shows("has published: the master is elected by rule 1, term 3")
        nodes[3].shows("follows the master (term 3)")

        nodes[3].type("quit\n")
        self.assertEqual(nodes[3].end(), 0)
        nodes[2].type("\x03")
        self.assertIn(nodes[2].end(), (130, -signal.SIGINT))

    def test_where_there_is_no_master(self):
        """A lease: its nodes have no status to be flipped, and nobody is its master."""
        node = self.terminal("node", "--id", "1", "--protocol", "lease")
        self.assertEqual(
            node.shows("Node 1, at"), f"Node 1, at {self.server.url}. Ctrl-C ends it."
        )
        node.shows("is elected: leads in term 1")
        node.type("submit\n")
        node.shows("type quit")
        node.type("quit\n")
        self.assertEqual(node.end(), 0)
        self.assertNotIn("prepare", node.written)
        master = self.terminal("master", "--protocol", "lease")
        line = master.shows("no master")
        self.assertRegex(
            line, "^hustings master: the protocol lease has no master; try: .* node 1 "
                  "--protocol lease$",
        )  # fmt: skip
        self.assertEqual(master.end(), 2)

    def test_a_lease_with_fencing_numbers_its_grants(self):
        for number in ("1", "2"):
            node = self.terminal("node", number, "--protocol", "lease", "--fencing")
            node.shows("is elected: leads")
            self.assertEqual(self.server.client().get("epoch"), number.encode())
            node.type("quit\n")
            self.assertEqual(node.end(), 0)
            self.server.client().delete("node_lock")  # quit gives nothing back
        refused = self.terminal("node", "1", "--fencing")
        refused.shows("fencing has no effect in the protocol article")
        self.assertEqual(refused.end(), 2)

    def test_words_that_it_does_not_know(self):
        node = self.terminal("node", "--id", "1")
        node.shows("has reported prepare")
        node.type("leader\n")
        node.shows("type submit, prepare or quit")
        node.type("\n\nprepare\n")  # nothing, and what it is already
        node.type("submit\n")
        node.shows("turns to submit")
        node.shows("has reported submit")
        self.assertEqual(node.written.count("type submit, prepare or quit"), 1)

    def test_its_output_can_be_read(self):
        """A line an event, each with its time; short; no control characters."""
        node = self.terminal("node", "--id", "1", "--verbose")
        node.shows("has reported prepare")
        node.shows("get the result")
        node.type("quit\n")
        node.end()
        lines = node.written.replace("\r\n", "\n").splitlines()
        self.assertGreater(len(lines), 6)
        for line in lines[1:]:
            if line not in ("quit", "^D"):  # the echo of what was typed
                self.assertRegex(line, r"^ *\d+\.\d{3} s  \S.{3,78}$")
        self.assertNotRegex(node.written, "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

    def test_a_redis_that_stops_and_goes_on(self):
        """Told once each, and it goes on by itself."""
        node = self.terminal("node", "--id", "1")
        node.shows("has reported prepare")
        os.kill(self.server.pid, signal.SIGSTOP)
        node.shows("the Redis did not answer")
        os.kill(self.server.pid, signal.SIGCONT)
        node.shows("the Redis answers again")
        node.type("submit\n")
        node.shows("has reported submit")
        self.server.stop()
        node.shows(f"cannot use the Redis at {self.server.url}: Connection refused")
        time.sleep(0.3)  # a few polls
        node.type("quit\n")
        self.assertEqual(node.end(), 0)
        self.assertEqual(len(re.findall("Connection refused", node.written)), 1)

    def test_results_that_cannot_be_read(self):
        """They are told and overwritten; the terms go on from the last that was known."""
        client = self.server.client()
        client.hset("nodes", "2", '{"id": 2, "status": "prepare"}')
        master = self.terminal("master")
        master.shows("has published: node 2 is elected by rule 3, term 1")
        for term, result in enumerate((
            '{"id": "1"}', "no JSON \x1b[31m", '{"id": 2, "rule": 3, "term": 9007199254740993}',
        ), 2):  # fmt: skip
            client.set("election_result", result)
            clean = result.replace("\x1b", " ")
            master.shows(f"cannot read what is at the key election_result: {clean}")
            master.shows(f"has published: node 2 is elected by rule 3, term {term}")
            self.assertEqual(client.get("election_result").decode(),
                             f'{{"id": 2, "rule": 3, "term": {term}}}')  # fmt: skip
        client.delete("election_result")
        client.rpush("election_result", "a list")
        master.shows("refuses GET: WRONGTYPE Operation against a key")
        master.shows("has published: node 2")
        self.assertEqual(client.type("election_result"), b"string")
        self.assertNotIn("reached", master.written)

    def test_a_lock_that_cannot_be_read(self):
        """It is somebody's: who comes waits for it."""
        client = self.server.client()
        client.rpush("node_lock", "a list")
        node = self.terminal("node", "--id", "1", "--verbose")
        node.shows("<- nil")
        node.shows("-> set the lock if it is free")
        self.assertEqual(client.type("node_lock"), b"list")
        client.delete("node_lock")
        node.shows("has reported prepare, under the lock")

    def test_a_command_that_is_forbidden(self):
        """In the server's words, once, and again when it is forbidden again."""
        client = self.server.client()
        client.execute_command("ACL", "SETUSER", "default", "+@all", "-hset")
        node = self.terminal("node", "--id", "1")
        words = f"the Redis at {self.server.url} refuses HSET: NOPERM this user has no permissions"
        node.shows(words)
        client.execute_command("ACL", "SETUSER", "default", "+@all")
        node.shows("has reported prepare, under the lock")
        self.assertEqual(node.written.count("refuses HSET"), 1)
        client.execute_command("ACL", "SETUSER", "default", "+@all", "-hset")
        node.type("submit\n")
        node.shows(words)

    def test_without_a_keyboard(self):
        """Input from nowhere does not end it; when nobody reads its output any more, it ends."""
        reading, writing = os.pipe()
        node = self.start_hustings(
            "node", "--id", "1", "--verbose", "--redis", self.server.url, stdout=writing
        )
        os.close(writing)
        with os.fdopen(reading) as output:
            while "has reported prepare" not in output.readline():
                pass
            self.assertIsNone(node.poll())
        self.assertEqual(node.wait(5), 0)
        self.assertEqual(node.stderr.read(), "")

    def test_a_password_is_blanked_in_the_command_line(self):
        node = self.start_hustings("node", "--id", "1", "--redis=redis://me:s3cret@127.0.0.1:1/0")
        self.assertEqual(node.wait(5), 3)
        self.assertNotIn("s3cret", node.stderr.read())
        self.server.client().config_set("requirepass", "s3cret")
        node = self.start_hustings(
            "node", "--id", "1", "--redis", self.server.url,
            environment={"HUSTINGS_REDIS_PASSWORD": "s3cret"},
        )  # fmt: skip
        while "has reported" not in node.stdout.readline():
            pass
        self.assertNotIn(b"s3cret", read(f"/proc/{node.pid}/cmdline"))

    def test_wrong_usage(self):
        for words, said in (
            (("node",), "which one?"),
            (("node", "--id", "0"), "--id"),
            (("node", "0"), "which one?"),
            (("node", "1", "2"), "which one?"),
            (("node", "--id", "1", "2"), "which one?"),
            (("node", "one"), "which one?"),
            (("node", "--id", "99999"), "--id"),
            (("node", "--id", "1", "--poll", "5"), "write 5s or 5ms"),
            (("node", "--id", "1", "--lock", "paper"), "one of none, setnx, token"),
            (("node", "--id", "1", "--redis", "http://x"), "redis://"),
            (("master", "--id", "1"), "\"--id\": there is no such option"),
            (("master", "here"), "takes options only"),
        ):
            run = self.hustings(*words)
            self.assertEqual(run.returncode, 2, words)
            self.assertIn(said, run.stderr)
            self.assertLessEqual(len(run.stderr.splitlines()), 2, run.stderr)


if __name__ == "__main__":
    unittest.main()
