#!/usr/bin/python3
"""`hustings report` without a browser: its data are valid and say what the results folder says, the
page is small, and several folders make one page."""
import collections
import csv
import glob
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from pages import HUSTINGS, PAUSED, Page, Reports, report, table  # noqa: E402


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
        self.assertIn("held in 3 trials: two_lock_holders, two_leaders and stale_result were "
                      "broken, as the scenario expects", run["sentence"])  # fmt: skip
        self.assertEqual(run["command"], facts["reproduce"])
        self.assertEqual(run["yaml"], (folder / "scenario.yaml").read_text())

    def histories(self, folder):
        """Those of the page, each with the events of its file."""
        files = sorted(folder.glob("history/*.jsonl"),
                       key=lambda path: (not path.name.startswith("trial-"), path))  # fmt: skip
        for history, path in zip(self.page(folder).histories, files, strict=True):
            lines = path.read_text(encoding="utf-8").splitlines()[1:]
            yield history, [json.loads(line) for line in lines]

    def test_histories_say_what_they_say(self):
        folder = self.run_on_model(PAUSED, trials=2)
        for history, events in self.histories(folder):
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

    def test_members_stand_as_their_events_say(self):
        born, alive, started, paused, leads, section, submit = 1, 2, 4, 8, 16, 32, 256
        crash = glob.glob("scenarios/course/04-*.yaml")
        for history, events in self.histories(self.run_on_model(PAUSED, *crash, trials=2)):
            ids = [member["id"] for member in history["members"]]
            now = {place: [0, -1, 0] for place in range(len(ids))}
            told = {place: [0, -1, 0] for place in range(len(ids))}
            rows = iter([*history["states"], [len(events), 0, 0, -1, 0, None]])
            row = next(rows)
            for i, event in enumerate(events):
                who = {"master": 0, "harness": -1}.get(event["process"], event["process"])
                kind = event["event"]
                if who >= 0:
                    state = now[ids.index(who)]
                    if kind == "claim":
                        state[0] = (state[0] & (born | alive | started | paused) |
                                    leads * event["leads"] | section * event["in_section"] |
                                    submit * (event["status"] == "submit"))  # fmt: skip
                        follows = event["follows"]
                        state[1:] = [-1 if follows is None else follows, int(event["term"])]
                    elif kind in ("born", "died"):
                        state[0] = born | alive * (kind == "born")
                        state[1:] = [-1, 0] if kind == "born" else state[1:]
                    state[0] |= {"started": started, "paused": paused}.get(kind, 0)
                    state[0] &= ~paused if kind == "resumed" else ~0
                while row[0] == i:
                    mask = ~(64 | 128) if row[2] & alive else born | alive
                    told[row[1]] = [row[2] & mask, *row[3:5]]
                    row = next(rows)
                self.assertEqual([one if one[0] & alive else one[0] for one in told.values()],
                                 [one if one[0] & alive else one[0] for one in now.values()],
                                 (i, event))  # fmt: skip

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

    def test_what_was_right_when_it_was_read_is_outdated(self):
        folder = self.run_on_model("scenarios/catalogue/paused-holder-cured.yaml", trials=1)
        page = self.page(folder)
        told = page.runs[0]["elections"]
        rows = [dict(zip(told["columns"], row)) for row in told["rows"]]
        for elections in (table(folder, "elections"), rows, page.histories[0]["elections"]):
            (wrong,) = [one for one in elections if one["verdict"] == "wrong"]
            self.assertEqual(int(wrong["outdated"]), 1)
        folder = self.fails(trials=1, out="fails")
        self.assertEqual({row["outdated"] for row in table(folder, "elections")}, {"0"})

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


