"""Starting many processes: forked, connected, all reported once; and what each one costs."""
import statistics

from figures.place import Figure, middle, ratio

CONNECT = """
nodes: {nodes}
duration: 20ms
heal: false
expect: {{checks: {{no_leader: allowed}}}}
"""

# The bare children begin when they are forked; so the nodes begin spread over as long as that
# takes. They don't look at the result meanwhile: the bare ones don't either.
REPORT = """
nodes: {nodes}
duration: {duration}ms
heal: false
starts: {{all: {{within: {spread}ms}}, master: all_reported}}
protocol: {{article: {{poll: 30s}}}}
lock: {{token: {{retry: {retry}ms}}}}
expect: {{checks: {{no_leader: allowed, starvation: allowed, disagreement: allowed}}}}
"""

# nodes, pairs for connecting, pairs for reporting (0: a few runs by themselves, for a pair would
# take a minute), retry in ms (the article's 100; 4,000 would offer the server four times what it
# can answer), duration in ms, goals: connected over bare, reported over bare, PSS in KiB
SIZES = (
    (5, 21, 9, 100, 2000, None, None, 250),
    (100, 15, 7, 100, 3000, None, None, 100),
    (1000, 9, 7, 100, 6000, 1.3, 1.2, 100),
    (4000, 7, 0, 400, 24000, None, None, 100),
)
QUICK = ((5, 7, 7, 10, 500, None, None, 250), (20, 7, 7, 10, 500, None, None, 100))


def connecting(place, server, nodes, pairs, goal):
    path = place.scenario(CONNECT.format(nodes=nodes))
    told = []
    for _ in range(place.pairs(pairs)):
        bare = place.program("bench_bare_start", server.socket, nodes)
        ours = place.program("bench_start", path, server.url)
        told.append((ours["connected_ms"], bare["connected_ms"], ours["forked_ms"]))
    ratios = [(ours, bare) for ours, bare, _ in told]
    each = middle(told, 0) / nodes * 1000
    note = (f"{middle(told, 0):.1f} ms, bare {middle(told, 1):.1f}; of it forking "
            f"{middle(told, 2):.1f}; {each:.0f} µs a node")  # fmt: skip
    return ratio(f"start of {nodes:,}, connected", ratios, goal=goal, note=note)


def reporting(place, server, nodes, pairs, retry, duration, goal, pss_goal):
    path = place.scenario(
        REPORT.format(nodes=nodes, retry=retry, duration=duration, spread=max(1, nodes // 5))
    )
    name = f"start of {nodes:,}, all reported"
    told = []
    memory = []
    for _ in range(place.pairs(pairs) if pairs else 3):
        bare = place.program("bench_bare_start", server.socket, nodes, retry) if pairs else None
        ours = place.program("bench_start", path, server.url)
        if ours["reported"] < nodes:
            yield Figure(name, None, goal=goal, note=f"only {ours['reported']} reported in time")
            return
        told.append((ours["reported_ms"], bare["reported_ms"] if bare else None))
        memory.append(ours["pss_kib"])
    if pairs:
        note = f"{middle(told, 0):.0f} ms, bare {middle(told, 1):.0f}; retry {retry} ms"
        yield ratio(name, told, goal=goal, note=note)
    else:
        yield Figure(name, middle(told, 0) / 1000, unit="s", note=f"retry {retry} ms", pairs=told)
    pss = statistics.median(memory)
    yield Figure(f"memory of each of {nodes:,}", pss, unit="KiB", goal=pss_goal, note="PSS",
                 pairs=memory)  # fmt: skip


def measure(place):
    """starting 5 to 4,000 processes over bare forks that do the same; memory of each"""
    server = place.redis_server(pinned=False)
    for nodes, many, some, retry, duration, goal, report_goal, pss in (
        QUICK if place.quick else SIZES
    ):
        yield connecting(place, server, nodes, many, goal)
        yield from reporting(place, server, nodes, some, retry, duration, report_goal, pss)
