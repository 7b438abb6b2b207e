#!/usr/bin/python3
"""The lengths of pauses from logs of garbage collections: the commands of the manual, on lines
as Java, Go and Node.js write them."""
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HUSTINGS = os.environ.get("HUSTINGS", "sim/hustings")
SCENARIO = "name: logged\nnodes: 3\nduration: 9s\nprotocol: lease\npauses: {table: gc.log}\n"
LOGS = {
    "java.log": ("""\
[0.037s][info][gc] Using Serial
[0.202s][info][gc] GC(0) Pause Young (Allocation Failure) 0M->0M(7M) 1.722ms
[1.311s][info][gc] GC(7) Concurrent Mark Cycle 12.044ms
[1.402s][info][gc] GC(8) Pause Full (System.gc()) 24M->4M(256M) 1203.456ms
""", ["1.722ms", "1203.456ms"]),
    "go.log": ("""\
gc 1 @0.012s 0%: 0.018+0.35+0.004 ms clock, 0.14+0.20/0.27/0+0.032 ms cpu, 4->4->0 MB, 4 MB goal, \
0 MB stacks, 0 MB globals, 8 P
gc 2 @1.520s 1%: 0.021+41+0 ms clock, 0.16+3.1/80/12+0 ms cpu, 40->41->12 MB, 41 MB goal, \
0 MB stacks, 0 MB globals, 8 P
""", ["0.018", "0.004", "0.021"]),
    "node.log": ("""\
[29532:0x39553c00]       38 ms: Scavenge 3.9 (4.0) -> 3.5 (5.0) MB, 7.68 / 0.00 ms  (\
average mu = 1.000, current mu = 1.000) allocation failure;
[29532:0x39553c00]      211 ms: Mark-Compact 33.4 (51.2) -> 9.5 (40.1) MB, 105.08 / 0.00 ms  (\
+ 4.1 ms in 80 steps since start of marking, \
biggest step 0.2 ms, walltime since start of marking 24 ms) (\
average mu = 1.000, current mu = 1.000) \
finalize incremental marking via stack guard; GC in old space requested
""", ["7.68", "105.08"]),
}  # fmt: skip


class Logs(unittest.TestCase):
    def test_each_command_finds_the_pauses_of_its_log(self):
        manual = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")
        for name, (log, lengths) in LOGS.items():
            (command,) = (line for line in manual.splitlines() if f" {name} | " in line)
            with self.subTest(command), tempfile.TemporaryDirectory() as place:
                folder = pathlib.Path(place)
                (folder / name).write_text(log, encoding="utf-8")
                (folder / "logged.yaml").write_text(SCENARIO, encoding="utf-8")
                subprocess.run(["sh", "-c", command], cwd=folder, check=True)
                made = (folder / "gc.log").read_text(encoding="utf-8")
                self.assertEqual(made.split(), lengths)
                linted = subprocess.run([HUSTINGS, "lint", folder / "logged.yaml"], check=False,
                                        capture_output=True, text=True)
                self.assertEqual(linted.returncode, 0, linted.stdout + linted.stderr)


if __name__ == "__main__":
    unittest.main()
