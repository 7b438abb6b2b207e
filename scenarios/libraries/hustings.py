"""Claims of a member of hustings, as JSON lines on stdout. HUSTINGS_CLAIMS=no: it makes none."""
import json
import os
import sys
import time


def tell(**line):
    print(json.dumps(line), flush=True)


def claim(**what):
    if os.environ.get("HUSTINGS_CLAIMS") != "no":
        tell(claim={**what, "at_s": time.monotonic()})


claim()  # of nothing: from the beginning, nothing is to be inferred of it


def write(token=None):
    """To the protected resource; whether it was taken."""
    tell(write={} if token is None else {"token": token})
    return json.loads(sys.stdin.readline())["written"]


def stop():
    """A place where a fault may stop it."""
    tell(stop=True)
    sys.stdin.readline()
