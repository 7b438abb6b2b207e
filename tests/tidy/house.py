"""The rules of the house, each a function from a tree to complaints "file:line: what is wrong".

A tree is a dict of path -> text, so that the rules themselves can be tested on small made-up ones.

How to add a rule: a function here, a row in RULES at the end, and in test_tidy.py a tree that
breaks it.
"""
import os
import re
import shutil
import subprocess

import circles
import pages

FILE_LINES = 400
FUNCTION_LINES = 70
COLUMNS = 100

# Files that may be longer, each with the reason. Empty is how it should be.
LONG_FILES = {}

TOP_LEVEL = {
    ".ci", ".clang-format", ".clang-tidy", ".devcontainer", ".gitattributes", ".github",
    ".gitignore", "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "README.zh.md",
    "results", "scenarios", "sim", "src", "tests",
}  # fmt: skip

# What the elections may use: nothing that asks the world, remembers behind one's back, or prints.
SRC_HEADERS = {
    "assert.h", "inttypes.h", "limits.h", "stdbool.h", "stddef.h", "stdint.h", "string.h",
}  # fmt: skip

# Data flows one way through the rooms of sim/: who may include whom. (The files that lie in sim/
# itself are the program's frame: main.c may include every room, and every room version.h.) The
# lowest room is everybody's.
LOWEST = "text"
ROOMS = {
    LOWEST: set(),
    "system": set(),
    "ops": set(),
    "resp": set(),
    "wild": {"resp"},
    "faults": set(),
    "history": {"faults", "ops"},
    "jsonl": {"faults", "history", "ops"},
    "checks": {"faults", "history", "ops"},
    "scene": {"faults", "history", "checks", "ops"},
    "story": {"faults", "history", "checks", "ops", "scene"},
    "scenario": {"faults", "checks", "ops"},
    "host": {"faults", "history", "ops", "scenario"},
    "relay": {"faults", "host", "resp", "wild"},
    "program": set(),
    "processes": {
        "faults", "history", "ops", "resp", "wild", "scenario", "host", "system", "relay",
        "program",
    },  # fmt: skip
    "model": {"faults", "history", "checks", "ops", "scenario", "host"},
    "model_host": {"history", "scenario", "host", "system", "model"},
    "outcome": {"faults", "history", "checks", "ops", "scenario"},
    "results": {"faults", "history", "jsonl", "checks", "ops", "program", "scenario", "outcome"},
    "export": {"faults", "history", "checks", "scene", "ops", "results"},
    "compare": {"history", "outcome", "results"},
    "terminal": {
        "faults", "history", "checks", "story", "scenario", "host", "outcome", "results",
    },  # fmt: skip
    "live": {
        "faults", "history", "checks", "ops", "scene", "story", "host", "model", "outcome",
        "terminal",
    },  # fmt: skip
    "grid": {
        "history", "checks", "scenario", "host", "outcome", "results", "system",
    },  # fmt: skip
    "picture": set(),
    "matrix": {
        "faults", "history", "checks", "scenario", "host", "outcome", "results", "terminal",
        "grid", "picture",
    },  # fmt: skip
    "sweep": {
        "faults", "history", "checks", "scenario", "host", "outcome", "results", "system",
        "terminal", "grid", "picture",
    },  # fmt: skip
    "report": {
        "faults", "history", "jsonl", "checks", "ops", "scenario", "scene", "story", "outcome",
        "results", "compare",
    },  # fmt: skip
    "manual": {"results", "terminal"},
    "cli": {
        "faults", "history", "jsonl", "checks", "ops", "story", "scenario", "host", "system",
        "processes", "model", "model_host", "outcome", "results", "export", "compare", "terminal",
        "report", "live", "grid", "picture", "matrix", "sweep", "manual",
    },  # fmt: skip
}

# The rooms that only think; with src/ they are the library hustings_pure of CMakeLists.txt. Of a
# scenario they know the struct.
PURE = {
    "ops", "resp", "wild", "faults", "history", "checks", "scene", "story", "host", "model",
    "outcome",
}  # fmt: skip
PURE_HEADERS = SRC_HEADERS | {"math.h", "stdarg.h", "stdatomic.h", "stdio.h", "stdlib.h"}
SCENARIO = "sim/scenario/scenario.h"

