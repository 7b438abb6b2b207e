#!/usr/bin/python3
"""Faults of the Redis and of clocks as scenarios say them: the same file on both hosts, everything
healed at the end whatever the scenario forgot, and nothing of it on a Redis that is not ours."""
# ctest-timeout: 300
import json
import os
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import BUILD, HUSTINGS, Stage, children, read, wait_for  # noqa: E402

# Each would go on for good. Those of the Redis are no business of one that is not ours.
ENDLESS = {
    "stall": "{at: 600ms, stall: redis}",
    "crash": "{at: 600ms, crash: redis}",
    "power_loss": "{at: 600ms, power_loss: redis}",
    "wrong_type": "{at: 600ms, wrong_type: lock}",
    "oom": "{at: 600ms, oom: redis}",
    "refuse": "{at: 600ms, refuse: redis}",
    "jump": "{at: 600ms, jump: redis, by: 60s}",
    "drift": "{at: 600ms, drift: redis, ppm: 500000}",
}
AT_ONCE = {
    "evict": "{when: {who: 2, does: acquires_lock}, evict: lock}",
    "forget_scripts": "{at: 600ms, forget_scripts: redis}",
}
# hold_lock ends, too, but nobody can tell whether there was something to end: see
# tests/world/test_faults.py.
ENDLESS_ELSEWHERE = {
    "crash": "{at: 600ms, crash: 2}",
    "pause": "{at: 600ms, pause: 2}",
    "cut": "{at: 600ms, cut: 2}",
    "delay": "{at: 600ms, delay: 2, by: 10s}",
    "slow": "{at: 600ms, slow: 2, rate: 1}",
    "late": "{when: {who: 2, does: reports, before: true}, late: 2, by: 60m}",
    "lose_reply": "{at: 600ms, lose_reply: 2}",
    "lose": "{at: 600ms, lose: 2}",
    "reset": "{at: 600ms, reset: 2}",
    "refuse_command": "{at: 600ms, refuse_command: 2, of: HSET, error: READONLY}",
    "drift": "{at: 600ms, drift: 2, ppm: 500000}",
}
AT_ONCE_ELSEWHERE = {
    "jump": "{at: 600ms, jump: 2, by: 60s}",
    "flip": "{at: 600ms, flip: 2, to: submit}",
    "expire_lock": "{when: {who: 2, does: acquires_lock}, expire_lock: lock}",
    "restart": "{at: 600ms, restart: 2}",
    "resume": "{at: 600ms, resume: 2}",
    "resign": "{when: {who: any, does: leads}, after: 100ms, resign: leader}",
}
LEASE = "protocol: {lease: {duration: 600ms, renew_deadline: 400ms, retry: 100ms}}\n"
# What has to be wrong before: for them to make sense, or for the next request never to come.
DEAD = "{at: 500ms, crash: 2}"
FIRST = {
    "restart": DEAD,
    "lose": DEAD,
    "lose_reply": DEAD,
    "refuse_command": DEAD,
    "reset": DEAD,
    "resume": "{at: 500ms, pause: 2}",
}
# Nothing is lost that a node would have to report again.
KEPT = "redis: {persistence: aof-always}\nprotocol: {article: {report: 300ms}}\n"
ALLOWED = (
    "expect: {settles_within: 10s, checks: {two_lock_holders: allowed, two_leaders: allowed,\n"
    "         disagreement: allowed, wrong_winner: allowed, stale_result: allowed,\n"
    "         starvation: allowed}}\n"
)


