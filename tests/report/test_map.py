#!/usr/bin/python3
"""`hustings report` of the folder of a matrix or a sweep: the page says what its table says, each
trial in it is the one that `hustings run` gives, and what cannot be had is told."""
import json
import os
import pathlib
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from pages import HUSTINGS, MARK, Page, Reports, report, table  # noqa: E402

CATALOGUE = "scenarios/catalogue"
# Two that break and hold by turns; and one that no lease can be told.
STORIES = [f"{CATALOGUE}/{name}.yaml" for name in
           ("leader-stalls", "crash-between-setnx-and-expire", "dead-submit-wins")]  # fmt: skip
AGAINST = "own,lease+token,lease+token+fencing"

# The leader stands still for longer than its lease, or not, by the seed.
PAUSES = """
name: pauses
about: {about}
nodes: 3
duration: 6s
protocol: {{lease: {{duration: 1200ms, renew_deadline: 900ms, retry: 200ms}}}}
work: {{every: 50ms}}
pauses: {{table: {pauses}, mean: 2s, who: leader}}
expect: {{checks: {{stale_write: sometimes}}}}
"""
TIMES = "100\n200\n300\n3000\n"


class Maps(Reports):
    def call(self, *words, codes=(0,), **more):
        done = subprocess.run([HUSTINGS, *map(str, words)], capture_output=True, text=True,
                              timeout=100, check=False, **more)  # fmt: skip
        self.assertIn(done.returncode, codes, done)
        return done

    def matrix(self, *words, into="matrix", trials=3):
        self.call("matrix", "--into", self.place / into, "--trials", trials, *words,
                  codes=(0, 1, 4))  # fmt: skip
        return self.place / into

    def pauses(self, about="Pauses."):
        (self.place / "pauses.txt").write_text(TIMES, encoding="utf-8")
        path = self.place / "pauses.yaml"
        path.write_text(PAUSES.format(about=json.dumps(about), pauses="pauses.txt"), "utf-8")
        return path

    def sweep(self, *words, into="sweep", trials=40):
        self.call("sweep", "--into", self.place / into, "--trials", trials, "--confirm", 0,
                  self.pauses(), *words)  # fmt: skip
        return self.place / into

    def rows(self, page):
        """Of each row of the page's table: its cells by name, as text; and its run, or None."""
        shown = page.data["map"]
        for cells, run in zip(shown["rows"], shown["runs"], strict=True):
            named = dict(zip(shown["columns"], cells, strict=True))
            yield named, page.runs[run] if run >= 0 else None

    def assert_is_run(self, page, run, trial):
        """The trial of a run of the page is that of the command that stands beside it."""
        (index,) = run["histories"]
        history = page.histories[index]
        self.assertEqual(history["trial"], trial)
        words = shlex.split(run["command"])
        again = self.place / "again"
        self.call(*words[1:], "--quiet", "--out", again, "--histories", "all", codes=(0, 1, 4))
        (path,) = (again / "latest/history").glob("*.jsonl")
        events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        self.assertEqual(len(history["events"]["t"]), len(events))
        at = 0
        for step, event in zip(history["events"]["t"], events, strict=True):
            at += step
            self.assertEqual(at, int(event["t_ns"]))
        rows = table(again / "latest", "violations")
        found = [(row["check"], row["explanation"]) for row in rows]
        self.assertEqual([(one["check"], one["text"]) for one in history["violations"]], found)
        return found