class Damage(Reports):
    """Folders that a kill or somebody's hands left."""

    def test_rows_of_a_trial_that_was_not_finished_are_not_told(self):
        folder = self.fails(trials=3)
        path = folder / "trials.csv"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
        (run,) = self.page(folder).runs
        for name in ("trialRows", "elections", "violations"):
            shown = run[name]
            place = shown["columns"].index("trial")
            self.assertEqual({row[place] for row in shown["rows"]}, {1, 2}, name)
            self.assertEqual(shown["total"], len(shown["rows"]), name)

    def test_a_last_line_without_its_end_is_not_told(self):
        folder = self.fails(trials=3)
        for name, key in (("elections", "elections"), ("violations", "violations")):
            path = folder / f"{name}.csv"
            rows = len(table(folder, name))
            path.write_bytes(path.read_bytes()[:-3])
            self.assertEqual(self.page(folder).runs[0][key]["total"], rows - 1, name)


    def test_a_scenario_whose_copy_is_missing_is_told(self):
        folder = self.run_on_model(PAUSED, "scenarios/course/01-first-election.yaml", trials=1)
        path, = folder.glob("scenario-*.yaml")
        path.unlink()
        said = report(folder, "-o", self.place / "page.html").stdout
        self.assertIn(f"1 scenario is not in the page, since the copy is missing: {path}", said)
        page = Page(self.place / "page.html")
        self.assertEqual(page.data["leftOut"]["scenarios"], [str(path)])
        self.assertEqual(len(page.runs), 1)

    def test_histories_that_are_gone_or_cut_are_counted(self):
        folder = self.run_on_model(PAUSED, trials=3)
        words = ("no history", "not whole")
        said = report(folder, "-o", self.place / "page.html").stdout
        self.assertFalse(any(word in said for word in words), said)
        (folder / "history/trial-0002.jsonl").unlink()
        path = folder / "history/trial-0003.jsonl"
        path.write_text(path.read_text()[:6000])
        said = report(folder, "-o", self.place / "page.html").stdout
        self.assertIn("2 histories, ", said)
        self.assertIn("; 1 trial has no history\n", said)
        self.assertIn("1 history is not whole: it ends before the trial did", said)
        run = Page(self.place / "page.html").runs[0]
        self.assertEqual((run["kept"], run["cut"]), (2, 1))

    def test_what_is_no_ordinary_file_is_refused(self):
        """By all that read results folders. A pipe would keep them waiting for ever."""
        whole = self.run_on_model(PAUSED, trials=1)
        for name in ("history/trial-0001.jsonl", "run.json", "trials.csv", "violations.csv",
                     "scenario.yaml"):  # fmt: skip
            folder = self.place / name.replace("/", "-")
            shutil.copytree(whole, folder)
            (folder / name).unlink()
            os.mkfifo(folder / name)
            verbs = [["report", folder, "-o", self.place / "page.html"]]
            if name in ("run.json", "trials.csv", "scenario.yaml") or "history" in name:
                verbs.append(["check", folder])
            if name == "trials.csv":
                verbs.append(["compare", whole, folder])
            if "history" in name:
                verbs += [["export", "--to", "edn", folder], ["play", folder]]
            for verb in verbs:
                done = subprocess.run([HUSTINGS, *verb], capture_output=True, text=True, timeout=20,
                                      stdin=subprocess.DEVNULL, check=False)  # fmt: skip
                self.assertEqual(done.returncode, 3, (verb, done))
                self.assertIn("no ordinary file", done.stderr, (verb, done))

    def test_a_pipe_that_a_person_names_is_read(self):
        folder = self.run_on_model(PAUSED, trials=1)
        history = folder / "history/trial-0001.jsonl"
        pipe = self.place / "pipe"
        os.mkfifo(pipe)
        for verb in (["check"], ["export", "--to", "edn"]):
            with subprocess.Popen([HUSTINGS, *verb, pipe], stdout=subprocess.PIPE) as reader:
                pipe.write_bytes(history.read_bytes())
                out = reader.communicate(timeout=20)[0]
            self.assertIn(reader.returncode, (0, 1))
            self.assertTrue(out)

    def test_nobody_writes_over_what_he_reads(self):
        folder = self.run_on_model(PAUSED, trials=1)
        history = folder / "history/trial-0001.jsonl"
        before = history.read_bytes()
        done = subprocess.run([HUSTINGS, "export", "--to", "edn", history, "-o", history],
                              capture_output=True, text=True, timeout=20, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("this is the history itself", done.stderr)
        self.assertEqual(history.read_bytes(), before)


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
                             (["--trial", "21"], 1)):  # fmt: skip
            report(folder, *words, "-o", self.place / "some.html")
            page = Page(self.place / "some.html")
            self.assertEqual((len(page.histories), page.data["leftOut"]["histories"]),
                             (count, 21 - count))  # fmt: skip

    def test_a_trial_that_is_not_there_is_an_error(self):
        folder = self.fails(trials=1)
        said = report(folder, "--trial", "99", expected=3).stderr
        self.assertIn("no results folder has the history of trial 99", said)
        self.assertFalse((folder / "report.html").exists())

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

    def test_nor_is_it_larger_if_one_trial_has_all_the_rows(self):
        folder = self.run_on_model(PAUSED, trials=1)
        path = folder / "elections.csv"
        head, row, *_ = path.read_text().split("\n")
        cells = row.split(",")
        nth = head.split(",").index("nth")
        rows = [",".join([*cells[:nth], str(i), *cells[nth + 1 :]]) for i in range(1, 20001)]
        path.write_text("\n".join([head, *rows]) + "\n")
        page = self.page(folder)
        self.assertLess(page.size, 1_500_000)
        shown = page.runs[0]["elections"]
        self.assertEqual((shown["total"], shown["step"]), (20000, 1))
        self.assertTrue(1000 < len(shown["rows"]) < 20000)

    def test_what_others_do_not_need_is_for_who_does(self):
        """Of many scenarios each has all its rows, if all together have the room."""
        small = self.place / "quiet.yaml"
        small.write_text("name: quiet\nnodes: 2\nduration: 1s\n", encoding="utf-8")
        herd = "scenarios/catalogue/herd.yaml"
        folder = self.run_on_model(herd, *[small] * 60, trials=1, histories="none")
        run = self.page(folder).runs[0]
        for name, file in (("violations", "violations"), ("elections", "elections"),
                          ("trialRows", "trials")):  # fmt: skip
            rows = [row for row in table(folder, file) if row["scenario"] == "herd"]
            self.assertEqual((len(run[name]["rows"]), run[name]["ended"]), (len(rows), False))
        self.assertGreater(run["violations"]["total"], 20)

    def test_the_first_rows_are_the_first_ones(self):
        folder = self.run_on_model(PAUSED, trials=1)
        path = folder / "violations.csv"
        head, row, *_ = path.read_text().splitlines()
        names, cells = head.split(","), next(csv.reader([row]))
        with open(path, "a", encoding="utf-8", newline="") as file:
            for i in range(30000):  # each third is longer than the others
                change = {"at_ms": str(10000 + i), "until_ms": str(10000 + i)}
                row = [change.get(name, cell) for name, cell in zip(names, cells)]
                row[-1] += "x" * (400 if i % 3 == 0 else 0)
                csv.writer(file).writerow(row)
        shown = self.page(folder).runs[0]["violations"]
        at = shown["columns"].index("at_ms")
        rows = [float(row["at_ms"]) for row in table(folder, "violations")]
        self.assertTrue(1000 < len(shown["rows"]) < len(rows))
        self.assertEqual([row[at] for row in shown["rows"]], rows[: len(shown["rows"])])
        self.assertTrue(shown["ended"])

    def test_nothing_comes_from_elsewhere(self):
        page = self.page(self.run_on_model(PAUSED))
        self.assertEqual([link for link in page.links if not re.match(r"#|data:,$", link)], [])
        self.assertNotIn("link rel=stylesheet", page.elements)


if __name__ == "__main__":
    unittest.main()
