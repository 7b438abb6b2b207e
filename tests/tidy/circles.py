"""Circles within a room: files that include each other, or call each other's functions, directly or
round a ring. A file is here its .c and its .h together, by the path without the ending.

What is in a circle cannot be read, tested or moved by itself. To open one: move what both need
into a file below both; or let the lower file leave a flag, a queue entry or a return value that
the upper one reads; or hand a function pointer down.
"""
import re

# Files that are still in a circle. No name may come here; one whose circle is opened must go.
STILL_INCLUDING = set()
STILL_CALLING = set()

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LITERAL = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
# Not a member, which stands behind a point or an arrow.
NAME = re.compile(r"(?<![\w.>])[A-Za-z_]\w*")


def room_of(path):
    parts = path.split("/")
    return parts[0] if parts[0] == "src" else "/".join(parts[:2])


def files_of(tree):
    """The C files that lie in a room."""
    for path in sorted(tree):
        if path.endswith((".c", ".h")) and path.startswith(("src/", "sim/")):
            if path.startswith("src/") or path.count("/") == 2:
                yield path


def include_graph(tree):
    graph = {}
    for path in files_of(tree):
        for what in INCLUDE.findall(tree[path]):
            if what[:-2] != path[:-2] and room_of(what) == room_of(path):
                graph.setdefault(path[:-2], set()).add(what[:-2])
    return graph


def functions_of(text):
    """(name, is static, body) of each function, by the braces in the first column, where
    clang-format puts them."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line != "{":
            continue
        first = number
        while first > 0 and re.match(r"[^}#]*[^;}]$", lines[first - 1]):
            first -= 1
        head = " ".join(lines[first:number])
        name = re.search(r"(\w+)\(", head)
        if name:
            last = next(i for i in range(number, len(lines)) if lines[i].startswith("}"))
            yield name[1], "static" in head.split(), "\n".join(lines[number:last])


def call_graph(tree):
    """Who names whose functions: calls them, or hands them on. Declarations do not count, so of a
    header only the bodies of its functions do."""
    texts = {path: LITERAL.sub('""', COMMENT.sub("", tree[path])) for path in files_of(tree)}
    homes, own, used = {}, {}, {}
    for path, text in texts.items():
        bodies = ""
        for name, is_static, body in functions_of(text):
            bodies += body
            own.setdefault(path, set()).add(name)
            if not is_static:
                homes[name] = path
        used[path] = set(NAME.findall(text if path.endswith(".c") else bodies))
    graph = {}
    for path in texts:
        for name in used[path] & homes.keys() - own.get(path, set()):
            home = homes[name]
            if home[:-2] != path[:-2] and room_of(home) == room_of(path):
                graph.setdefault(path[:-2], set()).add(home[:-2])
    return graph


def reachable(graph, start):
    seen, left = set(), [start]
    while left:
        for file in graph.get(left.pop(), ()):
            if file not in seen:
                seen.add(file)
                left.append(file)
    return seen


def circles_of(graph):
    """The sets of files that reach each other."""
    reach = {file: reachable(graph, file) for file in graph}
    found = {}
    for file in sorted(graph):
        if file in reach[file]:
            ring = {other for other in reach[file] if file in reach.get(other, ())}
            found[min(ring)] = ring
    return [found[first] for first in sorted(found)]


def complaints(tree, graph, verb, still):
    known = {path[:-2] for path in files_of(tree)}
    in_circle = set()
    for ring in circles_of(graph):
        in_circle |= ring
        new = sorted(ring - still)
        if new:
            path = new[0] + (".c" if new[0] + ".c" in tree else ".h")
            names = ", ".join(sorted(ring))
            yield f"{path}:1: {verb} in a circle: {names}; circles.py says how to open it"
    for file in sorted((still & known) - in_circle):
        yield f"{file}:1: is not {verb} in a circle any more; take it off the list in circles.py"


def nobody_includes_in_a_circle(tree):
    return complaints(tree, include_graph(tree), "including", STILL_INCLUDING)


def nobody_calls_in_a_circle(tree):
    return complaints(tree, call_graph(tree), "calling", STILL_CALLING)
