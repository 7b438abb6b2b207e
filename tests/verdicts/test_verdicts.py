"""What the tool says of scenarios in which something cannot be known, cannot happen or is easily
overlooked: the exit code, and the words on the screen. `hustings check` must say the same of what
was recorded."""
# ctest-timeout: 300
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
HERE = pathlib.Path(__file__).parent
REPOSITORY = HERE.parent.parent


class Verdicts(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-verdicts-")
        self.addCleanup(place.cleanup)
        self.place = place.name

    def run_scenario(self, scenario, host="model", *options):
        """The exit code and what was printed, as one line."""
        path = HERE / scenario if isinstance(scenario, str) else scenario
        command = [HUSTINGS, "run", "--on", host, "--out", self.place, *options, str(path)]
        done = until_judged(lambda: judged(subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False), self.place))
        return done.returncode, " ".join((done.stdout + done.stderr).split())

    def folder(self):
        """Of the newest results."""
        return os.path.realpath(self.place + "/latest")

    def check_again(self):
        done = subprocess.run([HUSTINGS, "check", self.folder()], capture_output=True, text=True,
                              timeout=60, check=False)
        return done.returncode, " ".join((done.stdout + done.stderr).split())


class Liveness(Verdicts):
    """Whoever the healing restarts must follow, too."""

    def fails(self, scenario, host):
        code, text = self.run_scenario(scenario, host, "--trials", "1")
        self.assertEqual(code, 1, text)
        self.assertIn("no_leader: expected never, but trial 1 has it", text)
        self.assertIn("the master followed nobody and node 1 followed node 1", text)
        code, text = self.check_again()
        self.assertEqual(code, 1, text)
        self.assertIn("no_leader: expected never, but trial 1 has it", text)

    def test_kept_out_by_its_own_lock(self):
        self.fails("kept-out-by-its-own-lock.yaml", "model")

    def test_kept_out_by_its_own_lock_on_processes(self):
        self.fails("kept-out-by-its-own-lock.yaml", "processes")

    def test_kept_out_by_a_lock_that_never_ends(self):
        self.fails("kept-out-by-an-endless-lock.yaml", "model")

    def test_kept_out_by_a_lock_that_never_ends_on_processes(self):
        self.fails("kept-out-by-an-endless-lock.yaml", "processes")


class ForeignRelease(Verdicts):
    """The catalogue's story beside a fault that has nothing to do with it."""

    def happens_beside(self, fault, host="model", trials=5):
        text = (REPOSITORY / "scenarios/catalogue/foreign-release.yaml").read_text()
        path = pathlib.Path(self.place, "beside.yaml")
        path.write_text(text.replace("faults:\n", f"faults:\n  - {fault}\n"))
        code, text = self.run_scenario(path, host, "--trials", str(trials))
        self.assertEqual(code, 0, text)
        self.assertRegex(text, f"foreign_release *always *{trials} of {trials} *ok")
        code, text = self.check_again()
        self.assertEqual(code, 0, text)

    def test_that_hit_nobody(self):
        self.happens_beside("{at: 0s, drift: leader, ppm: 1}")

    def test_that_hit_nobody_on_processes(self):
        self.happens_beside("{at: 0s, drift: leader, ppm: 1}", "processes", 1)

    def test_that_restarts_what_runs(self):
        self.happens_beside("{every: 2ms, restart: redis}")

    def test_that_spares_the_lock(self):
        self.happens_beside("{at: 1400ms, forget_scripts: redis}")

    def test_that_stalls_the_redis(self):
        self.happens_beside("{at: 1400ms, stall: redis, for: 20ms}")

    def test_that_shifts_its_clock(self):
        """The lock that was removed was surely not the remover's own."""
        self.happens_beside("{at: 100ms, drift: redis, ppm: 1}")


class StaleResult(Verdicts):
    def test_however_many_results_lie_between(self):
        code, text = self.run_scenario("a-write-lands-after-15-newer.yaml")
        self.assertEqual(code, 0, text)
        self.assertRegex(text, "stale_result always 1 of 1 ok")


