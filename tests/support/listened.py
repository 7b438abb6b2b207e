"""A stage for faults on links: trials on a Redis that is listened to."""
import socket
import threading

from support.judged import judged, until_judged
from support.stage import Stage, wait_for
from support.trialhistory import History

# How long a process waits for an answer: far longer than any takes on a busy machine, so that it is
# in vain only where the scenario says so.
PATIENCE_MS = 500
BUSY = (
    "protocol: {article: {report: 20ms, poll: 20ms}}\nlock: {token: {retry: 5ms}}\n"
    f"request_timeout: {PATIENCE_MS}ms\n"
)


class Ear(threading.Thread):
    """Listens to a MONITOR while something runs: (time in s, words) of every command."""

    def __init__(self, monitor):
        super().__init__(daemon=True)
        self.monitor = monitor
        self.heard = []
        self.start()

    def run(self):
        try:
            for line in self.monitor.lines:
                at, _, words = line.decode().partition("] ")
                if not at.endswith(" lua"):
                    words = [word.strip('"') for word in words.split()]
                    self.heard.append((float(at.split()[0].lstrip("+")), words))
        except (OSError, ValueError):
            pass


class Listened(Stage):
    def setUp(self):
        super().setUp()
        self.server = self.redis_server()

    def play(self, faults, *, nodes=2, duration="2s", timing=BUSY, extra=""):
        """Runs a trial on a Redis that is listened to."""
        scenario = self.scenario(
            f"duration: {duration}\n{timing}{extra}faults:\n"
            + "".join(f"  - {fault}\n" for fault in faults),
            nodes=nodes,
        )

        def listened_to():
            monitor = self.monitor(self.server.socket)
            ear = Ear(monitor)
            run = self.run_once(scenario, "--redis", self.server.url, "--seed", "1", timeout=60)
            # The keys are taken away last of all.
            wait_for(lambda: any(words[0] == "DEL" for _, words in ear.heard), "the end is heard")
            monitor.socket.shutdown(socket.SHUT_RDWR)
            ear.join()
            self.assertIn(judged(run, self.out).returncode, (0, 1), run.stderr)
            return History(self.out), ear.heard

        return until_judged(listened_to)

    @staticmethod
    def reports(heard, node):
        """When the Redis was told a node's status, in s."""
        return [
            at
            for at, words in heard
            if words[0] == "HSET" and words[1].endswith(":nodes") and words[2] == str(node)
        ]

    def assert_gap(self, times, least_s):
        gaps = [after - before for before, after in zip(times, times[1:])]
        self.assertGreaterEqual(max(gaps), least_s)
        return times[gaps.index(max(gaps))]

    @staticmethod
    def spans(history, heard):
        """How long it took from 2's taking the lock to its report, as the Redis heard them, in s: a
        round trip."""
        tokens = {q["token"] for q in history.of(2, "request") if q.get("moment") == "asks_lock"}
        asked, spans = None, []
        for at, words in heard:
            if words[0] == "SET" and words[2] in tokens:
                asked = at
            elif words[0] == "HSET" and words[2] == "2" and asked:
                spans.append(at - asked)
        return spans
