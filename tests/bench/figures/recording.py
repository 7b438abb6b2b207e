"""What it costs to record what a process does."""
from figures.place import Figure


def measure(place):
    """a round trip recorded over one not recorded, on one processor"""
    server = place.redis_server(pinned=True)
    told = []
    for _ in range(place.pairs(7)):
        pairs, block = (4, 50) if place.quick else (200, 200)
        told.append(
            place.program("bench_recording", server.socket, pairs, block, pinned=True)
        )
    told.sort(key=lambda one: one["ratio"])
    half = told[len(told) // 2]
    note = (f"{half['round_trip_us']:.1f} µs; its two events by themselves "
            f"{half['events_alone_ns']:.0f} ns")  # fmt: skip
    yield Figure("recording a round trip", half["ratio"], goal=1.02, note=note, pairs=told)
