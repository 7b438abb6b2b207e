# Takes a lock that numbers its grants; what it writes to refuses a number that is too low.
import json
import os
import sys
import time
import uuid

import redis

store = redis.Redis.from_url(os.environ["REDIS_URL"])
key, epoch = os.environ["HUSTINGS_LOCK_KEY"], os.environ["HUSTINGS_PREFIX"] + "epoch"

# Takes the lock and numbers the grant, at once.
take = store.register_script("""
if redis.call("set", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then
    return redis.call("incr", KEYS[2])
end
return 0""")
release = store.register_script("""
if redis.call("get", KEYS[1]) == ARGV[1] then
    return redis.call("del", KEYS[1])
end
return 0""")


def tell(**line):
    print(json.dumps(line), flush=True)


while True:
    mine = uuid.uuid4().hex
    number = take([key, epoch], [mine, 2000])
    if number:
        tell(claim={"in_section": True, "at_s": time.monotonic()})
        time.sleep(0.2)  # the job, and what comes of it
        tell(write={"token": number})
        sys.stdin.readline()  # {"written": true}, or false: too late
        tell(claim={"in_section": False, "at_s": time.monotonic()})
        release([key], [mine])
    time.sleep(0.1)
