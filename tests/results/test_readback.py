"""Runs two small scenarios and reads back what they left: by Python's csv, by sqlite3, against
datapackage.json, and against the data dictionary in results/README.md."""
import collections
import copy
import csv
import json
import os
import re
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import in_time, until_judged  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
README = "results/README.md"
SCHEMA = "tests/results/datapackage.schema.json"

# A leader that crashes and stays elected: violations, elections of which nothing is published.
CRASH = """
name: crash
nodes: 3
trials: 2
duration: 3s
starts: {master: all_reported}
protocol: {article: {poll: 20ms}}
lock: {token: {retry: 10ms}}
faults:
  - when: settled
    after: 300ms
    crash: 1
expect:
  checks: {dead_leader: always, two_leaders: allowed}
"""

# Nothing is wrong, and much is empty. No lock.
QUIET = """
name: quiet
nodes: 2
lock: none
trials: 1
duration: 200ms
starts: {master: all_reported}
protocol: {article: {poll: 20ms}}
"""


def setUpModule():
    """One run for all tests: folder, its tables as lists of dicts, its descriptor."""
    global place, folder, tables, package, run
    place = tempfile.mkdtemp(prefix="hustings-readback-")
    unittest.addModuleCleanup(shutil.rmtree, place)
    paths = []
    for name, text in (("crash", CRASH), ("it's quiet", QUIET)):
        paths.append(os.path.join(place, name + ".yaml"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(text)
    command = [HUSTINGS, "run", "--jobs", "2", "--seed", "18446744073709551615", "--out",
               f"{place}/out", *paths]  # fmt: skip

    def run_both():
        done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
        if done.returncode not in (0, 1, 4):
            raise RuntimeError(f"exit {done.returncode}: {done.stdout}{done.stderr}")
        in_time(f"{place}/out")
        return done

    done = until_judged(run_both)
    if done.returncode == 4:
        raise RuntimeError(done.stdout)
    folder = f"{place}/out/latest"
    package = read_json("datapackage.json")
    run = read_json("run.json")
    tables = {}
    for resource in package["resources"]:
        with open(f"{folder}/{resource['path']}", newline="", encoding="utf-8") as file:
            tables[resource["name"]] = list(csv.DictReader(file, strict=True))


def read_json(name):
    with open(f"{folder}/{name}", encoding="utf-8") as file:
        return json.load(file)


def fields():
    """(table, field) of every column."""
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            yield resource["name"], field


class Descriptor(unittest.TestCase):
    def setUp(self):
        with open(SCHEMA, encoding="utf-8") as file:
            self.schema = json.load(file)

    def test_is_a_tabular_data_package(self):
        jsonschema.Draft7Validator.check_schema(self.schema)
        jsonschema.validate(package, self.schema)

    def test_the_schema_knows_a_bad_one(self):
        def first(package):
            return package["resources"][0]

        spoilers = [
            lambda p: p.pop("resources"),
            lambda p: p.update(profile="data-package"),
            lambda p: p.update(resources=[]),
            lambda p: p.update(name="Not A Name"),
            lambda p: first(p).pop("schema"),
            lambda p: first(p).pop("path"),
            lambda p: first(p).update(path="../elections.csv"),
            lambda p: first(p).update(path="/elections.csv"),
            lambda p: first(p)["dialect"].update(quote="'"),
            lambda p: first(p)["schema"].update(fields=[]),
            lambda p: first(p)["schema"].update(missingValues=""),
            lambda p: first(p)["schema"]["fields"][0].pop("name"),
            lambda p: first(p)["schema"]["fields"][0].update(type="text"),
            lambda p: first(p)["schema"]["fields"][0].update(constraints={"needed": True}),
        ]
        for number, spoil in enumerate(spoilers):
            bad = copy.deepcopy(package)
            spoil(bad)
            with self.subTest(number), self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(bad, self.schema)

    def test_describes_every_csv_file_in_order(self):
        paths = [resource["path"] for resource in package["resources"]]
        self.assertEqual(sorted(paths), sorted(n for n in os.listdir(folder) if n.endswith("csv")))
        for resource in package["resources"]:
            with open(f"{folder}/{resource['path']}", encoding="utf-8") as file:
                header = file.readline().strip().split(",")
            self.assertEqual(header, [f["name"] for f in resource["schema"]["fields"]])

    def test_names_say_the_unit(self):
        for table, field in fields():
            in_ms = "_ms" in field["name"]
            self.assertEqual(field.get("unit"), "ms" if in_ms else None, (table, field))
            self.assertEqual(field["type"] == "number", in_ms, (table, field))


class Cells(unittest.TestCase):
    def test_are_of_their_type(self):
        patterns = {"integer": r"-?\d+", "number": r"-?\d+\.\d{3}", "string": r"[\s\S]+"}
        for table, field in fields():
            for row in tables[table]:
                cell = row[field["name"]]
                self.assertIsNotNone(cell, "a short row")
                self.assertNotIn(None, row, "a long row")
                if cell == "":
                    self.assertNotIn("constraints", field, f"{table}.{field['name']} is empty")
                else:
                    self.assertRegex(cell, f"^{patterns[field['type']]}$")

    def test_lines_end_with_cr_lf(self):
        for resource in package["resources"]:
            with open(f"{folder}/{resource['path']}", "rb") as file:
                text = file.read()
            self.assertTrue(text.endswith(b"\r\n"))
            self.assertEqual(text.count(b"\n"), text.count(b"\r\n"))

    def test_sqlite3_reads_the_same(self):
        for resource in package["resources"]:
            name = resource["name"]
            done = subprocess.run(
                ["sqlite3", ":memory:", "-cmd", f".import --csv '{folder}/{name}.csv' t",
                 "-cmd", ".mode json", "select * from t"],
                capture_output=True, text=True, timeout=20, check=True,
            )  # fmt: skip
            self.assertEqual(done.stderr, "")
            self.assertEqual(json.loads(done.stdout or "[]"), tables[name])


class Rows(unittest.TestCase):
    def test_there_is_one_a_trial(self):
        got = [(row["scenario"], row["trial"]) for row in tables["trials"]]
        self.assertEqual(got, [("crash", "1"), ("crash", "2"), ("quiet", "1")])
        got = [(row["scenario"], row["cause"]) for row in tables["summary"]]
        self.assertEqual(got, [("crash", "all"), ("crash", "start"), ("crash", "crash"),
                               ("quiet", "all"), ("quiet", "start")])  # fmt: skip

    def test_tables_agree(self):
        def count(table, trial):
            return sum(all(row[k] == trial[k] for k in ("scenario", "trial", "seed"))
                       for row in tables[table])  # fmt: skip

        for trial in tables["trials"]:
            self.assertEqual(int(trial["elections"]), count("elections", trial))
            self.assertEqual(int(trial["violations"]), count("violations", trial))
        for summary in tables["summary"]:
            name, cause = summary["scenario"], summary["cause"]
            elections = [row for row in tables["elections"] if row["scenario"] == name
                         and cause in ("all", row["cause"])]  # fmt: skip
            self.assertEqual(int(summary["elections"]), len(elections))
            for ended in ("published", "withdrawn", "superseded", "censored", "never"):
                self.assertEqual(int(summary[ended]),
                                 sum(row["ended"] == ended for row in elections))  # fmt: skip
            if cause != "all":
                with_cause = {row["trial"] for row in elections}
                self.assertEqual(int(summary["trials"]), len(with_cause))
                self.assertEqual(summary["passed"], "")
                continue
            mine = [row for row in tables["trials"] if row["scenario"] == name]
            self.assertEqual(int(summary["trials"]), len(mine))
            passed = [row for row in mine if row["verdict"] == "passed"]
            self.assertEqual(int(summary["passed"]), len(passed))
            found = collections.defaultdict(set)
            for row in tables["violations"]:
                if row["scenario"] == name:
                    found[row["check"]].add(row["trial"])
            checks = list(summary)[5:list(summary).index("elections")]
            self.assertIn("dead_leader", checks)
            for check in checks:
                self.assertEqual(int(summary[check]), len(found[check]), check)

    def test_percentiles_rank_never_last(self):
        """Of a crash that is answered by nobody there is no time, beside a count."""
        for row in tables["summary"]:
            never, published = int(row["never"]), int(row["published"])
            mine = sorted(
                float(election["elect_ms"]) for election in tables["elections"]
                if election["scenario"] == row["scenario"] and election["elect_ms"]
                and row["cause"] in ("all", election["cause"])
            )  # fmt: skip
            self.assertEqual(len(mine), published)
            for name, percent in (("p50", 50), ("p90", 90), ("p99", 99), ("max", 100)):
                rank = max(1, -(-percent * (never + published) // 100))
                expected = f"{mine[rank - 1]:.3f}" if rank <= published else ""
                self.assertEqual(row[f"elect_ms_{name}"], expected, row)
        (crash,) = [row for row in tables["summary"] if row["cause"] == "crash"]
        self.assertEqual((crash["published"], crash["elect_ms_p50"]), ("0", ""))

    def test_seeds_are_text(self):
        for table, field in fields():
            if field["name"] == "seed":
                self.assertEqual(field["type"], "string", table)
        self.assertEqual({row["seed"] for row in tables["trials"]} & {"18446744073709551615"},
                         {"18446744073709551615"})  # fmt: skip

    def test_times_are_in_order(self):
        order = ["due_ms", "reported_ms", "decided_ms", "published_ms", "settled_ms"]
        for row in tables["elections"]:
            times = [float(row[column]) for column in order if row[column]]
            self.assertEqual(times, sorted(times), row)
            for total, until in (("elect_ms", "published_ms"), ("settle_ms", "settled_ms")):
                self.assertEqual(row[total] == "", row[until] == "")
                if row[total]:
                    took = float(row[until]) - float(row["due_ms"])
                    self.assertAlmostEqual(float(row[total]), took, delta=0.0021)

    def test_the_story_is_told(self):
        for trial in ("1", "2"):
            mine = [row for row in tables["elections"]
                    if (row["scenario"], row["trial"]) == ("crash", trial)]  # fmt: skip
            self.assertEqual((mine[0]["cause"], mine[0]["cause_node"]), ("start", ""))
            self.assertEqual((mine[0]["elected"], mine[0]["verdict"]), ("1", "ok"))
            self.assertEqual((mine[1]["cause"], mine[1]["cause_node"]), ("crash", "1"))
            self.assertEqual((mine[1]["elected"], mine[1]["verdict"]), ("1", "dead"))
            self.assertEqual(mine[1]["published_ms"], "")
        self.assertIn("dead_leader", [row["check"] for row in tables["violations"]])
        quiet = [row for row in tables["elections"] if row["scenario"] == "quiet"]
        self.assertEqual(quiet[0]["lock_wait_ms"], "")

    def test_a_trial_is_run_again_by_its_command(self):
        commands = {row["scenario"]: row["reproduce"] for row in tables["trials"][::2]}
        path = f"'{place}/it'\\''s quiet.yaml'"
        self.assertEqual(
            commands["quiet"],
            f"{HUSTINGS} run {path} --seed 18446744073709551615 --trials 1",
        )


class Dictionary(unittest.TestCase):
    """results/README.md says what the program does."""

    def setUp(self):
        with open(README, encoding="utf-8") as file:
            self.text = file.read()

    def test_has_every_column(self):
        for resource in package["resources"]:
            section = self.text.split(f"### {resource['path']}\n")[1].split("\n#")[0]
            rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w*) ?\| (always)? ?\|", section, re.M)
            self.assertEqual(
                rows,
                [(f["name"], f["type"], f.get("unit", ""), "always" if "constraints" in f else "")
                 for f in resource["schema"]["fields"]],
            )  # fmt: skip

    def test_has_every_cause_and_verdict(self):
        section = self.text.split("## Elections\n")[1].split("### elections.csv")[0]
        words = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", section, re.M))))
        for row in tables["elections"]:
            self.assertIn(row["cause"], words)
            self.assertIn(row["verdict"], words)

    def test_has_every_field_of_run_json(self):
        section = self.text.split("## run.json\n")[1].split("\n## ")[0]
        words = set(re.findall(r"`(\w+)`", section))
        self.assertLessEqual(set(keys_of(run)), words)

    def test_has_every_field_of_a_history(self):
        section = self.text.split("## history/")[1]
        words = set(re.findall(r"`(\w+)`", section)) | set(re.findall(r'"(id|rule|term)"', section))
        names = sorted(os.listdir(f"{folder}/history"))
        self.assertEqual(names, ["quiet-trial-0001.jsonl", "trial-0001.jsonl", "trial-0002.jsonl"])
        for name in names:
            with open(f"{folder}/history/{name}", encoding="utf-8") as file:
                lines = [json.loads(line) for line in file]
            for line in lines:
                self.assertLessEqual(set(keys_of(line)), words)
            self.assertLessEqual({line["event"] for line in lines[1:]}, words)
            self.assertEqual([line["i"] for line in lines[1:]], list(range(len(lines) - 1)))

    def test_has_every_moment_of_a_request(self):
        with open("src/moment.c", encoding="utf-8") as file:
            rows = re.findall(r'= \{"(\w+)",[^}]*is_request = (true|false)', file.read())
        (told,) = re.findall(r"what its going out means: (.*?); left out if nothing", self.text)
        self.assertEqual(set(re.split(", | or ", told)),
                         {name for name, request in rows if request == "true"})
        self.assertIn(("resigns", "false"), rows)

    def test_run_json_says_how_to_run_it_again(self):
        self.assertEqual(run["seed"], "18446744073709551615")
        self.assertIn("--seed 18446744073709551615 --trials 2", run["reproduce"])
        self.assertRegex(run["finished_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual([s["name"] for s in run["scenarios"]], ["crash", "quiet"])
        for scenario, text in zip(run["scenarios"], (CRASH, QUIET)):
            with open(f"{folder}/{scenario['file']}", encoding="utf-8") as file:
                self.assertEqual(file.read(), text)


def keys_of(value):
    """The names of all members, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


if __name__ == "__main__":
    unittest.main(verbosity=2)
