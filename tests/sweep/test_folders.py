# ctest-timeout: 300
"""Where a sweep puts what it leaves, and what it says when it ends before its time."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path[:0] = map(str, pathlib.Path(__file__).resolve().parents[:2])
from support.interrupted import until_interrupted  # noqa: E402
from test_sweep import Sweeps  # noqa: E402


class Folders(Sweeps):
    def test_merge_of_a_whole_writes_into_it_alone(self):
        precious = ("sweep.csv", "run.json", "plan.txt", "cells.txt", "scenario.yaml")
        for name in precious:
            (self.place / name).write_text("precious", encoding="utf-8")
        for into in ("whole", "shard-of-mine"):
            self.sweep(into)
            before = (self.place / into / "sweep.csv").read_bytes()
            self.hustings("merge", into)
            self.assertEqual((self.place / into / "sweep.csv").read_bytes(), before)
        for name in precious:
            self.assertEqual((self.place / name).read_text(encoding="utf-8"), "precious", name)

    def test_a_shard_is_no_place_for_the_whole(self):
        self.sweep("parts", "--shard", "1/2")
        self.sweep("parts", "--shard", "2/2")
        run = self.hustings("merge", "parts", "--into", "parts/shard-1-of-2/", code=2)
        self.assertIn("this is the folder of a shard", run.stderr)

    def test_the_plan_of_a_strangers_folder_starts_no_program(self):
        evil = self.place / "evil"
        evil.write_text(f"#!/bin/sh\ntouch '{self.place}/started'\n", encoding="utf-8")
        evil.chmod(0o755)
        made = {
            "sweep": ["sweep", self.file, "--trials", "2", "--set", "nodes=2,3"],
            "matrix": ["matrix", self.file, "--trials", "2", "--against", "own,lease+token"],
            "run": ["run", "--on", "model", self.file],
        }
        for verb, words in made.items():
            self.hustings(*words, "--shard", "1/2", "--into", verb)
            plan = self.place / verb / "shard-1-of-2" / "plan.txt"
            text = plan.read_text(encoding="utf-8")
            changed = text.replace("\n--\n", f"\n--on\nprocesses\n--redis-server\n{evil}\n--\n")
            self.assertNotEqual(text, changed)
            plan.write_text(changed, encoding="utf-8")
            refused = self.hustings("merge", verb, code=2)
            self.assertIn("no plan as hustings leaves it", refused.stderr)
            self.assertFalse((self.place / "started").exists(), verb)

    def test_the_latest_is_what_it_names(self):
        self.hustings("run", "--on", "model", "--trials", "2", self.file)
        words = [self.file, "--trials", "2", "--set", "nodes=2,3", "--confirm", "0"]
        self.hustings("sweep", *words)
        self.assertEqual(len(self.rows("results/latest")), 2)
        self.hustings("report", "results/latest")
        self.assertTrue((self.place / "results/latest/report.html").is_file())
        newest = os.readlink(self.place / "results/latest")
        self.hustings("sweep", *words, "--into", "results/mine")
        self.hustings("sweep", *words, "--shard", "1/2")
        self.assertEqual(os.readlink(self.place / "results/latest"), newest)


    def test_who_reads_histories_says_what_another_folder_is(self):
        self.hustings("sweep", self.file, "--trials", "2", "--set", "nodes=2,3", "--confirm", "0",
                      "--into", "swept")  # fmt: skip
        self.hustings("matrix", self.file, "--trials", "2", "--against", "own", "--into", "m",
                      code=None)  # fmt: skip
        for folder in ("k", "r/k"):
            self.hustings("run", "--on", "model", self.file, "--shard", "1/2", "--into", folder)
        self.hustings("run", "--on", "model", self.file)
        words = {
            "swept": "it is the folder of a sweep, which keeps no histories; look at it with: "
                     "HUSTINGS report swept",
            "m": "it is the folder of a matrix, which keeps no histories; look at it with: "
                 "HUSTINGS report m",
            "k": "it has parts in it, which are to be merged first: HUSTINGS merge k",
            "r/k/shard-1-of-2": "it is a part of a run; merge it with the others first: "
                                "HUSTINGS merge r/k",
            "results": "this is no results folder, and has no history in it; name one of those in "
                       "it, such as results/latest",
        }  # fmt: skip
        for verb in (["check"], ["play"], ["export", "--to", "edn"], ["compare", "results/latest"],
                     ["report"]):  # fmt: skip
            for folder, told in words.items():
                if verb == ["report"] and folder in ("swept", "m"):
                    continue
                run = self.hustings(*verb, folder, code=3)
                self.assertEqual(
                    run.stderr.replace(self.command()[0], "HUSTINGS"),
                    f"hustings {verb[0]}: {folder}: {told}\n",
                )


class Ends(Sweeps):
    def test_what_goes_on_is_the_command_as_it_was_given(self):
        run = self.sweep("a part", "--for", "1us", "--shard", "2/3", code=5)
        self.assertIn(
            "0 of 8 points are finished; the same command with --into 'a part' goes on.",
            " ".join(run.stdout.split()),
        )
        run = self.hustings("matrix", self.file, "--against", "own", "--for", "1us", "--into",
                            "it's", code=5)  # fmt: skip
        self.assertIn("with --into 'it'\\''s' goes on from there", run.stderr)

    def test_run_json_says_with_what_it_was_made_and_whether_it_is_whole(self):
        words = {
            "sweep": [self.file, "--trials", "2", "--set", "nodes=2,3", "--confirm", "0"],
            "matrix": [self.file, "--trials", "2", "--against", "own,lease+token"],
        }
        for verb, rest in words.items():
            for i in (1, 2):
                self.hustings(verb, *rest, "--shard", f"{i}/2", "--into", verb)
            self.hustings("merge", verb, code=None)
            self.hustings(verb, *rest, "--for", "1us", "--into", f"cut-{verb}", code=5)
            part, whole, cut = (
                json.loads((self.place / folder / "run.json").read_bytes())
                for folder in (f"{verb}/shard-2-of-2", verb, f"cut-{verb}")
            )
            self.assertEqual((part["shard"], whole["shard"], whole["parts"]), ("2/2", "1/1", 2))
            self.assertTrue(part["finished_at"] and whole["finished_at"])
            self.assertIsNone(cut["finished_at"])
            for run in part, whole, cut:
                self.assertEqual((run["verb"], run["trials"], run["host"]), (verb, 2, "model"))
                self.assertEqual(run["points" if verb == "sweep" else "cells"], 2)
                if verb == "sweep":
                    self.assertEqual((run["seed"], run["scenario"]), ("1", str(self.file)))
                else:
                    self.assertEqual((run["seed"], run["against"]), (None, rest[-1]))

    def test_what_could_not_write_its_first_byte_goes_on(self):
        for verb, *words in (
            ["sweep", self.file, "--trials", "2", "--set", "nodes=2,3", "--confirm", "0"],
            ["matrix", self.file, "--trials", "2", "--against", "own"],
            ["run", "--on", "model", self.file, "--shard", "1/1"],
        ):
            with self.subTest(verb):
                full = subprocess.run(
                    ["sh", "-c", 'ulimit -f 0 && exec "$@"', "sh",
                     *self.command(verb, *words, "--into", verb)],
                    cwd=self.place, capture_output=True, check=False,
                )  # fmt: skip
                self.assertNotEqual(full.returncode, 0, full.stdout)
                self.hustings(verb, *words, "--into", verb)

    def test_points_do_not_depend_on_how_many_confirm(self):
        words = [self.file, "--trials", "2", "--set", "nodes=2,3", "--into", "k"]
        self.hustings("sweep", *words, "--confirm", "0")
        cells = (self.place / "k/cells.txt").read_bytes()
        self.hustings("sweep", *words, "--confirm", "60")
        self.assertEqual((self.place / "k/cells.txt").read_bytes(), cells)
        run = self.hustings("sweep", *words, "--seed", "4", code=3)
        self.assertIn("it is of another run", run.stderr)

    def test_interrupted(self):
        _, code, told, said = until_interrupted(
            lambda trials: subprocess.Popen(
                self.command("sweep", self.file, "--trials", trials, "--set",
                             "faults.1.for=500ms..6s/12", "--confirm", "0", "--into", "cut"),
                cwd=self.place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env=self.environment,
            ),
            self.place / "cut", 1000,
        )  # fmt: skip
        self.assertEqual(code, 130, said)
        self.assertIn("hustings sweep: interrupted", said)
        self.assertIn(" of 12 points are finished", told)
        self.assertIn("  page ", told)
        self.assertIn(len(self.rows("cut")), range(1, 12))


if __name__ == "__main__":
    unittest.main()
