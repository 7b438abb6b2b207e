/* What an election must cost: its commands, one after the other, by plain hiredis on one
 * connection, and nothing else. The measure for the elections of `hustings run`.
 *
 *     bench_bare_trips SOCKET master|node GROUPS PAUSE-US
 *
 *   master   its flip, as lesson 3 has it: SET NX PX, HSET, GET, HGETALL, SET; then a release
 *   node     a node's flip: SET NX PX, HSET; a release; then the master's round: SET NX PX, GET,
 *            HGETALL, SET; a release
 *
 * Releases are not timed: an election ends when its result is published. Between two groups there
 * is a pause, as between two elections, so that both find the machine equally cold. A JSON array:
 * µs a group.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hiredis/hiredis.h>

#include "sim/processes/shared.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define RESULT "{\"id\": 4, \"rule\": 2, \"term\": 17}"

#define WORDS_MAX 7
struct command {
    bool timed;
    const char *words[WORDS_MAX];
};

static const char release[] =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

#define TAKE                                                                                       \
    {                                                                                              \
        true,                                                                                      \
        {                                                                                          \
            "SET", "bare:node_lock", TOKEN, "NX", "PX", "2000"                                     \
        }                                                                                          \
    }
#define GIVE                                                                                       \
    {                                                                                              \
        false,                                                                                     \
        {                                                                                          \
            "EVALSHA", NULL, "1", "bare:node_lock", TOKEN                                          \
        }                                                                                          \
    }
#define REPORT(id)                                                                                 \
    {                                                                                              \
        true,                                                                                      \
        {                                                                                          \
            "HSET", "bare:nodes", id, "{\"id\": " id ", \"status\": \"submit\"}"                   \
        }                                                                                          \
    }
#define RECALL                                                                                     \
    {                                                                                              \
        true,                                                                                      \
        {                                                                                          \
            "GET", "bare:election_result"                                                          \
        }                                                                                          \
    }
#define READ                                                                                       \
    {                                                                                              \
        true,                                                                                      \
        {                                                                                          \
            "HGETALL", "bare:nodes"                                                                \
        }                                                                                          \
    }
#define PUBLISH                                                                                    \
    {                                                                                              \
        true,                                                                                      \
        {                                                                                          \
            "SET", "bare:election_result", RESULT                                                  \
        }                                                                                          \
    }

static const struct command master[] = {TAKE, REPORT("0"), RECALL, READ, PUBLISH, GIVE, {0}};
static const struct command node[] = {TAKE, REPORT("4"), GIVE, TAKE, RECALL,
                                      READ, PUBLISH,     GIVE, {0}};

static void fail(const redisContext *redis, const redisReply *reply)
{
    fprintf(stderr, "bench_bare_trips: %s\n",
            reply ? reply->str : (redis ? redis->errstr : "out of memory"));
    exit(3);
}

/* One round trip; `digest` stands in for a word that is NULL in the middle. */
static void trip(redisContext *redis, const struct command *command, const char *digest)
{
    const char *words[WORDS_MAX];
    int count = 0;
    for (int i = 0; i < WORDS_MAX && (command->words[i] || i == 1); i++) {
        words[count++] = command->words[i] ? command->words[i] : digest;
    }
    redisReply *reply = redisCommandArgv(redis, count, words, NULL);
    if (!reply || reply->type == REDIS_REPLY_ERROR) {
        fail(redis, reply);
    }
    freeReplyObject(reply);
}

static double group_us(redisContext *redis, const struct command *commands, const char *digest)
{
    int64_t ns = 0;
    for (const struct command *command = commands; command->words[0]; command++) {
        int64_t begun = monotonic_ns();
        trip(redis, command, digest);
        ns += command->timed ? monotonic_ns() - begun : 0;
    }
    return (double)ns / 1e3;
}

/* As many nodes on the ballot as in the scenario, and no result that would be missing. */
static void set_up(redisContext *redis, char digest[64])
{
    static const struct command nodes[] = {REPORT("1"), REPORT("2"), REPORT("3"),
                                           REPORT("4"), REPORT("5"), PUBLISH};
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        trip(redis, &nodes[i], "");
    }
    redisReply *reply = redisCommand(redis, "SCRIPT LOAD %s", release);
    if (!reply || reply->type != REDIS_REPLY_STRING) {
        fail(redis, reply);
    }
    snprintf(digest, 64, "%s", reply->str);
    freeReplyObject(reply);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: bench_bare_trips SOCKET master|node GROUPS PAUSE-US\n");
        return 2;
    }
    char digest[64];
    redisContext *redis = redisConnectUnix(argv[1]);
    if (!redis || redis->err) {
        fail(redis, NULL);
    }
    set_up(redis, digest);
    long groups = strtol(argv[3], NULL, 10);
    long pause_us = strtol(argv[4], NULL, 10);
    const struct timespec pause = {.tv_sec = pause_us / 1000000,
                                   .tv_nsec = pause_us % 1000000 * 1000};
    printf("[");
    for (long i = 0; i < groups; i++) {
        nanosleep(&pause, NULL);
        printf("%s%.2f", i ? ", " : "",
               group_us(redis, strcmp(argv[2], "node") == 0 ? node : master, digest));
    }
    printf("]\n");
    redisFree(redis);
    return 0;
}
