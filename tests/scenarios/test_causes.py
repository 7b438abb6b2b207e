#!/usr/bin/python3
"""The end of a run tells the cause of what broke, in order of time, and `check` names it: what a
person reads, for stories of other people's clusters. On the model, where each is the same every
time.
"""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "build" / "hustings"))
ALLOWED = "expect: {checks: {%s}}\n"


def screen(scenario, screen_alone=False):
    """The screen, and what `check` says of the same run, as one line: words do not depend on where
    lines break."""
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            [HUSTINGS, "run", "--on", "model", "--out", folder, "-"],
            input=scenario, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert result.returncode in (0, 1), result
        told = subprocess.run([HUSTINGS, "check", f"{folder}/latest"], capture_output=True,
                              text=True, timeout=60)  # fmt: skip
    return re.sub(r"\s+", " ", result.stdout if screen_alone else result.stdout + told.stdout)


class Causes(unittest.TestCase):
    def says(self, scenario, *sentences):
        text = screen(scenario)
        at = 0
        for sentence in sentences:
            found = re.compile(sentence).search(text, at)
            self.assertTrue(found, f"{sentence!r} (in this order) is not in: {text}")
            at = found.start()
        return text

    def test_the_redis_lost_its_data(self):
        self.says(
            "name: store-emptied\nnodes: 3\nduration: 4s\nstarts: {master: all_reported}\n"
            "faults: [{at: 1s, crash: redis, for: 50ms}]\n" + ALLOWED % "no_leader: allowed",
            r"1\.000 s the Redis crashes for 50 ms",
            r"no_leader: .* the Redis lost its data; since 1\.\d+ s the master has found no "
            r"statuses there",
        )

    def test_a_restarted_leader_leads_in_the_term_of_its_earlier_life(self):
        text = self.says(
            "name: finds-its-own-id\nnodes: 3\nduration: 3s\nstarts: {master: all_reported}\n"
            "faults: [{when: settled, after: 300ms, crash: leader, for: 150ms}]\n"
            "expect: {leaders: [1], checks: {dead_leader: allowed}}\n",
            r"s node 1 crashes, while it leads, for 150 ms",
            r"s node 1 is started again, and remembers nothing",
            r"dead_leader, .* node 1 was elected at .* it had died at .* until it was started "
            r"again; since \S+ s it has led again, in term 1, as before it died",
        )
        self.assertNotIn("still leader", text)

    def test_a_holder_that_is_cut_off(self):
        self.says(
            "name: holder-cut-off\nnodes: 3\nduration: 3s\n"
            "starts: {master: all_reported, 1: 0s, 2: 50ms, 3: 100ms}\n"
            "lock: {token: {ttl: 500ms, retry: 50ms}}\nrequest_timeout: 200ms\nfaults:\n"
            "  - {when: {who: 1, does: acquires_lock}, hold_lock: 1, for: 1500ms}\n"
            "  - {when: {who: 1, does: acquires_lock}, cut: 1, for: 1400ms}\n"
            + ALLOWED % "two_lock_holders: always",
            r"two_lock_holders, .* node 1 and, in turn, .* inside the critical section \d+ times.*"
            r"node 1's lock had run out at 0\.50\d s "
            r"\(faults: hold_lock of node 1, cut of node 1\)",
        )

    def test_who_waits_for_its_own_lock_and_whom_the_master_waits_for(self):
        self.says(
            "name: told-it-failed\nnodes: 3\nduration: 4s\n"
            "starts: {1: 0s, all: 50ms, master: all_reported}\n"
            "lock: {setnx: {ttl: 2s, retry: 50ms}}\nrequest_timeout: 100ms\nfaults:\n"
            "  - {when: {who: 1, does: asks_lock, before: true}, reset: 1, point: applied}\n"
            "expect: {lock_within: 1s, checks: {starvation: always, no_leader: always}}\n",
            r"no_leader: .* the master never started, since it waits for all nodes to report, and "
            r"node 1 never did",
            r"starvation: node 1 waited for the lock .* it waits for a lock that it holds itself: "
            r"it took it, and the answer never came; others that waited too long: "
            r"node 2 and node 3\.",
        )

    def test_a_dead_ones_lock_starves_the_others(self):
        self.says(
            "name: dead-holder\nnodes: 3\nduration: 3s\nheal: false\nlock: setnx\n"
            "starts: {1: 0s, all: 50ms, master: all_reported}\nfaults:\n"
            "  - {when: {who: 1, does: acquires_lock}, crash: 1}\n"
            "expect: {lock_within: 1s, checks: {starvation: always, no_leader: allowed}}\n",
            r"no_leader: .* the master never started, since it waits for all nodes to report, and "
            r"node 1, which died at \S+ s, never did",
            r"starvation: node \d waited .*; node 1 had it all the time, although it had died at",
        )

    def test_who_had_the_lock_meanwhile(self):
        text = screen((ROOT / "scenarios" / "catalogue" / "starvation.yaml").read_text())
        self.assertRegex(text, r"starvation: .* meanwhile node \d had it [\d,]+ times")

    def test_a_late_write_has_an_author(self):
        text = screen((ROOT / "scenarios" / "catalogue" / "late-packet.yaml").read_text())
        self.assertRegex(text, r"node 2 publishes node 2 by rule \d")
        self.assertNotIn("of nobody in this cluster", text)

    def test_the_master_is_dead(self):
        text = screen((ROOT / "scenarios" / "catalogue" / "master-crash.yaml").read_text())
        self.assertRegex(text, r"no_leader: .* the master, who alone decides, had died at")

    def test_one_episode_is_one_violation(self):
        lesson = (ROOT / "scenarios" / "course" / "05-the-lock-expires.yaml").read_text()
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [HUSTINGS, "run", "--on", "model", "--out", folder, "--trials", "1", "-"],
                input=lesson, capture_output=True, text=True, timeout=60, check=True,
            )  # fmt: skip
            rows = pathlib.Path(folder, "latest", "violations.csv").read_text().splitlines()
        self.assertEqual(len(rows), 2, rows)
        self.assertIn("in turn", rows[1])

    def test_nothing_is_a_riddle(self):
        """The words of the screen over all that we ship: no word is cut, and none is private."""
        for path in sorted((ROOT / "scenarios").glob("*/*.yaml")):
            with self.subTest(path=path.name):
                text = screen(path.read_text(), screen_alone=True)
                for riddle in ("disturbed", "and 1 others", "still leader", "the harness",
                               "nobody stayed", "the next thing"):  # fmt: skip
                    self.assertNotIn(riddle, text)
                self.assertNotRegex(text, r"supersede?\b")
                self.assertNotRegex(text, r"\d{4,}\.\d", "a number without its commas")
                self.assertNotRegex(text, r"\d\.\d{2} ?(ms|s)\b|\d\.\d{2,} ms\b")


if __name__ == "__main__":
    unittest.main()
