"""`hustings run --shard`: parts of a run, merged, are what one run leaves, byte for byte, in files
and in words; whatever befalls them."""
# ctest-timeout: 300
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HUSTINGS = os.path.abspath(os.environ.get("HUSTINGS", ROOT / "sim/hustings"))
SANITIZED = os.environ.get("HUSTINGS_SANITIZED") == "ON"

# More trials than one chunk, which pass, fail and are undecided; more than have histories kept.
TRIALS = 150 if SANITIZED else 400
MIXED = """
name: mixed
nodes: 3
duration: 20s
protocol: {lease: {duration: 3s, renew_deadline: 2s, retry: 500ms}}
work: {every: 50ms}
faults:
  - {when: {who: any, does: writes, nth: 20, before: true}, pause: leader, for: 3.3s}
  - {at: 12s, crash: leader}
  - {when: {who: 2, does: leads, nth: 3}, crash: 2}
expect: {settles_within: 10s, checks: {two_lock_holders: never}}
"""
SHIPPED = [
    "course/04-the-leader-crashes", "course/05-the-lock-expires", "course/09-",
    "catalogue/leader-stalls", "catalogue/foreign-release", "catalogue/starvation",
]  # fmt: skip


class Parts(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-parts-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        (self.place / "mixed.yaml").write_text(MIXED, encoding="utf-8")
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SLURM_", "JOB_COMPLETION", "OMPI_"))
        }

    def hustings(self, *words, code=0, **environment):
        run = subprocess.run(
            [HUSTINGS, *map(str, words)], cwd=self.place, capture_output=True, text=True,
            env={**self.environment, **environment}, timeout=200, check=False,
        )  # fmt: skip
        if code is not None:
            self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def files(self, folder):
        folder = self.place / folder
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "run.json"
            and not str(path.relative_to(folder)).startswith("shard-")
        }  # fmt: skip

    def words_of(self, said):
        """Without where the results are, and where lines end because of that."""
        return " ".join(re.sub(r"results/\d{8}T[\w-]+|\bparts\b", "HERE", said).split())

    def compare(self, count, *words):
        shutil.rmtree(self.place / "parts", ignore_errors=True)
        one = self.hustings("run", "--on", "model", *words, code=None)
        self.assertIn(one.returncode, (0, 1, 4), one.stderr)
        for i in range(count, 0, -1):
            self.hustings("run", "--on", "model", *words, "--shard", f"{i}/{count}",
                          "--into", "parts", "--jobs", i % 2 + 1)  # fmt: skip
        merged = self.hustings("merge", "parts", code=one.returncode)
        whole = self.files("results/latest")
        self.assertIn("history/trial-0001.jsonl" if "none" not in words else "trials.csv", whole)
        self.assertEqual(self.files("parts"), whole)
        self.assertEqual(self.words_of(merged.stdout), self.words_of(one.stdout))
        return one.stdout


class SameBytes(Parts):
    def test_what_passes_fails_and_is_undecided(self):
        self.assertIn("Not done:", self.compare(3, "--trials", TRIALS, "mixed.yaml"))
        for kept in ("few", "none", "all"):
            with self.subTest(kept):
                self.compare(2, "--trials", "120", "--histories", kept, "--seed", "9", "--set",
                             "faults.1.for=2900ms", "mixed.yaml")  # fmt: skip

    def test_stories_that_are_shipped(self):
        for name in SHIPPED:
            with self.subTest(name):
                path = next((ROOT / "scenarios").glob(f"{name}*.yaml"))
                self.compare(2, "--trials", "40", path)

    def test_one_part_is_merged_where_it_is(self):
        words = ["run", "--on", "model", "--trials", "40", "mixed.yaml"]
        one = self.hustings(*words, code=None)
        told = self.hustings(*words, "--shard", "1/1", "--into", "solo", "--quiet")
        self.assertEqual(
            " ".join(told.stdout.replace(HUSTINGS, "HUSTINGS").split()),
            "All trials are run. To make their results: HUSTINGS merge solo",
        )
        self.hustings("merge", "solo/", code=one.returncode)
        self.assertEqual(self.files("solo"), self.files("results/latest"))
        self.assertFalse((self.place / "trials.csv").exists())

    def test_lines_in_the_folder_of_the_whole_count(self):
        words = ["run", "--on", "model", "--trials", "40", "mixed.yaml"]
        one = self.hustings(*words, code=None)
        self.hustings(*words, "--shard", "1/1", "--into", "solo")
        self.hustings(*words, "--shard", "1/2", "--into", "parts")
        self.hustings("merge", "--into", "solo", "parts", code=one.returncode)
        self.assertEqual(self.files("solo"), self.files("results/latest"))
        told = json.loads((self.place / "solo/run.json").read_text(encoding="utf-8"))
        self.assertEqual(told["parts"], 2)

    def test_killed_and_by_an_array(self):
        words = ["run", "--on", "model", "--trials", TRIALS, "mixed.yaml"]
        one = self.hustings(*words, code=None)
        draw = random.Random(11)
        for _ in range(3 if SANITIZED else 8):
            run = subprocess.Popen(
                [HUSTINGS, *map(str, words), "--shard", "2/2", "--into", "parts"], cwd=self.place,
                stdout=subprocess.DEVNULL, env=self.environment,
            )  # fmt: skip
            try:  # this wait is the random moment, and nothing depends on how long it is
                run.wait(timeout=draw.random() * 0.1)
            except subprocess.TimeoutExpired:
                pass
            run.send_signal(signal.SIGKILL)
            run.wait()
        for task in "37":
            self.hustings(
                *words, "--shard", "auto", "--into", "parts", SLURM_ARRAY_TASK_ID=task,
                SLURM_ARRAY_TASK_MIN="3", SLURM_ARRAY_TASK_MAX="7", SLURM_ARRAY_TASK_STEP="4",
                SLURM_ARRAY_TASK_COUNT="2",
            )  # fmt: skip
        self.hustings("merge", "parts", code=one.returncode)
        self.assertEqual(self.files("parts"), self.files("results/latest"))


