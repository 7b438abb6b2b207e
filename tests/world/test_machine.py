#!/usr/bin/python3
"""A machine that fails: no room on the disk, a folder that may not be written, no more processes.
One clear line, exit 3, and what was finished before is kept."""
import os
import pathlib
import pwd
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import HUSTINGS, SLOW, Worlds, read, server_program  # noqa: E402

SHORT = {"duration": "500ms", "trials": 5}
FINE = {"duration": "1500ms", "trials": 1}  # all have reported by then, whatever the machine does


def may_mount():
    probe = subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True, check=False
    )
    return probe.returncode == 0


class Folders(Worlds):
    def test_the_results_folder_cannot_be_made(self):
        """Below a regular file nobody can make a folder, not even root."""
        self.out_file = f"{self.folder}/file"
        pathlib.Path(self.out_file).touch()
        run = self.hustings("run", "--out", f"{self.out_file}/results", self.scenario(**SHORT))
        self.assert_world_failed(run, f"{self.out_file}/results", "Not a directory")

    @unittest.skipUnless(may_mount(), "may not mount here: nothing is read-only to root otherwise")
    def test_the_results_folder_is_read_only(self):
        os.mkdir(self.out)
        run = self.in_mount(f"mount -t tmpfs -o ro none {self.out}", self.scenario(**SHORT))
        self.assert_world_failed(run, self.out, "Read-only")

    @unittest.skipUnless(may_mount(), "may not mount here: see the test with a limit of file sizes")
    def test_the_disk_is_full_in_the_middle(self):
        """A small disk that a few trials fill."""
        os.mkdir(self.out)
        saved = f"{self.folder}/saved"
        path = self.scenario(
            "protocol: {article: {poll: 20ms, report: 50ms}}\n", **{**SHORT, "trials": 40}
        )
        run = self.in_mount(
            f"mount -t tmpfs -o size=400k none {self.out}", path, f"cp -a {self.out} {saved}"
        )
        self.assert_world_failed(run, "No space left on device", " of 40 trials were finished")
        shutil.rmtree(self.out)
        os.rename(saved, self.out)
        self.assertIn(f"; {self.finished()} of 40", run.stderr)

    def in_mount(self, mount, path, after="true"):
        script = f'{mount} && "$@"; code=$?; {after}; exit $code'
        return self.end(
            self.start("unshare", "-m", "sh", "-c", script, "sh",
                       HUSTINGS, "run", "--out", self.out, path)
        )  # fmt: skip

    def test_a_file_may_not_grow_any_more(self):
        """RLIMIT_FSIZE: what a full disk looks like where one may not mount."""
        path = self.scenario("protocol: {article: {poll: 2ms, report: 2ms}}\n", **SHORT)
        limit = 60000
        run = self.run_scenario(
            path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        )
        self.assert_world_failed(run, "File too large", "history")
        self.assertEqual(self.finished() if os.path.exists(self.out) else 0, 0)

    def test_no_place_for_temporary_files(self):
        run = self.run_scenario(
            self.scenario(**SHORT), environment={"TMPDIR": f"{self.folder}/none"}
        )
        self.assert_world_failed(run, f"{self.folder}/none", "TMPDIR")

    def test_nobody_reads_what_is_printed(self):
        """The results are written all the same; and a full disk is no success."""
        with open("/dev/full", "w", encoding="utf-8") as full:
            run = self.run_scenario(self.scenario(**FINE), stdout=full)
        self.assert_world_failed(run, "standard output")
        self.assertEqual(self.finished(), 1)


@unittest.skipIf(SLOW, "the sanitizers' own needs come first")
class Limits(Worlds):
    def test_fork_is_refused(self):
        """RLIMIT_NPROC, which binds anybody but root: so the run is nobody's."""
        if os.getuid() != 0:
            self.skipTest("must be root to become somebody with few processes")
        nobody = pwd.getpwnam("nobody")
        place = tempfile.mkdtemp(prefix="s", dir="/tmp")  # TMPDIR may be closed to nobody
        self.addCleanup(shutil.rmtree, place)
        shutil.copy(HUSTINGS, f"{place}/hustings")
        # Nobody may not come to what lies in root's own folder. The server goes by its name.
        os.symlink(os.path.realpath(server_program()), f"{place}/redis-server")
        path = shutil.copy(self.scenario(nodes=40, **SHORT), place)
        for entry in (place, path):
            os.chown(entry, nobody.pw_uid, nobody.pw_gid)

        def become_nobody():
            resource.setrlimit(resource.RLIMIT_NPROC, (20, 20))
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)

        run = self.end(
            self.start(
                f"{place}/hustings", "run", "--redis-server", f"{place}/redis-server",
                "--out", f"{place}/results", path,
                environment={"TMPDIR": place}, preexec_fn=become_nobody,
            )
        )  # fmt: skip
        self.assert_world_failed(run, "cannot fork", "ulimit -u")
        self.assertEqual([n for n in os.listdir(place) if n.startswith("hustings-")], [])

    def test_no_memory_for_the_histories(self):
        run = self.run_scenario(
            self.scenario(**SHORT),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (30 << 20, 30 << 20)),
        )
        # The pool of events makes do with less, or says so; it never crashes.
        self.assertIn(run.returncode, (0, 3), run)
        if run.returncode == 3:
            self.assert_world_failed(run)

    def test_few_descriptors(self):
        """The soft limit is raised to the hard one; below that, one line says so."""
        run = self.run_scenario(
            self.scenario("lock: {token: {retry: 5ms}}\n", nodes=30, **FINE),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (24, 2000)),
        )
        self.assertEqual((run.returncode, run.stderr), (0, ""), run)
        run = self.run_scenario(
            self.scenario(nodes=30, **SHORT),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8)),
        )
        self.assert_world_failed(run)
        self.assertEqual(read(f"{self.folder}/core"), b"")


if __name__ == "__main__":
    unittest.main()
