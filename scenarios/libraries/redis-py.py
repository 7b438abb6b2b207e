#!/usr/bin/python3
"""redis-py's Lock as its manual has it: `with client.lock(name, timeout)`; it is not renewed."""
import os
import sys
import time

import hustings
import redis

KEY = os.environ["HUSTINGS_LOCK_KEY"]
TTL, WORK, REST = (
    int(os.environ.get(f"{name}_MS", default)) / 1000
    for name, default in (("HUSTINGS_LOCK_TTL", 2000), ("WORK", 200), ("REST", 100))
)
client = redis.Redis.from_url(os.environ["REDIS_URL"])

while True:
    try:
        with client.lock(KEY, timeout=TTL):
            hustings.claim(in_section=True)
            time.sleep(WORK)
            hustings.claim(in_section=False)
    except redis.RedisError as error:  # LockNotOwnedError is one
        print("says:", type(error).__name__, error, file=sys.stderr)
    time.sleep(REST)