class Refusals(Parts):
    def test_what_does_not_go_together(self):
        for words, told in (
            (["--shard", "1/2", "mixed.yaml"], "--shard goes with --on model"),
            (["--on", "model", "--into", "x", "mixed.yaml"], "--into goes with --shard"),
            (["--on", "model", "--shard", "3/2", "mixed.yaml"], "such as 3/8"),
            (["--on", "model", "--shard", "auto", "mixed.yaml"], "no job of Slurm"),
            (["--on", "model", "--shard", "1/2", "mixed.yaml", "mixed.yaml"], "one scenario"),
            (["--on", "model", "--shard", "1/2", "--out", "x", "mixed.yaml"], "instead of --out"),
            (["--on", "model", "--shard", "1/2", "--format", "tap", "mixed.yaml"], "--format"),
            (["--on", "model", "--shard", "1/2", "--explain", "1", "mixed.yaml"], "--explain"),
        ):
            run = self.hustings("run", *words, code=2)
            self.assertIn(told, run.stderr, words)
            self.assertFalse((self.place / "results").exists(), words)
        run = self.hustings("run", "--on", "model", "--shard", "1/2", "--redis", "unix:/none",
                            "mixed.yaml", code=3)  # fmt: skip
        self.assertIn("leave out --redis", run.stderr)

    def test_another_result_is_not_written_over(self):
        words = ["run", "--on", "model", "--trials", "8", "mixed.yaml"]
        self.hustings(*words, "--out", "kept", code=None)
        kept = next(path for path in (self.place / "kept").iterdir() if not path.is_symlink())
        kept = kept.relative_to(self.place)
        whole = self.files(kept)
        self.hustings(*words, "--seed", "8", "--shard", "1/1", "--into", "parts")
        refused = self.hustings("merge", "parts", "--into", kept, code=2)
        self.assertIn("is there already, and these shards did not make it", refused.stderr)
        self.assertEqual(self.files(kept), whole)

    def test_latencies_that_have_changed(self):
        words = ["run", "--on", "model", "--trials", "40", "mixed.yaml", "--latency", "lat.json",
                 "--into", "parts"]  # fmt: skip
        for shard, ms in enumerate((1, 40), 1):
            table = dict.fromkeys(("round_ns", "timer_ns", "start_ns"), [ms * 10**6] * 101)
            (self.place / "lat.json").write_text(
                json.dumps({"hustings": "latency", "version": 3, **table}), encoding="utf-8"
            )
            self.hustings(*words, "--shard", f"{shard}/2")
        self.assertIn("do not belong together", self.hustings("merge", "parts", code=2).stderr)

    def test_what_is_missing_changed_or_anothers(self):
        words = ["run", "--on", "model", "--trials", "100", "mixed.yaml", "--into", "parts"]
        self.hustings(*words, "--shard", "1/2")
        missing = self.hustings("merge", "parts", code=2)
        self.assertIn("2 of 4 chunks of 32 trials are missing", missing.stderr)
        self.assertFalse((self.place / "parts/trials.csv").exists())
        self.hustings(*words, "--shard", "2/2")
        cells = self.place / "parts/shard-2-of-2/cells.txt"
        lines = cells.read_text(encoding="utf-8")
        cells.write_text(lines.replace(":its%20lock", ":its%20luck", 1), encoding="utf-8")
        changed = self.hustings("merge", "parts", code=3)
        self.assertIn("2/cells.txt:2: this line is not as hustings left it", changed.stderr)
        cells.write_text(lines, encoding="utf-8")
        self.hustings("merge", "parts", code=None)
        whole = self.files("parts")
        cells.write_text(lines.replace(":its%20lock", ":its%20luck", 1), encoding="utf-8")
        self.hustings("merge", "parts", code=3)
        self.assertEqual(self.files("parts"), whole)
        cells.write_text(lines, encoding="utf-8")
        other = self.hustings(*words, "--seed", "5", "--shard", "1/2", code=3)
        self.assertIn("it is of another run", other.stderr)


if __name__ == "__main__":
    unittest.main()
