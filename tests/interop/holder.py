#!/usr/bin/python3
"""A holder of the lock, over redis-py's Lock, that does what it is told: the twin of holder.c,
which tells the words."""
import sys

import redis
from redis.exceptions import LockError


class Holder:
    def __init__(self, socket, ttl_ms, retry_ms, timeout_ms):
        self.redis = redis.Redis(unix_socket_path=socket, socket_timeout=timeout_ms / 1000)
        self.lock = self.redis.lock("node_lock", timeout=ttl_ms / 1000, sleep=retry_ms / 1000)

    def acquire(self, wait_ms):
        held = self.lock.acquire(blocking=True, blocking_timeout=wait_ms / 1000 or None)
        return "held" if held else "busy"

    def release(self, _):
        try:
            self.lock.release()
        except LockError:
            return "lost"
        return "free"

    def extend(self, ms):
        try:
            return int(self.lock.extend(ms / 1000, replace_ttl=True))
        except LockError:
            return 0

    def token(self, _):
        return self.lock.local.token.decode()

    def pttl(self, _):
        return self.redis.pttl("node_lock")

    def count(self, turns):
        lost = 0
        for _ in range(turns):
            self.acquire(0)
            self.redis.set("counter", int(self.redis.get("counter") or 0) + 1)
            lost += self.release(0) == "lost"
        return f"{turns} counted, {lost} lost"


def main(socket, *numbers):
    holder = Holder(socket, *map(int, numbers))
    for line in sys.stdin:
        word, _, number = line.strip().partition(" ")
        print(getattr(holder, word)(int(number or 0)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
