"""The table of benchmarks.

How to add one: a function in a file of this folder that takes a Place and yields Figures, its first
line of documentation saying what it measures, and a row here.
"""
from figures import beside, csvrows, election, matrix, model, recording, relay, start, sweep
from figures.place import Place  # noqa: F401, for tests/bench/run

BENCHES = {
    "election": election.measure,
    "start": start.measure,
    "beside": beside.measure,
    "recording": recording.measure,
    "csv": csvrows.measure,
    "model": model.measure,
    "relay": relay.measure,
    "sweep": sweep.measure,
    "matrix": matrix.measure,
    "slurm": sweep.slurm,
}
