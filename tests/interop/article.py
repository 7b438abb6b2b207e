#!/usr/bin/python3
"""The article's two classes as working programs over redis-py: what its listings mean, with what is
broken in them fixed (imports, the lock's arguments, the result that is never written).

    article.py SOCKET node ID      reads words from stdin: report, or a status to take and report
    article.py SOCKET master       reads "elect": holds an election, publishes and prints the result
"""
import json
import sys
import time

import redis


class Node:
    def __init__(self, number, server):
        self.number = number
        self.redis = server
        self.status = "prepare"

    def report_status(self):
        with self.redis.lock("node_lock", timeout=2):
            said = {"id": self.number, "status": self.status}
            self.redis.hset("nodes", self.number, json.dumps(said))


class Master:
    def __init__(self, server):
        self.redis = server

    def get_status(self):
        return [json.loads(said) for said in self.redis.hgetall("nodes").values()]

    def run_election(self):
        """Rule 2, else rule 3; while nobody has reported, looks again every 0.1 s."""
        while True:
            nodes = self.get_status()
            for rule, status in ((2, "submit"), (3, "prepare")):
                ids = [node["id"] for node in nodes if node["status"] == status]
                if ids:
                    return min(ids), rule
            time.sleep(0.1)

    def publish(self, winner, rule):
        last = json.loads(self.redis.get("election_result") or '{"id": null, "term": 0}')
        if last["id"] != winner:
            last = {"id": winner, "rule": rule, "term": last["term"] + 1}
            self.redis.set("election_result", json.dumps(last))
        return last


def main(socket, role, number="0"):
    server = redis.Redis(unix_socket_path=socket)
    node = Node(int(number), server)
    master = Master(server)
    for line in sys.stdin:
        word = line.strip()
        if role == "master":
            print(json.dumps(master.publish(*master.run_election())), flush=True)
        else:
            node.status = node.status if word == "report" else word
            node.report_status()
            print(node.status, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
