#!/usr/bin/python3
"""What a Redis says reaches the user: commands that it lacks, its own words, and what is wrong with
its URL."""
import os
import pathlib
import socket
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Worlds, free_port  # noqa: E402

SHORT = {"duration": "300ms", "trials": 5}
FINE = {"duration": "1500ms", "trials": 1}  # all have reported by then, whatever the machine does


class MissingCommands(Worlds):
    """A Redis that lacks what an election needs is the world, and no verdict about the election."""

    def refused(self, server, *words):
        run = self.run_scenario(self.scenario(**SHORT), "--redis", server.url)
        self.assert_world_failed(run, f"the Redis at {server.url} refuses ", *words)
        self.assertFalse(os.path.exists(self.out), "nothing ran")

    def permit(self, server, *rules):
        server.client().execute_command("ACL", "SETUSER", "default", "+@all", *rules)

    def test_commands_that_were_renamed(self):
        for command in ("EVAL", "EVALSHA", "SET", "HSET", "HGETALL", "GET", "DEL"):
            with self.subTest(command):
                server = self.redis_server("--rename-command", command, "")
                self.refused(server, f"ERR unknown command '{command}'; hustings needs it")
                self.assertEqual(server.client().dbsize(), 0)

    def test_commands_that_are_forbidden(self):
        server = self.redis_server()
        for command in ("del", "eval", "evalsha", "hset"):
            with self.subTest(command):
                self.permit(server, f"-{command}")
                self.refused(server, "NOPERM", f"'{command}' command", "ACL SETUSER")

    def test_what_the_scenario_does_not_use(self):
        """EXPIRE is for the lock setnx, scripts are for token."""
        server = self.redis_server()
        self.permit(server, "-expire")
        run = self.run_scenario(self.scenario(**FINE), "--redis", server.url)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.permit(server, "-eval", "-evalsha")
        run = self.run_scenario(self.scenario(lock="setnx", **FINE), "--redis", server.url)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.permit(server, "-expire")
        run = self.run_scenario(self.scenario(lock="setnx", **FINE), "--redis", server.url)
        self.assert_world_failed(run, "refuses EXPIRE: NOPERM")
        self.permit(server)
        self.assertEqual(server.client().keys("hustings:*"), [])

    def forbidden_in_the_middle(self, command, *words):
        server = self.redis_server()
        path = self.scenario("protocol: {article: {report: 20ms}}\n", **SHORT)
        run = self.start_hustings("run", "--out", self.out, "--redis", server.url, path)
        self.wait_for_rows(1)
        self.permit(server, f"-{command}")
        self.assert_world_failed(self.end(run), *words, "ACL SETUSER")

    def test_a_command_in_the_middle(self):
        self.forbidden_in_the_middle("hset", "refuses HSET: NOPERM", "the 'hset' command")

    def test_a_command_of_a_script_in_the_middle(self):
        self.forbidden_in_the_middle("del", "refuses EVAL", "(a script with GET and DEL): ",
                                     "can't run this command")  # fmt: skip


