#!/usr/bin/python3
"""The program as `cmake --install` puts it: all of it is there, it works from wherever the prefix
lies or is moved to, and what it tells one to type is true."""
import os
import pathlib
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.judged import judged, until_judged  # noqa: E402
from support.stage import BUILD, ROOT, Worlds  # noqa: E402

PREFIX = "my prefix ü"
# Node and master may hold the lock when it runs out early.
SHIFTS = ("faults: [{at: 100ms, jump: redis, by: 5s}]\n"
          "expect: {checks: {two_lock_holders: allowed}}\n")
WANTED = (
    "bin/hustings", "lib/hustings/hustings_clock.so", "share/doc/hustings/LICENSE",
    "share/doc/hustings/README.md", "share/doc/hustings/results/README.md",
    "share/hustings/scenarios/scenario.schema.json",
    "share/hustings/scenarios/course/cured/10-fencing.yaml",
    "share/hustings/scenarios/libraries/redis-py.py",
    "share/hustings/scenarios/own/lock/worker.py", "share/man/man1/hustings.1",
    "share/man/man1/hustings-run.1", "share/bash-completion/completions/hustings",
    "share/zsh/site-functions/_hustings", "share/fish/vendor_completions.d/hustings.fish",
    "include/hustings/process.h", "lib/libhustings_core.a", "lib/pkgconfig/hustings-core.pc",
    "lib/cmake/hustings/hustings-config.cmake",
)  # fmt: skip


def cmake(*words, **more):
    return subprocess.run(
        ["cmake", *words], check=True, capture_output=True, text=True, **more
    ).stdout  # fmt: skip


def cache(name):
    """A value of this build's configuration."""
    text = (BUILD / "CMakeCache.txt").read_text(encoding="utf-8")
    return re.search(rf"^{name}:\w+=(.*)$", text, re.MULTILINE)[1]


