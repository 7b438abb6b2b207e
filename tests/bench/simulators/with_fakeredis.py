#!/usr/bin/python3
"""The trial of election.py as with_heapq.py runs it, but with fakeredis for the Redis: what a test
suite in Python would use. Its expiry follows the wall clock, which makes no difference here.

    with_fakeredis.py TRIALS        prints JSON
"""
import json

import election
import fakeredis
from with_heapq import Trial, main


class Store(election.Store):
    def __init__(self):
        super().__init__()
        self.redis = fakeredis.FakeStrictRedis(server=fakeredis.FakeServer())

    def apply(self, request, now):
        verb = request[0]
        if verb == "set nx":
            return bool(self.redis.set("node_lock", f"{request[1]:032x}", px=2000, nx=True))
        if verb == "delete":  # two commands: a script would need one more package
            if self.redis.get("node_lock") == f"{request[1]:032x}".encode():
                return self.redis.delete("node_lock")
            return 0
        if verb == "hset":
            value = json.dumps({"id": request[1], "status": request[2]})
            return self.redis.hset("nodes", str(request[1]), value)
        if verb == "hgetall":
            values = self.redis.hgetall("nodes").values()
            return {one["id"]: one["status"] for one in map(json.loads, values)}
        if verb == "get":
            value = self.redis.get("election_result")
            return value and tuple(json.loads(value))
        return self.redis.set("election_result", json.dumps(request[1]))


def run(seed):
    trial = Trial(seed)
    trial.store = Store()
    return trial.run()


if __name__ == "__main__":
    main(run)
