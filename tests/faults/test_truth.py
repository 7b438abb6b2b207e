#!/usr/bin/python3
"""Every fault there is has witnesses on real processes: the Redis itself (MONITOR, INFO, PTTL,
CLIENT LIST) or the kernel, and the process that it befell; and they saw it heal, where it heals.

How to add a fault's: a test in one of these files, and its name here."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import ROOT, Stage  # noqa: E402

LINKS = "tests/faults/test_links.py"
WORLD = "tests/world/test_faults.py"
SERVERS = "tests/servers/test_witnesses.py"
POWER = "tests/unit/servers/test_power.c"
CLOCKS = "tests/unit/servers/test_clock.c"

WITNESSES = {
    "flip": [(WORLD, "test_flip")],
    "resign": [(WORLD, "test_resign")],
    "resign": [(WORLD, "test_resign")],
    "crash": [
        (WORLD, "test_crash"),
        (WORLD, "test_the_master_crashes_and_comes_back"),
        (SERVERS, "test_crash"),
    ],
    "restart": [(WORLD, "test_restart"), (SERVERS, "test_restart")],
    "pause": [(WORLD, "test_pause_and_resume")],
    "resume": [(WORLD, "test_pause_and_resume")],
    "expire_lock": [(WORLD, "test_expire_lock")],
    "hold_lock": [
        (WORLD, "test_hold_lock"),
        (WORLD, "test_a_stall_ends_when_everything_is_healed"),
    ],
    "cut": [
        (LINKS, "test_cut_both_ways"),
        (LINKS, "test_cut_requests_closes_nothing"),
        (LINKS, "test_cut_replies_lets_requests_pass"),
        (LINKS, "test_cut_that_drops"),
    ],
    "delay": [(LINKS, "test_delay")],
    "late": [
        (LINKS, "test_late_from_a_dead_process"),
        (LINKS, "test_late_is_delivered_at_the_end"),
    ],
    "lose": [(LINKS, "test_lose_the_lock"), (LINKS, "test_lose_a_share")],
    "lose_reply": [(LINKS, "test_lose_reply_of_the_lock")],
    "refuse_command": [("tests/faults/test_commands.py", "test_refused")],
    "reset": [(LINKS, "test_reset_before_and_applied")],
    "slow": [(LINKS, "test_slow")],
    "stall": [(SERVERS, "test_stall")],
    "power_loss": [
        (SERVERS, "test_power_loss"),
        (POWER, "an_acknowledged_write_is_lost_within_the_window_of_everysec"),
    ],
    "evict": [(SERVERS, "test_evict")],
    "forget_scripts": [(SERVERS, "test_forget_scripts")],
    "wrong_type": [(SERVERS, "test_wrong_type")],
    "oom": [(SERVERS, "test_oom")],
    "refuse": [(SERVERS, "test_refuse"), (SERVERS, "test_refuse_outlasts_a_restart")],
    "jump": [
        (SERVERS, "test_jump_of_the_server"),
        (SERVERS, "test_jump_of_a_process"),
        (CLOCKS, "a_jump_backward_keeps_it_long"),
    ],
    "drift": [
        (SERVERS, "test_drift_of_the_server"),
        (SERVERS, "test_drift_of_processes"),
    ],
}


class Truth(Stage):
    def test_every_fault_has_witnesses(self):
        listed = self.hustings("list", "faults").stdout
        self.assertEqual(sorted(re.findall(r"^  (\w+) ", listed, re.M)), sorted(WITNESSES))

    def test_they_are_there(self):
        for fault, tests in WITNESSES.items():
            for file, name in tests:
                text = (ROOT / file).read_text(encoding="utf-8")
                self.assertRegex(text, rf"\b(def|void) {name}\(", f"{file} of {fault}")


if __name__ == "__main__":
    unittest.main()
