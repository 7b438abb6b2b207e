#!/usr/bin/python3
"""Writes scenarios/catalogue/README.md from the heads and the expectations of its files.

    tests/catalogue/table.py            write it
    tests/catalogue/table.py --print    print it
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import catalogue  # noqa: E402

HEAD = """\
# The catalogue of failures

The known failures of elections under a Redis lock, one file a story, each reproduced on demand: on
real processes and in the model alike. The head of a file says who does what when, what breaks, who
told it first, and what cures it. Beside it, where there is a cure among our locks and settings,
stands a twin, `…-cured.yaml`, in which the same goes wrong and the promise holds.

    sim/hustings run scenarios/catalogue/paused-holder.yaml
    sim/hustings run --on model scenarios/catalogue/*.yaml
    tests/catalogue/run                   all of them, several at once

*always*: in every trial. The expectations in the file say the same, and the tests run them.

| story | what breaks | on processes | in the model | cure | told by |
|---|---|---|---|---|---|
"""

FOOT = """
The check `wrong_winner` has no story: it is broken by elections that do not keep their own rules,
and nothing that is done to links, servers, clocks or processes makes ours do that. Its tests let a
mutilated election break it.

## Waiting

These stories need what is not here yet.

| no. | story | waits for |
|---|---|---|
"""

NOTE = "\nThis page is written by `tests/catalogue/table.py`; do not edit it.\n"


def linked(path):
    return f"[{path.stem}]({path.name})"


def broken(story, able):
    """What is seen on a host that can do these faults."""
    lines = story.text.splitlines()
    for first, last in catalogue.faults_of(story.text):
        entry = " ".join(lines[first:last])
        if not any(f" {fault}:" in entry or f"{{{fault}:" in entry for fault in able):
            return "cannot be done"
    seen = [f"{often}: " + ", ".join(f"`{check}`" for check in story.expects(often))
            for often in ("always", "sometimes") if story.expects(often)]
    return "; ".join(seen)


def row(story, able):
    cure = story.cure.split(":")[0] if story.twin else story.cure
    cure = cure[0].upper() + cure[1:].rstrip(".")
    if story.twin:
        cure += f": {linked(story.twin)}"
    cells = [f"{story.number}. {linked(story.path)}: {about(story)}",
             story.breaks[0].upper() + story.breaks[1:]]
    cells += [broken(story, able[host]) for host in catalogue.HOSTS]
    return "| " + " | ".join(cells + [cure, told_by(story)]) + " |\n"


def told_by(story):
    """The sources, each a link: "redis-py issue 818 <https://…>" in the head."""
    text = re.sub(r"\s*([^;<>]+?) <(https?://[^>]+)>", r" [\1](\2)", story.source).strip()
    return text[0].upper() + text[1:].rstrip(".")


def about(story):
    (line,) = [line for line in story.text.splitlines() if line.startswith("about: ")]
    return line.removeprefix("about: ")


def table():
    able = {host: catalogue.can(host) for host in catalogue.HOSTS}
    text = HEAD + "".join(row(story, able) for story in catalogue.stories())
    text += FOOT
    for number, what, waits_for in catalogue.WAITING:
        text += f"| {number} | {what} | {waits_for} |\n"
    return text + NOTE


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(table())
    else:
        (catalogue.FOLDER / "README.md").write_text(table())
