"""What test_load.py asks of a run's folder holds of the folders of a matrix and a sweep, too: their
tables are loaded into sqlite3 and DuckDB with their types, and a validator takes package and rows.
ctest-timeout: 180"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import test_load  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
STORY = "scenarios/catalogue/leader-stalls.yaml"
SCHEMA = pathlib.Path("tests/results/datapackage.schema.json")
README = pathlib.Path("results/README.md")

# Keys of each type; a point that makes no scenario; values with commas and quotes.
GRIDS = {
    "matrix": ["matrix", "--against", "own,lease+token,lease+token+fencing", "--trials", "3", STORY,
               "scenarios/catalogue/dead-submit-wins.yaml"],
    "sweep": ["sweep", STORY, "--trials", "5", "--confirm", "0", "--set", "nodes=3,5",
              "--set", "fencing=true,false", "--set", "faults.1.for=200ms,3s",
              "--set", "protocol.lease={duration: 1.2s, renew_deadline: 900ms, retry: 200ms},"
              "{duration: 1s, renew_deadline: 2s}"],
}  # fmt: skip
FOLDERS = {}


def setUpModule():
    place = tempfile.TemporaryDirectory(prefix="hustings-load-")
    unittest.addModuleCleanup(place.cleanup)
    for kind, words in GRIDS.items():
        FOLDERS[kind] = pathlib.Path(place.name) / kind
        done = subprocess.run([HUSTINGS, words[0], "--into", FOLDERS[kind], *words[1:]],
                              capture_output=True, text=True, timeout=100, check=False)  # fmt: skip
        if done.returncode not in (0, 1, 4):
            raise RuntimeError(f"exit {done.returncode}: {done.stdout}{done.stderr}")


class Matrix:
    kind = "matrix"

    def setUp(self):
        test_load.take(FOLDERS[self.kind])


class Sweep(Matrix):
    kind = "sweep"


class Types(unittest.TestCase):
    def test_keys_and_figures_have_theirs(self):
        test_load.take(FOLDERS["sweep"])
        columns, rows = test_load.expected["sweep"]
        types = dict(columns)
        self.assertEqual(
            [types[name] for name in ("nodes", "fencing", "faults.1.for_ms", "protocol.lease",
                                      "trials", "first_split_trial", "elect_ms_p50", "why")],
            ["integer", "string", "number", "string", "integer", "integer", "number", "string"],
        )  # fmt: skip
        place = [name for name, _ in columns].index("why")
        self.assertEqual({row[place] is None for row in rows}, {True, False})

    def test_the_package_is_one(self):
        try:
            import jsonschema  # pylint: disable=import-outside-toplevel
        except ImportError:
            self.skipTest("python3-jsonschema is not there")
        for kind, folder in FOLDERS.items():
            package = json.loads((folder / "datapackage.json").read_text("utf-8"))
            jsonschema.validate(package, json.loads(SCHEMA.read_text("utf-8")))
            self.assertEqual(package["name"], f"hustings-{kind}")

    def test_the_readme_has_each_column_of_a_matrix(self):
        test_load.take(FOLDERS["matrix"])
        columns, _ = test_load.expected["matrix"]
        text = README.read_text("utf-8")
        text = text[text.index("## hustings matrix") : text.index("## hustings report")]
        for name, _ in columns:
            self.assertIn(f"`{name}`", text)


class MatrixInSqlite(Matrix, test_load.Sqlite):
    pass


class SweepInSqlite(Sweep, test_load.Sqlite):
    pass


class MatrixElsewhere(Matrix, test_load.ThirdParty):
    test_and_would_refuse_a_bad_row_or_package = None


class SweepElsewhere(Sweep, test_load.ThirdParty):
    test_and_would_refuse_a_bad_row_or_package = None


if __name__ == "__main__":
    unittest.main()
