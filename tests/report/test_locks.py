#!/usr/bin/env python3
"""Whose the lock is on the page, against what the servers answered, in stories in which answers are
lost, requests come late, and times run by other clocks. Whoever is told the lock's token is told
whose the lock was between its request and the answer; whoever finds it busy, that somebody had it.
"""
import json
import pathlib
import unittest

import pages

TAKES = ("put_if_absent", "put_fenced", "take_record")
LOOKS = ("get_token", "get_record")
STORIES = (
    "leader-hears-nothing", "lease-clock-backward", "lease-clock-backward-cured",
    "retry-meets-own-token-cured", "asymmetric-partition-cured", "one-of-five-forgets", "herd",
)  # fmt: skip


def answered(folder, trial):
    """(request, answer) of each answered request of the trial."""
    lines = pathlib.Path(f"{folder}/history/trial-{trial:04}.jsonl").read_text(encoding="utf-8")
    asked = {}
    for event in map(json.loads, lines.splitlines()[1:]):
        if event["event"] == "request":
            asked[event["process"], event["number"]] = event
        elif event["event"] == "reply" and (event["process"], event["number"]) in asked:
            yield asked[event["process"], event["number"]], event


class Locks(pages.Reports):
    def holders(self, history, request, answer):
        """The names of those who have the lock at some time in between, by the page."""
        server = int(request.get("server", 1)) - 1
        since, until = int(request["t_ns"]), int(answer["t_ns"])
        return {
            history["members"][holder]["name"]
            for at, holder, begins, _, ends, _ in history["locks"]
            if at == server and begins <= until and (ends is None or since <= ends)
        }

    def judge(self, history, pairs):
        """How many answers told of the lock."""
        owners = {
            request["token"]: request["process"] for request, _ in pairs if request["op"] in TAKES
        }
        told = 0
        for request, answer in pairs:
            holders = self.holders(history, request, answer)
            if request["op"] in LOOKS and answer.get("token") in owners:
                owner = owners[answer["token"]]
                name = "the master" if owner == "master" else f"node {owner}"
                self.assertIn(name, holders, answer)
                told += 1
            elif request["op"] in TAKES and answer.get("outcome") == "nil":
                self.assertTrue(holders, answer)
                told += 1
        return told

    def test_the_page_and_the_answers_say_the_same(self):
        for story in STORIES:
            with self.subTest(story):
                folder = self.run_on_model(f"scenarios/catalogue/{story}.yaml", out=story)
                for history in self.page(folder).histories:
                    pairs = list(answered(folder, history["trial"]))
                    self.assertGreater(self.judge(history, pairs), 0)


if __name__ == "__main__":
    unittest.main()
