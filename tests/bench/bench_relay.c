/* What the relay of the links adds to a round trip, and what it costs to record a stranger's
 * traffic there: the same request straight to a Redis, through a relay on which nothing is wrong,
 * and through one that reads and records it, in turns. And how many requests a second go through
 * the latter two, many at once, in turns as well.
 *
 *     bench_relay SOCKET FOLDER TRIPS
 *
 * FOLDER is for the relays' listeners. One JSON object: the medians of the round trips, in µs, and
 * requests a second.
 */
#include <assert.h>
#include <errno.h>
#include <poll.h>
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
#include "sim/processes/witness.h"
#include "sim/relay/listener.h"
#include "sim/relay/relay.h"
#include "tests/bench/median.h"

#define PREFIX "relay:"
#define LOCK_KEY PREFIX "node_lock"

/* Of one relay, an ordinary member, the other a stranger. */
enum { NODE = 1, STRANGER = 2 };

/* Requests that are sent at once, and each one's answer, whether the lock was free or not. */
#define AT_ONCE 64
#define ASKING                                                                                     \
    "*6\r\n$3\r\nSET\r\n$15\r\n" LOCK_KEY "\r\n$4\r\nmine\r\n$2\r\nNX\r\n$2\r\nPX\r\n$1\r\n9\r\n"
#define ANSWER_BYTES 5

static pid_t start_relay(const char *socket_path, const char *folder, int *control)
{
    static const uint16_t ids[] = {NODE, STRANGER};
    static const bool strangers[] = {false, true};
    struct shared *shared = shared_map(STRANGER + 2);
    assert(shared);
    struct witness slots = {
        .shared = shared, .log = STRANGER + 1, .notify_fd = -1, .prefix = PREFIX, .servers = 1};
    const struct relay_witness witness = witness_of(&slots);
    struct relay_plan plan = {.folder = folder,
                              .ids = ids,
                              .count = 2,
                              .servers = 1,
                              .seed = 1,
                              .strangers = strangers,
                              .lock_key = LOCK_KEY,
                              .witness = &witness};
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
    static const struct request request = {.op = STORE_GET_TOKEN, .key = KEY_LOCK};
    int64_t begun = monotonic_ns();
    struct reply reply = link_request(link, &request);
    assert(reply.outcome == STORE_NIL || reply.outcome == STORE_UNREADABLE);
    return (double)(monotonic_ns() - begun) / 1e3;
}

enum { DIRECT, RELAYED, RECORDED, WAYS_MEASURED };

/* Each way comes as often behind each other one: who follows the relay's last request finds it
 * awake, and its code in the caches. */
static const uint8_t orders[][WAYS_MEASURED] = {
    {DIRECT, RELAYED, RECORDED}, {RECORDED, RELAYED, DIRECT}, {RELAYED, DIRECT, RECORDED},
    {RECORDED, DIRECT, RELAYED}, {DIRECT, RECORDED, RELAYED}, {RELAYED, RECORDED, DIRECT},
};

static void measure_trips(struct link *links, size_t trips, double us[WAYS_MEASURED])
{
    double *all[WAYS_MEASURED];
    for (size_t way = 0; way < WAYS_MEASURED; way++) {
        all[way] = calloc(trips, sizeof *all[way]);
        assert(all[way]);
    }
    for (size_t i = 0; i < trips + 100; i++) {
        const uint8_t *order = orders[i % (sizeof orders / sizeof *orders)];
        for (size_t at = 0; at < WAYS_MEASURED; at++) {
            size_t way = order[at];
            double one = trip_us(&links[way]);
            if (i >= 100) { /* the first are to warm up */
                all[way][i - 100] = one;
            }
        }
    }
    for (size_t way = 0; way < WAYS_MEASURED; way++) {
        us[way] = median(all[way], trips);
        free(all[way]);
    }
}

/* Sends AT_ONCE requests and reads their answers; µs. */
static double batch_us(int fd)
{
    static char asking[AT_ONCE * (sizeof ASKING - 1)];
    char answers[AT_ONCE * ANSWER_BYTES];
    if (!asking[0]) {
        for (size_t i = 0; i < AT_ONCE; i++) {
            memcpy(asking + i * (sizeof ASKING - 1), ASKING, sizeof ASKING - 1);
        }
    }
    int64_t begun = monotonic_ns();
    ssize_t sent = send(fd, asking, sizeof asking, MSG_NOSIGNAL);
    assert(sent == (ssize_t)sizeof asking);
    for (size_t got = 0; got < sizeof answers;) {
        struct pollfd readable = {.fd = fd, .events = POLLIN};
        assert(poll(&readable, 1, 1000) == 1);
        ssize_t now = recv(fd, answers + got, sizeof answers - got, MSG_DONTWAIT);
        assert(now > 0);
        got += (size_t)now;
    }
    return (double)(monotonic_ns() - begun) / 1e3;
}

static void measure_batches(struct link *links, size_t batches, double a_second[WAYS_MEASURED])
{
    double *us[WAYS_MEASURED] = {NULL};
    for (size_t way = RELAYED; way <= RECORDED; way++) {
        us[way] = calloc(batches, sizeof *us[way]);
        assert(us[way]);
    }
    for (size_t i = 0; i < batches; i++) {
        for (size_t way = RELAYED; way <= RECORDED; way++) {
            us[way][i] = batch_us(links[way].redis->fd);
        }
    }
    for (size_t way = RELAYED; way <= RECORDED; way++) {
        a_second[way] = AT_ONCE / median(us[way], batches) * 1e6;
        free(us[way]);
    }
}

static bool open_link(struct link *link, const char *path)
{
    struct address at;
    bool good = address_of_socket(path, &at);
    link_init(link, &at, PREFIX, 1000);
    return good && link_open(link);
}

int main(int argc, char **argv)
{
    struct link links[WAYS_MEASURED];
    char paths[WAYS_MEASURED][108];
    double us[WAYS_MEASURED], a_second[WAYS_MEASURED];
    int control;
    size_t trips = argc == 4 ? strtoull(argv[3], NULL, 10) : 0;
    if (trips == 0) {
        fprintf(stderr, "usage: bench_relay SOCKET FOLDER TRIPS\n");
        return 2;
    }
    pid_t relay = start_relay(argv[1], argv[2], &control);
    snprintf(paths[DIRECT], sizeof paths[DIRECT], "%s", argv[1]);
    listener_path(argv[2], NODE, 0, paths[RELAYED]);
    listener_path(argv[2], STRANGER, 0, paths[RECORDED]);
    for (size_t way = 0; way < WAYS_MEASURED; way++) {
        if (relay < 0 || !open_link(&links[way], paths[way])) {
            fprintf(stderr, "bench_relay: %s\n", links[way].error);
            return 3;
        }
    }
    measure_trips(links, trips, us);
    measure_batches(links, trips / 8 + 1, a_second);
    printf("{\"direct_us\": %.3f, \"relayed_us\": %.3f, \"recorded_us\": %.3f, "
           "\"relayed_a_second\": %.0f, \"recorded_a_second\": %.0f}\n",
           us[DIRECT], us[RELAYED], us[RECORDED], a_second[RELAYED], a_second[RECORDED]);
    for (size_t way = 0; way < WAYS_MEASURED; way++) {
        link_close(&links[way]);
    }
    close(control); /* the relay ends with its driver */
    waitpid(relay, NULL, 0);
    unlink(paths[RELAYED]);
    unlink(paths[RECORDED]);
    return 0;
}
