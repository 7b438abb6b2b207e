"""A pseudoterminal with a program in it, read as a person reads it: what stands where.

    with Pseudo(["play", folder], environment) as screen:
        screen.until("held")
        screen.type("\\x1b[D")
        print(screen.text())
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import HUSTINGS, ROOT  # noqa: E402

RIGHT, LEFT, UP, DOWN, HOME, END = (f"\x1b[{letter}" for letter in "CDABHF")

SEQUENCE = re.compile(r"\x1b\[(\??)([0-9;]*)([a-zA-Z])")


class Pseudo:
    def __init__(self, arguments, environment, columns=80, rows=24, program=HUSTINGS):
        self.main, self.side = pty.openpty()
        self.resize(columns, rows, tell=False)
        self.before = termios.tcgetattr(self.side)
        self.cells, self.at, self.waiting = [], (0, 0), ""
        self.alternate = self.hidden = False
        self.left = (0, 0)  # where the cursor was on the usual screen
        self.whole = True  # a picture has been drawn to its last line
        self.all = ""
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.side, termios.TIOCSCTTY, 0)
            for number in range(3):
                os.dup2(self.side, number)
            os.closerange(3, 100)
            os.chdir(ROOT)
            os.execve(program, [program, *arguments], environment)
        self.clear()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.main)
        os.close(self.side)

    def resize(self, columns, rows, tell=True):
        self.columns, self.rows = columns, rows
        fcntl.ioctl(self.side, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            self.clear()
            os.kill(self.pid, signal.SIGWINCH)

    # --- what it writes ---

    def clear(self):
        self.cells = [[" "] * self.columns for _ in range(self.rows)]

    def take(self, mark, numbers, letter):
        first = [int(number or 0) for number in numbers.split(";")]
        if mark and numbers == "1049":
            self.alternate = letter == "h"
            if self.alternate:
                self.left = self.at
            else:
                self.at = self.left
            self.clear()
        elif mark and numbers == "25":
            self.hidden = letter == "l"
        elif letter == "H":
            self.whole = False
            self.at = (max(first[0], 1) - 1, max(first[1] if len(first) > 1 else 1, 1) - 1)
        elif letter == "K":
            row, column = self.at
            self.whole = row + 1 == self.rows
            self.cells[row][column:] = [" "] * (self.columns - column)
        elif letter == "J":
            self.clear()
        elif letter != "m" and numbers != "2004":  # a shell's, for what is pasted
            raise AssertionError(f"unknown sequence {mark}{numbers}{letter}")

    def put(self, letter):
        row, column = self.at
        if letter == "\r":
            self.at = (row, 0)
        elif letter == "\n":
            self.at = (min(row + 1, self.rows - 1), column)
            if row + 1 == self.rows:
                self.cells = [*self.cells[1:], [" "] * self.columns]
        else:
            if column == self.columns:
                assert not self.alternate, f"a line is too long: {letter!r} on\n{self.text()}"
                self.put("\r")
                self.put("\n")
                row, column = self.at
            self.cells[row][column] = letter
            self.at = (row, column + 1)

    def show(self, text):
        self.waiting += text
        while self.waiting:
            found = SEQUENCE.match(self.waiting)
            if found:
                self.take(*found.groups())
                self.waiting = self.waiting[found.end() :]
            elif self.waiting[0] == "\x1b":
                return
            else:
                self.put(self.waiting[0])
                self.waiting = self.waiting[1:]

    def read(self, seconds):
        """Takes in what comes; False if nothing came."""
        if not select.select([self.main], [], [], seconds)[0]:
            return False
        data = os.read(self.main, 65536)
        while data and data[-1] >= 0x80:  # in the middle of a letter, perhaps
            try:
                data.decode()
                break
            except UnicodeDecodeError:
                data += os.read(self.main, 1)
        text = data.decode()
        self.all += text
        self.show(text)
        return True

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)

    def until(self, words, seconds=20):
        """Waits until the words are on the screen, and that is drawn to its end; returns it."""
        end = time.monotonic() + seconds
        while words not in self.text() or (self.alternate and not self.whole):
            left = end - time.monotonic()
            if left < 0 or not self.read(left):
                raise AssertionError(f"no {words!r} on\n{self.text()}")
        return self.text()

    def line(self, words):
        """The line with these words."""
        return next((line for line in self.text().split("\n") if words in line), "")

    def type(self, text):
        os.write(self.main, text.encode())

    def end(self, seconds=20):
        """Its exit code, or minus the signal; all that it wrote is taken in."""
        until = time.monotonic() + seconds
        while True:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                break
            if time.monotonic() > until:
                raise AssertionError(f"it does not end:\n{self.text()}")
            self.read(0.05)
        while self.read(0):
            pass
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def is_restored(self):
        """The terminal is as it was: its modes, its screen, its cursor."""
        return (
            termios.tcgetattr(self.side) == self.before
            and not self.alternate
            and not self.hidden
            and self.all.rfind("\x1b[0m") > self.all.rfind("\x1b[2J")
        )
