#!/usr/bin/python3
"""All verbs, alike: --help and -h with an example, unknown options and missing values refused in
one line and a hint, with exit 2 and nothing on standard output."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import HUSTINGS, Stage  # noqa: E402

WITH_A_VALUE = {
    "run": "--out", "check": "--format", "compare": "--format", "calibrate": "--out",
    "clean": "--redis", "lint": "--format", "node": "--id", "master": "--redis",
}  # fmt: skip


class Verbs(Stage):
    def verbs(self):
        said = self.hustings("--help").stdout
        verbs = re.findall(r"^  ([a-z]+) +[a-z]", said, re.MULTILINE)
        self.assertGreaterEqual(set(verbs), {*WITH_A_VALUE, "list"})
        return verbs

    def refused(self, verb, word, what, *words):
        run = self.hustings(verb, *words)
        self.assertEqual((run.returncode, run.stdout), (2, ""), run)
        self.assertEqual(
            run.stderr,
            f'hustings {verb}: "{word}": {what}\nTry: {HUSTINGS} {verb} --help\n',
        )

    def test_each_has_a_help_with_an_example(self):
        for verb in self.verbs():
            with self.subTest(verb):
                helps = self.hustings(verb, "--help")
                self.assertEqual((helps.returncode, helps.stderr), (0, ""))
                self.assertTrue(helps.stdout.startswith(f"Usage: {HUSTINGS} {verb}"
                                if verb != "master" else "Usage: "))  # fmt: skip
                self.assertIn("\nExample", helps.stdout)
                example = helps.stdout.split("\nExample")[1]
                self.assertIn(f"{HUSTINGS} {verb} ".rstrip(), example)
                self.assertEqual(self.hustings(verb, "-h").stdout, helps.stdout)

    def test_what_is_listed_fits_the_screen(self):
        """80 columns where nobody says how many there are, and otherwise as many as there are."""
        def widest(columns, *words):
            listed = self.hustings(*words, environment={"COLUMNS": columns}).stdout
            lines = [line for line in listed.splitlines() if HUSTINGS not in line]
            return max(lines, key=len)

        self.assertLess(len(widest("", "list")), 80)
        self.assertLess(len(widest("60", "list")), 60)
        named = self.hustings("node", "--help").stdout.split("Of the election:")[1]
        self.assertLess(max(map(len, named.split("\nWhile it runs")[0].splitlines())), 80)

    def test_an_unknown_option_is_refused(self):
        for verb in self.verbs():
            with self.subTest(verb):
                self.refused(verb, "--nonsense", "there is no such option", "--nonsense")
                self.refused(verb, "-X", "there is no such option", "-X")
                self.refused(verb, "--help=me", "this option takes no value", "--help=me")

    def test_a_value_that_is_missing_is_refused(self):
        for verb, option in WITH_A_VALUE.items():
            with self.subTest(verb):
                self.refused(verb, option, "this option needs a value", option)

    def test_no_verb_and_no_such_verb(self):
        self.assertEqual(self.hustings().returncode, 2)
        run = self.hustings("walk")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assert_one_line(run.stderr, '"walk"', "--help")


if __name__ == "__main__":
    unittest.main()
