"""The results folder is read rightly by others: its scripts load it into sqlite3 and DuckDB, each
column with its type, a validator of data packages takes the package and its rows, and pandas reads
it as results/README.md says. What is read is compared with the bytes of the CSV files.

DuckDB and the validator come from npm into the build folder (third_party/package.json says which);
without npm or a network that part is skipped. ctest-timeout: 180"""
import csv
import json
import math
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support import npm  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
THIRD_PARTY = pathlib.Path(__file__).resolve().parent / "third_party"
README = pathlib.Path("results/README.md")
MOST = "18446744073709551615"

# What it is called as stands in the column `reproduce`, where it must be guarded and quoted.
CALLED = '=1+"a", b'

# A leader that crashes and stays elected: violations, and elections of which nothing is published.
CRASH = """
name: crash
nodes: 3
trials: 2
duration: 600ms
starts: {master: all_reported}
protocol: {article: {poll: 20ms}}
lock: {token: {retry: 10ms}}
faults: [{at: 300ms, crash: 1}]
expect: {checks: {dead_leader: always, two_leaders: allowed}}
"""
QUIET = "name: quiet\nnodes: 2\nlock: none\ntrials: 1\nduration: 200ms\n"


def make_folder(place):
    """Two scenarios on the model, in one results folder, with seeds of 64 bits."""
    paths = []
    for name, text in (("crash", CRASH), ("it's quiet", QUIET)):
        paths.append(place / f"{name}.yaml")
        paths[-1].write_text(text, encoding="utf-8")
    done = subprocess.run(
        [CALLED, "run", "--on", "model", "--seed", MOST, "--out", place / "out", *paths],
        executable=HUSTINGS, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise RuntimeError(f"exit {done.returncode}: {done.stdout}{done.stderr}")
    return place / "out/latest"


def typed(cell, kind):
    """A cell of a CSV file as the value that it means."""
    return None if cell == "" else {"string": str, "integer": int, "number": float}[kind](cell)


def setUpModule():
    """One run for all tests."""
    place = tempfile.TemporaryDirectory(prefix="hustings-load-")
    unittest.addModuleCleanup(place.cleanup)
    take(make_folder(pathlib.Path(place.name)))


def take(path):
    """The folder of all tests; `expected`: of each table its columns (name, type), and its rows."""
    global folder, package, expected
    folder = path
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    expected = {}
    for resource in package["resources"]:
        columns = [(f["name"], f["type"]) for f in resource["schema"]["fields"]]
        with open(folder / resource["path"], newline="", encoding="utf-8") as file:
            cells = list(csv.reader(file, strict=True))[1:]
        rows = [[typed(cell, kind) for cell, (_, kind) in zip(row, columns)] for row in cells]
        expected[resource["name"]] = columns, rows


class Stage(unittest.TestCase):
    maxDiff = None

    def assert_rows(self, table, rows):
        self.assertEqual([list(row) for row in rows], expected[table][1], table)

    def copy(self):
        """A copy of the folder, to be spoilt."""
        place = tempfile.TemporaryDirectory(prefix="hustings-load-")
        self.addCleanup(place.cleanup)
        return pathlib.Path(shutil.copytree(folder, pathlib.Path(place.name) / "copy"))


class Expected(Stage):
    def test_there_is_something_of_every_kind(self):
        columns, rows = expected["elections"]
        names = [name for name, _ in columns]
        self.assertIn(MOST, [row[names.index("seed")] for row in rows])
        self.assertIn(None, [row[names.index("published_ms")] for row in rows])
        self.assertEqual({row[0] for row in rows}, {"crash", "quiet"})
        for row in expected["trials"][1]:
            self.assertTrue(row[-1].startswith("''" + CALLED), row[-1])
        self.assertTrue(all(rows for _, rows in expected.values()))


class Sqlite(Stage):
    def load(self, place):
        """Runs the command of the README in a folder; the database."""
        (command,) = re.findall(r"^sqlite3 .*load\.sqlite\.sql$", README.read_text("utf-8"), re.M)
        done = subprocess.run(command, shell=True, cwd=place, capture_output=True, text=True,
                              timeout=50, check=False)  # fmt: skip
        database = sqlite3.connect(place / command.split()[1])
        self.addCleanup(database.close)
        return done, database

    def test_loads_every_table_with_its_types(self):
        done, database = self.load(self.copy())
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        types = {"string": "text", "integer": "integer", "number": "real"}
        for table, (columns, rows) in expected.items():
            self.assert_rows(table, database.execute(f'SELECT * FROM "{table}"'))
            for number, (name, kind) in enumerate(columns):
                found = {kind for (kind,) in database.execute(
                    f'SELECT DISTINCT typeof("{name}") FROM "{table}"')}  # fmt: skip
                there = {types[kind] if row[number] is not None else "null" for row in rows}
                self.assertEqual(found, there, (table, name))

    def test_a_folder_without_rows_is_loaded(self):
        place = self.copy()
        for table in expected:
            head = (place / f"{table}.csv").read_bytes().split(b"\r\n")[0]
            (place / f"{table}.csv").write_bytes(head + b"\r\n")
        done, database = self.load(place)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for table in expected:
            self.assertEqual(database.execute(f'SELECT count(*) FROM "{table}"').fetchall(), [(0,)])

    def test_rows_are_not_loaded_twice(self):
        place = self.copy()
        self.load(place)
        done, database = self.load(place)
        first = next(iter(expected))
        self.assertIn(f'table "{first}" already exists', done.stderr)
        self.assertEqual(done.returncode, 1)
        self.assert_rows(first, database.execute(f"SELECT * FROM {first}"))


class ThirdParty(Stage):
    """Programs from npm."""

    @classmethod
    def setUpClass(cls):
        cls.modules = npm.installed(THIRD_PARTY, "results")

    def node(self, script, *words):
        return npm.node(self.modules, THIRD_PARTY / script, *words)

    def test_duckdb_loads_every_table_with_its_types(self):
        types = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE"}

        def cell(value, kind):  # its JSON has 64-bit integers as text
            return int(value) if kind == "integer" and value is not None else value

        found = self.node("duckdb.cjs", folder, *expected)
        for table, (columns, _) in expected.items():
            kinds = [kind for _, kind in columns]
            self.assertEqual(found[table]["types"], [types[kind] for kind in kinds], table)
            rows = [[cell(*pair) for pair in zip(row, kinds)] for row in found[table]["rows"]]
            self.assert_rows(table, rows)

    def test_a_validator_takes_the_package_and_its_rows(self):
        found = self.node("datapackage.cjs", folder)
        self.assertEqual(found["wrong"], [])
        for table in expected:
            self.assert_rows(table, found["tables"][table])

    def test_and_would_refuse_a_bad_row_or_package(self):
        place = self.copy()
        trials = (place / "trials.csv").read_bytes().replace(b",model,", b",,")
        (place / "trials.csv").write_bytes(trials)
        self.assertRegex(" ".join(self.node("datapackage.cjs", place)["wrong"]), "trials: .*host")
        place = self.copy()
        text = json.dumps(package).replace('"string"', '"integer"')
        (place / "datapackage.json").write_text(text, "utf-8")
        self.assertRegex(" ".join(self.node("datapackage.cjs", place)["wrong"]), "trials: .*seed")
        (place / "datapackage.json").write_text(text.replace('"fields"', '"f"'), "utf-8")
        self.assertNotEqual(self.node("datapackage.cjs", place)["wrong"], [])


class Pandas(Stage):
    def test_reads_what_the_readme_says(self):
        try:
            import pandas  # pylint: disable=import-outside-toplevel
        except ImportError:
            self.skipTest("pandas is not there")
        (call,) = re.findall(r'pandas\.read_csv\("elections\.csv"(.*)\)$',
                             README.read_text("utf-8"), re.M)  # fmt: skip
        for table, (columns, rows) in expected.items():
            read = eval(f"pandas.read_csv(path{call})",  # pylint: disable=eval-used
                        {"pandas": pandas, "path": folder / f"{table}.csv"})  # fmt: skip
            self.assertEqual(list(read.columns), [name for name, _ in columns])
            found = [[None if isinstance(cell, float) and math.isnan(cell) else cell
                      for cell in row] for row in read.itertuples(index=False)]  # fmt: skip
            self.assertEqual(found, rows, table)
            if "seed" in read:
                self.assertTrue(all(isinstance(seed, str) for seed in read["seed"]))


if __name__ == "__main__":
    unittest.main()
