#!/usr/bin/python3
"""`hustings report` without a browser: its data are valid and say what the results folder says,
nothing that a stranger wrote becomes HTML, the page is small, several folders make one page, and
whatever is missing, killed or full is told in a line, and leaves nothing half."""
import collections
import csv
import glob
import html.parser
import json
import os
import pathlib
import re
import resource
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


class Truth(Reports):
    def test_it_says_what_the_tables_say(self):
        folder = self.run_on_model(PAUSED, trials=3)
        page = self.page(folder)
        (run,) = page.runs
        for key, name in (("elections", "elections"), ("violations", "violations"),
                          ("trialRows", "trials")):  # fmt: skip
            shown, rows = run[key], table(folder, name)
            self.assertEqual((shown["total"], shown["step"]), (len(rows), 1))
            for told, row in zip(shown["rows"], rows, strict=True):
                for column, cell in zip(shown["columns"], told, strict=True):
                    number = cell is not None and not isinstance(cell, str)
                    self.assertEqual("" if cell is None else cell,
                                     float(row[column]) if number else row[column])  # fmt: skip
        facts = json.loads((folder / "run.json").read_text())["scenarios"][0]
        points = facts["summary"]["points"]
        self.assertEqual([(one["what"], one["expected"], one["got"], one["ends"])
                          for one in run["expectations"]],
                         [(one["name"], one["expected"], one["seen"], one["ending"])
                          for one in points])  # fmt: skip
        self.assertEqual(run["verdict"], "passed")
        self.assertIn("held in 3 trials", run["sentence"])
        self.assertEqual(run["command"], facts["reproduce"])
        self.assertEqual(run["yaml"], (folder / "scenario.yaml").read_text())

    def test_histories_say_what_they_say(self):
        folder = self.run_on_model(PAUSED, trials=2)
        page = self.page(folder)
        self.assertEqual([one["trial"] for one in page.histories], [1, 2])
        for history in page.histories:
            lines = (folder / f"history/trial-000{history['trial']}.jsonl").read_text().split("\n")
            events = [json.loads(line) for line in lines[1:] if line]
            columns = history["events"]
            self.assertTrue(all(len(column) == len(events) for column in columns.values()))
            at = 0
            for i, event in enumerate(events):
                at += columns["t"][i]
                self.assertEqual(at, int(event["t_ns"]))
                self.assertEqual(history["kinds"][columns["kind"][i]], event["event"])
                pair = columns["pair"][i]
                if event["event"] == "reply":
                    self.assertEqual((events[pair]["number"], events[pair]["process"]),
                                     (event["number"], event["process"]))  # fmt: skip
                    self.assertEqual(columns["pair"][pair], i)
            trial = str(history["trial"])
            rows = [row for row in table(folder, "violations") if row["trial"] == trial]
            self.assertEqual([one["text"] for one in history["violations"]],
                             [row["explanation"] for row in rows])  # fmt: skip
            for broken in history["violations"]:
                names = [history["members"][place]["name"] for place in broken["members"]]
                self.assertTrue(all(name in broken["text"] for name in names), broken)
            (pause, resume) = history["faults"]
            self.assertEqual(history["members"][pause["members"][0]]["id"], 2)
            self.assertEqual(events[pause["until"]]["event"], "resumed")
            self.assertEqual(resume["until"], -1)
            ran_out = [one for one in history["locks"] if one[5] == "ran out"]
            self.assertEqual([history["members"][one[1]]["id"] for one in ran_out], [2])

    def test_the_story_leads_to_its_moments(self):
        for history in self.page(self.run_on_model(PAUSED)).histories:
            count = len(history["events"]["t"])
            story = history["story"]
            self.assertEqual([line["at"] for line in story], sorted(line["at"] for line in story))
            self.assertTrue(all(0 <= line["event"] < count for line in story))
            self.assertTrue(any("is paused in its critical section" in line["text"]
                                for line in story))  # fmt: skip
            broken = {line["violation"] for line in story} - {-1}
            self.assertTrue(broken and max(broken) < len(history["violations"]))
            for place in broken:
                (line,) = [one for one in story if one["violation"] == place]
                self.assertIn(history["violations"][place]["check"], line["text"])
            self.assertGreaterEqual(history["storyLeftOut"], 0)

    def test_what_failed_is_told_first_and_in_a_sentence(self):
        (run,) = self.page(self.fails()).runs
        self.assertEqual(run["verdict"], "failed")
        self.assertTrue(run["sentence"].startswith("1 expectation did not hold: dead_leader: "))
        self.assertEqual([one["what"] for one in run["expectations"] if one["ends"] == "broken"],
                         ["dead_leader"])  # fmt: skip

    def test_the_resource_is_a_server(self):
        folder = self.run_on_model(*glob.glob("scenarios/course/10-*.yaml"))
        history = self.page(folder).histories[0]
        self.assertEqual(history["servers"], ["the Redis", "the resource"])
        self.assertEqual(min(member["id"] for member in history["members"]), 1)
        texts = {server: set() for server in (0, 1)}
        for server, kind in zip(history["events"]["server"], history["events"]["kind"]):
            if history["kinds"][kind] == "request":
                texts[server].add(kind)
        self.assertTrue(texts[0] and texts[1])


