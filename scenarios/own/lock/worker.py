# Does its job under redis-py's lock, again and again.
import os
import time

import redis

store = redis.Redis.from_url(os.environ["REDIS_URL"])
while True:
    with store.lock(os.environ["HUSTINGS_LOCK_KEY"], timeout=2):
        time.sleep(0.2)  # the job
    time.sleep(0.1)
