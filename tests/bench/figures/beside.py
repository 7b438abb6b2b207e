"""Beside the same election written with redis-py and multiprocessing, bench/article.py."""
import json
import pathlib
import signal
import statistics
import subprocess
import time

from figures.election import flip_lines, trial_us
from figures.place import middle, ratio

NODES = 5
ARTICLE = pathlib.Path(__file__).resolve().parent.parent / "article.py"

# As in article.py: the article's times; nobody turns to submit by himself.
SCENARIO = """
nodes: {nodes}
protocol: {{article: {{submits: nobody}}}}
duration: {duration}ms
heal: false
starts: {{master: all_reported}}
expect: {{checks: {{two_leaders: allowed, disagreement: allowed, no_leader: allowed}}}}
"""


def python(place, server, flips, idle):
    """Runs article.py; times since it was started, in ms."""
    server.client().delete("node_lock", "nodes", "election_result")
    begun = time.monotonic_ns()
    told = json.loads(
        place.run(["/usr/bin/python3", ARTICLE, server.socket, NODES, flips, idle])
    )
    for key in ("main", "connected", "reported"):
        told[key] = (told[key] - begun) / 1e6
    return told


def hustings_start(place, server, path):
    """ms from starting `hustings run` until its nodes are connected (and the first has asked for
    the lock), and until the last has reported, as the server tells by its key-space events."""
    client = server.client()
    client.config_set("notify-keyspace-events", "E$hx")
    events = client.pubsub()
    events.psubscribe("__keyevent@0__:*")
    events.get_message(timeout=1)
    begun = time.monotonic_ns()
    command = place.hustings_run(server, f"{place.folder}/results", path)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        connected = reported = None
        reports = 0
        while reports < NODES:
            message = events.get_message(timeout=10)
            now = (time.monotonic_ns() - begun) / 1e6
            assert message, "no news from the server for 10 s"
            if message["data"].endswith(b"node_lock"):
                connected = connected or now
            if message["channel"].endswith(b":hset"):
                reports += 1
                reported = now
        process.send_signal(signal.SIGINT)
    events.close()
    client.config_set("notify-keyspace-events", "")
    return connected, reported


def starting(place, server):
    path = place.scenario(SCENARIO.format(nodes=NODES, duration=10000))
    told = []
    for _ in range(place.pairs(9)):
        theirs = python(place, server, 0, 0)
        told.append((hustings_start(place, server, path), theirs))
    connected = [(ours[0], theirs["connected"]) for ours, theirs in told]
    reported = [(ours[1], theirs["reported"]) for ours, theirs in told]
    bare = statistics.median(theirs["connected"] - theirs["main"] for _, theirs in told)
    note = (f"{middle(connected, 0):.1f} ms, Python {middle(connected, 1):.0f}, of it {bare:.0f} "
            "after its imports")  # fmt: skip
    yield ratio("start of 5 beside Python", connected, goal=1 / 40, note=note)
    note = (f"{middle(reported, 0):.0f} ms, Python {middle(reported, 1):.0f}: all ask at once, "
            "and again after 100 ms")  # fmt: skip
    yield ratio("… until all have reported", reported, note=note)


def electing(place, server):
    flips = 2 if place.quick else 12
    begin, gap = 1000, 300
    path = place.scenario(
        SCENARIO.format(nodes=NODES, duration=begin + gap * (flips + 1))
        + flip_lines(NODES, flips, begin, gap)
    )
    pairs = []
    for _ in range(place.pairs(7)):
        theirs = statistics.median(python(place, server, flips, 0)["elect_us"])
        pairs.append((trial_us(place, server, path, pinned=False), theirs))
    note = f"waits taken out: {middle(pairs, 0):.0f} µs, Python {middle(pairs, 1):.0f} µs"
    yield ratio("election beside Python", pairs, note=note)


def costing(place, server):
    """Memory and processor time of a node that looks at the result ten times a second."""
    duration = 2000 if place.quick else 3500
    path = place.scenario(SCENARIO.format(nodes=NODES, duration=duration))
    memory, processor = [], []
    for _ in range(place.pairs(7)):
        theirs = python(place, server, 0, 0.3 if place.quick else 2)
        ours = place.program("bench_start", path, server.url)
        memory.append((ours["pss_kib"], theirs["pss_kib"]))
        processor.append((ours["processor_ms_a_second"], theirs["processor_ms_a_second"]))
    note = f"PSS {middle(memory, 0):.0f} KiB, Python {middle(memory, 1):.0f}"
    yield ratio("memory of a node beside Python", memory, note=note)
    note = f"{middle(processor, 0):.2f} ms a second, Python {middle(processor, 1):.2f}"
    yield ratio("processor of a node beside Python", processor, note=note)


def measure(place):
    """5 nodes over 5 in redis-py and multiprocessing: start, election, memory, processor"""
    server = place.redis_server(pinned=False)
    yield from starting(place, server)
    yield from electing(place, server)
    yield from costing(place, server)
