"""What the reader of strangers' traffic pairs is what their clients saw: against a real
redis-server, in RESP2 and RESP3, with redis-cli, redis-py and bytes of our own."""
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.stage import BUILD, Stage, wait_for  # noqa: E402

import redis  # noqa: E402

KEY = "lock"


def words(*parts):
    """A command as clients send it."""
    coded = [str(part).encode() for part in parts]
    return b"*%d\r\n" % len(coded) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in coded)


class Stranger:
    """A client of our own: it reads answers by a parser that has nothing to do with hustings'."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self.lines = self.socket.makefile("rb")

    def send(self, data, rng=None):
        while data:
            size = rng.randint(1, 40) if rng else len(data)
            self.socket.sendall(data[:size])
            data = data[size:]

    def read(self):
        line = self.lines.readline()
        assert line.endswith(b"\r\n"), line
        kind, rest = line[:1], line[1:-2]
        if kind in b"$=!":
            return None if rest == b"-1" else self.lines.read(int(rest) + 2)[:-2]
        if kind in b"*~>":
            return None if rest == b"-1" else [self.read() for _ in range(int(rest))]
        if kind == b"%":
            return [self.read() for _ in range(2 * int(rest))]
        return None if kind == b"_" else rest

    def ask(self, *parts):
        self.send(words(*parts))
        return self.read()

    def close(self):
        self.lines.close()
        self.socket.close()


class Tap(Stage):
    def setUp(self):
        super().setUp()
        self.server = self.redis_server()
        self.path = f"{self.folder}/tap"
        program = BUILD / "tests" / "interop_tap"
        self.said = pathlib.Path(self.folder, "said")
        with open(self.said, "wb") as said:
            self.tap = self.start(
                program, self.path, self.server.socket, KEY, stdin=subprocess.PIPE, stdout=said
            )
        wait_for(lambda: self.said.read_text(encoding="utf-8") == "ready\n", "the tap listens")

    def stranger(self):
        stranger = Stranger(self.path)
        self.addCleanup(stranger.close)
        return stranger

    def told(self):
        """All that was told, as lists of words."""
        _, err = self.tap.communicate("", timeout=20)
        self.assertEqual(err, "")
        self.assertEqual(self.tap.returncode, 0)
        return [line.split() for line in self.said.read_text(encoding="utf-8").splitlines()[1:]]

    def pairs(self, told, connection="0"):
        """number -> (name, first item of its answer)."""
        asked = {line[2]: line[3] for line in told if line[:2] == [connection, "ask"]}
        return {
            int(line[2]): (asked[line[2]], line[5])
            for line in told
            if line[:2] == [connection, "answer"]
        }

    def expect_echoes(self, told, sent):
        """`sent`: number -> what was echoed; each has its own answer and nobody else's."""
        self.assertEqual([line for line in told if "lost" in line], [])
        paired = self.pairs(told)
        for number, text in sent.items():
            self.assertEqual(paired.get(number), ("ECHO", f"${text}"), number)

    def converse(self, protocol, seed):
        """A random conversation of echoes and of all that changes how a server answers."""
        rng = random.Random(seed)
        stranger = self.stranger()
        number, sent = 0, {}
        if protocol == 3:
            stranger.ask("HELLO", 3)
            number += 1
        for _ in range(60):
            data, begun = b"", number

            def say(*parts, typed=False):
                nonlocal data, number
                number += 1
                data += (" ".join(map(str, parts)) + "\r\n").encode() if typed else words(*parts)

            def echo(answered=True):
                text = f"e{number + 1}"
                say("ECHO", text, typed=rng.random() < 0.3)
                if answered:
                    sent[number] = text

            turn = rng.randrange(9)
            if turn == 0:
                say("MULTI")
                for _ in range(rng.randint(0, 12)):
                    echo()
                say("EXEC")
            elif turn == 1:
                say("MULTI")
                echo(False)
                say("DISCARD")
            elif turn == 2:
                say("CLIENT", "REPLY", "SKIP")
                echo(False)
            elif turn == 3:
                say("CLIENT", "REPLY", "OFF")
                echo(False)
                say("CLIENT", "REPLY", "SKIP")
                echo(False)
                say("CLIENT", "REPLY", "ON")
            elif turn == 4:
                channels = rng.sample("abcd", rng.randint(1, 3))
                say("SUBSCRIBE", *channels)
                say("PSUBSCRIBE", "p*")
                say("PING")
                if protocol == 3:
                    echo()
                    say("PUBLISH", "a", "x")
                say("UNSUBSCRIBE")
                say("PUNSUBSCRIBE")
                say("UNSUBSCRIBE")
            elif turn == 5:
                data += b"*0\r\n" + b"\r\n" * rng.randint(0, 2)
                number += 1 + data.count(b"\r\n") - 1
                say("LRANGE", "none", 0, -1)
            elif turn == 6:
                say("NOSUCH", "command")
                say("GET")
                say("CLIENT", "REPLY", "SKIP")
                data += b"\r\n"  # which is what is skipped
                number += 1
                echo()
            elif turn == 7:
                say("SET", "long", "x" * rng.randint(60, 5000))
                say("GET", "long")
            else:
                say("COMMAND", "DOCS", "get", "set")
            for _ in range(rng.randint(0, 3)):
                echo()
            say("ECHO", f"end{begun}")
            stranger.send(data, rng if rng.random() < 0.5 else None)
            while stranger.read() != f"end{begun}".encode():
                pass
        return sent

    def test_each_answer_finds_its_command_in_resp2(self):
        sent = self.converse(2, 11)
        self.assertGreater(len(sent), 60)
        self.expect_echoes(self.told(), sent)

    def test_each_answer_finds_its_command_in_resp3(self):
        sent = self.converse(3, 12)
        self.assertGreater(len(sent), 60)
        self.expect_echoes(self.told(), sent)

    def test_long_pipelines(self):
        stranger = self.stranger()
        sent = {i: f"e{i}" for i in range(1, 5001)}
        stranger.send(b"".join(words("ECHO", text) for text in sent.values()))
        for text in sent.values():
            self.assertEqual(stranger.read(), text.encode())
        told = self.told()
        answers = [line for line in told if line[1] == "answer"]
        self.assertEqual([line[2] for line in answers], [str(i) for i in sent])
        self.assertEqual([line[5] for line in answers], [f"${text}" for text in sent.values()])

    def test_a_blocking_read_and_its_waker(self):
        waits, wakes = self.stranger(), self.stranger()
        waits.send(words("BLPOP", "list", 5) + words("ECHO", "after"))
        self.assertEqual(wakes.ask("ECHO", "1"), b"1")
        wakes.ask("RPUSH", "list", "x")
        self.assertEqual(waits.read(), [b"list", b"x"])
        self.assertEqual(waits.read(), b"after")
        self.assertEqual(
            self.pairs(self.told()), {1: ("BLPOP", "*-"), 2: ("ECHO", "$after")}
        )

    def test_what_a_server_pushes_is_nobodys(self):
        stranger, other = self.stranger(), self.stranger()
        stranger.ask("HELLO", 3)
        stranger.ask("CLIENT", "TRACKING", "ON")
        stranger.ask("GET", "k")
        other.ask("SET", "k", "v")
        self.assertEqual(stranger.read(), [b"invalidate", [b"k"]])
        self.assertEqual(stranger.ask("ECHO", "x"), b"x")
        monitor = self.stranger()
        monitor.ask("MONITOR")
        other.ask("PING")
        monitor.read()
        self.assertEqual(monitor.ask("RESET"), b"RESET")
        self.assertEqual(monitor.ask("ECHO", "y"), b"y")
        told = self.told()
        self.assertEqual([line for line in told if "lost" in line], [])
        self.assertEqual(self.pairs(told)[4], ("ECHO", "$x"))
        self.assertEqual(self.pairs(told, "2")[3], ("ECHO", "$y"))

    def test_the_end_of_what_it_can_follow(self):
        """A server breaks off with who sends no RESP; a replica's stream is not followed."""
        for data in (b"set k 'a\r\n", b"*1\r\nx\r\n", b"*x\r\n"):
            stranger = self.stranger()
            stranger.send(data)
            self.assertIn(b"Protocol error", stranger.lines.readline())
            self.assertEqual(stranger.lines.readline(), b"")
        replica = self.stranger()
        replica.send(words("PSYNC", "?", "-1"))
        self.assertIn(b"FULLRESYNC", replica.lines.readline())
        lost = [" ".join(line[1:]) for line in self.told() if line[1] == "lost"]
        self.assertEqual(len(lost), 4)
        self.assertEqual(set(lost[:3]), {"lost what was sent is not Redis's protocol"})
        self.assertEqual(lost[3], "lost it is a replica's")

    # --- real clients ---

    @unittest.skipIf(not shutil.which("redis-cli"), "redis-cli is not installed")
    def test_redis_cli(self):
        for option in ("-2", "-3"):
            turn = 'ECHO "e{0} \\x41"\nGET none\nMULTI\nECHO m{0}\nEXEC\n'
            text = "".join(turn.format(i) for i in range(50))
            done = subprocess.run(
                ["redis-cli", option, "-s", self.path], input=text, capture_output=True, text=True,
                timeout=20,
            )  # fmt: skip
            self.assertEqual(done.stdout.count("\nm"), 50, done)
        told = self.told()
        self.assertEqual([line for line in told if "lost" in line], [])
        for connection in {line[0] for line in told}:
            paired = [pair for _, pair in sorted(self.pairs(told, connection).items())]
            echoes = [answer for name, answer in paired if name == "ECHO"]
            wanted = [word for i in range(50) for word in (f"$e{i}", f"$m{i}")]
            self.assertEqual(echoes, wanted)

    def test_the_lock_of_redis_py(self):
        """What it did and what its holder knew, from the OK to the release."""
        client = redis.Redis(unix_socket_path=self.path)
        lock = client.lock(KEY, timeout=5)
        self.assertTrue(lock.acquire())
        lock.extend(2, replace_ttl=True)
        self.assertFalse(client.lock(KEY, timeout=5).acquire(blocking=False))
        lock.reacquire()
        lock.release()
        again = client.lock(KEY, timeout=5)
        again.acquire()
        self.server.client().delete(KEY)
        with self.assertRaises(redis.exceptions.LockNotOwnedError):
            again.reacquire()
        client.close()
        told = self.told()
        asked = {line[2]: line for line in told if line[1] == "ask"}
        seen = [
            (asked[line[2]][4], line[3], line[-1])
            for line in told
            if line[1] == "answer" and asked[line[2]][4] != "-" and line[3] != "refused"
        ]
        self.assertEqual(
            seen,
            [
                ("put_if_absent", "took", "believes"),
                ("extend_if_equal", "kept", "believes"),
                ("put_if_absent", "busy", "believes"),
                ("extend_if_equal", "kept", "believes"),
                ("delete_if_equal", "released", "doubts"),
                ("put_if_absent", "took", "believes"),
                ("extend_if_equal", "lost", "doubts"),
            ],
        )
        releases = [line for line in told if line[1] == "ask" and line[4] == "delete_if_equal"]
        self.assertEqual({line[-1] for line in releases}, {"doubts"})
        self.assertEqual(asked[min(asked, key=int)][5], "5000")

    def test_pipelines_and_subscriptions_of_redis_py(self):
        client = redis.Redis(unix_socket_path=self.path, decode_responses=True)
        pipe = client.pipeline(transaction=True)
        for i in range(10):
            pipe.echo(f"t{i}")
        self.assertEqual(pipe.execute(), [f"t{i}" for i in range(10)])
        listener = client.pubsub()
        listener.subscribe("a", "b")
        for _ in range(2):
            self.assertEqual(listener.get_message(timeout=5)["type"], "subscribe")
        client.publish("a", "hello")
        self.assertEqual(listener.get_message(timeout=5)["data"], "hello")
        listener.close()
        client.close()
        told = self.told()
        self.assertEqual([line for line in told if "lost" in line], [])
        echoes = [p[1] for p in self.pairs(told).values() if p[0] == "ECHO"]
        self.assertEqual(sorted(echoes), [f"$t{i}" for i in range(10)])
        channels = [p for c in "0123" for p in self.pairs(told, c).values() if p[0] == "SUBSCRIBE"]
        self.assertEqual(channels, [("SUBSCRIBE", "*-")])


if __name__ == "__main__":
    unittest.main()
