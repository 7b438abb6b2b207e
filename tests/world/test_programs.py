#!/usr/bin/python3
"""Members that are programs of the user's: they are started with what they need, their claims are
taken in, faults reach all that they have started, and their ends are told."""
# ctest-timeout: 600
import json
import os
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402
from support.programs import DAEMON, LEASE, ProgramStage  # noqa: E402
from support.trialhistory import History  # noqa: E402

# As one writes it: takes the lock with SET NX, says so, works, and gives it back.
WORKER = """
import json, os, sys, time, redis
key, who = os.environ["HUSTINGS_LOCK_KEY"], os.environ["HUSTINGS_ID"]
store = redis.Redis.from_url(os.environ["REDIS_URL"])
def claim(inside):
    print(json.dumps({"claim": {"in_section": inside, "at_s": time.monotonic()}}), flush=True)
while True:
    if store.set(key, who, nx=True, px=60000):
        claim(True); time.sleep(0.02); claim(False); store.delete(key)
    time.sleep(0.005)
"""

# Says each thing again and again, and notes what it has said, and which answers it has read.
SAYING = """
import os, sys, time
with open("said-" + os.environ["HUSTINGS_ID"], "w", buffering=1) as file:
    while True:
        for line in LINES:
            file.write("said\\n")
            print(line, flush=True)
            if "claim" not in line:
                sys.stdin.readline()
                file.write("read\\n")
"""

ASKING = """
import os, time, redis
store = redis.Redis.from_url(os.environ["REDIS_URL"])
with open("stamps-" + os.environ["HUSTINGS_ID"], "a", buffering=1) as file:
    while True:
        store.get(os.environ["HUSTINGS_LOCK_KEY"])
        file.write(f"{time.monotonic()}\\n")
        time.sleep(0.005)
"""


