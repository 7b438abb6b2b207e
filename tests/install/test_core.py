#!/usr/bin/python3
"""The library of the elections in programs of others': installed, by CMake and by pkg-config,
static and shared, from C and C++; and by add_subdirectory, which leaves the other project as it
is."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import ROOT  # noqa: E402

EXAMPLE = ROOT / "tests" / "install" / "three-members"
SAYS = (
    " 0.0 s  member 1 leads, term 1\n 6.0 s  member 1 dies\n"
    "22.0 s  member 2 leads, term 2\n"
)  # fmt: skip
STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror")
OUTER = """cmake_minimum_required(VERSION 3.18)
project(outer LANGUAGES C)
set(HUSTINGS_CORE_ONLY {core_only})
enable_testing()
add_subdirectory("{root}" hustings EXCLUDE_FROM_ALL)
add_executable(outer "{example}/three_members.c")
target_link_libraries(outer PRIVATE hustings::core)
install(TARGETS outer)
"""


# What a packager's build sets for compilers is not what these programs are to be built with.
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if name not in ("CFLAGS", "CPPFLAGS", "CXXFLAGS", "LDFLAGS")}  # fmt: skip


def did(*command, **more):
    run = subprocess.run(
        [str(word) for word in command], check=False, capture_output=True, text=True,
        **{"env": ENVIRONMENT, **more},
    )  # fmt: skip
    assert run.returncode == 0, f"{shlex.join(map(str, command))}\n{run.stdout}{run.stderr}"
    return run.stdout


def cmake_project(source, build, *options):
    did("cmake", "-G", "Ninja", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Debug",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *options)  # fmt: skip


class Core(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def installed(self, kind, *options):
        """The prefix of the library alone, moved after it was installed; made once."""
        prefix = self.folder / f"my {kind} prefix ü"
        if not prefix.exists():
            build = self.folder / kind
            cmake_project(ROOT, build, "-DHUSTINGS_CORE_ONLY=ON", "-DHUSTINGS_WERROR=ON", *options)
            did("cmake", "--build", build)
            did("cmake", "--install", build, "--prefix", self.folder / f"first {kind}")
            (self.folder / f"first {kind}").rename(prefix)
        return prefix

    def static(self):
        return self.installed("static")

    def shared(self):
        return self.installed("shared", "-DBUILD_SHARED_LIBS=ON")

    def flags(self, prefix, *words):
        if not shutil.which("pkg-config"):
            self.skipTest("there is no pkg-config")
        environment = {**ENVIRONMENT, "PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")}
        # It writes them for a shell.
        script = 'eval "set -- $(pkg-config "$@" hustings-core)"; printf "%s\\n" "$@"'
        return did("sh", "-c", script, "sh", *words, env=environment).splitlines()

    def test_cmake_finds_it(self):
        for prefix in (self.static(), self.shared()):
            with self.subTest(prefix=prefix.name):
                build = self.folder / f"by cmake {prefix.name}"
                cmake_project(EXAMPLE, build, f"-DCMAKE_PREFIX_PATH={prefix}")
                did("cmake", "--build", build)
                self.assertEqual(did(build / "three-members"), SAYS)

    def test_cmake_takes_no_other_version(self):
        source = self.folder / "later"
        shutil.copytree(EXAMPLE, source)
        text = (source / "CMakeLists.txt").read_text(encoding="utf-8")
        (source / "CMakeLists.txt").write_text(text.replace("hustings 0.1", "hustings 99.0"))
        with self.assertRaisesRegex(AssertionError, "99.0"):
            cmake_project(source, source / "build", f"-DCMAKE_PREFIX_PATH={self.static()}")

    def test_pkg_config_finds_it(self):
        for prefix in (self.static(), self.shared()):
            with self.subTest(prefix=prefix.name):
                program = self.folder / f"by pkg-config {prefix.name}"
                flags = self.flags(prefix, "--cflags", "--libs")
                did("cc", "-std=c11", *STRICT, EXAMPLE / "three_members.c", *flags, "-o", program)
                environment = {**ENVIRONMENT, "LD_LIBRARY_PATH": str(prefix / "lib")}
                self.assertEqual(did(program, env=environment), SAYS)
                self.assertRegex(self.flags(prefix, "--modversion")[0], r"^\d+\.\d+\.\d+$")

    def test_pkg_config_knows_folders_outside_the_prefix(self):
        """As some packagers have them: CMAKE_INSTALL_LIBDIR is a whole path."""
        if not shutil.which("pkg-config"):
            self.skipTest("there is no pkg-config")
        for name, other in (("LIBDIR", "INCLUDEDIR"), ("INCLUDEDIR", "LIBDIR")):
            build = self.folder / f"outside_{name}"
            cmake_project(ROOT, build, "-DHUSTINGS_CORE_ONLY=ON", "-DCMAKE_INSTALL_PREFIX=/opt/h",
                          f"-DCMAKE_INSTALL_{name}=/srv/x", f"-DCMAKE_INSTALL_{other}=y")
            file = (build / "hustings-core.pc").rename(build / "outside.pc")
            asked = {variable: did("pkg-config", f"--variable={variable}", file).strip()
                     for variable in (name.lower(), other.lower())}  # fmt: skip
            self.assertEqual(asked[name.lower()], "/srv/x")
            # The other one is below the prefix, which the file's place says where it can.
            place = os.path.normpath(asked[other.lower()])
            beside = os.path.normpath(build / ".." / ".." / "y")
            self.assertEqual(place, "/opt/h/y" if name == "LIBDIR" else beside)

    def test_the_shared_one_has_a_version(self):
        names = sorted(path.name for path in (self.shared() / "lib").glob("*.so*"))
        version = self.flags(self.shared(), "--modversion")[0]
        short = version.rpartition(".")[0]
        self.assertEqual(
            names, [f"libhustings_core.so{end}" for end in ("", f".{short}", f".{version}")]
        )
        says = did("readelf", "-d", self.shared() / "lib" / "libhustings_core.so")
        self.assertIn(f"[libhustings_core.so.{short}]", says)

    def headers(self):
        include = self.static() / "include"
        names = [str(path.relative_to(include)) for path in sorted(include.glob("**/*.h"))]
        self.assertIn("hustings/lock/lock.h", names)
        return include, names

    def test_each_header_stands_alone(self):
        include, names = self.headers()
        for compiler in (["cc", "-xc", "-std=c11"], ["c++", "-xc++", "-std=c++11"]):
            if not shutil.which(compiler[0]):
                print(f"skipped: there is no {compiler[0]}")
                continue
            for name in names:
                # Twice: it has a guard.
                text = f"#include <{name}>\n#include <{name}>\n"
                did(*compiler, *STRICT, f"-I{include}", "-fsyntax-only", "-", input=text)

    def test_each_name_has_the_prefix(self):
        """So that it can be linked, and its headers be included, beside anything."""
        for library in (self.static() / "lib" / "libhustings_core.a",
                        self.shared() / "lib" / "libhustings_core.so"):  # fmt: skip
            dynamic = ["-D"] if library.suffix == ".so" else []
            lines = did("nm", "-gP", "--defined-only", *dynamic, library)
            names = set(re.findall(r"^(\S+) [A-Z] ", lines, flags=re.MULTILINE))
            self.assertIn("hustings_process_step", names)
            other = {name for name in names if not name.startswith("hustings_")}
            self.assertEqual(other - {"_init", "_fini"}, set())
        include, names = self.headers()
        text = "".join((include / name).read_text(encoding="utf-8") for name in names)
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        self.assertIn("struct hustings_process {", text)
        declared = re.findall(r"^#define (\w+)", text, flags=re.MULTILINE)
        declared += re.findall(r"\b(?:struct|enum|union) (\w+)", text)
        # Functions and tables, at the beginning of a line; constants, in the braces of an enum.
        declared += re.findall(r"^[a-z].*?[ *](\w+)[(\[]", text, flags=re.MULTILINE)
        for body in re.findall(r"^enum \w+ \{(.*?)\}", text, flags=re.MULTILINE | re.DOTALL):
            declared += re.findall(r"[A-Za-z]\w*", body)
        self.assertGreater(len(declared), 300)
        self.assertEqual(
            {name for name in declared if not name.lower().startswith("hustings_")}, set()
        )

    def test_cpp_links_it(self):
        if not shutil.which("c++"):
            self.skipTest("there is no c++")
        source = self.folder / "from.cpp"
        source.write_text(
            "#include <cstdio>\n#include <hustings/owners.h>\n#include <hustings/protocol.h>\n"
            "int main() { hustings_settings s = hustings_settings_default(3);"
            " hustings_process p = hustings_process_new(2);\n"
            "    std::printf(\"%d %d\\n\", s.nodes, p.id); }\n", encoding="utf-8"
        )  # fmt: skip
        flags = self.flags(self.static(), "--cflags", "--libs")
        did("c++", *STRICT, source, *flags, "-o", self.folder / "from_cpp")
        self.assertEqual(did(self.folder / "from_cpp"), "3 2\n")

    def test_another_project_takes_it_in(self):
        """By add_subdirectory, as FetchContent does; the elections alone, and with the program."""
        for core_only in ("ON", "OFF"):
            with self.subTest(core_only=core_only):
                source = self.folder / f"outer {core_only}"
                source.mkdir()
                (source / "CMakeLists.txt").write_text(
                    OUTER.format(core_only=core_only, root=ROOT, example=EXAMPLE), encoding="utf-8"
                )
                build = source / "build"
                cmake_project(source, build)
                did("cmake", "--build", build)
                self.assertEqual(did(build / "outer"), SAYS)
                self.assertIn("Total Tests: 0", did("ctest", "-N", cwd=build))
                did("cmake", "--install", build, "--prefix", source / "prefix")
                there = [path for path in (source / "prefix").glob("**/*") if path.is_file()]
                self.assertEqual([path.name for path in there], ["outer"])
                commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
                (own,) = [each["command"] for each in commands
                          if each["file"].endswith("three_members.c")]  # fmt: skip
                self.assertNotRegex(own, r" -(W|fstack|D_FORTIFY|O|fPI)")
                self.assertNotIn(f"-I{ROOT} ", own)


if __name__ == "__main__":
    unittest.main()