class Choice(Reports):
    def test_few_are_those_that_were_not_as_expected_and_some_others(self):
        folder = self.fails(trials=30)
        page = self.page(folder)
        self.assertEqual([one["trial"] for one in page.histories], list(range(1, 21)))
        self.assertEqual(page.data["leftOut"]["histories"], 10)
        self.assertIn("20 in all", page.data["leftOut"]["why"])
        said = report(folder, "-o", self.place / "few.html").stdout
        self.assertIn("20 histories", said)
        self.assertIn("10 others are left out", said)

    def test_all_none_or_one(self):
        folder = self.fails(trials=21)
        for words, count in ((["--histories", "all"], 21), (["--histories", "none"], 0),
                             (["--trial", "21"], 1), (["--trial", "99"], 0)):  # fmt: skip
            report(folder, *words, "-o", self.place / "some.html")
            page = Page(self.place / "some.html")
            self.assertEqual((len(page.histories), page.data["leftOut"]["histories"]),
                             (count, 21 - count))  # fmt: skip

    def test_by_default_it_lies_in_the_first_folder(self):
        a, b = self.run_on_model(PAUSED, out="a"), self.fails(out="b")
        said = report(a, b).stdout
        self.assertTrue(said.startswith(f"{a}/report.html: 2 scenarios"), said)
        page = Page(a / "report.html")
        self.assertEqual([run["scenario"] for run in page.runs], ["paused-holder", "it-fails"])
        for run, index in zip(page.runs, range(2)):
            self.assertTrue(all(page.histories[i]["run"] == index for i in run["histories"]))

    def test_several_scenarios_of_a_folder_and_one_of_them_twice(self):
        first = "scenarios/course/01-first-election.yaml"
        folder = self.run_on_model(PAUSED, first, PAUSED, trials=2)
        page = self.page(folder)
        self.assertEqual([run["scenario"] for run in page.runs],
                         ["paused-holder", "first-election", "paused-holder"])  # fmt: skip
        self.assertEqual(len(page.histories), 6)
        for run in page.runs:
            self.assertEqual([row[0] for row in run["trialRows"]["rows"]], [1, 2])
            elections = run["elections"]
            self.assertEqual(elections["total"], len(elections["rows"]))
            self.assertEqual({row[0] for row in elections["rows"]}, {1, 2})
        self.assertEqual(page.runs[0]["violations"]["rows"], page.runs[2]["violations"]["rows"])
        self.assertEqual(page.runs[1]["violations"]["rows"], [])


