#!/usr/bin/python3
"""A Redis that is not there, will not, or goes away: one clear line, exit 3, and what was finished
before is kept."""
import os
import pathlib
import shutil
import signal
import socket
import sys
import time

import redis

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import code_however_late  # noqa: E402
from support.stage import (  # noqa: E402
    HUSTINGS, ROOT, Worlds, children, free_port, read, wait_for,
)  # fmt: skip

# Nothing happens for as long as the tests let it.
LONG = {"duration": "30s", "trials": 1}
# Five trials, long enough to be met in the middle of one.
SHORT = {"duration": "300ms", "trials": 5}
FINE = {"duration": "1500ms", "trials": 1}  # all have reported by then, whatever the machine does


def listens(path):
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


class NoRedis(Worlds):
    def test_nobody_listens_at_the_socket(self):
        path = self.scenario(**SHORT)
        run = self.run_scenario(path, "--redis", f"unix://{self.folder}/none.sock")
        self.assert_world_failed(run, f"unix://{self.folder}/none.sock: No such file", "--redis")

    def test_nobody_listens_at_the_port(self):
        url = f"redis://127.0.0.1:{free_port()}"
        run = self.run_scenario(self.scenario(**SHORT), "--redis", url)
        self.assert_world_failed(run, url, "Connection refused")
        run = self.hustings("node", "--id", "1", "--redis", url)
        self.assertEqual(run.returncode, 3, run)
        self.assert_one_line(run.stderr, "hustings node: ", url, "Connection refused")

    def test_somebody_else_listens(self):
        """It accepts, and says nothing; or something that is no Redis."""
        for answer in (None, b"HTTP/1.1 400 Bad Request\r\n\r\n"):
            with self.subTest(answer), socket.socket(socket.AF_UNIX) as listener:
                listener.bind(f"{self.folder}/{bool(answer)}.sock")
                listener.listen(5)
                run = self.start_hustings(
                    "run", "--out", self.out, "--redis", f"unix://{listener.getsockname()}",
                    self.scenario(**SHORT),
                )  # fmt: skip
                connection, _ = listener.accept()
                if answer:
                    connection.sendall(answer)
                self.assert_world_failed(self.end(run), listener.getsockname())
                connection.close()

    def test_a_server_that_drips(self):
        """A byte now and then is no answer: what bounds a request bounds it as a whole."""
        path = f"{self.folder}/drip.sock"
        tap = self.python(f"{ROOT}/tests/world/drip.py", path)
        wait_for(lambda: listens(path), "it listens")
        began = time.monotonic()
        run = self.run_scenario(self.scenario(**SHORT), "--redis", f"unix://{path}")
        self.assert_world_failed(run, path, "no answer in time")
        run = self.hustings("master", "--redis", f"unix://{path}")
        self.assertEqual(run.returncode, 3, run)
        run = self.hustings("clean", "--redis", f"unix://{path}")
        self.assertEqual(run.returncode, 3, run)
        self.assertLess(time.monotonic() - began, 20, "2, 1 and 5 s")
        self.finish(tap)

    def test_a_server_that_begins_to_drip(self):
        """In the middle of a trial: its members give each request up, and so does the driver."""
        path = f"{self.folder}/drip.sock"
        tap = self.python(f"{ROOT}/tests/world/drip.py", path, self.redis_server().socket, "0.5")
        wait_for(lambda: listens(path), "it listens")
        began = time.monotonic()
        scenario = self.scenario("request_timeout: 100ms\n", duration="1500ms", trials=1)
        run = self.run_scenario(scenario, "--redis", f"unix://{path}")
        self.assert_world_failed(run, "no answer in time")
        self.assertLess(time.monotonic() - began, 20)
        self.finish(tap)

    def test_no_server_program(self):
        alone = f"{self.folder}/hustings"  # away from the server that lies beside it
        shutil.copy(HUSTINGS, alone)
        run = self.start(
            alone, "run", "--out", self.out, self.scenario(**SHORT),
            environment={"PATH": f"{self.folder}/bin"},
        )  # fmt: skip
        self.assert_world_failed(self.end(run), "install", "redis-server")
        run = self.run_scenario(self.scenario(**SHORT), "--redis-server", "no-such-server")
        self.assert_world_failed(run, "no-such-server")

    def test_a_server_program_that_cannot_be_had(self):
        """The system's own words: who may not enter a folder must not look for a typing error."""
        file = f"{self.folder}/file"
        pathlib.Path(file).touch(mode=0o644)
        for program, words in (
            (f"{self.folder}/none", "No such file or directory"),
            (f"{file}/redis-server", "Not a directory"),
            (file, "Permission denied"),
            (f"{self.folder}/", "that is no file"),
        ):
            run = self.run_scenario(self.scenario(**SHORT), "--redis-server", program)
            self.assert_world_failed(run, f"{program}: {words}", "--redis-server")

    def test_a_server_program_that_is_none(self):
        silent = pathlib.Path(f"{self.folder}/silent")
        silent.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
        broken = pathlib.Path(f"{self.folder}/broken")
        broken.write_text("#!/bin/sh\necho cannot bind to the moon >&2\nexit 1\n", encoding="utf-8")
        for program, words in ((silent, "status 7"), (broken, "cannot bind to the moon")):
            program.chmod(0o755)
            run = self.run_scenario(self.scenario(**SHORT), "--redis-server", program)
            self.assert_world_failed(run, program.name, words)


