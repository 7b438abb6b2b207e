#!/usr/bin/python3
"""A Redis of the user's that answers late: the housekeeping of one trial there keeps no other one
waiting."""
import pathlib
import socket
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Stage  # noqa: E402

LATE = 0.6  # seconds: more than a fault may be late, a quarter of a second
HOUSEKEEPING = (b"INFO", b"EXPIRE", b"DEL\r\n")


class Slow:
    """Stands before a Redis, and holds up the answers of each connection on which somebody keeps
    house. Members do not."""

    def __init__(self, path):
        self.path = path
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.held_up = 0
        threading.Thread(target=self.let_in, daemon=True).start()

    def url(self):
        return f"redis://127.0.0.1:{self.listener.getsockname()[1]}"

    def let_in(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.path)
            late = threading.Event()
            for arguments in ((client, server, late, True), (server, client, late, False)):
                threading.Thread(target=self.pass_on, args=arguments, daemon=True).start()

    def pass_on(self, source, sink, late, asks):
        try:
            while data := source.recv(65536):
                if asks and any(word in data for word in HOUSEKEEPING):
                    late.set()
                if not asks and late.is_set():
                    self.held_up += 1
                    time.sleep(LATE)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()


class SlowRedis(Stage):
    def test_no_trial_waits_for_anothers_housekeeping(self):
        redis = self.redis_server()
        slow = Slow(redis.socket)
        self.addCleanup(slow.close)
        faults = "".join(
            f"  - {{at: {at}ms, jump: 2, by: 1ms}}\n" for at in range(2500, 4000, 100)
        )
        path = self.scenario(f"faults:\n{faults}", duration="4s")
        # Again if the machine was late; it was late every time when trials waited for each other.
        run = self.run_scenario(
            path, "--redis", slow.url(), "--trials", "8", "--jobs", "4", timeout=60
        )
        self.assertGreater(slow.held_up, 8 * 3)
        self.assertNotIn("the harness was late", run.stdout)
        self.assertEqual(run.returncode, 0, run)
        self.assertEqual(redis.client().keys("*"), [])


if __name__ == "__main__":
    unittest.main()
