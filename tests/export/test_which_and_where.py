#!/usr/bin/env python3
"""Which trial `hustings export` takes, and where it writes it: never over what a run left.

ctest-timeout: 60"""
import csv
import os
import subprocess
import unittest

import test_export
from test_export import HUSTINGS, hustings

setUpModule = test_export.setUpModule


class Which(unittest.TestCase):
    def test_by_default_it_is_the_first_that_broke_a_promise_as_play_has_it(self):
        path, out = test_export.place / "some.yaml", test_export.place / "some"
        path.write_text("name: some\nnodes: 3\nduration: 1s\nfaults:\n"
                        "  - {randomly: {mean: 900ms, until: 800ms}, crash: leader}\n"
                        "expect: {checks: {dead_leader: allowed}}\n", encoding="utf-8")
        hustings("run", "--on", "model", "--seed", 7, "--trials", 8, "--out", out, path)
        rows = (out / "latest/violations.csv").read_text("utf-8").splitlines()
        broke = int(next(csv.DictReader(rows))["trial"])
        self.assertGreater(broke, 1)
        for verb in (("export", "--to", "edn"), ("play",)):
            told = hustings(*verb, out / "latest").stdout
            self.assertEqual(told, hustings(*verb, "--trial", broke, out / "latest").stdout)
            self.assertNotEqual(told, hustings(*verb, "--trial", 1, out / "latest").stdout)


class Where(unittest.TestCase):
    def test_what_a_run_left_is_not_written_over(self):
        latest = test_export.place / "redlock/latest"
        history = latest / "history/trial-0001.jsonl"
        (test_export.place / "link").symlink_to(history)
        os.link(latest / "trials.csv", test_export.place / "hard")
        with open(history, encoding="utf-8") as typed:
            for source, target in ((latest, "run.json"), (latest, "history/trial-0002.jsonl"),
                                   (latest, "scenario.yaml"), (latest, test_export.place / "link"),
                                   (latest, test_export.place / "hard"), (history, history),
                                   (history, test_export.place / "link"), (history.parent, history),
                                   ("-", history)):
                with self.subTest(f"{source} {target}"):
                    before = (latest / target).read_bytes()
                    done = subprocess.run([HUSTINGS, "export", "--to", "edn", source, "-o",
                                           latest / target], capture_output=True, text=True,
                                          stdin=typed, timeout=100, check=False)
                    self.assertEqual(done.returncode, 3, done)
                    self.assertRegex(done.stderr, "the run left this file|the history itself")
                    self.assertEqual((latest / target).read_bytes(), before)
        mine = latest / "mine.edn"
        for _ in range(2):
            self.assertEqual(hustings("export", "--to", "edn", latest, "-o", mine).returncode, 0)

    def test_where_it_goes(self):
        latest = test_export.place / "article/latest"
        right = hustings("export", "--to", "edn", latest).stdout
        self.assertEqual(hustings("export", "--to", "edn", latest, "-o", "-").stdout, right)
        folder = test_export.place / "targets"
        folder.mkdir()
        for link, target in (("there", "a"), ("nothing-there", "b")):
            (folder / link).symlink_to(target)
        (folder / "a").write_text("old")
        (folder / "a").chmod(0o600)
        for link, target in (("there", "a"), ("nothing-there", "b")):
            self.assertEqual(hustings("export", "--to", "edn", latest, "-o", folder / link).stderr,
                             "")
            self.assertTrue((folder / link).is_symlink())
            self.assertEqual((folder / target).read_text("utf-8"), right)
        self.assertEqual((folder / "a").stat().st_mode & 0o777, 0o600)
        os.mkfifo(folder / "pipe")
        with subprocess.Popen(["cat", folder / "pipe"], stdout=subprocess.PIPE,
                              text=True) as reader:
            hustings("export", "--to", "edn", latest, "-o", folder / "pipe")
            self.assertEqual(reader.communicate(timeout=100)[0], right)
        self.assertEqual(len(list(folder.iterdir())), 5)


if __name__ == "__main__":
    unittest.main()
