"""CMakePresets.json: what a contributor's editor offers is what tests/run does."""

import json
import os
import re
import subprocess
import tempfile
import unittest

PRESETS = {"release", "debug", "asan", "tsan", "coverage"}


def cmake(*words):
    return subprocess.run(["cmake", *words], capture_output=True, text=True)


def is_old():
    version = re.search(r"(\d+)\.(\d+)", cmake("--version").stdout)
    return (int(version[1]), int(version[2])) < (3, 21)


@unittest.skipIf(is_old(), "this CMake reads no presets")
class Presets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open("CMakePresets.json", encoding="utf-8") as file:
            cls.presets = json.load(file)
        with open("tests/run", encoding="utf-8") as file:
            cls.runner = file.read()

    def shown(self, kind):
        return {one["name"] for one in self.presets[kind + "Presets"] if not one.get("hidden")}

    def test_each_is_one_to_configure_to_build_and_to_test(self):
        listed = cmake("--list-presets=all")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        for kind in ("configure", "build", "test"):
            self.assertEqual(self.shown(kind), PRESETS, kind)
        for name in PRESETS:
            self.assertEqual(listed.stdout.count(f'"{name}"'), 3, listed.stdout)

    def test_the_runner_leaves_out_the_same_tests(self):
        filters = []
        for preset in self.presets["testPresets"]:
            for one in preset.get("filter", {}).values():
                filters += one.values()
        self.assertGreaterEqual(len(filters), 5)
        # A long one is put together there, of pieces on lines of their own.
        runner = re.sub(r"'\n(\w+)=\"\$\1\"'", "", self.runner)
        for one in filters:
            self.assertIn(one, runner)

    def test_the_runner_configures_with_them(self):
        for name in ("asan", "tsan", "coverage"):
            self.assertRegex(self.runner, f"(--preset|preset_in_build) {name}")

    def test_what_the_runner_does_not_configure_can_be(self):
        for name, kind, hard in (("release", "RelWithDebInfo", "OFF"), ("debug", "Debug", "ON")):
            with self.subTest(preset=name), tempfile.TemporaryDirectory() as folder:
                done = cmake("--preset", name, "-B", folder)
                self.assertEqual(done.returncode, 0, done.stderr)
                with open(os.path.join(folder, "CMakeCache.txt"), encoding="utf-8") as file:
                    cache = file.read()
                self.assertRegex(cache, f"(?m)^CMAKE_BUILD_TYPE:.*={kind}$")
                self.assertRegex(cache, f"(?m)^HUSTINGS_WERROR:.*={hard}$")
                self.assertRegex(cache, "(?m)^HUSTINGS_TESTS:.*=ON$")


if __name__ == "__main__":
    unittest.main()
