#!/usr/bin/python3
"""The stories that runs end with: the lines that matter, in their order, for the known failures on
the model, where they are the same every time; and one on real processes, without its times.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "build" / "hustings"))

# Of each scenario: lines of its story, in order, with nothing of weight in between left out.
STORIES = {
    "catalogue/paused-holder": [
        r"0\.001 s  node 2 is paused in its critical section \(lock until 0\.300 s\)",
        r"0\.301 s  the lock runs out under node 2, which stands still",
        r"0\.500 s  node 1 acquires the lock, while node 2 still is in its critical section "
        r"\(two_lock_holders for 0\.5 ms\)",
        r"0\.501 s  node 2 goes on, still believing that it holds the lock",
        r"0\.501 s  node 2 publishes node 2 by rule 3, term 1: overwrites node 1, term 1 "
        r"\(stale_result for 0\.8 ms\)",
        r"0\.501 s  node 2 leads \(term 1\), while node 1 still leads "
        r"\(two_leaders for 501\.6 ms\)",
    ],
    "catalogue/late-packet": [
        r"node 2 is to have its next request to the Redis come late by 2 s, in its critical "
        r"section \(lock until 0\.300 s\)",
        r"0\.201 s  node 2 gets no answer to its result",
        r"0\.500 s  node 1 publishes node 1 by rule 3, term 1 \(in prepare 1, 2\)",
        r"2\.203 s  node 2 finds node 2 by rule 3, term 1, which it sent at 0\.001 s, in the "
        r"place of node 1 \(stale_result for 0\.3 ms\)",
    ],
    "catalogue/foreign-release": [
        r"1\.001 s  the lock runs out under node 1",
        r"1\.501 s  node 1 releases a lock that is not its own, but that of node 2 "
        r"\(foreign_release for 0\.2 ms, the first of 2\)",
        r"1\.509 s  node 3 acquires the lock, while node 2 still is in its critical section",
    ],
    "catalogue/leader-stalls": [
        r"0\.950 s  node 2 is paused, while it leads \(lock until 2\.000 s\), for 3 s",
        r"2\.001 s  the lock runs out under node 2, which stands still",
        r"2\.086 s  node 3 acquires the lock and leads \(term 2, until 2\.986 s\)",
        r"3\.950 s  node 2 goes on, though its time as leader is over",
        r"3\.950 s  node 2 writes to the resource, which accepts it \(stale_write\)",
    ],
    "catalogue/leader-stalls-cured": [
        r"3\.950 s  node 2 steps down: no renewal until the deadline",
        r"3\.950 s  node 2 has a write rejected by the resource",
    ],
    "catalogue/one-of-five-forgets": [
        r"0\.000 s  node 1 is cut off from redis 4 and redis 5",
        r"0\.750 s  redis 3 crashes for 50 ms",
        r"0\.810 s  the lock on redis 3 of node 1, which is cut off, did not survive the restart "
        r"of the Redis",
        r"1\.000 s  node 2 acquires the lock and leads \(term 2, until 2\.578 s\), while node 1 "
        r"still leads \(two_lock_holders for 1,227\.8 ms, two_leaders for 1,227\.8 ms\)",
    ],
    "catalogue/ghost-acquire": [
        r"0\.000 s  the Redis stands still for 700 ms",
        r"0\.250 s  node 1 crashes",
        r"5\.000 s  the trial ends: nobody leads, and the lock still is that of node 1, which was "
        r"never told so",
    ],
    "catalogue/server-clock-backward-cured": [
        r"0\.000 s  node 1 crashes in its critical section \(lock until 1\.000 s\)",
        r"0\.000 s  the Redis has its clock jump by -60 s",
        r"1\.110 s  the master publishes node 2 by rule 3, term 1",
    ],
    "course/06-the-master-crashes": [
        r"the master crashes",
        r"node 3 is flipped to submit",
        r"the master is started again",
        r"the master publishes node 3 by rule 2, term 2 .*: overwrites node 1, term 1",
    ],
}  # fmt: skip


def run(scenario, *options):
    """What a run says, and what `check` says of its first trial in full and as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        command = [HUSTINGS, "run", "--trials", "1", "--out", folder, *options,
                   str(ROOT / "scenarios" / f"{scenario}.yaml")]  # fmt: skip
        result = until_judged(lambda: judged(
            subprocess.run(command, capture_output=True, text=True, timeout=100), folder))
        assert result.returncode == 0, (result.stdout, result.stderr)
        latest = f"{folder}/latest"
        full = subprocess.run([HUSTINGS, "check", "--explain", "1", latest], check=True,
                              capture_output=True, text=True, timeout=100)  # fmt: skip
        data = subprocess.run([HUSTINGS, "check", "--explain", "1", "--format", "json", latest],
                              check=True, capture_output=True, timeout=100)  # fmt: skip
    return result.stdout, full.stdout, json.loads(data.stdout)["histories"][0]