class Refusals(Worlds):
    def test_out_of_memory_from_the_first(self):
        server = self.redis_server("--maxmemory", "1", "--maxmemory-policy", "noeviction")
        run = self.run_scenario(self.scenario(**SHORT), "--redis", server.url)
        self.assert_world_failed(run, server.url, "OOM")
        self.assertFalse(os.path.exists(self.out), "nothing ran")

    def refused_after(self, hurt, word):
        server = self.redis_server()
        client = server.client()
        path = self.scenario("protocol: {article: {report: 20ms}}\n", **SHORT)
        run = self.start_hustings("run", "--out", self.out, "--redis", server.url, path)
        self.wait_for_rows(1)
        hurt(client)
        self.assert_world_failed(self.end(run), word, f"{self.out}/")
        self.assertGreaterEqual(self.finished(), 1)
        return client

    def test_out_of_memory_in_the_middle(self):
        client = self.refused_after(lambda client: client.config_set("maxmemory", 1), "OOM")
        client.config_set("maxmemory", 0)

    def test_out_of_memory_after_an_injected_one(self):
        """The scenario's own fault is forgiven as long as it lasts, and no longer."""
        path = self.scenario(
            "protocol: {article: {report: 20ms}}\n"
            "faults: [{at: 300ms, oom: redis, for: 300ms}]\n", **LONG
        )
        run = self.start_hustings("run", "--out", self.out, path)
        sockets = pathlib.Path(self.folder)
        socket_of = wait_for(lambda: list(sockets.glob("hustings-*/**/redis.sock")), "a server")[0]
        client = redis.Redis(unix_socket_path=str(socket_of), retry_on_error=[OSError])

        def limit():
            try:
                return int(client.config_get("maxmemory")["maxmemory"])
            except redis.ConnectionError:  # the socket is there before the server listens
                return None

        wait_for(limit, "memory is out")
        wait_for(lambda: limit() == 0, "memory is back")
        self.monitor(str(socket_of)).until("HSET")
        self.assertIsNone(run.poll(), "it goes on after its own fault")
        client.config_set("maxmemory", 1)
        self.assert_world_failed(self.end(run), "the Redis refuses ", ": OOM command not allowed")
        client.close()

    def test_writes_stop_in_the_middle(self):
        def forbid(client):
            client.config_set("min-replicas-to-write", 3)

        self.refused_after(forbid, "NOREPLICAS")

    def test_no_room_for_clients(self):
        server = self.redis_server("--maxclients", "4")
        run = self.run_scenario(self.scenario(**SHORT), "--redis", server.url)
        self.assert_world_failed(run, "max number of clients")

    def test_a_wrong_password(self):
        server = self.redis_server("--requirepass", "right")
        for url in (server.url, f"redis://:wrong@127.0.0.1:{free_port()}"):
            run = self.run_scenario(self.scenario(**SHORT), "--redis", url)
            self.assert_world_failed(run)
            self.assertNotIn("wrong", run.stderr)
        run = self.run_scenario(
            self.scenario(**SHORT), "--redis", server.url,
            environment={"HUSTINGS_REDIS_PASSWORD": "wrong"},
        )  # fmt: skip
        self.assert_world_failed(run, "WRONGPASS")

    def test_a_password_is_never_shown(self):
        """Not in what is printed, in any file, or in the command line of any process."""
        secret = "tr4verse-moon"
        port = free_port()
        self.redis_server("--requirepass", secret, "--port", str(port))
        path = self.scenario(**FINE)
        url = f"redis://:{secret}@127.0.0.1:{port}/0"
        run = self.start_hustings("run", "--out", self.out, f"--redis={url}", path)
        node = self.start_hustings("node", "--id", "7", "--redis", url)
        wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are up")
        self.assertIn("7", node.stdout.readline())
        for process in self.left():
            if process.name != "redis-server":
                self.assertNotIn(secret.encode(), read(f"/proc/{process.pid}/cmdline"), process)
        node.kill()
        ended = self.end(run)
        self.assertEqual(code_however_late(ended, self.out), 0, ended.stderr)
        self.assertNotIn(secret, ended.stdout + ended.stderr)
        again = self.rows("trials")[0]["reproduce"]
        self.assertTrue(again.endswith(f" --redis redis://127.0.0.1:{port}/0"), again)
        files = [file for file in pathlib.Path(self.out).rglob("*") if file.is_file()]
        self.assertGreater(len(files), 6)
        for file in files:
            self.assertNotIn(secret.encode(), file.read_bytes(), file)


