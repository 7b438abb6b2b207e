#!/usr/bin/python3
"""README's "Test your own service", and what follows it in scenarios/own/: the files are those that
we ship, and each command comes out as the text says, in a folder that has these files alone."""
# ctest-timeout: 600
import csv
import os
import pathlib
import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ET

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import HarnessWasLate, ever_longer, judged, until_judged  # noqa: E402
from support.stage import HUSTINGS, ROOT, Stage  # noqa: E402

OWN = ROOT / "scenarios" / "own"
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = re.search(r"^## Test your own service$(.*?)^## ", README, re.S | re.M)[1]
SHIPPED = ["lock/worker.py", "lock/my-lock.yaml", "leader/my-leader.yaml", "leader/worker.py"]
RUN = re.compile(r"sim/hustings run (--allow-exec .*)")
JUNIT = re.compile(r"sim/hustings run --allow-exec --format junit .*?(?= >)")


def blocks():
    """The files that the section has the reader write, in order; the last is the one for CI."""
    return re.findall(r"^```(?:python|yaml)\n(.*?)^```$", SECTION, re.S | re.M)


def shipped(name):
    """A file of ours, without the line for editors, whose path is right in our folder alone."""
    text = (OWN / name).read_text(encoding="utf-8")
    return re.sub(r"^# yaml-language-server: .*\n", "", text)


def command(text):
    """The words behind `sim/hustings run` of the command that stands in this text."""
    return RUN.search(text)[1].partition(">")[0].split()


class Section(unittest.TestCase):
    def test_its_files_are_those_that_we_ship(self):
        for name, block in zip(SHIPPED, blocks()):
            with self.subTest(name):
                self.assertEqual(shipped(name), block)
        self.assertEqual(len(blocks()), len(SHIPPED) + 1)

    def test_the_chinese_page_has_the_same_lock(self):
        page = (ROOT / "README.zh.md").read_text(encoding="utf-8")
        for block in blocks()[:2]:
            self.assertIn(f"\n{block}```\n", page)
        self.assertIn(RUN.search(SECTION)[0], page)

    def test_the_page_behind_it_names_commands_that_are_there(self):
        page = (OWN / "README.md").read_text(encoding="utf-8")
        for path in re.findall(r"^ {4}\S*.*?(scenarios/own/\S+)", page, re.M):
            self.assertTrue((ROOT / path).exists(), path)


    def test_each_fault_of_that_page_is_one(self):
        page = (OWN / "README.md").read_text(encoding="utf-8")
        faults = re.findall(r"^\| `(\{.*\})` \|", page, re.M)
        self.assertGreaterEqual(len(faults), 8)
        for fault in faults:
            lint = subprocess.run(
                [HUSTINGS, "lint", "--allow-exec", "-"], capture_output=True,
                text=True, check=False,
                input="name: a\nnodes: 3\nduration: 8s\nprogram: [/usr/bin/python3, worker.py]\n"
                      f"faults:\n  - {fault}\n",
            )  # fmt: skip
            self.assertEqual((lint.returncode, lint.stderr), (0, ""), fault)


