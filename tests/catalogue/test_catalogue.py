"""The catalogue holds: every story breaks what it says, on both hosts; every twin holds; a story
whose fault is taken out does not happen; and each check proves itself on it."""
# ctest-timeout: 400
import collections
import os
import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import catalogue  # noqa: E402
import table  # noqa: E402

STORIES = catalogue.stories()
FILES = catalogue.files()

# Faults that set the scene: without them the same breaks in another way.
SCENERY = {
    ("ghost-acquire", 1),  # the dead sender: living, it would wait for itself (story 21)
    ("dead-submit-wins", 1),  # that another submits: it does not help
}


def ends_a_pause(text, entry):
    """At a moment; without it, the healing does so in the end."""
    return any(" resume: " in line for line in text.splitlines()[slice(*entry)])


def failures(outcomes):
    return [f"{one.path.stem} on {one.host}: {one.output}" for one in outcomes if one.code != 0]


class Files(unittest.TestCase):
    def test_there_are_enough(self):
        self.assertGreaterEqual(len(STORIES), 18)
        numbers = [story.number for story in STORIES]
        self.assertEqual(sorted(numbers + [number for number, _, _ in catalogue.WAITING]),
                         list(range(1, 45)))

    def test_heads_are_the_line_for_editors_and_four_items(self):
        for story in STORIES:
            with self.subTest(story=story.name):
                head = [line for line in story.text.splitlines() if line.startswith("#")]
                self.assertEqual(head[0], catalogue.MODELINE)
                self.assertLessEqual(len(head), 9)
                self.assertEqual(len(catalogue.head_of(story.text)), 4)

    def test_who_told_it_is_linked(self):
        """But what the article's own rules do, or what was only measured here."""
        for story in STORIES:
            with self.subTest(story=story.name):
                if not re.match("the article's own|measured", story.source):
                    self.assertRegex(story.source, r"<https?://[^ >]+>")
                    self.assertRegex(table.told_by(story), r"^\[[^]]+\]\(https?://[^ )]+\)")
                self.assertNotIn("<", table.told_by(story))

    def test_names_are_those_of_the_files(self):
        for path in FILES:
            self.assertIn(f"\nname: {path.stem}\n", path.read_text())

    def test_cures_are_named(self):
        for story in STORIES:
            with self.subTest(story=story.name):
                if story.twin:
                    self.assertRegex(story.cure, "see the twin|-cured")
                else:
                    self.assertRegex(story.cure, "^none ")
                # What is not here is said so in the page's last section; all else is here.
                self.assertNotIn("waiting", story.cure)

    def test_twins_have_stories(self):
        twins = [path for path in FILES if path.stem.endswith("-cured")]
        self.assertEqual(sorted(story.twin for story in STORIES if story.twin), sorted(twins))

    def test_stories_are_deterministic(self):
        for story in STORIES:
            self.assertTrue(story.expects("always"), story.name)
            self.assertEqual(story.expects("sometimes"), [], story.name)

    def test_the_page_is_up_to_date(self):
        page = (catalogue.FOLDER / "README.md").read_text()
        self.assertEqual(page, table.table(), "run tests/catalogue/table.py")


class Runs(unittest.TestCase):
    def test_in_the_model(self):
        jobs = [(path, "model", "--trials", "25") for path in FILES]
        self.assertEqual(failures(catalogue.run_all(jobs, 2)), [])

    def test_on_processes(self):
        jobs = [(path, "processes") for path in FILES]
        self.assertEqual(failures(catalogue.run_all(jobs)), [])


class Mutations(unittest.TestCase):
    """In the model: a story without its fault does not happen."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_a_story_without_its_faults_fails(self):
        jobs = []
        for story in STORIES:
            entries = catalogue.faults_of(story.text)
            count = len(entries)
            ways = [(index,) for index in range(count) if (story.name, index) not in SCENERY
                    and not ends_a_pause(story.text, entries[index])]
            for way in {*ways, tuple(range(count))} - {()}:
                path = self.folder / f"{story.name}-without-{'-'.join(map(str, way))}.yaml"
                path.write_text(catalogue.without(story.text, *way))
                jobs.append((path, "model", "--trials", "10"))
        self.assertGreater(len(jobs), 2 * len(STORIES) - 10)
        for outcome in catalogue.run_all(jobs, 2):
            with self.subTest(mutant=outcome.path.stem):
                self.assertEqual(outcome.code, 1, outcome.output)

    def test_those_without_faults_have_twins_that_hold(self):
        self.assertEqual([story.name for story in STORIES
                          if not catalogue.faults_of(story.text) and not story.twin], [])


class Checks(unittest.TestCase):
    def test_each_proves_itself(self):
        """Some story violates it always, and a file like it does not."""
        jobs = [(path, "model", "--trials", "5") for path in FILES]
        broken = {outcome.path: outcome.broken for outcome in catalogue.run_all(jobs, 2)}
        proofs = collections.defaultdict(list)
        for story in STORIES:
            for check in story.expects("always"):
                self.assertIn(check, broken[story.path], story.name)
                proofs[check].append(story.twin and check not in broken[story.twin])
        for check, twins in proofs.items():
            with self.subTest(check=check):
                quiet = any(twins) or any(check not in found for found in broken.values())
                self.assertTrue(quiet)
        self.assertEqual(set(proofs), {  # and wrong_winner: see the catalogue's page
            "two_lock_holders", "two_leaders", "stale_write", "foreign_release", "stale_result",
            "dead_leader", "idle_leader", "disagreement", "no_leader", "starvation"})


if __name__ == "__main__":
    unittest.main()
