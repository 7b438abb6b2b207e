# ctest-timeout: 300
"""Shards are merged wherever they are, by the copies that they have of what they were made of; and
a merge spoils nothing that was there before."""
import csv
import io
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import unittest

sys.path[:0] = map(str, pathlib.Path(__file__).resolve().parents[:2])
from support.stage import server_program  # noqa: E402
from test_sweep import PAUSES, Sweeps  # noqa: E402

ALL = 300  # more stories than a command line was once read of


class Merges(Sweeps):
    def setUp(self):
        super().setUp()
        (self.place / "here").mkdir()
        self.file = self.place / "here/edge.yaml"
        self.file.write_text(PAUSES.replace("gc.log", "logs/gc.log"), encoding="utf-8")
        (self.place / "here/logs").mkdir()
        (self.place / "here/logs/gc.log").write_text("100\n4s\n", encoding="utf-8")
        (self.place / "here/mine.yaml").write_text("protocol: lease\nlock: setnx\n", "utf-8")
        tables = dict.fromkeys(("round_ns", "timer_ns", "start_ns"), [2 * 10**6] * 101)
        (self.place / "here/lat.json").write_text(
            json.dumps({"hustings": "latency", "version": 3, **tables}), encoding="utf-8"
        )

    def shards(self, count, into, *words):
        for i in range(count):
            self.hustings(*words, "--shard", f"{i + 1}/{count}", "--into", into, code=None)

    def files(self, folder, but=()):
        """Without commands: these name the scenario where it is."""
        found = {}
        for path in sorted((self.place / folder).rglob("*")):
            name = str(path.relative_to(self.place / folder))
            if path.is_file() and not name.startswith("shard-") and name not in but:
                found[name] = path.read_bytes()
        for name in [name for name in found if name.endswith(".csv")]:
            rows = csv.DictReader(io.StringIO(found[name].decode(), newline=""))
            found[name] = [{**row, "reproduce": ""} for row in rows]
        return found


class Elsewhere(Merges):
    def test_where_nothing_is_of_what_they_were_made_of(self):
        made = {
            "sweep": ["sweep", "here/edge.yaml", "--set", "nodes=2,3", "--set",
                      "work.every=30ms,1s", "--trials", "5",
                      "--latency", "here/lat.json", "--confirm", "20"],
            "matrix": ["matrix", "here/edge.yaml", "--against", "own,here/mine.yaml,lease+token",
                       "--trials", "3"],
            "run": ["run", "--on", "model", "here/edge.yaml", "--trials", "40",
                    "--latency", "here/lat.json", "--set", "nodes=2"],
        }  # fmt: skip
        whole = {}
        for verb, words in made.items():
            self.shards(2, verb, *words)
            if verb == "run":
                self.hustings(*words, code=None)
                whole[verb] = "results/latest"
            else:
                self.hustings(*words, "--into", f"whole-{verb}", code=None)
                whole[verb] = f"whole-{verb}"
        (self.place / "there").mkdir()
        for verb in made:
            (self.place / verb).rename(self.place / "there" / verb)
        shutil.rmtree(self.place / "here")
        for verb in made:
            self.hustings("merge", f"there/{verb}", code=None)
            but = ["run.json", "advice.txt"]
            self.assertEqual(self.files(f"there/{verb}", but), self.files(whole[verb], but), verb)
        again = (self.place / "there/sweep/advice.txt").read_text(encoding="utf-8")
        first = (self.place / "whole-sweep/advice.txt").read_text(encoding="utf-8")
        self.assertEqual(again.split("Again:")[0], first.split("Again:")[0])

    def test_what_came_by_a_pipe(self):
        text = "name: p\nnodes: 3\nduration: 2s\n"
        for verb, *words in (
            ("sweep", "--set", "nodes=2,3", "--confirm", "0"),
            ("run", "--on", "model", "--set", "lock.token.ttl=900ms"),
        ):
            for i in "12":
                subprocess.run(
                    self.command(verb, *words, "--trials", "40", "-", "--shard", f"{i}/2",
                                 "--into", verb),
                    cwd=self.place, input=text, text=True, check=True, capture_output=True,
                    env=self.environment,
                )  # fmt: skip
            self.hustings("merge", verb, code=None)
        self.assertEqual(len(self.rows("sweep")), 2)
        rows = self.table("run/trials.csv")
        self.assertEqual(len(rows), 40)
        self.assertIn(f"{self.place}/run/scenario.yaml", rows[0]["reproduce"])

    def test_any_number_of_words_and_lines(self):
        for i in range(ALL):
            (self.place / f"s{i}.yaml").write_text(
                f"name: s{i}\nnodes: 1\nduration: 1s\n", encoding="utf-8"
            )
        words = [f"s{i}.yaml" for i in range(ALL)]
        self.shards(2, "many", "matrix", *words, "--against", "own,\n lease+token",
                    "--trials", "1")  # fmt: skip
        self.hustings("merge", "many", code=None)
        self.assertEqual(len(self.table("many/matrix.csv")), 2 * ALL)


