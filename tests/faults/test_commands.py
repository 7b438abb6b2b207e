#!/usr/bin/python3
"""Triggers by command: at a command that a member sends, and at the answer to it; exactly there.
Of programs two witnesses tell that know nothing of hustings' own records: the Redis (MONITOR) and
what the program wrote down itself. Our own members mean the same on both hosts."""
# ctest-timeout: 600
import pathlib
import sys
import unittest

import redis

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[i]) for i in (0, 1)]
from support.judged import (  # noqa: E402
    HarnessWasLate, code_however_late, ever_longer, until_judged,
)  # fmt: skip
from support.stage import Stage, wait_for  # noqa: E402
from support.trialhistory import History  # noqa: E402

# Sets one counter after the other, and writes down what it is about to send and what it has read.
# Waits for the key `go`.
PROGRAM = """
import os, socket, sys, time
from urllib.parse import urlsplit
url = urlsplit(os.environ["REDIS_URL"])
me = socket.create_connection((url.hostname, url.port))
lines = me.makefile("rb")
own = os.environ["HUSTINGS_ID"]
prefix = os.environ["HUSTINGS_PREFIX"]
diary = open(sys.argv[1] + "/diary-" + own, "w", buffering=1)
def ask(*words):
    words = [word.encode() for word in words]
    texts = [b"$%d\\r\\n%s\\r\\n" % (len(word), word) for word in words]
    me.sendall(b"*%d\\r\\n" % len(words) + b"".join(texts))
    line = lines.readline()
    return lines.readline() if line[:1] == b"$" and line[:2] != b"$-" else line
while ask("GET", prefix + "go")[:1] != b"1":
    time.sleep(0.02)
for i in range(1, int(sys.argv[2]) + 1):
    diary.write(f"sends {i}\\n")
    ask("SET", f"{prefix}counter-{own}:{i}", str(i))
    diary.write(f"has read {i}\\n")
    ask("ECHO", f"{own} has read {i}")
while True:
    time.sleep(1)
"""
TIMES = 100


