"""`hustings compare` on results folders made by hand, whose distances are known: text, CSV, JSON,
exit codes, and what it says of folders that are none."""
import csv
import json
import math
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")

TRIALS = "scenario,host,trial"
ELECTIONS = "scenario,trial,nth,cause,published_ms,elected,verdict,elect_ms,settle_ms"
VIOLATIONS = "scenario,trial,check"

# What the comparison of FEW with MANY says: worked out by hand. 100 times from 1 ms on, and 100
# from 21 ms on: at 20 ms a fifth of the first and none of the second are there.
SHIFT = 0.2
BOUND = math.sqrt(math.log(40) / 2) * math.sqrt(2 / 100)


def election(trial, elect_ms, elected=1, scenario="made", nth=1, cause="start"):
    return (f"{scenario},{trial},{nth},{cause},{elect_ms}.000,{elected},ok,"
            f"{elect_ms}.000,{elect_ms + 100}.000")  # fmt: skip


class Folders(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="hustings-compare-")
        self.addCleanup(shutil.rmtree, self.place)

    def folder(self, name, elections, trials=100, violations=(), scenario="made"):
        """A results folder with these rows; as many trials as said."""
        path = f"{self.place}/{name}"
        os.mkdir(path)
        rows = [f"{scenario},processes,{trial}" for trial in range(1, trials + 1)]
        for table, head, lines in (
            ("trials", TRIALS, rows), ("elections", ELECTIONS, elections),
            ("violations", VIOLATIONS, violations),
        ):  # fmt: skip
            text = "".join(f"{line}\r\n" for line in [head, *lines])
            pathlib.Path(f"{path}/{table}.csv").write_text(text, encoding="utf-8", newline="")
        return path

    def shifted(self, name, by, leaders=None, **more):
        """100 elections, one a trial, of 1 to 100 ms and `by` more."""
        leaders = leaders or [1] * 100
        rows = [election(trial, trial + by, leaders[trial - 1]) for trial in range(1, 101)]
        return self.folder(name, rows, **more)

    def compare(self, *arguments, expected=0):
        done = subprocess.run([HUSTINGS, "compare", *arguments], capture_output=True, text=True,
                              timeout=20, check=False)  # fmt: skip
        self.assertEqual(done.returncode, expected, done)
        if expected >= 2:
            self.assertEqual(done.stdout, "")
        return done

    def json(self, *arguments, expected=0):
        text = self.compare("--format", "json", *arguments, expected=expected).stdout
        return json.loads(text)

    def line(self, scenario, what, name):
        (found,) = [line for line in scenario[what] if line["name"] == name]
        return found


