"""scenarios/cluster: the manifest of a Kubernetes Indexed Job is one by a validator of somebody
else's, and each task runs its part; so do those of Slurm's script, and of GNU parallel's."""
# ctest-timeout: 300
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from support import npm  # noqa: E402

STORY = HERE.parents[1] / "scenarios/catalogue/leader-stalls.yaml"
CLUSTER = HERE.parents[1] / "scenarios/cluster"
HUSTINGS = os.path.abspath(os.environ.get("HUSTINGS", HERE.parents[1] / "sim/hustings"))
SCENARIO = """
name: mine
nodes: 3
duration: 20s
protocol: {lease: {duration: 3s, renew_deadline: 2s, retry: 500ms}}
faults: [{at: 5s, pause: leader, for: 1s}]
"""


# What the scripts' own words say.
SWEEP = ["sweep", "mine.yaml", "--trials", "3", "--set", "nodes=3..10/8", "--confirm", "0"]


class Cluster:
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="hustings-cluster-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        (self.place / "mine.yaml").write_text(SCENARIO, encoding="utf-8")

    def call(self, command, code=0, **environment):
        run = subprocess.run(
            [str(word) for word in command], cwd=self.place, text=True, capture_output=True,
            env={**os.environ, "HUSTINGS": HUSTINGS, **environment}, check=False,
        )  # fmt: skip
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def files(self, into):
        """But run.json, and those of the parts."""
        return {
            path.name: path.read_bytes()
            for path in (self.place / into).iterdir()
            if path.is_file() and path.name != "run.json"
        }

    def assert_one_run_leaves(self, into):
        self.call([HUSTINGS, *SWEEP, "--into", "whole"])
        self.assertIn("sweep.csv", self.files("whole"))
        self.assertEqual(self.files(into), self.files("whole"))


class Scripts(Cluster, unittest.TestCase):
    def test_slurm(self):
        """As Slurm would: a task for each number of --array. A matrix, too, whose cells break."""
        matrix = ["matrix", "--against", "own", "--trials", "2", STORY]
        run = ["run", "--on", "model", "--trials", "100", "--shard", "auto", "mine.yaml"]
        for words, into in ((SWEEP, "parts"), (matrix, "matrix"), (run, "run")):
            for task in (6, 3, 9):
                self.call(
                    ["sh", CLUSTER / "slurm.sh", *words, "--into", into],
                    SLURM_ARRAY_TASK_ID=str(task), SLURM_ARRAY_TASK_MIN="3",
                    SLURM_ARRAY_TASK_MAX="9", SLURM_ARRAY_TASK_STEP="3",
                    SLURM_ARRAY_TASK_COUNT="3", SLURM_CPUS_PER_TASK="1",
                )  # fmt: skip
        self.call([HUSTINGS, "merge", "parts"])
        self.assert_one_run_leaves("parts")
        self.call([HUSTINGS, "merge", "matrix"], code=1)
        self.call([HUSTINGS, "merge", "run"])
        self.assertIn("trials.csv", self.files("run"))

    @unittest.skipUnless(shutil.which("parallel"), "parallel is not installed")
    def test_parallel(self):
        set_ = ["--set", "protocol.lease.retry=500ms,600ms"]  # a blank, a brace: as words are
        set_ += ["--set", "faults.1={at: 5s, pause: leader, for: 1s},{at: 6s, crash: leader}"]
        words = [*SWEEP[:4], *set_, "--confirm", "0"]
        self.call([CLUSTER / "parallel.sh", "3", *words, "--into", "par ts"])
        self.call([HUSTINGS, *words, "--into", "whole"])
        self.assertEqual(self.files("par ts"), self.files("whole"))


class Manifest(Cluster, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.job = yaml.safe_load((CLUSTER / "kubernetes.yml").read_text(encoding="utf-8"))

    def wrong(self, modules):
        path = self.place / "job.json"
        path.write_text(json.dumps(self.job), encoding="utf-8")
        return npm.node(modules, HERE / "third_party/job.cjs", path)["wrong"]

    def test_a_validator_takes_it(self):
        modules = npm.installed(HERE / "third_party", "sweep")
        self.assertEqual(self.wrong(modules), "")
        self.job["spec"]["completions"] = "many"
        self.assertIn("completions must be integer", self.wrong(modules))

    def test_each_task_runs_its_part(self):
        spec = self.job["spec"]
        container = spec["template"]["spec"]["containers"][0]
        shards = {one["name"]: one["value"] for one in container["env"]}
        self.assertEqual(shards, {"HUSTINGS_SHARDS": str(spec["completions"])})
        words = container["command"]
        self.assertEqual(words[0], "hustings")
        words = ["results" if word == "/results/mine" else word for word in words[1:]]
        self.call(
            [HUSTINGS, *words, "--trials", "1", "--jobs", "1"], JOB_COMPLETION_INDEX="3", **shards
        )
        self.assertTrue((self.place / "results/shard-4-of-16/cells.txt").exists())


if __name__ == "__main__":
    unittest.main()
