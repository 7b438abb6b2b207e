"""hustings matrix on processes: a cell says what run says; programs and libraries are combinations;
what cannot be known makes exit 4."""
# ctest-timeout: 300
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from stage import FOLDER, ROOT, Matrix, hustings, rows  # noqa: E402
from support.judged import HarnessWasLate, ever_longer, judged, until_judged  # noqa: E402


class OnProcesses(Matrix):
    def test_on_processes(self):
        """What the harness cannot judge when it is late is undecided, and is told again."""
        def story():
            shutil.rmtree(self.folder / "m", ignore_errors=True)
            self.matrix("--on", "processes", "--trials", "1", "--against", "own,lease+none",
                        f"{FOLDER}/paused-between-reply-and-use.yaml")
            own, none = rows(self.folder / "m/matrix.csv")
            if "the harness was late" in own["why"] + none["why"]:
                raise HarnessWasLate(own["why"] + none["why"])
            return own, none

        own, none = until_judged(story)
        for row in (own, none):  # and so says run, of each

            def again(row=row):
                out = self.folder / "results"
                words = shlex.split(row["command"])[1:]
                run = hustings(*words, "--out", out, cwd=self.folder / "m")
                return judged(run, out)

            self.assertEqual(until_judged(again).returncode, 1)
            checks = [one["check"] for one in rows(self.folder / "results/latest/violations.csv")]
            self.assertIn(row["check"], checks)
        self.assertEqual((own["cell"], own["check"]), ("breaks", "two_lock_holders"))
        self.assertEqual((own["host"], own["broke"]), ("processes", "1"))
        self.assertEqual(none["cell"], "breaks")
        self.assertGreater(float(own["overlap_max_ms"]), 0)

    def test_a_library_is_a_combination(self):
        """redis-py's lock, put to two of the stories for libraries, by its worker's path."""
        if subprocess.run(["/usr/bin/python3", "-c", "import redis"], check=False,
                          capture_output=True).returncode != 0:
            self.skipTest("/usr/bin/python3 has no redis: apt install python3-redis")
        libraries = ROOT / "scenarios" / "libraries"

        def story():
            shutil.rmtree(self.folder / "m", ignore_errors=True)
            self.matrix("--on", "processes", "--allow-exec", "--trials", "1", "--against",
                        libraries / "redis-py.py", libraries / "stories" / "long-work.yaml",
                        libraries / "stories" / "late-release.yaml")
            told = rows(self.folder / "m/matrix.csv")
            if any("late" in row["why"] or row["cell"] == "does not apply" for row in told):
                raise HarnessWasLate(told)
            return told

        work, release = until_judged(story, 150)
        self.assertEqual([row["combination"] for row in (work, release)], ["redis-py", "redis-py"])
        self.assertEqual((work["cell"], work["check"]), ("breaks", "two_lock_holders"))
        self.assertEqual((release["cell"], release["held"]), ("holds", "1"))

    def test_a_combination_is_a_program(self):
        """One of two that says that it is inside is alone there; two are two."""
        (self.folder / "worker.py").write_text(
            "import json, sys, time\n"
            "def claim(inside):\n"
            "    said = {'in_section': inside, 'at_s': time.monotonic()}\n"
            "    print(json.dumps({'claim': said}), flush=True)\n"
            "claim(False)\n"
            "claim(len(sys.argv) > 1)\n"
            "time.sleep(100)\n")
        (self.folder / "both.yaml").write_text(
            "program: [python3, worker.py, inside]\nlock: {token: {ttl: 5s}}\n")
        (self.folder / "one.yaml").write_text(
            "programs: {1: [python3, worker.py, inside], others: [python3, worker.py]}\n")
        durations = ever_longer("3s", "10s", "25s")  # on a slow machine the programs begin late
        words = ["--on", "processes", "--trials", "1", "--against", "both.yaml,one.yaml",
                 "story.yaml"]

        def story():
            shutil.rmtree(self.folder / "m", ignore_errors=True)
            (self.folder / "story.yaml").write_text(
                f"name: story\nnodes: 2\nduration: {next(durations)}\nheal: false\n"
                "env: {WORDS: many}\nprogram: [python3, another.py]\n"
                "expect: {checks: {two_lock_holders: always}}\n")
            self.matrix("--allow-exec", *words)
            told = rows(self.folder / "m/matrix.csv")
            late = any("the harness was late" in row["why"] for row in told)
            if late or told[0]["cell"] != "breaks":
                raise HarnessWasLate(told)
            return told

        both, one = until_judged(story)
        self.assertEqual((both["combination"], both["cell"], both["check"]),
                         ("both", "breaks", "two_lock_holders"))
        self.assertEqual((one["combination"], one["broke"]), ("one", "0"))
        self.assertIn("--allow-exec", both["command"])
        moved = (self.folder / "m" / both["file"]).read_text()
        self.assertIn("\nlock: {token: {ttl: 5s, retry: 250ms}}\n", moved)
        self.assertIn("\nenv: {WORDS: many}\n", moved)
        self.assertIn(f'"{os.path.realpath(self.folder)}/worker.py"', moved)
        self.assertNotIn("another.py", moved)
        run = hustings("matrix", *words, cwd=self.folder)
        self.assertEqual(run.returncode, 2)
        self.assertIn("if you trust them, add --allow-exec", run.stderr)

    def test_what_doubt_makes_of_the_exit(self):
        """A script whose meaning nobody knows says nothing of who is inside."""
        (self.folder / "odd.py").write_text(
            "import os, socket, time\n"
            "url = os.environ['REDIS_URL']\n"
            "unix = url.startswith('unix')\n"
            "store = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)\n"
            "port = url.split(':')[2].split('/')[0] if not unix else 0\n"
            "store.connect(url[7:] if unix else ('127.0.0.1', int(port)))\n"
            "words = ['EVAL', 'return 7', '1', os.environ['HUSTINGS_LOCK_KEY']]\n"
            "sent = ''.join(f'${len(word)}\\r\\n{word}\\r\\n' for word in words)\n"
            "store.sendall(f'*{len(words)}\\r\\n{sent}'.encode())\n"
            "time.sleep(100)\n")
        (self.folder / "odd.yaml").write_text("program: [python3, odd.py]\n")
        durations = ever_longer("3s", "10s", "25s")  # on a slow machine the programs begin late
        words = ["--on", "processes", "--allow-exec", "--against", "odd.yaml", "--trials", "1",
                 "story.yaml"]

        def story():
            shutil.rmtree(self.folder / "m", ignore_errors=True)
            (self.folder / "story.yaml").write_text(
                f"name: story\nnodes: 2\nduration: {next(durations)}\nheal: false\n"
                "expect: {checks: {two_lock_holders: never}}\n")
            run = self.matrix(*words)
            (row,) = rows(self.folder / "m/matrix.csv")
            if row["cell"] == "does not apply":
                raise HarnessWasLate(row)
            return run, row

        run, row = until_judged(story)
        self.assertEqual((run.returncode, row["cell"], row["unknown"]), (4, "undecided", "1"))
        self.assertTrue(row["why"])
        self.matrix(*words, "--undecided", "pass", codes=(0,))


if __name__ == "__main__":
    unittest.main()
