#!/usr/bin/python3
"""Each worker of scenarios/libraries/, if it is installed, run without claims: that it takes the
lock and gives it back is recognised by its traffic, and what it believes is inferred."""
# ctest-timeout: 1500
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support import stage  # noqa: E402
from support.judged import HarnessWasLate, ever_longer, judged, until_judged  # noqa: E402
from support.trialhistory import History  # noqa: E402

FOLDER = stage.ROOT / "scenarios" / "libraries"
sys.path.insert(0, str(FOLDER / "table"))
import libraries  # noqa: E402

# They take the lock on a connection that does not last as long, or in another process than renews.
OUTLIVES = {"redis-cli", "rq-scheduler"}
KEEPS = {"rq-scheduler"}  # it gives the lock back when it ends


def is_installed(library):
    return libraries.why_not_installed(library.name) is None


class Libraries(stage.Stage):
    def play(self, library):
        """A trial in which it has had the lock, however slow the machine."""
        durations = ever_longer("2s", "8s", "25s")

        def story():
            path = self.scenario(
                f"program: [{', '.join(library.words)}]\n"
                f"lock_key: '{library.key or '{key}'}'\n"
                f"lock_outlives: {str(library.name in OUTLIVES).lower()}\n"
                "env: {WORK_MS: 50, REST_MS: 50, HUSTINGS_CLAIMS: 'no'}\nheal: false\n",
                nodes=1, duration=next(durations), starts="{nodes: 0s}",
            )  # fmt: skip
            run = judged(self.run_once(path, "--allow-exec", timeout=90), self.out)
            self.assertIn(run.returncode, (0, 1), run)
            history = History(self.out)
            least = 1 if library.name in KEEPS else 2
            if len(history.of(1, "claim")) < least:
                raise HarnessWasLate(f"{library.name} had hardly begun")
            return history

        return until_judged(story)

    def test_what_each_does_to_the_lock_is_recognised(self):
        for library in filter(is_installed, libraries.LIBRARIES.values()):
            with self.subTest(library.name):
                history = self.play(library)
                claims = history.of(1, "claim")
                self.assertTrue(all(e["inferred"] for e in claims))
                self.assertEqual(
                    [e["in_section"] for e in claims], [i % 2 == 0 for i in range(len(claims))]
                )
                asked = {e["op"] for e in history.of(1, "request")}
                self.assertIn("put_if_absent", asked)
                if library.name not in KEEPS:
                    self.assertTrue(asked & {"delete", "delete_if_equal"}, asked)
                self.assertEqual(history.of(1, "obscure"), [])


if __name__ == "__main__":
    unittest.main()