class Size(Reports):
    def test_without_histories_a_page_is_below_one_and_a_half_megabytes(self):
        folder = self.run_on_model(PAUSED, trials=6000, histories="none")
        page = self.page(folder)
        self.assertLess(page.size, 1_500_000)
        (run,) = page.runs
        shown = run["elections"]
        self.assertEqual(shown["total"], len(table(folder, "elections")))
        trials = collections.Counter(row["trial"] for row in table(folder, "elections"))
        place = shown["columns"].index("trial")
        got = collections.Counter(str(row[place]) for row in shown["rows"])
        self.assertEqual(got, {trial: count for trial, count in trials.items()
                               if (int(trial) - 1) % shown["step"] == 0})  # fmt: skip
        self.assertGreater(shown["step"], 1)
        self.assertEqual(run["trialRows"]["total"], 6000)
        self.assertLess(len(run["violations"]["rows"]), run["violations"]["total"])
        self.assertGreater(len(run["violations"]["rows"]), 300)

    def test_nothing_comes_from_elsewhere(self):
        page = self.page(self.run_on_model(PAUSED))
        self.assertEqual([link for link in page.links if not re.match(r"#|data:,$", link)], [])
        self.assertNotIn("link rel=stylesheet", page.elements)


class Strangers(Reports):
    def test_nothing_that_a_stranger_wrote_becomes_html(self):
        plain = self.page(self.fails(out="plain"))
        hostile = self.page(self.fails(about=MARK, out="hostile"))
        self.assertEqual(hostile.elements, plain.elements)
        self.assertNotIn("<", hostile.raw)
        self.assertEqual(hostile.runs[0]["about"], MARK)
        self.assertIn(MARK, hostile.runs[0]["yaml"])

    def test_scripts_know_no_way_to_make_html_of_text(self):
        ways = r"innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\.write|" \
               r"\beval\(|new Function|\.html\(|DOMParser|srcdoc|javascript:"  # fmt: skip
        for path in pathlib.Path("sim/report/page").glob("*.js"):
            self.assertIsNone(re.search(ways, path.read_text(encoding="utf-8")), path)

    def test_nor_do_words_of_a_history_or_a_table(self):
        folder = self.fails(out="edited")
        for path in (folder / "history/trial-0001.jsonl", folder / "violations.csv"):
            text = path.read_text()
            edited = text.replace("crash leader", f"crash {MARK}").replace("was elected", MARK)
            self.assertNotEqual(edited, text, path)
            path.write_text(edited)
        page = self.page(folder)
        self.assertNotIn("<", page.raw)
        self.assertEqual(page.elements, self.page(self.fails()).elements)
        self.assertTrue(any(MARK in text for text in page.data["texts"]))
        self.assertIn(MARK, page.runs[0]["violations"]["rows"][0][-1])


