/* What starting a cluster must cost: so many forks, each child connects to the Redis and pings it,
 * and nothing else. The measure for bench_start.
 *
 *     bench_bare_start SOCKET CHILDREN
 *
 * One JSON object: until the last fork, and until the last PONG.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

#include "sim/processes/shared.h"

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

static void live(const char *socket, _Atomic uint32_t *ready, uint32_t children, int bell)
{
    uint64_t one = 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    redisContext *redis = reach(socket);
    redisReply *reply = redisCommand(redis, "PING");
    if (!reply || reply->type != REDIS_REPLY_STATUS) {
        _exit(1);
    }
    freeReplyObject(reply);
    if (atomic_fetch_add(ready, 1) + 1 == children && write(bell, &one, sizeof one) < 0) {
        _exit(1);
    }
    for (;;) {
        pause();
    }
}

int main(int argc, char **argv)
{
    uint32_t children = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    pid_t *pids = calloc(children ? children : 1, sizeof *pids);
    int bell = eventfd(0, EFD_CLOEXEC);
    _Atomic uint32_t *ready =
        mmap(NULL, sizeof *ready, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint64_t rung;
    if (children == 0 || !pids || bell < 0 || ready == MAP_FAILED) {
        fprintf(stderr, "usage: bench_bare_start SOCKET CHILDREN\n");
        return 2;
    }
    int64_t begun = monotonic_ns();
    for (uint32_t i = 0; i < children; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            live(argv[1], ready, children, bell);
        }
    }
    int64_t forked = monotonic_ns();
    bool all = read(bell, &rung, sizeof rung) == sizeof rung;
    int64_t connected = monotonic_ns();
    for (uint32_t i = 0; i < children; i++) {
        if (pids[i] > 0) {
            kill(pids[i], SIGKILL);
            waitpid(pids[i], NULL, 0);
        }
    }
    free(pids);
    printf("{\"forked_ms\": %.3f, \"connected_ms\": %.3f}\n", (double)(forked - begun) / 1e6,
           (double)(connected - begun) / 1e6);
    return all ? 0 : 1;
}
