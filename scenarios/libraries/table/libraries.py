"""The libraries: which version is there, and what a story must know of each.

How to add one: README.md, "How to add one", has all that it needs.
"""

import dataclasses
import json
import os
import pathlib
import subprocess

FOLDER = pathlib.Path(__file__).resolve().parent.parent
HELPERS = {
    ".py": "hustings.py", ".mjs": "hustings.mjs", ".cjs": "hustings.mjs", ".php": "hustings.php",
    ".rb": "hustings.rb", ".pl": "Hustings.pm", ".sh": "hustings.sh",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Library:
    """`kind`: lock, or leader; `renews`: it prolongs its lock by itself while it works; `key`:
    where its lock is, if not where it is told, as a scenario's `lock_key` has it; `version`: of
    what, as version_of() takes it; `exits`: its manual asks for a process that ends itself on an
    error, so something starts it anew, here a shell; `exact`: its claims say since when they are
    so; `loads`: its first request to give the lock back is one by a digest that the Redis does not
    know yet, and is sent again; `counts`: its worker sees when its lock ends by the library's own
    count."""

    name: str
    worker: str
    version: str
    kind: str = "lock"
    renews: bool = False
    key: str = ""
    exits: bool = False
    exact: bool = True
    loads: bool = False
    counts: bool = False

    @property
    def text(self):
        """Of its worker, and of its language's helper for claims."""
        paths = (FOLDER / self.worker, FOLDER / HELPERS[pathlib.Path(self.worker).suffix])
        return "".join(path.read_text(encoding="utf-8") for path in paths)

    @property
    def words(self):
        """Its program, as words of a scenario."""
        path = str(FOLDER / self.worker)
        return ["sh", "-c", f"'while :; do {path}; sleep 0.3; done'"] if self.exits else [path]


LIBRARIES = {
    row.name: row
    for row in (
        Library("redis-py", "redis-py.py", "py:redis", loads=True),
        Library("redis-py-renewed", "redis-py-renewed.py", "py:redis", renews=True, loads=True),
        Library("redlock-4", "redlock-4.cjs", "npm:redlock-4"),
        Library("redlock-5", "redlock-5.mjs", "npm:redlock-5", renews=True, loads=True,
                counts=True),
        Library("redlock-5-acquire", "redlock-5-acquire.mjs", "npm:redlock-5", loads=True,
                counts=True),
        Library("sesamecare-redlock", "sesamecare-redlock.mjs", "npm:@sesamecare-oss/redlock",
                renews=True, loads=True, counts=True),
        Library("redis-semaphore", "redis-semaphore.mjs", "npm:redis-semaphore", renews=True,
                loads=True, key="mutex:{key}"),
        Library("redis-leader", "redis-leader.mjs", "npm:redis-leader", kind="leader", renews=True,
                exits=True, key="leader:{sha1}"),
        Library("ts-safe-redis-leader", "ts-safe-redis-leader.mjs", "npm:ts-safe-redis-leader",
                kind="leader", renews=True, key="leader: {sha1}"),
        Library("symfony-lock", "symfony-lock.php", "deb:php-symfony-lock"),
        Library("ruby-redis", "ruby-redis.rb", "deb:ruby-redis"),
        Library("perl-redis", "perl-redis.pl", "deb:libredis-perl"),
        Library("redis-cli", "redis-cli.sh", "deb:redis-tools", exact=False),
        Library("rq-scheduler", "rq-scheduler.py", "deb:python3-rq", key="rq:scheduler-lock:{key}"),
    )
}  # fmt: skip


def why_not_installed(name):
    """None if it is there; else what its `install` says, with the command."""
    asked = subprocess.run(
        [FOLDER / "install", name], capture_output=True, text=True, check=False,
        env={**os.environ, "HUSTINGS_INSTALL": "no"},
    )  # fmt: skip
    assert asked.returncode in (0, 3), asked
    if asked.returncode == 0:
        return None
    return f"{name} is not installed: scenarios/libraries/install {name}"


def version_of(library):
    """As the machine has it: "4.3.4"; of Debian's packages without epoch and revision."""
    where, name = library.version.split(":", 1)
    if where == "npm":
        path = FOLDER / "node_modules" / name / "package.json"
        return json.loads(path.read_text(encoding="utf-8"))["version"].removeprefix("v")
    if where == "py":
        words = ["/usr/bin/python3", "-c", f"import {name}; print({name}.__version__)"]
    else:
        words = ["dpkg-query", "-W", "-f", "${Version}", name]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    return said.split(":")[-1].split("+")[0].split("-")[0]
