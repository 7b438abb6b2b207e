"""The README's matrix is what hustings says today, and its command is the one that made it."""
# ctest-timeout: 240
import importlib.machinery
import importlib.util
import pathlib
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

    def test_the_readme_says_how(self):
        text = (picture.ROOT / "README.md").read_text(encoding="utf-8")
        joined = text.replace("\\\n      ", "")
        self.assertIn(picture.AGAINST, joined)
        self.assertIn("scenarios/catalogue/matrix.svg", text)


if __name__ == "__main__":
    unittest.main()
