"""What a row of CSV costs."""
from figures.place import Figure


def measure(place):
    """a row of elections.csv over one fprintf of the same"""
    told = place.program(
        "bench_csv", place.pairs(9), 640 if place.quick else 100000, pinned=True
    )
    note = f"{told['row_ns']:.0f} ns, fprintf {told['stdio_row_ns']:.0f} ns"
    yield Figure("a row of CSV", told["ratio"], goal=1.0, note=note, pairs=[told])