class Distances(Folders):
    def test_equal_ones_are_not_apart(self):
        found = self.json(self.shifted("a", 0), self.shifted("b", 0))
        (scenario,) = found["scenarios"]
        for what in ("leaders", "elect_ms", "settle_ms"):
            self.assertEqual({line["distance"] for line in scenario[what]}, {0})

    def test_shifted_ones_are_apart_by_what_they_are_shifted(self):
        found = self.json(self.shifted("a", 0), self.shifted("b", 20))
        (scenario,) = found["scenarios"]
        for what, more in (("elect_ms", 0), ("settle_ms", 100)):
            for name in ("all", "1 start"):
                line = self.line(scenario, what, name)
                self.assertEqual(line["distance"], SHIFT)
                self.assertAlmostEqual(line["bound"], BOUND, places=4)
                a, b = ({"count": 100, "p50_ms": 50 + by, "p90_ms": 90 + by, "p99_ms": 99 + by}
                        for by in (more, more + 20))  # fmt: skip
                self.assertEqual((line["a"], line["b"]), (a, b))

    def test_a_demand_is_unmet_beyond_it_and_beyond_chance(self):
        one = self.shifted("one", 0)
        near = self.shifted("near", 10)
        far = self.shifted("far", 20)
        # Four lines differ: elect_ms and settle_ms, of all and of the first ones.
        done = self.compare("--within", "0.15", one, far, expected=1)
        self.assertEqual(done.stdout.count("  differs\n"), 4)
        self.assertIn("\n4 lines differ by more than 0.15 and by more than chance.\n", done.stdout)
        self.compare("--within", "0.2", one, far)
        # 0.1 is more than 0.05, but so much is chance among a hundred.
        done = self.compare("--within", "0.05", one, near)
        self.assertIn("\n0 lines differ", done.stdout)
        self.assertEqual(self.json("--within", "0.15", one, far, expected=1)["differences"], 4)

    def test_orders_of_leaders_and_checks_are_shares_of_trials(self):
        # 60 against 90 of 100 have one order; violations of one trial count once.
        twice = ["made,7,two_leaders", "made,7,two_leaders"]
        one = self.shifted("one", 0, [1] * 60 + [2] * 40, violations=twice)
        other = self.shifted("other", 0, [1] * 90 + [2] * 10)
        (scenario,) = self.json("--within", "0.15", one, other, expected=1)["scenarios"]
        for name, a, b in (("1", 60, 90), ("2", 40, 10)):
            line = self.line(scenario, "leaders", name)
            self.assertEqual((line["a"], line["b"]),
                             ({"count": a, "of": 100}, {"count": b, "of": 100}))  # fmt: skip
            self.assertEqual(line["distance"], 0.3)
            self.assertAlmostEqual(line["bound"], BOUND, places=4)
        check = self.line(scenario, "check", "two_leaders")
        self.assertEqual([check[side]["count"] for side in "ab"], [1, 0])
        self.assertEqual(check["distance"], 0.01)

    def test_orders_leave_out_repeats_and_elections_are_told_apart_by_cause(self):
        rows = []
        for trial in (1, 2):
            rows += [election(trial, 300), election(trial, 40, 4, nth=2, cause="flip"),
                     election(trial, 50, 4, nth=3, cause="other")]  # fmt: skip
        (scenario,) = self.json(self.folder("a", rows, 2), self.folder("b", rows, 2))["scenarios"]
        self.assertEqual([line["name"] for line in scenario["leaders"]], ["1 4"])
        self.assertEqual([line["name"] for line in scenario["elect_ms"]],
                         ["all", "1 start", "2 flip", "3 other"])  # fmt: skip

    def test_a_long_order_of_leaders_is_whole(self):
        order = [str(1 + trial % 2) for trial in range(200)]
        rows = [election(1, 1, leader, nth=nth) for nth, leader in enumerate(order, 1)]
        found = self.json(self.folder("a", rows, trials=1), self.folder("b", rows, trials=1))
        (line,) = found["scenarios"][0]["leaders"]
        self.assertEqual(line["name"], " ".join(order))

    def test_a_long_cause_is_one_group(self):
        cause = "a cause of 31 letters not of ours"
        rows = [election(trial, 5, cause=cause) for trial in (1, 2, 3)]
        found = self.json(self.folder("a", rows, trials=3), self.folder("b", rows, trials=3))
        self.assertEqual([line["a"]["count"] for line in found["scenarios"][0]["elect_ms"]], [3, 3])

    def test_how_elections_ended_is_shown_and_not_judged(self):
        folders = self.shifted("a", 0), self.shifted("b", 0)
        for path, ended in zip(folders, ("published", "withdrawn")):
            table = pathlib.Path(f"{path}/elections.csv")
            head, *rows = table.read_text(encoding="utf-8").split()
            lines = [f"{head},ended", *(f"{row},{ended}" for row in rows)]
            table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        text = self.compare("--within", "0.1", *folders).stdout
        self.assertRegex(text, r"withdrawn +0 +0\.0 % +100 +100\.0 % +1\.000")
        self.assertNotRegex(text, r"differs\n")
        self.assertIn("\n0 lines differ", text)

    def test_unfinished_trials_are_left_out(self):
        rows = [election(1, 300), election(2, 900, 5)]
        one = self.folder("one", rows, trials=1, violations=["made,2,dead_leader"])
        (scenario,) = self.json(one, self.folder("other", rows[:1], trials=1))["scenarios"]
        self.assertEqual([line["name"] for line in scenario["leaders"]], ["1"])
        self.assertNotIn("check", scenario)
        self.assertEqual(self.line(scenario, "elect_ms", "all")["distance"], 0)

    def test_a_scenario_on_one_side_is_named(self):
        both = [self.folder(name, [election(1, 300)], 1) for name in ("one", "other")]
        with open(f"{both[1]}/trials.csv", "a", encoding="utf-8", newline="") as file:
            file.write("alone,model,1\r\n")
        self.assertIn("\nalone: only in B\n", self.compare(*both).stdout)


