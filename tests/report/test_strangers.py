#!/usr/bin/python3
"""`hustings report` where things are not as they should be: nothing that a stranger wrote becomes
HTML, and whatever is missing, killed or full is told in a line, and leaves nothing half. And the
page's colours."""
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from pages import BUILD, MARK, PAUSED, Reports, report  # noqa: E402


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
        (folder / "trials.csv").write_text("\n".join(text.split("\n")[:3])[:-30])
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

    def test_what_a_run_left_is_not_written_over(self):
        folder = self.fails()
        (self.place / "link").symlink_to(folder / "violations.csv")
        os.link(folder / "run.json", self.place / "hard")
        targets = ["elections.csv", "run.json", "scenario.yaml", "load.sqlite.sql",
                   "datapackage.json", "history/trial-0001.jsonl", self.place / "link",
                   self.place / "hard"]  # fmt: skip
        for target in targets:
            before = (folder / target).read_bytes()
            said = report(folder, "-o", folder / target, expected=3).stderr
            self.assertIn("the run left this file in", said)
            self.assertEqual((folder / target).read_bytes(), before)
        other = self.run_on_model(PAUSED, out="other")
        report(folder, other, "-o", other / "trials.csv", expected=3)
        for _ in range(2):
            report(folder, "-o", folder / "mine.html")
            report(folder)

    def test_through_a_link(self):
        folder = self.run_on_model(PAUSED)
        (self.place / "site").mkdir()
        for target in ("page.html", "new.html"):
            (self.place / "site/page.html").write_text("old")
            link = self.place / f"to-{target}"
            link.symlink_to(f"site/{target}")
            report(folder, "-o", link)
            self.assertTrue(link.is_symlink())
            self.assertGreater((self.place / "site" / target).stat().st_size, 100_000)

    def test_a_folder_that_is_named_twice(self):
        folder = self.run_on_model(PAUSED)
        for again in (folder, folder.parent / "latest", f"{folder}/"):
            said = report(folder, again, expected=2).stderr
            self.assertIn(f"{folder} and {again} are the same folder; name it once", said)
            self.assertFalse((folder / "report.html").exists())

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
        light, dark, paper = (dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", scheme))
                              for scheme in schemes)  # fmt: skip
        self.assertEqual(light.keys(), dark.keys())
        for colours in (light, dark, {**light, **paper}):
            scheme = colours["paper"]
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
