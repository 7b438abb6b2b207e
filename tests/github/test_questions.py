"""What .github/QUESTIONS.md answers is so. Most of it other tests show; here is what only that page
says: the rights that suffice on a Redis, that no network is needed, and what it quotes."""
# ctest-timeout: 300
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import HUSTINGS, ROOT, Stage  # noqa: E402

PAGE = (ROOT / ".github" / "QUESTIONS.md").read_text(encoding="utf-8")
RIGHTS = re.search(r"^    (ACL SETUSER hustings .*)$", PAGE, re.M)[1]
CELLS = ROOT / "scenarios" / "libraries" / "table" / "cells.csv"
# With these all that an election of ours sends to one Redis.
ELECTIONS = [
    {"protocol": protocol, "lock": lock}
    for protocol in ("article", "lease")
    for lock in ("setnx", "token", "record")
] + [{"protocol": "lease", "lock": "token", "fencing": "true", "work": "{every: 50ms}"},
     {"protocol": "article", "lock": "none"}]  # fmt: skip


class Rights(Stage):
    def user(self):
        """A Redis with the user of the page: the server, its client, its URL, the password."""
        server = self.redis_server()
        client = server.client()
        client.execute_command(*RIGHTS.replace("PASSWORD", "secret").split())
        client.execute_command("ACL", "SETUSER", "default", "nopass")
        url = server.url.replace("://", "://hustings@", 1)
        return client, url, {"HUSTINGS_REDIS_PASSWORD": "secret"}

    def test_they_suffice(self):
        client, url, secret = self.user()
        client.set("mine", 1)
        for number, election in enumerate(ELECTIONS):
            with self.subTest(election):
                path = pathlib.Path(self.folder, f"{number}.yaml")
                keys = {"name": "a", "nodes": 3, "duration": "400ms", **election}
                path.write_text("".join(f"{key}: {value}\n" for key, value in keys.items()))
                run = self.hustings("run", "--out", self.out, "--redis", url, path,
                                    environment=secret, timeout=100)  # fmt: skip
                self.assertNotIn(run.returncode, (2, 3), run)  # whatever the verdict
                self.assertNotIn("NOPERM", run.stdout + run.stderr)
        clean = self.hustings("clean", "--redis", url, environment=secret)
        self.assertEqual(clean.returncode, 0, clean)
        self.assertEqual(client.keys(), [b"mine"])

    def test_a_program_with_redis_py_needs_more(self):
        client, url, secret = self.user()
        path = pathlib.Path(self.folder, "program.yaml")
        program = json.dumps([sys.executable, str(ROOT / "scenarios/own/lock/worker.py")])
        path.write_text(f"name: a\nnodes: 2\nduration: 3s\nprogram: {program}\n", encoding="utf-8")

        def said():
            run = self.hustings("run", "--allow-exec", "--out", self.out, "--redis", url, path,
                                environment=secret, timeout=100)  # fmt: skip
            return run.stdout + run.stderr

        before = said()
        self.assertIn("no permissions", before)
        right = re.search(r"redis-py's lock, for one, also needs `([^`]*)`", PAGE)[1]
        client.execute_command("ACL", "SETUSER", "hustings", *right.split())
        after = said()
        self.assertNotRegex(after, "no permissions|FAILED +program_ended")
        self.assertEqual(client.keys(), [])

    def test_no_network_is_needed(self):
        alone = ["unshare", "--net"]
        if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
            self.skipTest("this machine allows no network of one's own")
        run = self.end(self.start(
            *alone, os.path.abspath(HUSTINGS), "run", "--out", self.out,
            self.scenario(nodes=3, duration="300ms"),
        ))  # fmt: skip
        self.assertNotIn(run.returncode, (2, 3), run)


class Quotes(unittest.TestCase):
    def test_every_library_breaks_somewhere(self):
        self.assertIn("no worker is without a red cell", re.sub(r"\s+", " ", PAGE))
        red = {}
        with open(CELLS, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                bad = sum(int(row[name] or 0) for name in ("breaks", "blocks", "ends"))
                red[row["library"]] = red.get(row["library"], 0) + bad
        self.assertEqual([name for name, cells in red.items() if cells == 0], [])
        self.assertEqual(len(red), 14)

    def test_the_lease_is_that_of_client_go(self):
        listed = subprocess.run([HUSTINGS, "list", "--format", "json", "protocols"],
                                capture_output=True, text=True, check=True)  # fmt: skip
        rows = json.loads(listed.stdout)["protocols"]
        lease = next(one for one in rows if one["name"] == "lease")
        defaults = {one["name"]: one["default"] for one in lease["params"]}
        self.assertEqual([defaults[name] for name in ("duration", "renew_deadline", "retry")],
                         ["15s", "10s", "2s"])  # fmt: skip

    def test_redlock_stands_the_loss_of_a_server_alone(self):
        """The columns `token` and `redlock` of README's matrix."""
        matrix = ROOT / "scenarios" / "catalogue"
        for lock, story, verdict in (("token", "leader-stalls", "breaks"),
                                     ("redlock", "leader-stalls", "breaks"),
                                     ("token", "redis-restart-without-persistence", "breaks"),
                                     ("redlock", "redis-restart-without-persistence", "holds")):
            with self.subTest(f"{story}@{lock}"):
                cell = subprocess.run(
                    [HUSTINGS, "matrix", "--against", f"lease+{lock}", "--trials", "5", "--jobs",
                     "1", "--cell", f"{story}@lease+{lock}", matrix], capture_output=True,
                    text=True, check=False, cwd=self.enterContext(tempfile.TemporaryDirectory()),
                )  # fmt: skip
                told = re.sub(r"\s+", " ", cell.stdout)
                self.assertIn(f"{story}@lease+{lock} {verdict}", told, cell)


if __name__ == "__main__":
    unittest.main()
