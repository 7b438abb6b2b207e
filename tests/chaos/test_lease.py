"""A lease under chaos in the model: inside what it assumes (pauses are short beside its times,
clocks drift within bounds, the Redis forgets nothing) no two lead at once; outside of it two do."""
# ctest-timeout: 240
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
      - {{resign: leader}}
      - {{drift: any, ppm: 50000, for: 1s}}
      - {{reset: any}}
expect:
  checks: {{two_leaders: never, two_lock_holders: never, idle_leader: never}}
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
# The leader stands still just before a write goes out, for longer than its lease.
STALL = f"""\
name: lease-stall
nodes: 3
{LEASE}
duration: 3s
fencing: FENCING
work: {{every: 50ms}}
faults:
  - {{when: {{who: any, does: writes, nth: 20, before: true}}, pause: leader, for: 1500ms}}
expect:
  checks: {{stale_write: OFTEN}}
"""
LONG = os.environ.get("HUSTINGS_LONG") == "1"
RENEWALS = ("put_if_absent", "extend_if_equal", "take_record", "renew_record")
TAKEOVERS = 10000 if LONG else 1000
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
        self.held(CHAOS, 10000)

    def test_over_redlock_neither_and_all_settle(self):
        """What is left of a grant on a few servers must not be kept alive by who gave it."""
        self.held(REDLOCK, 2000)

    def test_a_redis_that_forgets_makes_two(self):
        self.held(FORGETFUL, 300)

    def test_connections_that_break_while_several_requests_wait_for_them(self):
        self.held(RESETS, 300)

    @unittest.skipUnless(LONG, "a tenth of it is above; all of it with HUSTINGS_LONG=1")
    def test_a_hundred_thousand_times(self):
        self.held(CHAOS, 100000)

    def test_outside_of_its_assumptions_two_lead(self):
        """A clock that runs slower than duration / renew_deadline allows: the leader counts its
        deadline with it."""
        text = CHAOS.replace("ppm: 50000", "ppm: -500000").replace(": never", ": sometimes")
        self.held(text, 1000)

    def test_a_stall_before_a_write_costs_one_unless_it_is_fenced(self):
        """Without fencing a stale write in each trial; with it none, whatever the seed."""
        self.held(STALL.replace("FENCING", "false").replace("OFTEN", "always"), 1000)
        fenced = STALL.replace("FENCING", "true").replace("OFTEN", "never")
        self.held(fenced, 100000 if LONG else 2000)

    def takeovers(self, folder, trials):
        """From the last renewal that was applied (as its answer told, or else its sending) to the
        next leader's beginning, in ms; a crash each."""
        took = []
        for events in self.histories(folder):
            (crash,) = [event for event in events if event["event"] == "died"]
            asked = {(event["process"], event["number"]): event for event in events
                     if event["event"] == "request"}
            renewals = [asked[event["process"], event["number"]]["t_ms"] for event in events
                        if event["event"] == "reply" and event["process"] == crash["process"]
                        and event["op"] in RENEWALS
                        and event["outcome"] == "ok" and event.get("integer") != "0"]
            (leads,) = [event["t_ms"] for event in events if event["event"] == "claim"
                        and event["t_ms"] > crash["t_ms"] and "leads" in event["happened"]]
            took.append(leads - renewals[-1])
        self.assertEqual(len(took), trials)
        return took

    def test_a_takeover_takes_the_lease_and_one_wait(self):
        """Counted from the last renewal, of which the dead one had the answer: never before the
        lease, at most it and retry x (1 + jitter), and round trips."""
        done, folder = self.run_on("model", self.scenario(CRASH), "--trials", str(TAKEOVERS),
                                   "--histories", "all")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        took = self.takeovers(folder, TAKEOVERS)
        self.assertGreaterEqual(min(took), 600)
        self.assertLessEqual(max(took), 600 + 220 + 10)
        self.assertGreater(max(took), 600 + 100)  # they do wait

    def test_a_takeover_by_what_is_observed(self):
        """Of a record a candidate may see the change one wait later: the wait counts twice."""
        text = CRASH.replace("duration: 3s", "duration: 3s\nlock: record").replace("830", "1050")
        done, folder = self.run_on("model", self.scenario(text), "--trials", str(TAKEOVERS),
                                   "--histories", "all")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        took = self.takeovers(folder, TAKEOVERS)
        self.assertGreaterEqual(min(took), 600)
        self.assertLessEqual(max(took), 600 + 2 * 220 + 10)

    def test_a_takeover_between_processes(self):
        """Likewise of real ones; only how late a busy machine is adds to it."""
        text = CRASH.replace("max: 830", "max: 2900")
        done, folder = self.run_on("processes", self.scenario(text), "--trials", "40",
                                   "--jobs", "10")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        took = self.takeovers(folder, 40)
        self.assertGreaterEqual(min(took), 600)
        self.assertLessEqual(sorted(took)[20], 600 + 220 + 150)


if __name__ == "__main__":
    unittest.main()
