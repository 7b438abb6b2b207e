#!/usr/bin/python3
"""rq's worker with its scheduler, as `rq worker --with-scheduler QUEUE…`; the lock's key is the
first queue. Words behind it: more queues; --burst: a worker that ends at once, again and again."""
import os
import sys
import time

import redis
import rq

os.dup2(2, 1)  # rq logs to stdout, where hustings reads claims
client = redis.Redis.from_url(os.environ["REDIS_URL"])
words = sys.argv[1:]
burst = "--burst" in words
names = [os.environ["HUSTINGS_LOCK_KEY"], *(word for word in words if word != "--burst")]

while True:
    worker = rq.Worker(names, connection=client, name=f"{os.environ['HUSTINGS_ID']}.{time.time()}")
    worker.work(burst=burst, with_scheduler=True)
    if not burst:
        break  # it was asked to end, or has met an error
    time.sleep(int(os.environ.get("REST_MS", 100)) / 1000)
