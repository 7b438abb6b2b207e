"""Whatever foreign text holds, no output of hustings moves the cursor, turns a line around or
forges a line of ours: names of files, a history's head and words, names in CSVs, a scenario's
lines, options."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")

FORGED = "ok: no promise was broken"
# Escapes, a title, a bell, C1, a forged line, an override, no width, a line separator.
HOSTILE = f"a\x1b[2J\x1b]0;t\x07\x9b31m\n{FORGED}\r\x7f\u202eb\u200b\u2066c\u2028d"
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

SCENARIO = """name: small
nodes: 2
duration: 100ms
expect:
  verdicts: {ok: never}
  settles_within: 200ms
"""


class ForeignText(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="hustings-foreign-")
        self.addCleanup(shutil.rmtree, self.place)

    def file(self, name, text):
        path = f"{self.place}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        pathlib.Path(path).write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def said(self, *arguments):
        """All that a call prints, which must be clean text in lines that are ours."""
        done = subprocess.run([HUSTINGS, *arguments], capture_output=True, timeout=50, check=False,
                              cwd=self.place)  # fmt: skip
        self.assertIn(done.returncode, (0, 1, 2, 3, 4), done)
        for stream in (done.stdout, done.stderr):
            text = stream.decode("utf-8")  # it must be UTF-8 at all
            self.assertIsNone(BAD.search(text), (arguments, text))
            for line in text.split("\n"):
                self.assertFalse(line.startswith(FORGED), (arguments, text))
        self.assertTrue(done.stdout or done.stderr)
        return done.stdout.decode()

    def test_names_of_files_that_are_not_there(self):
        for verb in ("run", "check", "lint", "compare", "calibrate"):
            self.said(verb, HOSTILE, HOSTILE)
            self.said(verb, "no\udcff", "no\udcfe")
        for verb in ("check", "lint", "compare", "list", "run"):
            self.said(verb, "--format", HOSTILE, HOSTILE)
        self.said("list", HOSTILE)
        self.said(HOSTILE)
        self.said("node", "--id", HOSTILE)
        self.said("node", "--id", "1", "--redis", HOSTILE)
        self.said("run", "--trials", HOSTILE, "x")

    def test_a_run_in_every_format(self):
        path = self.file(f"{HOSTILE}.yaml", SCENARIO)
        for form in ("text", "json", "junit", "tap"):
            said = self.said("run", "--on", "model", "--format", form, path)
            if form == "json":
                json.loads(said)
            elif form == "junit":
                xml.etree.ElementTree.fromstring(said)
        for table in pathlib.Path(f"{self.place}/results/latest").glob("*.csv"):
            text = table.read_bytes().decode()
            self.assertIsNone(BAD.search(text.replace("\r\n", "\n")), table)
        json.loads(pathlib.Path(f"{self.place}/results/latest/run.json").read_text("utf-8"))

    def test_lines_of_a_scenario(self):
        for line in (f'about: "{HOSTILE}"', "nodes: \u202e5", "nödes\u202e: \u20285",
                     'x: "\\e[2J"'):  # fmt: skip
            path = self.file("s.yaml", SCENARIO + line + "\n")
            self.said("lint", path)
            json.loads(self.said("lint", "--format", "json", path))
            self.said("run", path)
        self.said("lint", self.file("bytes.yaml", b"name: a\xff\xfe\x1b[2J\n"))

    def test_a_history(self):
        self.said("run", "--on", "model", self.file("s.yaml", SCENARIO))
        path = f"{self.place}/results/latest/history/trial-0001.jsonl"
        lines = [json.loads(line) for line in pathlib.Path(path).read_text("utf-8").splitlines()]
        lines[0].update(scenario=HOSTILE[:30] + "\u202e", host="h\x1b[1m\n")
        lines[-3:-3] = [dict(lines[-3], event="undecided", process="harness", why=HOSTILE)]
        for number, line in enumerate(lines[1:]):
            line["i"] = number
            if "why" in line:
                line["why"] = HOSTILE
        hostile = "".join(json.dumps(line) + "\n" for line in lines)
        for name in ("h.jsonl", f"{HOSTILE}/history/trial-0001.jsonl"):
            path = self.file(name, hostile)
            self.said("check", path)
            json.loads(self.said("check", "--format", "json", path))
        self.file(f"{HOSTILE}/scenario.yaml", SCENARIO)
        self.said("check", f"{self.place}/{HOSTILE}")
        for field in ("lock", "protocol"):
            lines[0][field] = HOSTILE
            self.said("check", self.file("l.jsonl", json.dumps(lines[0]) + "\n"))

    def test_names_in_tables(self):
        name = '"' + HOSTILE.replace("\r", "") + '"'
        for folder in ("a", "b"):
            self.file(f"{folder}/trials.csv", f"scenario,host,trial\r\n{name},{name},1\r\n"
                                              "=1+1,model,1\r\n")  # fmt: skip
            self.file(f"{folder}/elections.csv",
                      "scenario,trial,nth,cause,published_ms,elected,verdict,elect_ms,settle_ms\r\n"
                      f"{name},1,1,{name},1.000,{name},{name},1.000,1.000\r\n")  # fmt: skip
            self.file(f"{folder}/violations.csv", f"scenario,trial,check\r\n{name},1,{name}\r\n")
        self.said("compare", "a", "b")
        json.loads(self.said("compare", "--format", "json", "a", "b"))
        self.file("a/trials.csv", f"{HOSTILE},x\r\n1,2\r\n")
        self.said("compare", "a", "b")


if __name__ == "__main__":
    unittest.main(verbosity=2)