class Untested(Verdicts):
    """Nobody may take for held what could not be broken."""

    def says(self, scenario, host, *texts, code=0):
        got, text = self.run_scenario(scenario, host)
        self.assertEqual(got, code, text)
        for words in texts:
            self.assertIn(words, text)
        return text

    def test_everybody_is_dead_and_nothing_heals(self):
        ends = ("dead_leader, since nobody was elected",
                "no_leader, since the trial lasted no longer than settles_within")
        self.says("all-dead.yaml", "model",
                  "Not tested: two_lock_holders, since nobody was ever inside",
                  "every expectation held, but no check was put to the test", *ends)
        done = subprocess.run([HUSTINGS, "check", self.folder()], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn("dead_leader could not fire: nobody was elected", done.stdout)

    def test_a_leader_without_any_rival(self):
        """One process has nobody to lead, hold the lock or write beside."""
        self.says("one-candidate.yaml", "model",
                  "Not tested: two_lock_holders, two_leaders, stale_write, since no second process "
                  "was running;", "every expectation held")
        done = subprocess.run([HUSTINGS, "check", self.folder()], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 0)
        for check in ("two_lock_holders", "two_leaders", "stale_write"):
            self.assertIn(f"{check} could not fire: no second process was running", done.stdout)

    def test_everybody_is_dead_on_processes(self):
        text = self.says("all-dead.yaml", "processes",
                         "Not tested: two_lock_holders, since nobody was ever inside",
                         "dead_leader, since nobody was elected")
        self.assertNotRegex(text, r"all \d+ checks")

    def test_expected_always_it_fails_and_says_why(self):
        self.says("expects-what-cannot-be.yaml", "model",
                  "starvation: expected always, but trial 1 lacks it (0 of 1 have it): it could "
                  "not fire, since the trial lasted no longer than lock_within", code=1)

    def test_a_leader_that_is_cut_off(self):
        for host, seconds in (("model", "5."), ("processes", "")):  # there it settles when it can
            self.says("leader-cut-off.yaml", host,
                      "Not tested: whether node 1 should have stayed leader while it was cut off "
                      f"from the Redis for {seconds}",
                      "no check watches how long a leader may be idle")

    def test_a_leader_that_is_paused(self):
        self.says("leader-paused.yaml", "model",
                  "whether node 1 should have stayed leader while it was paused for 45.0 s")

    def test_nobody_is_told_so_in_an_ordinary_run(self):
        path = REPOSITORY / "scenarios/course/01-first-election.yaml"
        listed = subprocess.run([HUSTINGS, "list", "--format", "json"], capture_output=True,
                                timeout=60, check=True)
        checks = [row["name"] for row in json.loads(listed.stdout)["checks"]]
        text = self.says(path, "model", "Not tested: ")
        told = text.partition("Not tested: ")[2].partition(".")[0]
        untested = [check for check in checks if check in told]
        self.assertLessEqual({"stale_result", "idle_leader", "starvation"}, set(untested))
        self.assertIn(f"every expectation held; {len(checks) - len(untested)} of {len(checks)} "
                      "checks were tested, and held", text)
        self.assertNotIn("should have stayed leader", text)

    def test_check_says_the_same_as_run(self):
        """Of a folder it prints the very sentences."""
        for scenario in ("all-dead.yaml", "leader-cut-off.yaml"):
            with self.subTest(scenario):
                self.place = tempfile.mkdtemp(dir=self.place)
                _, run = self.run_scenario(scenario)
                _, check = self.check_again()
                told = re.findall(r"Not tested: .*?[a-z]\.(?= )", run + " ")
                self.assertTrue(told, run)
                for sentence in told:
                    self.assertIn(sentence, check + " ")
                self.assertEqual(check.count("Not tested: "), len(told))


class NotDone(Verdicts):
    """A run says nothing about a fault that never came, and tells so."""

    NEVER = "faults-that-never-come.yaml"
    BOTH = ("Not done: crash 2 (line 7), since node 2 never led; crash leader (line 8), since "
            "nobody led at 0.")

    def run_faults(self, faults, *options, host="model", rest="", duration="4s", code=0):
        path = pathlib.Path(self.place, "faults.yaml")
        path.write_text("name: faults\nnodes: 3\nstarts: {master: all_reported}\n"
                        f"duration: {duration}\n{rest}\nfaults: [{faults}]\n")
        got, text = self.run_scenario(path, host, *options)
        self.assertEqual(got, code, text)
        return text

    def test_both_hosts_tell_of_them_and_check_does_too(self):
        for host in ("model", "processes"):
            with self.subTest(host):
                self.place = tempfile.mkdtemp(dir=self.place)
                code, text = self.run_scenario(self.NEVER, host)
                self.assertEqual(code, 0, text)
                self.assertIn(self.BOTH, text)
                code, text = self.check_again()
                self.assertEqual(code, 0, text)
                self.assertIn(self.BOTH, text)

    def test_over_many_trials_they_are_counted(self):
        _, text = self.run_scenario(self.NEVER, "model", "--trials", "3")
        self.assertIn("Not done: crash 2 (line 7) in 3 of 3 trials, since node 2 never led; crash "
                      "leader (line 8) in 3 of 3 trials, since nobody led.", text)

    def test_a_history_alone_tells_what_was_skipped(self):
        self.run_scenario(self.NEVER)
        history = self.folder() + "/history/trial-0001.jsonl"
        done = subprocess.run([HUSTINGS, "check", history], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertIn("Not done: crash (fault 2 of the scenario), since nobody led at 0.010 s.",
                      done.stdout)

    def test_json_lists_them(self):
        done = subprocess.run(
            [HUSTINGS, "run", "--on", "model", "--trials", "2", "--out", self.place, "--format",
             "json", str(HERE / self.NEVER)],
            capture_output=True, text=True, timeout=60, check=False)
        (scenario,) = json.loads(done.stdout)["scenarios"]
        expected = [
            {"index": 0, "fault": "crash 2", "why": "node 2 never led", "trials": 2},
            {"index": 1, "fault": "crash leader", "why": "nobody led", "trials": 2},
        ]
        self.assertEqual(scenario["not_done"], expected)
        done = subprocess.run([HUSTINGS, "check", "--format", "json", self.folder()],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(json.loads(done.stdout)["scenarios"][0]["not_done"], expected)

    def test_of_two_that_are_alike_the_one_that_met_nothing_is_told(self):
        alike = "{at: %s, refuse_command: 1, error: READONLY%s}"
        for first, second, more, lines in (
            ("1s", "2s", "", ()), ("1s", "5995ms", "", (7,)), ("5995ms", "1s", "", (6,)),
            ("1s", "1s", "", ()), ("1s", "5995ms", ", for: 1ms", (6, 7)),
            ("1s", "5995ms", ", for: 1s", (7,)),
        ):  # fmt: skip
            path = pathlib.Path(self.place, "alike.yaml")
            path.write_text(
                "name: alike\nnodes: 3\nduration: 6s\nprotocol: {lease: {duration: 1s, "
                "renew_deadline: 700ms, retry: 200ms}}\nfaults:\n  - "
                f"{alike % (first, more)}\n  - {alike % (second, more)}\n", encoding="utf-8")
            done = subprocess.run(
                [HUSTINGS, "run", "--on", "model", "--out", self.place, str(path)],
                capture_output=True, text=True, timeout=60, check=False)
            told = re.findall(r"\(line (\d+)\), since it met no", " ".join(done.stdout.split()))
            self.assertEqual([int(line) for line in told], list(lines), done.stdout)

    def test_why_its_moment_never_came(self):
        for fault, why in {
            "{when: {who: 2, does: leads, nth: 3}, crash: 2}": "node 2 never led 3 times",
            "{when: {who: any, does: leads, nth: 9}, crash: 2}": "nobody ever led 9 times",
            "{when: {who: 2, does: leads}, after: 1s, crash: 2}": "node 2 never led early enough",
            "{when: settled, after: 3900ms, crash: 2}": "the cluster never settled early enough",
        }.items():
            with self.subTest(fault):
                self.assertIn(f"Not done: crash 2 (line 6), since {why}.", self.run_faults(fault))

    def test_nobody_takes_the_lock_any_more(self):
        text = self.run_faults("{at: 100ms, crash: [1, 2, 3, master]}, {at: 200ms, evict: lock}, "
                               "{at: 200ms, hold_lock: lock_holder, for: 100ms}",
                               rest="heal: false", duration="1s")
        self.assertIn("since nobody acquired the lock after it was due", text)

    def test_no_other_node_lives(self):
        text = self.run_faults("{at: 100ms, crash: [1, 2, 3]}, {every: 200ms, pause: others}",
                               rest="heal: false", duration="1s")
        self.assertIn("Not done: pause others (line 6), since no other node was alive at 0.200 s.",
                      text)

    def test_one_that_was_done_once_is_not_told(self):
        self.assertNotIn("Not done", self.run_faults("{every: 10ms, pause: leader, for: 1ms}"))

    def test_what_was_not_drawn_is_not_told(self):
        text = self.run_faults("{randomly: {mean: 2s}, one_of: [{crash: any, for: 10ms}, "
                               "{pause: any, for: 10ms}, {cut: 1, for: 10ms}, "
                               "{delay: 1, by: 1ms, for: 10ms}, {stall: redis, for: 10ms}, "
                               "{cut: 2, for: 10ms}, {cut: 3, for: 10ms}]}")
        self.assertNotIn("Not done", text)


class Wrong(Verdicts):
    """An election that is wrong in a run that is ok: why it is so, and why it is ok."""

    ALLOWED = ("of 1 election was right when the statuses were read, and outdated when it was "
               "published; verdicts: {wrong: never} forbids it")

    def run_text(self, text):
        path = pathlib.Path(self.place, "wrong.yaml")
        path.write_text(text)
        return self.run_scenario(path)

    def test_it_was_right_by_what_was_read(self):
        for host in ("model", "processes"):
            with self.subTest(host):
                path = REPOSITORY / "scenarios/catalogue/paused-holder-cured.yaml"
                code, text = self.run_scenario(path, host)
                self.assertEqual(code, 0, text)
                self.assertRegex(text, r"node 2 was elected by rule 3 after 1,\d\d\d\.\d ms\. By "
                                       r"the statuses that it was decided from, at 0\.\d\d\d s"
                                       r", this was right; when it was published, it should have "
                                       r"been node 1\.")
                self.assertRegex(text, r"1,\d\d\d\.\d 1,\d\d\d\.\d outdated ")
                self.assertRegex(text, r"ok every expectation held; .* tested, and held allowed 1 "
                                 + self.ALLOWED)
                self.assertNotRegex(text, r"\d wrong\b|ended as wrong")

    def test_what_is_forbidden_fails(self):
        text = (REPOSITORY / "scenarios/catalogue/paused-holder-cured.yaml").read_text()
        code, text = self.run_text(text.replace("wrong: allowed", "wrong: never"))
        self.assertEqual(code, 1, text)
        self.assertIn("verdict wrong: expected never", text)
        self.assertNotIn("ended as wrong", text)

    def test_nothing_is_said_of_right_ones(self):
        _, text = self.run_scenario(REPOSITORY / "scenarios/course/01-first-election.yaml")
        self.assertNotIn("allowed", text)


class Machines(Verdicts):
    """What reads reports sees green only where something was put to the test."""

    def report(self, *command):
        done = subprocess.run([HUSTINGS, *command], capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def run_as(self, form, scenario):
        return self.report("run", "--on", "model", "--out", self.place, "--format", form,
                           str(HERE / scenario))

    def test_json_has_the_ending_of_each_check_and_its_reason(self):
        (scenario,) = json.loads(self.run_as("json", "all-dead.yaml"))["scenarios"]
        (trial,) = scenario["trials"]
        endings = {check["check"]: check["ending"] for check in trial["checks"]}
        self.assertEqual(endings.pop("idle_leader"), "does not apply")
        self.assertEqual(endings.pop("stale_write"), "does not apply")  # nobody works
        self.assertEqual(endings.pop("program_ended"), "does not apply")
        self.assertEqual(set(endings.values()), {"could not fire"})
        self.assertIn({"check": "dead_leader", "ending": "could not fire",
                       "why": "nobody was elected"}, trial["checks"])
        self.assertIsNone(trial["undecided"])
        points = {point["name"]: point for point in scenario["expectations"]}
        self.assertEqual(points["dead_leader"]["skipped"], "nobody was elected")
        self.assertIsNone(points["dead_leader"]["held"])
        self.assertTrue(points["trials"]["held"])
        self.assertEqual(len(scenario["not_tested"]), len(trial["checks"]))
        told = {one["check"]: one for one in scenario["not_tested"]}
        self.assertRegex(told["two_lock_holders"]["why"], "^nobody was ever inside")
        self.assertEqual(told["dead_leader"], {
            "check": "dead_leader", "why": "nobody was elected",
            "sentence": "Not tested: dead_leader, since nobody was elected.",
        })  # fmt: skip
        check = json.loads(self.report("check", "--format", "json", self.folder()))
        self.assertEqual(check["histories"][0]["checks"], trial["checks"])
        self.assertEqual(check["scenarios"][0]["not_tested"], scenario["not_tested"])

    def test_json_says_held_of_what_held(self):
        (scenario,) = json.loads(self.run_as("json", "leader-cut-off.yaml"))["scenarios"]
        endings = {check["check"]: check for check in scenario["trials"][0]["checks"]}
        self.assertEqual(endings["two_leaders"],
                         {"check": "two_leaders", "ending": "held", "why": None})

    def test_junit_skips_what_could_not_fire(self):
        (suite,) = ElementTree.fromstring(self.run_as("junit", "all-dead.yaml"))
        green = [case.get("name") for case in suite.iter("testcase") if len(case) == 0]
        self.assertEqual(green, ["trials: all ran"])
        (case,) = suite.findall("testcase[@name='starvation: never']")
        self.assertEqual(case.find("skipped").get("message"),
                         "the trial lasted no longer than lock_within")

    def test_tap_skips_what_could_not_fire(self):
        lines = self.run_as("tap", "all-dead.yaml").splitlines()
        words = " - all-dead: starvation never # SKIP the trial lasted no longer than lock_within"
        self.assertTrue(any(line.startswith("ok ") and line.endswith(words) for line in lines))
        self.assertEqual([line for line in lines[2:] if "SKIP" not in line],
                         ["ok 1 - all-dead: trials all ran"])


if __name__ == "__main__":
    unittest.main()
