"""What the cells say, in words: a list on the screen, and the table of README.md."""

import re

import libraries
import reports
import stories

README = libraries.FOLDER / "README.md"


def is_red(row):
    return any(int(row[ending]) for ending in ("breaks", "ends", "blocks"))


def cell_words(row):
    """holds, or: breaks 10, blocks 1 of 10."""
    trials = int(row["trials"])
    seen = [
        f"{ending} {row[ending]}"
        for ending in ("breaks", "ends", "blocks", "undecided", "missed")
        if int(row[ending])
    ]
    if not seen:
        return "holds" if trials >= 10 else f"holds, {trials} of {trials}"
    return ", ".join(seen) + f" of {trials}"


def print_list():
    print("stories:")
    for story in stories.STORIES.values():
        print(f"    {story.name:20} {story.about}")
    print("libraries:")
    for library in libraries.LIBRARIES.values():
        why = libraries.why_not_installed(library.name)
        print(f"    {library.name:22} {why or libraries.version_of(library)}")


def told(_cells):
    """What happens in each story."""
    yield "| story | no. | what happens |"
    yield "|---|---|---|"
    for story in stories.STORIES.values():
        yield f"| [{story.name}](stories/{story.name}.yaml) | {story.number} | {story.about} |"


def table(cells):
    """Stories as rows, libraries as columns."""
    columns = [
        library for library in libraries.LIBRARIES.values()
        if any(key[1] == library.name for key in cells)
    ]  # fmt: skip
    versions = {key[1]: row["version"] for key, row in cells.items()}
    heads = [f"{library.name} {versions[library.name]}" for library in columns]
    yield "| story | " + " | ".join(heads) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for story in stories.STORIES.values():
        words = [story.name]
        for library in columns:
            row = cells.get((story.name, library.name))
            if stories.why_not(story, library) is not None:
                words.append("–")
            elif row is None:
                words.append("not run")
            else:
                words.append(f"**{cell_words(row)}**" if is_red(row) else cell_words(row))
        yield "| " + " | ".join(words) + " |"


def findings(cells):
    """A row each red cell: what was seen, what the library says, the command, the report."""
    yield ("| `scenarios/libraries/run …` | seen | two at once, median | what it says | promised "
           "| public report |")  # fmt: skip
    yield "|---|---|---|---|---|---|"
    for story in stories.STORIES.values():
        for library in libraries.LIBRARIES.values():
            row = cells.get((story.name, library.name))
            if row is None or not is_red(row):
                continue
            together = f"{row['together_ms']} ms" if row["together_ms"] else ""
            together = "below 1 ms" if row["together_ms"] == "0" else together
            words = [f"`{story.name} {library.name}`", cell_words(row), together]
            words += [clean(row["says"]), reports.promise(story.name, library.name),
                      reports.report(story.name, library.name)]  # fmt: skip
            yield "| " + " | ".join(words) + " |"


def clean(text):
    return re.sub(r"[|<>`\r\n]", " ", text)


def made(text, cells):
    """README.md's text with what the cells say between its marks."""
    for name, make in (("stories", told), ("table", table), ("findings", findings)):
        rows = "\n".join(make(cells))
        mark = rf"(<!-- made: {name} -->\n).*?(<!-- end -->)"
        text, count = re.subn(mark, lambda m, rows=rows: f"{m[1]}{rows}\n{m[2]}", text, flags=re.S)
        assert count == 1, f"README.md has no place for the {name}"
    return text


def write(cells):
    README.write_text(made(README.read_text(encoding="utf-8"), cells), encoding="utf-8")
