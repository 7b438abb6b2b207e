"""A worker as one writes it in ten lines: takes the lock with SET NX, says so, works, gives it back."""
import json, os, random, sys, time
import redis
key, ttl = os.environ["HUSTINGS_LOCK_KEY"], int(float(os.environ["HUSTINGS_LOCK_TTL_MS"]))
def claim(inside):
    print(json.dumps({"claim": {"in_section": inside}}), flush=True)
store = redis.Redis.from_url(os.environ["REDIS_URL"])
while True:
    if store.set(key, os.environ["HUSTINGS_ID"], nx=True, px=ttl):
        claim(True); time.sleep(0.02); claim(False); store.delete(key)
    time.sleep(random.uniform(0.002, 0.01))
