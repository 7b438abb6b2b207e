"""The model's speed: by itself, beside other simulators, and how it grows. One thread is measured
by its processor's time, so that other programs on the machine matter less; two by the wall's."""
import json
import pathlib
import shutil
import subprocess
import time

from figures.place import Figure, middle, ratio

HERE = pathlib.Path(__file__).resolve().parent.parent
SPEED = HERE / "model" / "speed.yaml"
SIMULATORS = HERE / "simulators"
LESSONS = HERE.parent.parent / "scenarios" / "course"

# The same trial with more nodes, which start one after the other.
CLUSTER = """
nodes: {nodes}
duration: {duration}us
starts: {{nodes: {{within: {spread}us}}, master: {master}us}}
protocol: {{article: {{submits: nobody}}}}
network: {{latency: 60us}}
faults: [{{at: {flip}us, flip: {nodes}, to: submit}}]
expect: {{checks: {{starvation: allowed, no_leader: allowed}}}}
"""
# Two hundred faults drawn among so many.
CHAOS = """
nodes: {nodes}
duration: 4s
faults:
  - randomly: {{mean: 20ms, at_most_down: {down}}}
    one_of:
      - {{crash: any, for: 500ms}}
      - {{pause: any, for: 300ms}}
      - {{cut: any, for: 300ms}}
      - {{flip: any, to: submit}}
"""
SIZES = (3, 10, 30, 100, 300, 1000, 3000, 10000)

# name, command, trials a turn (about a second of ours is 200,000), goal: ours over theirs
OTHERS = (
    ("heapq", ["/usr/bin/python3", SIMULATORS / "with_heapq.py"], 3000, 1 / 25),
    ("SimPy 3", ["/usr/bin/python3", SIMULATORS / "with_simpy.py"], 800, 1 / 60),
    ("SimGrid", ["with_simgrid"], 600, 1 / 250),
    ("fakeredis", ["/usr/bin/python3", SIMULATORS / "with_fakeredis.py"], 100, 1 / 700),
)


def ours(place, trials, *words):
    return place.program("bench_model", SPEED, trials // (50 if place.quick else 1), *words,
                         pinned="2" not in words)  # fmt: skip


