#!/usr/bin/python3
"""scenario.schema.json and the manual agree with the loader.

The schema accepts every scenario that we ship and every example of the manual, and rejects every
file of tests/bad but those whose mistake is beyond a schema. The manual's examples pass lint, and
it names every key there is.
"""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "build" / "hustings"))
SCHEMA = json.loads((ROOT / "scenarios" / "scenario.schema.json").read_text())
MANUAL = (ROOT / "scenarios" / "README.md").read_text()
HEAD = {"name": "name: example", "nodes": "nodes: 5", "duration": "duration: 10s"}

# Mistakes that need arithmetic, another key's value, or the text itself.
BEYOND_SCHEMA = set(
    """
    duplicate-key duplicate-key-deep merge-key tag escaped-zero escaped-control
    duration-too-long duration-too-fine lock-ttl-not-whole
    latency-order latency-uniform-order latency-table-order
    start-after-the-end
    node-does-not-exist fault-after-the-end until-before-first
    when-never-happens when-never-happens-nodes when-nth-backward no-lock-to-expire
    impossible-crash-twice impossible-crash-overlaps impossible-restart impossible-resume
    impossible-pause impossible-flip-of-the-dead impossible-again-and-again
    impossible-redis randomly-out-of-bounds
    compose-bounds compose-jump-for compose-one-request
    servers-one servers-two servers-lock impossible-server
    fencing-without-epoch fencing-with-unfit-lock fencing-without-effect fencing-without-lock
    no-statuses
    leaders-repeat number-with-zeros
    pauses-not-there pauses-table-empty pauses-table-folder pauses-table-unit pauses-table-word
    pauses-none pauses-table-zero fault-no-resigning relative-times
    own-lock-none own-lock-redlock own-lock-record own-lock-fencing
    own-one-of-ours own-without-programs programs-faults programs-greeting programs-one-resigns
    """.split()
)


def as_json(value):
    """Maps of YAML may have numbers as keys, those of JSON may not."""
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value


def is_valid(text):
    """Whether an editor with this schema would be content. What is no YAML is not."""
    try:
        document = as_json(yaml.safe_load(text))
    except (yaml.YAMLError, UnicodeDecodeError):
        return False
    return jsonschema.Draft7Validator(SCHEMA).is_valid(document)


def shipped():
    """The scenarios that we ship; what else is YAML there is none (a manifest of Kubernetes)."""
    for path in sorted((ROOT / "scenarios").glob("**/*.yaml")):
        text = path.read_text(encoding="utf-8")
        if "node_modules" not in path.parts and not re.search(r"^apiVersion:", text, re.M):
            yield path


def complete(text):
    """A fragment with the required keys that it lacks."""
    lines = [line for key, line in HEAD.items() if not re.search(rf"^{key}:", text, re.M)]
    return "\n".join(lines + [text]) + "\n"


def examples():
    """Every example of the manual, as a whole scenario."""
    for block in re.findall(r"^```yaml\n(.*?)^```", MANUAL, re.S | re.M):
        yield complete(block)
    prose = re.sub(r"^```.*?^```", "", MANUAL, flags=re.S | re.M)
    for span in re.findall(r"`([^`\n]+)`", prose):
        if "…" in span or "time" in span:
            continue
        if re.match(r"\{(at|every|when|randomly):", span):
            restores = "- {at: 0s, crash: any}\n- {at: 0s, pause: any}\n"
            protocol = "lease" if "resign:" in span else "article"
            yield complete(f"protocol: {protocol}\nfaults:\n{restores}- {span}")
        elif re.match(r"(protocol|lock|starts|redis|network|expect): \{", span):
            yield complete(span)


def lint(*texts):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(texts):
            path = pathlib.Path(folder) / f"{number}.yaml"
            path.write_text(text)
            paths.append(str(path))
        return subprocess.run([HUSTINGS, "lint", "--quiet", *paths], capture_output=True, text=True)


def keys_of(schema):
    for key, inner in schema.get("properties", {}).items():
        yield key
        if inner is False:
            continue
        yield from keys_of(inner)