class Commands(Stage):
    def setUp(self):
        super().setUp()
        self.environment["PATH"] = f"/usr/bin:{self.environment['PATH']}"  # where redis-py is

    def place(self, kind):
        """A folder with what the reader has written, in which sim/hustings is ours."""
        place = pathlib.Path(self.folder, kind)
        (place / "sim").mkdir(parents=True)
        (place / "sim" / "hustings").symlink_to(os.path.abspath(HUSTINGS))
        written = blocks()
        for at, name in enumerate(SHIPPED):
            if name.startswith(f"{kind}/"):
                (place / pathlib.Path(name).name).write_text(written[at], encoding="utf-8")
        return place

    def come_out(self, place, words):
        """What comes of the command in this folder, once it was judged."""
        return until_judged(lambda: judged(
            self.end(self.start("sim/hustings", "run", *words, cwd=place)), place / "results"
        ))  # fmt: skip

    def test_the_lock(self):
        run = self.come_out(self.place("lock"), command(SECTION))
        said = " ".join(run.stdout.split())
        self.assertEqual(run.returncode, 1, run)
        for words in (
            "is paused in its critical section (lock until",
            "which stands still",
            "goes on, still believing that it holds the lock",
            "FAILED two_lock_holders",
            "FAILED program_ended",
            "/violations.csv",
            "redis.exceptions.LockNotOwnedError: Cannot release a lock that's no longer owned",
        ):
            self.assertIn(words, said)

    def test_the_report_for_ci_has_both_findings(self):
        run = self.come_out(self.place("lock"), command(JUNIT.search(SECTION)[0]))
        cases = ET.fromstring(run.stdout).iter("testcase")
        failed = [case.get("name") for case in cases if case.find("failure") is not None]
        self.assertEqual(failed, ["two_lock_holders: never", "program_ended: never"])

    def test_the_leader(self):
        place = self.place("leader")
        run = self.come_out(place, ["--allow-exec", "my-leader.yaml"])
        said = " ".join(run.stdout.split())
        self.assertEqual(run.returncode, 0, run)
        self.assertRegex(said, r"crash node \d node \d")  # the second leader
        path = place / "my-leader.yaml"
        text = path.read_text(encoding="utf-8")
        instead = text.replace("crash: leader", "pause: leader, for: 4s")
        self.assertIn("`pause: leader, for: 4s`", SECTION)
        path.write_text(instead, encoding="utf-8")
        run = self.come_out(place, ["--allow-exec", "my-leader.yaml"])
        self.assertEqual(run.returncode, 1, run)
        self.assertIn("FAILED two_leaders", " ".join(run.stdout.split()))

    def fenced(self, worker):
        place = pathlib.Path(self.folder, "fenced")
        place.mkdir(exist_ok=True)
        (place / "worker.py").write_text(worker, encoding="utf-8")
        scenario = (OWN / "fenced" / "my-fenced.yaml").read_text(encoding="utf-8")
        (place / "my-fenced.yaml").write_text(scenario, encoding="utf-8")
        return self.run_judged(place / "my-fenced.yaml", "--allow-exec")

    def test_fencing_refuses_the_late_write(self):
        worker = (OWN / "fenced" / "worker.py").read_text(encoding="utf-8")
        run = self.fenced(worker)
        self.assertEqual(run.returncode, 0, run)
        self.assertIn("two_lock_holders allowed 1 of 1", " ".join(run.stdout.split()))
        run = self.fenced(worker.replace('{"token": number}', '{"token": 0}'))
        self.assertEqual(run.returncode, 1, run)
        self.assertIn("FAILED stale_write", " ".join(run.stdout.split()))


class LostUpdates(Stage):
    def test_it_counts(self):
        """Some are lost without fencing, none where reads and writes are fenced. Again, for longer:
        on a slow machine workers begin late, and not in each pause something is lost."""
        durations = ever_longer("12s", "30s", "60s")
        environment = {"HUSTINGS": HUSTINGS, "PATH": f"/usr/bin:{self.environment['PATH']}"}

        def story():
            duration = next(durations)
            runs = [
                self.start(OWN / "lost-updates" / "run", "--duration", duration, "--only", which,
                           environment=environment)
                for which in ("own-none", "own-reads")
            ]  # fmt: skip
            none, reads = [self.end(run, timeout=120) for run in runs]
            self.assertEqual({none.returncode, reads.returncode} - {0, 3}, set(), (none, reads))
            some = r"token, no fencing +[1-9]\d* +[1-9]\d* +\d+\.\d %"
            if not (re.search(some, none.stdout) and re.search(r" [1-9]\d* +\d+ ", reads.stdout)):
                raise HarnessWasLate(f"nothing was lost, or they had hardly begun: {none}, {reads}")
            return reads.stdout

        said = until_judged(story)
        self.assertRegex(said, r"token, reads and writes +[1-9]\d* +0 +0\.0 %")

    def test_the_pages_say_what_was_counted(self):
        page = (OWN / "README.md").read_text(encoding="utf-8")
        with open(OWN / "lost-updates" / "figures.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        shares = {}
        for row in rows:
            lost, updates = int(row["lost"]), int(row["updates"])
            share = f"{100 * lost / updates:.1f} %" if lost else "0"
            shares[row["lock"], row["fencing"]] = round(100 * lost / updates)
            self.assertIn(f" | {updates} | {lost} | {share} |\n", page)
        self.assertEqual(len(shares), 6)
        said = (f"lost {shares['redis-py', 'none']} % of the acknowledged updates on redis-py's "
                f"lock, {shares['own', 'none']} % on hustings' own, and none where reads and")
        self.assertIn(said, " ".join(README.split()))
        self.assertEqual((shares["redis-py", "reads"], shares["own", "reads"]), (0, 0))


if __name__ == "__main__":
    unittest.main()
