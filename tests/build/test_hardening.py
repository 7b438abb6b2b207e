"""What the program and its library are linked with, as the loader of programs will find it."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = str(pathlib.Path(__file__).resolve().parent.parent.parent)
BUILD = os.environ["HUSTINGS_BUILD"]
PROGRAM = os.environ["HUSTINGS"]
LIBRARY = os.path.join(BUILD, "hustings_clock.so")


def cached(name):
    """What CMake remembers of this build."""
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith(name + ":"):
                return line.split("=", 1)[1].strip()
    return ""


def readelf(*words):
    return subprocess.run(
        ["readelf", "--wide", *words], check=True, capture_output=True, text=True
    ).stdout


CHECKED = any(
    cached("HUSTINGS_" + what) == "ON" for what in ("SANITIZE", "SANITIZE_THREADS", "COVERAGE")
)


class Hardening(unittest.TestCase):
    def test_addresses_cannot_be_overwritten(self):
        for file in (PROGRAM, LIBRARY):
            with self.subTest(file=file):
                segments = readelf("--segments", file)
                self.assertIn("GNU_RELRO", segments)
                self.assertIn("NOW", readelf("--dynamic", file))
                stack = next(line for line in segments.splitlines() if "GNU_STACK" in line)
                self.assertNotIn("E", stack.split()[-2])

    def test_the_program_may_lie_anywhere(self):
        self.assertIn("(Position-Independent Executable", readelf("--file-header", PROGRAM))

    @unittest.skipIf(CHECKED, "a build with sanitizers or for gcov")
    def test_the_stack_is_watched(self):
        for file in (PROGRAM, LIBRARY):
            with self.subTest(file=file):
                self.assertIn("__stack_chk_fail", readelf("--dyn-syms", file))

    @unittest.skipIf(CHECKED, "a build with sanitizers or for gcov")
    @unittest.skipIf(cached("CMAKE_BUILD_TYPE") == "Debug", "a build without optimisation")
    def test_lengths_of_buffers_are_checked(self):
        symbols = readelf("--dyn-syms", PROGRAM)
        for function in ("__snprintf_chk", "__vsnprintf_chk"):
            self.assertIn(function, symbols)

    def test_a_level_of_the_packagers_own_stays(self):
        for variable, levels in (("NAME", {"2"}), ("FLAGS", {"3"}), ("FLAGS_RELEASE", {"3"}),
                                 ("FLAGS_DEBUG", {"2"})):  # fmt: skip
            with tempfile.TemporaryDirectory() as folder:
                subprocess.run(
                    ["cmake", "-G", "Ninja", "-S", ROOT, "-B", folder, "-DHUSTINGS_CORE_ONLY=ON",
                     "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_C_{variable}=-O2 -D_FORTIFY_SOURCE=3"],
                    check=True, capture_output=True,
                )  # fmt: skip
                with open(os.path.join(folder, "compile_commands.json"), encoding="utf-8") as file:
                    commands = [row["command"] for row in json.load(file)]
            for command in commands:
                last = re.findall(r"[UD]_FORTIFY_SOURCE(?:=(\d))?", command)[-1:]
                self.assertEqual(set(last), levels, (variable, command))

    @unittest.skipIf(CHECKED, "a build with sanitizers or for gcov")
    def test_assertions_stay_on(self):
        for file in (PROGRAM, LIBRARY):
            with self.subTest(file=file):
                self.assertIn("__assert_fail", readelf("--dyn-syms", file))


if __name__ == "__main__":
    unittest.main()
