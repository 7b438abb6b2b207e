"""hustings matrix: the catalogue breaks in it as its files say; a cell says what `hustings run`
says of its file, trial by trial; shards come to the same bytes; the
picture is one; what is wrong is said in a line."""
# ctest-timeout: 240
import json
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree as tree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "catalogue"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import catalogue  # noqa: E402
from support.interrupted import until_interrupted  # noqa: E402
from stage import FOLDER, HUSTINGS, Matrix, hustings, ms, rows  # noqa: E402

SOME = [f"{FOLDER}/{name}.yaml" for name in (
    "leader-stalls", "leader-not-heard", "server-clock-forward", "foreign-release", "fsync-window")]
AGAINST = "own,article+token,lease+setnx,lease+token+fencing,lease+redlock"
LIVENESS = {"no_leader", "starvation"}


class Cells(Matrix):
    def test_the_catalogue_breaks_as_its_files_say(self):
        self.matrix("--against", "own", "--trials", "3", FOLDER, codes=(1,))
        told = {row["story"]: row for row in rows(self.folder / "m/matrix.csv")}
        self.assertEqual(sorted(told), sorted(story.name for story in catalogue.stories()))
        for story in catalogue.stories():
            with self.subTest(story=story.name):
                row = told[story.name]
                breaks = set(story.expects("always"))
                self.assertEqual(set(row["broken"].split()) & breaks, breaks, row)
                blocks = set(row["broken"].split()) <= LIVENESS
                self.assertEqual(row["cell"], "blocks" if blocks else "breaks", row)
                self.assertEqual(row["blocked" if blocks else "broke"], "3", row)

    def test_a_cell_says_what_run_says_trial_by_trial(self):
        """All cells of the catalogue that ran: those of a combination are run together."""
        against = f"{AGAINST},lease:duration=9s+record,article+setnx:ttl=5s"
        self.matrix("--against", against, "--trials", "6", "--seed", "77", FOLDER, codes=(1,))
        told = rows(self.folder / "m/matrix.csv")
        for row in told:
            if row["trials"] == "0":
                self.assertEqual(row["cell"], "does not apply")
                self.assertTrue(row["why"])
        ran = [row for row in told if row["trials"] != "0"]
        self.assertGreaterEqual(len(ran), 120)
        for combination in against.split(","):
            some = [row for row in ran if row["combination"] == combination]
            self.run_again(some)
            for row in some:
                with self.subTest(cell=row["file"]):
                    self.compare(row)

    def run_again(self, some):
        shutil.rmtree(self.folder / "results", ignore_errors=True)
        for row in some:
            self.assertEqual(shlex.split(row["command"]),
                             ["hustings", "run", "--on", "model", row["file"]])
        run = hustings("run", "--quiet", "--on", "model", *(row["file"] for row in some), "--out",
                       self.folder / "results", cwd=self.folder / "m")
        self.assertIn(run.returncode, (0, 1), run.stderr)

    def compare(self, row):
        trials, violations = (
            [one for one in rows(self.folder / f"results/latest/{name}.csv")
             if one["scenario"] == row["story"]]
            for name in ("trials", "violations"))
        allowed = re.findall(r"(\w+): allowed", (self.folder / "m" / row["file"]).read_text())
        broken = {}
        for violation in violations:
            if violation["check"] not in allowed:
                broken.setdefault(violation["trial"], set()).add(violation["check"])
        self.assertEqual([trial["seed"] for trial in trials][0], "77")
        self.assertEqual(len(trials), int(row["trials"]))
        # The catalogue's stories have their faults done in all trials or in none: so every trial
        # that breaks something is one that is counted.
        bad = [t["trial"] for t in trials if broken.get(t["trial"], set()) - LIVENESS]
        blocked = [t["trial"] for t in trials if broken.get(t["trial"]) and t["trial"] not in bad]
        if row["cell"] != "does not apply":
            self.assertEqual((int(row["broke"]), int(row["blocked"])), (len(bad), len(blocked)))
            failed = [trial["trial"] for trial in trials if trial["verdict"] == "failed"]
            self.assertEqual(failed, sorted(bad + blocked, key=int))
        if bad or blocked:
            self.assertEqual(row["first_trial"], (bad or blocked)[0])
            self.assertEqual(set(row["broken"].split()),
                             set().union(*(broken[trial] for trial in bad + blocked)))
        overlaps = [max(ms(t["two_leaders_ms"] or 0), ms(t["two_lock_holders_ms"] or 0))
                    for t in trials]
        self.assertEqual(ms(row["overlap_max_ms"]), max(overlaps))
        self.assertAlmostEqual(ms(row["overlap_ms"]), sum(overlaps) / len(trials), delta=1)
        leaderless = [ms(t["leaderless_ms"] or 0) for t in trials]
        self.assertEqual(ms(row["leaderless_max_ms"] or 0), max(leaderless))
        self.assertAlmostEqual(ms(row["leaderless_ms"] or 0), sum(leaderless) / len(trials),
                               delta=1)
        if bad or blocked:  # the sentence is that of the first trial, of the check it names
            said = [one["explanation"] for one in violations if one["trial"] == row["first_trial"]]
            self.assertTrue(any(one.startswith(row["why"]) for one in said), (row["why"], said))
        undecided = sum(trial["verdict"] == "undecided" for trial in trials)
        self.assertEqual(int(row["unknown"]), undecided)
        if row["unfenced_writes"]:
            stale = sum(int(t["stale_writes"]) for t in trials)
            self.assertEqual(int(row["unfenced_writes"]), stale)

    def test_what_could_not_fail_does_not_hold(self):
        """A fault that never comes, a check that cannot fire."""
        (self.folder / "never.yaml").write_text(
            "name: never\nnodes: 3\nduration: 1s\n"
            "faults: [{when: {who: 1, does: leads, nth: 50}, crash: 1}]\n")
        (self.folder / "alone.yaml").write_text(
            "name: alone\nnodes: 1\nduration: 1s\nexpect: {checks: {two_leaders: never}}\n")
        self.matrix("--against", "lease+token,lease+setnx", "--trials", "2", "never.yaml",
                    "alone.yaml", codes=(0,))
        told = rows(self.folder / "m/matrix.csv")
        self.assertEqual([row["cell"] for row in told], 4 * ["does not apply"])
        self.assertIn("crash 1 was not done", told[0]["why"])
        self.assertIn("two_leaders could not fire", told[3]["why"])

