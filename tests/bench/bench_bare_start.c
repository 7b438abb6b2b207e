/* What starting a cluster must cost: so many forks, each child connects to the Redis and pings it;
 * with RETRY-MS it then goes through the lock once, as redis-py does it, and reports. Nothing else.
 * The measure for bench_start.
 *
 *     bench_bare_start SOCKET CHILDREN [RETRY-MS]
 *
 * One JSON object, ms from the first fork: until the last fork, the last PONG, the last report.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

#include "sim/processes/shared.h"

/* Rings when all children have been there. */
struct gate {
    _Atomic uint32_t *passed; /* shared with the children */
    uint32_t children;
    int wake;
};

static const char release[] =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

static bool gate_open(struct gate *gate, uint32_t children)
{
    gate->children = children;
    gate->wake = eventfd(0, EFD_CLOEXEC);
    gate->passed =
        mmap(NULL, sizeof *gate->passed, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return gate->wake >= 0 && gate->passed != MAP_FAILED;
}

static void gate_pass(const struct gate *gate)
{
    uint64_t one = 1;
    if (atomic_fetch_add(gate->passed, 1) + 1 == gate->children &&
        write(gate->wake, &one, sizeof one) < 0) {
        _exit(1);
    }
}

static int64_t gate_wait(const struct gate *gate)
{
    uint64_t rung;
    while (read(gate->wake, &rung, sizeof rung) < 0 && errno == EINTR) {
    }
    return monotonic_ns();
}

/* A full backlog says EAGAIN: asked again at once. */
static redisContext *reach(const char *socket)
{
    for (;;) {
        redisContext *redis = redisConnectUnix(socket);
        if (redis && !redis->err) {
            return redis;
        }
        if (!redis || errno != EAGAIN) {
            _exit(1);
        }
        redisFree(redis);
    }
}

static bool done(redisReply *reply)
{
    if (!reply || reply->type == REDIS_REPLY_ERROR) {
        _exit(1);
    }
    bool good = reply->type != REDIS_REPLY_NIL;
    freeReplyObject(reply);
    return good;
}

static void report(redisContext *redis, uint32_t id, long retry_ms, const char *digest,
                   const struct gate *reported)
{
    const struct timespec rest = {.tv_sec = retry_ms / 1000, .tv_nsec = retry_ms % 1000 * 1000000};
    while (!done(redisCommand(redis, "SET bare:node_lock %032u NX PX 2000", id))) {
        nanosleep(&rest, NULL);
    }
    done(redisCommand(redis, "HSET bare:nodes %u {\"id\":%u,\"status\":\"prepare\"}", id, id));
    gate_pass(reported);
    done(redisCommand(redis, "EVALSHA %s 1 bare:node_lock %032u", digest, id));
}

static void live(const char *socket, uint32_t id, long retry_ms, const char *digest,
                 const struct gate *connected, const struct gate *reported)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    redisContext *redis = reach(socket);
    done(redisCommand(redis, "PING"));
    gate_pass(connected);
    if (retry_ms > 0) {
        report(redis, id, retry_ms, digest, reported);
    }
    for (;;) {
        pause();
    }
}

/* Loads the script of the release; its digest is what the children ask for. */
static void load(const char *socket, char digest[64])
{
    redisContext *redis = reach(socket);
    redisReply *reply = redisCommand(redis, "SCRIPT LOAD %s", release);
    snprintf(digest, 64, "%s", reply && reply->str ? reply->str : "");
    freeReplyObject(reply);
    redisFree(redis);
}

int main(int argc, char **argv)
{
    uint32_t children = argc >= 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    long retry_ms = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    pid_t *pids = calloc(children ? children : 1, sizeof *pids);
    struct gate connected;
    struct gate reported;
    char digest[64];
    if (children == 0 || !pids || !gate_open(&connected, children) ||
        !gate_open(&reported, children)) {
        fprintf(stderr, "usage: bench_bare_start SOCKET CHILDREN [RETRY-MS]\n");
        return 2;
    }
    load(argv[1], digest);
    int64_t begun = monotonic_ns();
    for (uint32_t i = 0; i < children; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            live(argv[1], i + 1, retry_ms, digest, &connected, &reported);
        }
        if (pids[i] < 0) {
            perror("bench_bare_start: fork");
            free(pids);
            return 3; /* what was forked goes with us */
        }
    }
    int64_t forked_ns = monotonic_ns() - begun;
    int64_t connected_ns = gate_wait(&connected) - begun;
    int64_t reported_ns = retry_ms > 0 ? gate_wait(&reported) - begun : 0;
    for (uint32_t i = 0; i < children; i++) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
    }
    free(pids);
    printf("{\"forked_ms\": %.3f, \"connected_ms\": %.3f, \"reported_ms\": %.3f}\n",
           (double)forked_ns / 1e6, (double)connected_ns / 1e6, (double)reported_ns / 1e6);
    return 0;
}