class Programs(ProgramStage):
    def play_stamped(self, make, who):
        """Its history, of what `make` returns for a time in ms: faults come no sooner. On a slow
        machine it is longer, until the members have stamped the time before any fault."""

        def once(before_ms):
            for node in (1, 2):
                pathlib.Path(self.folder, f"stamps-{node}").unlink(missing_ok=True)
            begun = time.monotonic()
            run = judged(self.run_once(make(before_ms), "--allow-exec", timeout=90), self.out)
            self.assertIn(run.returncode, (0, 1), run.stderr)
            first = [(self.stamps(node) or [float("inf")])[0] for node in who]
            return max(first) < begun + before_ms / 1000

        for before_ms in (1000, 4000, 16000):
            if until_judged(lambda before_ms=before_ms: once(before_ms)):
                break
        return History(self.out)

    def stamps(self, node):
        path = pathlib.Path(self.folder, f"stamps-{node}")
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return [float(line) for line in text.splitlines()]

    def test_is_refused_unless_allowed_and_by_the_model(self):
        path = self.program("open('ran', 'w')")
        on_model = ("--on", "model", "--allow-exec")
        for options, words in (((), "add --allow-exec"), (on_model, "the model runs no program")):
            run = self.run_scenario(path, *options)
            self.assertEqual(run.returncode, 2, run)
            self.assertIn(words, run.stderr)
            self.assertEqual(len(run.stderr.splitlines()), 1)
        self.assertFalse(os.path.exists(f"{self.folder}/ran"))

    def test_claims_are_what_it_believes(self):
        """They are of one who has the lock, and gives it back only when it is outside: however busy
        the machine is, nobody is seen inside beside another."""
        _, history = self.play_until_claims(
            lambda duration: self.program(WORKER, duration=duration), 3
        )
        with open(f"{self.out}/latest/run.json", encoding="utf-8") as file:
            (scenario,) = json.load(file)["scenarios"]
        self.assertIn("--allow-exec", scenario["reproduce"])
        points = {point["name"]: point for point in scenario["summary"]["points"]}
        self.assertEqual(points["two_lock_holders"]["ending"], "held")
        self.assertEqual(points["program_ended"]["ending"], "held")
        inside = {node: [e["in_section"] for e in history.of(node, "claim")] for node in (1, 2)}
        for node, claims in inside.items():
            self.assertGreater(len(claims), 2, node)
            self.assertEqual(claims, [i % 2 == 0 for i in range(len(claims))])

    def test_programs_alone_lock_unless_the_file_says_that_they_elect(self):
        """Four lines are a scenario. What elects nobody is not judged by its leader."""
        pathlib.Path(self.folder, "worker.py").write_text(WORKER, encoding="utf-8")
        path = pathlib.Path(self.folder, "small.yaml")

        def lasting(duration):
            path.write_text(f"name: small\nnodes: 2\nduration: {duration}\n"
                            f"program: [/usr/bin/python3, worker.py, {self.folder}]\n")  # fmt: skip
            return path

        run, history = self.play_until_claims(lasting, 3)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("2 programs take a lock in turn", run.stdout)
        self.assertRegex(run.stdout, r"Nobody is to be elected\. Inside the critical section: \d+")
        self.assertRegex(" ".join(run.stdout.split()), "two_leaders, .*no_leader, since the "
                         "protocol elects no leader;")  # fmt: skip
        self.assertGreater(len(history.of(1, "claim")), 2)

    def test_has_what_it_needs_and_no_more(self):
        source = """
import json, os
with open(os.environ["HUSTINGS_ID"], "w") as file:
    json.dump(dict(os.environ, cwd=os.getcwd(), session=os.getsid(0) == os.getpid()), file)
"""
        env = "env: {WORK_MS: 20, LANG: C, HUSTINGS_CLAIMS: 'no'}\n"
        self.play_until_ended(lambda duration: self.program(source, env, duration))
        found = json.loads(pathlib.Path(self.folder, "2").read_text("utf-8"))
        wanted = {
            "HUSTINGS_ID": "2", "HUSTINGS_NODES": "2", "HUSTINGS_LOCK_KEY": "node_lock",
            "HUSTINGS_PREFIX": "", "HUSTINGS_LOCK_TTL_MS": "200",
            "HUSTINGS_PROTOCOL_RETRY_MS": "30", "HUSTINGS_REQUEST_TIMEOUT_MS": "1000",
            "cwd": os.path.realpath(self.folder), "session": True,
            "WORK_MS": "20", "LANG": "C", "HUSTINGS_CLAIMS": "no",
        }  # fmt: skip
        self.assertEqual({key: found.get(key) for key in wanted}, wanted)
        self.assertRegex(found["REDIS_URL"], r"^redis://127\.0\.0\.1:\d+/0$")
        self.assertNotIn("HUSTINGS_STAGE", found)

    def test_pause_and_crash_reach_all_that_it_has_started(self):
        def hurt_after(ms):
            faults = f"{{at: {ms}ms, pause: 1, for: 400ms}}, {{at: {ms + 700}ms, crash: 1}}"
            return self.program(DAEMON, f"faults: [{faults}]\n", duration=f"{ms + 1200}ms")

        history = self.play_stamped(hurt_after, (1, 2))
        hurt, sound = self.stamps(1), self.stamps(2)
        (paused,), (resumed,) = history.of(1, "paused"), history.of(1, "resumed")
        gaps = [after - before for before, after in zip(hurt, hurt[1:])]
        self.assertGreaterEqual(max(gaps) * 1000, resumed["t_ms"] - paused["t_ms"] - 1)
        self.assertGreater(sound[-1] - hurt[-1], 0.4)
        (died,) = history.of(1, "died")
        self.assertTrue(died["by_fault"])

    def test_it_begins_again_when_a_fault_or_the_healing_has_started_it_again(self):
        """The trial is over when all have begun again and one leads; nobody need name it."""
        source = """
import json, os, time
who = int(os.environ["HUSTINGS_ID"])
while True:
    print(json.dumps({"claim": {"leads": who == 1}}), flush=True)
    time.sleep(0.02)
"""
        faults = "faults: [{at: 500ms, crash: 2, for: 100ms}, {at: 900ms, crash: 2}]\n"
        path = self.program(source, f"{faults}expect: {{settles_within: 20s}}\n",
                            duration="1s", protocol="protocol: own_leader\n")  # fmt: skip
        run, history = self.play(path)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual(len(history.of(2, "started")), 3, history.of(2, "born"))
        self.assertIn("node 1 leads", run.stdout)

    def test_it_writes_to_the_protected_resource(self):
        """A lower token than the last is rejected."""
        source = """
import sys, time
for token in (3, 3, 2, 4):
    print('{"write": {"token": %d}}' % token, flush=True)
    print(sys.stdin.readline().strip(), file=sys.stderr, flush=True)
time.sleep(0.1)
sys.exit(9)
"""
        work = "work: {every: 100ms}\n"
        _, history = self.play_until_ended(
            lambda duration: self.program(source, work, duration, nodes=1), nodes=1
        )
        (died,) = history.of(1, "died")
        self.assertIn('{"written": true} | {"written": false} | {"written": true}', died["why"])
        requests = [q for q, _ in history.exchanges(1)]
        self.assertEqual([q["op"] for q in requests], ["write"] * 4)
        run = self.run_scenario(self.program(source, nodes=1), "--allow-exec")
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("there is none; add work", run.stderr)

    def says(self, lines, when):
        """What node 1 had said, and read of answers, when it crashed there; and its history. On a
        slow machine it begins late: then the trial is to last longer."""
        faults = f"work: {{every: 100ms}}\nfaults: [{{when: {{who: 1, {when}}}, crash: 1}}]\n"
        source = SAYING.replace("LINES", repr(lines))
        _, history = self.play_until_ended(
            lambda duration: self.program(source, faults, duration, nodes=1), nodes=1
        )
        said = pathlib.Path(self.folder, "said-1").read_text(encoding="utf-8").split()
        return said.count("said"), said.count("read"), history

    def test_a_fault_where_it_offers_to_be_stopped_is_exact(self):
        said, read, _ = self.says(['{"stop": true}'], "does: stops, nth: 3")
        self.assertEqual((said, read), (3, 2))

    def test_a_fault_at_a_write_is_exact(self):
        """Before it was sent, and when it was applied, but not answered."""
        lines = ['{"write": {"token": 1}}']
        for when, sent in (("before: true", 2), ("applied: true", 3)):
            said, read, history = self.says(lines, f"does: writes, nth: 3, {when}")
            self.assertEqual((said, read), (3, 2), when)
            writes = [q for q, _ in history.exchanges(1)]
            self.assertEqual(len(writes), sent, when)

    def test_a_claim_is_a_moment(self):
        lines = ['{"claim": {"in_section": true}}', '{"claim": {}}', '{"stop": true}']
        for moment in ("acquires_lock", "releases_lock"):
            _, read, history = self.says(lines, f"does: {moment}, nth: 3")
            self.assertGreaterEqual(read, 2, moment)
            self.assertGreaterEqual(len(history.of(1, "claim")), 5, moment)
            self.assertTrue(history.of(1, "died")[0]["by_fault"], moment)

    def test_who_only_locks_may_not_claim_to_lead(self):
        source = "print('{\"claim\": {\"leads\": true}}', flush=True)"
        path = self.program(source, protocol="")
        run = self.run_scenario(path, "--allow-exec")
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("write protocol: own_leader", run.stderr)

    def test_one_among_members_of_ours_is_cut_off(self):
        """Node 1 is ours, and leads; node 2 asks, and hears nothing while it is cut off."""
        pathlib.Path(self.folder, "worker.py").write_text(ASKING, encoding="utf-8")

        def cut_after(ms):
            return self.scenario(
                f"{LEASE}programs: {{2: [/usr/bin/python3, worker.py, {self.folder}]}}\n"
                f"faults:\n  - {{at: {ms}ms, cut: 2, for: 500ms}}\n",
                starts="{nodes: 0s}", duration=f"{ms + 900}ms", nodes=2,
            )  # fmt: skip

        history = self.play_stamped(cut_after, (2,))
        self.assertTrue(any(claim["leads"] for claim in history.of(1, "claim")))
        times = self.stamps(2)
        gaps = [after - before for before, after in zip(times, times[1:])]
        self.assertGreater(len(times), 10)
        self.assertGreater(max(gaps), 0.49)

    def test_a_line_that_is_no_claim_is_quoted_back(self):
        for line, words in (("hello \\x1b[31m", "it is no JSON object"),
                            ('{"claim": {"leader": 1}}', 'no "leader"'),
                            ("x" * 5000, "longer than 4095 bytes")):  # fmt: skip
            run = self.run_scenario(self.program(f"print('{line}')"), "--allow-exec")
            self.assertEqual(run.returncode, 3, run)
            self.assertIn(words, run.stderr)
            self.assertIn("did you mean stderr?", run.stderr)
            self.assertNotIn("\x1b", run.stderr)

    def test_one_that_claims_without_a_pause_is_refused(self):
        source = """
while True:
    print('{"claim": {"in_section": true}}\\n{"claim": {}}\\n' * 1000, end="", flush=True)
"""
        run = self.run_scenario(self.program(source), "--allow-exec")
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("more than 10,000 lines on its standard output within a second", run.stderr)

    def test_ends_by_itself(self):
        source = "import sys, time\ntime.sleep(0.1)\nsys.exit('boom \\x1b[31m')"
        run, history = self.play_until_ended(
            lambda duration: self.program(source, duration=duration)
        )
        self.assertRegex(run.stdout, r"node 2 ends with status 1; its log ends: boom")
        (died,) = history.of(2, "died")
        self.assertEqual((died["by_fault"], died["exit_status"]), (False, 1))
        self.assertIn("its log ends: boom", died["why"])
        self.assertNotIn("\x1b", died["why"])
        log = pathlib.Path(self.out, "latest/logs/trial-0001-node-2.log")
        self.assertEqual(log.read_bytes(), b"boom \x1b[31m\n")

    def test_a_log_is_kept_as_it_is_written_up_to_a_bound(self):
        """It never blocks the program; of a trial whose history is not kept there is none."""
        source = "import sys, time\nsys.stderr.write('x' * 1000000)\nsys.exit(3)"
        durations = []
        _, history = self.play_until_ended(
            lambda duration: self.program(source, duration=durations.append(duration) or duration)
        )
        log = pathlib.Path(self.out, "latest/logs/trial-0001-node-1.log").read_bytes()
        self.assertTrue(log.startswith(b"x" * 256 * 1024 + b"\n[hustings keeps"), len(log))
        self.assertEqual(history.of(1, "died")[0]["exit_status"], 3)
        path = self.program(source, duration=durations[-1])
        run = self.run_scenario(path, "--allow-exec", "--histories", "none")
        self.assertIn(run.returncode, (0, 1), run)
        self.assertEqual(os.listdir(f"{self.out}/latest/logs"), [])

    def test_must_live(self):
        path = self.program("raise SystemExit(7)", must_live="true")
        run = self.run_scenario(path, "--allow-exec")
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("ended by itself with status 7; must_live", run.stderr)

    def test_cannot_be_started(self):
        path = self.scenario(f"{LEASE}programs: {{2: [no-such-thing]}}\n", starts="{nodes: 0s}",
                             duration="25s", nodes=2)  # fmt: skip
        run = self.run_scenario(path, "--allow-exec")
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("node 2 cannot start no-such-thing: No such file", run.stderr)


if __name__ == "__main__":
    unittest.main()
