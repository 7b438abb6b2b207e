#!/usr/bin/python3
"""The manual in all its forms: each has every verb and every option, none is stale, the pages for
man are without a complaint, and what is printed fits the screen."""
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import HUSTINGS, Stage  # noqa: E402

# The verbs that take a scenario, or list what it is made of.
TAKE_SCENARIOS = {"run", "course", "lint", "list", "sweep", "matrix"}
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed")


class Manual(Stage):
    def setUp(self):
        super().setUp()
        self.into = pathlib.Path(self.folder, "the manual")
        run = self.hustings("help", "--into", str(self.into))
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
        self.pages = {path.name[:-2]: path for path in self.into.glob("man/man*/*.[15]")}

    @functools.cache
    def help(self, verb, columns=""):
        run = self.hustings("help", verb, environment={"COLUMNS": columns})
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout

    @functools.cache
    def verbs(self):
        said = self.hustings("help").stdout
        return re.findall(r"^  ([a-z]+) +[a-z]", said, re.MULTILINE)

    def options(self, verb):
        return re.findall(r"^  (?:-\w, |    )--([-a-z]+)", self.help(verb), re.MULTILINE)

    def test_each_form_has_every_option_of_every_verb(self):
        markdown = self.hustings("help", "--to", "markdown").stdout
        chapters = dict(
            zip(*[iter(re.split(r"^## (\w+)\n", markdown, flags=re.MULTILINE)[1:])] * 2)
        )
        shells = {
            name: (self.into / name).read_text(encoding="utf-8")
            for name in ("bash/hustings", "zsh/_hustings", "fish/hustings.fish")
        }
        self.assertEqual(list(chapters), self.verbs())
        self.assertEqual(
            {"hustings", "hustings-scenario"} | {f"hustings-{verb}" for verb in self.verbs()},
            set(self.pages),
        )
        for verb in self.verbs():
            page = self.pages[f"hustings-{verb}"].read_text(encoding="utf-8")
            self.assertIn("help", self.options(verb))
            for option in self.options(verb):
                with self.subTest(verb=verb, option=option):
                    self.assertIn("Fl \\-" + option.replace("-", "\\-"), page)
                    self.assertRegex(shells["zsh/_hustings"], rf"--{option}[=\[}}']")
                    self.assertRegex(
                        shells["fish/hustings.fish"],
                        rf"(?m)^complete -c hustings -n '__hustings_verb {verb}' -l {option} ",
                    )
                    self.assertRegex(shells["bash/hustings"], rf"--{option}[ ']")
                    if option != "help":
                        self.assertRegex(chapters[verb], rf"(?m)^- `(-\w, )?--{option}[ `\[]")

    def test_the_page_in_the_sources_is_not_stale(self):
        said = self.hustings("help", "--to", "markdown").stdout
        there = (ROOT / "sim/cli/MANUAL.md").read_text(encoding="utf-8")
        self.assertEqual(there, said, "run tests/manual/write, and read what has changed")

    def test_it_fits_the_screen(self):
        """Lines of commands are as long as they are: they are to be copied."""
        for columns, width in (("", 80), ("80", 80), ("60", 60), ("200", 100)):
            for verb in self.verbs():
                with self.subTest(verb=verb, columns=columns):
                    lines = self.help(verb, columns).splitlines()
                    text = [line for line in lines if HUSTINGS not in line and "--" not in line]
                    self.assertLess(max(map(len, text)), width)
        for verb in self.verbs():
            said = self.help(verb).replace(HUSTINGS, "hustings")
            with self.subTest(verb=verb):
                self.assertLessEqual(max(map(len, said.splitlines())), 80)

    def test_a_page_of_each_verb_alone(self):
        for form, words in (
            ("man", ".Dt HUSTINGS\\-RUN 1\n"), ("markdown", "## run\n"), ("text", "Usage: "),
        ):  # fmt: skip
            run = self.hustings("help", "--to", form, "run")
            self.assertEqual((run.returncode, run.stderr), (0, ""))
            self.assertIn(words.replace("\\-", "-"), run.stdout)
        self.assertIn(".Dt HUSTINGS 1\n", self.hustings("help", "--to", "man").stdout)

    def test_the_pages_refer_to_pages(self):
        for name, path in self.pages.items():
            text = path.read_text(encoding="utf-8")
            seen = re.findall(r"^\.Xr (\S+) [15]", text, re.MULTILINE)
            takes = name.removeprefix("hustings-") in TAKE_SCENARIOS or name == "hustings"
            self.assertEqual(seen[-1:] == ["hustings-scenario"], takes, name)
            seen = [other for other in seen if other != "hustings-scenario"]
            self.assertGreaterEqual(len(seen), 1, name)
            self.assertEqual(seen, sorted(seen), name)
            self.assertLessEqual(set(seen), set(self.pages) - {name}, name)
            self.assertTrue(text.isascii(), name)

    @needs("mandoc")
    def test_mandoc_finds_nothing(self):
        paths = [str(path) for path in self.pages.values()]
        run = subprocess.run(
            ["mandoc", "-T", "lint", "-W", "all", *paths],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        # It looks for those that we refer to in the folders of the system: see the test above.
        found = [line for line in run.stdout.splitlines() if "referenced manual not f" not in line]
        self.assertEqual((found, run.stderr), ([], ""))

    @needs("man")
    def test_man_finds_nothing_and_shows_it_all(self):
        for name, path in self.pages.items():
            with self.subTest(name):
                run = subprocess.run(
                    ["man", "--warnings", "-l", str(path)], capture_output=True, text=True,
                    env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"}, check=False,
                )  # fmt: skip
                self.assertEqual((run.returncode, run.stderr), (0, ""))
                sections = ["NAME", "DESCRIPTION", "EXAMPLES", "SEE ALSO"]
                if path.name.endswith("1"):
                    sections += ["SYNOPSIS", "EXIT STATUS"]
                for section in sections:
                    self.assertIn(f"\n{section}\n", run.stdout)

    def test_each_verb_says_that_its_output_may_not_be_written(self):
        for verb in self.verbs():
            with self.subTest(verb):
                self.assertRegex(self.help(verb), r"(?s)\nExit status:\n.*\n    3  ")
        with open("/dev/full", "w", encoding="utf-8") as full:
            run = subprocess.run([HUSTINGS, "list"], stdout=full, stderr=subprocess.PIPE, text=True,
                                 check=False)  # fmt: skip
        self.assertEqual(run.returncode, 3)
        self.assert_one_line(run.stderr, "hustings: cannot write to standard output")

    def test_a_verdict_of_merged_shards_is_among_the_exit_codes(self):
        scenario = self.scenario(
            "faults: [{when: settled, crash: leader}]\nexpect: {checks: {dead_leader: never}}\n",
            duration="3s",
        )
        into = os.path.join(self.folder, "parts")
        for part in ("1/2", "2/2"):
            run = self.hustings("run", "--on", "model", "--trials", "2", "--shard", part, "--into",
                                into, scenario)  # fmt: skip
            self.assertEqual(run.returncode, 0, run)
        self.assertEqual(self.hustings("merge", into).returncode, 1)
        self.assertRegex(self.help("merge"), r"\n    1  .*\n(.*\n)*    4  ")
        self.assertIn("with --shard: all trials", self.help("run"))

    def test_it_cannot_be_written(self):
        blocked = pathlib.Path(self.folder, "blocked")
        blocked.write_text("a file", encoding="utf-8")
        run = self.hustings("help", "--into", str(blocked))
        self.assertEqual((run.returncode, run.stdout), (3, ""))
        self.assert_one_line(run.stderr, f"hustings help: {blocked}")

    def test_wrong_usage(self):
        for words, told in (
            (("help", "walk"), '"walk" is no verb'), (("help", "run", "list"), "one verb"),
            (("help", "--into", self.folder, "run"), "name none"),
            (("help", "--into", self.folder, "--to", "man"), "leave --to out"),
            (("help", "--into", self.folder, "--to", "text"), "leave --to out"),
            (("help", "--to", "bash", "run"), "name none"),
            (("help", "--to", "doc"), "give text, man, markdown, bash, zsh or fish"),
        ):  # fmt: skip
            run = self.hustings(*words)
            self.assertEqual((run.returncode, run.stdout), (2, ""))
            self.assertIn(told, run.stderr)

    def test_a_program_whose_path_has_a_blank(self):
        """Commands can be typed, wherever it lies."""
        tools = pathlib.Path(self.folder, "my tools")
        tools.mkdir()
        (tools / "hustings").symlink_to(HUSTINGS)
        called = f"'{tools}/hustings'"
        for words, told in (
            (("--help",), f"Usage: {called} VERB "), (("run", "--help"), f"\n    {called} run c"),
            (("run", "--nonsense"), f"Try: {called} run --help\n"),
            (("run",), f"Try: {called} run "), (("walk",), f"try: {called} --help\n"),
            (("mine.yaml",), f"try: {called} run mine.yaml\n"),
        ):  # fmt: skip
            run = self.start(str(tools / "hustings"), *words)
            out, err = run.communicate(timeout=60)
            with self.subTest(words):
                self.assertIn(told, out + err)

    def test_the_page_of_scenarios_has_all_that_list_has(self):
        page = self.pages["hustings-scenario"].read_text(encoding="utf-8")
        rows = json.loads(self.hustings("list", "--format", "json").stdout)
        for topic in ("protocols", "locks", "topologies", "faults", "moments", "checks"):
            for row in rows[topic]:
                for name in [row["name"], *(param["name"] for param in row.get("params", []))]:
                    with self.subTest(topic=topic, name=name):
                        self.assertRegex(page, rf"(?m)^\.It Ic {re.escape(name)}$")
        example = re.findall(r"\.Bd -literal[^\n]*\n(name: .*?)\n\.Ed", page, re.DOTALL)
        self.assertEqual(len(example), 1)
        text = example[0].replace("\\-", "-")
        run = self.hustings("run", "--on", "model", "--out", self.out, "-", stdin=self.file(text))
        self.assertEqual((run.returncode, run.stderr), (0, ""), run)
        printed = self.hustings("list", "--format", "man").stdout
        self.assertEqual(printed, page)

    def file(self, text):
        path = pathlib.Path(self.folder, "scenario.yaml")
        path.write_text(text, encoding="utf-8")
        file = path.open(encoding="utf-8")
        self.addCleanup(file.close)
        return file

    def test_the_examples_can_be_typed(self):
        """What an example runs is there, and its options are taken: as far as that is quick."""
        for verb in self.verbs():
            example = self.help(verb).split("\nExample", 1)[1].split("\nExit status")[0]
            commands = re.findall(rf"^    {re.escape(HUSTINGS)} (.*)$", example, re.MULTILINE)
            self.assertGreaterEqual(len(commands), 1, verb)
            for command in commands:
                with self.subTest(command):
                    for name in re.findall(r"course/\d\d", command):
                        lint = self.hustings("lint", "--quiet", name)
                        self.assertEqual((lint.returncode, lint.stderr), (0, ""))
                    used = set(re.findall(r" --([-a-z]+)", command))
                    self.assertLessEqual(used, set(self.options(command.split()[0])))

    def test_the_scenarios_are_listed_by_the_names_that_run_takes(self):
        listed = self.hustings("list", "scenarios")
        self.assertEqual((listed.returncode, listed.stderr), (0, ""))
        names = re.findall(r"^  (\S+)$", listed.stdout, re.MULTILINE)
        files = [
            f"{folder}/{path.stem}"
            for folder in ("course", "catalogue")
            for path in (ROOT / "scenarios" / folder).glob("*.yaml")
        ]
        self.assertEqual(sorted(names), sorted(files))
        lint = self.hustings("lint", "--format", "json", *names)
        self.assertEqual(lint.returncode, 0, lint.stderr)
        self.assertEqual(len(json.loads(lint.stdout)), len(names))
        self.assertIn("\n      Lesson 1: the first election\n", listed.stdout)
        self.assertNotIn("scenarios:", self.hustings("list").stdout)


if __name__ == "__main__":
    unittest.main()
