"""What tests/bench/run measures, a file a subject."""
