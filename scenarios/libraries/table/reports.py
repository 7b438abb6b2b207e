"""What is promised where a cell is red, and who told the same in public.

How to add one: PROMISED and REPORTED have a row a story, or a story and a library, which goes
before the story's own.
"""

KLEPPMANN = (
    "[Kleppmann 2016]"
    "(https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html)"
)
PAGE = "[Redis's page](https://redis.io/docs/latest/develop/use/patterns/distributed-locks/)"
REDLOCK = "https://github.com/mike-marcacci/node-redlock"

PROMISED = {
    "redis-kept": "by all: the lock is still there",
    "renewal-refused": "to be told when it cannot be prolonged",
    "holder-cut-off": "to be told when it cannot be prolonged",
    ("holder-cut-off", "redis-py-renewed"): "an error, when the answer comes; no time is named",
    ("holder-cut-off", "redis-leader"): "one leader at a time",
    ("holder-cut-off", "ts-safe-redis-leader"): "a single leader at one time",
    "redis-stalls": "no: clocks run on while a Redis stands still",
    "renewal-lost": "that it is prolonged",
    ("release-refused", "ts-safe-redis-leader"): "that somebody leads",
    ("renewal-refused", "ts-safe-redis-leader"): "that somebody leads",
    "late-answer": "no: the TTL is the limit",
    ("late-answer", "redlock-5"): "that the time to get it is taken off its TTL",
    ("late-answer", "redlock-5-acquire"): "that the time to get it is taken off its TTL",
    ("late-release", "redis-leader"): "one leader at a time",
    ("release-answer-lost", "redis-leader"): "one leader at a time",
    ("answer-lost", "symfony-lock"): "a TTL; it is 300 s until the second request",
    "half-taken": "a TTL; it is 300 s until the second request",
    "other-worker-ends": "one scheduler a queue",
    "long-work": "no: the TTL is the limit",
    "born-expired": "that the lock is good for its TTL, less the time that it took to get it",
    "paused-holder": "no: the TTL is the limit",
    ("paused-holder", "ts-safe-redis-leader"): "a single leader at one time",
    ("paused-holder", "redis-leader"): "one leader at a time",
    "redis-emptied": "no: a Redis must keep its data, or stay away for a TTL",
    "clock-forward": "no: clocks must not jump",
    ("clock-forward", "symfony-lock"): "no: its manual warns of dates that change",
    "clock-back": "no: clocks must not jump",
    "evicted": "no: a Redis must not evict locks",
}

REPORTED = {
    "paused-holder": KLEPPMANN,
    ("paused-holder", "redis-semaphore"):
        "[24](https://github.com/swarthy/redis-semaphore/issues/24)",
    "long-work": "[walrus 155](https://github.com/coleifer/walrus/issues/155)",
    ("long-work", "redlock-4"): f"[65]({REDLOCK}/issues/65)",
    ("long-work", "redlock-5-acquire"): f"[313]({REDLOCK}/issues/313)",
    ("born-expired", "redlock-5"): f"[296]({REDLOCK}/issues/296), [299]({REDLOCK}/issues/299), "
        f"[369]({REDLOCK}/pull/369)",
    ("born-expired", "redlock-5-acquire"): f"[296]({REDLOCK}/issues/296), "
        f"[299]({REDLOCK}/issues/299), [369]({REDLOCK}/pull/369)",
    "late-answer": KLEPPMANN,
    ("late-answer", "redlock-5"): f"[369]({REDLOCK}/pull/369)",
    ("late-answer", "redlock-5-acquire"): f"[369]({REDLOCK}/pull/369)",
    ("late-release", "redis-leader"): "the manual of ts-safe-redis-leader",
    "other-worker-ends": "[rq 1914](https://github.com/rq/rq/pull/1914), mended by "
        "[2458](https://github.com/rq/rq/pull/2458)",
    ("renewal-refused", "redis-semaphore"):
        "[199](https://github.com/swarthy/redis-semaphore/issues/199), out of scope",
    "redis-emptied": PAGE,
    "clock-forward": KLEPPMANN,
    "clock-back": PAGE,
    "evicted": "[RedLock.net 101](https://github.com/samcook/RedLock.net/issues/101)",
}  # fmt: skip


def promise(story, library):
    return PROMISED.get((story, library), PROMISED.get(story, ""))


def report(story, library):
    return REPORTED.get((story, library), REPORTED.get(story, "none known"))
