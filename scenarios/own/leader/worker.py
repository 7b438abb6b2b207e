# Leads for as long as it can keep redis-py's lock.
import os
import time

import redis

store = redis.Redis.from_url(os.environ["REDIS_URL"])
while True:
    try:
        with store.lock(os.environ["HUSTINGS_LOCK_KEY"], timeout=2) as lock:
            while True:
                time.sleep(0.5)  # it leads: its job
                lock.reacquire()
    except redis.exceptions.LockError:
        pass  # it leads no longer
