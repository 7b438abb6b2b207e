#!/usr/bin/python3
"""The trial of election.py with SimPy 3: processes, timeouts, interrupts, and a server that is a
resource of capacity 1.

    with_simpy.py TRIALS        prints JSON
"""
import random

import simpy

import election
from with_heapq import main


def live(env, server, store, cluster, me):
    """Lets a process of election.py live in SimPy's time."""
    process = election.process(cluster, me)
    yield env.timeout(election.STARTS[me])
    cluster.steps += 1
    wish = process.send(None)
    while True:
        if isinstance(wish, float):
            answer = False
            try:
                yield env.timeout(wish)
            except simpy.Interrupt:
                answer = True
        else:
            cluster.requests += 1
            yield env.timeout(election.ONE_WAY)
            with server.request() as turn:
                yield turn
                answer = store.apply(wish, env.now)
                yield env.timeout(store.work(wish))
            yield env.timeout(election.ONE_WAY)
        cluster.steps += 1
        wish = process.send(answer)


def flip(env, process):
    yield env.timeout(election.FLIP_AT)
    process.interrupt()


def run(seed):
    env = simpy.Environment()
    server = simpy.Resource(env, capacity=1)
    store = election.Store()
    cluster = election.Cluster(random.Random(seed))
    for me in election.STARTS:
        process = env.process(live(env, server, store, cluster, me))
        if me == election.FLIPPED:
            env.process(flip(env, process))
    while env.now < election.DURATION or not cluster.settled():
        env.step()
    return cluster


if __name__ == "__main__":
    main(run)
