"""The homework of scenarios/course/README.md: each command does what stands below it."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "build" / "hustings"))
MANUAL = (ROOT / "scenarios" / "course" / "README.md").read_text(encoding="utf-8")


def blocks():
    """Each block as pairs of a command and the lines that must come of it."""
    for block in re.findall(r"^```\n(\$ .*?)^```", MANUAL, re.S | re.M):
        pairs = []
        for line in block.splitlines():
            if line.startswith("$ "):
                pairs.append((line[2:], []))
            else:
                pairs[-1][1].append(line)
        yield pairs


class Homework(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="hustings-homework-"))
        self.addCleanup(shutil.rmtree, self.place)
        (self.place / "sim").mkdir()
        (self.place / "sim" / "hustings").symlink_to(os.path.abspath(HUSTINGS))
        (self.place / "scenarios").symlink_to(ROOT / "scenarios")

    def test_each_command_does_what_stands_below_it(self):
        told = 0
        for pairs in blocks():
            for command, lines in pairs:
                done = subprocess.run(
                    command, shell=True, cwd=self.place, capture_output=True, text=True,
                    timeout=100, check=False, env={**os.environ, "XDG_STATE_HOME": str(self.place)})
                said = " ".join((done.stdout + done.stderr).split())
                self.assertIn(done.returncode, (0, 1), command + said)
                for line in lines:
                    self.assertIn(line, said, command)
                    told += 1
        self.assertGreaterEqual(told, 8)


if __name__ == "__main__":
    unittest.main()
