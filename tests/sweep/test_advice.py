# ctest-timeout: 300
"""What a sweep recommends, and what it says was confirmed, is so; else it says neither."""
import re
import unittest

from test_sweep import EDGE, PAUSES, TRIALS, Sweeps


class Advice(Sweeps):
    def advice(self, folder):
        return (self.place / folder / "advice.txt").read_text(encoding="utf-8")

    def test_what_the_confirming_trials_refute_is_not_recommended(self):
        """A pause of 2,600 ms splits the brain of a lease of 3 s in a few trials of a hundred:
        two trials do not find that. Of a lease of 6 s it never does, but when the leader crashes,
        nobody leads for longer."""
        self.file.write_text(
            EDGE.replace("for: 1s}", "for: 2600ms}\n  - {at: 10s, crash: leader}"),
            encoding="utf-8",
        )
        longer = "{duration: 6s, renew_deadline: 4s, retry: 500ms}"
        shorter = "{duration: 3s, renew_deadline: 2s, retry: 500ms}"
        words = ("--trials", "2", "--confirm", "1000", "--seed", "1")
        self.hustings("sweep", self.file, "--set", f"protocol.lease={shorter},{longer}", *words,
                      "--into", "two")  # fmt: skip
        self.assertEqual([row["split_brain_trials"] for row in self.rows("two")], ["0", "0"])
        advice = self.advice("two")
        self.assertRegex(advice, re.escape(f"Not protocol.lease {shorter}: with another seed the "
                                           "brain was split in one of ") + r"\d+ trials?\.\n")
        self.assertIn(f"Recommended: protocol.lease {longer}: no split brain;", advice)
        self.assertIn("Confirmed: in 0 of 1,000 trials", advice)
        self.hustings("sweep", self.file, "--set", "protocol.lease.retry=500ms,501ms", *words,
                      "--into", "none")  # fmt: skip
        advice = self.advice("none")
        self.assertEqual(advice.count("Not protocol.lease.retry 50"), 2, advice)
        self.assertIn("Nothing is recommended", advice)
        self.assertNotIn("onfirmed", advice)

    def test_confirmed_is_what_was_tried_in_all_settings(self):
        """The pause comes at the 20th write, or at one of the others, that never comes: what is
        said of all must be tried of all, or not be called confirmed."""
        nths = ",".join(map(str, range(20, 38)))
        for settings, confirmed in ((nths, False), ("20,21", True)):
            self.hustings(
                "sweep", self.file, "--set", "faults.1.for=1s,2s", "--set",
                f"faults.1.when.nth={settings}", "--trials", "2", "--confirm", "30",
                "--into", f"swept-{confirmed}",
            )  # fmt: skip
        self.assertIn("Not confirmed: what befalls it has too many settings to try each of them. "
                      "Behind it stand", self.advice("swept-False"))
        self.assertIn("Confirmed at a pause of 2s: in 0 of 30 trials", self.advice("swept-True"))
        self.assertIn("so it is in each of the 2 settings", self.advice("swept-True"))

    def test_a_lease_that_stalls_by_the_clock_leave_whole_may_need_fencing(self):
        (self.place / "gc.log").write_text("12\n420\n", encoding="utf-8")
        self.file.write_text(PAUSES, encoding="utf-8")
        self.hustings("sweep", self.file, "--set", "fencing=false,true", "--trials", "5",
                      "--confirm", "5", "--into", "swept")  # fmt: skip
        self.assertIn("does not show that you need no fencing", self.advice("swept"))
        self.file.write_text(EDGE, encoding="utf-8")
        self.sweep("faults")
        self.assertNotIn("need no fencing", self.advice("faults"))

    def test_the_lease_that_bears_ones_own_pauses_is_recommended(self):
        """The longest pause is 4 s. Who renews until 2 s before the end of a lease of 15 s, and
        gives up after 10 s, bears it; of leases of 3 s and 1.5 s it is known that they break."""
        (self.place / "gc.log").write_text("12\n420\n1.2s\n2.5s\n4s\n", encoding="utf-8")
        self.file.write_text(PAUSES, encoding="utf-8")
        leases = ("{duration: 1500ms, renew_deadline: 1s, retry: 200ms}",
                  "{duration: 15s, renew_deadline: 10s, retry: 2s}",
                  "{duration: 3s, renew_deadline: 2s, retry: 500ms}")
        for seed in ("1", "5", "77"):
            into = f"swept-{seed}"
            self.hustings(
                "sweep", self.file, "--set", "protocol.lease=" + ",".join(leases), "--set",
                "pauses.mean=5s,10s", "--trials", TRIALS, "--confirm", "100", "--seed", seed,
                "--into", into,
            )  # fmt: skip
            for row in self.rows(into):
                split = int(row["split_brain_trials"])
                self.assertEqual(split > 0, row["protocol.lease"] != leases[1], row)
            advice = (self.place / into / "advice.txt").read_text(encoding="utf-8")
            self.assertIn(f"Recommended: protocol.lease {leases[1]}: no split brain;", advice)
            self.assertIn("Confirmed: in 0 of 100 trials", advice)


if __name__ == "__main__":
    unittest.main()