class Programs(Stage):
    def start_program(self, faults, *options, nodes=1, times=TIMES, duration):
        path = pathlib.Path(self.folder) / "counts.py"
        path.write_text(PROGRAM, encoding="utf-8")
        for diary in path.parent.glob("diary-*"):
            diary.unlink()
        scenario = self.scenario(
            f"protocol: lease\nheal: false\nprogram: [/usr/bin/python3, {path}, {self.folder}, "
            f'"{times}"]\nexpect: {{checks: {{no_leader: allowed}}}}\nfaults:\n'
            + "".join(f"  - {fault}\n" for fault in faults),
            nodes=nodes, starts="{all: 0s}", duration=duration,
        )  # fmt: skip
        return self.start_hustings("run", "--allow-exec", "--out", self.out, *options, scenario)

    def assert_begun(self, ended, last):
        """That each program, by its diary, had come so far as it was to when the trial was over."""
        for who, line in last.items():
            path = pathlib.Path(self.folder) / f"diary-{who}"
            diary = path.read_text(encoding="utf-8") if path.exists() else ""
            if not diary.endswith(f"{line}\n"):
                raise HarnessWasLate(f"node {who} was to say {line!r}: {diary[-80:]!r}, {ended}")

    def heard(self, monitor, last):
        """What the programs did, and what the driver did to the scripts, in the Redis's order."""
        told = []
        for _, words in monitor.until("ECHO", last):
            if words[0] == "SET" and "counter" in words[1]:
                told.append(words[1].split("counter-")[1])
            elif words[0] in ("SCRIPT", "ECHO"):
                told.append("flush" if words[0] == "SCRIPT" else words[1])
        return told

    def test_exactly_there(self):
        """Each of 100 commands is stopped before it goes out, and each answer before it is read:
        what is done there, the Redis sees exactly there."""
        faults = [
            f'{{when: {{who: 1, {what}: SET, key: "counter-*", nth: {n}, {where}: true}}, '
            "forget_scripts: redis}"
            for n in range(1, TIMES + 1)
            for what, where in (("sends", "before"), ("gets", "applied"))
        ]
        durations = ever_longer("6s", "15s", "30s")

        def story():
            run = self.start_program(faults, duration=next(durations))
            # Earlier runs took their folders with them when they ended.
            (path,) = wait_for(self.sockets, "a Redis")
            monitor = wait_for(lambda: self.monitor_of(str(path)), "it listens")
            self.let_go(str(path))
            try:
                told = self.heard(monitor, f"1 has read {TIMES}")
            except (AssertionError, TimeoutError):
                told = None  # the trial was over
            ended = self.end(run)
            self.assert_begun(ended, {1: f"has read {TIMES}"})
            return told, ended

        told, ended = until_judged(story)
        self.assertEqual(code_however_late(ended, self.out), 0, ended.stdout + ended.stderr)
        wanted = []
        for n in range(1, TIMES + 1):
            wanted += ["flush", f"1:{n}", "flush", f"1 has read {n}"]
        self.assertEqual(told, wanted)
        self.assertEqual(len(History(self.out).of("harness", "fault")), 2 * TIMES)

    def sockets(self):
        return list(pathlib.Path(self.folder).glob("hustings-*/**/redis.sock"))

    def monitor_of(self, path):
        try:
            return self.monitor(path)
        except OSError:  # the socket is there before the server listens
            return None

    @staticmethod
    def let_go(path):
        client = redis.Redis(unix_socket_path=path)
        client.set("go", 1)
        client.close()

    def test_who_is_killed_there(self):
        """What was still its own is lost with it; what had left it arrives; what it had not read,
        it never reads. The keys are meant without the run's prefix."""
        places = {
            1: ("sends: SET", "before: true", 7),
            2: ("sends: SET", "before: false", 7),
            3: ("gets: SET", "applied: true", 7),
            4: ("sends: set", "before: true", 1),
            5: ('sends: "S?T"', "before: false", 30),
            6: ('gets: "*"', "applied: true", 2),
        }
        faults = [
            f'{{when: {{who: {who}, {what}, key: "counter-*", nth: {n}, {where}}}, crash: {who}}}'
            for who, (what, where, n) in places.items()
        ]
        durations = ever_longer("6s", "15s", "30s")

        def story():
            server = self.redis_server()
            monitor = self.monitor(server.socket)
            run = self.start_program(faults, "--redis", server.url, nodes=len(places), times=50,
                                     duration=next(durations))  # fmt: skip
            client = server.client()
            client.set(prefix_of(monitor) + "go", 1, ex=60)
            ended = self.end(run)
            self.assert_begun(ended, {who: f"sends {n}" for who, (*_, n) in places.items()})
            client.echo("enough")
            return self.heard(monitor, "enough"), ended

        told, ended = until_judged(story)
        code = code_however_late(ended, self.out)  # each stands still meanwhile
        self.assertIn(code, (0, 1), ended.stdout + ended.stderr)
        for who, (_, where, n) in places.items():
            arrived = n - 1 if where == "before: true" else n
            self.assertEqual(
                [word for word in told if word.startswith(f"{who}:")],
                [f"{who}:{i}" for i in range(1, arrived + 1)], where,
            )  # fmt: skip


def prefix_of(monitor):
    try:
        for _, words in monitor.commands():
            if words[0] == "GET" and words[1].endswith("go"):
                return words[1][:-2]
    except TimeoutError:
        pass  # the trial is over
    raise HarnessWasLate("no program has asked")


class Harmed(Stage):
    """A program's commands meet faults that await them, as its Redis and itself tell."""

    def test_refused(self):
        """Of its commands the third is refused: the Redis never sees it, the program reads why."""
        path = pathlib.Path(self.folder) / "asks.py"
        source = PROGRAM.replace("    ask(\"SET\"", "    word = ask(\"SET\"")
        source = source.replace("has read {i}\\n\")", "has read {word}\\n\")", 1)
        path.write_text(source, encoding="utf-8")
        durations = ever_longer("5s", "15s", "30s")

        def story():
            server = self.redis_server()
            monitor = self.monitor(server.socket)
            scenario = self.scenario(
                f"protocol: lease\nheal: false\nprogram: [/usr/bin/python3, {path}, {self.folder}, "
                '"5"]\nexpect: {checks: {no_leader: allowed}}\nfaults:\n'
                '  - {at: 0s, refuse_command: 1, of: SET, key: "counter-*", nth: 3, '
                'error: READONLY}\n'
                '  - {at: 0s, refuse_command: 1, of: SET, key: "no such", error: OOM}\n',
                nodes=1, starts="{all: 0s}", duration=next(durations),
            )  # fmt: skip
            run = self.start_hustings(
                "run", "--allow-exec", "--out", self.out, "--redis", server.url, scenario
            )
            client = server.client()
            client.set(prefix_of(monitor) + "go", 1, ex=60)
            ended = self.end(run)
            diary = pathlib.Path(self.folder, "diary-1").read_text(encoding="utf-8").splitlines()
            read = [line for line in diary if line.startswith("has read")]
            if len(read) < 5:
                raise HarnessWasLate(f"it had hardly begun: {diary}")
            client.echo("enough")
            return monitor.until("ECHO", "enough"), read, ended

        heard, read, ended = until_judged(story)
        code = code_however_late(ended, self.out)
        self.assertIn(code, (0, 1), ended.stdout + ended.stderr)
        sets = [
            words[1].split("counter-")[1]
            for _, words in heard
            if words[0] == "SET" and "counter-" in words[1]
        ]
        self.assertEqual(sets, ["1:1", "1:2", "1:4", "1:5"])
        self.assertIn("READONLY You can't write", read[2])
        self.assertEqual([i for i, line in enumerate(read) if "OK" in line], [0, 1, 3, 4])
        met = [e for e in History(self.out).of(1, "command") if e.get("why")]
        self.assertEqual([(e["name"], e["why"][:14]) for e in met], [("SET", "refuse_command")])
        told = " ".join(ended.stdout.split())
        self.assertIn("Not done: refuse_command 1 of SET key no such", told)