class Whole(Matrix):
    def files(self, into):
        """Without run.json, which says when, and the parts of files that a kill may leave."""
        return {str(path.relative_to(self.folder / into)): path.read_bytes()
                for path in sorted((self.folder / into).rglob("*"))
                if path.is_file() and path.name[0] != "." and path.name != "run.json"}

    def test_ctrl_c_leaves_what_is_finished(self):
        words = ["--against", AGAINST, *SOME]
        trials, code, _, said = until_interrupted(
            lambda trials: subprocess.Popen(
                [HUSTINGS, "matrix", "--into", "m", "--trials", str(trials), *words],
                cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True),
            self.folder / "m", 100)
        words += ["--trials", str(trials)]
        self.assertEqual(code, 130, said)
        self.assertIn("interrupted; ", said)
        self.assertIn("of 25 cells are finished", said)
        finished = len(rows(self.folder / "m/matrix.csv"))
        self.assertIn(finished, range(1, 25))
        part = hustings("merge", "m", cwd=self.folder)
        self.assertEqual(part.returncode, 2, part.stderr)
        self.assertIn("m is no shard of several", part.stderr)
        self.matrix(*words, codes=(1,))
        self.assertEqual(len(rows(self.folder / "m/matrix.csv")), 25)

    def test_a_folder_of_its_own_is_the_latest(self):
        for name in ("matrix.csv", "plan.txt", "cells.txt"):
            (self.folder / name).write_text("precious", encoding="utf-8")
        run = hustings("matrix", "--against", "own", "--trials", "2", SOME[0], cwd=self.folder)
        latest = self.folder / "results/latest"
        before = (latest / "matrix.csv").read_bytes()
        for into in ("results/" + str(latest.readlink()), "results/latest"):
            merged = hustings("merge", into, cwd=self.folder)
            self.assertEqual(merged.returncode, run.returncode, merged.stderr)
        self.assertEqual((latest / "matrix.csv").read_bytes(), before)
        self.assertEqual(sorted(path.name for path in (self.folder / "results").iterdir()),
                         [str(latest.readlink()), "latest"])
        for name in ("matrix.csv", "plan.txt", "cells.txt"):
            self.assertEqual((self.folder / name).read_text(encoding="utf-8"), "precious")

    def test_a_folder_of_another_matrix_is_refused(self):
        self.matrix("--against", "own", "--trials", "2", SOME[0])
        run = self.matrix("--against", "own", "--trials", "3", SOME[0], codes=(3,))
        self.assertIn("cells.txt", run.stderr)
        run = self.matrix("--against", "own", "--trials", "2", "--seed", "0", SOME[0], codes=(3,))
        self.assertIn("cells.txt", run.stderr)

    def test_shards_that_are_merged_come_to_the_same_bytes(self):
        words = ["--against", AGAINST, "--trials", "3", *SOME]
        self.matrix(*words, into="whole")
        for shard in ("1/3", "3/3"):
            self.matrix(*words, "--shard", shard, into="parts")
        run = hustings("merge", "parts", cwd=self.folder)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertIn("8 of 25 cells are missing, of --shard 2/3;", run.stderr)
        self.matrix(*words, "--shard", "2/3", into="parts")
        run = hustings("merge", "--into", "merged", "parts", cwd=self.folder)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertEqual(self.files("merged"), self.files("whole"))
        run = hustings("merge", "parts", cwd=self.folder)
        self.assertEqual(run.returncode, 1, run.stderr)
        whole = self.files("whole")
        self.assertEqual({name: text for name, text in self.files("parts").items()
                          if not name.startswith("shard-")}, whole)

    def test_what_only_some_trials_tested_holds_in_those(self):
        """Under a Redlock that is a lease only who got too few servers gives them back."""
        run = self.matrix("--against", "lease+redlock", "--trials", "100",
                          f"{FOLDER}/foreign-release.yaml", codes=(0,))
        (row,) = rows(self.folder / "m/matrix.csv")
        self.assertEqual((row["cell"], row["unknown"], row["broken"]), ("holds", "0", ""))
        self.assertIn(int(row["held"]), range(1, 50))
        self.assertEqual(int(row["held"]) + int(row["untested"]), 100)
        self.assertIn("foreign_release could not fire", row["why"])
        self.assertIn("foreign-release holds*", run.stdout)
        self.assertIn("* Some trials only tested it", run.stdout)

    def test_a_story_is_told_in_the_time_of_another_lease(self):
        """What breaks under the story's lease breaks under one of another length, and what holds
        holds: but for one story, whose idle leader is idle for as long as people mind."""
        pairs = (("lease+token", "lease:duration=15s+token"),
                 ("lease+record", "lease:duration=300ms+record"),
                 ("article+token", "article+token:ttl=15s"),
                 ("article+setnx", "article+setnx:ttl=300ms"))
        against = ",".join(name for pair in pairs for name in pair)
        self.matrix("--against", against, "--trials", "10", FOLDER, codes=(1,))
        told = {(row["story"], row["combination"]): row
                for row in rows(self.folder / "m/matrix.csv")}
        for story in {name for name, _ in told} - {"renewal-dies-silently"}:
            for one, other in pairs:
                with self.subTest(story=story, combination=other):
                    self.assertEqual(told[story, other]["cell"], told[story, one]["cell"])

    def test_what_time_makes_of_the_exit(self):
        run = self.matrix("--against", "own", "--trials", "300", "--for", "1ms", *SOME,
                          "--jobs", "1", codes=(5,), into="late")
        self.assertIn("stopped; ", run.stderr)

    def test_the_picture_has_every_cell(self):
        self.matrix("--against", AGAINST, "--trials", "2", *SOME)
        picture = tree.parse(self.folder / "m/matrix.svg").getroot()
        names = [node.text for node in picture.iter("{http://www.w3.org/2000/svg}text")]
        for word in [*AGAINST.split(","), "leader-stalls", "fsync-window"]:
            self.assertIn(word, names)
        told = rows(self.folder / "m/matrix.csv")
        links = [node.get("href") for node in picture.iter("{http://www.w3.org/2000/svg}a")]
        self.assertEqual(links, [row["file"] for row in told if row["trials"] != "0"])
        for link in links:
            self.assertTrue((self.folder / "m" / link).exists(), link)

    def test_fail_fast_begins_no_other_cell(self):
        for _ in ("first", "again"):
            run = self.matrix("--against", "lease+token,own", "--trials", "2", "--jobs", "1",
                              "--fail-fast", *SOME, codes=(1,))
            self.assertEqual(len(rows(self.folder / "m/matrix.csv")), 1)
            self.assertIn("1 of 10 cells are finished", run.stderr)
            self.assertRegex(run.stderr, r"stopped by --fail-fast at \S+@lease\+token;.*"
                                         r"without --fail-fast, goes on")
        self.assertIsNone(json.loads((self.folder / "m/run.json").read_bytes())["finished_at"])

    def test_one_cell_and_the_command_that_shows_it(self):
        run = self.matrix("--cell", "leader-stalls@lease+token", "--trials", "2", codes=(1,))
        self.assertIn("leader-stalls@lease+token breaks: stale_write", run.stdout)
        self.assertIn("accepted 1 write", " ".join(run.stdout.split()))
        command = [line.split(maxsplit=2)[2] for line in run.stdout.splitlines()
                   if line.strip().startswith("shown by")][0]
        again = hustings(*command.split()[1:], "--out", "r", cwd=self.folder)
        self.assertEqual(again.returncode, 1, again.stderr)
        self.assertIn("stale_write", again.stdout)


