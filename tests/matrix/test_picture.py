"""The README's matrix is what hustings says today, and its command is the one that made it."""
# ctest-timeout: 240
import importlib.machinery
import importlib.util
import pathlib
import re
import subprocess
import sys
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
        for story in ("lease-clock-backward", "lease-clock-forward", "server-clock-forward"):
            self.assertEqual(cell[story, "lease+record+fencing"], "holds")
            self.assertNotEqual(cell[story, fenced], "holds")
        for story in ("redis-restart-without-persistence", "fsync-window"):
            self.assertEqual(cell[story, "lease+redlock"], "holds")
            self.assertNotEqual(cell[story, "lease+token"], "holds")
        self.assertEqual(cell["one-of-five-forgets", "lease+redlock"], "breaks: two_leaders")
        text = (picture.ROOT / "README.md").read_text(encoding="utf-8")
        for story in ("leader-stalls", "epoch-lost", "one-of-five-forgets"):
            self.assertIn(f"(`{story}`)", text)

    def test_the_readme_says_how(self):
        text = (picture.ROOT / "README.md").read_text(encoding="utf-8")
        joined = text.replace("\\\n      ", "")
        self.assertIn(picture.AGAINST, joined)
        self.assertIn("scenarios/catalogue/matrix.svg", text)


if __name__ == "__main__":
    unittest.main()
