"""A cell: a story put to a library, so many trials of it, and what came of each."""

import collections
import csv
import dataclasses
import fcntl
import hashlib
import json
import re
import statistics
import subprocess
import time

import libraries
import stories

# What may come of a trial; the first that is so counts.
ENDINGS = ("undecided", "missed", "breaks", "ends", "blocks", "holds")
BREAKS = {"two_lock_holders", "two_leaders", "foreign_release"}
LOSS = re.compile("NotOwned|[Ll]ost|not ours|expired|release the lock")  # it tells of a loss
BLUR_MS = 100  # by so much may a claim be late that does not say since when it is so
LOST_MS = 800  # after the fault began; the lock's own time is over much later
GIVES_BACK = {"delete", "delete_if_equal"}
GRANTS = {"put_if_absent", "extend_if_equal", "expire", "take_record"}
COLUMNS = ["story", "library", "version", "redis", "digest", "trials", *ENDINGS, "together_ms",
           "says", "why", "at"]  # fmt: skip


@dataclasses.dataclass
class Trial:
    ending: str
    why: str = ""
    together_ms: float = 0.0
    says: tuple = ()


class Failed(Exception):
    """hustings could not run the cell; the text is for people."""


def digest(story, library):
    """Of its story, worker and helper: if one of them changes, the cell is to be run anew."""
    text = stories.scenario(story, library).replace(str(libraries.FOLDER), "")
    plain_text = re.sub(r"^(#|about:).*\n", "", text, flags=re.M)
    return hashlib.sha256((plain_text + library.text).encode()).hexdigest()[:8]


def read_cells(path):
    """Story and library to row; none if there is no such file."""
    if not path.exists():
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        return {(row["story"], row["library"]): row for row in csv.DictReader(file)}


def is_of_now(row):
    """Whether the row's story, worker and helper are those that stand here now."""
    story = stories.STORIES.get(row["story"])
    library = libraries.LIBRARIES.get(row["library"])
    if story is None or library is None or stories.why_not(story, library) is not None:
        return False
    return row["digest"] == digest(story, library)


