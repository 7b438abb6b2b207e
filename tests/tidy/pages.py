"""The rule of house.py on pages of Markdown: each link leads to a file, a folder or a heading that
is there."""
import os
import re

FENCE = re.compile(r"^(```|~~~).*?^\1", re.S | re.M)
LINK = re.compile(r"\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.*?)(?: +#+)? *$", re.M)
# What a tree of texts has not.
PICTURES = (".png", ".svg")


def anchors(text):
    """What a link may name in this page: its headings, as GitHub spells them."""
    found = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        heading = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = 0
        while (f"{name}-{number}" if number else name) in found:
            number += 1
        found.add(f"{name}-{number}" if number else name)
    return found


def links_lead_somewhere(tree):
    folders = {"/".join(path.split("/")[:depth])
               for path in tree for depth in range(1, path.count("/") + 1)}  # fmt: skip
    for path, text in sorted(tree.items()):
        if not path.endswith(".md"):
            continue
        plain = re.sub(r"`[^`\n]*`", "", FENCE.sub(lambda it: "\n" * it[0].count("\n"), text))
        for link in LINK.finditer(plain):
            if re.match(r"[a-z]+:", link[1]):
                continue  # another site
            name, _, anchor = link[1].partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
            line = plain.count("\n", 0, link.start()) + 1
            if target not in tree and target not in folders and not target.endswith(PICTURES):
                yield f"{path}:{line}: {link[1]}: there is no {target}"
            elif anchor and anchor not in anchors(tree.get(target, "")):
                yield f"{path}:{line}: {link[1]}: {target} has no such heading"
