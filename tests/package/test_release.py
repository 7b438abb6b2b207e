"""What .github/release finds to do before a release, in a small repository of its own."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
GOOD = {
    "CMakeLists.txt": "project(hustings VERSION 0.2.0 LANGUAGES C)\n",
    ".github/CHANGELOG.md": "# Changes\n\n## 0.2.0 (2026-12-24)\n\nX.\n\n## 0.1.0 (2026-12-01)\n",
    ".github/CITATION.cff": "version: 0.2.0\n",
}


@unittest.skipUnless(shutil.which("git"), "there is no git")
class Release(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.house = folder.name
        os.makedirs(os.path.join(self.house, ".github"))
        shutil.copy(os.path.join(ROOT, ".github/release"), os.path.join(self.house, ".github"))
        for name, text in GOOD.items():
            self.write(name, text)

    def write(self, name, text):
        with open(os.path.join(self.house, name), "w", encoding="utf-8") as file:
            file.write(text)

    def git(self, *words):
        environment = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
        who = ["-c", "user.name=x", "-c", "user.email=x@y.z"]
        subprocess.run(["git", "-C", self.house, *who, *words], env=environment, check=True,
                       capture_output=True)  # fmt: skip

    def commit(self, *tags):
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "all")
        for tag in tags:
            self.git("tag", tag)

    def said(self, *words):
        """(exit status, what is to do: lines without their beginning)"""
        done = subprocess.run(["sh", ".github/release", *words], cwd=self.house, check=False,
                              capture_output=True, text=True)  # fmt: skip
        lines = done.stdout.splitlines()
        return done.returncode, [line[7:] for line in lines if line.startswith("to do: ")], done

    def assert_one_thing_to_do(self, begins, version="0.2.0"):
        status, todo, done = self.said(version)
        self.assertEqual((status, len(todo)), (1, 1), done)
        self.assertTrue(todo[0].startswith(begins), todo)
        self.assertNotIn("git tag", done.stdout)

    def test_when_all_is_done_the_commands_are_printed_and_nothing_is_changed(self):
        self.commit("v0.1.0")
        status, todo, done = self.said("0.2.0")
        self.assertEqual((status, todo), (0, []), done)
        self.assertIn('\n    git tag -a v0.2.0 -m "hustings 0.2.0"\n', done.stdout)
        tags = subprocess.run(["git", "-C", self.house, "tag"], capture_output=True, text=True)
        self.assertEqual(tags.stdout, "v0.1.0\n")

    def test_each_thing_that_is_missing_is_told(self):
        for name, text, begins in (
            ("CMakeLists.txt", "project(hustings VERSION 0.1.0 LANGUAGES C)\n", "CMakeLists.txt: "),
            ("CMakeLists.txt", "project(hustings VERSION 0.2.01 X)\n", "CMakeLists.txt: "),
            (".github/CHANGELOG.md", "## 0.2.0 (not yet released)\n",
             ".github/CHANGELOG.md: its first section needs the day: ## 0.2.0 ("),
            (".github/CHANGELOG.md", "## 0.1.0 (2026-12-01)\n", ".github/CHANGELOG.md: write what"),
            (".github/CITATION.cff", "version: 0.1.0\n", ".github/CITATION.cff: version: 0.2.0"),
        ):  # fmt: skip
            with self.subTest(name=name, text=text):
                shutil.rmtree(os.path.join(self.house, ".git"), ignore_errors=True)
                self.write(name, text)
                self.commit("v0.1.0")
                self.assert_one_thing_to_do(begins)
                self.write(name, GOOD[name])

    def test_changes_that_are_not_committed(self):
        self.commit()
        self.write("new.txt", "x")
        self.assert_one_thing_to_do("commit or remove")

    def test_the_version_is_later_than_all_that_were(self):
        self.commit("v0.10.0")
        self.assert_one_thing_to_do("choose a later version than that of the tag v0.10.0")
        self.git("tag", "v0.2.0")
        self.assert_one_thing_to_do("choose another version")

    def test_what_is_no_checkout_and_no_version(self):
        self.assert_one_thing_to_do("begin from a git checkout")
        for words in (), ("v0.2.0",), ("0.2",), ("0.02.0",), ("0.2.0", "0.3.0"), ("",):
            self.assertEqual(self.said(*words)[0], 2, words)


class House(unittest.TestCase):
    def test_one_version_stands_in_all_places(self):
        def found(name, pattern):
            with open(os.path.join(ROOT, name), encoding="utf-8") as file:
                return re.search(pattern, file.read(), re.MULTILINE)[1]

        version = found("CMakeLists.txt", r"^project\(hustings VERSION ([0-9.]+) ")
        self.assertEqual(found(".github/CHANGELOG.md", r"^## ([0-9.]+) "), version)
        self.assertEqual(found(".github/CITATION.cff", r"^version: ([0-9.]+)$"), version)


if __name__ == "__main__":
    unittest.main()
