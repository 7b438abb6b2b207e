"""The article's election with redis-py and multiprocessing: what hustings is compared with.

    article.py SOCKET NODES FLIPS IDLE-S

Connections stay open, processes are forked, and nobody sleeps but for the article's 0.1 s (between
two tries for the lock, which is redis-py's own; between two elections; between two looks at the
result). A flip reaches a node through a pipe, at once. Prints one JSON object; times are
CLOCK_MONOTONIC in ns.
"""
import json
import multiprocessing
import sys
import time

import redis

now = time.monotonic_ns


def elect(nodes):
    """Rule 1 cannot apply: the master is never flipped here."""
    votes = [json.loads(vote) for vote in nodes.values()]
    submit = [vote["id"] for vote in votes if vote["status"] == "submit"]
    prepare = [vote["id"] for vote in votes if vote["status"] == "prepare"]
    return (min(submit), 2) if submit else (min(prepare), 3)


def node(number, socket, flips, connected, reported):
    client = redis.Redis(unix_socket_path=socket)
    client.ping()
    connected[number] = now()
    lock = client.lock("node_lock", timeout=2)

    def report(status):
        with lock:
            client.hset("nodes", number, json.dumps({"id": number, "status": status}))
            reported[number] = now()

    report("prepare")
    while True:
        if flips.poll(0.1):
            report(flips.recv())
        client.get("election_result")


def master(socket, begin, elections):
    client = redis.Redis(unix_socket_path=socket)
    lock = client.lock("node_lock", timeout=2)
    begin.wait()
    while True:
        asked = now()
        with lock:
            last = json.loads(client.get("election_result") or '{"id": 0, "term": 0}')
            chosen, rule = elect(client.hgetall("nodes"))
            if chosen != last["id"]:
                result = {"id": chosen, "rule": rule, "term": last["term"] + 1}
                client.set("election_result", json.dumps(result))
                elections.send((asked, now()))
        time.sleep(0.1)


def looked_at(pid, file, key):
    with open(f"/proc/{pid}/{file}", encoding="utf-8") as lines:
        return next(line.split() for line in lines if line.startswith(key))


def main():
    socket, nodes, count, idle = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    fork = multiprocessing.get_context("fork")
    connected = fork.Array("q", nodes + 1, lock=False)
    reported = fork.Array("q", nodes + 1, lock=False)
    pipes = [fork.Pipe() for _ in range(nodes + 1)]
    elected, elections = fork.Pipe(False)
    begin = fork.Event()
    main_begun = now()
    processes = [
        fork.Process(target=node, args=(i, socket, pipes[i][1], connected, reported), daemon=True)
        for i in range(1, nodes + 1)
    ]
    processes.append(fork.Process(target=master, args=(socket, begin, elections), daemon=True))
    for process in processes:
        process.start()
    while not all(reported[1:]):
        time.sleep(0.001)
    told = {"main": main_begun, "connected": max(connected), "reported": max(reported)}
    told["elect_us"] = []
    begin.set()
    elected.recv()
    for i in range(count):
        flipped = now()
        pipes[nodes][0].send("prepare" if i % 2 else "submit")
        asked, published = elected.recv()
        told["elect_us"].append((reported[nodes] - flipped + published - asked) / 1000)
    pids = [process.pid for process in processes[:-1]]
    ran = [sum(int(looked_at(pid, "schedstat", "")[0]) for pid in pids)]
    time.sleep(idle)
    ran.append(sum(int(looked_at(pid, "schedstat", "")[0]) for pid in pids))
    told["processor_ms_a_second"] = (ran[1] - ran[0]) / 1e6 / nodes / idle if idle else 0
    told["pss_kib"] = sum(int(looked_at(pid, "smaps_rollup", "Pss:")[1]) for pid in pids) / nodes
    print(json.dumps(told))


if __name__ == "__main__":
    main()  # daemons end with us
