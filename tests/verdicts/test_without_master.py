"""A protocol without a master, on both hosts."""
# ctest-timeout: 120
import glob
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from test_verdicts import Verdicts  # noqa: E402


class WithoutMaster(Verdicts):
    """The lease has no master: no host has a process for one, nothing waits for it, and no word on
    the screen is the article's."""

    TEXT = (
        "name: nodes-alone\nnodes: 3\nduration: 4s\n"
        "protocol: {lease: {duration: 600ms, renew_deadline: 400ms, retry: 50ms}}\n"
        "faults: [{at: 1s, crash: leader}, {at: 2s, crash: others, for: 500ms}]\n"
        "expect: {settles_within: 5s}\n"
    )

    def history_of(self):
        """The history of the newest run."""
        (path,) = glob.glob(self.folder() + "/history/*.jsonl")
        return pathlib.Path(path)

    def runs_without(self, host):
        path = pathlib.Path(self.place) / "scenario.yaml"
        path.write_text(self.TEXT)
        code, text = self.run_scenario(path, host, "--trials", "1", "--histories", "all")
        self.assertEqual(code, 0, text)
        self.assertIn("3 nodes elect a leader,", text)
        self.assertIn("# at cause elected elect ms settle ms verdict", text)
        again = self.check_again()
        self.assertEqual(again[0], 0, again[1])
        for printed in (text, again[1]):
            self.assertNotRegex(printed, r"\b(master|prepare|submit|article|rule)\b")
        lines = self.history_of().read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines[1:]]
        self.assertEqual({event["process"] for event in events}, {1, 2, 3, "harness"})
        born = [event["process"] for event in events if event["event"] == "born"]
        self.assertEqual(sorted(born[:3]), [1, 2, 3])
        self.assertGreater(len(born), 3)  # those that came back

    def test_on_the_model(self):
        self.runs_without("model")

    def test_on_processes(self):
        self.runs_without("processes")

    def test_chaos_does_not_count_it_as_down(self):
        text = self.TEXT.replace("{at: 1s, crash: leader}, {at: 2s, crash: others, for: 500ms}",
            "{randomly: {mean: 100ms, at_most_down: 1}, crash: any, for: 100ms}")  # fmt: skip
        path = pathlib.Path(self.place) / "scenario.yaml"
        path.write_text(text)
        self.run_scenario(path, "model", "--trials", "1", "--histories", "all")
        self.assertIn('"died"', self.history_of().read_text(encoding="utf-8"))

    def test_a_history_in_which_a_master_acts_is_refused(self):
        path = pathlib.Path(self.place) / "scenario.yaml"
        path.write_text(self.TEXT)
        self.run_scenario(path, "model", "--trials", "1", "--histories", "all")
        path = self.history_of()
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('"process":1,', '"process":"master",', 1), encoding="utf-8")
        code, text = self.check_again()
        self.assertEqual(code, 3, text)
        self.assertIn('"process" is "master", but the protocol lease has none', text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
