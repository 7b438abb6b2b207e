#!/usr/bin/python3
"""Standard input, output or error that were closed by whoever called us: nothing that is opened
later takes their place, in no process of the run. And what cannot be printed is a failure."""
import csv
import itertools
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import code_however_late  # noqa: E402
from support.stage import HUSTINGS, Stage, children, read, wait_for  # noqa: E402

CLOSED = [set(some) for n in (1, 2, 3) for some in itertools.combinations((0, 1, 2), n)]
STREAMS = {0: "stdin", 1: "stdout", 2: "stderr"}


class Closed(Stage):
    def start_closed(self, closed, *arguments, **options):
        """Starts hustings without these descriptors, as `<&- >&- 2>&-` does."""

        def close():
            for number in closed:
                os.close(number)

        left = {STREAMS[number]: None for number in closed}
        return self.start_hustings(*arguments, **{**left, **options}, preexec_fn=close)

    def run_closed(self, closed, *arguments, **options):
        return self.end(self.start_closed(closed, *arguments, **options))

    def assert_tables_are_whole(self):
        """Each row of each table has its columns, and each cell of a number is one."""
        package = json.loads(read(f"{self.out}/latest/datapackage.json"))
        for resource in package["resources"]:
            names = [field["name"] for field in resource["schema"]["fields"]]
            table = read(f"{self.out}/latest/{resource['path']}").decode()
            rows = list(csv.reader(table.splitlines(keepends=True)))
            self.assertEqual(rows[0], names)
            for row in rows[1:]:
                self.assertEqual(len(row), len(names), row)
                self.assertEqual(row[0], "story-1")
        for line in read(f"{self.out}/latest/history/trial-0001.jsonl").splitlines():
            json.loads(line)

    def test_the_results_are_the_results(self):
        path = self.scenario(duration="1500ms")
        for host in ("processes", "model"):
            for closed in CLOSED:
                with self.subTest(host=host, closed=closed):
                    run = self.run_closed(
                        closed, "run", "--on", host, "--trials", "1", "--out", self.out, path
                    )
                    # The results are whole, but nobody could read the report.
                    code = code_however_late(run, self.out)
                    self.assertEqual(code, 3 if 1 in closed else 0, run)
                    self.assert_tables_are_whole()
                    if 2 not in closed and 1 in closed:
                        self.assert_one_line(run.stderr, "standard output: it is closed")
                    elif 2 not in closed:
                        self.assertEqual(run.stderr, "")

    def test_no_process_lacks_one(self):
        """Members, relay, guardian and private Redis: 0, 1 and 2 are open in each, and are neither
        a socket nor a file of results."""
        path = self.scenario("faults: [{at: 100ms, delay: others, by: 1ms}]\n", duration="30s")
        for closed in CLOSED:
            with self.subTest(closed=closed):
                run = self.start_closed(closed, "run", "--out", self.out, path)
                names = ["hustings-guard", "hustings-master", "hustings-relay", "redis-server"]
                names += ["hustings-node"] * 3

                def are_there():
                    there = children(run.pid)
                    return sorted(one.name for one in there) == sorted(names) and there

                for process in [*wait_for(are_there, "all are there"), run]:
                    for number in (0, 1, 2):
                        where = os.readlink(f"/proc/{process.pid}/fd/{number}")
                        if process is run and number not in closed:
                            continue
                        if where.startswith("pipe:") or where == "/dev/null":
                            continue
                        self.assertTrue(where.endswith("/1/log"), (process, number, where))
                run.kill()
                run.wait()
                self.assertEqual(self.left_within(20), [])

    def test_a_node_does_not_read_its_redis_as_typed_words(self):
        server = self.redis_server()
        for closed in ({0}, {0, 1}, {0, 1, 2}):
            with self.subTest(closed=closed):
                monitor = self.monitor(server.socket)
                run = self.start_closed(closed, "node", "--id", "1", "--redis", server.url)
                if 1 in closed:  # it has nobody to talk to
                    run = self.end(run)
                    self.assertEqual(run.returncode, 3, run)
                    if 2 not in closed:
                        self.assertIn("cannot write", run.stderr)
                else:
                    monitor.until("GET", "election_result")
                    monitor.until("GET", "election_result")
                    self.assertIsNone(run.poll())
                    run.terminate()
                    run = self.end(run)
                    self.assertEqual(run.stderr, "")

    # --- what cannot be printed ---

    def verbs(self):
        """A call of each verb that prints something and ends well."""
        path = self.scenario(duration="1500ms")
        once = ("run", "--on", "model", "--trials", "1", "--out", self.out, path)
        self.assertEqual(self.hustings(*once).returncode, 0)
        results = f"{self.out}/latest"
        yield once
        for form in ("json", "junit", "tap"):
            yield (*once[:-1], "--format", form, path)
        yield "check", results
        yield "check", "--format", "json", results
        yield "play", "--lines", "5", results
        yield "compare", results, results
        yield "compare", "--format", "json", results, results
        yield "lint", path
        yield "lint", "--format", "json", path
        yield ("list",)
        yield ("--help",)
        yield ("--version",)
        for verb in ("run", "check", "play", "compare", "calibrate", "lint", "list", "node",
                     "master"):  # fmt: skip
            yield verb, "--help"

    def test_what_cannot_be_printed_is_a_failure(self):
        for call in self.verbs():
            with self.subTest(call=call):
                run = self.run_closed({1}, *call)
                self.assertEqual(run.returncode, 3, run)
                self.assert_one_line(run.stderr, "hustings", "standard output: it is closed")
                with open("/dev/full", "w", encoding="utf-8") as full:
                    run = self.hustings(*call, stdout=full)
                self.assertEqual(run.returncode, 3, run)
                self.assert_one_line(run.stderr, "hustings", "standard output", "disk")

    def test_a_reader_may_go(self):
        for call in self.verbs():
            with self.subTest(call=call):
                reading, writing = os.pipe()
                os.close(reading)
                run = self.hustings(*call, stdout=writing)
                os.close(writing)
                self.assertEqual((run.returncode, run.stderr), (0, ""), run)

    def test_without_a_dev_null(self):
        """Nothing can be held open then: it says so, if it can, and does nothing."""
        if os.getuid() != 0 or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
            self.skipTest("must be root, and allowed to mount, to take /dev/null away")
        hide = 'mount -t tmpfs none /dev && exec "$0" --version >&-'
        run = self.end(self.start("unshare", "-m", "sh", "-c", hide, HUSTINGS))
        self.assertEqual(run.returncode, 3, run)
        self.assert_one_line(run.stderr, "hustings: ", "/dev/null")


if __name__ == "__main__":
    unittest.main()