def listed(topic):
    output = subprocess.run([HUSTINGS, "list", topic], capture_output=True, text=True, check=True)
    return re.findall(r"^  ([a-z_]+) ", output.stdout, re.M)


class Schema(unittest.TestCase):
    def test_it_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)

    def test_it_accepts_what_we_ship(self):
        corpus = sorted((ROOT / "tests" / "fuzz" / "corpus").glob("*.yaml"))
        self.assertTrue(corpus)
        for path in [*shipped(), *corpus]:
            with self.subTest(path=path.name):
                self.assertTrue(is_valid(path.read_text()))

    def test_what_we_ship_names_it_for_editors(self):
        paths = list(shipped())
        self.assertGreater(len(paths), 100)
        for path in paths:
            with self.subTest(path=str(path)):
                first = path.read_text().splitlines()[0]
                self.assertRegex(first, r"^# yaml-language-server: \$schema=\S+$")
                named = path.parent / first.partition("$schema=")[2]
                self.assertEqual(named.resolve(), ROOT / "scenarios" / "scenario.schema.json")

    def test_it_rejects_the_bad_ones(self):
        accepted = set()
        for path in sorted((ROOT / "tests" / "bad").glob("*.yaml")):
            if is_valid(path.read_bytes()):
                accepted.add(path.stem)
        self.assertEqual(accepted, BEYOND_SCHEMA)

    def test_it_knows_the_words_of_the_tables(self):
        properties = SCHEMA["properties"]
        self.assertEqual(properties["protocol"]["anyOf"][0]["enum"], listed("protocols"))
        self.assertEqual(properties["lock"]["anyOf"][0]["enum"], listed("locks"))
        checks = properties["expect"]["properties"]["checks"]["properties"]
        self.assertEqual(list(checks), listed("checks"))
        deed = SCHEMA["definitions"]["deed"]
        self.assertEqual([fault for fault in deed["properties"] if fault in listed("faults")],
                         listed("faults"))
        self.assertEqual([one["required"] for one in deed["oneOf"]],
                         [[fault] for fault in listed("faults")])
        self.assertEqual(SCHEMA["definitions"]["deed_key"]["enum"], list(deed["properties"]))

    def test_every_row_says_what_it_is(self):
        output = subprocess.run(
            [HUSTINGS, "list", "--format", "json"], capture_output=True, text=True, check=True
        )
        tables = json.loads(output.stdout)
        for topic, rows in tables.items():
            for row in rows:
                with self.subTest(topic=topic, row=row["name"]):
                    self.assertTrue(row["promise" if topic == "checks" else "summary"])
                    for param in row.get("params", []):
                        self.assertTrue(param["summary"], param["name"])


class Manual(unittest.TestCase):
    def test_its_examples_are_good(self):
        texts = list(examples())
        self.assertGreater(len(texts), 25)
        result = lint(*texts)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.returncode, 0)
        for text in texts:
            with self.subTest(text=text):
                self.assertTrue(is_valid(text))

    def test_it_names_every_key(self):
        definitions = SCHEMA["definitions"]
        keys = set(keys_of(SCHEMA)) - {"0"} | set(definitions["deed_key"]["enum"])
        keys |= set(definitions["fault_key"]["anyOf"][0]["enum"])
        keys |= set(keys_of(SCHEMA["definitions"]["fault"]))
        keys |= {key for when in SCHEMA["definitions"]["when"]["anyOf"] for key in keys_of(when)}
        for key in sorted(keys):
            with self.subTest(key=key):
                self.assertRegex(MANUAL, rf"`{key}[`:]|\b{key}:")

    def test_its_complaints_are_those_of_lint(self):
        text = "name: a\nnodes: 5\nduration: 2\nfaults:\n"
        text += "  - {at: 1s, crsh: 7}\n  - {at: 1s, crash: 7}\n  - {at: 1s, kill: 3}\n"
        complaints = [line.split(": ", 1)[1] for line in lint(text).stdout.splitlines()]
        for complaint in complaints:
            self.assertIn(complaint, MANUAL)
        self.assertEqual(len(complaints), 4)


if __name__ == "__main__":
    unittest.main()
