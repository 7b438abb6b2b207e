"""The trial of tests/bench/model/speed.yaml as plain Python: what its processes do, and what its
Redis answers. How time passes is left to those who run it (with_heapq.py, with_simpy.py).

A process is a generator. It yields a request, and gets the answer; or a time to wait, and gets True
if it was flipped meanwhile. A step is what it does between two yields.
"""
NODES = 5
ONE_WAY = 60e-6
SERVICE = 5e-6
VOTE = 0.2e-6
RETRY = POLL = 0.1
TTL = 2.0
STARTS = {0: 0.010, **{node: (node - 1) * 1e-3 for node in range(1, NODES + 1)}}
FLIP_AT = 0.102
FLIPPED = 5
DURATION = 0.190


class Store:
    """Redis, as far as it goes."""

    def __init__(self):
        self.lock = None
        self.lock_until = 0.0
        self.nodes = {}
        self.result = None

    def work(self, request):
        return SERVICE + (VOTE * (NODES + 1) if request[0] == "hgetall" else 0)

    def apply(self, request, now):
        verb = request[0]
        if verb == "set nx":
            if self.lock is not None and now <= self.lock_until:
                return False
            self.lock = request[1]
            self.lock_until = now + TTL
            return True
        if verb == "delete":
            if self.lock == request[1] and now <= self.lock_until:
                self.lock = None
                return 1
            return 0
        if verb == "hset":
            self.nodes[request[1]] = request[2]
            return 1
        if verb == "hgetall":
            return dict(self.nodes)
        if verb == "get":
            return self.result
        self.result = request[1]
        return True


def elect(ballot):
    for rule, status in ((2, "submit"), (3, "prepare")):
        ids = [node for node, now in ballot.items() if now == status and node != 0]
        if ids:
            return min(ids), rule
    return None, 0


class Cluster:
    """What all processes have in common, and what is counted."""

    def __init__(self, dice):
        self.dice = dice
        self.status = {node: "prepare" for node in range(NODES + 1)}
        self.follows = dict.fromkeys(range(NODES + 1))
        self.steps = self.requests = self.elections = 0

    def settled(self):
        return len(set(self.follows.values())) == 1 and self.follows[0] is not None


def acquire(cluster):
    token = cluster.dice.getrandbits(128)
    while True:
        held = yield ("set nx", token)
        if held:
            return token
        yield RETRY


def node(cluster, me):
    must_report = True
    while True:
        if must_report:
            token = yield from acquire(cluster)
            yield ("hset", me, cluster.status[me])
            must_report = False
            yield ("delete", token)
        flipped = yield POLL
        if flipped:
            cluster.status[me] = "submit"
            must_report = True
            continue
        result = yield ("get",)
        if result is not None:
            cluster.follows[me] = result[0]


def master(cluster):
    while True:
        token = yield from acquire(cluster)
        known = yield ("get",)
        ballot = yield ("hgetall",)
        chosen, rule = elect(ballot)
        if known is None or known[0] != chosen:
            cluster.elections += 1
            yield ("set", (chosen, rule))
        cluster.follows[0] = chosen
        yield ("delete", token)
        yield POLL


def process(cluster, me):
    return master(cluster) if me == 0 else node(cluster, me)
