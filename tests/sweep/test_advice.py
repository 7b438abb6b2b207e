# ctest-timeout: 300
"""What a sweep recommends, and what it says was confirmed, is so; else it says neither."""
import re
import signal
import subprocess
import time
import unittest

from test_sweep import EDGE, PAUSES, TRIALS, Sweeps


def waited_for(comes, bound=60):
    until = time.monotonic() + bound
    while not comes() and time.monotonic() < until:
        time.sleep(0.05)
    return comes()


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
        self.assertIn(f"protocol.lease {shorter}: no split brain; ", advice)
        self.assertRegex(advice, "Not so with another seed: the brain was split in (one|the)")
        self.assertIn(f"Recommended: protocol.lease {longer}: no split brain;", advice)
        self.assertIn("Confirmed: in 0 of 1,000 trials", advice)
        self.hustings("sweep", self.file, "--set", "protocol.lease.retry=500ms,501ms", *words,
                      "--into", "none")  # fmt: skip
        advice = self.advice("none")
        self.assertEqual(advice.count("Not so with another seed"), 2, advice)
        self.assertIn("Nothing is recommended", advice)
        self.assertNotIn("onfirmed", advice)

    def test_confirmed_is_what_was_tried_in_all_settings(self):
        """The pause comes at the 20th write, or at one of the others, that never comes: what is
        said of all must be tried of all, or not be called confirmed."""
        nths = ",".join(map(str, range(20, 38)))
        for settings, into in ((nths, "eighteen"), ("20,21", "two")):
            self.hustings(
                "sweep", self.file, "--set", "faults.1.for=1s,2s", "--set",
                f"faults.1.when.nth={settings}", "--trials", "2", "--confirm", "80",
                "--into", into,
            )  # fmt: skip
        self.assertIn("Confirmed at a pause of 2s: in 0 of 71 trials", self.advice("eighteen"))
        self.assertIn("so it is in each of the 18 settings", self.advice("eighteen"))
        self.assertIn("Confirmed at a pause of 2s: in 0 of 80 trials", self.advice("two"))
        self.assertIn("so it is in each of the 2 settings", self.advice("two"))

    def test_what_breaks_in_one_setting_of_many_is_not_confirmed(self):
        """At its 20th write a pause of 2.6 s splits the brain in some trials, at a write that never
        comes in none."""
        nths = ",".join(map(str, [20, *range(400, 417)]))
        self.hustings(
            "sweep", self.file, "--set", "faults.1.for=1s,2600ms", "--set",
            f"faults.1.when.nth={nths}", "--trials", "2", "--confirm", "100", "--into", "swept",
        )  # fmt: skip
        self.assertNotRegex(self.advice("swept"), "onfirmed at a pause of 2600ms")

    def test_of_choices_that_are_refuted_in_part_the_one_that_bears_more_is_recommended(self):
        """Two trials a point see no split at 2.6 s; a lease of 3 s bears 2.5 s, one of 9 s more."""
        self.hustings(
            "sweep", self.file, "--set", "faults.1.for=1s,2600ms", "--set",
            "protocol.lease.duration=3s,9s", "--trials", "2", "--seed", "5", "--confirm", "1000",
            "--into", "swept",
        )  # fmt: skip
        advice = self.advice("swept")
        self.assertRegex(advice, r"duration 3s: no split brain up to a pause of 2600ms, .* Not so")
        self.assertIn("Recommended: protocol.lease.duration 9s: no split brain up to a pause of "
                      "2600ms;", advice)
        self.assertIn("Confirmed at a pause of 2600ms: in 0 of 1,000 trials", advice)

    def test_confirming_can_be_interrupted(self):
        """On one thread that takes minutes, and the points a moment."""
        for how, code, told in (("for", 5, "the time of --for was over"),
                                ("signal", 130, "it was interrupted")):
            words = ["sweep", self.file, "--set", "fencing=false", "--trials", "1", "--into", how,
                     "--confirm", "1000000", "--jobs", "1",
                     *(("--for", "2s") if how == "for" else ())]  # fmt: skip
            with subprocess.Popen(self.command(*words), cwd=self.place, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE) as sweep:
                picture = self.place / how / "sweep.svg"
                if how == "signal":
                    self.assertTrue(waited_for(picture.exists), "no picture")
                    sweep.send_signal(signal.SIGINT)
                output = sweep.communicate(timeout=120)
            self.assertEqual(sweep.returncode, code, output)
            self.assertIn(f"Not confirmed: {told}. Behind it stands 1 trial", self.advice(how))

    def test_the_price_of_different_protocols_is_not_compared(self):
        self.file.write_text(
            "name: alike\nnodes: 3\nduration: 6s\nfaults: [{at: 2s, pause: leader, for: 1s}]\n",
            encoding="utf-8",
        )
        for order in ("article,lease", "lease,article"):
            self.hustings("sweep", self.file, "--set", f"protocol={order}", "--trials", "2",
                          "--confirm", "10", "--into", order)  # fmt: skip
            first, other = order.split(",")
            self.assertIn(f"Of those that hold, the first: protocol {first}:", self.advice(order))
            self.assertIn(f"bear as much in the grid: {other}. That {first} is named first is ",
                          self.advice(order))

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
