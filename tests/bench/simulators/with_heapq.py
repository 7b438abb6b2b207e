#!/usr/bin/python3
"""The trial of election.py with the standard library's heapq, as one writes a simulator by hand.

    with_heapq.py TRIALS        prints JSON
"""
import heapq
import itertools
import json
import random
import sys
import time

import election


class Trial:
    def __init__(self, seed):
        self.queue = []
        self.count = itertools.count()
        self.now = 0.0
        self.store = election.Store()
        self.free = 0.0
        self.cluster = election.Cluster(random.Random(seed))
        self.waits = {}

    def put(self, at, what, *arguments):
        heapq.heappush(self.queue, (at, next(self.count), what, arguments))

    def step(self, me, process, value):
        self.cluster.steps += 1
        wish = process.send(value)
        if isinstance(wish, float):
            self.waits[me] = turn = next(self.count)
            self.put(self.now + wish, self.wake, me, process, turn)
        else:
            self.cluster.requests += 1
            self.put(self.now + election.ONE_WAY, self.arrive, me, process, wish)

    def wake(self, me, process, turn):
        if self.waits.get(me) == turn:
            self.step(me, process, False)

    def arrive(self, me, process, request):
        begins = max(self.now, self.free)
        self.free = begins + self.store.work(request)
        self.put(begins, self.serve, me, process, request)

    def serve(self, me, process, request):
        answer = self.store.apply(request, self.now)
        back = self.now + self.store.work(request) + election.ONE_WAY
        self.put(back, self.step, me, process, answer)

    def flip(self, me, process):
        self.waits[me] = None
        self.step(me, process, True)

    def run(self):
        for me, at in election.STARTS.items():
            process = election.process(self.cluster, me)
            self.put(at, self.step, me, process, None)
            if me == election.FLIPPED:
                self.put(election.FLIP_AT, self.flip, me, process)
        while self.now < election.DURATION or not self.cluster.settled():
            self.now, _, what, arguments = heapq.heappop(self.queue)
            what(*arguments)
        return self.cluster


def main(run):
    trials = int(sys.argv[1])
    begun = time.process_time()
    for seed in range(trials):
        cluster = run(seed)
    took = time.process_time() - begun
    print(json.dumps({
        "us_per_trial": took * 1e6 / trials, "steps": cluster.steps, "requests": cluster.requests,
        "elections": cluster.elections, "mean_latency_us": election.ONE_WAY * 1e6,
    }))  # fmt: skip


if __name__ == "__main__":
    main(lambda seed: Trial(seed).run())
