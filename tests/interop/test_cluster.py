#!/usr/bin/python3
"""One cluster of both kinds: processes of hustings and redis-py programs that follow the article
(article.py) elect each other on one Redis, under the article's own keys."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Stage  # noqa: E402

ARTICLE = pathlib.Path(__file__).resolve().parent / "article.py"


class Cluster(Stage):
    def setUp(self):
        super().setUp()
        self.server = self.redis_server()
        self.redis = self.server.client()

    def article(self, *role):
        return self.python(ARTICLE, self.server.socket, *role, stdin=-1)

    def member(self, *words):
        return self.start_hustings(*words, "--redis", self.server.url, stdin=-1)

    @staticmethod
    def says(process, word):
        print(word, file=process.stdin, flush=True)
        return process.stdout.readline().strip()

    def hears(self, process, words):
        """Reads what a process of hustings prints until a line holds the words."""
        lines = []
        while not lines or words not in lines[-1]:
            lines.append(process.stdout.readline())
            self.assertTrue(lines[-1], f"it ended without {words!r}: {lines}")
        return lines[-1]

    def test_a_master_of_ours_elects_nodes_of_theirs(self):
        nodes = {number: self.article("node", str(number)) for number in (2, 5)}
        for node in nodes.values():
            self.assertEqual(self.says(node, "report"), "prepare")
        ours = self.member("node", "--id", "3")
        self.hears(ours, "has reported prepare, under the lock")
        master = self.member("master")
        self.hears(master, "has published: node 2 is elected by rule 3, term 1")
        self.hears(ours, "follows node 2 (term 1)")
        self.assertEqual(self.says(nodes[5], "submit"), "submit")
        self.hears(master, "has published: node 5 is elected by rule 2, term 2")
        self.hears(ours, "follows node 5 (term 2)")
        result = json.loads(self.redis.get("election_result"))
        self.assertEqual(result, {"id": 5, "rule": 2, "term": 2})

    def test_a_master_of_theirs_elects_nodes_of_ours(self):
        ours = [self.member("node", "--id", str(number)) for number in (1, 2)]
        for node in ours:
            self.hears(node, "has reported prepare, under the lock")
        self.assertEqual(self.says(self.article("node", "3"), "report"), "prepare")
        master = self.article("master")
        elected = {"id": 1, "rule": 3, "term": 1}
        self.assertEqual(json.loads(self.says(master, "elect")), elected)
        self.hears(ours[0], "is elected: leads in term 1")
        self.hears(ours[1], "follows node 1 (term 1)")
        self.hears(ours[0], "has reported submit, under the lock")
        self.assertEqual(json.loads(self.says(master, "elect")), elected)

    def test_statuses_are_the_same_bytes(self):
        for number in (1, 7, 9999):
            ours = self.member("node", "--id", str(number))
            self.hears(ours, "has reported prepare, under the lock")
            for status in ("submit", "prepare"):
                print(status, file=ours.stdin, flush=True)
                self.hears(ours, f"has reported {status}, under the lock")
                self.assertEqual(
                    self.redis.hget("nodes", number),
                    json.dumps({"id": number, "status": status}).encode(),
                )

    def test_statuses_of_any_spelling_are_read(self):
        spellings = [
            '{"id":4,"status":"submit"}',
            '{"status": "submit", "id": 4}',
            ' {"id" : 4.0, "status" : "\\u0073ubmit", "more": [1, {"a": null}]} ',
        ]
        nonsense = ["", "{}", "no JSON", '{"id": -1, "status": "submit"}', '{"id": "1"}',
                    '[1, "submit"]', '{"id": 1, "status": "retired"}', "\0\xff"]  # fmt: skip
        for spelling in spellings:
            with self.subTest(spelling):
                self.redis.flushall()
                self.redis.hset("nodes", mapping=dict(enumerate(nonsense, 20)))
                self.redis.hset("nodes", 4, spelling)
                master = self.member("master")
                self.hears(master, "has published: node 4 is elected by rule 2, term 1")
                master.kill()

    def test_both_sides_send_the_same_commands(self):
        """The lock and the report, byte by byte; only the release's script is of one's own
        making."""
        def report_of(start):
            self.redis.flushall()
            monitor = self.monitor(self.server.socket)
            start()
            heard = [words for _, words in monitor.until("HSET")]
            return [words for words in heard if words != ["PING"]]  # ours asks whether it is there

        node = self.article("node", "3")
        theirs = report_of(lambda: self.says(node, "report"))
        ours = report_of(lambda: self.member("node", "--id", "3"))
        for commands in (ours, theirs):
            self.assertEqual(len(commands), 2, commands)
            (verb, key, token, *options), report = commands
            self.assertEqual((verb, key), ("SET", "node_lock"))
            self.assertIn(options, (["NX", "PX", "2000"], ["PX", "2000", "NX"]))
            self.assertRegex(token, "^[0-9a-f]{32}$")
            self.assertEqual(report, ["HSET", "nodes", "3", '{"id": 3, "status": "prepare"}'])


if __name__ == "__main__":
    import unittest

    unittest.main()