class Matrix(Maps):
    def test_it_says_what_the_table_says_and_shows_the_trials(self):
        folder = self.matrix("--against", AGAINST, *STORIES)
        said = report(folder).stdout
        page = Page(folder / "report.html")
        self.assertIn("report.html: a matrix of 9 cells, ", said)
        shown = page.data["map"]
        self.assertEqual((shown["kind"], shown["host"], shown["total"]), ("matrix", "model", 9))
        self.assertEqual(shown["differ"], 0)
        kinds = set()
        for (cells, run), row in zip(self.rows(page), table(folder, "matrix"), strict=True):
            for name, cell in cells.items():
                number = cell is not None and not isinstance(cell, str)
                self.assertEqual("" if cell is None else cell,
                                 float(row[name]) if number else row[name])  # fmt: skip
            kinds.add(row["cell"])
            self.assertEqual(run is None, row["trials"] == "0", row)
            if run is not None:
                self.assertEqual(run["yaml"], (folder / row["file"]).read_text(encoding="utf-8"))
                found = self.assert_is_run(page, run, int(row["first_trial"] or 1))
                if row["check"]:
                    self.assertIn(row["check"], [check for check, _ in found], row)
                    self.assertIn(row["why"], [text for _, text in found], row)
        self.assertEqual(kinds, {"breaks", "holds", "blocks", "does not apply"})

    def test_the_trial_is_the_first_that_broke(self):
        """Of 30 not the first one: --trials 30 of a story that breaks now and then."""
        folder = self.matrix("--against", "own", self.pauses(), trials=30)
        (row,) = table(folder, "matrix")
        self.assertEqual(row["cell"], "breaks")
        self.assertGreater(int(row["first_trial"]), 1, row)
        page = self.page(folder)
        ((_, run),) = self.rows(page)
        found = self.assert_is_run(page, run, int(row["first_trial"]))
        self.assertIn(row["why"], [text for _, text in found])

    def test_a_table_of_another_version_is_noticed(self):
        folder = self.matrix("--against", "own", STORIES[0])
        path = folder / "matrix.csv"
        text = path.read_text(encoding="utf-8").replace(",stale_write,", ",two_lock_holders,", 1)
        path.write_text(text, encoding="utf-8")
        self.assertEqual(self.page(folder).data["map"]["differ"], 1)

    def test_a_cell_whose_scenario_is_gone_is_told(self):
        folder = self.matrix("--against", "own", STORIES[0])
        (path,) = (folder / "cells").glob("*.yaml")
        path.unlink()
        page = self.page(folder)
        self.assertEqual(page.runs, [])
        self.assertEqual(page.data["leftOut"]["histories"], 1)
        self.assertIn(path.name, page.data["leftOut"]["why"])

    def test_a_strangers_folder_does_no_harm(self):
        """A pipe, a file elsewhere, a program: each is told, and nothing hangs or is started."""
        folder = self.matrix("--against", "own", STORIES[0])
        (path,) = (folder / "cells").glob("*.yaml")
        text = path.read_text(encoding="utf-8")
        table_text = (folder / "matrix.csv").read_text(encoding="utf-8")
        path.unlink()
        os.mkfifo(path)
        self.assertRegex(self.page(folder).data["leftOut"]["why"], "ordinary|pipe")
        path.unlink()
        marker = self.place / "started"
        path.write_text(f"{text}program: [touch, {marker}]\n", encoding="utf-8")
        self.assertIn("program", self.page(folder).data["leftOut"]["why"])
        self.assertFalse(marker.exists())
        elsewhere = self.place / "elsewhere.yaml"
        elsewhere.write_text(text, encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        for name in ("../elsewhere.yaml", str(elsewhere), "cells/../../elsewhere.yaml"):
            changed = table_text.replace(f"cells/{path.name},hus", f"{name},hus")
            self.assertNotEqual(changed, table_text)
            (folder / "matrix.csv").write_text(changed, encoding="utf-8")
            self.assertIn("no cell of the folder", self.page(folder).data["leftOut"]["why"])
        (folder / "plan.txt").unlink()
        os.mkfifo(folder / "plan.txt")
        report(folder, expected=3)

    def test_without_histories_it_is_small(self):
        folder = self.matrix("--against", AGAINST, *STORIES)
        report(folder, "--histories", "none", "-o", self.place / "none.html")
        page = Page(self.place / "none.html")
        self.assertEqual((page.runs, page.histories), ([], []))
        self.assertEqual(page.data["leftOut"]["why"], "none were asked for")
        self.assertLess(page.size, 700000)

    def test_part_of_a_matrix_is_a_page_of_that_part(self):
        folder = self.matrix("--against", "own", "--fail-fast", "--jobs", 1, *STORIES)
        count = len(table(folder, "matrix"))
        self.assertLess(count, 3)
        self.assertEqual(len(self.page(folder).data["map"]["rows"]), count)

    def test_texts_stay_texts(self):
        path = self.pauses(about=MARK)
        hostile = self.place / "hos<b>tile"
        hostile.mkdir()
        story = hostile / "story.yaml"
        text = path.read_text(encoding="utf-8").replace("pauses.txt", "../pauses.txt")
        story.write_text(text, encoding="utf-8")
        folder = self.matrix("--against", "own", hostile, into="in<img src=x>to")
        page = self.page(folder)
        self.assertNotIn("<", page.raw)
        self.assertNotIn("img", page.elements)
        self.assertEqual(page.runs[0]["about"], MARK)


class Sweep(Maps):
    def test_points_are_shown_with_a_trial_that_split(self):
        folder = self.sweep("--set", "pauses.mean=1s,4s", "--set",
                            "protocol.lease.duration=1s,9s")  # fmt: skip
        page = self.page(folder)
        shown = page.data["map"]
        self.assertEqual((shown["kind"], shown["varied"], len(shown["rows"])), ("sweep", 2, 4))
        self.assertEqual(shown["columns"][1:3], ["pauses.mean_ms", "protocol.lease.duration_ms"])
        firsts = []
        for (cells, run), row in zip(self.rows(page), table(folder, "sweep"), strict=True):
            self.assertEqual(str(cells["cell"]), row["cell"])
            found = self.assert_is_run(page, run, int(row["first_split_trial"] or 1))
            split = any(check in ("two_leaders", "stale_write") for check, _ in found)
            self.assertEqual(split, int(row["split_brain_trials"]) > 0, row)
            firsts.append(row["first_split_trial"])
        self.assertTrue(any(first and int(first) > 1 for first in firsts), firsts)

    def test_it_may_be_asked_for_from_elsewhere(self):
        """The file that was swept names another one beside it, which is found, or is not."""
        folder = self.sweep("--set", "pauses.mean=1s,4s")
        self.assertEqual(len(self.page(folder).runs), 2)
        (self.place / "pauses.txt").unlink()
        page = self.page(folder)
        self.assertEqual(page.runs, [])
        self.assertIn("pauses.txt", page.data["leftOut"]["why"])
        self.assertEqual(len(page.data["map"]["rows"]), 2)

    def test_a_sample_and_a_seed(self):
        folder = self.sweep("--set", "pauses.mean=1s..4s/9", "--sample", 3, "--seed", 5)
        page = self.page(folder)
        numbers = [str(cells["cell"]) for cells, _ in self.rows(page)]
        self.assertEqual(numbers, [row["cell"] for row in table(folder, "sweep")])
        for cells, run in self.rows(page):
            self.assert_is_run(page, run, int(cells["first_split_trial"] or 1))
            self.assertEqual(page.data["map"]["seed"], "5")


    def test_a_seed_may_be_what_varies(self):
        """Each point's trial is run by its own seed, with all of its digits."""
        seeds = ["3", "4", "5", "8", "9007199254740993"]
        folder = self.sweep("--set", f"seed={','.join(seeds)}", trials=1)
        page = self.page(folder)
        self.assertEqual(page.data["map"]["differ"], 0)
        splits = set()
        for (cells, run), row in zip(self.rows(page), table(folder, "sweep"), strict=True):
            self.assertEqual(cells["seed"], row["seed"])
            self.assertIn(f" --seed {row['seed']} ", run["command"])
            found = self.assert_is_run(page, run, 1)
            split = any(check in ("two_leaders", "stale_write") for check, _ in found)
            self.assertEqual(split, row["split_brain_trials"] == "1", row)
            splits.add(split)
        self.assertEqual([row["seed"] for row in table(folder, "sweep")], seeds)
        self.assertEqual(splits, {True, False})

    def test_a_table_of_another_version_is_noticed(self):
        folder = self.sweep("--set", "pauses.mean=1s,4s", trials=1)
        path = folder / "sweep.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        names, first = lines[0].rstrip().split(","), lines[1].rstrip("\n").split(",")
        at = names.index("split_brain_trials")
        first[at] = str(1 - int(first[at]))
        path.write_text("".join([lines[0], ",".join(first) + "\n", *lines[2:]]), "utf-8")
        self.assertEqual(self.page(folder).data["map"]["differ"], 1)


class Refused(Maps):
    def test_one_folder_and_no_trial(self):
        folder = self.matrix("--against", "own", STORIES[0])
        other = self.matrix("--against", "own", STORIES[0], into="other")
        self.assertRegex(report(folder, other, expected=2).stderr, r"name\s+its folder alone")
        self.assertRegex(report("--trial", 2, folder, expected=2).stderr, r"leave it out")

    def test_folders_that_are_not_whole(self):
        folder = self.matrix("--against", "own", STORIES[0])
        (folder / "matrix.csv").unlink()
        self.assertIn("matrix.csv", report(folder, expected=3).stderr)
        folder = self.sweep("--set", "pauses.mean=1s,4s")
        (folder / "scenario.yaml").unlink()
        self.assertIn("scenario.yaml", report(folder, expected=3).stderr)
        (folder / "plan.txt").write_text("sweep\n--nonsense\n", encoding="utf-8")
        self.assertIn("plan.txt", report(folder, expected=3).stderr)

    def test_a_table_that_was_changed_is_named(self):
        folder = self.sweep("--set", "pauses.mean=1s,4s", trials=2)
        path = folder / "sweep.csv"
        text = path.read_text(encoding="utf-8")
        for wrong in ("nan", "0x", " 2", "many"):
            path.write_text(text.replace("\n2,4000.000,2,", f"\n2,4000.000,{wrong},"), "utf-8")
            said = report(folder, expected=3).stderr
            self.assertRegex(said, rf'sweep.csv:3: trials is "{wrong}", which is no number; ')
        path.write_text(text, encoding="utf-8")
        report(folder)
        folder = self.matrix("--against", "own", STORIES[0])
        path = folder / "matrix.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(",breaks,3,", ",breaks,inf,"))
        self.assertIn('matrix.csv:2: trials is "inf"', report(folder, expected=3).stderr)

    def test_a_plan_that_was_changed_is_named(self):
        folder = self.sweep("--set", "pauses.mean=1s,4s", trials=2)
        plan = folder / "plan.txt"
        plan.write_text("mine\n", encoding="utf-8")
        self.assertRegex(report(folder, expected=3).stderr, r"plan\.txt: this is no")
        plan.unlink()
        self.assertRegex(report(folder, expected=3).stderr, r"plan\.txt: .*No such file")

    def test_of_more_cells_than_a_page_has_it_says_how_many(self):
        folder = self.sweep("--set", "pauses.mean=1s,4s", trials=1)
        path = folder / "sweep.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text(lines[0] + 2501 * "".join(lines[1:]), encoding="utf-8")
        said = report("--histories", "none", folder).stdout
        self.assertIn("a sweep of 5,002 cells (the page has the first 5,000), 0 trials", said)
        shown = Page(folder / "report.html").data["map"]
        self.assertEqual((len(shown["rows"]), shown["total"]), (5000, 5002))

    def test_it_takes_the_place_of_nothing_that_was_left(self):
        folder = self.matrix("--against", "own", STORIES[0])
        (cell,) = (folder / "cells").iterdir()
        for name in ("matrix.csv", "cells.txt", "plan.txt", "matrix.svg", f"cells/{cell.name}"):
            before = (folder / name).read_bytes()
            self.assertIn(name, report("-o", folder / name, folder, expected=3).stderr)
            self.assertEqual((folder / name).read_bytes(), before)


if __name__ == "__main__":
    import unittest

    unittest.main()
