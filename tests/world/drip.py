#!/usr/bin/python3
"""drip.py SOCKET [REDIS_SOCKET SECONDS]: a server that announces a long answer and sends it a byte
at a time. With a Redis it passes everything on at first, for so many seconds."""
import socket
import sys
import threading
import time


def drip(client):
    client.sendall(b"$500000\r\n")
    while True:
        client.sendall(b"x")
        time.sleep(0.05)


def serve(client, redis, until):
    try:
        while True:
            asked = client.recv(65536)
            if not asked:
                return
            if redis is None or time.monotonic() > until:
                drip(client)
            redis.sendall(asked)
            client.sendall(redis.recv(65536))
    except OSError:
        client.close()


def main(path, redis_path=None, seconds="0"):
    until = time.monotonic() + float(seconds)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    while True:
        client, _ = listener.accept()
        redis = None
        if redis_path:
            redis = socket.socket(socket.AF_UNIX)
            redis.connect(redis_path)
        threading.Thread(target=serve, args=(client, redis, until), daemon=True).start()


main(*sys.argv[1:])
