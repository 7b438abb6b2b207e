#!/usr/bin/python3
"""What each lock and each protocol sends, as the Redis itself tells (MONITOR): the words of every
command and their order, what scripts do, keys with their prefix, tokens, times to live, and the
bytes of statuses and results. commands_sent.py says what is to be seen."""
# ctest-timeout: 300
import collections
import hashlib
import json
import pathlib
import re
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from interop.commands_sent import (  # noqa: E402
    GIVES,
    LEASE,
    LOCKS,
    NOT_WATCHED,
    PROTOCOLS,
    RECORDS,
    STEADY,
    TAKES,
    TIMES,
)
from support.judged import judged, until_judged  # noqa: E402
from support.stage import Stage, free_port  # noqa: E402
from support.trialhistory import History  # noqa: E402

# --- how it is seen ---

Sent = collections.namedtuple("Sent", "words does")


def with_values(words, prefix, member):
    """The pattern of a command of a member, in a trial whose keys have the prefix."""
    values = {
        **RECORDS,
        "LOCK": re.escape(f"{prefix}node_lock"),
        "NODES": re.escape(f"{prefix}nodes"),
        "RESULT": re.escape(f"{prefix}election_result"),
        "EPOCH": re.escape(f"{prefix}epoch"),
        "ID": "0" if member == "master" else str(member),
        "STATUS": "(?:prepare|submit)",
        "TOKEN": "(?P<token>[0-9a-f]{32})",
        "LEADER": "(?:0|[1-9][0-9]*)",
        "RULE": "[123]",
        "TERM": "[1-9][0-9]*",
    }
    return re.sub(r"\b[A-Z]+\b", lambda word: values.get(word[0], word[0]), re.escape(words))


def order(rounds):
    """The regular expression of whole rounds, and of one that has begun."""

    def step(name):
        mark = name[-1] if name[-1] in "+?" else ""
        return f"(?:{name.rstrip('+?')} ){mark}"

    def begun(steps):
        return f"(?:{step(steps[0])}{begun(steps[1:])})?" if steps else ""

    whole = "|".join("".join(map(step, steps)) for steps in rounds)
    return f"(?:{whole})*(?:{'|'.join(map(begun, rounds))})"


def under_lease(lock):
    fences = lock.endswith(" fenced")
    return (
        f"lock: {lock.removesuffix(' fenced')}\nfencing: {str(fences).lower()}\n"
        f"protocol: {{lease: {{{LEASE}}}}}"
    )