class Installed(Worlds):
    """Each test has an installation of its own."""

    def setUp(self):
        super().setUp()
        self.prefix = pathlib.Path(self.folder, PREFIX)
        self.build = self.build_of_ours()
        cmake("--install", str(self.build), "--prefix", str(self.prefix))
        self.program = str(self.prefix / "bin" / "hustings")
        self.here = pathlib.Path(self.folder, "here")
        self.here.mkdir()

    def build_of_ours(self):
        """A folder that installs as the build does, and keeps the list of what was installed: the
        build's own list is of somebody's installation."""
        build = pathlib.Path(self.folder, "as built")
        build.mkdir()
        shutil.copy(BUILD / "CMakeCache.txt", build)
        script = (BUILD / "cmake_install.cmake").read_text(encoding="utf-8")
        list_of_files = f"{BUILD}/${{CMAKE_INSTALL_MANIFEST}}"
        self.assertIn(list_of_files, script)
        (build / "cmake_install.cmake").write_text(
            script.replace(list_of_files, f"{build}/${{CMAKE_INSTALL_MANIFEST}}"), encoding="utf-8"
        )
        return build

    def said(self, *command, more=None):
        """What a command did in a folder of the user's."""
        return self.end(self.start(*command, cwd=self.here, environment=more))

    def test_all_of_it_is_there(self):
        for name in WANTED:
            self.assertTrue((self.prefix / name).is_file(), name)
        for path in self.prefix.glob("**/*"):
            way = str(path.relative_to(self.prefix))
            self.assertNotRegex(way, r"node_modules|__pycache__|/build")
            if path.is_symlink():
                self.assertTrue(path.exists(), f"{way} leads nowhere")
                continue
            runs = path.is_dir() or path.read_bytes()[:2] == b"#!" or way == "bin/hustings"
            self.assertIn(
                oct(stat.S_IMODE(path.stat().st_mode)),
                ["0o755"] if runs else ["0o644", "0o755"] if ".so" in way else ["0o644"], way,
            )  # fmt: skip
        shared = self.prefix / "share" / "hustings"
        there = {str(path.relative_to(shared)) for path in (shared / "scenarios").glob("**/*")
                 if path.is_file()}  # fmt: skip
        if not (ROOT / ".git").exists():
            self.assertGreater(len(there), 150)
            return
        belongs = subprocess.run(["git", "-C", ROOT, "ls-files", "scenarios"], check=True,
                                 capture_output=True, text=True).stdout.splitlines()  # fmt: skip
        self.assertEqual(there, {name for name in belongs if (ROOT / name).exists()})

    def test_somebodys_list_of_an_installation_stays(self):
        """setUp has installed: the build's own list says nothing of it."""
        for path in BUILD.glob("install_manifest*.txt"):
            self.assertNotIn(str(self.prefix), path.read_text(encoding="utf-8"))
        self.assertIn(self.program, (self.build / "install_manifest.txt").read_text("utf-8"))

    def test_what_lies_about_is_not_installed(self):
        """With git, and without, where the files' kinds must do."""
        source = pathlib.Path(self.folder, "source [1]")
        shutil.copytree(ROOT / "scenarios", source / "scenarios", ignore=shutil.ignore_patterns(
            "node_modules", "__pycache__", "results"))  # fmt: skip
        git = ["git", "-C", source, "-c", "user.name=a", "-c", "user.email=a@b"]
        others = ("own/secret-notes.txt", "course/.01.yaml.swp", "own/lock/worker.py~",
                  "libraries/node_modules/x/a.json", "own/__pycache__/a.py", "results/a.csv",
                  "own/results/a/run.json", ".env.json")  # fmt: skip
        script = ROOT / "sim" / "cmake" / "shipped.cmake"

        def installed():
            prefix = pathlib.Path(self.folder, "only scenarios")
            shutil.rmtree(prefix, ignore_errors=True)
            cmake(f"-Dsource={source}", f"-Ddestination={prefix}", "-P", str(script))
            return {str(path.relative_to(prefix)) for path in prefix.glob("**/*")
                    if path.is_file()}  # fmt: skip

        if (ROOT / ".git").exists():
            known = subprocess.run(["git", "-C", ROOT, "ls-files", "scenarios"], check=True,
                                   capture_output=True, text=True).stdout.split()  # fmt: skip
        else:
            known = sorted(installed())
        belongs = {name for name in known if (source / name).exists()}
        for path in (source / "scenarios").glob("**/*"):
            if path.is_file() and str(path.relative_to(source)) not in belongs:
                path.unlink()
        for name in others:
            path = source / "scenarios" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("mine", encoding="utf-8")
        self.assertEqual(installed(), belongs)
        if shutil.which("git"):
            subprocess.run([*git, "init", "-q"], check=True)
            subprocess.run([*git, "add", *sorted(belongs)], check=True)
            (source / "scenarios" / "my-company.yaml").write_text("name: mine\n", encoding="utf-8")
            self.assertEqual(installed(), belongs)

    def test_the_manuals_refer_to_what_is_there(self):
        manuals = self.prefix / "share" / "doc" / "hustings"
        links = 0
        for folder, _, names in os.walk(manuals, followlinks=True):
            for name in names:
                if name.endswith(".md"):
                    path = pathlib.Path(folder, name)
                    text = path.read_text(encoding="utf-8")
                    for link in re.findall(r"\]\(([^)#\s]+)", text):
                        if "://" not in link:
                            links += 1
                            meant = os.path.normpath(os.path.join(folder, link))
                            self.assertTrue(os.path.exists(meant), f"{path}: {link}")
        self.assertGreater(links, 100)
        hidden = [path for path in manuals.glob("**/*.md") if "/." in str(path)]
        self.assertEqual(hidden, [])
        self.assertTrue((manuals / "project" / "QUESTIONS.md").exists())
        text = (manuals / "README.md").read_text(encoding="utf-8")
        self.assertIn("for `sim/hustings` type `hustings`", text[:200])

    def assert_works(self, program, more=None):
        """A lesson and a lesson's answer, with its parts, in the folder that it is called in."""
        for words in (
            ["run", "--on", "model", "--trials", "1", "course/01"],
            ["run", "--on", "model", "--trials", "1", "paused-holder"],
            ["course", "--on", "model", "--answer", "a"],
        ):
            run = self.said(program, *words, more={"XDG_STATE_HOME": self.folder, **(more or {})})
            self.assertEqual((run.returncode, run.stderr), (0, ""), run)
        self.assertEqual(len(os.listdir(self.here / "results")), 4)  # and latest
        shutil.rmtree(self.here / "results")
        shifts = self.scenario(SHIFTS, duration="1s", nodes=1)
        run = until_judged(lambda: judged(self.said(
            program, "run", "--trials", "1", "--out", self.out, shifts, more=more), self.out)
        )  # fmt: skip
        self.assertEqual((run.returncode, run.stderr), (0, ""), run)

    def test_it_works_where_it_lies_by_links_and_after_a_move(self):
        self.assert_works(self.program)
        moved = pathlib.Path(self.folder, "elsewhere", "it's here")
        moved.parent.mkdir()
        self.prefix.rename(moved)
        link = pathlib.Path(self.folder, "link")
        link.symlink_to(moved / "bin" / "hustings")
        self.assert_works(str(link))
        self.assert_works("hustings", {"PATH": f"{moved}/bin:{os.environ['PATH']}"})

    def test_others_scenarios_are_not_taken_for_ours(self):
        """In a home folder there may be a folder of this name, above ~/.local/bin."""
        other = pathlib.Path(self.folder, "scenarios", "course")
        other.mkdir(parents=True)
        (other / "01-mine.yaml").write_text("name: mine\n", encoding="utf-8")
        run = self.said(self.program, "lint", "course/01")
        self.assertEqual(run.returncode, 0, run)
        shutil.rmtree(self.prefix / "share")
        run = self.said(self.program, "lint", "course/01")
        self.assertIn("cannot be read", run.stdout + run.stderr)

    def test_what_it_tells_one_to_type_is_true(self):
        told = []
        for words in ([], ["run"], ["lint"], ["run", "--on", "model", "course/01"]):
            run = self.said(self.program, *words)
            told += re.findall(r"^(?:  next     |Begin with: |or be led .*: |.*Try: )(.*)",
                               run.stdout + run.stderr, re.MULTILINE)  # fmt: skip
        self.assertEqual(len(told), 5, told)
        for command in told:
            with self.subTest(command):
                self.assertEqual(shlex.split(command)[0], self.program)
                lint = re.sub(r" run (?!--)", " lint --quiet ", command)
                run = self.said("sh", "-c", lint + " </dev/null")
                self.assertNotIn("not found", run.stderr)
                self.assertIn(run.returncode, (0, 2) if " course" in lint else (0,), run)

    def test_whoever_is_told_to_type_its_name_can(self):
        """The prefix has blanks: wherever it is named, it is a word of a shell."""
        named = 0
        for words in (
            ["check"], ["play"], ["play", "a", "b"], ["report"], ["export"], ["compare"], ["merge"],
            ["redis", "x"], ["node"], ["master", "x"], ["course", "nothing"], ["help", "a", "b"],
            ["nothing"], ["mine.yaml"], ["run", "--nonsense"], ["lint"], ["sweep"], ["run", "--on"],
            ["course", "--on", "x"], ["calibrate", "x"], ["clean"], ["list", "--x"],
            ["run", "--help"], ["help", "course"],
        ):  # fmt: skip
            said = self.said(self.program, *words)
            text = (said.stdout + said.stderr).replace("\n", " ")
            quoted = text.count(shlex.quote(self.program))
            self.assertEqual(text.count(self.program), quoted, (words, text))
            named += quoted > 0
        self.assertGreater(named, 20)

    def test_it_is_staged_and_taken_away(self):
        stage = pathlib.Path(self.folder, "stage ü")
        environment = {**os.environ, "DESTDIR": str(stage)}
        build = self.build
        cmake("--install", str(build), "--prefix", "/opt/my [1] hustings", env=environment)
        staged = stage / "opt" / "my [1] hustings"
        self.assert_works(str(staged / "bin" / "hustings"))
        others = staged / "share" / "hustings" / "mine.txt"
        others.write_text("mine", encoding="utf-8")
        script = f"{ROOT}/sim/cmake/uninstall.cmake"
        cmake(f"-DBUILD={build}", "-P", script, env=environment)
        left = {str(path.relative_to(staged)) for path in staged.glob("**/*") if path.is_file()}
        self.assertEqual(left, {"share/hustings/mine.txt"})
        self.assertEqual(sorted(os.listdir(staged / "share" / "hustings")), ["mine.txt"])
        for name in ("share/doc", "lib"):
            self.assertFalse((staged / name / "hustings").exists(), name)
        again = subprocess.run(["cmake", f"-DBUILD={build}", "-P", script], check=False,
                               capture_output=True, text=True)  # fmt: skip
        self.assertIn("nothing was installed", again.stderr)

    def uninstalled(self, *names, cpack=False):
        """What uninstall says of an installation of these files, and which are left."""
        build = pathlib.Path(self.folder, "build [x] *")
        shutil.rmtree(build, ignore_errors=True)
        build.mkdir()
        paths = [pathlib.Path(self.folder, name) for name in names]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        # CMake itself writes a ; as the end of a line.
        lines = "\n".join(map(str, paths)).replace(";", "\n")
        (build / "install_manifest_program.txt").write_text(lines, encoding="utf-8")
        if cpack:
            lists = f"{ROOT}/sim/cmake/package/lists.cmake"
            script = pathlib.Path(self.folder, "cpack.cmake")
            script.write_text(f'include("{lists}")\nkeep_lists("{build}")\n', encoding="utf-8")
            cmake("-P", str(script))
            (build / "install_manifest_program.txt").write_text("/usr/x", encoding="utf-8")
            (build / "install_manifest.txt").write_text("/usr/x", encoding="utf-8")
        said = subprocess.run(
            ["cmake", f"-DBUILD={build}", "-P", f"{ROOT}/sim/cmake/uninstall.cmake"],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        left = [name for name, path in zip(names, paths) if path.exists()]
        return " ".join((said.stdout + said.stderr).split()), left, sorted(os.listdir(build))

    def test_names_of_folders_are_no_patterns(self):
        mine = pathlib.Path(self.folder, "p [1]?", "share", "hustings", "mine.txt")
        mine.parent.mkdir(parents=True)
        mine.touch()
        for prefix in ("p [1]?", "p [2", "p ]3$x"):
            names = [f"{prefix}/bin/hustings", f"{prefix}/share/hustings/a/b"]
            self.assertEqual(self.uninstalled(*names), ("-- 2 files were removed", [], []))
        self.assertTrue(mine.exists())
        self.assertEqual(os.listdir(mine.parent), ["mine.txt"])
        self.assertFalse(pathlib.Path(self.folder, "p [2", "share", "hustings").exists())

    def test_nothing_is_removed_by_a_list_with_a_semicolon(self):
        names = ["a/hustings/one", "p;q/hustings/two"]
        said, left, lists = self.uninstalled(*names)
        self.assertIn("Has the prefix a ; in its name?", said)
        self.assertEqual((left, lists), (names, ["install_manifest_program.txt"]))

    def test_a_cpack_that_was_ended_leaves_the_lists(self):
        self.assertEqual(
            self.uninstalled("a/hustings/one", cpack=True), ("-- 1 files were removed", [], [])
        )

    def test_libraries_may_lie_below_the_machines_name(self):
        """As on Debian: lib/x86_64-linux-gnu/hustings. To build all of it again takes too long: the
        way to it is what the compiler is told, and it is there that it is installed."""
        build = pathlib.Path(self.folder, "build")
        cmake("-G", "Ninja", "-S", str(ROOT), "-B", str(build), "-DHUSTINGS_TESTS=OFF",
              "-DCMAKE_INSTALL_LIBDIR=lib/x86_64-linux-gnu", "-DCMAKE_INSTALL_PREFIX=/usr",
              f"-DCMAKE_C_COMPILER={cache('CMAKE_C_COMPILER')}")  # fmt: skip
        commands = (build / "compile_commands.json").read_text(encoding="utf-8")
        self.assertIn('HUSTINGS_LIBRARIES=\\\\\\"../lib/x86_64-linux-gnu/hustings', commands)
        self.assertIn("lib/x86_64-linux-gnu/hustings", (build / "cmake_install.cmake").read_text())


if __name__ == "__main__":
    unittest.main()
