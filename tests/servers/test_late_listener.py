#!/usr/bin/python3
"""A lock runs out while nobody listens: the harness stands still, and hears of it when others have
had the lock several times. The history has it at its time all the same."""
import os
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Stage, children, read, wait_for  # noqa: E402
from support.trialhistory import History  # noqa: E402

TTL_MS = 500


def is_stopped(process):
    return read(f"/proc/{process.pid}/stat").rpartition(b") ")[2].startswith(b"T")


class LateListener(Stage):
    def test_a_lock_runs_out_unheard(self):
        path = self.scenario(
            "protocol: {article: {report: 20ms}}\n"
            f"lock: {{token: {{ttl: {TTL_MS}ms, retry: 10ms}}}}\n"
            "faults:\n  - {when: {who: 1, does: acquires_lock, nth: 3}, pause: 1, for: 1s}\n",
            duration="3s", trials=1,
        )  # fmt: skip
        run = self.start_hustings("run", "--out", self.out, path)
        wait_for(
            lambda: any(is_stopped(node) for node in children(run.pid, "hustings-node")),
            "node 1 is paused",
        )
        os.kill(run.pid, signal.SIGSTOP)
        socket = next(pathlib.Path(self.folder).glob("hustings-*/**/redis.sock"))
        monitor = self.monitor(str(socket))
        for _ in range(5):  # only who has the lock reports, and node 1 had it
            monitor.until("HSET")
        os.kill(run.pid, signal.SIGCONT)
        self.end(run)

        history = History(self.out)
        stopped = history.when(1, "paused")
        asked, told = [
            (request["t_ms"], reply["t_ms"])
            for request, reply in history.exchanges(1)
            if request["op"] == "put_if_absent" and reply["outcome"] == "ok"
            and reply["t_ms"] <= stopped
        ][-1]  # fmt: skip
        expired = [e for e in history.of("harness", "expired") if e["t_ms"] > told][0]
        self.assertGreaterEqual(expired["t_ms"], asked + TTL_MS)
        self.assertLessEqual(expired["t_ms"], told + TTL_MS + 1.001)
        granted = [
            e for e in history.events
            if e["event"] == "reply" and e["op"] == "put_if_absent" and e["outcome"] == "ok"
            and e["t_ms"] > told
        ]  # fmt: skip
        self.assertGreater(granted[0]["i"], expired["i"])
        self.assertGreater(len(granted), 4)


if __name__ == "__main__":
    unittest.main()
