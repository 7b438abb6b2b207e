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


def judged(done, out):
    """What has ended (it has a returncode), its results being the newest in the folder `out`.
    HarnessWasLate if that is all that is undecided in them."""
    if done.returncode == UNDECIDED:
        with open(f"{out}/latest/trials.csv", newline="", encoding="utf-8") as file:
            whys = [row["why_undecided"] for row in csv.DictReader(file)]
        whys = [why for why in whys if why]
        if whys and all(LATE in why for why in whys):
            raise HarnessWasLate(whys)
    return done


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
