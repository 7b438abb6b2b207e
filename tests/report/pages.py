"""What the tests of reports share: runs on the model, pages, and what a browser makes of them."""
import csv
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")
BUILD = pathlib.Path(os.environ.get("HUSTINGS_BUILD", "build"))
DATA = re.compile(r'<script id="data" type="application/json">(.*?)</script>', re.S)
PAUSED = "scenarios/catalogue/paused-holder.yaml"
MARK = "</script><img src=x onerror=alert(1)><!--"

# A leader that dies and stays elected, which is expected never: it fails.
FAILS = """
name: it-fails
about: {about}
nodes: 3
trials: {trials}
duration: 2s
# {about}
faults:
  - {{at: 1s, crash: leader}}
expect:
  checks: {{dead_leader: never}}
"""


def report(*arguments, expected=0, **more):
    done = subprocess.run([HUSTINGS, "report", *map(str, arguments)], capture_output=True,
                          text=True, timeout=60, check=False, **more)  # fmt: skip
    if done.returncode != expected:
        raise AssertionError(f"exit {done.returncode}: {done.stdout}{done.stderr}")
    return done


def table(folder, name):
    with open(f"{folder}/{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Page(html.parser.HTMLParser):
    """What a browser makes of the file: its elements, its data."""

    def __init__(self, path):
        super().__init__()
        text = pathlib.Path(path).read_text(encoding="utf-8")
        self.size = len(text.encode())
        self.elements, self.links = [], []
        self.feed(text)
        (self.raw,) = DATA.findall(text)
        self.data = json.loads(self.raw)
        self.runs, self.histories = self.data["runs"], self.data["histories"]

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]


class Reports(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="hustings-report-"))
        self.addCleanup(shutil.rmtree, self.place)
        if "page_has_d3 = true" not in (BUILD / "generated/report_page.c").read_text():
            self.skipTest("hustings was built without d3 (node-d3)")

    def run_on_model(self, *scenarios, expected=0, out="out", **options):
        words = [f"--{name}={value}" for name, value in options.items()]
        done = subprocess.run([HUSTINGS, "run", "--on", "model", "--out", self.place / out,
                               "--seed", "7", *words, *scenarios], capture_output=True,
                              timeout=60, check=False)  # fmt: skip
        self.assertEqual(done.returncode, expected, done)
        return (self.place / out / "latest").resolve()

    def fails(self, trials=2, about="It dies.", **options):
        path = self.place / "it-fails.yaml"
        path.write_text(FAILS.format(trials=trials, about=json.dumps(about)), encoding="utf-8")
        return self.run_on_model(path, expected=1, **options)

    def page(self, *folders):
        path = self.place / "page.html"
        report(*folders, "--out", path)
        return Page(path)
