"""A stage for members that are programs of the user's: scenarios of them, and trials of these that
are longer each time, since programs begin late on a slow machine."""
import pathlib

from support.stage import Stage
from support.trialhistory import History

LEASE = "protocol: {lease: {duration: 200ms, renew_deadline: 150ms, retry: 30ms}}\nheal: false\n"

# Its grandchild leaves the process group, the session and its parent, and stamps the time.
DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    with open("stamps-" + os.environ["HUSTINGS_ID"], "a", buffering=1) as file:
        while True:
            file.write(f"{time.monotonic()}\\n")
            time.sleep(0.005)
while True:
    time.sleep(1)
"""


class ProgramStage(Stage):
    def program(self, source, faults="", duration="25s", nodes=2, must_live=None,
                protocol=LEASE):  # fmt: skip
        """A scenario whose members run this; the folder among its words is the stage's mark. It is
        so long for what ends the run by itself, whenever that begins on a slow machine."""
        path = pathlib.Path(self.folder, "worker.py")
        path.write_text(source, encoding="utf-8")
        return self.scenario(
            f"{protocol}program: [/usr/bin/python3, worker.py, {self.folder}]\n{faults}",
            starts="{nodes: 0s}", duration=duration, nodes=nodes, must_live=must_live,
        )  # fmt: skip

    def play(self, path):
        """A trial that was judged: its exit code and output, and its history."""
        run = self.run_scenario(path, "--allow-exec", timeout=90)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return run, History(self.out)

    def play_until(self, make, has_come):
        """The same, of what `make` returns for a duration: on a slow machine programs begin late,
        so it is longer each time until this is true of the history."""
        for duration in ("1s", "5s", "25s"):
            run, history = self.play(make(duration))
            if has_come(history):
                break
        return run, history

    def play_until_claims(self, make, count):
        """Until each member has made so many claims."""
        return self.play_until(
            make, lambda history: all(len(history.of(n, "claim")) >= count for n in (1, 2))
        )

    def play_until_ended(self, make, nodes=2):
        """Until each program has ended."""
        return self.play_until(
            make, lambda history: all(history.of(n + 1, "died") for n in range(nodes))
        )
