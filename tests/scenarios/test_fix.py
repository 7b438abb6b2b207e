"""hustings lint --fix: old spellings of all scenarios that we ship, in many styles, become what
they were: the same defaults, the same trial, all comments."""
# ctest-timeout: 300
import glob
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# How many ways to write each file are tried: fewer where each process takes long.
SEEDS = 1 if os.environ.get("HUSTINGS_SANITIZED") == "ON" else 4

# What each key was called; without a section: it stood at the top.
OLD = {("lock", "ttl"): "lock_ttl", ("lock", "retry"): "lock_retry", ("lock", "wait"): "lock_wait",
       ("protocol", "poll"): "poll", ("protocol", "report"): "report"}
# What there was to choose from then.
ROWS = ("article", "none", "setnx", "token")
NEW_LINE = re.compile(r"^(protocol|lock|request_timeout): *([^#\n]*?)( *#.*)?$", re.M)
LONG = "# this is said at length: " + "why, and how, and what became of it; " * 12 + "the end"


def params_of(owner, value):
    """The name in an owner's line, and its parameters."""
    found = re.fullmatch(r"(\w+)|\{(\w+): \{(.*)\}\}", value)
    if not found:
        return None
    name = found[1] or found[2]
    return name, [tuple(one.split(": ")) for one in (found[3] or "").split(", ") if one]


class Old:
    """A scenario as one would have written it."""

    def __init__(self, text, seed):
        self.dice = random.Random(seed)
        self.comments = []
        self.top, self.timing = [], []
        self.good = True
        self.text = NEW_LINE.sub(self.take, text)
        self.text = self.text.replace("\0", "\n".join(self.lines()), 1).replace("\0\n", "")
        moved = {key for key, _, _ in self.top + self.timing} - {"protocol", "lock"}
        self.good = self.good and "\0" not in self.text and moved
        self.comments += re.findall(r"(?:^|\s)(#.*)", text)
        way = self.dice.randint(0, 5)
        if way == 0:
            self.text = self.text.replace("\n", "\r\n")
        elif way == 1:
            self.text = self.text.rstrip("\n")
        elif way == 2:
            self.text = "\ufeff" + self.text

    def take(self, line):
        owner, value, remark = line[1], line[2], line[3] or ""
        if owner == "request_timeout":
            self.timing.append((owner, value, remark))
            return "\0"
        params = params_of(owner, value)
        if not params or params[0] not in ROWS:
            self.good = False
            return line[0]
        for key, param in params[1]:
            old = OLD.get((owner, key))
            (self.timing if old else self.top).append((old or key, param, ""))
        if params[0] not in ("article", "token") or remark or self.dice.random() < 0.5:
            self.top.append((owner, params[0], remark))
        return "\0"

    def remark(self, old):
        if old:
            return old
        mine = self.dice.choice(["", "", "# of old", "# \"quoted\": it's größer", LONG])
        if mine:
            self.comments.append(mine)
        return "   " + mine if mine else ""

    def lines(self):
        self.dice.shuffle(self.top)
        self.dice.shuffle(self.timing)
        sections = [[f"{key}: {value}{self.remark(old)}"] for key, value, old in self.top]
        if self.timing:
            flow = self.dice.random() < 0.5 and not any(old for _, _, old in self.timing)
            sections.append(self.flow() if flow else self.block())
        self.dice.shuffle(sections)
        return [line for section in sections for line in section]

    def flow(self):
        joint = self.dice.choice([", ", ",\n         "])
        inside = joint.join(f"{key}: {value}" for key, value, _ in self.timing)
        return [f"timing: {{{inside}}}{self.remark('')}"]

    def block(self):
        lines = [f"timing:{self.remark('')}"]
        for key, value, old in self.timing:
            if self.dice.random() < 0.2:
                self.comments.append("# a line of its own")
                lines.append("  # a line of its own")
            quote = self.dice.choice(["", "", '"', "'"])
            lines.append(f"  {key}: {quote}{value}{quote}{self.remark(old)}")
        return lines


