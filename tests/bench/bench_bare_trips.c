/* What an election must cost: its commands, one after the other, by plain hiredis, and nothing
 * else. The measure for the elections of `hustings run`.
 *
 *     bench_bare_trips SOCKET master|node GROUPS PAUSE-US
 *
 *   master   its flip, as lesson 3 has it: SET NX PX, HSET, GET, HGETALL, SET; then a release
 *   node     a node's flip, by two processes, as there. One: SET NX PX, HSET; a release. The other,
 *            5 ms later: SET NX PX, GET, HGETALL, SET; a release
 *
 * Releases are not timed: an election ends when its result is published. Between two groups there
 * is a pause, as between two elections, so that both find the machine equally cold. A JSON array:
 * µs a group.
 */
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

#include "sim/processes/shared.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define STATUS "{\"id\": 4, \"status\": \"submit\"}"
#define RESULT "{\"id\": 4, \"rule\": 2, \"term\": 17}"
#define APART_NS INT64_C(5000000)

enum step { TAKE, REPORT, RECALL, READ, PUBLISH, GIVE, END = GIVE };

static char digest[64]; /* of the release; asked for at the beginning */

#define WORDS_MAX 6
static const char *const words_of[][WORDS_MAX + 1] = {
    [TAKE] = {"SET", "bare:node_lock", TOKEN, "NX", "PX", "2000"},
    [REPORT] = {"HSET", "bare:nodes", "4", STATUS},
    [RECALL] = {"GET", "bare:election_result"},
    [READ] = {"HGETALL", "bare:nodes"},
    [PUBLISH] = {"SET", "bare:election_result", RESULT},
    [GIVE] = {"EVALSHA", digest, "1", "bare:node_lock", TOKEN},
};

/* What is timed; a release follows. */
static const enum step whole[] = {TAKE, REPORT, RECALL, READ, PUBLISH, END};
static const enum step report[] = {TAKE, REPORT, END};
static const enum step election[] = {TAKE, RECALL, READ, PUBLISH, END};

static void fail(const redisContext *redis, const redisReply *reply)
{
    fprintf(stderr, "bench_bare_trips: %s\n",
            reply ? reply->str : (redis ? redis->errstr : "out of memory"));
    exit(3);
}

static redisContext *reach(const char *socket)
{
    redisContext *redis = redisConnectUnix(socket);
    if (!redis || redis->err) {
        fail(redis, NULL);
    }
    return redis;
}

/* False: there is nothing, or the lock is busy. */
static bool take_in(redisContext *redis, redisReply *reply)
{
    if (!reply || reply->type == REDIS_REPLY_ERROR) {
        fail(redis, reply);
    }
    bool some = reply->type != REDIS_REPLY_NIL;
    freeReplyObject(reply);
    return some;
}

static bool trip(redisContext *redis, enum step step)
{
    const char *words[WORDS_MAX];
    int count = 0;
    for (; words_of[step][count]; count++) {
        words[count] = words_of[step][count];
    }
    return take_in(redis, redisCommandArgv(redis, count, words, NULL));
}

/* Five nodes on the ballot, as in the scenario, and a result that is not missing. */
static void set_up(redisContext *redis)
{
    static const char release[] = "if redis.call('GET', KEYS[1]) == ARGV[1] then return "
                                  "redis.call('DEL', KEYS[1]) end return 0";
    for (int id = 1; id <= 5; id++) {
        take_in(redis, redisCommand(redis, "HSET bare:nodes %d %s", id, STATUS));
    }
    trip(redis, PUBLISH);
    redisReply *reply = redisCommand(redis, "SCRIPT LOAD %s", release);
    if (!reply || reply->type != REDIS_REPLY_STRING) {
        fail(redis, reply);
    }
    snprintf(digest, sizeof digest, "%s", reply->str);
    freeReplyObject(reply);
}

static void sleep_until(int64_t ns)
{
    struct timespec until = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0) {
    }
}

/* Takes the steps at `at_ns`, and so often every `pause_ns`; fills us[]. Who comes so late that he
 * finds the lock busy does without, and his time does not count: NAN. */
static void take_steps(redisContext *redis, const enum step *steps, int64_t at_ns, long groups,
                       int64_t pause_ns, double *us)
{
    for (long i = 0; i < groups; i++, at_ns += pause_ns) {
        sleep_until(at_ns);
        int64_t begun = monotonic_ns();
        bool good = true;
        for (const enum step *step = steps; *step != END; step++) {
            good = trip(redis, *step) && good;
        }
        us[i] = good ? (double)(monotonic_ns() - begun) / 1e3 : NAN;
        trip(redis, GIVE);
    }
}

/* The node's part, in a process of its own. */
static pid_t fork_node(const char *socket, int64_t at_ns, long groups, int64_t pause_ns, double *us)
{
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        take_steps(reach(socket), report, at_ns, groups, pause_ns, us);
        _exit(0);
    }
    if (pid < 0) {
        perror("bench_bare_trips: fork");
        exit(3);
    }
    return pid;
}

static double *shared_array(long count)
{
    void *array = mmap(NULL, (size_t)count * sizeof(double), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return array == MAP_FAILED ? NULL : array;
}

int main(int argc, char **argv)
{
    long groups = argc == 5 ? strtol(argv[3], NULL, 10) : 0;
    int64_t pause_ns = argc == 5 ? strtol(argv[4], NULL, 10) * 1000 : 0;
    double *ours = groups > 0 ? shared_array(groups) : NULL;
    double *nodes = groups > 0 ? shared_array(groups) : NULL;
    if (!ours || !nodes || pause_ns <= 2 * APART_NS) {
        fprintf(stderr, "usage: bench_bare_trips SOCKET master|node GROUPS PAUSE-US\n");
        return 2;
    }
    redisContext *redis = reach(argv[1]);
    set_up(redis);
    int64_t begin = monotonic_ns() + pause_ns;
    if (strcmp(argv[2], "node") == 0) {
        pid_t pid = fork_node(argv[1], begin, groups, pause_ns, nodes);
        int status = 0;
        take_steps(redis, election, begin + APART_NS, groups, pause_ns, ours);
        if (waitpid(pid, &status, 0) != pid || status != 0) {
            return 3;
        }
    } else {
        take_steps(redis, whole, begin, groups, pause_ns, ours);
    }
    const char *before = "[";
    for (long i = 0; i < groups; i++) {
        if (!isnan(ours[i] + nodes[i])) {
            printf("%s%.2f", before, ours[i] + nodes[i]);
            before = ", ";
        }
    }
    printf("]\n");
    redisFree(redis);
    return 0;
}
