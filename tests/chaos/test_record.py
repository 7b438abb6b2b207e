"""A lease over the lock `record`: no two lead under chaos, nor when the server's clock jumps; when
the next one leads after a crash; and that a power loss loses the epoch, of either lock."""
# ctest-timeout: 120
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from histories import Runs  # noqa: E402

LEASE = "protocol: {lease: {duration: 600ms, renew_deadline: 400ms, retry: 100ms}}"
CHAOS = f"""\
name: record-chaos
nodes: 4
{LEASE}
lock: LOCK
duration: 4s
request_timeout: 150ms
network: {{latency: {{p50: 200us, p99: 5ms}}}}
faults:
  - randomly: {{mean: 300ms, until: 3500ms}}
    one_of:
      - {{crash: any, for: 300ms}}
      - {{pause: any, for: 150ms}}
      - {{cut: leader, for: 500ms, direction: replies}}
      - {{drift: any, ppm: 50000, for: 1s}}
      - {{reset: any}}
      - {{jump: redis, by: 60s, for: 300ms}}
expect:
  checks: {{two_leaders: never, two_lock_holders: never, idle_leader: never}}
  settles_within: 3s
"""
CRASH = f"""\
name: record-crash
nodes: 4
{LEASE}
lock: record
duration: 4s
faults:
  - {{at: 1s, crash: leader}}
"""
POWER_LOSS = """\
name: epoch-lost
nodes: 2
protocol: {lease: {duration: 500ms, renew_deadline: 400ms, retry: 50ms}}
lock: LOCK
fencing: true
duration: 3s
redis: {persistence: none}
faults:
  - {at: 500ms, crash: leader, for: 100ms}
  - {at: 2s, power_loss: redis, for: 100ms}
expect:
  checks: {two_leaders: allowed, two_lock_holders: allowed}
"""
TAKES = {"token": "put_fenced", "record": "take_record"}


class Record(Runs):
    def events(self, text, trials, host="model", codes=(0,)):
        done, folder = self.run_on(host, self.scenario(text), "--trials", str(trials),
                                   "--histories", "all")  # fmt: skip
        self.assertIn(done.returncode, codes, done.stdout + done.stderr)
        return self.histories(folder)

    def test_the_clock_of_the_server_takes_it_from_nobody(self):
        list(self.events(CHAOS.replace("LOCK", "record"), 1000))

    def test_the_same_clock_takes_a_token_from_its_holder(self):
        never = "two_leaders: never, two_lock_holders: never, idle_leader: never"
        some = "two_leaders: sometimes, no_leader: allowed, two_lock_holders: allowed"
        text = CHAOS.replace("LOCK", "token").replace(never, some)
        list(self.events(text, 300))

    def test_a_takeover_takes_the_lease_and_two_waits(self):
        """Counted from the last renewal whose answer came to the dead one: its change is seen one
        wait late at most, and the end of its time another."""
        took = []
        for events in self.events(CRASH, 500):
            (crash,) = [event for event in events if event["event"] == "died"]
            asked = {(event["process"], event["number"]): event["t_ms"] for event in events
                     if event["event"] == "request"}
            renewals = [asked[event["process"], event["number"]] for event in events
                        if event["event"] == "reply" and event["process"] == crash["process"]
                        and event["op"] in ("take_record", "renew_record")
                        and event["outcome"] == "ok" and event["integer"] == "1"]
            (leads,) = [event["t_ms"] for event in events if event["event"] == "claim"
                        and event["t_ms"] > crash["t_ms"] and "leads" in event["happened"]]
            took.append(leads - renewals[-1])
        self.assertEqual(len(took), 500)
        self.assertGreaterEqual(min(took), 600)
        self.assertLessEqual(max(took), 600 + 2 * 220 + 10)
        self.assertGreater(max(took), 600 + 220 + 10)  # one wait is not enough

    def test_a_power_loss_loses_the_epoch(self):
        """Row 33: what numbers the grants is gone with the rest, and they begin with 1 again."""
        for lock, op in TAKES.items():
            for host in ("model", "processes"):
                with self.subTest(lock, host=host):
                    (events,) = self.events(POWER_LOSS.replace("LOCK", lock), 1, host, (0, 1, 4))
                    epochs = [event["integer"] for event in events if event["event"] == "reply"
                              and event["op"] == op and event["outcome"] == "ok"]
                    lost = epochs.index("1", 1)
                    self.assertEqual(epochs[:2], ["1", "2"])
                    self.assertGreaterEqual(lost, 2)


if __name__ == "__main__":
    unittest.main()
