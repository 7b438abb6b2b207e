"""Which version and commit sources say that they are: with and without tags, in a checkout, in an
archive of one, and where there is neither. In small repositories of its own, with the real
version.cmake."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

# What archive.txt says before `git archive` has filled it, as it has where these tests are run
# in an archive.
UNFILLED = """commit $Format:%H$
described $Format:%(describe:tags=true,match=v[0-9]*.[0-9]*.[0-9]*,exclude=*-*,abbrev=12)$
committed $Format:%ct$
"""
# Of a commit before the tag of project()'s version: when it was made, as these commits are.
NOT_OUT = "~20231114.2213"
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))


@unittest.skipUnless(shutil.which("git") and shutil.which("cmake"), "there is no git or no cmake")
class Version(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = folder.name
        self.house = os.path.join(self.top, "a house")
        for name in ("src", "sim/cmake", "scenarios"):
            os.makedirs(os.path.join(self.house, name))
        for name in ".gitattributes", "sim/cmake/version.cmake":
            shutil.copy(os.path.join(ROOT, name), os.path.join(self.house, name))
        self.write("sim/cmake/archive.txt", "Some words.\n" + UNFILLED)
        self.write("src/a.c", "int a;\n")
        self.write("scenarios/a.yaml", "name: a\n")
        self.write("CMakeLists.txt", "\n")

    def write(self, name, text):
        with open(os.path.join(self.house, name), "w", encoding="utf-8") as file:
            file.write(text)

    def git(self, *words, folder=None):
        # Nobody's own settings count.
        environment = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null",
                           GIT_COMMITTER_DATE="1700000000 +0900")  # fmt: skip
        who = ["-c", "user.name=x", "-c", "user.email=x@y.z"]
        done = subprocess.run(
            ["git", *who, "-C", folder or self.house, *words],
            env=environment, check=True, capture_output=True,
        )  # fmt: skip
        return done.stdout

    def commit(self):
        """A first commit, or another."""
        if not os.path.exists(os.path.join(self.house, ".git")):
            self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "one more")
        return self.git("rev-parse", "HEAD").decode()[:12]

    def unpack(self, name):
        """An archive of HEAD, unpacked below `name`; the folder."""
        place = os.path.join(self.top, name)
        os.makedirs(place)
        subprocess.run(["tar", "x", "-C", place], input=self.git("archive", "HEAD"), check=True)
        return place

    def said(self, folder=None, project="0.1.0"):
        """(version, commit) that the header says."""
        folder = folder or self.house
        header = os.path.join(self.top, "version.h")
        script = os.path.join(folder, "sim/cmake/version.cmake")
        subprocess.run(
            ["cmake", f"-DSOURCE={folder}", f"-DVERSION={project}", f"-DHEADER={header}",
             "-P", script], check=True, capture_output=True,
        )  # fmt: skip
        with open(header, encoding="utf-8") as file:
            return tuple(re.findall(r'^#define HUSTINGS_[A-Z]+ "(.*)"$', file.read(), re.M))

    def test_without_git_it_is_the_projects_version_of_an_unknown_commit(self):
        self.assertEqual(self.said(), ("0.1.0", "unknown"))

    def test_the_commit_of_another_checkout_around_it_is_not_its_own(self):
        self.git("init", "-q", folder=self.top)
        self.git("commit", "-q", "--allow-empty", "-m", "theirs", folder=self.top)
        self.assertEqual(self.said(), ("0.1.0", "unknown"))

    def test_without_a_tag_it_is_not_out_yet(self):
        commit = self.commit()
        self.assertEqual(self.said(), (f"0.1.0{NOT_OUT}", commit))

    def test_at_a_tag_it_is_the_tags_version_and_then_commits_are_counted(self):
        for options in (), ("-a", "-m", "annotated"):
            with self.subTest(options=options):
                shutil.rmtree(os.path.join(self.house, ".git"), ignore_errors=True)
                commit = self.commit()
                self.git("tag", *options, "v0.1.0")
                self.assertEqual(self.said(), ("0.1.0", commit))
                self.commit()
                commit = self.commit()
                self.assertEqual(self.said(), ("0.1.0+2", commit))

    def test_the_newer_of_project_and_tag_counts(self):
        self.commit()
        self.git("tag", "v0.9.0")
        commit = self.commit()
        self.assertEqual(self.said(project="0.10.0"), (f"0.10.0{NOT_OUT}", commit))
        self.assertEqual(self.said(project="0.8.12"), ("0.9.0+1", commit))

    def test_other_tags_are_no_versions(self):
        commit = self.commit()
        for tag in "nightly", "v2", "v3.0.0-rc1", "version-4.0.0":
            self.git("tag", tag)
        self.assertEqual(self.said(), (f"0.1.0{NOT_OUT}", commit))

    def test_a_later_tag_that_is_no_version_hides_none(self):
        self.commit()
        self.git("tag", "v0.1.0")
        for tag in "v0.2.0-rc1", "v2", "nightly":
            self.commit()
            self.git("tag", tag)
        commit = self.commit()
        self.assertEqual(self.said(), ("0.1.0+4", commit))
        self.assertEqual(self.said(self.unpack("of it")), ("0.1.0+4", commit))

    def test_changed_sources_are_dirty_and_a_changed_scenario_is_not(self):
        commit = self.commit()
        self.write("scenarios/a.yaml", "name: b\n")
        self.assertEqual(self.said(), (f"0.1.0{NOT_OUT}", commit))
        self.write("src/a.c", "int b;\n")
        self.assertEqual(self.said(), (f"0.1.0{NOT_OUT}", commit + "-dirty"))

    def test_an_archive_says_what_the_checkout_said(self):
        commit = self.commit()
        self.assertEqual(self.said(self.unpack("untagged")), (f"0.1.0{NOT_OUT}", commit))
        self.git("tag", "v0.1.0")
        self.assertEqual(self.said(self.unpack("tagged")), ("0.1.0", commit))
        commit = self.commit()
        self.assertEqual(self.said(self.unpack("later")), ("0.1.0+1", commit))

    def test_an_archive_that_a_packager_keeps_in_his_own_git_says_the_same(self):
        commit = self.commit()
        place = self.unpack("theirs")
        self.git("init", "-q", folder=place)
        self.git("add", "-A", folder=place)
        self.git("commit", "-q", "-m", "import", folder=place)
        self.git("tag", "v7.0.0", folder=place)
        self.assertEqual(self.said(place), (f"0.1.0{NOT_OUT}", commit))

    def test_the_header_is_written_only_when_it_changes(self):
        self.commit()
        self.said()
        header = os.path.join(self.top, "version.h")
        os.utime(header, (1, 1))
        self.said()
        self.assertEqual(os.stat(header).st_mtime, 1)


class House(unittest.TestCase):
    @unittest.skipUnless(os.path.exists(os.path.join(ROOT, ".git")), "these sources are an archive")
    def test_its_archive_is_told_the_same(self):
        with open(os.path.join(ROOT, "sim/cmake/archive.txt"), encoding="utf-8") as file:
            self.assertTrue(file.read().endswith(UNFILLED))

    @unittest.skipIf(os.path.exists(os.path.join(ROOT, ".git")), "these sources are no archive")
    def test_an_archive_knows_its_commit(self):
        with open(os.path.join(ROOT, "sim/cmake/archive.txt"), encoding="utf-8") as file:
            filled = re.search(r"^commit ([0-9a-f]{40})$", file.read(), re.MULTILINE)
        if not filled:
            self.skipTest("these sources are a copy that knows no commit")
        said = subprocess.run([os.environ["HUSTINGS"], "--version"], capture_output=True, text=True)
        self.assertIn(f"(commit {filled[1][:12]},", said.stdout)


class Program(unittest.TestCase):
    def test_it_says_version_commit_compiler_and_licence(self):
        program = os.environ["HUSTINGS"]
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        self.assertRegex(
            said.stdout,
            r"\Ahustings \d+\.\d+\.\d+([+~][\d.]+)? "
            r"\(commit (unknown|[0-9a-f]{12,}(-dirty)?), built by (gcc|clang) \d+\.\d+\.\d+\)\n"
            r"MIT licence.*\n\Z",
        )


if __name__ == "__main__":
    unittest.main()
