#!/usr/bin/python3
"""Where the kernel or a container forbids a signal, the run ends with one line that names it: no
fault is told of that did not happen."""
import ctypes
import pathlib
import platform
import signal
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import Worlds  # noqa: E402

SYS_KILL = {"x86_64": 62, "aarch64": 129, "riscv64": 129}
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, FORBID = 0x7FFF0000, 0x00050001  # EPERM
NUMBER, SECOND_ARGUMENT = 0, 24  # in struct seccomp_data, on machines with the low half first


def forbidder(number):
    """What a child calls before it runs a program: from then on kill() with this signal is refused,
    as by a container's profile."""
    program = b"".join(
        struct.pack("HBBI", *line)
        for line in (
            (LOAD, 0, 0, NUMBER),
            (IF_EQUAL, 0, 3, SYS_KILL[platform.machine()]),
            (LOAD, 0, 0, SECOND_ARGUMENT),
            (IF_EQUAL, 0, 1, number),
            (RETURN, 0, 0, FORBID),
            (RETURN, 0, 0, ALLOW),
        )
    )
    lines = ctypes.create_string_buffer(program)
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", 6, ctypes.addressof(lines)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def forbid(keep=lines):
        del keep
        if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "no filter of system calls")
        if prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(head), 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "no filter of system calls")

    return forbid


@unittest.skipUnless(platform.machine() in SYS_KILL, "the number of kill() is not known here")
class Forbidden(Worlds):
    def refused(self, number, fault):
        path = self.scenario(f"faults:\n  - {fault}\n", duration="1s")
        return self.end(
            self.start_hustings("run", "--out", self.out, path, preexec_fn=forbidder(number))
        )

    def test_a_process_that_may_not_be_stopped(self):
        run = self.refused(signal.SIGSTOP, "{at: 300ms, pause: 2, for: 100ms}")
        self.assert_world_failed(run, "cannot send SIGSTOP to node 2", "not permitted", "forbids")

    def test_a_redis_that_may_not_be_stopped(self):
        run = self.refused(signal.SIGSTOP, "{at: 300ms, stall: redis, for: 100ms}")
        self.assert_world_failed(run, "cannot send SIGSTOP to redis-server", "not permitted")

    def test_what_may_not_be_woken(self):
        for fault, name in (("pause: 2", "node 2"), ("stall: redis", "redis-server")):
            run = self.refused(signal.SIGCONT, f"{{at: 300ms, {fault}, for: 100ms}}")
            self.assert_world_failed(run, f"cannot send SIGCONT to {name}", "not permitted")


if __name__ == "__main__":
    unittest.main()
