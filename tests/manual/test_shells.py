#!/usr/bin/python3
"""Completion in the shells themselves: what bash, zsh and fish offer for a line that is begun."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import HUSTINGS, Stage  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# A line that is begun; some of what is offered, and something that is not.
LINES = [
    ("hustings re", {"report", "redis"}, {"run", "list"}),
    ("hustings run --o", {"--on", "--out"}, {"--seed"}),
    ("hustings run --on ", {"model", "processes"}, {"mine.yaml"}),
    ("hustings run --format ju", {"junit"}, {"json"}),
    ("hustings run course/01", {"course/01-first-election"}, {"course/02-a-node-submits"}),
    ("hustings run mi", {"mine.yaml"}, {"mine.txt", "course/01-first-election"}),
    ("hustings course the-m", {"the-master-submits", "the-master-crashes"}, {"list"}),
    ("hustings list lo", {"locks"}, {"faults"}),
    ("hustings help ma", {"master", "matrix"}, {"run"}),
    ("hustings export --to p", {"perfetto"}, {"shiviz"}),
    ("hustings export -o mine.t", {"mine.txt"}, {"mine.yaml"}),
    ("hustings check r", {"results"}, {"mine.txt"}),
    ("hustings node --on-renew-failure g", {"go_on"}, {"stop"}),
    ("hustings run --set lock.tok", {"lock.token.ttl="}, {"lock.setnx.ttl=", "nodes="}),
    ("hustings sweep --set dur", {"duration="}, {"nodes="}),
    ("hustings matrix --against lease+t", {"lease+token"}, {"lease+setnx", "own"}),
    ("hustings run --trials ", set(), {"mine.yaml", "course/01-first-election"}),
]


class Shells(Stage):
    def setUp(self):
        super().setUp()
        self.made = pathlib.Path(self.folder, "made")
        self.assertEqual(self.hustings("help", "--into", str(self.made)).returncode, 0)
        programs = pathlib.Path(self.folder, "bin")
        programs.mkdir()
        (programs / "hustings").symlink_to(HUSTINGS)
        self.at = pathlib.Path(self.folder, "a folder")
        (self.at / "results").mkdir(parents=True)
        for name in ("mine.yaml", "mine.txt", "of mine.yaml"):
            (self.at / name).touch()
        self.environment = {
            **os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "HOME": self.folder,
            "XDG_CONFIG_HOME": self.folder, "XDG_DATA_HOME": self.folder, "TERM": "xterm",
            "LC_ALL": "C.UTF-8",
        }  # fmt: skip

    def run_shell(self, *words):
        run = subprocess.run(
            words, cwd=self.at, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.assertEqual((run.returncode, run.stderr), (0, ""), run)
        return run.stdout

    def look_at(self, complete, lines):
        """`complete` takes lines, and gives what is offered for each."""
        for (line, offered, not_offered), found in zip(
            lines, complete([line for line, *_ in lines]), strict=True
        ):
            with self.subTest(line):
                found = {word.rstrip("/ ") for word in found}
                self.assertLessEqual(offered, found)
                self.assertEqual(found & not_offered, set())

    @staticmethod
    def needs(shell):
        if not shutil.which(shell):
            raise unittest.SkipTest(f"{shell} is not installed")

    def bash(self, *lines):
        """Each line is a list of words, as bash takes it apart."""
        script = f"source {self.made}/bash/hustings\n"
        for words in lines:
            script += (
                f"COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; _hustings\n"
                'printf "%s\\n" "${COMPREPLY[@]}" ---\n'
            )
        said = self.run_shell("bash", "--norc", "-c", script)
        return [part.splitlines() for part in said.split("---\n")[:-1]]

    def test_bash(self):
        self.needs("bash")
        self.look_at(lambda lines: self.bash(*(line.split(" ") for line in lines)), LINES)
        for line, offered in (
            (["run", "of"], ["of mine.yaml"]),
            # An equals sign is a word of its own for bash.
            (["run", "--on", "=", "m"], ["model"]), (["run", "--on", "="], ["processes", "model"]),
        ):  # fmt: skip
            self.assertEqual(self.bash(["hustings", *line]), [offered])
        self.assertIn("paused-holder", self.bash(["hustings", "run", "paused"])[0])

    def test_nothing_is_built_while_somebody_types(self):
        """Of a clone that was not built yet, the names of scenarios are missing, and no more."""
        self.needs("bash")
        empty = pathlib.Path(self.folder, "build")
        empty.mkdir()
        self.environment["HUSTINGS_BUILD"] = str(empty)
        launcher = str(ROOT / "sim" / "hustings")
        self.assertEqual(self.bash([launcher, "ma"]), [["matrix", "master"]])
        self.assertEqual(self.bash([launcher, "run", "mine.y"]), [["mine.yaml"]])
        self.assertEqual(list(empty.iterdir()), [])
        (empty / "hustings").symlink_to(HUSTINGS)
        offered = self.bash([launcher, "run", "course/05"])
        self.assertEqual(offered, [["course/05-the-lock-expires"]])
        self.assertEqual([path.name for path in empty.iterdir()], ["hustings"])

    def test_fish(self):
        self.needs("fish")

        def fish(lines):
            script = f"source {self.made}/fish/hustings.fish\n"
            for line in lines:
                script += f"complete -C '{line}'\necho ---\n"
            said = self.run_shell("fish", "-c", script)
            for part in said.split("---\n")[:-1]:
                yield [row.split("\t")[0] for row in part.splitlines()]

        # Of files fish offers all: first those with the ending that is wanted.
        self.look_at(fish, [(line, offered, not_offered - {"mine.txt"})
                            for line, offered, not_offered in LINES])  # fmt: skip

    def test_zsh(self):
        self.needs("zsh")

        def zsh(lines):
            for line in lines:
                script = str(HERE / "complete.zsh")
                said = self.run_shell("zsh", "-f", script, f"{self.made}/zsh", line)
                yield re.findall("<<(.*?)>>", said)

        self.look_at(zsh, LINES[::2])  # a second each

    def test_shellcheck(self):
        self.needs("shellcheck")
        self.assertEqual(self.run_shell("shellcheck", f"{self.made}/bash/hustings"), "")


if __name__ == "__main__":
    unittest.main()