class Again(Worlds):
    def test_the_command_to_repeat_it_names_the_redis(self):
        server = self.redis_server()
        path = self.scenario("expect: {leaders: [3]}\n", **FINE)
        run = self.run_scenario(path, "--redis", server.url)
        self.assertEqual(run.returncode, 1, run)
        again = f"{HUSTINGS} run {path} --seed 1 --trials 1 --redis {server.url}"
        self.assertIn(f"  repeat   {again} --out {self.out}\n", run.stdout)
        self.assertEqual(self.rows("trials")[0]["reproduce"], again)


class Deaths(Worlds):
    def test_the_users_server_dies_in_the_middle_of_a_trial(self):
        server = self.redis_server()
        run = self.start_hustings(
            "run", "--out", self.out, "--redis", server.url, self.scenario(**LONG)
        )
        wait_for(lambda: server.client().keys("*:[1-9]:nodes"), "a node has reported")
        begun = time.monotonic()
        os.kill(server.pid, signal.SIGKILL)
        self.assert_world_failed(self.end(run), "went away in the middle of trial 1", server.url)
        self.assertLess(time.monotonic() - begun, 15)  # of 30 s that it would have lasted

    def test_the_users_server_dies_in_a_later_trial(self):
        server = self.redis_server()
        run = self.start_hustings(
            "run", "--out", self.out, "--redis", server.url,
            self.scenario(**{**SHORT, "trials": 50}),  # so that it is not over by then
        )
        self.wait_for_rows(1)
        os.kill(server.pid, signal.SIGKILL)
        # In the middle of a trial, or while the members of the next one connect.
        self.assert_world_failed(self.end(run), server.url, "trials were finished")
        self.assertGreaterEqual(self.finished(), 1)

    def test_the_users_server_is_restarted(self):
        port = str(free_port())
        first = self.redis_server("--port", port)
        run = self.start_hustings(
            "run", "--out", self.out, "--redis", f"redis://127.0.0.1:{port}", self.scenario(**LONG)
        )
        wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are up")
        wait_for(lambda: first.client().keys("*:[1-9]:nodes"), "a node has reported")
        os.kill(run.pid, signal.SIGSTOP)  # it must not look before the new one is up
        first.stop()
        self.redis_server("--port", port)
        os.kill(run.pid, signal.SIGCONT)
        self.assert_world_failed(self.end(run), "was restarted", port)

    def test_a_lost_connection_alone_is_no_failure(self):
        server = self.redis_server()
        client = server.client()
        run = self.start_hustings(
            "run", "--out", self.out, "--redis", server.url,
            self.scenario(**FINE),
        )  # fmt: skip
        wait_for(lambda: client.keys("*:[1-9]:nodes"), "a node has reported")
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        ended = self.end(run)
        self.assertEqual(code_however_late(ended, self.out), 0, ended.stdout)
        self.assertEqual(ended.stderr, "")

    def test_the_users_keys_are_left_alone(self):
        server = self.redis_server()
        client = server.client()
        client.hset("nodes", "1", "mine")
        client.set("node_lock", "mine")
        before = sorted(client.keys())
        run = self.run_scenario(self.scenario(**FINE), "--redis", server.url)
        self.assertEqual(run.returncode, 0, run)
        self.assertEqual(sorted(client.keys()), before)
        self.assertEqual(client.get("node_lock"), b"mine")

    def test_the_guardian_is_killed_from_outside(self):
        run = self.start_hustings("run", "--out", self.out, self.scenario(**LONG))
        wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are up")
        os.kill(children(run.pid, "hustings-guard")[0].pid, signal.SIGKILL)
        self.assert_world_failed(self.end(run), "guardian")
        self.assertEqual([name for name in os.listdir(self.folder) if "hustings-" in name], [])


if __name__ == "__main__":
    import unittest


    unittest.main()
