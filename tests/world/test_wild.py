#!/usr/bin/python3
"""Programs that make no claims: their traffic is read, and what they believe is inferred."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402
from support.stage import Stage  # noqa: E402
from support.trialhistory import History  # noqa: E402

LEASE = "protocol: {lease: {duration: 300ms, renew_deadline: 250ms, retry: 50ms}}\nheal: false\n"
REDIS_PY = pathlib.Path(__file__).resolve().parents[2] / "scenarios/libraries/redis-py.py"


class Wild(Stage):
    def worker(self, faults="", duration="10s", work_ms=30, nodes=2):
        """A scenario of redis-py's lock with a TTL of 300 ms, as its worker has it, unclaimed."""
        command = (
            f"[/usr/bin/python3, {REDIS_PY}, {self.folder}]\n"
            f"env: {{HUSTINGS_CLAIMS: no, WORK_MS: {work_ms}, REST_MS: 20}}"
        )
        return self.scenario(
            f"{LEASE}program: {command}\nfaults: [{faults}]\n",
            starts="{nodes: 0s}", duration=duration, nodes=nodes,
        )  # fmt: skip

    def play(self, path):
        run = until_judged(
            lambda: judged(self.run_scenario(path, "--allow-exec"), self.out)
        )
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return run, History(self.out)

    def test_what_it_believes_is_inferred(self):
        run, history = self.play(self.worker(duration="2s"))
        for node in (1, 2):
            claims = history.of(node, "claim")
            self.assertGreater(len(claims), 2, run.stdout)
            self.assertEqual(
                [e["in_section"] for e in claims], [i % 2 == 0 for i in range(len(claims))]
            )
            self.assertTrue(all(e["inferred"] for e in claims), claims)
            self.assertIn("put_if_absent", [e["op"] for e in history.of(node, "request")])

    def test_two_hold_the_lock_when_one_is_paused_beyond_its_ttl(self):
        fault = "{when: {who: 1, does: acquires_lock}, pause: 1, for: 1500ms}"
        run, history = self.play(self.worker(fault, duration="4s"))
        self.assertIn("two_lock_holders", run.stdout)
        (paused,), (resumed,) = history.of(1, "paused"), history.of(1, "resumed")
        within = [
            e for e in history.of(2, "claim")
            if e["in_section"] and paused["t_ms"] < e["t_ms"] < resumed["t_ms"]
        ]  # fmt: skip
        self.assertTrue(within, run.stdout)


if __name__ == "__main__":
    unittest.main()