class Fix(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="hustings-fix-")
        self.addCleanup(shutil.rmtree, self.place)

    def hustings(self, *words):
        return subprocess.run([HUSTINGS, *words], capture_output=True, text=True, timeout=60,
                              check=False)

    def write(self, text, name):
        path = os.path.join(self.place, name)
        with open(path, "wb") as file:
            file.write(text.encode())
        return path

    def linted(self, paths, code=0):
        """What lint says of each file, by its name. All at once: a process each takes long."""
        done = self.hustings("lint", "--format", "json", *paths)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return {one["file"]: one for one in json.loads(done.stdout)}

    def trial(self, path):
        """The head and the events of one trial."""
        out = os.path.join(self.place, "results")
        done = self.hustings("run", "--on", "model", "--trials", "1", "--histories", "all", "--out",
                             out, path)
        self.assertIn(done.returncode, (0, 1, 4), done.stderr)
        (file,) = glob.glob(os.path.join(out, "latest", "history", "*.jsonl"))
        with open(file, encoding="utf-8") as lines:
            history = lines.read()
        shutil.rmtree(out)
        return history

    def test_what_we_ship(self):
        shipped = sorted(glob.glob(os.path.join(ROOT, "scenarios", "*", "*.yaml")))
        olds = {}  # the file with old spellings: what it is made of, and of which file
        for path in shipped:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for seed in range(SEEDS):
                old = Old(text, seed)
                if old.good:
                    olds[self.write(old.text, f"old{len(olds):04}.yaml")] = old, path
        self.assertGreater(len(olds), 25 * SEEDS)
        refused = self.linted(olds, code=2)
        self.assertEqual([path for path in olds if refused[path]["ok"]], [])
        done = self.hustings("lint", "--fix", *olds)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        defaults = {path: one["defaults"] for path, one in self.linted([*olds, *shipped]).items()}
        trials = {path: self.trial(path) for path in {path for _, path in olds.values()}}
        for path, (old, origin) in olds.items():
            with self.subTest(path=os.path.basename(origin), old=os.path.basename(path)):
                with open(path, "rb") as file:
                    new = file.read().decode()
                self.assertEqual(defaults[path], defaults[origin], old.text + new)
                self.assertEqual(self.trial(path), trials[origin], old.text + new)
                self.assert_kept(old, new)

    OLD_FILE = "name: old\nnodes: 2\nduration: 1s\ntiming:\n  poll: 20ms\n"

    def test_json_stays_json(self):
        path = self.write(self.OLD_FILE, "old.yaml")
        done = self.hustings("lint", "--fix", "--format", "json", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([one["ok"] for one in json.loads(done.stdout)], [True])

    def test_a_link_stays_one_and_the_file_keeps_its_mode(self):
        path = self.write(self.OLD_FILE, "old.yaml")
        link = os.path.join(self.place, "link.yaml")
        os.symlink("old.yaml", link)
        os.chmod(path, 0o640)
        self.assertEqual(self.hustings("lint", "--fix", link).returncode, 0)
        self.assertTrue(os.path.islink(link))
        self.assertEqual(os.stat(path).st_mode & 0o7777, 0o640)
        self.assertEqual(self.hustings("lint", path).returncode, 0)
        self.assertEqual(sorted(os.listdir(self.place)), ["link.yaml", "old.yaml"])

    def test_stdin_has_no_file_to_rewrite(self):
        done = subprocess.run([HUSTINGS, "lint", "--fix", "-"], input=self.OLD_FILE, text=True,
                              cwd=self.place, capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, "hustings lint: stdin cannot be rewritten; give --fix the "
                                      "name of a file\n")
        self.assertIn("stdin:5:3:", done.stdout)
        self.assertEqual(os.listdir(self.place), [])

    def test_names_of_files_are_foreign_text(self):
        good = self.write(self.OLD_FILE, "a\x1b[2J.yaml")
        odd = self.write("{" + self.OLD_FILE.replace("\n", ", ").replace("timing:, ", "timing: {")
                         .replace("20ms, ", "20ms}}"), "b\x1b[2J.yaml")
        for path, code in ((good, 0), (odd, 2)):
            done = self.hustings("lint", "--fix", path)
            self.assertEqual(done.returncode, code, done)
            self.assertNotIn("\x1b", done.stdout + done.stderr)

    def assert_kept(self, old, new):
        """All comments, the mark at the beginning, and how lines end."""
        for comment in old.comments:
            self.assertIn(comment, new)
        self.assertEqual(new.startswith("\ufeff"), old.text.startswith("\ufeff"))
        if "\r\n" in old.text:
            self.assertEqual(new.count("\n"), new.count("\r\n"), new)


if __name__ == "__main__":
    unittest.main()
