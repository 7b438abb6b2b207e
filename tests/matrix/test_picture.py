"""The README's matrix is what hustings says today, and its command is the one that made it."""
# ctest-timeout: 240
import importlib.machinery
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SCRIPT = HERE / "picture"
LOADER = importlib.machinery.SourceFileLoader("picture", str(SCRIPT))
SPEC = importlib.util.spec_from_loader("picture", LOADER)
picture = importlib.util.module_from_spec(SPEC)
sys.dont_write_bytecode = True
LOADER.exec_module(picture)


class Picture(unittest.TestCase):
    def test_it_is_made_by_hustings(self):
        run = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_its_cells_lead_to_stories_that_are_there(self):
        links = set(re.findall(r'<a href="([^"]+)"', picture.PICTURE.read_text(encoding="utf-8")))
        self.assertGreater(len(links), 20)
        for link in links:
            self.assertTrue((picture.PICTURE.parent / link).is_file(), link)

    def test_the_readme_says_what_it_shows(self):
        """What its five sentences say of single cells, and of columns."""
        tips = re.findall(r"<title>(\S+) against (\S+): ([^<]*)</title>",
                          picture.PICTURE.read_text(encoding="utf-8"))  # fmt: skip
        cell = {(story, combination): words for story, combination, words in tips}

        def of(combination, word):
            return {story for (story, column), words in cell.items()
                    if column == combination and words.startswith(word)}  # fmt: skip

        self.assertEqual(of("own", "holds"), set())
        never = "lease:on_renew_failure=retry_for_ever+setnx"
        touched = of(never, "breaks") | of(never, "blocks") | of(never, "holds")
        self.assertGreater(len(of(never, "breaks")) / len(touched), 0.7)
        self.assertGreater(len(of(never, "breaks")), len(of("lease+token", "breaks")))
        fenced = "lease+token+fencing"
        self.assertIn("two_leaders", [cell[story, fenced].split(": ")[-1]
                                      for story in of(fenced, "breaks")])  # fmt: skip
        self.assertEqual(cell["leader-stalls", "lease+token"], "breaks: stale_write")
        self.assertEqual(cell["leader-stalls", fenced], "holds")
        self.assertEqual(cell["epoch-lost", fenced], "breaks: stale_write")
        self.assertEqual(cell["early-release", fenced], "breaks: two_leaders")
        self.assertEqual(cell["early-release", "lease+record+fencing"], "breaks: stale_write")
        self.assertEqual(cell["eviction", "lease+redlock"], "breaks: two_leaders")
        for story in ("lease-clock-backward", "lease-clock-forward", "server-clock-forward"):
            self.assertEqual(cell[story, "lease+record+fencing"], "holds")
            self.assertNotEqual(cell[story, fenced], "holds")
        for story in ("redis-restart-without-persistence", "fsync-window"):
            self.assertEqual(cell[story, "lease+redlock"], "holds")
            self.assertNotEqual(cell[story, "lease+token"], "holds")
        self.assertEqual(cell["one-of-five-forgets", "lease+redlock"], "breaks: two_leaders")
        text = (picture.ROOT / "README.md").read_text(encoding="utf-8")
        for story in ("leader-stalls", "epoch-lost", "early-release", "one-of-five-forgets",
                      "eviction"):
            self.assertIn(f"(`{story}`)", text)

    def test_each_cell_that_breaks_or_blocks_says_how(self):
        """A second line, below "breaks" or "blocks", of a promise or a price."""
        shapes = re.findall(r"<title>\S+ against \S+: (breaks|blocks)[^<]*</title>(.*?)</a>",
                            picture.PICTURE.read_text(encoding="utf-8"), re.S)  # fmt: skip
        self.assertGreater(len(shapes), 50)
        for kind, shape in shapes:
            lines = re.findall(r"<text[^>]*>([^<]*)</text>", shape)
            self.assertEqual(len(lines), 2, lines)
            how = r"two |unfenced|^[a-z]+_[a-z]+$|^disagreement$"
            self.assertRegex(lines[1], how if kind == "breaks" else "nobody at end|waits too long")

    def test_the_readme_says_how(self):
        text = (picture.ROOT / "README.md").read_text(encoding="utf-8")
        self.assertIn("scenarios/catalogue/matrix.svg", text)
        typed = re.search(r"^    sim/hustings (matrix (?:.*\\\n)*.*)$", text, re.M)[1]
        # Pasted into a shell, it is one command, of the same combinations.
        shell = f'hustings() {{ printf "%s\\n" "$@"; }}\nhustings {typed}'
        run = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
        matrix, against, words = run.stdout.splitlines()
        self.assertEqual([matrix, against], ["matrix", "--against"])
        self.assertEqual(re.split(r",\s*", words), picture.AGAINST.split(","))

    def test_the_readme_command_runs_when_pasted(self):
        text = (picture.ROOT / "README.md").read_text(encoding="utf-8")
        typed = re.search(r"^    sim/hustings (matrix (?:.*\\\n)*.*)$", text, re.M)[1]
        with tempfile.TemporaryDirectory(prefix="hustings-pasted-") as place:
            run = subprocess.run(
                ["bash", "-c", f'"$HUSTINGS" {typed} --cell leader-stalls@lease+token'
                 f' --trials 1 --into {place}'],
                env={**os.environ, "HUSTINGS": picture.HUSTINGS}, cwd=picture.ROOT,
                capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(run.stderr, "")
        self.assertIn("lease+token", run.stdout)


if __name__ == "__main__":
    unittest.main()
