"""What the relay of the links costs."""
import statistics

from figures.place import Figure, middle, ratio


def measure(place):
    """what a relay adds to a round trip, and recording to that, in turns with the way without"""
    for pinned, where in ((False, "as they run"), (True, "on one processor")):
        server = place.redis_server(pinned=pinned)
        trips = 50 if place.quick else 5000
        told = [
            place.program("bench_relay", server.socket, place.folder, trips, pinned=pinned)
            for _ in range(place.pairs(7))
        ]
        added = statistics.median(one["relayed_us"] - one["direct_us"] for one in told)
        direct = statistics.median(one["direct_us"] for one in told)
        note = f"to {direct:.1f} µs; {where}"
        yield Figure("round trip through the relay, added", added, "µs", 60, note, told)
        added = statistics.median(one["recorded_us"] - one["direct_us"] for one in told)
        yield Figure("the same, recorded", added, "µs", 60, note, told)
        pairs = [(one["relayed_a_second"], one["recorded_a_second"]) for one in told]
        note = f"{middle(pairs, 0):,.0f} requests a second without; {where}"
        yield ratio("its requests a second, over recorded", pairs, note=note)