class Ours(Stage):
    """Our own machines, by what the operation sends."""

    def histories(self, *faults):
        for host in ("model", "processes"):
            path = self.scenario(
                "protocol: {article: {decided_by: nodes, submits: nobody, report: 50ms}}\n"
                "expect: {checks: {stale_result: allowed, two_leaders: allowed}}\n"
                "faults:\n" + "".join(f"  - {fault}\n" for fault in faults),
                nodes=2, duration="3s", starts="{nodes: 0s}",
            )  # fmt: skip
            run = self.run_judged(path, "--on", host)
            self.assertIn(run.returncode, (0, 1), run.stdout + run.stderr)
            yield host, History(self.out)

    def test_before(self):
        """It is killed before its second report."""
        fault = "{when: {who: 2, sends: HSET, key: nodes, nth: 2, before: true}, crash: 2}"
        for host, history in self.histories(fault):
            with self.subTest(host=host):
                begun = history.when(2, "fault")
                ops = [e["op"] for e in history.of(2, "request") if e["t_ms"] <= begun]
                self.assertEqual(ops.count("set_status"), 1, ops)

    def met(self, history, node):
        return [(e["name"], e["key"]) for e in history.of(node, "command") if e.get("why")]

    def test_the_answer_to_the_third_is_lost(self):
        fault = "{at: 100ms, lose_reply: 2, of: EVALSHA, key: node_lock, nth: 3}"
        for host, history in self.histories(fault):
            with self.subTest(host=host):
                begun = history.when(2, "fault")
                self.assertEqual(self.met(history, 2), [("EVALSHA", "node_lock")])
                releases = [
                    (q, r) for q, r in history.exchanges(2)
                    if q["op"] == "delete_if_equal" and q["t_ms"] > begun
                ]  # fmt: skip
                self.assertEqual(
                    ["unknown" if r is None else r["outcome"] for _, r in releases[:4]],
                    ["ok", "ok", "unknown", "ok"],
                )

    def test_some_are_refused(self):
        fault = "{at: 100ms, refuse_command: 2, of: HSET, error: OOM, share: 50, for: 2s}"
        for host, history in self.histories(fault):
            with self.subTest(host=host):
                reports = [r for q, r in history.exchanges(2) if q["op"] == "set_status" and r]
                refused = [r for r in reports if r["outcome"] == "refused"]
                self.assertEqual(len(self.met(history, 2)), len(refused))
                self.assertGreater(len(refused), 2)
                self.assertGreater(len(reports) - len(refused), 4)

    def test_applied(self):
        """The release was applied, and it does not know."""
        fault = "{when: {who: 2, gets: EVALSHA, applied: true, nth: 2}, crash: 2}"
        for host, history in self.histories(fault):
            with self.subTest(host=host):
                begun = history.when(2, "fault")
                asked = [e for e in history.of(2, "request") if e["t_ms"] <= begun]
                self.assertEqual([e["op"] for e in asked].count("delete_if_equal"), 2, asked)
                self.assertEqual(asked[-1]["op"], "delete_if_equal")
                answered = [e["number"] for e in history.of(2, "reply") if e["t_ms"] <= begun]
                self.assertNotIn(asked[-1]["number"], answered)


if __name__ == "__main__":
    unittest.main()
