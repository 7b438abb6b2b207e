"""idle_leader under chaos in the model, over each lock, with work and without: a leader that stops
at its deadline never leads beyond its lease; one that goes on does."""
# ctest-timeout: 240
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from histories import Runs  # noqa: E402

REDLOCK = "{redlock: {server_timeout: 40ms}}\nredis: {topology: independent, servers: 5}"
LOCKS = (("token", "redis"), ("token\nfencing: true", "redis"), ("record", "redis"),
         ("record\nfencing: true", "redis"), (REDLOCK, "minority"))
CHAOS = """\
name: idle-chaos
nodes: 4
protocol: {lease: {duration: 600ms, renew_deadline: 400ms, retry: 100ms, POLICY}}
lock: LOCK
WORK
duration: 4s
request_timeout: 150ms
network: {latency: {p50: 200us, p99: 5ms}}
faults:
  - randomly: {mean: 300ms, until: 3500ms}
    one_of:
      - {crash: any, for: 300ms}
      - {pause: any, for: 150ms}
      - {pause: leader, for: 900ms}
      - {cut: any, for: 500ms}
      - {cut: leader, for: 900ms, direction: replies}
      - {stall: SERVERS, for: 500ms}
      - {drift: any, ppm: 50000, for: 1s}
      - {reset: any}
      - {lose_reply: any}
      - {late: any, by: 400ms}
expect:
  checks: {idle_leader: OFTEN, two_leaders: allowed, two_lock_holders: allowed,
           stale_write: allowed, no_leader: allowed, disagreement: allowed}
"""
STABLE = "holder_id: stable, release_on_stop: true"


class Idle(Runs):
    def idle(self, policy, often, trials, chaos=CHAOS):
        for lock, servers in LOCKS:
            for work in ("", "work: {every: 50ms}"):
                with self.subTest(policy, lock=lock, work=work):
                    text = chaos.replace("POLICY", policy).replace("LOCK", lock)
                    text = text.replace("WORK", work).replace("SERVERS", servers)
                    path = self.scenario(text.replace("OFTEN", often))
                    done, _ = self.run_on("model", path, "--trials", str(trials))
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_one_that_stops_never(self):
        self.idle("on_renew_failure: stop", "never", 1000)

    def test_nor_one_that_gives_back_and_takes_up(self):
        self.idle(f"on_renew_failure: stop, {STABLE}", "never", 300)

    def test_one_that_goes_on_does(self):
        for policy in ("go_on", "retry_for_ever"):
            self.idle(f"on_renew_failure: {policy}", "sometimes", 100)

    def test_one_whose_clock_is_far_too_slow_does(self):
        """The lease counts on the clock of the history, whatever that of the member shows."""
        slow = CHAOS.replace("ppm: 50000", "ppm: -700000").replace("mean: 300ms", "mean: 150ms")
        self.idle("on_renew_failure: stop", "sometimes", 300, slow)


if __name__ == "__main__":
    import unittest

    unittest.main()
