"""The manifest of a Kubernetes Indexed Job: a validator of somebody else's takes it, and its
command is one that hustings takes."""
# ctest-timeout: 300
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import yaml

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from support import npm  # noqa: E402

HUSTINGS = os.path.abspath(os.environ.get("HUSTINGS", HERE.parents[1] / "sim/hustings"))
SCENARIO = """
name: mine
nodes: 3
duration: 20s
protocol: {lease: {duration: 3s, renew_deadline: 2s, retry: 500ms}}
faults: [{at: 5s, pause: leader, for: 1s}]
"""


class Manifest(unittest.TestCase):
    def setUp(self):
        self.job = yaml.safe_load((HERE / "indexed-job.yaml").read_text(encoding="utf-8"))
        place = tempfile.TemporaryDirectory(prefix="hustings-manifest-")
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)

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
        (self.place / "mine.yaml").write_text(SCENARIO, encoding="utf-8")
        words = container["command"]
        self.assertEqual(words[0], "hustings")
        into = self.place / "results"
        words = [str(into) if word == "/results/mine" else word for word in words[1:]]
        run = subprocess.run(
            [HUSTINGS, *words, "--trials", "1", "--jobs", "1"], cwd=self.place, text=True,
            env={**os.environ, **shards, "JOB_COMPLETION_INDEX": "3"}, capture_output=True,
            check=False,
        )  # fmt: skip
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertTrue((into / "shard-4-of-16/cells.txt").exists())


if __name__ == "__main__":
    unittest.main()
