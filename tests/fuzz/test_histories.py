"""The seeds of the history fuzzer are histories as hustings writes them now, and have every kind of
event, several protocols and locks, several servers and work; and so has what makes them anew."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
HERE = pathlib.Path(__file__).resolve().parent
NAMES = pathlib.Path("sim/history/names.c")


class Seeds(unittest.TestCase):
    def assert_good(self, folder):
        paths = sorted(pathlib.Path(folder).glob("*.jsonl"))
        done = subprocess.run([HUSTINGS, "check", *paths], capture_output=True, text=True,
                              timeout=50, check=False)  # fmt: skip
        self.assertEqual((done.returncode, done.stderr), (1, ""), done.stdout)
        found, heads = set(), []
        for path in paths:
            lines = path.read_text("utf-8").splitlines()
            heads.append(json.loads(lines[0]))
            found |= {json.loads(line)["event"] for line in lines[1:]}
        kinds = re.search(r"kind_names.*?;", NAMES.read_text("utf-8"), re.S)[0]
        self.assertEqual(found, set(re.findall(r'"(\w+)"', kinds)))
        self.assertLessEqual({"article", "lease"}, {head["protocol"]["name"] for head in heads})
        self.assertLessEqual({"none", "setnx", "token", "redlock", "record"},
                             {head["lock"]["name"] for head in heads})  # fmt: skip
        self.assertGreater(max(head["servers"] for head in heads), 2)
        self.assertTrue(any(head.get("fencing") and "work_every_ns" in head for head in heads))

    def test_those_that_are_kept(self):
        self.assert_good(HERE / "histories")

    def test_those_that_are_made_anew(self):
        with tempfile.TemporaryDirectory(prefix="hustings-fuzz-") as folder:
            made = subprocess.run([HERE / "make_histories", folder], capture_output=True, text=True,
                                  timeout=50, check=False)  # fmt: skip
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assert_good(folder)


if __name__ == "__main__":
    unittest.main()