class Commands(Stage):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.server = self.redis_server("--port", str(self.port))  # clients differ by address

    def play(self, text, flush=False, **top):
        """Runs a trial; returns the prefix of its keys, what was sent over each connection of a
        member, in order, and its history."""
        scenario = self.scenario(text, **{"duration": "800ms", **top})

        def story():
            monitor = self.monitor(self.server.socket)
            told = []
            url = f"redis://127.0.0.1:{self.port}"
            run = self.start_hustings("run", "--out", self.out, "--redis", url, scenario)
            ended = threading.Event()
            if flush:
                self.forget_scripts(ended)
            for _, who, words in monitor.told():
                told.append((who, words))
                if words[0] == "DEL" and words[1].endswith(":1:alive"):
                    break  # the keys are taken away last of all
            ended.set()
            run = self.end(run)
            self.assertIn(judged(run, self.out).returncode, (0, 1), run)
            return told

        told = until_judged(story)
        (alive,) = {words[1] for _, words in told
                    if words[0] == "SET" and words[1].endswith(":1:alive")}  # fmt: skip
        self.assertRegex(alive, "^hustings:[0-9a-f]+-[0-9a-f]+:1:alive$")
        prefix = alive.removesuffix("alive")
        return prefix, self.of_members(prefix, told), History(self.out)

    def forget_scripts(self, ended):
        """Again and again, until the event is set."""

        def forget():
            with self.server.client() as client:
                while not ended.wait(0.03):
                    client.script_flush()

        thread = threading.Thread(target=forget)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(ended.set)

    def of_members(self, prefix, told):
        """What was sent over each connection that uses the trial's keys and is no control
        connection, which keeps the trial's key "alive"."""
        sent = collections.defaultdict(list)
        for who, words in told:
            if who == "lua":
                sent[last][-1].does.append(" ".join(words))
            elif words != ["PING"]:  # is it there?
                last = who
                sent[who].append(Sent(words, []))
        return [
            commands
            for commands in sent.values()
            if any(word.startswith(prefix) for c in commands for word in c.words)
            and not any(prefix + "alive" in c.words for c in commands)
        ]

    def named(self, prefix, member, commands, table):
        """The commands by their names in the table; it fails at one that is not there. A script
        that the server did not know and the same with its text are one."""
        names = []
        patterns = {
            name: with_values(command.words, prefix, member) for name, command in table.items()
        }
        unknown_script = None
        for sent in commands:
            words, script = sent.words, None
            if words[0] in ("EVAL", "EVALSHA"):
                script = words[1]
                words = ["SCRIPT", *words[2:]]
            fits = [
                (name, found)
                for name, pattern in patterns.items()
                if (found := re.fullmatch(pattern, " ".join(words)))
            ]
            self.assertTrue(fits, f"{member} sent what no entry has: {sent}")
            name, found = fits[0]
            command = table[name]
            if script:
                digest = hashlib.sha1(command.script.encode()).hexdigest()
                self.assertEqual(script, digest if sent.words[0] == "EVALSHA" else command.script)
                if not sent.does:
                    self.assertEqual(sent.words[0], "EVALSHA", sent)
                    unknown_script = words
                    continue
                self.assertIn(unknown_script, (None, words))
                its = found.groupdict().get("token") or ""
                may = [
                    [
                        with_values(line.replace("TOKEN", its), prefix, member).replace(
                            "WRITTEN", re.escape(words[-2])
                        )
                        for line in lines
                    ]
                    for lines in command.does
                ]
                does = [re.escape(line) for line in sent.does]
                self.assertIn(does, may, sent)
            else:
                self.assertEqual(sent.does, [])
            self.assertTrue(script or unknown_script is None, (unknown_script, sent))
            unknown_script = None
            names.append((name, found.groupdict().get("token"), sent))
        return names

    def member_of(self, prefix, commands):
        """Only a node reports, and its number stands there."""
        ids = {c.words[2] for c in commands if c.words[:2] == ["HSET", prefix + "nodes"]}
        self.assertLessEqual(len(ids), 1, ids)
        return int(ids.pop()) if ids else "master"

    def assert_tokens(self, names):
        """One of its own for each lock that it takes, the same in all tries."""
        seen, present, asking = set(), None, False
        for name, token, sent in names:
            if name == "ask":
                if not asking:
                    self.assertNotIn(token, seen, sent)
                    present = token
                    seen.add(token)
                asking = True
            elif name != "look":
                asking = False
            if token:
                self.assertEqual(token, present, sent)

    def assert_sends(self, lock, protocol, values, flush=False):
        row, election = LOCKS[lock], PROTOCOLS[protocol]
        prefix, connections, history = self.play(
            f"lock: {row.values}\nprotocol: {{{protocol}: {{{STEADY}, {values}}}}}\n"
            "starts: {master: 0ms}\n",
            flush,
            nodes=2,
        )
        members = {self.member_of(prefix, commands): commands for commands in connections}
        self.assertEqual(len(connections), 3)
        self.assertEqual(set(members), set(election.members[values]))
        table = {**row.commands, **election.commands}
        seen = set()
        for member, commands in members.items():
            names = self.named(prefix, member, commands, table)
            self.assert_tokens(names)
            parts = {TAKES: row.takes, GIVES: row.gives}
            rounds = [
                [name for step in steps for name in parts.get(step, [step])]
                for steps in election.members[values][member]
            ]
            said = "".join(f"{name} " for name, _, _ in names)
            if row.tries:  # a round of tries is one
                said = re.sub(f"ask (?:(?:ask|{'|'.join(row.tries)}) )*", "ask ", said)
            self.assertRegex(said, f"^{order(rounds)}$", member)
            # The history tells the same, and what each meant to the election. It ends with the
            # trial, and a member a little later; its last request may not have gone out.
            asked = [e.get("moment") for e in history.of(member, "request")]
            moments = [table[name].moment for name, _, _ in names]
            self.assertLessEqual(len(asked) - 1, len(moments))
            self.assertEqual(asked[: len(moments)], moments[: len(asked)])
            seen.update(name for name, _, _ in names)
        usual = {*row.takes, *row.gives, *row.tries}.union(*(
            step for rounds in election.members[values].values() for step in rounds
        ))  # fmt: skip
        usual = {name.rstrip("+?") for name in usual - {TAKES, GIVES}}
        self.assertEqual(seen, usual)
        return [sent.words[0] for commands in connections for sent in commands]

    # --- the stories ---

    def test_every_lock_and_protocol_has_an_entry(self):
        listed = json.loads(self.hustings("list", "--format", "json").stdout)
        plain = {name for name in LOCKS if not name.endswith(" fenced")}
        self.assertEqual({row["name"] for row in listed["locks"]}, NOT_WATCHED | plain)
        fences = {row["name"] for row in listed["locks"] if row["fences"]}
        self.assertEqual({f"{name} fenced" for name in fences}, set(LOCKS) - plain)
        self.assertEqual({row["name"] for row in listed["protocols"]}, set(PROTOCOLS))

    def test_locks(self):
        for lock in LOCKS:
            if not lock.endswith(" fenced"):  # only under a lease
                with self.subTest(lock):
                    self.assert_sends(lock, "article", "")

    def test_protocols(self):
        for protocol, row in PROTOCOLS.items():
            for values in row.members:
                with self.subTest(protocol, values=values):
                    self.assert_sends("token", protocol, values)

    def test_a_lease(self):
        """One extends the lock, the others look whose it is; its value begins with a number."""
        for lock, waits in {"token": "(ask look )+(ask )?", "record": "ask (look )+"}.items():
            for name in (lock, f"{lock} fenced"):
                with self.subTest(name):
                    self.assert_lease_sends(name, {"leader": "ask (extend )+", "waits": waits})

    def assert_lease_sends(self, lock, kinds):
        prefix, connections, history = self.play(
            f"{under_lease(lock)}\n", nodes=3, starts=None
        )
        table = {**LOCKS[lock].commands, **PROTOCOLS["lease"].commands}
        found = []
        for commands in connections:
            names = self.named(prefix, "any", commands, table)
            said = "".join(f"{name} " for name, _, _ in names)
            (kind,) = (kind for kind, steps in kinds.items() if re.fullmatch(steps, said))
            found.append(kind)
            tokens = [token for _, token, _ in names if token]
            ids = {int(token[:8], 16) for token in tokens}
            self.assertEqual(len(ids), 1, names)
            asked = [e.get("moment") for e in history.of(*ids, "request")]
            moments = [table[name].moment for name, _, _ in names]
            self.assertEqual(asked[: len(moments)], moments[: len(asked)])
        self.assertEqual(sorted(found), ["leader", "waits", "waits"])

    def test_a_fenced_lease_of_a_former_life_is_asked_for_its_number(self):
        prefix, connections, _ = self.play(
            f"lock: token\nfencing: true\nprotocol: {{lease: {{{LEASE}, holder_id: stable}}}}\n"
            "faults:\n  - {at: 300ms, crash: leader, for: 50ms}\n",
            nodes=1, starts=None, duration="1s",
        )  # fmt: skip
        table = {**LOCKS["token fenced"].commands, **PROTOCOLS["lease"].commands}
        lives = [
            "".join(f"{name} " for name, _, _ in self.named(prefix, 1, commands, table))
            for commands in connections
        ]
        self.assertEqual(len(lives), 2)
        self.assertRegex(lives[0], "^ask (extend )+$")
        self.assertRegex(lives[1], "^ask look adopt (extend )+$")

    def test_a_script_goes_by_its_digest_and_if_unknown_by_its_text(self):
        verbs = self.assert_sends("token", "article", "", flush=True)
        self.assertGreater(verbs.count("EVAL"), 3)  # more often than once a connection
        self.assertIn("EVALSHA", verbs)

    def assert_lone_node_sends(self, lock, values, faults, expected, **top):
        """What a node sends at first whose links are disturbed, over however many connections, and
        what its scripts do."""
        prefix, connections, _ = self.play(
            f"lock: {{{lock}: {{{values}}}}}\nstarts: {{master: 2990ms}}\nfaults:\n{faults}",
            nodes=1, duration="3s", request_timeout="200ms", **top,
        )  # fmt: skip
        table = {**LOCKS[lock].commands, **PROTOCOLS["article"].commands}
        node = [c for c in connections if self.member_of(prefix, c) != "master" or
                not any(sent.words[0] == "HGETALL" for sent in c)]  # fmt: skip
        return self.assert_node_sends(prefix, node, table, expected)

    def assert_node_sends(self, prefix, node, table, expected):
        names = [name for commands in node for name in self.named(prefix, 1, commands, table)]
        heard = [
            (name, *(line.split()[0] for line in sent.does)) if sent.does else name
            for name, _, sent in names
        ]
        self.assertEqual(heard[: len(expected)], expected)
        return names

    def test_token_without_an_answer_looks(self):
        asks = "  - {when: {who: 1, does: asks_lock, before: true}, lose_reply: 1}\n"
        self.assert_lone_node_sends(
            "token", TIMES, asks, ["ask", "look", "report", ("release", "GET", "DEL"), "known"]
        )

    def test_fenced_token_without_an_answer_asks_again(self):
        asks = "  - {when: {who: 1, does: asks_lock, before: true}, lose_reply: 1}\n"
        took, again = ("ask", "SET", "INCR"), ("ask", "SET", "GET", "INCRBY")
        prefix, connections, _ = self.play(
            f"{under_lease('token fenced')}\nfaults:\n{asks}",
            nodes=1, duration="3s", request_timeout="200ms", starts=None,
        )  # fmt: skip
        self.assert_node_sends(
            prefix, connections, LOCKS["token fenced"].commands,
            [took, again, ("extend", "GET", "PEXPIRE")],
        )  # fmt: skip

    def test_token_without_an_answer_to_its_release_asks_again(self):
        releases = "  - {when: {who: 1, does: releases_lock, before: true}, lose_reply: 1}\n"
        self.assert_lone_node_sends(
            "token", TIMES, releases,
            ["ask", "report", ("release", "GET", "DEL"), ("release", "GET"), "known"],
        )  # fmt: skip

    def test_token_that_gives_up_in_doubt_takes_back_what_may_be_its_own(self):
        asks = "  - {when: {who: 1, does: asks_lock, before: true}, lose_reply: 1, count: 2}\n"
        self.assert_lone_node_sends(
            "token", f"{TIMES}, wait: 300ms", asks, ["ask", "look", ("release", "GET", "DEL")]
        )

    def test_setnx_without_an_answer_asks_again(self):
        asks = "  - {when: {who: 1, does: asks_lock, before: true}, lose_reply: 1}\n"
        self.assert_lone_node_sends("setnx", TIMES, asks, ["ask", "ask", "ask"])


if __name__ == "__main__":
    unittest.main()