def lines_of(text):
    """The lines of a story, each as one: those that are broken go on behind the time's column."""
    lines = []
    for line in text.splitlines():
        if re.match(r" +\d+\.\d{3} s  ", line):
            lines.append(line.strip())
        elif lines and re.match(r" {9,}\S", line) and not line.lstrip().startswith("…"):
            lines[-1] += " " + line.strip()
        elif lines:
            break
    return lines


class Stories(unittest.TestCase):
    def in_order(self, lines, expected):
        at = 0
        for one in expected:
            found = [i for i in range(at, len(lines)) if re.search(one, lines[i])]
            self.assertTrue(found, f"{one!r} (in this order) is not in:\n" + "\n".join(lines))
            at = found[0] + 1

    def test_the_lines_that_matter(self):
        for scenario, expected in STORIES.items():
            with self.subTest(scenario):
                screen, full, data = run(scenario, "--on", "model")
                lines = lines_of(screen)
                self.assertLessEqual(len(lines), 12)
                self.in_order(lines, expected)
                left = int(re.search(r"…\s+and ([\d,]+) more: ", screen)[1].replace(",", ""))
                whole = [line for line in full.splitlines() if re.match(r"  +\d+\.\d{3} s  ", line)]
                self.in_order(whole[-left - len(lines):], [re.escape(line) for line in lines])
                self.assertEqual(len(data["story"]), len(lines) + left)
                begun = [one for one in data["story"] if one["violation"] is not None]
                self.assertLessEqual(len(begun), len(data["violations"]))
                for one in begun:
                    check = data["violations"][one["violation"]]["check"]
                    self.assertIn(check, one["text"])

    def test_on_processes(self):
        """The same order and words on real processes; how long it took is the machine's."""
        screen, _, _ = run("catalogue/paused-holder")
        self.in_order(lines_of(screen), [
            r"node 2 is paused in its critical section \(lock until 0\.\d{3} s\)",
            r"the lock runs out under node 2, which stands still",
            r"node 1 acquires the lock, while node 2 still is in its critical section "
            r"\(two_lock_holders (\d+ times, )?for ",
            r"node 1 publishes node 1 by rule 3, term 1",
            r"node 2 goes on, still believing that it holds the lock",
            # It is told of whoever knew it first: another may read the result before node 2 has
            # the answer to its own request.
            r"(node 2 publishes node 2 by rule 3, term 1: overwrites node 1, term 1|"
            r"(node 1|the master) finds node 2 by rule 3, term 1, .*, in the place of node 1) "
            r"\(stale_result",
            r"node 2 leads \(term 1\), while node 1 still leads \(two_leaders for",
        ])  # fmt: skip

    def test_of_many_trials_the_first_that_broke_something(self):
        lesson = ROOT / "scenarios" / "course" / "07-the-early-bird.yaml"
        with tempfile.TemporaryDirectory() as folder:
            def said(*options):
                return subprocess.run([HUSTINGS, "run", "--on", "model", "--out", folder, *options,
                                       lesson], capture_output=True, text=True).stdout
            self.assertNotIn("Trial 1", said("--trials", "1"))
            self.assertRegex(said("--trials", "20"), r"\n  Trial \d+")
            self.assertRegex(said("--trials", "20", "--explain", "5"),
                             r"\n  Trial 5:\n(?s:.*)the trial ends")
            self.assertEqual(said("--trials", "20", "--explain", "21"), "")


if __name__ == "__main__":
    unittest.main()
