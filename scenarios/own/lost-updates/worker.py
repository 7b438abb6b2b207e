#!/usr/bin/python3
"""One of the workers of Jepsen's lock test of etcd 3.4.3, on Redis: it takes the lock, reads a set,
sleeps for up to 2 s, writes the set back with an element more, and gives the lock back; for ever.

LOCK     redis-py: its Lock; own: hustings' own, SET NX PX, and with fencing its script with INCR
FENCING  none; writes: the set refuses a write with a lower token than the last write's;
         reads: than that of any read or write
The set is a file here, in what the run has as its folder; each update that was acknowledged is a
line of another."""
import fcntl
import json
import os
import random
import sys
import time
import uuid

import redis

ID, KEY = os.environ["HUSTINGS_ID"], os.environ["HUSTINGS_LOCK_KEY"]
LOCK, FENCING = os.environ["LOCK"], os.environ["FENCING"]
TTL_MS, EPOCH = int(os.environ["HUSTINGS_LOCK_TTL_MS"]), os.environ["HUSTINGS_PREFIX"] + "epoch"
store = redis.Redis.from_url(os.environ["REDIS_URL"])
draw = random.Random(int(os.environ["HUSTINGS_SEED"]))
TAKE = """if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
              return redis.call('INCR', KEYS[2]) end return 0"""
RELEASE = """if redis.call('GET', KEYS[1]) == ARGV[1] then
                 return redis.call('DEL', KEYS[1]) end return 0"""


class RedisPy:
    """With fencing, the number comes from an INCR of its own, since the Lock has none."""

    def take(self):
        self.lock = store.lock(KEY, timeout=TTL_MS / 1000)
        self.lock.acquire()
        return store.incr(EPOCH) if FENCING != "none" else 0

    def give_back(self):
        self.lock.release()


class Own:
    """As hustings' lock `token`: the number is given with the lock."""

    def take(self):
        self.token = uuid.uuid4().hex
        while True:
            if FENCING == "none":
                number = 0 if store.set(KEY, self.token, nx=True, px=TTL_MS) else None
            else:
                number = store.eval(TAKE, 2, KEY, EPOCH, self.token, TTL_MS) or None
            if number is not None:
                return number
            time.sleep(0.1)

    def give_back(self):
        store.eval(RELEASE, 1, KEY, self.token)


def resource(change):
    """The set under its own latch: what is done to it is done at once, or, by a worker that is
    killed meanwhile, not at all."""
    with open("latch", "a", encoding="utf-8") as latch:
        fcntl.flock(latch, fcntl.LOCK_EX)
        state = {"highest": 0, "elements": []}
        if os.path.exists("set.json"):
            with open("set.json", encoding="utf-8") as file:
                state = json.load(file)
        answer = change(state)
        with open("set.new", "w", encoding="utf-8") as file:
            json.dump(state, file)
        os.replace("set.new", "set.json")
        return answer


def read(token):
    def change(state):
        if FENCING == "reads":
            state["highest"] = max(state["highest"], token)
        return state["elements"]

    return resource(change)


def write(token, elements):
    def change(state):
        if token < state["highest"]:
            return False
        state.update(highest=max(state["highest"], token), elements=elements)
        return True

    return resource(change)


def claim(inside):
    print(json.dumps({"claim": {"in_section": inside, "at_s": time.monotonic()}}), flush=True)


lock = {"redis-py": RedisPy, "own": Own}[LOCK]()
count = 0
while True:
    try:
        number = lock.take()
        claim(True)
        elements = read(number)
        time.sleep(draw.uniform(0, 2))
        count += 1
        element = f"{ID}-{count}"
        if write(number, elements + [element]):
            with open(f"acknowledged-{ID}", "a", encoding="utf-8") as file:
                print(element, file=file)
        else:
            print("the write was refused", file=sys.stderr)
        claim(False)
        lock.give_back()
    except redis.RedisError as error:
        print("says:", type(error).__name__, error, file=sys.stderr)