class Stories(Stage):
    def events(self, kind):
        path = f"{self.out}/latest/history/trial-0001.jsonl"
        with open(path, encoding="utf-8") as lines:
            next(lines)
            found = [json.loads(line) for line in lines]
        return [event for event in found if event["event"] == kind]

    def story(self, faults, **keys):
        entries = "".join(f"  - {fault}\n" for fault in faults)
        leased = "resign" in entries
        kept = LEASE if leased else KEPT
        starts = {"starts": None} if leased else {}
        return self.scenario(
            f"{kept}{ALLOWED}faults:\n{entries}",
            **{"duration": "1s", "nodes": 2, **starts, **keys},
        )

    def tell(self, host, *faults):
        run = self.run_scenario(self.story(faults), "--on", host)
        self.assertEqual(run.returncode, 0, (faults, run))
        return self.events("fault"), self.events("healed")

    def each(self, *tables):
        """Every fault, told on both hosts: its name, and when this very fault was healed."""
        for host in ("processes", "model"):
            for name, fault in (item for table in tables for item in table.items()):
                before = [FIRST[name]] if name in FIRST and "redis" not in fault else []
                faults, healed = self.tell(host, *before, fault)
                self.assertEqual(len(faults), 1 + len(before))
                self.assertEqual(faults[-1]["fault"], name)
                healed = [event for event in healed if event["index"] == len(before)]
                yield f"{fault} on {host}", healed

    def test_everything_heals_at_the_end(self):
        for story, healed in self.each(ENDLESS, ENDLESS_ELSEWHERE):
            with self.subTest(story):
                self.assertEqual([event["why"] for event in healed], ["healed"])
                self.assertGreaterEqual(healed[0]["t_ms"], 1000)

    def test_what_is_over_at_once_needs_no_healing(self):
        for story, healed in self.each(AT_ONCE, AT_ONCE_ELSEWHERE):
            with self.subTest(story):
                self.assertEqual(healed, [])

    def listed(self):
        """The faults as `hustings list faults` tells of them: their lines, by name."""
        told, name = {}, None
        for line in self.hustings("list", "faults").stdout.splitlines():
            name = line.split()[0] if line[2] != " " else name
            told.setdefault(name, []).append(line.strip())
        return told

    def test_what_cannot_be_healed_is_said_to(self):
        """Each is healed at the end, or says what is not, or is over at once and undoes something
        itself."""
        for name, lines in self.listed().items():
            says = any(line.startswith("never healed: ") for line in lines)
            heals = name in ENDLESS or name in ENDLESS_ELSEWHERE
            undoes = name in ("restart", "resume", "forget_scripts")
            self.assertTrue(says or heals or undoes or name == "hold_lock", name)
            known = {**ENDLESS, **ENDLESS_ELSEWHERE, **AT_ONCE, **AT_ONCE_ELSEWHERE}
            self.assertIn(name, [*known, "hold_lock"], "which story of this file tells of it?")
        for name in ("flip", "resign", "expire_lock", "evict", "crash", "power_loss", "jump"):
            self.assertIn("never healed: ", "".join(self.listed()[name]))

    def test_no_fault_lacks_a_hook_on_a_host(self):
        """What a scenario says happens on whichever host it is run."""
        for name, lines in self.listed().items():
            self.assertNotIn("not possible on", "".join(lines), name)
            self.assertNotIn("hosts:", "".join(lines), name)

    def test_an_evicted_lock_is_told_of(self):
        for host in ("processes", "model"):
            with self.subTest(host=host):
                self.tell(host, AT_ONCE["evict"])
                whys = [event["why"] for event in self.events("expired")]
                self.assertEqual(whys, ["was evicted"])

    def test_a_clock_that_jumps_lets_the_lock_run_out_on_both_hosts(self):
        for host in ("processes", "model"):
            with self.subTest(host=host):
                self.tell(
                    host, "{at: 0ms, hold_lock: [1, 2], for: 500ms}",
                    "{when: {who: any, does: acquires_lock}, after: 100ms, jump: redis, by: 60s}",
                )  # fmt: skip
                jump = self.events("fault")[-1]
                expired = self.events("expired")
                self.assertTrue(expired)
                late = expired[0]["t_ms"] - jump["t_ms"]
                self.assertLess(late, 1000)  # its TTL is two seconds

    def test_a_redis_that_is_not_ours_is_left_alone(self):
        server = self.redis_server()
        for fault in [*ENDLESS.values(), *AT_ONCE.values(), "{at: 600ms, restart: redis}"]:
            with self.subTest(fault=fault):
                faults = [fault]
                if "restart" in fault:
                    faults.insert(0, "{at: 500ms, crash: redis}")
                run = self.run_scenario(self.story(faults), "--redis", server.url)
                self.assertEqual(run.returncode, 2, run)
                self.assertIn("would harm a Redis that hustings did not start", run.stderr)
        info = server.client().info("commandstats")
        self.assertNotIn("cmdstat_set", info)

    def test_clocks_of_processes_may_be_shifted_with_any_redis(self):
        server = self.redis_server()
        path = self.story(["{at: 500ms, jump: 1, by: 1s}", "{at: 500ms, drift: 2, ppm: 90000}"])
        run = self.run_scenario(path, "--redis", server.url)
        self.assertEqual(run.returncode, 0, run)

    def test_only_the_server_is_started_with_the_library(self):
        run = self.start_hustings(
            "run", "--out", self.out, self.story([ENDLESS["jump"]], duration="20s")
        )
        nodes = wait_for(lambda: children(run.pid, "hustings-node"), "the nodes are up")
        with_it = [child.name for child in children(run.pid) if self.has_library(child.pid)]
        self.assertEqual(with_it, ["redis-server"])
        self.assertFalse(any(self.has_library(pid) for pid in [run.pid, nodes[0].pid]))
        run.terminate()
        self.end(run)

    @staticmethod
    def has_library(pid):
        return b"hustings_clock.so" in read(f"/proc/{pid}/maps")

    def test_without_the_library_the_refusal_names_it(self):
        """In a folder of its own: it is looked for one folder up, too."""
        alone = f"{self.folder}/bin/hustings"
        os.mkdir(os.path.dirname(alone))
        shutil.copy(HUSTINGS, alone)
        path = self.story([ENDLESS["jump"]])
        run = self.end(
            self.start(
                alone, "run", "--out", self.out, path,
                environment={"PATH": f"{os.environ['PATH']}:{BUILD}"},
            )
        )  # fmt: skip
        self.assertEqual(run.returncode, 3, run)
        self.assert_one_line(
            run.stderr, "hustings_clock.so", f"it is neither in {self.folder}/bin",
            "copy it there from where hustings was built",
        )  # fmt: skip


if __name__ == "__main__":
    unittest.main()
