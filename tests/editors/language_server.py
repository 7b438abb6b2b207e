"""Speaks to the server that editors ask about YAML: opens texts, and hands on what it says of them.
Its messages are JSON, each behind a header, as the Language Server Protocol says.
"""
import json
import os
import select
import subprocess
import time

SECONDS = 60


class Server:
    """`yaml-language-server --stdio`, as an editor starts it; of these modules of npm."""

    def __init__(self, modules):
        program = modules / "yaml-language-server" / "bin" / "yaml-language-server"
        self.process = subprocess.Popen(
            ["node", program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.last = 0
        self.got = b""
        self.said = {}  # what it found last, by file
        self.ask("initialize", {"processId": os.getpid(), "rootUri": None, "capabilities": {}})
        self.tell("initialized", {})

    def close(self):
        self.process.kill()
        self.process.communicate()

    def tell(self, method, params, **more):
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def ask(self, method, params):
        self.last += 1
        self.tell(method, params, id=self.last)
        return self.until(lambda one: one.get("id") == self.last and "method" not in one)["result"]

    def until(self, wanted):
        end = time.monotonic() + SECONDS
        while True:
            one = self.next(end)
            if one.get("method") == "textDocument/publishDiagnostics":
                self.said[one["params"]["uri"]] = one["params"]["diagnostics"]
            elif "method" in one and "id" in one:  # it asks for settings: there are none
                self.reply(one)
            if wanted(one):
                return one

    def reply(self, one):
        items = one.get("params", {}).get("items", [])
        body = {"jsonrpc": "2.0", "id": one["id"], "result": [None for _ in items] or None}
        body = json.dumps(body).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def next(self, end):
        """The next message."""
        while True:
            head, gap, rest = self.got.partition(b"\r\n\r\n")
            if gap:
                length = int(head.rpartition(b"Content-Length:")[2].split()[0])
                if len(rest) >= length:
                    self.got = rest[length:]
                    return json.loads(rest[:length])
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise AssertionError(f"the language server said nothing for {SECONDS} s")
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                raise AssertionError("the language server ended")
            self.got += more

    def open(self, path, text):
        """What it finds wrong in this text, opened as the file of this path: sentences."""
        uri = path.as_uri()
        self.said.pop(uri, None)
        self.tell("textDocument/didOpen", {
            "textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text},
        })  # fmt: skip
        self.until(lambda _: uri in self.said)
        return [found["message"] for found in self.said[uri]]

    def at(self, method, path, line, character):
        """What it answers for a place in an open file, counted from 0."""
        return self.ask(f"textDocument/{method}", {
            "textDocument": {"uri": path.as_uri()},
            "position": {"line": line, "character": character},
        })  # fmt: skip
