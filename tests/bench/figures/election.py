"""The floor of an election: `hustings run` against its own commands by plain hiredis.

Everything (driver, members, Redis, the bare commands) runs on one processor, for a wake-up across
processors costs several times one on the same, and would hide what is measured.
"""
import json
import pathlib
import statistics

from figures.place import middle, ratio

PAUSE_MS = 40
# Node 1 is elected at first; nobody turns to submit by himself, so a flip there and back again
# makes two elections, of 4 and of 1.
CLUSTER = """
nodes: 5
protocol: {{article: {{submits: nobody, poll: {poll}}}}}
duration: {duration}ms
heal: false
starts: {{all: {{within: 100ms}}, master: all_reported}}
lock: {{token: {{retry: 5ms}}}}
expect:
  checks: {{two_leaders: allowed, disagreement: allowed, starvation: allowed, no_leader: allowed}}
"""


def flip_lines(who, count, begin, gap):
    """The faults that flip `who` to submit and back, so often in all; times in ms."""
    lines = ["faults:\n"]
    for i in range(count):
        status = "prepare" if i % 2 else "submit"
        lines.append(f"  - {{at: {begin + i * gap}ms, flip: {who}, to: {status}}}\n")
    return "".join(lines)


def flips(who, count, poll):
    begin = 500
    scenario = CLUSTER.format(duration=begin + (count + 2) * PAUSE_MS, poll=poll)
    return scenario + flip_lines(who, count, begin, PAUSE_MS)


def history(path):
    """The events of the only trial in a results folder."""
    text = (pathlib.Path(path) / "latest/history/trial-0001.jsonl").read_text(encoding="utf-8")
    events = [json.loads(line) for line in text.splitlines()[1:]]
    for event in events:
        event["us"] = int(event["t_ns"]) / 1000
    return events


def reply_to(events, at, request):
    return next(
        e for e in events[at:]
        if e["event"] == "reply" and e["process"] == request["process"]
        and e["number"] == request["number"]
    )  # fmt: skip


def elections_without_waits(events):
    """µs from each flip until its result was published, without the waits for polls and retries:
    from the flip to the report's answer, and from the master's (successful) asking for the lock to
    the answer to its publishing. Whose own flip it is, the master's, goes straight through."""
    times = []
    flip = asked = report = None
    for at, event in enumerate(events):
        kind = event["event"]
        if kind == "fault":
            flip, report = event, None
        elif kind == "request" and event.get("moment") == "asks_lock":
            if event["process"] == "master":
                asked = event
        elif kind == "request" and event["op"] == "set_status" and flip:
            if event["process"] == flip["process"]:
                report = reply_to(events, at, event)
        elif kind == "request" and event["op"] == "set_result" and flip and report:
            published = reply_to(events, at, event)["us"]
            if flip["process"] == "master":
                times.append(published - flip["us"])
            elif asked["us"] >= report["us"]:
                times.append(report["us"] - flip["us"] + published - asked["us"])
            flip = None
    return times


def trial_us(place, server, path, *, pinned):
    """Runs the scenario once; the median of its elections."""
    out = f"{place.folder}/results"
    place.run(place.hustings_run(server, out, path), pinned=pinned)
    times = elections_without_waits(history(out))
    if not times:
        raise SystemExit("no election took place")
    return statistics.median(times)


def measure(place):
    """an election over the same number of bare round trips, waits taken out, on one processor"""
    server = place.redis_server(pinned=True)
    count = 6 if place.quick else 30
    for who, target, poll, round_trips in (("master", "master", "20s", 5), ("node", 4, "10ms", 6)):
        path = place.scenario(flips(target, count, poll))
        pairs = []
        for _ in range(place.pairs(9)):
            ours = trial_us(place, server, path, pinned=True)
            bare = place.program(
                "bench_bare_trips", server.socket, who, count, PAUSE_MS * 1000, pinned=True
            )
            pairs.append((ours, statistics.median(bare)))
        note = (f"{round_trips} round trips: {middle(pairs, 0):.0f} µs, "
                f"bare {middle(pairs, 1):.0f} µs")  # fmt: skip
        yield ratio(f"election, flip of the {who}", pairs, goal=1.3, note=note)
