#!/usr/bin/python3
"""hustings wherever it lies, and wherever it is called: it finds its parts, names itself as it was
called, and the command that repeats a trial works from any folder."""
import os
import pathlib
import re
import shlex
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402
from support.stage import BUILD, HUSTINGS, ROOT, Worlds  # noqa: E402

LIBRARY = "hustings_clock.so"
FAILS = "expect: {leaders: [3]}\n"
SHIFTS = "faults: [{at: 100ms, jump: redis, by: 5s}]\n"
SHORT = {"duration": "1s"}
ALONE = {**SHORT, "nodes": 1}  # where a lock that runs out early harms nobody


class Parts(Worlds):
    """The library that shifts the clock of a private Redis."""

    def copy(self, *folders):
        """The program alone, in a folder of its own."""
        place = pathlib.Path(self.folder, *folders)
        place.mkdir(parents=True)
        return shutil.copy(HUSTINGS, place / "hustings")

    def run_copy(self, program, *scenarios):
        return until_judged(lambda: judged(self.end(
            self.start(program, "run", "--trials", "1", "--out", self.out, *scenarios)
        ), self.out))  # fmt: skip

    def test_what_is_missing_is_said_before_anything_runs(self):
        program = self.copy("bin")
        fine, shifts = self.scenario(**SHORT), self.scenario(SHIFTS, **ALONE)
        lost = self.scenario("faults: [{at: 100ms, power_loss: redis}]\n", **SHORT)
        for scenarios in ([shifts], [fine, shifts], [lost]):
            run = self.run_copy(program, *scenarios)
            self.assert_world_failed(run, LIBRARY, f"{self.folder}/bin", "lib", scenarios[-1])
            self.assertEqual(run.stdout, "")
            self.assertFalse(os.path.exists(self.out))
        self.assertEqual(self.run_copy(program, fine).returncode, 0)

    def test_it_lies_beside_the_program(self):
        program = self.copy("my own place")
        shutil.copy(BUILD / LIBRARY, f"{self.folder}/my own place")
        run = self.run_copy(program, self.scenario(SHIFTS, **ALONE))
        self.assertEqual((run.returncode, run.stderr), (0, ""), run)
        link = f"{self.folder}/link"
        os.symlink(program, link)
        run = self.run_copy(link, self.scenario(SHIFTS, **ALONE))
        self.assertEqual((run.returncode, run.stderr), (0, ""), run)


class Names(Worlds):
    def from_folder(self, folder, *command, environment=None):
        return self.end(self.start(*command, cwd=folder, environment=environment))

    def assert_called(self, called, run):
        """Everything that it tells one to type begins with the name it was called by."""
        said = run.stdout + run.stderr
        told = re.findall(r"^(?:  next     |Begin with: |Usage: |Try: )(.*)", said, re.MULTILINE)
        self.assertTrue(told, run)
        for command in told:
            self.assertTrue(command.startswith(f"{called} "), (called, command))

    def test_it_names_itself_as_it_was_called(self):
        path = f"{ROOT}/scenarios/course/01-first-election.yaml"
        beside = f"{self.folder}/beside"
        os.mkdir(beside)
        os.symlink(HUSTINGS, f"{self.folder}/hustings")
        on_path = {"PATH": f"{self.folder}:{os.environ['PATH']}"}
        for called, more in (
            (HUSTINGS, None), ("../hustings", None), ("hustings", on_path),
            ("./my/../../hustings", None),
        ):  # fmt: skip
            os.makedirs(f"{beside}/my", exist_ok=True)
            with self.subTest(called):
                # The shell looks for it on PATH, and hands over the word.
                def call(*words, called=called, more=more):
                    line = shlex.join([called, *words])
                    return self.from_folder(beside, "sh", "-c", line, environment=more)

                self.assert_called(called, call("--help"))
                self.assert_called(called, call())
                self.assert_called(called, call("help"))
                self.assert_called(called, call("run", "--help"))
                self.assert_called(called, call("help", "run"))
                self.assert_called(called, call("run", "--nonsense"))
                self.assert_called(called, call("run", "--on", "model", "--out", self.out, path))

    def test_the_launcher_is_named_by_its_own_name(self):
        """It is in front of the program, whose folder is no business of the user's."""
        run = self.from_folder(
            self.folder, HUSTINGS, "--help", environment={"HUSTINGS_CALLED": "sim/hustings"}
        )
        self.assert_called("sim/hustings", run)

    def test_what_it_names_is_there(self):
        """Whatever folder it is called from, the scenarios that come with it are found."""
        for folder in (self.folder, ROOT):
            for command, lead in (
                (("--help",), "Begin with"), (("run",), "Try"), (("lint",), "Try"),
                (("run", "--help"), "Example"),
            ):  # fmt: skip
                with self.subTest(folder=folder, command=command):
                    run = self.from_folder(folder, HUSTINGS, *command)
                    told = re.search(rf"{lead}:\s+(.*)", run.stdout + run.stderr)[1]
                    word = shlex.split(told)[-1]
                    line = f"{shlex.quote(HUSTINGS)} lint --quiet {word}"  # of lint: a pattern
                    found = self.from_folder(folder, "sh", "-c", line)
                    self.assertEqual((found.returncode, found.stderr), (0, ""), told)

    def test_next_is_a_lesson_and_no_file_of_ones_own(self):
        lesson = f"{ROOT}/scenarios/course/01-first-election.yaml"
        for name in ("own.yaml", "zebra.yaml"):
            shutil.copy(lesson, f"{self.folder}/{name}")
        for path, suggested in (
            (lesson, " run course/02-a-node-submits\n"), (f"{self.folder}/own.yaml", None),
        ):  # fmt: skip
            run = self.from_folder(
                self.folder, HUSTINGS, "run", "--on", "model", "--out", self.out, path
            )
            self.assertEqual(run.returncode, 0, run)
            if suggested:
                self.assertIn(suggested, run.stdout)
            else:
                self.assertNotIn("  next ", run.stdout)

    def test_thousands_are_set_apart(self):
        """Wherever something is counted: only a trial's number stays as it is typed."""
        early = f"{ROOT}/scenarios/course/07-the-early-bird.yaml"
        run = self.from_folder(
            self.folder, HUSTINGS, "run", "--on", "model", "--trials", "3000", "--histories",
            "none", "--out", self.out, early,
        )  # fmt: skip
        told = re.sub(r"trial \d+", "trial", run.stdout[: run.stdout.index("  results ")])
        self.assertRegex(told, r"×1,\d{3} ")
        self.assertNotRegex(told, r"\d{4}")

    def test_a_scenario_is_no_verb(self):
        run = self.from_folder(self.folder, HUSTINGS, "my own.yaml")
        self.assertEqual(run.returncode, 2)
        self.assert_one_line(run.stderr, "is no verb", "try: ", " run 'my own.yaml'")

    def test_latency_is_the_models(self):
        run = self.from_folder(
            self.folder, HUSTINGS, "run", "--latency", "x.json", self.scenario(**SHORT)
        )
        self.assertEqual(run.returncode, 2)
        self.assert_one_line(run.stderr, "--latency: ", "add --on model")