def write_cells(path, cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with open(part, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(cells[key] for key in sorted(cells))
    part.replace(path)


def add_cell(path, row):
    """Safe against another `run` with the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        write_cells(path, read_cells(path) | {(row["story"], row["library"]): row})


def events_of(folder, number):
    path = folder / "history" / f"trial-{number:04}.jsonl"
    with open(path, encoding="utf-8") as file:
        return [json.loads(text) for text in file][1:]


def enters(events, kind):
    """When each claim begins that says that its member has the lock, or leads."""
    field = "leads" if kind == "leader" else "in_section"
    inside = {}
    for event in events:
        if event["event"] in ("claim", "died"):
            now = event.get(field, False)
            if now and not inside.get(event["process"]):
                yield event["t_ms"], event["process"]
            inside[event["process"]] = now


def had_lock(events, kind, at):
    """Whether node 1 had the lock then, or led, by its claims."""
    field, now = "leads" if kind == "leader" else "in_section", False
    for event in events:
        if event["event"] == "claim" and event["process"] == 1 and event["t_ms"] <= at:
            now = event.get(field, False)
    return now


def was_lost(events, at):
    """Whether a fault of that time took the lock away: the first answer to another says so."""
    gone = [e["t_ms"] for e in events if e["event"] == "expired" and 0 < e["t_ms"] - at < LOST_MS]
    answers = [
        e["outcome"] for e in events
        if e["event"] == "reply" and e["op"] == "put_if_absent" and e["process"] != 1
        and gone and e["t_ms"] > gone[0] and e["outcome"] in ("ok", "nil")
    ]  # fmt: skip
    return answers[:1] == ["ok"]


def others_asked(events, at, story):
    """Whether the other nodes asked for the lock early enough, so that two could be at once."""
    asked, answered = False, False
    for event in events:
        if event["event"] in ("request", "reply") and event["process"] != 1:
            since = event["t_ms"] - at
            asked |= event["event"] == "request" and since < story.rival_ms
            answered |= (
                event["event"] == "reply" and 0 < since < story.rival_ms
                and event["op"] == "put_if_absent" and event["outcome"] in ("ok", "nil")
            )  # fmt: skip
    return asked and (answered or not story.answered)


def next_had_it(events, at):
    """Whether another got the lock that node 1 gave back then, before it gave it back again."""
    for event in events:
        if event["event"] == "reply" and at < event["t_ms"] < at + LOST_MS:
            if event["process"] != 1 and (event["op"], event["outcome"]) == ("put_if_absent", "ok"):
                return True
            if event["process"] == 1 and event["op"] in GIVES_BACK:
                return False
    return False


def standing(events):
    """Whether somebody leads at the end, and its lock was not lost since it was last granted."""
    leads, granted, lost = {}, 0, -1
    for event in events:
        if event["event"] in ("claim", "died"):
            leads[event["process"]] = event.get("leads", False)
        elif event["event"] == "expired":
            lost = event["t_ms"]
        elif event["event"] == "reply" and event["outcome"] == "ok" and event["op"] in GRANTS:
            granted = event["t_ms"]
    return any(leads.values()) and granted > lost


def judged(row, broken, events, said, story, library):
    """The trial of that row of trials.csv."""
    trial = Trial("holds", says=tuple(said))
    trial.together_ms = sum(
        float(row.get(name) or 0) for name in ("two_lock_holders_ms", "two_leaders_ms")
    )
    done = {event["index"] for event in events if event["event"] == "fault"}
    faults = [
        event["t_ms"] for event in events
        if event["event"] in ("fault", "healed") and event["index"] < story.faults
    ]  # fmt: skip
    after = max(faults, default=0)
    hit = [text for text in said if story.says and re.search(story.says, text)]
    undecided = [e["why"] for e in events if e["event"] == "undecided"]
    undecided += sorted(BREAKS & set(row["undecided"].split()) - broken.keys())
    if undecided:
        trial.ending, trial.why = "undecided", undecided[0]
    elif len(done) < story.faults:
        skipped = [e["why"] for e in events if e["event"] == "skipped"]
        trial.ending, trial.why = "missed", "; ".join(skipped) or "its moment never came"
    elif story.held and not had_lock(events, library.kind, min(faults)):
        trial.ending, trial.why = "missed", "node 1 had not yet the lock, or no longer"
    elif story.lost and not was_lost(events, min(faults)):
        trial.ending, trial.why = "missed", "the lock was not lost"
    elif story.rival_ms and not others_asked(events, min(faults), story):
        trial.ending, trial.why = "missed", "the others had not asked for the lock by then"
    elif story.regiven and not next_had_it(events, min(faults)):
        trial.ending, trial.why = "missed", "no other had the lock before it was given back again"
    elif not library.exact and BREAKS & broken.keys() and trial.together_ms < BLUR_MS:
        trial.ending, trial.why = "undecided", "two at once for less than its claims may be late"
    elif BREAKS & broken.keys():
        trial.ending, trial.why = "breaks", broken[min(BREAKS & broken.keys())]
    elif hit:
        trial.ending, trial.why = "breaks", hit[0]
    elif "program_ended" in broken:
        trial.ending, trial.why = "ends", broken["program_ended"]
    elif not any(at > after for at, _ in enters(events, library.kind)) and not (
        library.kind == "leader" and standing(events)
    ):
        trial.ending = "blocks"
        left = (events[-1]["t_ms"] - after) / 1000
        trial.why = f"nobody had the lock again in the {left:.1f} s that were left"
    return trial


def log_lines(folder, number):
    """What the library answered in that trial, as its workers tell it: `says: …`."""
    for path in sorted((folder / "logs").glob(f"trial-{number:04}-node-*.log")):
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if text.startswith("says: "):
                yield text.removeprefix("says: ")


def read(folder, story, library):
    """The trials of a results folder."""
    broken = collections.defaultdict(dict)
    with open(folder / "violations.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            broken[row["trial"]].setdefault(row["check"], row["explanation"])
    with open(folder / "trials.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number = int(row["trial"])
            said = list(log_lines(folder, number))
            yield judged(row, broken[row["trial"]], events_of(folder, number), said, story, library)


def run(hustings, folder, story, library, trials, seed):
    """Runs so many trials into a folder below `folder`; yields them."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "scenario.yaml"
    path.write_text(stories.scenario(story, library), encoding="utf-8")
    done = subprocess.run(
        [hustings, "run", "--allow-exec", "--trials", str(trials), "--seed", str(seed),
         "--out", folder, path],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    (folder / "said.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode not in (0, 1, 4):
        raise Failed(f"{story.name} {library.name}: {done.stderr.strip() or done.returncode}")
    return list(read((folder / "latest").resolve(), story, library))


def redis_version(folder):
    """Of the server that the last run in that folder went through."""
    with open(folder / "latest" / "run.json", encoding="utf-8") as file:
        return json.load(file)["redis_version"]


def plain(text):
    """Without what differs each time."""
    return re.sub(r"[0-9a-f-]{32,}|\d{3,}", "…", text)


def row_of(story, library, trials, folder):
    """The cell as a row of the CSV."""
    count = collections.Counter(trial.ending for trial in trials)
    order = ("breaks", "ends", "blocks", "missed", "undecided")
    worst = next((ending for ending in order if count[ending]), "holds")
    told = collections.Counter(plain(text) for trial in trials for text in set(trial.says))
    best = max(told, key=lambda text: (bool(LOSS.search(text)), told[text]), default="")
    together = [x.together_ms for x in trials if x.ending == "breaks" and x.together_ms]
    return {
        "story": story.name, "library": library.name, "version": libraries.version_of(library),
        "redis": redis_version(folder), "digest": digest(story, library), "trials": len(trials),
        **{ending: count[ending] for ending in ENDINGS},
        "together_ms": round(statistics.median(together)) if together else "",
        "says": best[:200],
        "why": next((x.why for x in trials if x.ending == worst), "")[:300],
        "at": time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime()),
    }  # fmt: skip