# How many assertions a function a room has at least: where rooms meet, and at each transition of a
# machine. They are for bugs, and stay on: what input, a stranger or a failing world can bring about
# is an error to report. A room that has come so far goes onto this list.
ASSERTING = {
    "sim/checks": 0.5,
    "sim/history": 0.5,
    "sim/host": 0.5,
    "sim/model": 0.5,
    "sim/model_host": 0.5,
    "sim/ops": 0.5,
    "sim/outcome": 0.5,
    "sim/processes": 0.5,
    "sim/relay": 0.5,
    "sim/story": 0.5,
}

# Who may use which library, by how its headers begin.
LIBRARIES = {
    "yaml.h": {"scenario"},
    "hiredis": {"processes"},
    "pthread.h": {"model_host", "grid", "cli"},
    "cjson/": {
        "jsonl", "model_host", "processes", "program", "results", "compare", "terminal", "report",
        "cli",
    },  # fmt: skip
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def tree_of(root):
    """The sources below `root`: what git knows or would take, or else all but what builds and runs
    leave behind."""
    command = ["git", "-C", root, "ls-files", "-co", "--exclude-standard"]
    git = shutil.which("git") and subprocess.run(command, capture_output=True, text=True)
    if git and git.returncode == 0:
        paths = git.stdout.splitlines()
    else:
        paths = list(walk(root))
    tree = {}
    for path in paths:
        whole = os.path.join(root, path)
        if os.path.isfile(whole) and not os.path.islink(whole):
            with open(whole, encoding="utf-8", errors="replace") as file:
                text = file.read()
            if "\0" not in text:  # a picture is no text
                tree[path] = text
    return tree


def walk(root):
    for folder, folders, files in os.walk(root):
        here = os.path.relpath(folder, root)
        folders[:] = [
            name
            for name in folders
            if name not in (".git", "__pycache__", "node_modules")
            and not (here == "." and name.startswith("build"))
            and not here.startswith("results")
        ]
        for name in files:
            if here != "results" or name == "README.md":
                yield os.path.normpath(os.path.join(here, name))


def sources(tree, *endings):
    for path in sorted(tree):
        if path.endswith(endings):
            yield path, tree[path].splitlines()


def is_script(path, text):
    return path.endswith((".sh", ".py")) or text.startswith("#!")


def includes(tree, folder):
    """(path, line number, bracket, what) of each #include in C files below `folder`."""
    for path, lines in sources(tree, ".c", ".h"):
        if path.startswith(folder + "/"):
            for number, line in enumerate(lines, 1):
                found = INCLUDE.match(line)
                if found:
                    yield path, number, found[1], found[2]


def src_stands_alone(tree):
    for path, number, bracket, what in includes(tree, "src"):
        if bracket == "<" and what not in SRC_HEADERS:
            yield f"{path}:{number}: <{what}> is not for the elections, which are pure"
        if bracket == '"' and not what.startswith("src/"):
            yield f"{path}:{number}: \"{what}\": src/ includes only its own, as \"src/…\""


def rooms_flow_one_way(tree):
    for path, number, bracket, what in includes(tree, "sim"):
        if bracket == "<":
            continue
        parts = what.split("/")
        if parts[0] == "src" or what == "sim/version.h" or what == "hustings_version.h":
            continue
        if parts[0] != "sim" or len(parts) != 3:
            yield f"{path}:{number}: \"{what}\": includes are written from the root, \"sim/room/…\""
            continue
        room = path.split("/")[1]
        if room.endswith(".c") or parts[1] in (room, LOWEST):
            continue
        if room not in ROOMS:
            yield f"{path}:{number}: the room sim/{room} is not in the table of rooms"
        elif parts[1] not in ROOMS[room]:
            yield f"{path}:{number}: sim/{room} must not know sim/{parts[1]}"


def thinking_rooms_are_pure(tree):
    for path, number, bracket, what in includes(tree, "sim"):
        if path.split("/")[1] not in PURE:
            continue
        if bracket == "<" and what not in PURE_HEADERS:
            yield f"{path}:{number}: <{what}> is not for what only thinks"
        if bracket == '"' and what.startswith("sim/scenario/") and what != SCENARIO:
            yield f"{path}:{number}: \"{what}\": it may know {SCENARIO}, not how that is loaded"


def libraries_stay_in_their_rooms(tree):
    for path, number, bracket, what in includes(tree, "sim"):
        for begins, rooms in LIBRARIES.items():
            if bracket == "<" and what.startswith(begins) and path.split("/")[1] not in rooms:
                yield f"{path}:{number}: <{what}> is for {', '.join(sorted(rooms))} alone"


def files_are_rooms(tree):
    for path, lines in sources(tree, ".c", ".h", ".py", ".sh", ".cmake", "sim/hustings", "/run"):
        if len(lines) > FILE_LINES and path not in LONG_FILES:
            yield f"{path}:{FILE_LINES}: {len(lines)} lines; one file is one room of {FILE_LINES}"
    for path in LONG_FILES:
        if len(tree.get(path, "").splitlines()) <= FILE_LINES:
            yield f"{path}:1: is not long any more; take it off the list"


def functions_fit_on_a_screen(tree):
    """By the braces of a function, which clang-format puts into the first column."""
    for path, lines in sources(tree, ".c", ".h"):
        began = None
        for number, line in enumerate(lines, 1):
            if line == "{":
                began = number
            elif line.startswith("}") and began is not None:
                if number - began + 1 > FUNCTION_LINES:
                    yield f"{path}:{began}: a function of {number - began + 1} lines"
                began = None


def rooms_assert(tree):
    for room, least in ASSERTING.items():
        files = [path for path in circles.files_of(tree) if circles.room_of(path) == room]
        functions = sum(line == "{" for path in files for line in tree[path].split("\n"))
        asserts = sum(len(re.findall(r"\bassert\(", tree[path])) for path in files)
        if asserts < least * functions:
            yield (
                f"{files[0]}:1: {room} has {asserts} assertions in {functions} functions, less than"
                f" {least} each"
            )


def lines_fit(tree):
    for path, lines in sources(tree, ".c", ".h", ".py", ".sh", "sim/hustings", "/run", ".yaml"):
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS and "http" not in line and "noqa" not in line:
                yield f"{path}:{number}: {len(line)} columns"


def files_open_with_their_purpose(tree):
    for path, lines in sources(tree, ".c", ".h"):
        if not lines or not lines[0].startswith("/* "):
            yield f"{path}:1: opens without a comment that says what it is for"
    for path, text in sorted(tree.items()):
        lines = text.splitlines() + ["", ""]
        if is_script(path, text):
            first = lines[1] if lines[0].startswith("#!") else lines[0]
            if not first.startswith(("# ", "// ", "<?php // ", '"""')):
                yield f"{path}:1: opens without a comment that says what it is for"
        if path.startswith("scenarios/") and path.endswith(".yaml"):
            if not lines[0].startswith("#"):
                yield f"{path}:1: opens without a comment that says what to watch"


def nothing_is_left_for_later(tree):
    words = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
    for path, lines in sources(tree, ""):
        for number, line in enumerate(lines, 1):
            if words.search(line):
                yield f"{path}:{number}: left for later"


def nothing_is_left_of_a_merge(tree):
    for path, lines in sources(tree, ""):
        for number, line in enumerate(lines, 1):
            if line.startswith(("<" * 7 + " ", ">" * 7 + " ")):
                yield f"{path}:{number}: both sides of a merge stand here"


def top_level_is_fixed(tree):
    for path in sorted({path.split("/")[0] for path in tree} - TOP_LEVEL):
        yield f"{path}:1: is not among the folders and files of the house"


def folders_have_their_manual(tree):
    for folder in sorted({path.split("/")[0] for path in tree if "/" in path}):
        if not folder.startswith(".") and f"{folder}/README.md" not in tree:
            yield f"{folder}/README.md:1: is missing: each top folder has its manual"
    if "README.md" not in tree:
        yield "README.md:1: is missing"


RULES = [
    src_stands_alone,
    rooms_flow_one_way,
    thinking_rooms_are_pure,
    libraries_stay_in_their_rooms,
    circles.nobody_includes_in_a_circle,
    circles.nobody_calls_in_a_circle,
    files_are_rooms,
    functions_fit_on_a_screen,
    rooms_assert,
    lines_fit,
    files_open_with_their_purpose,
    nothing_is_left_for_later,
    nothing_is_left_of_a_merge,
    top_level_is_fixed,
    folders_have_their_manual,
    pages.links_lead_somewhere,
]
