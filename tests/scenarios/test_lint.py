#!/usr/bin/python3
"""hustings lint and list from outside: exit codes, formats, and files too large or too strange to
be kept in a repository. (What lint says about ordinary mistakes: tests/bad.)
"""
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "build" / "hustings"))
GOOD = "name: good\nnodes: 5\nduration: 6s\n"


def hustings(*arguments, **options):
    return subprocess.run(
        [HUSTINGS, *arguments], capture_output=True, text=True, timeout=60, **options
    )


def childrens_seconds():
    """Of a processor, that our ended children used: as many at any load."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, content, name="x.yaml"):
        path = pathlib.Path(self.folder.name) / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def test_examples_of_sections(self):
        self.file("10ms\n", "gc.log")
        rows = json.loads(hustings("list", "--format", "json").stdout)["sections"]
        self.assertLessEqual({"work", "fencing", "pauses", "expect"}, {row["name"] for row in rows})
        for row in rows:
            self.assertTrue(row["example"].startswith(row["name"] + ": "), row)
            # A leader that holds a lock is needed.
            lease = "protocol: lease\n" if row["name"] == "fencing" else ""
            path = self.file(GOOD + lease + row["example"] + "\n")
            result = hustings("lint", "--quiet", str(path))
            self.assertEqual((result.returncode, result.stdout), (0, ""), row)

    def refuse(self, path, *words, lines=1, seconds=10):
        """Lints a bad file: it must end soon, with this many lines, which hold these words."""
        begin = childrens_seconds()
        result = hustings("lint", str(path))
        self.assertLess(childrens_seconds() - begin, seconds)
        self.assertEqual(result.returncode, 2, result)
        self.assertEqual(result.stderr, "")
        self.assertEqual(len(result.stdout.splitlines()), lines, result.stdout[:2000])
        for word in words:
            self.assertIn(word, result.stdout)
        return result.stdout

    def test_missing_file(self):
        self.refuse("/no/such/file.yaml", "/no/such/file.yaml: ", "No such file", "check the name")

    def test_folder(self):
        self.refuse(self.folder.name, "Is a directory", "name the files in it")

    def test_many_faults_that_come_again_and_again(self):
        entry = "  - {every: 1ms, delay: 3, by: 1us}\n"
        text = "name: many\nnodes: 5\nduration: 1440m\nfaults:\n" + 1000 * entry
        begin = childrens_seconds()
        result = hustings("lint", str(self.file(text)))
        self.assertLess(childrens_seconds() - begin, 10)
        self.assertEqual(result.returncode, 0, result.stdout[:2000])

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable_file(self):
        path = self.file(GOOD)
        path.chmod(0)
        self.refuse(path, "Permission denied", "chmod u+r")

    def test_100_megabytes(self):
        path = self.file(GOOD)
        os.truncate(path, 100 * 1024 * 1024)
        self.refuse(path, "larger than 1024 KiB", seconds=5)

    def test_endless_file(self):
        self.refuse("/dev/zero", "larger than 1024 KiB", seconds=5)

    def test_largest_file(self):
        path = self.file(GOOD + "#" * ((1 << 20) - len(GOOD)))
        self.assertEqual(hustings("lint", "-q", str(path)).returncode, 0)
        with path.open("a") as file:
            file.write("#")
        self.refuse(path, "larger than 1024 KiB")

    def test_binary_file(self):
        self.refuse(HUSTINGS, lines=1)
        self.refuse(self.file(b"\x7fELF\x02\x01\x01\x00"), ":1:1:", "byte 0x7f is no text")
        self.refuse(self.file(GOOD.encode() + b"\x00"), ":4:1:", "byte 0x00 is no text")

    def test_deep_nesting(self):
        for opening in ("[", "{a: ", "- ", "? ", "[[], "):
            with self.subTest(opening=opening):
                deep = opening * (1000000 // len(opening))
                self.refuse(self.file(GOOD + "about: " + deep), lines=1)
        self.refuse(self.file(GOOD + "about: " + "[" * 17 + "]" * 17), "nested too deeply")

    def test_billion_laughs(self):
        lines = ["a0: &a0 lol"]
        for level in range(1, 40):
            lines.append(f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * 9) + "]")
        output = self.refuse(self.file("\n".join(lines)), "anchors (&)", "aliases (*)", lines=51)
        self.assertIn("more problems", output)

    def test_many_keys(self):
        keys = "".join(f"k{number}: 1\n" for number in range(49000))
        self.refuse(self.file(GOOD + keys), "and 48950 more problems", lines=51)

    def test_one_key_many_times(self):
        self.refuse(self.file(GOOD + "a: 1\n" * 49000), lines=51)

    def test_too_many_values(self):
        self.refuse(self.file(GOOD + "expect: {leaders: [" + "1," * 200000 + "]}"), "this size")

    def test_longest_table(self):
        def table(count):
            times = ", ".join(f"{number}us" for number in range(1, count + 1))
            return self.file(GOOD + f"network: {{latency: {{table: [{times}]}}}}\n")

        self.assertEqual(hustings("lint", "-q", str(table(1001))).returncode, 0)
        self.refuse(table(1002), ":4:28:", "table has too many times", "2 to 1001")

    def test_empty_values_by_the_thousand(self):
        entries = "".join(f"  {number}:\n" for number in range(1, 40000))
        self.refuse(self.file(GOOD + "starts:\n" + entries), lines=51)

    def test_long_line(self):
        output = self.refuse(self.file(GOOD + "protocol: " + "é" * 400000))
        self.assertLess(len(output), 500)

    def test_from_a_pipe(self):
        result = hustings("lint", "-q", "/dev/stdin", input=GOOD)
        self.assertEqual((result.returncode, result.stdout), (0, ""))


class Verbs(unittest.TestCase):
    GOOD_FILE = str(ROOT / "tests" / "fuzz" / "corpus" / "everything.yaml")
    BAD_FILE = str(ROOT / "tests" / "bad" / "unknown-fault.yaml")

    def test_defaults_are_shown(self):
        result = hustings("lint", self.GOOD_FILE)
        self.assertEqual(result.returncode, 0)
        self.assertIn(f"{self.GOOD_FILE}: ok\n", result.stdout)
        self.assertRegex(result.stdout, r"default +lock\.token\.wait +forever\n")

    def test_how_long_is_shown(self):
        """A cut lasts for good unless it is said how long; what is lost is the next request."""
        faults = "faults: [{at: 1s, cut: 2}, {at: 2s, lose: 3}]\n"
        shown = hustings("lint", "/dev/stdin", input=GOOD + faults).stdout
        self.assertRegex(shown, r"default +faults\[1\]\.for +for good\n")
        self.assertRegex(shown, r"default +faults\[2\]\.count +1\n")
        self.assertRegex(shown, r"default +faults\[2\]\.for +0s\n")

    def test_quiet(self):
        self.assertEqual(hustings("lint", "--quiet", self.GOOD_FILE).stdout, "")
        self.assertIn("did you mean crash?", hustings("lint", "-q", self.BAD_FILE).stdout)

    def test_all_files_are_looked_at(self):
        result = hustings("lint", self.BAD_FILE, self.GOOD_FILE)
        self.assertEqual(result.returncode, 2)
        self.assertIn(f"{self.GOOD_FILE}: ok", result.stdout)

    def test_json(self):
        result = hustings("lint", "--format", "json", self.GOOD_FILE, self.BAD_FILE)
        good, bad = json.loads(result.stdout)
        self.assertEqual(result.returncode, 2)
        self.assertTrue(good["ok"])
        self.assertIn({"key": "protocol.article.sticky", "value": "false"}, good["defaults"])
        self.assertEqual(
            bad["problems"],
            [
                {
                    "line": 6,
                    "column": 5,
                    "text": "crsh",
                    "message": "unknown key",
                    "suggestion": "did you mean crash?",
                }
            ],
        )

    def test_a_dash_is_stdin(self):
        text = GOOD.replace("6s", "2s")
        good = hustings("lint", "--quiet", "-", input=text)
        self.assertEqual((good.returncode, good.stdout), (0, ""), good)
        bad = hustings("lint", "-", input=text + "nods: 3\n")
        self.assertEqual(bad.returncode, 2)
        self.assertIn("stdin:4:1: ", bad.stdout)
        self.assertIn('"nods": unknown key; did you mean nodes?', bad.stdout)
        with tempfile.TemporaryDirectory() as folder:
            run = hustings("run", "--on", "model", "--out", folder, "-", input=text)
            self.assertEqual(run.returncode, 0, run)
            copy = pathlib.Path(folder, "latest", "scenario.yaml")
            self.assertEqual(copy.read_text(encoding="utf-8"), text)
            history = pathlib.Path(folder, "latest", "history", "trial-0001.jsonl")
            check = hustings("check", "-", input=history.read_text(encoding="utf-8"))
            self.assertIn("stdin: ", check.stdout)
            self.assertNotIn("cannot", check.stderr)
            failing = hustings(
                "run", "--on", "model", "--out", folder, "-",
                input=text + "expect: {leaders: [5]}\n",
            )
            self.assertEqual(failing.returncode, 1, failing)
            copy = pathlib.Path(folder, "latest").resolve() / "scenario.yaml"
            self.assertRegex(failing.stdout, rf"repeat .* run '?{copy}")

    def test_wrong_usage(self):
        for arguments in (
            ["lint"],
            ["lint", "--no-such-option", "x"],
            ["lint", "--format", "xml", "x"],
            ["list", "elephants"],
            ["list", "--no-such-option"],
        ):
            with self.subTest(arguments=arguments):
                result = hustings(*arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertIn("hustings", result.stderr)

    def test_help_has_an_example(self):
        for verb in ("lint", "list"):
            result = hustings(verb, "--help")
            self.assertEqual(result.returncode, 0)
            self.assertIn(f"Example:\n    {HUSTINGS} {verb} ", result.stdout)

    def test_a_full_disk_is_told(self):
        for arguments in (["lint", self.GOOD_FILE], ["list"]):
            with open("/dev/full", "w", encoding="utf-8") as full:
                result = subprocess.run(
                    [HUSTINGS, *arguments], stdout=full, stderr=subprocess.PIPE, text=True
                )
            self.assertEqual(result.returncode, 3)
            self.assertIn("cannot write to standard output", result.stderr)

    def test_lists(self):
        everything = hustings("list").stdout
        for topic, words in {
            "protocols": ["article"],
            "locks": ["none", "setnx", "token"],
            "faults": ["flip", "expire_lock", "never healed:", "{at: 2s, flip: 4, to: submit}"],
            "triggers": ["at", "every", "when", "settled", "acquires_lock"],
            "checks": ["dead_leader", "starvation"],
        }.items():
            result = hustings("list", topic)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn(result.stdout, everything)
            for word in words:
                self.assertIn(word, result.stdout)


class Warnings(unittest.TestCase):
    """What a good file asks for in vain is told, with its place and a fix; it stays good."""

    def lint(self, text, *options):
        done = hustings("lint", *options, "-", input="name: x\nnodes: 2\nduration: 1s\n" + text)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def warned(self, text, *warnings):
        """With exactly these."""
        lines = self.lint(text, "--quiet").splitlines()
        self.assertEqual(lines, ["stdin:" + warning for warning in warnings])

    def test_a_run_shorter_than_settles_within(self):
        words = ("warning: disagreement and no_leader cannot be broken: a trial lasts 1s at most, "
                 "and settles_within is {}; write a settles_within below 1s, or let the run last "
                 "longer")
        self.warned("heal: false\n",
                    "4:1: " + words.format("2s"))
        self.warned("heal: false\nexpect: {settles_within: 1s}\n",
                    "5:10: " + words.format("1s"))
        self.warned("heal: false\nexpect: {settles_within: 999ms}\n")
        self.warned("expect: {settles_within: 5s}\n")  # the healing gives that time

    def test_a_run_shorter_than_lock_within(self):
        words = ("warning: starvation cannot be broken: a trial lasts 3s at most, and lock_within "
                 "is {}; write a lock_within below 3s, or let the run last longer")
        self.warned("expect: {lock_within: 3s}\n", "4:10: " + words.format("3s"))
        self.warned("expect: {checks: {starvation: always}}\n", "4:19: " + words.format("10s"))
        self.warned("expect: {lock_within: 3s, checks: {starvation: always}}\n",
                    "4:10: " + words.format("3s"))
        self.warned("expect: {lock_within: 2999ms}\n")
        self.warned("heal: false\nexpect: {lock_within: 1s, settles_within: 500ms}\n",
                    "5:10: " + words.replace("3s", "1s").format("1s"))

    def test_a_default_that_does_not_fit_is_told_with_the_defaults(self):
        self.warned("")
        self.assertRegex(self.lint(""), r"lock_within  *10s \(5 x the lock's ttl\); no trial "
                                        r"lasts longer\n")
        self.assertRegex(self.lint("lock: {token: {ttl: 500ms}}\n"),
                         r"lock_within  *2500ms \(5 x the lock's ttl\)\n")

    def test_checks_of_a_lock_that_is_not_there(self):
        self.warned("lock: none\n")
        words = ("warning: {} cannot be broken in this scenario, since there is no lock; leave it "
                 "out")
        self.warned("lock: none\n"
                    "expect:\n  checks: {foreign_release: always, starvation: never}\n",
                    "6:12: " + words.format("foreign_release") + ", so that it is expected never",
                    "6:37: " + words.format("starvation")
                    + ", or change what keeps it from being broken")
        self.warned("lock: none\nexpect: {checks: {foreign_release: allowed}}\n")
        self.warned("lock: none\nexpect: {lock_within: 1s}\n", "5:10: " + words.format("starvation")
                    + ", or change what keeps it from being broken")

    def test_everybody_is_dead(self):
        everybody = ("heal: {}\nfaults:\n  - {{at: 100ms, crash: [1, 2]}}\n"
                     "  - {{at: 300ms, crash: master}}\n")
        settles = "expect: {settles_within: 500ms}\n"
        self.warned(everybody.format("false") + settles,
                    "7:17: warning: everybody is dead from 300ms on, and nobody comes back: no "
                    "check but no_leader can find anything after that; write heal: true, or let "
                    "somebody restart")
        self.warned(everybody.format("true") + settles)
        self.warned(everybody.format("false") + "  - {at: 500ms, restart: 1}\n" + settles)
        self.warned(everybody.format("false") + "  - {when: settled, restart: 2}\n" + settles)
        self.warned(everybody.format("false").replace("crash: master", "pause: master") + settles)
        self.warned(everybody.format("false")
                    + "expect: {settles_within: 500ms, checks: {no_leader: always}}\n")

    def test_a_bound_that_nothing_can_exceed(self):
        self.warned("expect: {elect_ms: {p50: 3000, max: 3001}, settle_ms: {p99: 4000.5}}\n",
                    *(f"4:{column}: warning: {name} cannot be exceeded: a trial lasts 3s at most; "
                      "write a number below 3000, in ms"
                      for column, name in ((32, "elect_ms max"), (56, "settle_ms p99"))))

    def test_a_total_that_nothing_can_exceed(self):
        self.warned("expect: {leaderless_ms: {max: 1000}, two_leaders_ms: {max: 3000}}\n",
                    "4:10: warning: leaderless_ms cannot be exceeded: the time that it counts is "
                    "1s at most, in all; write a number below 1000, in ms",
                    "4:38: warning: two_leaders_ms cannot be exceeded: the time that it counts is "
                    "3s at most, in all; write a number below 3000, in ms")
        self.warned("expect: {leaderless_ms: {max: 999}, two_leaders_ms: {max: 0}, "
                    "requests: {max: 7}}\n")

    def test_a_cure_that_is_not_there(self):
        lesson = ("ask: {question: Who?, choices: {a: node 1, b: node 2}}\n"
                  "answer: {choice: a, why: Rule 3.}\n"
                  "cure: {file: %s, change: 'lock: none', why: So.}\n")
        self.warned(lesson % "gone.yaml",
                    "6:14: warning: the cure gone.yaml is not there; its place is counted from "
                    "this file's folder")
        self.warned(lesson % os.devnull)

    def test_the_file_is_still_ok(self):
        lines = self.lint("heal: false\n").splitlines()
        self.assertIn("stdin:4:1: warning: ", lines[0])
        self.assertEqual(lines[1], "stdin: ok")

    def test_json(self):
        (file,) = json.loads(self.lint("heal: false\n", "--format", "json"))
        self.assertTrue(file["ok"])
        self.assertEqual(file["problems"], [])
        (warning,) = file["warnings"]
        self.assertEqual((warning["line"], warning["column"]), (4, 1))
        self.assertIn("disagreement and no_leader cannot be broken", warning["message"])
        self.assertTrue(warning["suggestion"].startswith("write a settles_within below 1s"))

    def test_a_bad_file_has_problems_alone(self):
        done = hustings("lint", "-", input="name: x\nnodes: 2\nduration: 1\nheal: false\n")
        self.assertEqual(done.returncode, 2)
        self.assertNotIn("warning", done.stdout)

    def test_what_is_shipped_has_none(self):
        files = sorted(str(path) for path in (ROOT / "scenarios").glob("*/*.yaml"))
        self.assertGreater(len(files), 40)
        done = hustings("lint", "--quiet", *files)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main()
