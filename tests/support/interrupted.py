"""A sweep or a matrix that is interrupted in its midst, however fast or slow the machine is."""
import shutil
import signal
import time

TURNS = 12


def until_interrupted(start, folder, trials):
    """Starts it, by start(trials), with twice as many trials each time that it was over before
    Ctrl-C came. Returns how many they were, its exit code, and what it told and said."""
    for _ in range(TURNS):
        process = start(trials)
        cells = folder / "cells.txt"
        until = time.monotonic() + 100
        while process.poll() is None and time.monotonic() < until:
            if cells.exists() and cells.read_bytes().count(b"\n") > 1:
                break
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        told, said = process.communicate(timeout=200)
        if process.returncode not in (0, 1):
            break
        shutil.rmtree(folder)
        trials *= 2
    return trials, process.returncode, told, said
