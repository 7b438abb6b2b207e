"""hustings course: predict, run, see why, at a terminal and without one; where one was, and the
sheet of answers. On the model: what the lessons do on processes is for test_lessons.py."""
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUSTINGS = os.environ.get("HUSTINGS", str(ROOT / "build" / "hustings"))
COURSE = ROOT / "scenarios" / "course"
LESSONS = sorted(path.name for path in COURSE.glob("*.yaml"))


class Terminal:
    """The course at a terminal of 80 x 24."""

    def __init__(self, environment, *words):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execve(HUSTINGS, ["hustings", "course", *words], environment)
            finally:
                os._exit(127)
        self.seen = ""

    def wait_for(self, words, seconds=20):
        """Reads until these words are there; what came before them is done with."""
        until = time.monotonic() + seconds
        while words not in self.seen:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f"no {words!r} in {self.seen!r}")
            try:
                self.seen += os.read(self.fd, 65536).decode("utf-8", "replace")
            except OSError as gone:
                raise AssertionError(f"no {words!r} in {self.seen!r}") from gone
        before, _, self.seen = self.seen.partition(words)
        return before

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        """Its exit status, as a shell has it."""
        while True:
            try:
                if not os.read(self.fd, 65536):
                    break
            except OSError:
                break
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 128 - code