class Refused(Merges):
    def setUp(self):
        super().setUp()
        self.words = ["run", "--on", "model", "here/edge.yaml", "--trials", "80"]
        self.shards(2, "k", *self.words)

    def refused(self, said, *words):
        run = self.hustings("merge", *words, code=2)
        self.assertIn(said, run.stderr)
        self.assertTrue(run.stderr.startswith("hustings merge: "), run.stderr)

    def test_a_copy_that_somebody_changed(self):
        for name in ("scenario.yaml", "logs/gc.log"):
            copy = self.place / "k/shard-1-of-2/inputs/1" / name
            text = copy.read_text(encoding="utf-8")
            copy.write_text(text.replace("8s", "7s").replace("4s", "3s"), encoding="utf-8")
            self.refused("have changed since", "k")
            copy.write_text(text, encoding="utf-8")
        self.assertFalse((self.place / "k/run.json").exists())

    def test_what_does_not_belong_together(self):
        self.shards(2, "other", *self.words, "--seed", "9")
        self.refused("do not belong together", "k", "other")
        self.hustings("merge", "other", "--into", "made", code=None)
        made = self.files("made")
        self.refused("is there already, and these shards did not make it", "k/shard-1-of-2",
                     "k/shard-2-of-2", "--into", self.stranger())  # fmt: skip
        self.refused("is there already, and these shards did not make it", "k", "--into", "made")
        for verb, *words in (("sweep", "--set", "nodes=2,3"),
                             ("matrix", "--against", "own,lease+token")):  # fmt: skip
            self.shards(2, verb, verb, "here/edge.yaml", *words, "--trials", "2")
            self.refused("is there already, and these", verb, "--into", "made")
        self.shards(1, "swept", "sweep", "here/edge.yaml", "--set", "nodes=2,3", "--trials", "2",
                    "--confirm", "0")  # fmt: skip
        swept = self.files("swept")
        self.refused("result of another run is there", "k", "--into", "swept")
        self.assertEqual(self.files("made"), made)
        self.assertEqual(self.files("swept"), swept)

    def stranger(self):
        """The folder of a run that was run as a whole."""
        self.hustings(*self.words, "--out", "alone", code=None)
        return next(path for path in (self.place / "alone").iterdir() if not path.is_symlink())

    def test_no_grid_begins_where_another_result_is(self):
        alone = self.stranger()
        swept = self.place / "swept"
        swept.mkdir()
        (swept / "sweep.csv").write_text("mine", encoding="utf-8")
        before = self.files(alone), self.files(swept)
        for into in alone, swept:
            for words in (
                ["sweep", "here/edge.yaml", "--set", "nodes=2,3", "--trials", "2"],
                ["matrix", "here/edge.yaml", "--against", "own", "--trials", "2"],
                [*self.words, "--shard", "1/1"],
            ):
                run = self.hustings(*words, "--into", into, code=3)
                self.assertIn("is there already, and this command did not leave it", run.stderr)
        self.assertEqual((self.files(alone), self.files(swept)), before)

    def mine(self, folder, *names):
        """Files of the user's, by names that hustings gives to its own."""
        for name in names:
            path = self.place / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("mine", encoding="utf-8")
        return self.files(folder)

    def test_nothing_of_the_users_is_written_over(self):
        sweep = ["sweep", "here/edge.yaml", "--set", "nodes=2,3", "--trials", "2", "--confirm", "0"]
        matrix = ["matrix", "here/edge.yaml", "--against", "own,lease+token", "--trials", "2"]
        self.shards(2, "s", *sweep)
        self.shards(2, "m", *matrix)
        for name in ("history/mine.txt", "logs/a", "scenario.yaml", "trials.csv", "run.json"):
            with self.subTest(name):
                mine = self.mine("there", name)
                self.refused(f"there/{name.split('/')[0]} is there already", "k", "--into", "there")
                run = self.hustings(*self.words, "--shard", "1/1", "--into", "there", code=3)
                self.assertIn("is there already, and this command did not leave it", run.stderr)
                self.assertEqual(self.files("there"), mine)
                shutil.rmtree(self.place / "there")
        for shards, words, name in (("s", sweep, "scenario.yaml"), ("s", sweep, "plan.txt"),
                                    ("m", matrix, "cells/mine"), ("m", matrix, "plan.txt")):
            with self.subTest(words[0] + name):
                mine = self.mine("there", name)
                self.refused(f"there/{name.split('/')[0]} is there already", shards, "--into",
                             "there")  # fmt: skip
                self.hustings(*words, "--into", "there", code=3)
                self.assertEqual(self.files("there"), mine)
                shutil.rmtree(self.place / "there")

    def test_a_merge_removes_only_what_a_part_left(self):
        mine = self.mine("k", "inputs/mine.txt", "plan.txt")
        self.hustings("merge", "k", code=None)
        for name, text in mine.items():
            self.assertEqual((self.place / "k" / name).read_bytes(), text, name)
        # The result of these shards: they are merged there again, but begin no part there.
        run = self.hustings(*self.words, "--shard", "1/1", "--into", "k", code=3)
        self.assertIn("k/plan.txt is there already", run.stderr)
        self.hustings("merge", "k", code=None)
        (self.place / "k/run.json").write_text("{}", encoding="utf-8")
        self.refused("is there already, and these shards did not make it", "k")

    def test_a_merge_that_is_refused_leaves_no_folder(self):
        made = {
            "s": ["sweep", "here/edge.yaml", "--set", "nodes=2,3", "--trials", "2"],
            "m": ["matrix", "here/edge.yaml", "--against", "own,lease+token", "--trials", "2"],
            "r": self.words,
        }
        for name, words in made.items():
            self.hustings(*words, "--shard", "1/2", "--into", name, code=None)
            self.refused(" are missing, of --shard 2/2", name, "--into", "new")
            self.assertFalse((self.place / "new").exists(), name)

    def test_a_plan_that_is_none(self):
        plan = self.place / "k/shard-1-of-2/plan.txt"
        for text in ("run\n-h\n", "run\n--out\nx\n--\nhere/edge.yaml\n", "run\n--on\n"):
            plan.write_text(text, encoding="utf-8")
            self.refused("no plan as hustings leaves it", "k")

    def test_names_that_are_empty_and_pipes(self):
        for words in (["merge", "k", "--into", ""], [*self.words, "--out", ""],
                      ["matrix", "here/edge.yaml", "--into", ""]):  # fmt: skip
            self.assertIn("give a name", self.hustings(*words, code=2).stderr)
        table = (self.place / "here/lat.json").read_text(encoding="utf-8")
        run = subprocess.run(
            self.command(*self.words, "--latency", "/dev/stdin"), cwd=self.place, input=table,
            text=True, capture_output=True, check=False,
        )  # fmt: skip
        self.assertEqual(run.returncode, 3, run.stderr)
        self.assertIn("no ordinary file, but a pipe", run.stderr)


