"""What an editor says of a scenario: the server that editors ask about YAML finds our schema by the
first line of the file, takes what we ship, marks what is wrong, completes and explains.

The server is that of VS Code's YAML extension; Vim, Neovim, Emacs and Helix start it as well. It
comes from npm into the build folder (third_party/package-lock.json says which).
"""
# ctest-timeout: 300
# ctest-label: npm
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))
from language_server import Server  # noqa: E402
from support import npm  # noqa: E402

SCENARIOS = HERE.parents[1] / "scenarios"
# One of each folder: their first lines have different ways to the schema.
SHIPPED = ["course/01-first-election.yaml", "course/cured/08-a-lease.yaml",
           "catalogue/leader-stalls.yaml", "own/lock/my-lock.yaml",
           "libraries/stories/calm.yaml"]  # fmt: skip


class Editors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(npm.installed(HERE / "third_party", "editors"))
        cls.addClassCleanup(cls.server.close)

    def test_what_we_ship_has_no_marks(self):
        for name in SHIPPED:
            path = SCENARIOS / name
            with self.subTest(name):
                text = path.read_text(encoding="utf-8")
                self.assertEqual(self.server.open(path, text), [])
                # It has found the schema.
                line = text.splitlines().index("nodes: 3" if "nodes: 3" in text else "nodes: 5")
                told = self.server.at("hover", path, line, 2)
                self.assertIn("How many nodes", str(told["contents"]))

    def beside_a_lesson(self, name, *lines):
        """What is said of a scenario that lies in the lessons' folder, and is written just now."""
        path = SCENARIOS / "course" / name
        text = "\n".join(("# yaml-language-server: $schema=../scenario.schema.json", *lines, ""))
        return path, self.server.open(path, text)

    def test_mistakes_are_marked(self):
        _, said = self.beside_a_lesson(
            "mistakes.yaml", "name: mine", "nodes: 3", "duration: 5", "fautls: []")
        self.assertEqual(len(said), 2, said)
        self.assertIn("Property fautls is not allowed.", said)
        self.assertTrue(any("string" in one for one in said), said)  # 5 what? a unit is missing

    def test_keys_are_completed_and_explained(self):
        path, _ = self.beside_a_lesson(
            "written.yaml", "name: mine", "nodes: 3", "duration: 5s", "protocol: lease", "f")
        keys = [one["label"] for one in self.server.at("completion", path, 5, 1)["items"]]
        self.assertIn("faults", keys)
        self.assertIn("fencing", keys)
        self.assertNotIn("nodes", keys)  # it is there already
        self.assertIn("How often", self.explained("trials: 3"))

    def explained(self, line):
        path, _ = self.beside_a_lesson("hover.yaml", line)
        return str(self.server.at("hover", path, 1, 2)["contents"])

    def test_values_are_completed(self):
        path, _ = self.beside_a_lesson("values.yaml", "name: mine", "protocol: ")
        values = [one["label"] for one in self.server.at("completion", path, 2, 10)["items"]]
        self.assertIn("lease", values)


if __name__ == "__main__":
    unittest.main()
