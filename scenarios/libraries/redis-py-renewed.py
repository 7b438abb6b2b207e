#!/usr/bin/python3
"""redis-py's Lock, kept for longer than its timeout by reacquire(), which starts that anew."""
import os
import sys
import time

import hustings
import redis

KEY = os.environ["HUSTINGS_LOCK_KEY"]
TTL, WORK, REST = (
    int(os.environ.get(f"{name}_MS", default)) / 1000
    for name, default in (("HUSTINGS_LOCK_TTL", 2000), ("WORK", 5000), ("REST", 100))
)
client = redis.Redis.from_url(os.environ["REDIS_URL"])

while True:
    try:
        with client.lock(KEY, timeout=TTL) as lock:
            hustings.claim(in_section=True)
            try:
                ends = time.monotonic() + WORK
                while time.monotonic() < ends:
                    time.sleep(TTL / 3)
                    lock.reacquire()
            finally:
                hustings.claim(in_section=False)
    except redis.RedisError as error:  # LockNotOwnedError is one
        print("says:", type(error).__name__, error, file=sys.stderr)
    time.sleep(REST)
