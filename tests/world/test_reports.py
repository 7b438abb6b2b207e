#!/usr/bin/python3
"""What a machine or a person reads of a run that did not run: no Redis, Ctrl-C, a scenario that was
refused, several scenarios. Never a success, and each scenario is mentioned. JUnit is read by
Python's XML parser, TAP by perl's TAP::Parser, which is prove's, and JSON by Python."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import in_time, until_judged  # noqa: E402
from support.stage import Worlds, children, read, wait_for  # noqa: E402

SHORT = {"duration": "1s"}
NOWHERE = "redis://127.0.0.1:1"
FORMATS = ("json", "junit", "tap")

# Prints what TAP::Parser makes of a document: passed failed skipped planned, problems, the reason.
READ_TAP = r"""
use TAP::Parser;
my $parser = TAP::Parser->new({tap => join("", <STDIN>)});
my $why = "";
while (my $result = $parser->next) { $why = $result->explanation if $result->is_bailout; }
printf("%d %d %d %s\n%s\n%s\n", scalar $parser->actual_passed, scalar $parser->failed,
    scalar $parser->skipped, $parser->tests_planned // "none", join("; ", $parser->parse_errors),
    $why);
"""


class Read:
    """A document as its consumers see it: how many cases passed, failed, are errors or skipped."""

    def __init__(self, form, text):
        getattr(self, form)(text)
        self.total = self.passed + self.failed + self.errors + self.skipped

    def json(self, text):
        document = json.loads(text)
        self.scenarios = [one["scenario"] for one in document["scenarios"]]
        points = [p for one in document["scenarios"] for p in one["expectations"]]
        self.passed = sum(point["held"] is True for point in points)
        self.skipped = sum("skipped" in point for point in points)
        self.errors = sum("failure" in p and "repeat" not in p for p in points)
        self.failed = len(points) - self.passed - self.skipped - self.errors
        self.why, self.exit = document["error"], document["exit"]

    def junit(self, text):
        suites = list(ElementTree.fromstring(text))
        self.scenarios = [suite.get("name") for suite in suites]
        cases = [case for suite in suites for case in suite.findall("testcase")]
        self.failed = sum(case.find("failure") is not None for case in cases)
        self.errors = sum(case.find("error") is not None for case in cases)
        self.skipped = sum(case.find("skipped") is not None for case in cases)
        self.passed = len(cases) - self.failed - self.errors - self.skipped
        errors = [error for case in cases for error in case.findall("error")]
        self.why = errors[0].get("message") if errors else None

    def tap(self, text):
        names = re.findall(r"^(?:not )?ok \d+ - (.*?): ", text, re.MULTILINE)
        self.scenarios = list(dict.fromkeys(names))
        done = subprocess.run(
            ["perl", "-e", READ_TAP], input=text, capture_output=True, text=True, check=True
        )
        numbers, problems, self.why = done.stdout.split("\n")[:3]
        passed, not_ok, self.skipped, planned = map(int, numbers.split())
        assert problems == "" and planned == passed + not_ok, (done.stdout, text)
        self.passed = passed - self.skipped  # a skipped one is "ok" to it
        self.errors = len(re.findall(r"^  severity: ", text, re.MULTILINE))
        self.failed = not_ok - self.errors
        self.why = self.why or None


class Reports(Worlds):
    def setUp(self):
        super().setUp()
        self.first, self.second, self.third = (self.scenario(**SHORT) for _ in range(3))
        self.bad = f"{self.folder}/bad.yaml"
        bad = "name: bad\nnodes: many\nduration: 1s\nabout: Bad.\n"
        pathlib.Path(self.bad).write_text(bad, encoding="utf-8")

    def forms(self):
        for form in FORMATS:
            if form == "tap" and not shutil.which("prove"):
                print("skipped: TAP, without perl's TAP::Parser", file=sys.stderr)
                continue
            with self.subTest(form):
                yield form

    def run_them(self, form, *arguments, **options):
        return self.hustings("run", "--format", form, "--out", self.out, *arguments, **options)

    def read(self, form, run, code):
        self.assertEqual(run.returncode, code, run)
        reports = Read(form, run.stdout)
        if form == "json":
            self.assertEqual(reports.exit, code)
        return reports

    def checks(self):
        return json.loads(self.hustings("list", "--format", "json").stdout)["checks"]

    def untested(self, path):
        """The checks that a second in the model does not put to the test."""
        run = self.run_them("json", "--on", "model", path)
        return {one["check"] for one in json.loads(run.stdout)["scenarios"][0]["not_tested"]}

    def test_a_good_run(self):
        for form in self.forms():
            run = self.run_them(form, "--on", "model", self.first, self.second)
            reports = self.read(form, run, 0)
            self.assertEqual(reports.scenarios, ["story-1", "story-2"])
            # Each check, that all trials ran, and that it settled within the time.
            total = len(self.checks()) + 2
            untested = self.untested(self.first)
            self.assertLess({"stale_result", "disagreement", "starvation"}, untested)
            skipped = len(untested)
            found = (reports.passed, reports.skipped, reports.total, reports.why)
            self.assertEqual(found, (2 * (total - skipped), 2 * skipped, 2 * total, None),
                             run.stdout)

    def test_there_is_no_redis(self):
        for form in self.forms():
            run = self.run_them(form, "--redis", NOWHERE, self.first, self.second)
            reports = self.read(form, run, 3)
            self.assertEqual(reports.scenarios, ["story-1", "story-2"])
            found = (reports.passed, reports.failed, reports.errors)
            self.assertEqual(found, (0, 0, 1), run.stdout)
            self.assertGreater(reports.skipped, 10)
            self.assertIn("Connection refused", reports.why)

    def test_the_world_fails_in_the_second_scenario(self):
        """Its guardian is killed, without which nothing may run."""
        long = self.scenario(duration="30s", trials=2)

        def second_fails(form):
            shutil.rmtree(self.out, ignore_errors=True)
            run = self.start_hustings(
                "run", "--format", form, "--out", self.out, self.first, long, self.second
            )
            wait_for(lambda: b"story-4" in read(f"{self.out}/latest/run.json"), "the second runs")
            wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are up")
            os.kill(children(run.pid, "hustings-guard")[0].pid, signal.SIGKILL)
            ended = self.end(run)
            in_time(self.out)
            return ended

        for form in self.forms():
            ended = until_judged(lambda form=form: second_fails(form))
            reports = self.read(form, ended, 3)
            self.assertEqual(reports.scenarios, ["story-1", "story-4", "story-2"])
            found = (reports.passed, reports.failed, reports.errors)
            self.assertEqual(found, (8, 0, 1))
            self.assertGreater(reports.skipped, 20)
            self.assertIn("guardian", reports.why)

    def test_a_scenario_is_refused(self):
        for form in self.forms():
            run = self.run_them(form, self.first, self.bad)
            reports = self.read(form, run, 2)
            self.assertEqual(reports.scenarios, ["story-1", "bad.yaml"])
            found = (reports.passed, reports.failed, reports.errors)
            self.assertEqual(found, (0, 0, 1), run.stdout)
            self.assertGreater(reports.skipped, 10)
            self.assertIn("bad.yaml:2:8", reports.why)
            self.assertIn("bad.yaml:2:8", run.stderr)
            # So is one that this host, or this Redis, cannot be given.
            harm = self.scenario("faults: [{at: 100ms, crash: redis}]\n", **SHORT)
            run = self.run_them(form, "--redis", NOWHERE, harm, self.first)
            reports = self.read(form, run, 2)
            self.assertEqual((reports.passed, reports.errors), (0, 1), run.stdout)
            self.assertIn("would harm a Redis", reports.why)

    def test_ctrl_c_in_the_first_of_five_trials(self):
        long = self.scenario(duration="30s", trials=5)
        for form in self.forms():
            run = self.start_hustings("run", "--format", form, "--out", self.out, long, self.second)
            wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are up")
            run.send_signal(signal.SIGINT)
            reports = self.read(form, self.end(run), 130)
            self.assertEqual(reports.scenarios, ["story-4", "story-2"])
            self.assertEqual((reports.passed, reports.failed, reports.errors), (0, 0, 1), run)
            self.assertGreater(reports.skipped, 10)
            self.assertIn("interrupted", reports.why)

    def test_ctrl_c_in_the_second_of_three_scenarios(self):
        long = self.scenario(duration="30s", trials=5)

        def interrupted():
            shutil.rmtree(self.out, ignore_errors=True)
            run = self.start_hustings(
                "run", "--on", "processes", "--out", self.out, self.first, long, self.second
            )
            self.wait_for_rows(1)
            wait_for(lambda: len(children(run.pid, "hustings-node")) == 3, "the nodes are up")
            run.send_signal(signal.SIGINT)
            ended = self.end(run)
            in_time(self.out)
            return ended

        run = until_judged(interrupted)
        self.assertEqual(run.returncode, 130, run)
        self.assert_one_line(run.stderr, "interrupted", "1 of 3 scenarios were not begun")
        self.assertIn("\n3 scenarios: 1 ok, 1 stopped, 1 not begun\n", run.stdout)
        self.assertEqual(run.stdout.count("every expectation held"), 1)
        facts = json.loads(pathlib.Path(f"{self.out}/latest/run.json").read_text(encoding="utf-8"))
        summaries = [one["summary"]["expectations"] for one in facts["scenarios"]]
        self.assertEqual(summaries, ["held", "undecided"])

    def test_text_does_not_say_held_of_what_did_not_run(self):
        many = self.scenario(duration="300ms", trials=50)
        run = self.start_hustings("run", "--out", self.out, many)
        self.wait_for_rows(1)
        run.send_signal(signal.SIGINT)
        run = self.end(run)
        self.assertEqual(run.returncode, 130, run)
        self.assertNotIn("every expectation held", run.stdout)
        self.assertRegex(run.stdout, r"  stopped  only \d+ of 50 trials ran")


class Several(Worlds):
    """Of several scenarios, each failure names its own."""

    def run_two(self, *options):
        """The second fails: a dead leader, as in the lesson, but nobody expects it."""
        good = self.scenario(**SHORT)
        fails = self.scenario("faults: [{at: 900ms, crash: leader}]\n", duration="3s")
        run = self.hustings("run", "--on", "model", "--out", self.out, *options, good, fails)
        self.assertEqual(run.returncode, 1, run)
        return run

    def test_a_failure_cites_its_own_history(self):
        cited = re.findall(r"history/\S+\.jsonl", self.run_two().stdout)
        self.assertTrue(cited)
        for file in cited:
            history = read(f"{self.out}/latest/{file}").splitlines()
            self.assertEqual(json.loads(history[0])["scenario"], "story-2", file)

    def test_they_end_with_a_count(self):
        self.assertTrue(self.run_two().stdout.endswith("\n2 scenarios: 1 ok, 1 failed\n"))

    def test_quiet_names_the_scenario(self):
        lines = self.run_two("--quiet").stdout.splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith("  FAILED"))
        self.assertEqual(lines[at - 1], "story-2:")
        self.assertEqual(lines[-1], "2 scenarios: 1 ok, 1 failed")
        self.assertEqual(sum(line.startswith("  results") for line in lines), 1)


if __name__ == "__main__":
    unittest.main()
