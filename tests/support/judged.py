"""Trials that can be judged, on however busy a machine.

A harness that is late says so: the trial is undecided (exit 4), and shows nothing of what a test is
about. A test that needs a trial which was judged tells its story again, by `until_judged`, and in
no other way. What must hold however late the harness is, asks `code_however_late`. Whatever else is
undecided is for the test to judge: it is never told again."""
import csv
import functools
import time

# How long one tries. What is late each time for so long has another reason than the load.
SECONDS = 60
LATE = "the harness was late: "
UNDECIDED = 4


class HarnessWasLate(AssertionError):
    """In these trials, so they cannot be judged."""


def trials_of(out):
    """The rows of trials.csv of the newest results in the folder `out`."""
    with open(f"{out}/latest/trials.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def judged(done, out):
    """What has ended (it has a returncode), its results being the newest in the folder `out`.
    HarnessWasLate if that is all that is undecided in them."""
    if done.returncode == UNDECIDED:
        whys = [row["why_undecided"] for row in trials_of(out) if row["why_undecided"]]
        if whys and all(LATE in why for why in whys):
            raise HarnessWasLate(whys)
    return done


def in_time(out):
    """HarnessWasLate if it was so in any trial of the newest results, however the run ended."""
    whys = [row["why_undecided"] for row in trials_of(out) if LATE in row["why_undecided"]]
    if whys:
        raise HarnessWasLate(whys)


def judged_rows(done, out):
    """The rows of trials.csv that were judged, if lateness is all that keeps others from it: for
    trials that run side by side, each of which shows the point. HarnessWasLate if none was."""
    rows = trials_of(out)
    late = [row for row in rows if LATE in row["why_undecided"]]
    if done.returncode == UNDECIDED and late and len(late) == len(rows):
        raise HarnessWasLate([row["why_undecided"] for row in late])
    return [row for row in rows if row not in late]


def ever_longer(*times):
    """These times, and the last one again and again: for a story that is told again because what is
    to happen in it begins late on a slow machine."""
    yield from times
    while True:
        yield times[-1]


def until_judged(story, seconds=SECONDS):
    """Tells the story, a function that takes what it runs through `judged`, until the harness was
    not late in it, and returns what it returns. If the harness is late each time until the bound,
    the test fails, with the last reasons."""
    until = time.monotonic() + seconds
    while True:
        try:
            return story()
        except HarnessWasLate:
            if time.monotonic() > until:
                raise


def code_however_late(done, out):
    """The exit code of what shows its point however late the harness is: 0 if that is all that is
    undecided."""
    try:
        return judged(done, out).returncode
    except HarnessWasLate:
        return 0


class Retold:
    """Makes of a test case one whose tests are told again, each as a whole: for those that watch
    from outside while a trial runs. `class Kinds(Retold, Stage)`; no subTest in them, which would
    take the lateness for a failure."""

    def __init__(self, name="runTest"):
        super().__init__(name)
        # No function: unittest would take that for a static method, if it is told the test's name.
        setattr(self, name, functools.partial(until_judged, getattr(self, name)))