class Killed(Merges):
    def test_a_second_merge_spoils_nothing(self):
        self.shards(2, "k", "run", "--on", "model", "here/edge.yaml", "--trials", "400")
        code = self.hustings("merge", "k", code=None).returncode
        whole = self.files("k", ["run.json"])
        draw = random.Random(5)
        for _ in range(8):
            run = subprocess.Popen(self.command("merge", "k"), cwd=self.place,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
            try:  # this wait is the random moment, and nothing depends on how long it is
                run.wait(timeout=draw.random() * 0.2)
            except subprocess.TimeoutExpired:
                pass
            run.send_signal(signal.SIGKILL)
            run.communicate()
            there = self.files("k", ["run.json"])
            self.assertEqual({n: b for n, b in there.items() if n[0] != "."}, whole)
            self.assertTrue(json.loads((self.place / "k/run.json").read_bytes())["finished_at"])
        self.hustings("merge", "k", code=code)
        self.assertEqual(self.files("k", ["run.json"]), whole)


class Programs(Merges):
    def test_one_that_was_mended_is_another(self):
        program = self.place / "mine.sh"
        program.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
        program.chmod(0o755)
        (self.place / "short.yaml").write_text(
            "name: short\nnodes: 1\nduration: 1s\nprotocol: lease\n", encoding="utf-8"
        )
        words = ["matrix", "short.yaml", "--against", "./mine.sh", "--on", "processes", "--trials",
                 "1", "--allow-exec", "--into", "m", "--redis-server",
                 server_program()]  # fmt: skip
        self.hustings(*words, code=None)
        rows = self.table("m/matrix.csv")
        self.hustings(*words, code=None)
        program.write_text("#!/bin/sh\nexec sleep 61\n", encoding="utf-8")
        self.assertIn("it is of another run", self.hustings(*words, code=3).stderr)
        self.assertEqual(self.table("m/matrix.csv"), rows)


if __name__ == "__main__":
    unittest.main()
