#!/usr/bin/env python3
"""Whose the lock is in what `hustings export --to perfetto` writes, against what the servers
answered: as tests/report/test_locks.py asks the page."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "report"))
import test_locks  # noqa: E402


class Perfetto(test_locks.pages.Reports):
    judge = test_locks.Locks.judge

    def exported(self, folder, trial):
        """Of each server when its lock is held by whom, and when the history begins."""
        done = subprocess.run([os.environ.get("HUSTINGS", "build/hustings"), "export", "--to",
                               "perfetto", f"--trial={trial}", folder], capture_output=True,
                              timeout=60, check=True)  # fmt: skip
        trace = json.loads(done.stdout)["traceEvents"]
        locks = sorted({(one["pid"], one["tid"]) for one in trace
                        if one["name"] == "thread_name" and one["args"]["name"] == "lock"})
        return {server: [(one["ts"], one["ts"] + one["dur"], one["name"])
                         for one in trace if one["ph"] == "X" and (one["pid"], one["tid"]) == lane]
                for server, lane in enumerate(locks)}  # fmt: skip

    def holders(self, history, request, answer):
        since, until = ((int(event["t_ns"]) - history["first"]) / 1000
                        for event in (request, answer))  # fmt: skip
        return {name.removeprefix("held by ")
                for begins, ends, name in history["locks"][int(request.get("server", 1)) - 1]
                if begins <= until + 0.001 and since <= ends + 0.001}  # fmt: skip

    def test_it_and_the_answers_say_the_same(self):
        for story in test_locks.STORIES:
            with self.subTest(story):
                folder = self.run_on_model(f"scenarios/catalogue/{story}.yaml", out=story, trials=2)
                for trial in (1, 2):
                    path = folder / f"history/trial-{trial:04}.jsonl"
                    with open(path, encoding="utf-8") as lines:
                        next(lines)
                        first = int(json.loads(next(lines))["t_ns"])
                    history = {"locks": self.exported(folder, trial), "first": first}
                    pairs = list(test_locks.answered(folder, trial))
                    self.assertGreater(self.judge(history, pairs), 0)


if __name__ == "__main__":
    unittest.main()
