"""The stories: the order of their rows, whom they do not apply to, and what is a break in them.

How to add one: a file in stories/, a whole scenario for redis-py whose lines `program:`, `env:` and
`lock:` stand at the margin, one line each; and a row in STORIES. Then its cells: see run --help.
"""

import dataclasses
import re

from libraries import FOLDER


@dataclasses.dataclass(frozen=True)
class Story:
    """`number`: in the catalogue of failures. `safe`: a lock can be expected to stand this.
    `renewed`: it is of libraries alone that prolong their lock. `leader_works`: who leads stands
    down after WORK_MS, not only if it must. `lost`: its fault takes the lock away under its holder,
    or has missed. `rival_ms`: so long after its fault another must have asked for the lock, or it
    has missed; `answered`: and must have had an answer after it; `no_rival`: why none need ask.
    `regiven`: another must have the lock before node 1 gives it back again, or it has missed; the
    fault that holds that request need not come. `counts`: it is of libraries alone whose worker
    sees when its lock ends by the library's own count. `says`: a break is a line of the log, too,
    that this matches. `only`: the only library that it is of."""

    name: str
    number: str = ""
    safe: bool = True
    renewed: bool = False
    leader_works: bool = False
    lost: bool = False
    rival_ms: int = 0
    answered: bool = False
    no_rival: str = ""
    regiven: bool = False
    counts: bool = False
    says: str = ""
    only: str = ""

    @property
    def path(self):
        return FOLDER / "stories" / f"{self.name}.yaml"

    @property
    def text(self):
        return self.path.read_text(encoding="utf-8")

    @property
    def about(self):
        return re.search(r"^about: (.*)$", self.text, re.M)[1]

    @property
    def held(self):
        """Whether its first fault is to find the first node with the lock."""
        return "does: asks_lock}, after" in self.text

    @property
    def faults(self):
        """How many there are in the file that must come."""
        if self.regiven:
            return 1
        part = self.text.split("\nfaults:\n")
        return part[1].count("\n  - ") + 1 if len(part) > 1 else 0


STORIES = {
    row.name: row
    for row in (
        Story("calm", no_rival="all ask all the time"),
        Story("short-pause", rival_ms=800, answered=True),
        Story("crashed-holder", no_rival="the holder is dead: it asks who gets the lock next"),
        Story("redis-kept", rival_ms=1100, answered=True),
        Story("redis-stalls", no_rival="the others begin while it stands still"),
        Story("release-refused", "32", no_rival="while it lasts nobody can be granted the lock"),
        Story("renewal-lost", renewed=True, rival_ms=2500),
        Story("renewal-refused", "37", renewed=True, rival_ms=2500),
        Story("holder-cut-off", "26", renewed=True, rival_ms=2500),
        Story("late-answer", "17", rival_ms=2200),
        Story("answer-lost", "21", no_rival="nobody has it: it asks who gets the lock next"),
        Story("release-answer-lost", "23", leader_works=True, regiven=True),
        Story("late-release", "2", leader_works=True, rival_ms=1300),
        Story("half-taken", "3", only="symfony-lock",
              no_rival="the holder is dead: it asks who gets the lock next"),
        Story("other-worker-ends", "2", only="rq-scheduler",
              no_rival="the lock of another is taken away: that alone is the break"),
        Story("long-work", "20", no_rival="all ask all the time"),
        Story("born-expired", counts=True, says=r"expired -?\d+ ms before it was|already-expired",
              no_rival="it asks what each is told of its own lock"),
        Story("paused-holder", "1", safe=False, rival_ms=2200),
        Story("redis-emptied", "7", safe=False, rival_ms=2000),
        Story("clock-forward", "13", safe=False, lost=True, rival_ms=2000),
        Story("clock-back", "14", safe=False,
              no_rival="the holder is dead: it asks who gets the lock next"),
        Story("evicted", "30", safe=False, lost=True, rival_ms=2000),
    )
}


def why_not(story, library):
    """Why a story does not apply to a library; None if it does."""
    if story.only:
        return None if library.name == story.only else f"it is of {story.only} alone"
    if library.name == "rq-scheduler":
        return "its lock lives for 61 s, whatever one says"
    if story.renewed and not library.renews:
        return "it prolongs nothing by itself"
    if story.counts and not library.counts:
        return "its worker is not told when its lock ends"
    return None


def scenario(story, library):
    """The story's text for a library."""
    text = story.text
    text = text.replace("$schema=../../", f"$schema={FOLDER.parent}/")
    if story.only:
        return text.replace("[../", f"[{FOLDER}/")
    if story.regiven and not library.loads:
        text = text.replace("nth: 2", "nth: 1").replace("nth: 3", "nth: 2")
    env = {"PYTHONDONTWRITEBYTECODE": "1"}
    env |= dict(re.findall(r"(\w+): (\d+)", re.search(r"^env: (.*)$", text, re.M)[1]))
    if library.kind == "leader":
        text = line(text, "protocol", "own_leader")
        env["RETRY_MS"] = "200"
        if not story.leader_works:
            del env["WORK_MS"]
    text = line(text, "program", "[" + ", ".join(library.words) + "]")
    text = line(text, "env", "{" + ", ".join(f"{name}: {env[name]}" for name in env) + "}")
    if library.key:
        text = line(text, "lock_key", f'"{library.key}"')
    return text


def line(text, key, value):
    """The text with that line at the margin."""
    new, count = re.subn(rf"^{key}: .*$", lambda _: f"{key}: {value}", text, flags=re.M)
    return new if count else re.sub(r"^(lock: .*)$", rf"\1\n{key}: {value}", text, flags=re.M)
