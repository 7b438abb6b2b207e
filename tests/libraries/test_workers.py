"""The workers of scenarios/libraries/: each is short and has its row in each table; its claims are
what hustings reads; and two of each take turns. What is not installed here is skipped by name."""
# ctest-timeout: 600
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support import stage  # noqa: E402

FOLDER = stage.ROOT / "scenarios" / "libraries"
sys.path.insert(0, str(FOLDER / "table"))
import libraries  # noqa: E402

README = (FOLDER / "README.md").read_text(encoding="utf-8")
ENDINGS = (".py", ".cjs", ".mjs", ".php", ".rb", ".pl", ".sh")
WORKERS = sorted(
    path for path in FOLDER.iterdir()
    if path.suffix in ENDINGS and path.stem.lower() != "hustings"
)  # fmt: skip
SAYS_NOTHING = {"rq-scheduler"}  # has no place where it could claim anything

# Two writes, the first with a token and taken, the second without one and refused; then a stop.
HELPERS = {
    "python3": "import hustings as h; h.claim(in_section=True);"
               "r = [h.write(7), h.write()]; h.stop(); h.claim(end=r)",
    "node": "import('./hustings.mjs').then(async (h) => { h.claim({in_section: true});"
            "const r = [await h.write(7), await h.write()]; await h.stop(); h.claim({end: r});"
            "process.exit() })",
    "php": "require 'hustings.php'; claim(['in_section' => true]);"
           "$r = [write(7), write()]; stop(); claim(['end' => $r]);",
    "ruby": "require './hustings'; h = Hustings; h.claim(in_section: true);"
            "r = [h.write(7), h.write]; h.stop; h.claim(end: r)",
    "perl": "use lib '.'; use Hustings; Hustings::claim(in_section => Hustings::true);"
            "my @r = (Hustings::writes(7), Hustings::writes()); Hustings::stop();"
            "Hustings::claim(end => \\@r)",
    "sh": ". ./hustings.sh; claim '\"in_section\": true'; write 7 && a=true;"
          "write || b=false; stop; claim \"\\\"end\\\": [$a, $b]\"",
}  # fmt: skip
OPTION = {"python3": "-c", "node": "-e", "php": "-r", "ruby": "-e", "perl": "-e", "sh": "-c"}
ANSWERS = '{"written": true}\n{"written": false}\n{}\n'
TOLD = [
    {"claim": {}}, {"claim": {"in_section": True}}, {"write": {"token": 7}}, {"write": {}},
    {"stop": True}, {"claim": {"end": [True, False]}},
]  # fmt: skip


def installed(worker):
    return libraries.why_not_installed(worker.stem) is None


class TheFolder(unittest.TestCase):
    def test_each_worker_is_short_and_in_each_table(self):
        self.assertGreater(len(WORKERS), 10)
        for worker in WORKERS:
            with self.subTest(worker.name):
                self.assertLessEqual(len(worker.read_text().splitlines()), 30)
                self.assertTrue(os.access(worker, os.X_OK))
                for heading in ("promise", "send"):
                    table = re.search(rf"^### What they {heading}$(.*?)^##", README, re.M | re.S)
                    self.assertIn(f"`{worker.stem}`", table[1], heading)
                installed(worker)

    def test_npm_is_pinned_and_says_no_address(self):
        wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]
        lock = json.loads((FOLDER / "package-lock.json").read_text())
        for name, version in wanted.items():
            self.assertRegex(version, r"^(npm:[a-z/@-]+@)?\d+\.\d+\.\d+(-[a-z.0-9]+)?$", name)
        self.assertEqual(lock["packages"][""]["dependencies"], wanted)
        for name, package in lock["packages"].items():
            self.assertNotIn("resolved", package, name)

    def test_no_such_library(self):
        asked = subprocess.run([FOLDER / "install", "redlok"], capture_output=True, text=True,
                               check=False)  # fmt: skip
        self.assertEqual(asked.returncode, 2)
        self.assertIn("no such library: redlok; there are", asked.stderr)


class Claims(unittest.TestCase):
    def told(self, language, **environment):
        if not shutil.which(language):
            self.skipTest(f"{language} is not there")
        done = subprocess.run(
            [language, OPTION[language], HELPERS[language]], cwd=FOLDER, input=ANSWERS,
            capture_output=True, text=True, timeout=20, check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        told = [json.loads(line) for line in done.stdout.splitlines()]
        for line in told:
            if "claim" in line and language != "sh":  # which has no such clock
                self.assertLess(abs(time.monotonic() - line["claim"].pop("at_s")), 20)
        return told

    def test_each_helper_tells_the_same(self):
        for language in HELPERS:
            with self.subTest(language):
                self.assertEqual(self.told(language), TOLD)

    def test_none_are_made_when_none_are_wanted(self):
        for language in HELPERS:
            with self.subTest(language):
                told = self.told(language, HUSTINGS_CLAIMS="no")
                self.assertEqual(told, [line for line in TOLD if "claim" not in line])


class Turns(stage.Stage):
    """Two of each, on one Redis. Who claims does so before it gives the lock back, and both write
    to one file: so the order of its lines is the order of what they did."""

    def member(self, worker, number, url, out, log):
        process = self.start(
            worker, cwd=FOLDER, stdout=out, stderr=log, start_new_session=True,
            environment={
                "REDIS_URL": url, "HUSTINGS_ID": str(number), "HUSTINGS_LOCK_KEY": "node_lock",
                "HUSTINGS_LOCK_TTL_MS": "5000", "RETRY_MS": "20", "WORK_MS": "60",
                "REST_MS": "150", "PYTHONDONTWRITEBYTECODE": "1",
            },
        )  # fmt: skip
        self.addCleanup(os.killpg, process.pid, signal.SIGKILL)

    def take_turns(self, worker):
        server = self.redis_server()
        with open(f"{self.folder}/out", "a+b") as out, open(f"{self.folder}/log", "a+b") as log:
            for number in (1, 2):
                self.member(worker, number, server.url, out, log)

        def claims():
            return pathlib.Path(out.name).read_text(encoding="utf-8").splitlines()

        if worker.stem in SAYS_NOTHING:
            stage.wait_for(lambda: has_lock(server), f"{worker.name} has the lock", 30)
            self.assertEqual(claims(), [])
        else:
            stage.wait_for(lambda: len(claims()) >= 10, f"{worker.name} had the lock 4 times", 30)
            told = [json.loads(line)["claim"] for line in claims()]
            inside = [claim.get("in_section", claim.get("leads")) for claim in told]
            self.assertEqual(inside.count(None), 2)  # each begins with a claim of nothing
            inside = [one for one in inside if one is not None]
            self.assertEqual(inside, [at % 2 == 0 for at in range(len(inside))])
            self.assertNotIn("says: ", pathlib.Path(log.name).read_text(encoding="utf-8"))


def has_lock(server):
    with server.client() as client:
        return any(b"lock:node_lock" in key for key in client.keys("*"))


def turns(worker):
    @unittest.skipUnless(installed(worker), f"scenarios/libraries/install {worker.stem}")
    def test(self):
        self.take_turns(worker)

    return test


for each in WORKERS:
    setattr(Turns, f"test_{each.stem.replace('-', '_')}", turns(each))

if __name__ == "__main__":
    unittest.main()