class World(Reports):
    def test_a_run_that_was_killed_is_undecided(self):
        folder = self.run_on_model(PAUSED, trials=3)
        facts = json.loads((folder / "run.json").read_text())
        facts["scenarios"][0].update(summary=None, finished_at=None)
        (folder / "run.json").write_text(json.dumps(facts))
        text = (folder / "trials.csv").read_text()
        (folder / "trials.csv").write_text("\n".join(text.split("\n")[:3])[:-300])
        page = self.page(folder)
        (run,) = page.runs
        self.assertEqual((run["verdict"], run["trials"], run["planned"]), ("undecided", 1, 3))
        self.assertIn("Only 1 of 3 trials ran", run["sentence"])
        self.assertEqual({one["ends"] for one in run["expectations"]}, {"undecided", "untested"})
        self.assertIn("only 1 of 3 trials were judged", run["expectations"][0]["why"])
        self.assertEqual([one["trial"] for one in page.histories], [1])

    def test_a_killed_run_that_failed_has_failed(self):
        folder = self.fails(trials=3)
        facts = json.loads((folder / "run.json").read_text())
        facts["scenarios"][0].update(summary=None)
        (folder / "run.json").write_text(json.dumps(facts))
        text = (folder / "trials.csv").read_text()
        (folder / "trials.csv").write_text("\n".join(text.split("\n")[:2]) + "\n")
        self.assertEqual(self.page(folder).runs[0]["verdict"], "failed")

    def test_without_histories_the_page_has_the_rest(self):
        folder = self.run_on_model(PAUSED, trials=3)
        shutil.rmtree(folder / "history")
        page = self.page(folder)
        self.assertEqual(page.histories, [])
        self.assertEqual((page.runs[0]["verdict"], page.runs[0]["kept"]), ("passed", 0))

    def test_a_history_that_was_cut_off_is_undecided(self):
        folder = self.run_on_model(PAUSED, trials=1)
        path = folder / "history/trial-0001.jsonl"
        path.write_text(path.read_text()[:6000])
        history = self.page(folder).histories[0]
        self.assertEqual(history["verdict"], "undecided")
        self.assertTrue(history["undecided"])

    def test_what_is_no_results_folder_is_told(self):
        for path, words in ((self.place, "no results folder"), (self.place / "x", "No such file"),
                            (PAUSED, "Not a directory")):  # fmt: skip
            said = report(path, "-o", self.place / "page.html", expected=3)
            self.assertIn(words, said.stderr)
            self.assertTrue(said.stderr.startswith(f"hustings report: {path}"), said.stderr)
            self.assertFalse((self.place / "page.html").exists())
        self.assertIn("report results/latest", report(expected=2).stderr)

    def test_a_full_disk_leaves_nothing_half(self):
        folder = self.run_on_model(PAUSED)
        place = self.place / "small"
        place.mkdir()
        target = place / "page.html"
        for before in (None, "what was there"):
            if before:
                target.write_text(before)
            said = report(folder, "-o", target, expected=3, preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_FSIZE, (100_000, 100_000)))  # fmt: skip
            self.assertIn("File too large", said.stderr)
            self.assertEqual([path.name for path in place.iterdir()], ["page.html"] * bool(before))
            self.assertEqual(target.read_text() if before else None, before)
        self.assertIn("No space left", report(folder, "-o", "/dev/full", expected=3).stderr)

    def test_where_it_cannot_write_it_says_so(self):
        folder = self.run_on_model(PAUSED)
        said = report(folder, "-o", self.place / "no/such/page.html", expected=3).stderr
        self.assertIn("name another file with -o", said)
        said = report(folder, "-o", self.place, expected=3).stderr
        self.assertIn(f"-o {self.place}/report.html", said)

    def test_onto_standard_output(self):
        folder = self.run_on_model(PAUSED)
        self.assertTrue(report(folder, "-o", "-").stdout.rstrip().endswith("</html>"))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


class Colours(unittest.TestCase):
    """By the rules of WCAG, AA: text by 4.5 : 1, shapes by 3 : 1, in light, dark and print."""

    def test_they_can_be_told_from_their_ground(self):
        style = pathlib.Path("sim/report/page/style.css").read_text(encoding="utf-8")
        schemes = re.findall(r":root \{(.*?)\}", style, re.S)
        self.assertEqual(len(schemes), 3)
        for scheme in schemes:
            colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", scheme))
            for text in ("ink", "muted", "accent", "pass", "violation", "undecided", "lock"):
                for ground in ("paper", "panel", "selected"):
                    told = contrast(colours[text], colours[ground])
                    self.assertGreaterEqual(told, 4.5, (text, ground, scheme))
            for shape in ("prepare", "submit", "leads", "section", "lock", "paused", "dead", "cut",
                          "fault", "violation"):  # fmt: skip
                told = contrast(colours[shape], colours["paper"])
                self.assertGreaterEqual(told, 3, (shape, scheme))


class WithoutD3(unittest.TestCase):
    def test_it_names_the_package(self):
        program = BUILD / "tests/hustings_without_d3"
        done = subprocess.run([program, "report", "results/latest"], capture_output=True, text=True,
                              timeout=20, check=False)  # fmt: skip
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("install the package node-d3", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
