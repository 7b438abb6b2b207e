"""`hustings calibrate` on a few trials, and what comes of the table: the model runs with it, says
so, repeats itself, and has the leaders and the checks of real processes."""
# ctest-timeout: 300
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")
LESSON = "scenarios/course/03-the-master-submits.yaml"

TABLES = {"round_ns": "round trip", "timer_ns": "timer late by", "start_ns": "next start"}


def start(*arguments):
    return subprocess.Popen([HUSTINGS, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)  # fmt: skip


def end(process):
    out, err = process.communicate(timeout=250)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def hustings(*arguments):
    return end(start(*arguments))


def setUpModule():
    """Calibrations side by side, all trials at once; then the lesson on real processes, and on the
    model with the table."""
    global place, table, measured, few, real, model
    place = tempfile.mkdtemp(prefix="hustings-calibrate-")
    unittest.addModuleCleanup(shutil.rmtree, place)
    table = f"{place}/a machine.json"
    calibrating = start("calibrate", "--trials", "12", "--jobs", "15", "--out", table)
    measuring_few = start("calibrate", "--trials", "5", "--out", f"{place}/few.json")
    few = end(measuring_few)
    measured = end(calibrating)
    real = hustings("run", "--jobs", "4", "--trials", "8", "--out", f"{place}/real", LESSON)
    model = hustings("run", "--on", "model", "--latency", table, "--trials", "8",
                     "--out", f"{place}/model", LESSON)  # fmt: skip


def read(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


class Calibration(unittest.TestCase):
    def test_it_tells_what_it_measured(self):
        self.assertEqual((measured.returncode, measured.stderr), (0, ""))
        lines = measured.stdout.splitlines()
        self.assertRegex(lines[0], r"^measuring, for about \d+ s$")
        self.assertEqual(lines[-1], f"written: {table}")
        self.assertEqual(lines[1].split(), ["us", "n", "p1", "p10", "p50", "p90", "p99"])
        for line, name in zip(lines[2:-1], TABLES.values(), strict=True):
            self.assertTrue(line.startswith(name), line)
            count, *quantiles = (int(word) for word in line.removeprefix(name).split())
            self.assertGreaterEqual(count, 30)
            self.assertEqual(quantiles, sorted(quantiles))

    def test_the_tables_are_of_this_machine(self):
        found = read(table)
        self.assertEqual((found["hustings"], found["version"]), ("latency", 3))
        for name in TABLES:
            self.assertEqual(len(found[name]), 101)
            self.assertEqual(found[name], sorted(found[name]), name)
            self.assertGreater(found[name][-1], 0, name)
        # A round trip through a Unix socket: more than a few us, and no second.
        self.assertTrue(3e3 < found["round_ns"][50] < 1e9, found["round_ns"][50])
        self.assertIn("redis_version", found["measured"])

    def test_too_few_trials(self):
        """It says so at once, before it has measured anything."""
        self.assertEqual((few.returncode, few.stdout), (2, ""), few)
        self.assertIn('--trials "5": give a whole number from 6 to 100000\n', few.stderr)
        self.assertFalse(os.path.exists(f"{place}/few.json"))

    def test_usage(self):
        done = hustings("calibrate", "results")
        self.assertEqual(done.returncode, 2)
        self.assertIn("it takes options only", done.stderr)
        done = hustings("calibrate", "--trials", "0")
        self.assertEqual(done.returncode, 2)
        self.assertIn('--trials "0": give a whole number from 6 to 100000', done.stderr)


class OnTheModel(unittest.TestCase):
    def test_run_json_says_with_which_table(self):
        self.assertEqual((model.returncode, model.stderr), (0, ""))
        run = read(f"{place}/model/latest/run.json")
        self.assertEqual((run["host"], run["latency"]), ("model", table))
        self.assertIn(f"--latency '{table}'", run["reproduce"])
        self.assertEqual(read(f"{place}/real/latest/run.json")["latency"], "")

    def test_it_repeats_itself_and_the_table_matters(self):
        def histories(*options):
            out = f"{place}/again"
            done = hustings("run", "--on", "model", "--trials", "8", "--out", out, *options, LESSON)
            self.assertEqual(done.returncode, 0, done)
            return contents(f"{out}/latest")

        def contents(folder):
            return [path.read_bytes() for path in sorted(pathlib.Path(folder).glob("history/*"))]

        first = contents(f"{place}/model/latest")
        self.assertEqual(len(first), 8)
        self.assertEqual(histories("--latency", table, "--jobs", "3"), first)
        self.assertNotEqual(histories(), first)

    def test_a_bad_table_is_one_line(self):
        bad = f"{place}/bad.json"
        for text, expected in (
            ("{", "this is no JSON"),
            ("{}", "this is no latency table; make one by hustings calibrate"),
            (json.dumps({**read(table), "start_ns": [1, 2]}),
             "start_ns: give 101 whole numbers of ns, ascending"),
            (json.dumps({**read(table), "round_ns": [5, 4] + [6] * 99}),
             "round_ns: give 101 whole numbers of ns, ascending"),
            (json.dumps({**read(table), "version": 2}),
             "version: it was made for another hustings; calibrate again"),
        ):
            pathlib.Path(bad).write_text(text, encoding="utf-8")
            done = hustings("run", "--on", "model", "--latency", bad, LESSON)
            self.assertEqual(done.returncode, 3, done)
            self.assertEqual(done.stderr, f"hustings: {bad}: {expected}\n")

    def test_leaders_and_checks_are_those_of_real_processes(self):
        self.assertEqual(real.returncode, 0, real)
        done = hustings("compare", "--format", "json", f"{place}/real/latest",
                        f"{place}/model/latest")  # fmt: skip
        self.assertEqual(done.returncode, 0, done)
        (scenario,) = json.loads(done.stdout)["scenarios"]
        (leaders,) = scenario["leaders"]
        self.assertEqual((leaders["name"], leaders["a"], leaders["b"]),
                         ("1 0 1", {"count": 8, "of": 8}, {"count": 8, "of": 8}))  # fmt: skip
        self.assertEqual(scenario["total_variation"], 0)
        self.assertEqual([line["name"] for line in scenario["verdicts"]], ["ok"])
        # The old leader leads on until it looks again; nothing else is broken.
        self.assertLessEqual({line["name"] for line in scenario["checks"]}, {"two_leaders"})
        # A start and two flips are about the waits for the lock, 100 ms each.
        for side in "ab":
            self.assertEqual(scenario["elect_ms"][side]["count"], 24)
            self.assertTrue(0 < scenario["elect_ms"][side]["p50_ms"] < 1000, scenario)


if __name__ == "__main__":
    unittest.main()