class Words(Worlds):
    """What a server says reaches the user: whole, in its own words, and clean."""

    def answering(self, answer):
        """A server that answers whatever is sent with these bytes, and closes. Its port."""
        listener = socket.socket()
        self.addCleanup(listener.close)
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    if answer is None:  # it breaks the connection
                        linger = b"\1" + b"\0" * 7
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    else:
                        connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    def told(self, answer, *words, user=""):
        """By both commands."""
        url = f"redis://{user}127.0.0.1:{self.answering(answer)}"
        run = self.run_scenario(self.scenario(**SHORT), "--redis", url)
        self.assert_world_failed(run, *words)
        node = self.hustings("node", "--id", "1", "--redis", url)
        self.assertEqual(node.returncode, 3, node)
        self.assert_one_line(node.stderr, "hustings node: ", *words)
        return run.stderr + node.stderr

    def test_refusals(self):
        protected = (
            "DENIED Redis is running in protected mode because protected mode is enabled and no "
            "password is set for the default user. In this mode connections are only accepted "
            "from the loopback interface. If you want to connect from external computers to "
            "Redis you may adopt one of the following solutions: 1) Just disable protected mode "
            "sending the command 'CONFIG SET protected-mode no' from the loopback interface by "
            "connecting to Redis from the same host the server is running, however MAKE SURE "
            "Redis is not publicly accessible from internet if you do so"
        )
        for words, *advice in (
            ("NOAUTH Authentication required", "asks for a password: it refuses ",
             "HUSTINGS_REDIS_PASSWORD"),
            ("NOPERM this user has no permissions to run the 'ping' command", "ACL SETUSER"),
            ("READONLY You can't write against a read only replica", "name its primary"),
            ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'",
             "name the primary"),
            ("CLUSTERDOWN Hash slot not served", "Redis Cluster"),
            ("MOVED 3999 127.0.0.1:6381", "Redis Cluster"),
            ("LOADING Redis is loading the dataset in memory", "try again"),
            ("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to "
             "persist to disk. Commands that may modify the data set are disabled, because this "
             "instance is configured to report errors during writes if RDB snapshotting fails "
             "(stop-writes-on-bgsave-error option). Please check the Redis logs for details about "
             "the RDB error", "fix that first"),
            (protected, protected[-20:]),
        ):  # fmt: skip
            with self.subTest(words):
                self.told(f"-{words}.\r\n".encode(), f": {words}", *advice)

    def test_a_tls_port(self):
        self.told(b"\x15\x03\x01\x00\x02\x02\x46", "TLS port")
        self.told(None, "TLS port")
        self.told(b"", "TLS port")

    def test_something_else(self):
        self.told(b"HTTP/1.1 400 Bad Request\r\n\r\n", "this is no Redis")

    def test_words_that_are_no_text(self):
        said = self.told(b"-ERR \x1b[31mred\x07 \xff\xc2\x9b\r\n", "ERR  [31mred")
        self.assertEqual([c for c in said if c != "\n" and not c.isprintable()], [])

    def test_a_password_that_is_repeated(self):
        said = self.told(b"-ERR hunter2 is wrong, it is not hunter2\r\n", "AUTH", "is wrong",
                         user=":hunter2@")  # fmt: skip
        self.assertNotIn("hunter2", said)


class Urls(Worlds):
    def test_a_wrong_url_is_wrong_usage(self):
        path = self.scenario(**SHORT)
        for url, words in (
            ("rediss://h", "TLS is not supported"),
            ("redis-sentinel://h:26379/m", "Sentinel is not supported"),
            ("redis://h:70000", 'the port "70000"'),
            ("localhost:6379", "begins neither"),
            ("redis://me:s3cret@h/x", 'the database "x"'),
        ):
            for command in (
                ("run", path), ("node", "--id", "1"), ("master",), ("clean",), ("calibrate",),
            ):  # fmt: skip
                with self.subTest((url, command)):
                    run = self.hustings(*command, "--redis", url)
                    self.assertEqual(run.returncode, 2, run)
                    self.assert_one_line(run.stderr.split("Try:")[0], words, "--redis \"")
                    self.assertNotIn("s3cret", run.stderr)

    def test_spellings(self):
        port = free_port()
        server = self.redis_server("--port", str(port))
        path = self.scenario(**FINE)
        for url in (
            f"unix:{server.socket}", f"unix://{server.socket}?db=2", f"valkey://127.0.0.1:{port}",
            f"redis://127.0.0.1:{port}?db=2", f"redis://127.0.0.1:{port}/2",
        ):  # fmt: skip
            with self.subTest(url):
                run = self.run_scenario(path, "--redis", url)
                self.assertEqual((run.returncode, run.stderr), (0, ""))


if __name__ == "__main__":
    import unittest

    unittest.main()