class Course(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="hustings-course-")
        self.addCleanup(shutil.rmtree, self.place)
        self.state = os.path.join(self.place, "state")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.place, "XDG_STATE_HOME": self.state,
            "LC_ALL": "C.UTF-8", "TERM": "xterm", "COLUMNS": "80",
        }  # fmt: skip

    def course(self, *words, typed="", code=0, program=HUSTINGS, **changes):
        done = subprocess.run(
            [program, "course", *words, "--out", os.path.join(self.place, "results")],
            input=typed, capture_output=True, text=True, timeout=60, check=False, cwd=self.place,
            env={**self.environment, **changes})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def on_model(self, *words, **more):
        return self.course("--on", "model", *words, **more)

    # --- without a terminal

    def test_a_prediction_that_comes_true(self):
        said = self.on_model("5", "--answer", "b")
        self.assertIn("You predicted b, and so it came.", said)
        self.assertIn("Why: The Redis counts the 2 s", said)
        self.assertIn("lock: {token: {ttl: 4s}}", said)
        self.assertIn("With it, every expectation held.", said)

    def test_one_that_does_not_is_no_error(self):
        said = self.on_model("5", "--answer", "a")
        self.assertRegex(said, r"You predicted a\. What came is b: They wait for 2 s\.")
        self.assertNotRegex(said.lower(), r"\b(wrong|sorry|mistake|incorrect)\b")

    def test_all_lessons_one_after_the_other(self):
        letters = [yaml.safe_load((COURSE / name).read_text(encoding="utf-8"))["answer"]["choice"]
                   for name in LESSONS]
        said = self.on_model(typed="".join(letter + "\n" for letter in letters))
        for number in range(1, len(LESSONS) + 1):
            self.assertIn(f"Lesson {number} of {len(LESSONS)}: ", said)
        self.assertEqual(said.count("and so it came."), len(LESSONS))
        self.assertIn("That was the last lesson.", said)
        self.assertEqual(self.course("list").count("and so it came"), len(LESSONS))
        said = self.course()
        self.assertIn("You have done all lessons.", said)
        self.assertEqual(said.count("and so it came"), len(LESSONS))

    def test_what_is_no_letter_is_asked_again(self):
        said = self.on_model("1", typed="what?\n\nB)\n")
        self.assertEqual(said.count("Type one letter, from a to d."), 2)
        self.assertIn("You predicted b. What came is a: Node 1", said)

    def test_bad_usage_is_one_line(self):
        for words, expected in (
            (["1"], "no prediction came"), (["99", "--answer", "a"], "no such lesson"),
            (["1", "--answer", "e"], "give the letter of a choice"), (["1", "2"], "at a time"),
            (["1", "--on", "moon"], "processes or model"),
            (["nowhere.yaml", "--answer", "a"], "nowhere.yaml"),
            ([str(COURSE / "cured" / LESSONS[4]), "--answer", "a"], "asks nothing"),
        ):
            said = self.course(*words, code=2).split("hustings course: ", 1)[1]
            self.assertIn(expected, said)
            self.assertEqual(len(re.sub("Try: .*\n", "", said).splitlines()), 1, said)
        self.assertIn("no-such-server", self.course("--redis-server", "no-such-server", code=3))

    def test_a_run_that_goes_otherwise_shows_no_answer(self):
        text = (COURSE / LESSONS[0]).read_text(encoding="utf-8").replace("[1]", "[2]")
        path = os.path.join(self.place, "mine.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        said = self.on_model(path, "--answer", "a", code=1)
        self.assertIn("did not go as the lesson says", said)
        self.assertNotIn("You predicted", said)

    # --- where one was

    def test_it_goes_on_where_one_was(self):
        self.assertIn("Lesson 1 of", self.on_model("--answer", "a"))
        said = self.on_model("--answer", "c")
        self.assertIn("Lesson 2 of", said)
        listed = self.course("list").splitlines()
        self.assertRegex(listed[0], r"1 +first election +predicted a, and so it came")
        self.assertRegex(listed[2], r"3 +the master submits +not yet")
        self.on_model("1", "--answer", "d")
        self.assertIn("predicted d, and a came", self.course("list"))
        self.assertIn("begins with lesson 1", self.course("--reset"))
        self.assertEqual(self.course("list").count("not yet"), len(LESSONS))
        self.assertFalse(os.path.exists(os.path.join(self.state, "hustings", "course")))

    def test_it_says_once_where_that_is_kept(self):
        path = os.path.join(self.state, "hustings", "course")
        self.assertIn(path, re.sub(r"\n +", "", self.on_model("1", "--answer", "a")))
        self.assertNotIn("remembered", self.on_model("2", "--answer", "a"))
        os.unlink(path)
        said = self.on_model("1", "--answer", "a", XDG_STATE_HOME="")
        self.assertIn(".local/state/hustings/course", re.sub(r"\n +", "", said))

    def test_a_place_that_cannot_be_written_stops_nobody(self):
        with open(self.state, "w", encoding="utf-8"):
            pass
        said = self.on_model("1", "--answer", "a")
        self.assertIn("cannot be remembered:", said)
        self.assertIn("and so it came", said)

    def test_a_strange_file_does_no_harm(self):
        path = pathlib.Path(self.state, "hustings", "course")
        path.parent.mkdir(parents=True)
        path.write_bytes(b"\0\xff nonsense\nfencing \x1b\nfencing b\n" + b"x" * 100000)
        self.assertIn("predicted b, and so it came", self.course("list"))

    # --- the sheet

    def test_a_place_that_is_no_file_does_not_hang_it(self):
        """A pipe, or a device without an end, in the place of its file."""
        place = pathlib.Path(self.state, "hustings", "course")
        for make in (os.mkfifo, lambda path: os.symlink("/dev/zero", path)):
            shutil.rmtree(self.state, ignore_errors=True)
            place.parent.mkdir(parents=True)
            make(place)
            self.course("list")
            said = self.on_model("1", "--answer", "a")
            self.assertIn("no regular file", " ".join(said.split()))
            self.assertFalse(place.is_file())

    def test_an_answer_may_be_a_capital_letter(self):
        self.assertIn("predicted a", self.on_model("1", "--answer", "A") + self.course("list"))

    def test_the_sheet_has_every_answer(self):
        sheet = self.course("--sheet")
        for number, name in enumerate(LESSONS, 1):
            lesson = yaml.safe_load((COURSE / name).read_text(encoding="utf-8"))
            part = sheet.split(f"## {number}. ", 1)[1].split("\n## ", 1)[0]
            self.assertIn(f"**Answer: {lesson['answer']['choice']}.**", part)
            for text in [lesson["ask"]["question"], *lesson["ask"]["choices"].values(),
                         lesson["answer"]["why"]]:
                self.assertIn(text.strip(), part)
            self.assertEqual("cure" in lesson, "The one change" in part)
        self.assertEqual(sheet.count("run --on model "), len(LESSONS) + 7)

    # --- in Chinese

    def test_each_lesson_is_there_in_chinese(self):
        sheet = self.course("--sheet", "--lang", "zh")
        for number, name in enumerate(LESSONS, 1):
            lesson = yaml.safe_load((COURSE / name).read_text(encoding="utf-8"))
            texts = lesson["texts"]["zh"]
            self.assertEqual(list(texts["choices"]), list(lesson["ask"]["choices"]), name)
            self.assertEqual("cure" in texts, "cure" in lesson, name)
            part = sheet.split(f"## {number}. {texts['title']}\n", 1)[1].split("\n## ", 1)[0]
            for english in [lesson["ask"]["question"], *lesson["ask"]["choices"].values()]:
                self.assertNotIn(english.strip(), part)
            self.assertNotRegex(part, r"[^\x00-\x7f] [^\x00-\x7f]")

    def test_the_language_is_the_locales_or_as_asked(self):
        chinese = {"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "zh_CN.UTF-8"}
        for words, changes, expected in (
            ([], {}, "You predicted"),
            (["--lang", "zh"], {}, "你预测的是 b，结果正是如此。"),
            ([], chinese, "你预测的是 b，结果正是如此。"),
            (["--lang", "en"], chinese, "You predicted"),
            # no terminal for Chinese: only if it is asked for
            ([], {**chinese, "LC_CTYPE": "C"}, "You predicted"),
            (["--lang", "zh"], {"LC_ALL": "C"}, "你预测的是 b，结果正是如此。"),
        ):
            self.assertIn(expected, self.on_model("5", "--answer", "b", *words, **changes))
        self.assertIn("give en or zh", self.course("--lang", "de", code=2))

    # --- at a terminal

    def test_at_a_terminal(self):
        terminal = Terminal(self.environment, "--on", "model", "--out", self.place)
        terminal.wait_for("Lesson 1 of 10: first election")
        terminal.wait_for("Your prediction (a to d, q stops): ")
        terminal.type("a\n")
        terminal.wait_for("and so it came")
        terminal.wait_for("Enter goes on with lesson 2, a node submits; q stops: ")
        terminal.type("\n")
        terminal.wait_for("Your prediction (a to c, q stops): ")
        terminal.type("q\n")
        terminal.wait_for("To go on where you are")
        self.assertEqual(terminal.end(), 0)

    def test_the_cure_waits_for_enter(self):
        terminal = Terminal(self.environment, "8", "--on", "model", "--out", self.place)
        terminal.wait_for("q stops): ")
        terminal.type("c\n")
        terminal.wait_for("Enter runs it with this change, q stops: ")
        terminal.type("\n")
        terminal.wait_for("every expectation held")
        self.assertEqual(terminal.end(), 0)

    def test_ctrl_c_and_ctrl_d_end_it(self):
        terminal = Terminal(self.environment, "8", "--on", "model", "--out", self.place)
        terminal.wait_for("q stops): ")
        terminal.type("c\n")
        terminal.wait_for("Enter runs it with this change, q stops: ")
        terminal.type("\x03")
        self.assertEqual(terminal.end(), 128 + signal.SIGINT)
        self.assertIn("predicted c, and b came", self.course("list"))
        terminal = Terminal(self.environment, "1", "--on", "model", "--out", self.place)
        terminal.wait_for("q stops): ")
        terminal.type("\x04")
        self.assertEqual(terminal.end(), 0)

    # --- on processes

    def test_ctrl_c_while_it_runs_shows_no_answer(self):
        terminal = Terminal(self.environment, "4", "--on", "processes", "--out", self.place)
        terminal.wait_for("q stops): ")
        terminal.type("b\n")
        terminal.wait_for("trial 1/1")
        terminal.type("\x03")
        terminal.wait_for("interrupted")
        self.assertNotIn("You predicted", terminal.seen)
        self.assertEqual(terminal.end(), 130)
        self.assertEqual(self.course("list").count("not yet"), len(LESSONS))

    def test_a_world_that_fails_is_told_with_a_way_out(self):
        said = self.course("1", "--answer", "a", "--on", "processes", code=3,
                           TMPDIR=os.path.join(self.place, "none"))
        self.assertIn("cannot make a temporary folder", said)
        self.assertIn("course --on model, which needs no Redis", said)

    # --- elsewhere

    def test_where_there_is_no_redis(self):
        """A program that is installed somewhere, without a server, and without a home."""
        folder = pathlib.Path(self.place, "prefix")
        (folder / "bin").mkdir(parents=True)
        shutil.copy(HUSTINGS, folder / "bin" / "hustings")
        shutil.copytree(ROOT / "scenarios", folder / "share" / "hustings" / "scenarios")
        said = self.course("9", "--answer", "c", program=str(folder / "bin" / "hustings"),
                           PATH=self.place, HOME="", XDG_STATE_HOME="")
        self.assertIn("There is no redis-server here, so it runs once on the model",
                      re.sub(r"\n +", " ", said))
        self.assertIn("and so it came", said)
        self.assertIn("cannot be remembered: neither XDG_STATE_HOME nor HOME",
                      re.sub(r"\n +", " ", said))


if __name__ == "__main__":
    unittest.main()
