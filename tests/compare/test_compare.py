"""`hustings compare` on results folders made by hand, whose differences are known: text, JSON, the
conclusion, exit codes, and what it says of folders that are none."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")

TRIALS = "scenario,host,trial"
ELECTIONS = "scenario,trial,nth,cause,published_ms,elected,verdict,elect_ms,settle_ms"
VIOLATIONS = "scenario,trial,check"

CHANCE = "in leaders and in checks, the two agree within what chance gives"
TOO_FEW = "there are too few trials to tell the two from each other"


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


class Comparison(Folders):
    def scenario(self, *arguments):
        (scenario,) = self.json(*arguments)["scenarios"]
        return scenario

    def test_equal_ones_agree(self):
        found = self.json(self.shifted("a", 0), self.shifted("b", 0))
        self.assertEqual(found["conclusion"], CHANCE)
        (scenario,) = found["scenarios"]
        self.assertEqual(scenario["total_variation"], 0)
        self.assertFalse(self.line(scenario, "leaders", "1")["differs"])

    def test_percentiles_stand_side_by_side(self):
        scenario = self.scenario(self.shifted("a", 0), self.shifted("b", 20))
        for what, more in (("elect_ms", 0), ("settle_ms", 100)):
            a, b = ({"count": 100, "p50_ms": 50 + by, "p90_ms": 90 + by, "p99_ms": 99 + by}
                    for by in (more, more + 20))  # fmt: skip
            self.assertEqual(scenario[what], {"a": a, "b": b})

    def test_orders_of_leaders_and_checks_are_shares_of_trials(self):
        # 60 against 90 of 100 have one order; violations of one trial count once.
        twice = ["made,7,two_leaders", "made,7,two_leaders"]
        one = self.shifted("one", 0, [1] * 60 + [2] * 40, violations=twice)
        other = self.shifted("other", 0, [1] * 90 + [2] * 10)
        found = self.json(one, other)
        (scenario,) = found["scenarios"]
        for name, a, b in (("1", 60, 90), ("2", 40, 10)):
            line = {"name": name, "differs": True, "a": {"count": a, "of": 100},
                    "b": {"count": b, "of": 100}}  # fmt: skip
            self.assertEqual(self.line(scenario, "leaders", name), line)
        self.assertEqual(scenario["total_variation"], 0.3)
        check = self.line(scenario, "checks", "two_leaders")
        self.assertEqual([check[side]["count"] for side in "ab"], [1, 0])
        self.assertFalse(check["differs"])
        self.assertEqual(found["conclusion"], "they differ: the leaders were 1 in 60 of 100 trials "
                         "against 90 of 100, more than chance gives (p < 0.001); so does 1 more")

    def test_a_check_is_told_before_leaders(self):
        broken = [[f"made,{trial},two_leaders" for trial in range(1, 1 + n)] for n in (12, 49)]
        one = self.shifted("one", 0, [1] * 100, violations=broken[0])
        other = self.shifted("other", 0, [2] * 100, violations=broken[1])
        self.assertTrue(self.compare(one, other).stdout.endswith(
            "\n\nThey differ: two_leaders broke in 12 of 100 trials against 49 of 100, more than "
            "chance gives (p < 0.001); so do 2 more.\n"))  # fmt: skip

    def test_what_is_only_just_beyond_chance_loses_to_how_much_was_compared(self):
        # 50 against 65 of 100: p = 0.045 alone, but three things were compared.
        leaders = [[1] * n + [2] * (100 - n) for n in (50, 65)]
        folders = [self.shifted(f"f{i}", 0, order, violations=["made,1,no_leader"])
                   for i, order in enumerate(leaders)]  # fmt: skip
        self.assertEqual(self.json(*folders)["conclusion"], CHANCE)

    def test_too_few_trials_can_tell_nothing(self):
        one = self.folder("one", [election(trial, 5, 1) for trial in (1, 2)], 2)
        other = self.folder("other", [election(trial, 5, 2) for trial in (1, 2)], 2)
        self.assertEqual(self.json(one, other)["conclusion"], TOO_FEW)

    def test_trials_of_which_a_check_is_not_known_are_no_trials_of_it(self):
        broken = [f"made,{trial},stale_result" for trial in range(1, 31)]
        one = self.shifted("one", 0, violations=broken)
        other = self.shifted("other", 0)
        table = pathlib.Path(f"{other}/trials.csv")
        rows = table.read_text(encoding="utf-8").split()
        kinds = ["no_leader stale_result,,"] * 90 + [",stale_result,"] * 4 + [",,late"] * 6
        lines = [f"{rows[0]},untested,undecided,why_undecided",
                 *map(",".join, zip(rows[1:], kinds))]  # fmt: skip
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        scenario = self.scenario(one, other)
        self.assertEqual(scenario["b"], {"trials": 94, "undecided": 6, "elections": 94})
        line = {"name": "stale_result", "differs": None, "a": {"count": 30, "of": 100},
                "b": {"count": 0, "of": 0}}  # fmt: skip
        self.assertEqual(scenario["checks"], [line])
        text = self.compare(one, other).stdout
        self.assertRegex(text, r"stale_result +30 +30\.0 % +not tested\n")
        self.assertRegex(text, r"undecided ones, left out +0 +6\n")

    def test_orders_leave_out_repeats(self):
        rows = []
        for trial in (1, 2):
            rows += [election(trial, 300), election(trial, 40, 4, nth=2, cause="flip"),
                     election(trial, 50, 4, nth=3, cause="other")]  # fmt: skip
        scenario = self.scenario(self.folder("a", rows, 2), self.folder("b", rows, 2))
        self.assertEqual([line["name"] for line in scenario["leaders"]], ["1 4"])
        self.assertEqual(scenario["a"]["elections"], 6)

    def test_a_long_order_of_leaders_is_whole(self):
        order = [str(1 + trial % 2) for trial in range(200)]
        rows = [election(1, 1, leader, nth=nth) for nth, leader in enumerate(order, 1)]
        scenario = self.scenario(*(self.folder(name, rows, trials=1) for name in "ab"))
        self.assertEqual([line["name"] for line in scenario["leaders"]], [" ".join(order)])

    def test_what_was_never_published_ranks_last(self):
        folders = self.shifted("a", 0), self.shifted("b", 0)
        for path, never in zip(folders, (0, 60)):
            table = pathlib.Path(f"{path}/elections.csv")
            head, *rows = table.read_text(encoding="utf-8").split()
            ended = ["never" if i < never else "published" for i in range(100)]
            lines = [f"{head},ended", *map(",".join, zip(rows, ended))]
            table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.assertRegex(self.compare(*folders).stdout, r"elect_ms +p50 +50\.000 +never\n")
        self.assertIsNone(self.scenario(*folders)["elect_ms"]["b"]["p50_ms"])

    def test_unfinished_trials_are_left_out(self):
        rows = [election(1, 300), election(2, 900, 5)]
        one = self.folder("one", rows, trials=1, violations=["made,2,dead_leader"])
        scenario = self.scenario(one, self.folder("other", rows[:1], trials=1))
        self.assertEqual([line["name"] for line in scenario["leaders"]], ["1"])
        self.assertEqual(scenario["checks"], [])
        self.assertEqual(scenario["elect_ms"]["a"], scenario["elect_ms"]["b"])

    def test_a_scenario_on_one_side_is_named(self):
        both = [self.folder(name, [election(1, 300)], 1) for name in ("one", "other")]
        with open(f"{both[1]}/trials.csv", "a", encoding="utf-8", newline="") as file:
            file.write("alone,model,1\r\n")
        self.assertIn("\nalone: only in B\n", self.compare(*both).stdout)

    def test_text_shows_what_json_has(self):
        a = self.shifted("a", 0, [1] * 60 + [2] * 40, violations=["made,5,dead_leader"])
        b = self.shifted("b", 20)
        text = self.compare(a, b).stdout
        self.assertTrue(text.startswith(f"A  {a}\nB  {b}\n\nmade\n"), text)
        for line in (r"trials +100 +100", r"elections +100 +100", r"leaders +1 +60 +60\.0 % +100 "
                     r"+100\.0 %   differs", r" +2 +40 +40\.0 % +0 +0\.0 %   differs",
                     r" +total variation +0\.400", r"checks +dead_leader +1 +1\.0 % +0 +0\.0 %",
                     r"verdicts +ok +100 +100\.0 % +100 +100\.0 %",
                     r"elect_ms +p50 +50\.000 +70\.000", r" +p90 +90\.000 +110\.000"):
            self.assertRegex(text, rf"(?m)^  {line}$")  # fmt: skip


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
        self.says('--format "xml": give text or json', 2, "--format", "xml", a, a)

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