def by_itself(place):
    told = [ours(place, 200000, "checks") for _ in range(place.pairs(7))]
    told.sort(key=lambda one: one["us_per_trial"])
    half = told[len(told) // 2]
    us = half["us_per_trial"]
    note = (f"{1e6 / us:,.0f} trials/s, {half['steps'] * 1e6 / us:,.0f} steps/s, "
            f"{half['elections'] * 1e6 / us:,.0f} elections/s; best {told[0]['us_per_trial']:.2f} "
            f"µs; {half['steps']:.0f} steps, {half['events']:.0f} events a trial")  # fmt: skip
    yield Figure("model: a trial, checks on", us, "µs", goal=2.0, note=note, pairs=told)

    for name, words, against, goal, what in (
        ("checks on / off", ("checks",), ("unchecked",), None, ""),
        ("history kept / verdicts only", ("checks", "1", "keep"), ("checks",), 1.15, ""),
        ("history written / verdicts only", ("checks", "1", "write"), ("checks",), None,
         "JSON lines, to nowhere"),
        ("two cores / one, time a trial", ("checks", "2"), ("checks",), 1 / 1.9, ""),
    ):  # fmt: skip
        size = 20000 if "write" in words else 200000
        pairs = [
            (ours(place, size, *words)["us_per_trial"], ours(place, size, *against)["us_per_trial"])
            for _ in range(place.pairs(7))
        ]
        note = f"{middle(pairs, 0):.2f} µs over {middle(pairs, 1):.2f} µs a trial"
        yield ratio(f"model: {name}", pairs, goal=goal, note=f"{note}; {what}" if what else note)


def whole_runs(place):
    """hustings run, with outcomes, tables and the summary."""
    trials = 200000 // (50 if place.quick else 1)

    def seconds(jobs):
        began = time.monotonic()
        place.run([place.hustings, "run", "--quiet", "--on", "model", "--trials", trials,
                   "--jobs", jobs, "--out", f"{place.folder}/model", SPEED])  # fmt: skip
        took = time.monotonic() - began
        shutil.rmtree(f"{place.folder}/model")
        return took

    pairs = [(seconds(2), seconds(1)) for _ in range(place.pairs(7))]
    note = f"{trials:,} trials in {middle(pairs, 0):.2f} s and {middle(pairs, 1):.2f} s"
    yield ratio("model: hustings run, two cores / one", pairs, note=note)


def is_there(name):
    """Whether the other simulator is installed on this machine."""
    if name == "SimGrid":
        header = b"#include <simgrid/s4u.hpp>\n"
        return shutil.which("g++") and not subprocess.run(
            ["g++", "-E", "-x", "c++", "-"], input=header, capture_output=True
        ).returncode
    module = {"SimPy 3": "simpy", "fakeredis": "fakeredis"}.get(name, "heapq")
    command = ["/usr/bin/python3", "-c", f"import {module}"]
    return not subprocess.run(command, capture_output=True).returncode


def simgrid(place):
    """Builds its program."""
    program = pathlib.Path(place.folder) / "with_simgrid"
    place.run(["g++", "-std=c++17", "-O2", SIMULATORS / "with_simgrid.cpp", "-o", program,
               "-lsimgrid"])  # fmt: skip
    return [program]


def beside_others(place):
    for name, command, trials, goal in OTHERS:
        if not is_there(name):
            yield Figure(f"model / {name}", None, goal=goal, note=f"{name} is not installed")
            continue
        if name == "SimGrid":
            command = simgrid(place)
        told = []
        for _ in range(place.pairs(7)):
            words = [*command, trials // (20 if place.quick else 1)]
            if name == "SimGrid":
                words.append("--log=root.thres:error")
            theirs = json.loads(place.run(words, pinned=True))
            told.append((ours(place, 100000, "checks"), theirs))
        mine, theirs = told[0]
        same = all(mine[key] == theirs[key] for key in ("steps", "requests", "elections"))
        pairs = [(mine["us_per_trial"], theirs["us_per_trial"]) for mine, theirs in told]
        note = (f"{middle(pairs, 1) / middle(pairs, 0):.0f} times as fast: "
                f"{middle(pairs, 0):.2f} µs and {middle(pairs, 1):.0f} µs a trial; "
                f"{mine['steps']:.0f} and {theirs['steps']:.0f} steps, mean latency "
                f"{mine['mean_latency_us']:.0f} and {theirs['mean_latency_us']:.0f} µs"
                f"{'' if same else ': NOT the same'}")  # fmt: skip
        yield ratio(f"model / {name}", pairs, goal=goal if same else 0, note=note)


def growing(place):
    for nodes in SIZES[:2] if place.quick else SIZES:
        spread = nodes * 1000
        path = place.scenario(CLUSTER.format(
            nodes=nodes, spread=spread, master=spread + 10000, flip=spread + 102000,
            duration=spread + 190000,
        ))  # fmt: skip
        trials = max(1, 100000 // nodes // nodes)
        told = [
            place.program("bench_model", path, trials, "checks", pinned=True)
            for _ in range(3)
        ]  # fmt: skip
        told.sort(key=lambda one: one["us_per_trial"])
        one = told[1]
        ns = one["us_per_trial"] * 1000 / one["steps"]
        note = (f"{one['us_per_trial'] / 1000:,.3f} ms a trial of {one['steps']:,.0f} steps; "
                f"{one['bytes_per_process']:,} bytes a process; "
                f"{one['virtual_s'] * 1e6 / one['us_per_trial']:,.0f} times real time")
        yield Figure(f"model: a step, {nodes:,} nodes", ns, "ns", note=note)


def chaos(place):
    """Whether the time of a draw grows with the members faster than the trial does."""
    def seconds(nodes):
        path = place.scenario(CHAOS.format(nodes=nodes, down=nodes // 10))
        told = place.program("bench_model", path, 10000 // nodes, "checks", pinned=True)
        return told["us_per_trial"] / 1e6

    sizes = (10, 100) if place.quick else (100, 1000)
    pairs = [tuple(seconds(nodes) / nodes for nodes in reversed(sizes))
             for _ in range(place.pairs(7))]  # fmt: skip
    note = (f"200 faults: {middle(pairs, 0) * sizes[1]:.3f} s and "
            f"{middle(pairs, 1) * sizes[0]:.3f} s a trial")  # fmt: skip
    yield ratio(f"model: chaos a member, {sizes[1]} / {sizes[0]}", pairs, goal=1.5, note=note)


def lessons(place):
    for path in sorted(LESSONS.glob("*.yaml"))[: 1 if place.quick else None]:
        told = [
            place.program("bench_model", path, 2000 // (50 if place.quick else 1), "checks",
                          pinned=True)
            for _ in range(3)
        ]  # fmt: skip
        told.sort(key=lambda one: one["us_per_trial"])
        one = told[1]
        times = one["virtual_s"] * 1e6 / one["us_per_trial"]
        note = f"{one['virtual_s']:.2f} s in {one['us_per_trial']:.0f} µs"
        yield Figure(f"model: {path.stem}", times, "x real", note=note)


def measure(place):
    """the model's trials a second, beside heapq, SimPy, SimGrid and fakeredis, and as it grows"""
    yield from by_itself(place)
    yield from whole_runs(place)
    yield from beside_others(place)
    yield from growing(place)
    yield from chaos(place)
    yield from lessons(place)
