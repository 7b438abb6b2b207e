"""A lease under chaos in the model: inside what it assumes (pauses are short beside its times,
clocks drift within bounds, the Redis forgets nothing) no two lead at once; outside of it two do."""
# ctest-timeout: 180
import csv
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from histories import Runs  # noqa: E402

LEASE = "protocol: {lease: {duration: 600ms, renew_deadline: 400ms, retry: 100ms}}"
CHAOS = f"""\
name: lease-chaos
nodes: 4
{LEASE}
duration: 4s
request_timeout: 150ms
network: {{latency: {{p50: 200us, p99: 5ms}}}}
faults:
  - randomly: {{mean: 300ms, until: 3500ms}}
    one_of:
      - {{crash: any, for: 300ms}}
      - {{pause: any, for: 150ms}}
      - {{cut: any, for: 500ms}}
      - {{pause: leader, for: 150ms}}
      - {{cut: leader, for: 500ms, direction: replies}}
      - {{drift: any, ppm: 50000, for: 1s}}
      - {{reset: any}}
expect:
  checks: {{two_leaders: never, two_lock_holders: never}}
  settles_within: 2s
"""
FORGETFUL = CHAOS.replace("drift: any, ppm: 50000, for: 1s", "crash: redis, for: 20ms").replace(
    "two_leaders: never, two_lock_holders: never",
    "two_leaders: sometimes, two_lock_holders: sometimes",
)
REDLOCK = f"""\
name: redlock-chaos
nodes: 4
{LEASE}
lock: {{redlock: {{server_timeout: 40ms}}}}
redis: {{topology: independent, servers: 5}}
duration: 4s
request_timeout: 150ms
network: {{latency: {{p50: 200us, p99: 5ms}}}}
faults:
  - randomly: {{mean: 300ms, until: 3500ms}}
    one_of:
      - {{crash: any, for: 300ms}}
      - {{pause: any, for: 150ms}}
      - {{cut: any, for: 500ms}}
      - {{cut: any, server: minority, for: 500ms}}
      - {{stall: minority, for: 300ms}}
      - {{cut: leader, for: 500ms, direction: replies}}
      - {{reset: any}}
expect:
  checks: {{two_leaders: never, two_lock_holders: never}}
  settles_within: 3s
"""
# Round trips are as long as the connection takes: what was to go out when it is there is several.
RESETS = f"""\
name: lease-resets
nodes: 2
{LEASE.replace("retry: 100ms", "retry: 50ms")}
duration: 3s
request_timeout: 150ms
network: {{latency: {{p50: 30ms, p99: 60ms}}}}
faults:
  - {{every: 70ms, until: 2800ms, reset: any}}
  - {{every: 110ms, until: 2800ms, reset: leader}}
expect:
  checks: {{two_leaders: never, disagreement: allowed, no_leader: allowed}}
"""
CRASH = f"""\
name: lease-crash
nodes: 4
{LEASE}
duration: 3s
faults:
  - {{at: 1s, crash: leader}}
expect:
  elect_ms: {{max: 830}}
"""


class Lease(Runs):
    def held(self, text, trials):
        """Every expectation held; the folder of the results."""
        done, folder = self.run_on("model", self.scenario(text), "--trials", str(trials))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return folder

    def test_inside_its_assumptions_nobody_leads_beside_another(self):
        self.held(CHAOS, 3000)

    def test_over_redlock_neither_and_all_settle(self):
        """What is left of a grant on a few servers must not be kept alive by who gave it."""
        self.held(REDLOCK, 2000)

    def test_a_redis_that_forgets_makes_two(self):
        self.held(FORGETFUL, 300)

    def test_connections_that_break_while_several_requests_wait_for_them(self):
        self.held(RESETS, 300)

    def test_a_takeover_takes_the_lease_and_one_wait(self):
        """Counted from the crash it is up to one renewal shorter than the lease; at most it is the
        lease, retry x (1 + jitter), and round trips."""
        folder = self.held(CRASH, 10000)
        with open(os.path.join(folder, "elections.csv"), newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["cause"] == "crash"]
        took = [float(row["elect_ms"]) for row in rows]
        self.assertEqual(len(took), 10000)
        self.assertGreaterEqual(min(took), 600 - 105)
        self.assertLessEqual(max(took), 600 + 220 + 10)
        self.assertGreater(max(took), 600)  # they do wait


if __name__ == "__main__":
    unittest.main()
