#!/usr/bin/python3
"""Programs that are stopped in the middle of what they say, or die while they are paused."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import HarnessWasLate, ever_longer, judged, until_judged  # noqa: E402
from support.stage import Stage  # noqa: E402
from support.trialhistory import History  # noqa: E402

REDIS_PY = pathlib.Path(__file__).resolve().parents[2] / "scenarios/libraries/redis-py.py"

# Both lines come in one write; it ends when both are answered.
TWO = """
import sys
sys.stdout.write('{"stop": true}\\n{"stop": true}\\n')
sys.stdout.flush()
answers = sys.stdin.readline(), sys.stdin.readline()
sys.exit(3 if all("go" in line for line in answers) else 4)
"""


class Lives(Stage):
    def test_two_lines_at_once_of_which_the_first_is_stopped(self):
        pathlib.Path(self.folder, "two.py").write_text(TWO, encoding="utf-8")
        path = self.scenario(
            "program: [/usr/bin/python3, two.py]\nmust_live: true\n"
            "faults:\n  - {when: {who: 1, does: stops}, pause: 1, for: 50ms}\n",
            nodes=1, duration="25s", starts=None,
        )  # fmt: skip
        run = self.run_once(path, "--allow-exec")
        self.assertEqual(run.returncode, 3, run.stdout + run.stderr)
        self.assertIn("ended by itself with status 3", run.stderr)

    def test_who_died_paused_is_read_again_in_its_next_life(self):
        durations = ever_longer("2s", "8s", "20s")
        taken = "when: {who: 1, does: acquires_lock, nth: 2}"

        def story():
            path = self.scenario(
                f"program: [/usr/bin/python3, {REDIS_PY}]\nlock: {{token: {{ttl: 300ms}}}}\n"
                'env: {HUSTINGS_CLAIMS: "no", WORK_MS: 30, REST_MS: 20}\nheal: false\nfaults:\n'
                f"  - {{{taken}, pause: 1}}\n  - {{{taken}, after: 50ms, crash: 1}}\n"
                f"  - {{{taken}, after: 100ms, restart: 1}}\n",
                nodes=1, duration=next(durations), starts=None,
            )  # fmt: skip
            run = judged(self.run_once(path, "--allow-exec"), self.out)
            history = History(self.out)
            born = [event["i"] for event in history.of(1, "born")]
            later = [event for event in history.of(1, "reply") if event["i"] > born[-1]]
            if len(born) < 2 or len(later) < 2:
                raise HarnessWasLate(f"it hardly began anew: {run.stdout}")
            inside = [e for e in history.of(1, "claim") if e["in_section"] and e["i"] > born[1]]
            self.assertGreater(len(inside), 0, run.stdout)

        until_judged(story)


if __name__ == "__main__":
    unittest.main()
