"""What hustings exports is read by others, and says what the history says.

- EDN: read by edn-data (npm); then the rules of a Jepsen history, checked here.
- Perfetto: read by the trace engine of Chrome's developer tools (npm); and the rules that it does
  not check, checked here: slices of a lane do not overlap, arrows begin and end in one.
- ShiViz: read as ShiViz does, by the expression in its first line; and the vector clocks compared
  with what follows from the history, worked out here in another way.

ctest-timeout: 180"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support import npm  # noqa: E402

HUSTINGS = os.environ.get("HUSTINGS", "build/hustings")
THIRD_PARTY = pathlib.Path(__file__).resolve().parent / "third_party"

FAULTS = """\
faults:
  - {at: 300ms, crash: leader, for: 200ms}
  - {at: 400ms, cut: 2, for: 300ms}
  - {when: {who: 3, does: asks_lock, nth: 4}, pause: 3, for: 400ms}
  - {at: 600ms, lose_reply: 1}
  - {at: 700ms, flip: 1, to: submit}
"""
REST = "duration: 1s\nrequest_timeout: 100ms\n" + FAULTS
SCENARIOS = {
    "article": "nodes: 3\nprotocol: {article: {poll: 30ms, report: 50ms}}\n"
               "lock: {token: {ttl: 100ms, retry: 10ms}}\n" + REST,
    "lease": "nodes: 3\n"
             "protocol: {lease: {duration: 200ms, renew_deadline: 150ms, retry: 30ms}}\n"
             "lock: record\nfencing: true\nwork: {every: 50ms}\n" + REST.replace(
                 "  - {at: 700ms, flip: 1, to: submit}\n", ""),
    "redlock": "nodes: 3\n"
               "protocol: {lease: {duration: 300ms, renew_deadline: 200ms, retry: 50ms}}\n"
               "lock: {redlock: {server_timeout: 40ms}}\n"
               "redis: {topology: independent, servers: 3}\n" + REST.replace(
                   "  - {at: 700ms, flip: 1, to: submit}\n", ""),
}  # fmt: skip
ALLOWED = "expect: {checks: {%s}}\n" % ", ".join(f"{check}: allowed" for check in (
    "two_lock_holders", "two_leaders", "stale_result", "dead_leader", "disagreement", "no_leader",
    "foreign_release", "wrong_winner", "starvation"))  # fmt: skip


def setUpModule():
    global place
    folder = tempfile.TemporaryDirectory(prefix="hustings-export-")
    unittest.addModuleCleanup(folder.cleanup)
    place = pathlib.Path(folder.name)
    for name, text in SCENARIOS.items():
        path = place / f"{name}.yaml"
        path.write_text(f"name: {name}\ntrials: 2\n{text}{ALLOWED}", encoding="utf-8")
        done = hustings("run", "--on", "model", "--out", place / name, path)
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stdout + done.stderr)


def hustings(*words):
    return subprocess.run([HUSTINGS, *map(str, words)], capture_output=True, text=True, timeout=100,
                          check=False)


def exported(form, name):
    """The path of what is exported."""
    path = place / f"{name}.{form}"
    done = hustings("export", "--to", form, place / name / "latest", "-o", path)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return path


def events_of(name, trial=1):
    path = place / name / f"latest/history/trial-{trial:04}.jsonl"
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file][1:]


def host_of(event):
    process = event["process"]
    return f"node-{process}" if isinstance(process, int) else process


class Edn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.modules = npm.installed(THIRD_PARTY, "export")

    def each(self):
        for name in SCENARIOS:
            path = exported("edn", name)
            yield name, npm.node(self.modules, THIRD_PARTY / "edn.cjs", path)

    def test_it_is_a_history_of_jepsens(self):
        for name, operations in self.each():
            self.assertEqual([one["index"] for one in operations], list(range(len(operations))))
            times = [one["time"] for one in operations]
            self.assertEqual(times, sorted(times))
            under_way, gone = {}, set()
            for one in operations:
                who = one["process"]
                if who == "nemesis":
                    self.assertEqual(one["type"], "info")
                    self.assertRegex(one["f"], "^(start|stop)-")
                    continue
                self.assertNotIn(who, gone)
                if one["type"] == "invoke":
                    self.assertNotIn(who, under_way)
                    under_way[who] = one
                    continue
                self.assertIn(one["type"], ("ok", "fail", "info"))
                asked = under_way.pop(who)
                self.assertEqual((one["f"], one["node"]), (asked["f"], asked["node"]))
                if one["type"] == "info":
                    gone.add(who)
            self.assertEqual(under_way, {})
            self.assertTrue(gone, name)

    def test_it_says_what_the_history_says(self):
        for name, operations in self.each():
            events = events_of(name)
            asked = sum(event["event"] == "request" for event in events)
            kinds = collections.Counter(one["type"] for one in operations
                                        if one["process"] != "nemesis")
            self.assertEqual(kinds["invoke"], asked)
            self.assertEqual(kinds["ok"] + kinds["fail"] + kinds["info"], asked)
            unknown = sum(event.get("outcome") == "unknown" for event in events)
            self.assertGreaterEqual(kinds["info"], unknown)
            taken = sum(event["event"] == "reply" and event["outcome"] == "ok" and event["op"] in
                        ("put_if_absent", "take_record", "put_fenced") for event in events)
            self.assertEqual(sum(one["f"] == "acquire" and one["type"] == "ok"
                                 for one in operations), taken)
            faults = sum(event["event"] == "fault" for event in events)
            self.assertEqual(sum(one["f"].startswith("start-") for one in operations), faults)

    def test_values_are_typed(self):
        (_, operations), *_ = self.each()
        reads = [one["value"] for one in operations if one.get("op") == "read-ballot"
                 and one["type"] == "ok"]
        self.assertIn({"1": "prepare", "2": "prepare", "3": "prepare"}, reads)
        publishes = [one["value"] for one in operations if one["f"] == "publish"]
        self.assertEqual(publishes[0], {"leader": 1, "rule": 3, "term": 1})


class Perfetto(unittest.TestCase):
    def each(self):
        for name in SCENARIOS:
            path = exported("perfetto", name)
            yield name, path, json.loads(path.read_text("utf-8"))["traceEvents"]

    @staticmethod
    def slices(trace):
        lanes = collections.defaultdict(list)
        for one in trace:
            if one["ph"] == "X":
                lanes[one["pid"], one["tid"]].append(one)
        return lanes

    def test_the_developer_tools_of_chrome_read_every_slice(self):
        modules = npm.installed(THIRD_PARTY, "export")
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
        if int(version.stdout.lstrip("v").split(".")[0]) < 20:
            self.skipTest("the trace engine needs Node.js 20")
        for _, path, trace in self.each():
            threads = npm.node(modules, THIRD_PARTY / "trace.mjs", path)
            lanes = self.slices(trace)
            self.assertEqual({key: thread["slices"] for key, thread in threads.items()},
                             {f"{pid} {tid}": len(them) for (pid, tid), them in lanes.items()})
            self.assertEqual({thread["depth"] for thread in threads.values()}, {1})
            self.assertEqual({thread["name"] for thread in threads.values()} - {"broken promises"},
                             {"state", "requests", "lock"})

    def test_slices_of_a_lane_do_not_overlap(self):
        for _, _, trace in self.each():
            for them in self.slices(trace).values():
                them.sort(key=lambda one: one["ts"])
                for before, after in zip(them, them[1:]):
                    self.assertLessEqual(before["ts"] + before["dur"], after["ts"] + 1e-6)

    def test_arrows_begin_and_end_within_slices(self):
        for name, _, trace in self.each():
            lanes = self.slices(trace)
            ends = collections.defaultdict(dict)
            for one in trace:
                if one["ph"] in "sf":
                    ends[one["id"], one["cat"], one["name"]][one["ph"]] = one
                    self.assertTrue(any(
                        slice["ts"] <= one["ts"] < slice["ts"] + slice["dur"]
                        for slice in lanes[one["pid"], one["tid"]]), one)
            for arrow in ends.values():
                self.assertEqual(set(arrow), {"s", "f"})
                self.assertLessEqual(arrow["s"]["ts"], arrow["f"]["ts"])
                self.assertNotEqual(arrow["s"]["pid"], arrow["f"]["pid"])
                self.assertEqual(arrow["f"]["bp"], "e")
            if name == "article":
                self.assertGreater(len(ends), 5)  # what one knows already is not told again

    def test_it_says_what_the_history_says(self):
        for name, _, trace in self.each():
            events = events_of(name)
            first = int(events[0]["t_ns"])
            requests = [one for one in trace if one["ph"] == "X" and one["tid"] % 1000
                        and one["pid"]]
            self.assertEqual(len(requests), sum(one["event"] == "request" for one in events))
            marks = [one["ts"] for one in trace if one["ph"] == "i"][1:]
            faults = [(int(one["t_ns"]) - first) / 1000 for one in events
                      if one["event"] in ("fault", "healed")]
            self.assertEqual([round(mark, 3) for mark in marks],
                             [round(fault, 3) for fault in faults])
            dead = [one for one in trace if one.get("name") == "dead"]
            self.assertEqual(len(dead), sum(one["event"] == "died" for one in events))
            for one in dead:
                self.assertAlmostEqual(one["dur"], 200000, delta=1)
            held = [one["name"] for one in trace if one["ph"] == "X"
                    and one["name"].startswith("held by ")]
            self.assertTrue(held)


class Shiviz(unittest.TestCase):
    def read(self, name):
        """Of each line its host, clock, and text; as ShiViz reads a file."""
        text = exported("shiviz", name).read_text("utf-8")
        expression, delimiter, log = text.split("\n", 2)
        self.assertEqual(delimiter, "")
        for group in ("host", "clock", "event"):
            self.assertIn(f"(?<{group}>", expression)
        found = list(re.finditer("^" + expression.replace("(?<", "(?P<") + "$", log, re.M))
        self.assertEqual(len(found), log.count("\n"))
        return [(one["host"], json.loads(one["clock"]), one["event"]) for one in found]

    @staticmethod
    def written(event):
        """What a request asks to be written, as what a read tells of it."""
        if event["op"] == "set_status":
            return {("status", event["id"], event["status"])}
        if event["op"] == "set_result":
            return {("result", json.dumps(event["result"], sort_keys=True))}
        if event["op"] in ("put_if_absent", "put_fenced", "take_record"):
            return {("token", event["token"])}
        return set()

    @staticmethod
    def told(event):
        if event.get("outcome") != "ok":
            return set()
        if "ballot" in event:
            return {("status", at, status) for first, last, status in event["ballot"]
                    for at in range(first, last + 1)}
        if "result" in event:
            return {("result", json.dumps(event["result"], sort_keys=True))}
        if "token" in event:
            return {("token", event["token"])}
        return set()

    def before(self, events):
        """Of each event all that surely came before it, as sets of places. Worked out pair by pair
        and edge by edge, without clocks."""
        asked = {(one["process"], one["number"]): place for place, one in enumerate(events)
                 if one["event"] == "request"}
        wrote = set(asked.values()) - {
            asked[one["process"], one["number"]] for one in events
            if one["event"] == "reply" and one["outcome"] not in ("ok", "unknown")}
        answered, counted = {}, {}
        result = []
        last = {}
        for place, one in enumerate(events):
            edges = [last[one["process"]]] if one["process"] in last else []
            last[one["process"]] = place
            if one["event"] == "reply":
                mine = asked[one["process"], one["number"]]
                where = one.get("server")
                if one["outcome"] in ("ok", "nil", "unreadable"):
                    resource = one["op"] == "write"
                    edges += [request for request, answer in answered.items()
                              if answer < mine and events[request].get("server") == where
                              and (events[request]["op"] == "write") == resource]
                    answered[mine] = place
                for value in self.told(one):
                    writers = [other for other in wrote if other < place
                               and value in self.written(events[other])
                               and events[other].get("server") == where]
                    if writers and len({events[writer]["process"] for writer in writers}) == 1:
                        edges.append(min(writers))
                if one["op"] == "write" and one["outcome"] == "ok":
                    counted[int(one["integer"])] = mine
                    edges += [counted[at] for at in [int(one["integer"]) - 1] if at in counted]
            result.append({at for edge in edges for at in result[edge] | {edge}})
        return result

    def test_clocks_say_what_came_before_what(self):
        for name in SCENARIOS:
            with self.subTest(name):
                lines = self.read(name)
                events = [one for one in events_of(name) if one["event"] != "more"]
                self.assertEqual([line[0] for line in lines], [host_of(one) for one in events])
                before = self.before(events)
                concurrent = across = 0
                for place, (host, clock, _) in enumerate(lines):
                    for other in range(place):
                        theirs = lines[other][1]
                        earlier = all(clock.get(at, 0) >= count for at, count in theirs.items())
                        self.assertEqual(earlier, other in before[place],
                                         f"{lines[other]} and {lines[place]}")
                        concurrent += not earlier
                        across += earlier and lines[other][0] != host
                self.assertGreater(concurrent, 100)
                self.assertGreater(across, 100)

    def test_each_counts_its_own_events(self):
        for name in SCENARIOS:
            counts = collections.Counter()
            for host, clock, _ in self.read(name):
                counts[host] += 1
                self.assertEqual(clock[host], counts[host])


class CommandLine(unittest.TestCase):
    def test_a_trial_of_a_folder_and_a_history(self):
        latest = place / "article/latest"
        one = hustings("export", "--to", "edn", latest).stdout
        self.assertEqual(one, hustings("export", "--to", "edn", "--trial", 1, latest).stdout)
        two = hustings("export", "--to", "edn", "--trial=2", latest).stdout
        self.assertNotEqual(one, two)
        history = latest / "history/trial-0002.jsonl"
        self.assertEqual(two, hustings("export", "--to", "edn", history).stdout)

    def test_what_is_wrong_is_one_line(self):
        latest = place / "article/latest"
        for words, code, told in (
            ((latest,), 2, "to which format?"),
            (("--to", "edn"), 2, "which results folder"),
            (("--to", "csv", latest), 2, "perfetto"),
            (("--to", "edn", "--trial", 7, latest), 3, "no history of trial 7"),
            (("--to", "edn", place / "nowhere"), 3, "No such file"),
            (("--to", "edn", latest, "-o", place / "no/such/folder"), 3, "No such file"),
            (("--to", "edn", latest / "run.json"), 3, "no JSON object"),
            (("--to", "edn", place / "article"), 3, "no history"),
        ):
            with self.subTest(words):
                done = hustings("export", *words)
                self.assertEqual((done.returncode, done.stdout), (code, ""))
                self.assertIn(told, done.stderr)

    def test_two_scenarios_of_one_folder(self):
        both = [place / f"{name}.yaml" for name in ("article", "lease")]
        hustings("run", "--on", "model", "--trials", 1, "--out", place / "both", *both)
        done = hustings("export", "--to", "edn", "--trial", 1, place / "both/latest")
        self.assertEqual(done.returncode, 2)
        self.assertIn("2 scenarios have trial 1; name the history: ", done.stderr)

    def test_a_history_that_was_cut_off(self):
        lines = (place / "article/latest/history/trial-0001.jsonl").read_bytes().splitlines(True)
        cut = place / "cut.jsonl"
        cut.write_bytes(b"".join(lines[:200]))
        for form in ("perfetto", "shiviz", "edn"):
            done = hustings("export", "--to", form, cut)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(done.stdout)


if __name__ == "__main__":
    unittest.main()
