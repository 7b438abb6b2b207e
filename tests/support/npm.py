"""Programs from npm, for tests that read what hustings writes with somebody else's parser:
installed into the build folder, by a package-lock.json that says which, once for each of these."""
import fcntl
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

BUILD = pathlib.Path(os.environ.get("HUSTINGS_BUILD", "build"))
OFFLINE = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|FETCH_ERROR|E50\d|E403)\b"
)


def installed(folder, name):
    """The folder of the modules that folder/package-lock.json names, installed as build/npm/name.
    SkipTest: there is no npm, or it reaches no registry."""
    if not shutil.which("npm") or not shutil.which("node"):
        raise unittest.SkipTest("npm is not there")
    modules = BUILD / "npm" / name
    modules.mkdir(parents=True, exist_ok=True)
    with open(modules / "lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(folder, modules)
    return modules.resolve() / "node_modules"


def install(folder, modules):
    lock = folder / "package-lock.json"
    done = modules / "installed.json"
    if done.exists() and done.read_bytes() == lock.read_bytes():
        return
    for file in (lock, folder / "package.json"):
        shutil.copy(file, modules)
    npm = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline",
         "--fetch-retries=0", "--fetch-timeout=30000"],
        cwd=modules, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    offline = OFFLINE.search(npm.stderr)
    if npm.returncode != 0 and offline:
        raise unittest.SkipTest(f"npm reaches no registry: {offline[0]}")
    if npm.returncode != 0:
        raise RuntimeError(npm.stdout + npm.stderr)
    shutil.copy(lock, done)


def node(modules, script, *words):
    """What a script prints, which is JSON."""
    done = subprocess.run(["node", script, *map(str, words)], capture_output=True, text=True,
                          timeout=100, env={**os.environ, "NODE_PATH": str(modules)}, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return json.loads(done.stdout)