class Words(Matrix):
    def refused(self, *words):
        run = hustings("matrix", "--into", "m", *words, cwd=self.folder)
        self.assertEqual(run.returncode, 2, run.stdout + run.stderr)
        self.assertFalse((self.folder / "m").exists())
        lines = [line for line in run.stderr.splitlines() if not line.startswith("Try: ")]
        self.assertEqual(len(lines), 1, run.stderr)
        return run.stderr

    def test_what_is_wrong_is_one_line(self):
        self.assertIn('"raft": there is no such protocol', self.refused("--against", "raft+token"))
        self.assertIn("write PROTOCOL+LOCK", self.refused("--against", "lease"))
        self.assertIn("there is no story in it", self.refused("."))
        (self.folder / "bad.yaml").write_text("starts: {1: 0s}\n")
        self.assertIn('"starts" is the story\'s to say', self.refused("--against", "bad.yaml"))
        (self.folder / "bad.yaml").write_text("lock: {tokn: {}}\n")
        self.assertIn('line 1: "tokn"', self.refused("--against", "bad.yaml"))
        (self.folder / "bad.yaml").write_text("program: [worker]\n")
        self.assertIn("add --on processes", self.refused("--against", "bad.yaml"))
        self.assertIn("cannot be read", self.refused("--against", "none.yaml"))
        (self.folder / "worker.py").write_text("pass\n")
        self.assertIn("make it executable", self.refused("--against", "./worker.py"))
        self.assertIn("there is no such protocol", self.refused("--against", "./none.py+token"))
        self.assertIn("nowhere", self.refused("nowhere"))
        self.assertIn("give model or processes", self.refused("--on", "moon"))
        self.assertIn("such as 3/8", self.refused("--shard", "9/8", SOME[0]))
        self.assertIn("give a time", self.refused("--for", "long", SOME[0]))
        self.assertIn("give STORY@COMBINATION", self.refused("--cell", "leader-stalls"))
        self.assertIn("there is no story moon", self.refused("--cell", "moon@own"))

    def test_blanks_and_other_letters_in_names(self):
        """Of folders, files and combinations: the commands that are told can be typed."""
        place = self.folder / "mein Ordner ä"
        place.mkdir()
        shutil.copy(SOME[0], place / "eine Datei ü.yaml")
        (self.folder / "Schloß +1@2: x.yaml").write_text("protocol: lease\nlock: token\n")
        words = ["--against", "lease+token,Schloß +1@2: x.yaml", "--trials", "2", place]
        run = self.matrix(*words, into="aus gabe/é", codes=(1,))
        told = rows(self.folder / "aus gabe/é/matrix.csv")
        self.assertEqual([row["combination"] for row in told],
                         ["lease+token", "Schloß +1@2: x"])
        for row in told:
            again = hustings(*shlex.split(row["command"])[1:], "--out", self.folder / "r",
                             cwd=self.folder / "aus gabe/é")
            self.assertEqual(again.returncode, 1, again.stderr)
        self.assertIn("'aus gabe/é/cells/", run.stdout)
        run = self.matrix("--cell", "leader-stalls@Schloß +1@2: x", *words, into="one", codes=(1,))
        self.assertIn("leader-stalls@Schloß +1@2: x breaks", run.stdout)
        self.assertEqual(len((self.folder / "one/cells.txt").read_text().splitlines()), 2)
        self.assertIn("there is no combination own",
                      self.refused("--cell", "leader-stalls@own", *words))

    def test_two_stories_of_one_name(self):
        shutil.copy(SOME[0], self.folder / "again.yaml")
        self.assertIn("another story of the name", self.refused(SOME[0], "again.yaml"))


if __name__ == "__main__":
    unittest.main()
