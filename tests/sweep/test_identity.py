"""What a sweep is: files that it names are a part of it, and what stands in them, too."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import test_sweep  # noqa: E402

LEASE = "name: p\nduration: 5s\nnodes: 3\nprotocol: lease\n"


class Identity(test_sweep.Sweeps):
    def goes_on_only_as_it_was(self, path, other, *words):
        """Before and after the file says something else."""
        words = ["sweep", self.file, "--trials", "2", "--confirm", "0", "--into", "m", *words]
        self.hustings(*words)
        csv = (self.place / "m/sweep.csv").read_bytes()
        self.hustings(*words)
        path.write_text(other, encoding="utf-8")
        self.assertIn("it is of another run", self.hustings(*words, code=3).stderr)
        self.assertEqual((self.place / "m/sweep.csv").read_bytes(), csv)

    def test_measured_latencies(self):
        first, second = (
            json.dumps({"hustings": "latency", "version": 3,
                        **dict.fromkeys(("round_ns", "timer_ns", "start_ns"), [ms * 10**6] * 101)})
            for ms in (1, 40)
        )  # fmt: skip
        path = self.place / "lat.json"
        path.write_text(first, encoding="utf-8")
        self.goes_on_only_as_it_was(path, second, "--latency", path, "--set", "nodes=2,3")

    def test_tables_of_pauses_that_are_values(self):
        (self.place / "g1").write_text("10\n", encoding="utf-8")
        (self.place / "g2").write_text("12\n", encoding="utf-8")
        self.file.write_text(
            LEASE + "pauses: {table: g1}\n", encoding="utf-8"
        )
        self.goes_on_only_as_it_was(self.place / "g2", "5s\n", "--set", "pauses.table=g1,g2")

    def test_pauses_that_are_values(self):
        (self.place / "g1").write_text("10\n", encoding="utf-8")
        (self.place / "g2").write_text("12\n", encoding="utf-8")
        self.file.write_text(LEASE, encoding="utf-8")
        self.goes_on_only_as_it_was(
            self.place / "g2", "5s\n", "--set", "pauses={table: g1},{table: g2}"
        )


if __name__ == "__main__":
    unittest.main()
