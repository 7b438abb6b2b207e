/* What the relay of the links adds to a round trip: the same request straight to a Redis and
 * through a relay on which nothing is wrong, in turns.
 *
 *     bench_relay SOCKET FOLDER TRIPS
 *
 * FOLDER is for the relay's listener. One JSON object: the medians of both round trips, in µs.
 */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/processes/link_commands.h"
#include "sim/processes/shared.h"
#include "sim/relay/listener.h"
#include "sim/relay/relay.h"
#include "tests/bench/median.h"

#define NODE 1

static pid_t start_relay(const char *socket_path, const char *folder, int *control)
{
    static const uint16_t ids[] = {NODE};
    struct relay_plan plan = {.folder = folder, .ids = ids, .count = 1, .servers = 1, .seed = 1};
    struct sockaddr_un *redis = (struct sockaddr_un *)&plan.redis[0].at;
    char error[RELAY_ERROR];
    int ends[2];
    redis->sun_family = AF_UNIX;
    snprintf(redis->sun_path, sizeof redis->sun_path, "%s", socket_path);
    plan.redis[0].length = sizeof *redis;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return -1;
    }
    *control = ends[0];
    plan.control = ends[1];
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        relay_run(&plan);
    }
    close(ends[1]);
    if (pid > 0 && !relay_await(*control, error)) {
        fprintf(stderr, "bench_relay: %s\n", error);
        return -1;
    }
    return pid;
}

static double trip_us(struct link *link)
{
    static const struct request request = {.op = STORE_GET_RESULT, .key = KEY_RESULT};
    int64_t begun = monotonic_ns();
    struct reply reply = link_request(link, &request);
    assert(reply.outcome == STORE_NIL);
    return (double)(monotonic_ns() - begun) / 1e3;
}

static void measure(struct link *direct, struct link *relayed, size_t trips)
{
    double *us[2] = {calloc(trips, sizeof *us[0]), calloc(trips, sizeof *us[1])};
    assert(us[0] && us[1]);
    for (size_t i = 0; i < trips + 100; i++) {
        double one = trip_us(direct);
        double other = trip_us(relayed);
        if (i >= 100) { /* the first are to warm up */
            us[0][i - 100] = one;
            us[1][i - 100] = other;
        }
    }
    printf("{\"direct_us\": %.3f, \"relayed_us\": %.3f}\n", median(us[0], trips),
           median(us[1], trips));
    free(us[0]);
    free(us[1]);
}

int main(int argc, char **argv)
{
    struct address at, listener;
    struct link direct, relayed;
    char path[108];
    int control;
    size_t trips = argc == 4 ? strtoull(argv[3], NULL, 10) : 0;
    if (trips == 0 || !address_of_socket(argv[1], &at)) {
        fprintf(stderr, "usage: bench_relay SOCKET FOLDER TRIPS\n");
        return 2;
    }
    pid_t relay = start_relay(argv[1], argv[2], &control);
    listener_path(argv[2], NODE, 0, path);
    address_of_socket(path, &listener);
    link_init(&direct, &at, "relay:", 1000);
    link_init(&relayed, &listener, "relay:", 1000);
    if (relay < 0 || !link_open(&direct) || !link_open(&relayed)) {
        fprintf(stderr, "bench_relay: %s%s\n", direct.error, relayed.error);
        return 3;
    }
    measure(&direct, &relayed, trips);
    link_close(&direct);
    link_close(&relayed);
    close(control); /* the relay ends with its driver */
    waitpid(relay, NULL, 0);
    unlink(path);
    return 0;
}
