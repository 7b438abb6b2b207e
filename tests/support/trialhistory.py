"""A trial as its processes saw it, for the tests of faults."""
import json


class History:
    """A trial as its processes saw it: events as dicts, times in ms."""

    def __init__(self, out):
        with open(f"{out}/latest/history/trial-0001.jsonl", encoding="utf-8") as file:
            self.events = [json.loads(line) for line in file][1:]

    def of(self, process, event):
        return [e for e in self.events if e["process"] == process and e["event"] == event]

    def exchanges(self, process):
        """(request, reply) in order."""
        replies = {e["number"]: e for e in self.of(process, "reply")}
        return [
            (e, replies[e["number"]])
            for e in self.of(process, "request")
            if e["number"] in replies
        ]

    def took(self, process, begin, end):
        """How long its round trips within a time took, in ms."""
        return [
            reply["t_ms"] - request["t_ms"]
            for request, reply in self.exchanges(process)
            if begin <= request["t_ms"] and reply["t_ms"] <= end
        ]

    def when(self, process, event):
        """The time of its only event of this kind."""
        (found,) = self.of(process, event)
        return found["t_ms"]
