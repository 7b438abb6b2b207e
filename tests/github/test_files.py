"""What stands in .github and .devcontainer is what GitHub, editors and tools take: workflow, action
and citation by validators of other people (npm; third_party/package-lock.json says which), forms
and container by the rules that their manuals give. No engine of these runs here.
"""
# ctest-timeout: 300
# ctest-label: npm
import json
import pathlib
import re
import sys
import tempfile
import unittest

import jsonschema
import yaml

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from support import npm  # noqa: E402

ROOT = HERE.parents[1]
GITHUB = ROOT / ".github"
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("[0-9]-*.yml"))
ACTION = GITHUB / "actions" / "run" / "action.yml"
FIRST = "sim/hustings run scenarios/course/01-first-election.yaml"

NAMED = re.compile(r"`((?:tests|sim|src|scenarios|\.github)/[^`\s]*|test_\w+\.\w+)`")
TEXT = {"type": "string", "minLength": 1}
VALIDATIONS = {
    "type": "object", "additionalProperties": False, "properties": {"required": {"type": "boolean"}}
}  # fmt: skip


def element(kind, required, **attributes):
    """An element of a form: what its attributes may be, and which must be there."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["type", "attributes"],
        "properties": {
            "type": {"const": kind},
            "id": {"type": "string", "pattern": "^[-_A-Za-z0-9]+$"},
            "validations": VALIDATIONS,
            "attributes": {
                "type": "object", "additionalProperties": False, "required": required,
                "properties": attributes,
            },  # fmt: skip
        },
    }


def options(one):
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": one}


ASKS = {"label": TEXT, "description": TEXT}
FILLED = {**ASKS, "placeholder": TEXT, "value": TEXT}
BOX = {
    "type": "object", "additionalProperties": False, "required": ["label"],
    "properties": {"label": TEXT, "required": {"type": "boolean"}},
}  # fmt: skip
FORM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "description", "body"],
    "properties": {
        "name": TEXT, "description": TEXT, "title": TEXT, "labels": options(TEXT),
        "body": {"type": "array", "minItems": 1, "items": {"oneOf": [
            element("markdown", ["value"], value=TEXT),
            element("input", ["label"], **FILLED),
            element("textarea", ["label"], render=TEXT, **FILLED),
            element("dropdown", ["label", "options"], multiple={"type": "boolean"},
                    options=options(TEXT), **ASKS),
            element("checkboxes", ["label", "options"], options=options(BOX), **ASKS),
        ]}},
    },
}  # fmt: skip
EXTENSION = {"type": "string", "pattern": "^[^ ]+[.][^ ]+$"}  # publisher and name
# The keys of a container that we use; others would be of an editor's, or mistakes.
CONTAINER = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "image", "postCreateCommand"],
    "properties": {
        "name": TEXT, "image": {"type": "string", "pattern": "^[a-z0-9./-]+:[a-z0-9.-]+$"},
        "postCreateCommand": TEXT,
        "customizations": {
            "type": "object",
            "properties": {"vscode": {
                "type": "object", "additionalProperties": False,
                "properties": {"extensions": options(EXTENSION)},
            }},
        },
    },
}  # fmt: skip


class ByOthers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.modules = npm.installed(HERE / "third_party", "github")

    def said(self, *files):
        script = HERE / "third_party" / "validate.mjs"
        return npm.node(self.modules, script, self.modules, *files)

    def test_they_take_what_is_there(self):
        files = [*(GITHUB / "workflows").glob("*.yml"), ACTION, GITHUB / "CITATION.cff"]
        self.assertEqual(self.said(*files), {str(file): [] for file in files})

    def test_they_take_the_workflow_of_the_readme(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        text = re.search(r"^```yaml\n(on: push\n.*?)^```", readme, re.S | re.M)[1]
        with tempfile.TemporaryDirectory(prefix="hustings-github-") as place:
            file = pathlib.Path(place, "locks.yml")
            file.write_text(text, encoding="utf-8")
            self.assertEqual(self.said(file), {str(file): []})
        used = yaml.safe_load(text)["jobs"]["locks"]["steps"][-1]
        self.assertIn(f"/{ACTION.parent.relative_to(ROOT)}@", used["uses"])
        inputs = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["inputs"]
        self.assertLessEqual(set(used["with"]), set(inputs))

    def test_they_see_mistakes(self):
        with tempfile.TemporaryDirectory(prefix="hustings-github-") as place:
            wrong = {
                "test.yml": (GITHUB / "workflows" / "test.yml", "runs-on:", "run-on:"),
                "action.yml": (ACTION, "using: composite", "using: compost"),
                "expression.yml": (GITHUB / "workflows" / "test.yml", "github.ref", "github.reef"),
                "CITATION.cff": (GITHUB / "CITATION.cff", "type: software", "type: hardware"),
            }
            files = [pathlib.Path(place, name) for name in wrong]
            for file, (good, words, instead) in zip(files, wrong.values()):
                text = good.read_text(encoding="utf-8")
                self.assertIn(words, text)
                file.write_text(text.replace(words, instead), encoding="utf-8")
            for file, sentences in self.said(*files).items():
                self.assertTrue(sentences, file)


class LeastRights(unittest.TestCase):
    """A workflow runs the code of pull requests, and whatever a tag of an action names today."""

    def setUp(self):
        self.workflows = {path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
                          for path in (GITHUB / "workflows").glob("*.yml")}  # fmt: skip
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        text = re.search(r"^```yaml\n(on: push\n.*?)^```", readme, re.S | re.M)[1]
        self.advised = yaml.safe_load(text)

    def test_they_may_only_read(self):
        for name, flow in {**self.workflows, "README.md": self.advised}.items():
            with self.subTest(name):
                self.assertEqual(flow["permissions"], {"contents": "read"})
                steps = [step for job in flow["jobs"].values() for step in job["steps"]]
                checkouts = [step for step in steps
                             if step.get("uses", "").startswith("actions/checkout@")]  # fmt: skip
                self.assertEqual(len(checkouts), 1)
                self.assertIs(checkouts[0]["with"]["persist-credentials"], False)

    def test_actions_of_others_are_named_by_commit(self):
        steps = [step for flow in self.workflows.values() for job in flow["jobs"].values()
                 for step in job["steps"]]  # fmt: skip
        steps += yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]
        used = [step["uses"] for step in steps if "uses" in step]
        self.assertEqual(len(used), 3)
        for name in used:
            self.assertRegex(name, r"@[0-9a-f]{40}$")

    def test_commits_of_main_are_tested_to_the_end(self):
        """And none of them takes the place of another that waits: their groups differ."""
        one = self.workflows["test.yml"]["concurrency"]
        pull = "github.event_name == 'pull_request'"
        self.assertEqual(one["cancel-in-progress"], f"${{{{ {pull} }}}}")
        self.assertIn(f"{pull} && github.ref || github.sha", one["group"])


class ByTheirManuals(unittest.TestCase):
    def test_forms(self):
        self.assertEqual(len(FORMS), 3)
        for path in FORMS:
            with self.subTest(path.name):
                form = yaml.safe_load(path.read_text(encoding="utf-8"))
                jsonschema.validate(form, FORM)
                ids = [one["id"] for one in form["body"] if one["type"] != "markdown"]
                self.assertEqual(len(ids), len(set(ids)))
        form["body"][0]["attributes"]["lable"] = "x"
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(form, FORM)

    def test_what_the_pages_name_is_there(self):
        """Files of the project, in backticks, whole or the name alone."""
        names = {path.name for path in (ROOT / "tests").rglob("test_*")}
        named = 0
        for page in GITHUB.glob("*.md"):
            text = page.read_text(encoding="utf-8")
            for path in NAMED.findall(text):
                named += 1
                self.assertTrue(path in names or (ROOT / path).exists(), f"{page.name}: {path}")
        self.assertGreater(named, 15)

    def test_the_chooser_of_forms(self):
        config = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE/config.yml").read_text(encoding="utf-8"))
        self.assertEqual(config, {"blank_issues_enabled": True})

    def test_the_container_runs_the_first_command(self):
        text = (ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8")
        container = json.loads(re.sub(r"^ *//.*", "", text, flags=re.M))
        jsonschema.validate(container, CONTAINER)
        self.assertEqual(container["postCreateCommand"], f"CI=true {FIRST}")
        self.assertIn(f"\n    {FIRST} ", (ROOT / "README.md").read_text(encoding="utf-8"))

    def test_the_citation_has_the_version(self):
        citation = yaml.safe_load((GITHUB / "CITATION.cff").read_text(encoding="utf-8"))
        project = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
        version = re.search(r"^project\(hustings\s+VERSION ([\d.]+)", project, re.M)[1]
        self.assertEqual(citation["version"], version)
        self.assertEqual(citation["license"], "MIT")


if __name__ == "__main__":
    unittest.main()
