"""What CI reads of a run that fails: its cases have the same names in every run, and the history in
which the failure is seen as their attachment. JUnit is read by junitparser, TAP by Perl's
TAP::Parser and its YAML reader, none of which is ours."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")

# In the first trial nothing is broken yet; in all trials together two things are.
FAILS = """\
name: fails
nodes: 3
duration: 600ms
starts: {all: {within: 50ms}}
protocol: {article: {poll: 20ms}}
lock: {token: {retry: 10ms}}
faults: [{at: 300ms, crash: leader}]
heal: false
expect:
  checks: {dead_leader: never, starvation: allowed, disagreement: allowed, no_leader: allowed}
  elect_ms: {p50: 1}
  verdicts: {ok: always}
"""

# Prints of each case: its name, and of its diagnostics the path of the history.
READ_TAP = r"""
use TAP::Parser;
my $parser = TAP::Parser->new({tap => join("", <STDIN>)});
while (my $result = $parser->next) {
    print "case ", $result->description, "\n" if $result->is_test;
    print "history ", $result->data->{history}, "\n"
        if $result->is_yaml && exists $result->data->{history};
}
print "problem $_\n" for $parser->parse_errors;
"""


class Ci(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-ci-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.path = self.place / "fails.yaml"
        self.path.write_text(FAILS, encoding="utf-8")

    def report(self, form, *options, out="out", code=1):
        done = subprocess.run(
            [HUSTINGS, "run", "--on", "model", "--format", form, "--out", self.place / out,
             *options, self.path],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def is_history(self, path):
        with open(path, encoding="utf-8") as file:
            head = json.loads(file.readline())
        self.assertEqual((head["hustings"], head["scenario"]), ("history", "fails"))

    def junit(self, *options, **keywords):
        try:
            import junitparser  # pylint: disable=import-outside-toplevel
        except ImportError:
            self.skipTest("junitparser is not there")
        (suite,) = junitparser.JUnitXml.fromstring(
            self.report("junit", *options, **keywords).encode())
        return list(suite)

    def tap(self, *options, **keywords):
        if not shutil.which("prove"):
            self.skipTest("perl's TAP::Parser is not there")
        text = self.report("tap", *options, **keywords)
        done = subprocess.run(["perl", "-e", READ_TAP], input=text, capture_output=True, text=True,
                              timeout=60, check=True)
        return [tuple(line.split(" ", 1)) for line in done.stdout.splitlines()]

    def test_junit_attaches_the_history(self):
        (case,) = [case for case in self.junit() if case.name.startswith("dead_leader")]
        self.assertEqual(len(case.result), 1)
        text = case.system_out.strip()
        self.assertTrue(text.startswith("[[ATTACHMENT|") and text.endswith("]]"), text)
        self.is_history(text[len("[[ATTACHMENT|"):-2])
        properties = {one.get("name"): one.get("value") for one in case._elem.iter("property")}
        self.assertEqual(properties, {"history": text[len("[[ATTACHMENT|"):-2]})

    def test_tap_names_the_history(self):
        lines = self.tap()
        self.assertEqual([line for line in lines if line[0] == "problem"], [])
        paths = [path for kind, path in lines if kind == "history"]
        self.assertTrue(paths)
        for path in paths:
            self.is_history(path)

    def test_json_has_it_too(self):
        (scenario,) = json.loads(self.report("json"))["scenarios"]
        (point,) = [one for one in scenario["expectations"] if one["name"] == "dead_leader"]
        self.is_history(point["history"])

    def test_what_was_not_kept_is_not_attached(self):
        text = self.report("junit", "--histories", "none")
        self.assertNotIn("ATTACHMENT", text)
        (scenario,) = json.loads(self.report("json", "--histories", "none"))["scenarios"]
        self.assertEqual({one["history"] for one in scenario["expectations"] if "history" in one},
                         {None})

    def test_names_stay_the_same(self):
        ways = ((), ("--seed", "77"), ("--trials", "9"))
        junit = [[(case.classname, case.name) for case in self.junit(*way, out=f"junit{nth}")]
                 for nth, way in enumerate(ways)]
        self.assertEqual(junit[0], junit[1])
        self.assertEqual(junit[0], junit[2])
        tap = [[name for kind, name in self.tap(*way, out=f"tap{nth}") if kind == "case"]
               for nth, way in enumerate(ways)]
        self.assertEqual(tap[0], tap[1])
        self.assertEqual(tap[0], tap[2])
        self.assertEqual(len(tap[0]), len(junit[0]))


if __name__ == "__main__":
    unittest.main()