class Forms(Folders):
    """The same facts as text, CSV and JSON."""

    def setUp(self):
        super().setUp()
        two = [election(trial, 40, 3, nth=2, cause="flip") for trial in (1, 2)]
        checks = ["made,5,dead_leader"]
        self.a = self.shifted("a", 0, [1] * 60 + [2] * 40, violations=checks)
        self.b = self.folder("b", [election(trial, trial + 20) for trial in range(1, 101)] + two)
        self.csv = f"{self.place}/compared.csv"
        self.text = self.compare("--csv", self.csv, self.a, self.b).stdout
        with open(self.csv, encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file, strict=True))

    def test_csv_says_what_json_says(self):
        (scenario,) = self.json(self.a, self.b)["scenarios"]
        lines = [(what, line) for what in scenario if what != "scenario"
                 for line in scenario[what]]  # fmt: skip
        self.assertEqual(len(lines), len(self.rows))
        for (what, line), row in zip(lines, self.rows):
            cells = {key: value for key, value in row.items() if value != ""}
            self.assertEqual((cells.pop("scenario"), cells.pop("what"), cells.pop("name")),
                             ("made", what, line["name"]))  # fmt: skip
            said = {f"{side}_{key}": line[side][key] for side in "ab" for key in line[side]}
            said.update(distance=line["distance"], bound=line["bound"])
            said = {key: value for key, value in said.items() if value is not None}
            self.assertEqual({key: float(value) for key, value in cells.items()}, said)

    def test_csv_is_what_sqlite_reads_and_the_manual_explains(self):
        data = pathlib.Path(self.csv).read_bytes()
        self.assertEqual(data.count(b"\n"), data.count(b"\r\n"))
        names = list(self.rows[0])
        manual = pathlib.Path("results/README.md").read_text(encoding="utf-8")
        section = manual.split("## hustings compare --csv\n")[1].split("\n## ")[0]
        told = re.findall(r"^\| (`.*?`) \|", section, re.M)
        self.assertEqual(re.findall(r"`(\w+)`", " ".join(told)), names)
        with sqlite3.connect(":memory:") as database:
            columns = ", ".join(names)
            database.execute(f"create table compared ({columns})")
            marks = ", ".join("?" * len(names))
            database.executemany(f"insert into compared values ({marks})",
                                 [list(row.values()) for row in self.rows])  # fmt: skip
            found = database.execute("select distance from compared where what = 'elect_ms'"
                                     " and name = '1 start'").fetchall()  # fmt: skip
        self.assertEqual(found, [("0.2000",)])

    def test_text_shows_every_line(self):
        for row in self.rows:
            self.assertRegex(self.text, rf"(?m)^  {row['what']} +")
            self.assertRegex(self.text, rf"(?m)^    {row['name']} +")
        self.assertIn(f"A  {self.a}\nB  {self.b}\n", self.text)
        (line,) = re.findall(r"(?m)^    1 start +100 +100 +50\.000 +70\.000 .*$", self.text)[:1]
        self.assertTrue(line.endswith("0.200   0.192"), line)

    def test_a_csv_that_cannot_be_written(self):
        done = self.compare("--csv", f"{self.place}/none/a.csv", self.a, self.b, expected=3)
        self.assertRegex(done.stderr, r"^hustings compare: .*/none/a\.csv: No such file.*\n$")


class Wrong(Folders):
    """One line each: where, and what is wrong."""

    def says(self, expected, code, *arguments):
        done = self.compare(*arguments, expected=code)
        lines = done.stderr.splitlines()
        hint = [f"Try: {HUSTINGS} compare --help"] if "--" in lines[0].split('"')[0] else []
        self.assertEqual(lines[1:], hint)
        self.assertRegex(lines[0], f"^hustings compare: {expected}$")

    def test_usage(self):
        a = self.shifted("a", 0)
        self.says("which two results folders\\? .*", 2, a)
        self.says("which two results folders\\? .*", 2, a, a, a)
        self.says('--within "2": give a number from 0 to 1, such as 0.15', 2, "--within", "2", a, a)
        self.says('--format "xml": write text or json', 2, "--format", "xml", a, a)

    def test_folders(self):
        a = self.shifted("a", 0)
        b = f"{self.place}/b"
        self.says(f"{b}/trials.csv: No such file or directory", 3, a, b)
        self.folder("b", [election(1, 300, scenario="another")], 1, scenario="another")
        self.says(f"no scenario is in both {a} and {b}", 2, a, b)

    def test_tables(self):
        def spoil(table, what, by):
            path = f"{b}/{table}.csv"
            text = pathlib.Path(path).read_bytes()
            self.assertIn(what, text)
            pathlib.Path(path).write_bytes(text.replace(what, by, 1))

        cases = [
            ("elections", b",elect_ms", b",time", ":1: there is no column elect_ms"),
            ("elections", b"ok,3.000,", b"ok,soon,", ':4: elect_ms "soon" is no time in ms'),
            ("elections", b"made,1,1,", b"made,one,1,", ':2: trial "one" is no whole number'),
            ("elections", b"made,1,1,", b"made,1,", ":2: 8 cells, and there are 9 columns"),
            ("trials", b"processes,2", b"processes,1", ":3: a trial's number is not larger .*"),
            ("violations", b"check", b'"check', ":1: a quote is opened and not closed"),
            ("violations", VIOLATIONS.encode() + b"\r\n", b"", ":1: the file is empty; .*"),
        ]
        a = self.shifted("a", 0)
        for number, (table, what, by, expected) in enumerate(cases):
            with self.subTest(expected):
                b = self.shifted(f"b{number}", 0)
                spoil(table, what, by)
                self.says(f"{b}/{table}.csv{expected}", 3, a, b)


if __name__ == "__main__":
    unittest.main()