class Again(Worlds):
    def repeat(self, run):
        self.assertEqual(run.returncode, 1, run)
        return re.search(r"^  repeat   (.*)$", run.stdout, re.MULTILINE)[1]

    def fail(self, *options):
        """A run that fails, called by relative names in a folder with a blank and a quote."""
        place = pathlib.Path(self.folder, "ann's place")
        place.mkdir(exist_ok=True)
        shutil.copy(self.scenario(FAILS, **SHORT), place / "it fails.yaml")
        if not (place / "hustings").exists():
            os.symlink(HUSTINGS, place / "hustings")
        return until_judged(lambda: judged(self.end(
            self.start("./hustings", "run", "--out", "my results", *options, "it fails.yaml",
                       cwd=place, executable=place / "hustings")
        ), place / "my results"))  # fmt: skip

    def again(self, command):
        """What the command does in another folder, by a shell."""
        results = pathlib.Path(self.folder, "ann's place", "my results")
        return until_judged(
            lambda: judged(self.end(self.start("sh", "-c", command, cwd="/")), results)
        )

    def test_it_works_from_any_folder_and_keeps_what_was_asked_for(self):
        seed = re.compile(r"seed (\d+)")
        results = pathlib.Path(self.folder, "ann's place", "my results")
        for host in ("model", "processes"):
            with self.subTest(host):
                first = self.fail("--on", host, "--histories", "none")
                runs = len(os.listdir(results))
                again = self.again(self.repeat(first))
                self.assertEqual(seed.findall(again.stdout), seed.findall(first.stdout))
                self.assertEqual(self.repeat(again), self.repeat(first))
                self.assertGreater(len(os.listdir(results)), runs)
                for latest in ((results / "latest").resolve(),):
                    self.assertEqual(os.listdir(latest / "history"), [])

    def test_the_tables_have_it_too(self):
        first = self.fail("--on", "model", "--trials", "3")
        self.out_folder = pathlib.Path(self.folder, "ann's place", "my results")
        trials = (self.out_folder / "latest" / "trials.csv").read_text(encoding="utf-8")
        command = trials.splitlines()[2].split(",")[-1]
        self.assertEqual(first.returncode, 1)
        again = self.end(self.start("sh", "-c", f"{command} --out {self.out}", cwd="/"))
        self.assertEqual(again.returncode, 1, again)
        wanted = trials.splitlines()[2].split(",")
        got = self.rows("trials")[0]
        for column in ("seed", "verdict", "final_leader", "duration_ms", "requests"):
            at = trials.splitlines()[0].split(",").index(column)
            self.assertEqual(got[column].strip('"'), wanted[at].strip('"'), column)

    def test_on_processes_it_is_no_replay(self):
        words = "Another run, not a replay"
        self.assertNotIn(words, self.fail("--on", "model").stdout)
        said = self.fail("--on", "processes").stdout
        self.assertEqual(said.count(words), 1, said)
        self.assertIn("replay: false", self.fail("--format", "tap").stdout)
        self.assertIn(words, self.fail("--format", "junit").stdout)
        self.assertIn('"replay":false', self.fail("--format", "json").stdout)
        self.assertIn('"replay":true', self.fail("--on", "model", "--format", "json").stdout)


if __name__ == "__main__":
    unittest.main()
